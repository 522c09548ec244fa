"""Wording that no rule refuses and that still calls for a thought: said to who writes a vacancy, and to nobody else.
Some of it (no contract, fourteen hours a day, pay held back) somebody reads before it is suggested to anyone."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import NamedTuple

from app.edge.language import Language
from app.places.gazetteer import reference, rows
from app.vacancies.screening import is_doubtful, plain_wording

#: Where words make an offer wait for a reader (app/vacancies/approval.py).
_READ_FIRST = ("title", "requirements", "certificates", "contract")
_MONEY = (
    "这里说到钱或证件：发布后会先有人看一看，再推荐给劳动者。",
    "This speaks of money or papers: somebody looks at it before it is suggested.",
)
_CHECK_MONEY = (
    "说到钱或证件：请问清楚，是不是向劳动者收费、要押金、扣证件。",
    "Speaks of money or papers: ask whether workers are charged, pay a deposit or hand in papers.",
)
_READ = ("这样写，发布后会先有人看一看，再推荐给劳动者。", "As it is, somebody looks at it before it is suggested.")


class Doubt(NamedTuple):
    """A phrase that is neither lawful for certain nor refused, and what whoever decides should think of."""

    phrase: str
    words: str


def advice_on(field: str, text: str, language: Language, *, is_refused: bool = False) -> list[str]:
    """Sentences on one field of a form; none when there is nothing to think about. What is refused anyway waits for
    nobody."""
    words = plain_wording(text)
    if not words:
        return []
    english = language == "en"
    found = [row for row, pattern in _rows() if row["field"] in ("", field) and pattern.search(words)]
    said = [row["en" if english else "zh"] for row in found]
    if is_refused or field not in _READ_FIRST:
        return said
    waits = [_READ[english]] if any(row["read"] for row in found) else []
    return [*said, *waits, *([_MONEY[english]] if is_doubtful(text) else [])]


def doubts_in(text: str, language: Language) -> list[Doubt]:
    """What makes a text wait for a reader, for that reader: the phrase, and what to think of. None: it waits for
    nobody."""
    words, english = plain_wording(text), language == "en"
    found = [(row, pattern.search(words)) for row, pattern in _rows() if row["read"]]
    told = [Doubt(at.group(), row["en" if english else "zh"]) for row, at in found if at]
    return told + ([Doubt(text.strip(), _CHECK_MONEY[english])] if is_doubtful(text) else [])


@lru_cache(maxsize=50_000)
def is_read_first(text: str) -> bool:
    """Whether somebody reads a text before it is published, though no rule refuses it."""
    words = plain_wording(text)
    return is_doubtful(text) or any(row["read"] and pattern.search(words) for row, pattern in _rows())


@cache
def _rows() -> list[tuple[dict[str, str], re.Pattern[str]]]:
    return [(row, re.compile(row["pattern"])) for row in rows(reference("doubtful_wording.csv"))]
