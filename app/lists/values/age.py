"""An employer's age range: 18-55周岁, 50岁以下, 16-45, 18岁以上."""

from __future__ import annotations

import re

from app.lists.values.text import plain, with_arabic

_RANGE = re.compile(r"(\d{2})(?:周?岁)?[-~—–至到―－]+(\d{2})(?!\d)")
_UNDER = re.compile(
    r"(\d{2})(?:周?岁)?(?:及|\(含\)|含)?(?:以下|以内|之内|内|及以下)|(?:不超过|不大于|小于|低于|<=?|≤)(\d{2})"
)
_OVER = re.compile(r"(\d{2})(?:周?岁)?(?:及|\(含\)|含)?(?:以上|起|及以上)|(?:年?满|不小于|大于|>=?|≥)(\d{2})")
YOUNGEST, OLDEST = 14, 80


def parse_age_range(text: str) -> tuple[int | None, int | None]:
    """(least, most) in whole years, each None when not stated; the widest range when several stand there."""
    words = with_arabic(plain(text))
    ranges = [(int(low), int(high)) for low, high in _RANGE.findall(words)]
    ranges = [(low, high) for low, high in ranges if YOUNGEST <= low <= high <= OLDEST]
    if ranges:
        return min(low for low, _ in ranges), max(high for _, high in ranges)
    return _one(_OVER, words), _one(_UNDER, words)


def _one(pattern: re.Pattern[str], words: str) -> int | None:
    match = pattern.search(words)
    if match is None:
        return None
    years = int(next(group for group in match.groups() if group))
    return years if YOUNGEST <= years <= OLDEST else None
