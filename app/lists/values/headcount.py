"""How many people are wanted: 30人, 3名, 20-30, 各10人; 若干 is no number."""

from __future__ import annotations

import re

from app.lists.values.text import plain, with_arabic

MOST = 10_000
_EACH = re.compile(r"(?:各|每个?岗位?|均)(?:招聘?)?(\d+)")
_UNIT = r"(?:人|名|个|位)?"
_RANGE = re.compile(rf"(\d+){_UNIT}[-~—–至到]+(\d+){_UNIT}")
_NUMBER = re.compile(r"\d+")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_NOISE = re.compile(r"(?:招聘?|共计?|合计|约|需求?|急招|总共|大约|人数|人员|人|名|个|位|左右|以上|以内|[:：,，.。()])+")


def parse_headcounts(text: str) -> tuple[tuple[int, ...], bool, str | None]:
    """(numbers, each, reason). One number for the cell, or one per title in its order; `each` for 各10人.

    A range counts its lower end: only those places are sure. reason is 'bad_headcount' when nothing usable stands
    there (若干, 不限, 0, a date Excel made of 3-5), then numbers is empty. Blank: ((), False, None).
    """
    words = with_arabic(plain(text))
    if not words:
        return (), False, None
    if _DAY.match(words):
        return (), False, "bad_headcount.date"
    each = _EACH.search(words)
    if each:
        return _usable((int(each.group(1)[:6]),), each=True)
    span = _RANGE.fullmatch(_NOISE.sub("", words)) or _RANGE.fullmatch(words)
    if span:
        return _usable((min(int(span.group(1)[:6]), int(span.group(2)[:6])),), each=False)
    parts = [part for part in re.split(r"[、,，;；/|+]", words) if part]
    figures = [_NUMBER.findall(part) for part in parts]
    if not figures or any(len(found) != 1 for found in figures) or re.search(r"\d\.\d|若干|数名|不限|-\d", words):
        return (), False, "bad_headcount"
    return _usable(tuple(int(found[0][:6]) for found in figures), each=False)


def _usable(numbers: tuple[int, ...], *, each: bool) -> tuple[tuple[int, ...], bool, str | None]:
    if all(1 <= number <= MOST for number in numbers):
        return numbers, each, None
    return (), False, "bad_headcount"
