"""A worker as a list row or a form states them, before anything is stored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple
from uuid import UUID

from app.places.queries import PlaceKey


@dataclass(slots=True)  # nobody changes one, yet making 100,000 frozen ones takes three times as long
class WorkerDraft:
    """What was stated; None everywhere: not stated, and what is known already stays.

    Words and the terms understood from them go together: terms count when their words are stated.
    """

    name: str
    #: 18 characters, valid (id_number.fault_of).
    id_number: str
    home: PlaceKey
    home_text: str
    #: 11 digits (phone.as_mobile).
    phone: str | None = None
    groups: tuple[str, ...] | None = None
    education: str | None = None
    labour_ability: str | None = None
    employment_status: str | None = None
    skills_text: str | None = None
    skills: tuple[str, ...] = ()
    certificates_text: str | None = None
    certificates: tuple[str, ...] = ()
    household: str | None = None
    remarks: Mapping[str, object] | None = None
    willing_to_go_out: bool | None = None
    occupations_text: str | None = None
    occupations: tuple[str, ...] = ()
    places_text: str | None = None
    destinations: tuple[str, ...] = ()
    not_destinations: tuple[str, ...] = ()
    #: "any", "county" or "province"; with places_text.
    scope: str = "any"
    min_wage: int | None = None
    reach_km: float | None = None
    #: With reach_km: "不超过" was said.
    reach_is_limit: bool = False
    available_from: date | None = None
    in_work_asks: bool | None = None
    training_wanted: str | None = None
    #: The row states a signed paper for matching. Anything else than yes states nothing: it neither gives nor takes.
    consent: bool = False

    @property
    def states_skills(self) -> bool | None:
        """True or not stated: a wish may name skills without a cell of their own."""
        return True if self.skills or self.skills_text is not None else None


class Outcome(NamedTuple):
    """What became of one draft."""

    #: "new", "updated" or "unchanged".
    what: str
    worker_id: UUID
    #: Fields the worker stated personally, which the draft would have changed and did not (kept_own_word).
    kept: tuple[str, ...] = ()
    #: Of an updated worker, what the draft changed as it was before: JSON for `restore_workers`.
    before: bytes | None = None
