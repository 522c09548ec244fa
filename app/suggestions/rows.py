"""What is read from the database for the engine, one class a kind of row."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from types import MappingProxyType
from typing import NamedTuple
from uuid import UUID


class DivisionRow(NamedTuple):
    """A division and the one above it."""

    code: str
    level: int
    parent: str | None
    name: str


class OpenVacancy(NamedTuple):
    """A vacancy that is open, in date and has openings left, with its public point."""

    id: UUID
    seq: int
    occupation: str | None
    skills: list[str]
    certificates: list[str]
    wage_lo: int
    wage_hi: int
    openings: int
    lat: float
    lon: float
    workplace_code: str
    age_min: int | None
    age_max: int | None
    kind: str
    start_date: date | None
    valid_until: date
    employer: str


class LiveVacancy(NamedTuple):
    """A vacancy that may be suggested at this moment, as the worker is told of it."""

    id: UUID
    title: str
    employer: str
    workplace_text: str
    workplace_code: str
    #: How sure its place is.
    sure: str
    wage_lo: int
    wage_hi: int
    openings: int
    lodging: bool | None
    board: bool | None
    valid_until: date
    occupation: str | None
    skills: list[str]
    certificates: list[str]
    #: The company whose account offers it for the employer. None: the employer's own, or an office's.
    recruiter: str | None


class Standing(NamedTuple):
    """One of the worker's present suggestions."""

    vacancy_id: UUID
    score: int
    price: int
    planned: bool
    scoring: str
    as_of: datetime


class Known(NamedTuple):
    """What the database knows beside worker and market when a worker's three are looked for."""

    #: Vacancies, by sequence number, that are not offered again: declined, or answered before.
    gone: list[int]
    #: The vacancy, by sequence number, a published plan sends the worker to.
    planned: int | None
    #: The transaction's moment.
    now: datetime
    #: Best first.
    standing: list[Standing]
    #: Those of them that may be suggested at this moment, where they were read along; empty: nobody looked.
    live: Mapping[UUID, LiveVacancy] = MappingProxyType({})


class SeekingWorker(NamedTuple):
    """A worker with their intention and the public point of their home."""

    id: UUID
    station_id: UUID
    birth_date: date
    home_code: str
    home_sure: str
    lat: float
    lon: float
    skills: list[str]
    skills_text: str | None
    certificates: list[str]
    labour_ability: str | None
    employment_status: str | None
    willing_to_go_out: bool | None
    occupations: list[str]
    occupations_text: str | None
    destinations: list[str]
    not_destinations: list[str]
    scope: str
    min_wage: int | None
    reach_km: float | None
    reach_is_limit: bool
    available_from: date | None
    in_work_asks: bool
    consents: bool
