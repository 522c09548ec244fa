"""What is asked once more before an offer is published. Nothing of it is wrong by any rule, and most of it is a slip: a
place that is none, a zero too many, the same offer once more. Who sends the form a second time has answered."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.db.transaction import Read
from app.edge.language import Language
from app.edge.public_ids import show
from app.places.addresses import gazetteer
from app.places.english import line_in_english
from app.places.stated_places import unfound
from app.vacancies import queries
from app.vacancies.drafts import VacancyDraft
from app.vacancies.model import Vacancy

#: Yuan a month, people, and how many times the lowest pay: beyond these a zero too many is likelier than not.
_HIGH_PAY, _MANY, _WIDE = 30_000, 2_000, 5


@dataclass(frozen=True, slots=True)
class Question:
    """One thing to be looked at again."""

    field: str
    words: str
    #: What makes it the same question when the form comes again.
    about: str
    #: An offer of one's own where it may be settled instead.
    instead: str | None = None


def questions_on(
    tx: Read, draft: VacancyDraft, was: Vacancy | None, language: Language, *, is_change: bool
) -> list[Question]:
    """What is to be asked of an offer; of one that `was`, only what is new in it."""
    english = language == "en"
    found: list[Question] = []
    if was is None or was.workplace_text != draft.workplace_text:
        found += _of_place(draft, english)
    if was is None or (was.headcount, was.wage_lo, was.wage_hi) != (draft.headcount, draft.wage_lo, draft.wage_hi):
        found += _of_figures(draft, english)
    if not is_change:
        found += _of_its_like(tx, draft, english)
    return found


def answered_by(questions: Sequence[Question]) -> str:
    """What the form carries when it comes again, so that the same questions are not asked twice."""
    return hashlib.blake2b("|".join(one.about for one in questions).encode(), digest_size=12).hexdigest()


def place_in_words(code: str, language: Language) -> str:
    """A place as it was understood."""
    return line_in_english(code) if language == "en" else gazetteer().full_name(code)


def _of_place(draft: VacancyDraft, english: bool) -> Iterator[Question]:
    missed, code = unfound(draft.workplace_text, draft.workplace), draft.workplace.code
    if missed and english:
        words = f"Understood as {place_in_words(code, 'en')}; no county or district was found in “{missed}”."
        yield Question("workplace", words, f"place {missed} {code}")
    elif missed:
        words = f"地点理解为：{place_in_words(code, 'zh')}，没找到“{missed}”是哪个区县。"
        yield Question("workplace", words, f"place {missed} {code}")


def _of_figures(draft: VacancyDraft, english: bool) -> Iterator[Question]:
    low, high = draft.wage_lo, draft.wage_hi
    if high > _HIGH_PAY or high >= _WIDE * low:
        pay = f"{low:,}" if high == low else f"{low:,}–{high:,}"
        zh = f"月薪 {pay} 元？请看看是不是多打了零，或填成了年薪。"
        en = f"{pay} yuan a month? Is there a zero too many, or is it a year's pay?"
        yield Question("wage_max" if high != low else "wage_min", en if english else zh, f"pay {low} {high}")
    if draft.headcount > _MANY:
        zh = f"要招 {draft.headcount:,} 人？请看看是不是多打了零。"
        en = f"{draft.headcount:,} people? Is there a zero too many?"
        yield Question("headcount", en if english else zh, f"people {draft.headcount}")


def _of_its_like(tx: Read, draft: VacancyDraft, english: bool) -> Iterator[Question]:
    same = queries.own_like(tx, draft)
    if same is None:
        return
    zh = f"您已有一条一样的岗位（{same.title}，{same.headcount} 人）：再发一条，还是到那一条加人数？"
    en = (
        f"You have the same vacancy already ({same.title}, {same.headcount} people): another one, or more places there?"
    )
    yield Question("title", en if english else zh, f"same {same.id}", instead=f"/board/{show('v', same.id)}/edit")
