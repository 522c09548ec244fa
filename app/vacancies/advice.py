"""Wording that no rule refuses and that still calls for a thought: said to who writes a vacancy, and to nobody else."""

from __future__ import annotations

import re
from functools import cache

from app.edge.language import Language
from app.places.gazetteer import reference, rows
from app.vacancies.screening import is_doubtful, plain_wording

#: Where talk of money makes an offer wait for a reader (app/vacancies/approval.py).
_READ_FIRST = ("title", "requirements", "certificates", "contract")
_MONEY = (
    "这里说到钱或证件：发布后会先有人看一看，再推荐给劳动者。",
    "This speaks of money or papers: somebody looks at it before it is suggested.",
)


def advice_on(field: str, text: str, language: Language) -> list[str]:
    """Sentences on one field of a form; none when there is nothing to think about."""
    words = plain_wording(text)
    if not words:
        return []
    said = [
        row["en" if language == "en" else "zh"]
        for row, pattern in _rows()
        if row["field"] in ("", field) and pattern.search(words)
    ]
    return [*said, _MONEY[language == "en"]] if field in _READ_FIRST and is_doubtful(text) else said


@cache
def _rows() -> list[tuple[dict[str, str], re.Pattern[str]]]:
    return [(row, re.compile(row["pattern"])) for row in rows(reference("doubtful_wording.csv"))]
