"""What the desk shows at a glance: counts of the station's own workers, and who still lacks jobs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Subquery, case, func, select
from sqlalchemy.orm import Session

from app.db.base import BEIJING, today
from app.placements.model import OPEN_STATES, TAKEN_STATES, Placement
from app.reports.model import Figure
from app.suggestions.model import Suggestion
from app.workers.model import Consent, Intention, Worker
from app.workers.queries import MATCHING_STANDS, agrees


class Standing(NamedTuple):
    """Counts of the station's workers; of those whose consent to matching stands, by how many jobs they have now."""

    workers: int
    agreed: int
    with_three: int
    with_some: int
    with_none: int
    #: For whom nobody has looked yet.
    unseen: int


class Lacking(NamedTuple):
    """Somebody with consent and fewer than three jobs."""

    id: UUID
    name: str
    wishes: str | None
    #: None: nobody has looked yet, which is not none.
    jobs: int | None


#: Since when whoever agreed and has no job was looked for all the same (reports/serving.py counts when it is done).
_served = select(func.max(Figure.counted_at)).scalar_subquery()


def _agreed_with_jobs(ids: Sequence[UUID] | None = None) -> Subquery:
    """worker_id and jobs at present of everybody, or of these, whose consent to matching stands. Jobs null: nobody has
    looked yet."""
    # no more than three: a longer set that grew shorter would tell that something was passed over (SECURITY T4)
    counted = select(Suggestion.worker_id, func.least(func.count(), 3).label("jobs")).where(Suggestion.current)
    agreed = select(Consent).where(MATCHING_STANDS)
    if ids is not None:
        counted, agreed = counted.where(Suggestion.worker_id.in_(ids)), agreed.where(Consent.worker_id.in_(ids))
    found = counted.group_by(Suggestion.worker_id).subquery()
    jobs = func.coalesce(found.c.jobs, case((Consent.given_at <= _served, 0)))
    who = agreed.outerjoin(found, found.c.worker_id == Consent.worker_id)
    return who.with_only_columns(Consent.worker_id, Consent.given_at, jobs.label("jobs")).subquery()


_agreed = _agreed_with_jobs()


def has_more_workers_than(session: Session, many: int) -> bool:
    """Whether the actor's station cares for more."""
    return how_many(session, select(Worker.id).limit(many + 1)) > many


def how_the_station_stands(session: Session) -> Standing:
    """The counts of the actor's station."""
    jobs = _agreed.c.jobs
    counts = select(
        func.count(),
        func.count().filter(jobs >= 3),
        func.count().filter(jobs.between(1, 2)),
        func.count().filter(jobs == 0),
        func.count().filter(jobs.is_(None)),
    ).select_from(_agreed)
    return Standing(how_many(session, select(Worker.id)), *session.execute(counts).one())


def how_many(session: Session, query: Select[Any]) -> int:
    """The rows of a query."""
    return session.scalar(select(func.count()).select_from(query.subquery())) or 0


def with_fewer_than_three(session: Session, limit: int) -> Sequence[UUID]:
    """Workers with consent and fewer than three jobs at present: those without any first, then those for whom nobody
    has looked yet, who agreed last before the others."""
    jobs = _agreed.c.jobs
    order = (func.coalesce(jobs, 0), jobs.is_(None), _agreed.c.given_at.desc(), _agreed.c.worker_id)
    # chosen before they are joined: joining 100,000 to sort them takes ten times as long
    first = select(_agreed.c.worker_id).where(func.coalesce(jobs, 0) < 3)
    return session.scalars(first.order_by(*order).limit(limit)).all()


def still_lacking(session: Session, worker_ids: Sequence[UUID]) -> list[Lacking]:
    """Those of the workers who have fewer than three jobs now, in this order."""
    jobs = jobs_of(session, worker_ids)
    who = select(Worker.id, Worker.name, Intention.occupations_text).join(Intention, Intention.worker_id == Worker.id)
    named = {row.id: row for row in session.execute(who.where(Worker.id.in_(jobs)))}
    return [Lacking(*named[one], jobs[one]) for one in worker_ids if one in named and (jobs[one] or 0) < 3]


def among(kept: str) -> ColumnElement[bool] | None:
    """What a filter of the workers' page asks of a worker; None: nothing.

    Asked of one worker after the other, so that a page is full after some: counting everybody's jobs to show fifty
    of 100,000 took 300 ms instead of 5."""
    looked_for = _served.is_not(None) & agrees(Consent.given_at <= _served)
    match kept:
        case "few":
            return agrees() & ~_has_jobs(3)
        case "none":
            return looked_for & ~_has_jobs(1)
        case "some":
            return agrees() & _has_jobs(1) & ~_has_jobs(3)
        case "unseen":
            return agrees() & ~looked_for & ~_has_jobs(1)
        case "three":
            return agrees() & _has_jobs(3)
        case "agreed":
            return agrees()
        case "not_agreed":
            return ~agrees()
        case "today":
            return Worker.updated_at >= datetime.combine(today(), time(), BEIJING)
        case _:
            return None


def _has_jobs(many: int) -> ColumnElement[bool]:
    """Whether a worker has at least so many jobs at present."""
    of_worker = select(Suggestion).where(Suggestion.current, Suggestion.worker_id == Worker.id)
    return (of_worker.offset(many - 1) if many > 1 else of_worker).correlate(Worker).exists()


def jobs_of(session: Session, worker_ids: Sequence[UUID]) -> dict[UUID, int | None]:
    """Worker -> jobs at present, of those who agreed. None: nobody has looked yet."""
    found = _agreed_with_jobs(worker_ids)
    return {row.worker_id: row.jobs for row in session.execute(select(found.c.worker_id, found.c.jobs))}


def suggested() -> Select[Any]:
    """The vacancies suggested to somebody of the station's at present."""
    return select(Suggestion.vacancy_id).where(Suggestion.current)


def suggested_to(session: Session, vacancy_ids: Sequence[UUID]) -> dict[UUID, int]:
    """Vacancy -> how many of the station's workers it is suggested to at present."""
    query = select(Suggestion.vacancy_id, func.count().label("workers")).where(Suggestion.current)
    found = query.where(Suggestion.vacancy_id.in_(vacancy_ids)).group_by(Suggestion.vacancy_id)
    return {row.vacancy_id: row.workers for row in session.execute(found)}


class UnderWay(NamedTuple):
    """A worker of the station on the way to a job."""

    placement: Placement
    name: str


def under_way(session: Session, *, worker_id: UUID | None = None, limit: int = 12) -> Sequence[UnderWay]:
    """What the station's workers said yes to and is not over, offers first: there the worker is asked."""
    query = (
        select(Placement, Worker.name)
        .join(Worker, Worker.id == Placement.worker_id)
        .where(Placement.state.in_((*OPEN_STATES, *TAKEN_STATES)))
        .order_by((Placement.state == "offered").desc(), Placement.updated_at.desc())
        .limit(limit)
    )
    if worker_id is not None:
        query = query.where(Placement.worker_id == worker_id)
    return [UnderWay(placement, name) for placement, name in session.execute(query)]
