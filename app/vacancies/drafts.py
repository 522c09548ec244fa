"""A vacancy as a list row or a form states it, before anything is stored."""

from __future__ import annotations

import hashlib
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.places.queries import PlaceKey


@dataclass(frozen=True, slots=True)
class VacancyDraft:
    """What was stated; None: not stated, and what is known already stays.

    Words and the terms understood from them go together: terms count when their words are stated.
    """

    employer: str
    title: str
    headcount: int
    #: Yuan a month; open-ended pay has wage_hi = wage_lo.
    wage_lo: int
    wage_hi: int
    #: Pay as written.
    wage_text: str
    workplace: PlaceKey
    workplace_text: str
    external_ref: str | None = None
    uscc: str | None = None
    #: Canonical occupation of the title. None: not understood.
    occupation: str | None = None
    skills_text: str | None = None
    #: Canonical skills named in the title, the skills or the requirements.
    skills: tuple[str, ...] = ()
    requirements: str | None = None
    certificates_text: str | None = None
    certificates: tuple[str, ...] = ()
    #: With one of them stated, both are.
    age_min: int | None = None
    age_max: int | None = None
    lodging: bool | None = None
    board: bool | None = None
    social_insurance: str | None = None
    contract: str | None = None
    kind: str = "enterprise"
    contact: str | None = None
    phone: str | None = None
    start_date: date | None = None
    #: None: STANDS from the day it is first stored, and again when that is over.
    valid_until: date | None = None
    remarks: Mapping[str, object] | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one draft."""

    #: "new", "updated" or "unchanged".
    what: str
    vacancy_id: UUID
    #: Fields that stay although the draft says otherwise: a headcount below the places already taken.
    kept: tuple[str, ...] = ()
    #: It waits for an office: the poster names another company, for which it was not let yet.
    for_another: bool = False
    #: Another account offers the same job at this moment: employer, title, workplace and pay are the same.
    elsewhere: bool = False
    #: Of an updated vacancy, what the draft changed as it was before: JSON for `restore_vacancies`.
    before: bytes | None = None


def identities(drafts: Sequence[VacancyDraft]) -> list[str]:
    """What makes each draft the same vacancy next time, for one poster: external_ref, else employer, title and
    workplace; and the how-manieth of these in the list, since a row may name three jobs under one reference."""
    seen = Counter[str]()
    found = []
    for draft in drafts:
        name = identity(draft.external_ref, draft.employer, draft.title, draft.workplace_text)
        seen[name] += 1
        found.append(nth(name, seen[name]))
    return found


def identity(external_ref: str | None, employer: str, title: str, workplace_text: str) -> str:
    """The identity without the count of occurrences."""
    parts = ("ref", external_ref) if external_ref else ("row", employer, title, workplace_text)
    plain = "\x1f".join("".join(unicodedata.normalize("NFKC", part).split()).lower() for part in parts)
    return hashlib.blake2b(plain.encode(), digest_size=16).hexdigest()


def nth(name: str, occurrence: int) -> str:
    """The identity of the second, third … vacancy with one name."""
    return name if occurrence == 1 else f"{name}.{occurrence}"
