"""Reading what the engine needs, and keeping what it found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from geoalchemy2 import Geometry
from sqlalchemy import ColumnElement, cast, exists, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.places.model import Division, Place
from app.suggestions.model import ScoringProfile, Suggestion
from app.suggestions.rows import DivisionRow, OpenVacancy, SeekingWorker
from app.vacancies.model import Vacancy
from app.vacancies.queries import on_market
from app.workers.model import Consent, Intention, Worker


def _lat() -> ColumnElement[float]:
    return func.ST_Y(cast(Place.point, Geometry))


def _lon() -> ColumnElement[float]:
    return func.ST_X(cast(Place.point, Geometry))


def all_divisions(session: Session) -> Sequence[DivisionRow]:
    """Every division, by code."""
    query = select(Division.code, Division.level, Division.parent_code, Division.name).order_by(Division.code)
    return [DivisionRow._make(row) for row in session.execute(query)]


def live_vacancies(session: Session) -> Sequence[OpenVacancy]:
    """All vacancies that may be suggested now, in the order of their insertion."""
    query = (
        select(
            Vacancy.id,
            Vacancy.seq,
            Vacancy.occupation,
            Vacancy.skills,
            Vacancy.certificates,
            Vacancy.wage_lo,
            Vacancy.wage_hi,
            Vacancy.headcount - Vacancy.filled,
            _lat(),
            _lon(),
            Vacancy.workplace_code,
            Vacancy.age_min,
            Vacancy.age_max,
            Vacancy.kind,
            Vacancy.start_date,
            Vacancy.valid_until,
            Vacancy.employer,
        )
        .join(Place, Place.id == Vacancy.workplace_id)
        .where(on_market())
        .order_by(Vacancy.seq)
    )
    return [OpenVacancy._make(row) for row in session.execute(query)]


def seeking_worker(session: Session, worker_id: UUID) -> SeekingWorker | None:
    """A worker with intention, home and whether consent to matching stands; None when the actor may not see them."""
    consents = exists().where(
        Consent.worker_id == Worker.id, Consent.purpose == "matching", Consent.withdrawn_at.is_(None)
    )
    query = (
        select(
            Worker.id,
            Worker.station_id,
            Worker.birth_date,
            Worker.home_code,
            Place.sure,
            _lat(),
            _lon(),
            Worker.skills,
            Worker.skills_text,
            Worker.certificates,
            Worker.labour_ability,
            Worker.employment_status,
            Intention.willing_to_go_out,
            Intention.occupations,
            Intention.occupations_text,
            Intention.destinations,
            Intention.not_destinations,
            Intention.scope,
            Intention.min_wage,
            Intention.reach_km,
            Intention.reach_is_limit,
            Intention.available_from,
            Intention.in_work_asks,
            consents,
        )
        .join(Intention, Intention.worker_id == Worker.id)
        .join(Place, Place.id == Worker.home_id)
        .where(Worker.id == worker_id)
    )
    found = session.execute(query).one_or_none()
    return None if found is None else SeekingWorker._make(found)


def still_live(session: Session, ids: Sequence[UUID]) -> Mapping[UUID, tuple[Vacancy, str]]:
    """Those of the vacancies that may be suggested at this moment, each with how sure its place is."""
    placed = select(Vacancy, Place.sure).join(Place, Place.id == Vacancy.workplace_id)
    query = placed.where(Vacancy.id.in_(ids), on_market())
    return {vacancy.id: (vacancy, sure) for vacancy, sure in session.execute(query)}


def profile_on(session: Session, day: date) -> ScoringProfile | None:
    """The scoring profile in force on a day."""
    query = select(ScoringProfile).where(ScoringProfile.since <= day).order_by(ScoringProfile.since.desc()).limit(1)
    return session.scalars(query).one_or_none()


def current_set(session: Session, worker_id: UUID) -> Sequence[Suggestion]:
    """The worker's present suggestions, best first."""
    query = select(Suggestion).where(Suggestion.worker_id == worker_id, Suggestion.current).order_by(Suggestion.rank)
    return session.scalars(query).all()


def replace_set(session: Session, worker_id: UUID, rows: Sequence[Mapping[str, Any]]) -> None:
    """Make `rows` the worker's present suggestions; former ones stay as rows, no longer current."""
    kept = [row["id"] for row in rows]
    session.execute(
        update(Suggestion)
        .where(Suggestion.worker_id == worker_id, Suggestion.current, Suggestion.id.not_in(kept))
        .values(current=False)
    )
    if not rows:
        return
    statement = insert(Suggestion).values(list(rows))
    changing = ("rank", "score", "price", "planned", "parts", "scoring", "as_of", "current")
    session.execute(
        statement.on_conflict_do_update(
            index_elements=[Suggestion.id], set_={name: statement.excluded[name] for name in changing}
        )
    )
