"""What the desk shows at a glance: counts of the station's own workers, and who still lacks jobs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.placements.model import OPEN_STATES, Placement
from app.suggestions.model import Suggestion
from app.workers.model import Consent, Intention, Worker


class Standing(NamedTuple):
    """Counts of the station's workers."""

    workers: int
    #: Whose consent to matching stands.
    agreed: int
    #: Of those, who has three jobs at present.
    with_three: int


class Lacking(NamedTuple):
    """Somebody with consent and fewer than three jobs."""

    id: UUID
    name: str
    wishes: str | None
    jobs: int
    #: Whether jobs were looked for at all.
    looked: bool


def how_the_station_stands(session: Session) -> Standing:
    """The counts of the actor's station."""
    workers = session.scalar(select(func.count()).select_from(Worker)) or 0
    agreed = session.scalar(select(func.count()).where(Consent.purpose == "matching", Consent.withdrawn_at.is_(None)))
    three = select(Suggestion.worker_id).where(Suggestion.current, Suggestion.rank == 3).subquery()
    return Standing(workers, agreed or 0, session.scalar(select(func.count()).select_from(three)) or 0)


def with_fewer_than_three(session: Session, limit: int) -> Sequence[Lacking]:
    """Workers with consent and fewer than three jobs at present, those looked for first."""
    jobs = (
        select(Suggestion.worker_id, func.count().label("jobs"))
        .where(Suggestion.current)
        .group_by(Suggestion.worker_id)
        .subquery()
    )
    query = (
        select(
            Worker.id, Worker.name, Intention.occupations_text, func.coalesce(jobs.c.jobs, 0), jobs.c.jobs.is_not(None)
        )
        .join(Consent, (Consent.worker_id == Worker.id) & (Consent.purpose == "matching"))
        .join(Intention, Intention.worker_id == Worker.id)
        .outerjoin(jobs, jobs.c.worker_id == Worker.id)
        .where(Consent.withdrawn_at.is_(None), func.coalesce(jobs.c.jobs, 0) < 3)
        .order_by(func.coalesce(jobs.c.jobs, 0).desc(), Worker.updated_at.desc())
        .limit(limit)
    )
    return [Lacking._make(row) for row in session.execute(query)]


class UnderWay(NamedTuple):
    """A worker of the station on the way to a job."""

    placement: Placement
    name: str


def under_way(session: Session, *, worker_id: UUID | None = None, limit: int = 12) -> Sequence[UnderWay]:
    """Answers of the station's workers that are not over, offers first: there the worker is asked."""
    query = (
        select(Placement, Worker.name)
        .join(Worker, Worker.id == Placement.worker_id)
        .where(Placement.state.in_(OPEN_STATES))
        .order_by((Placement.state == "offered").desc(), Placement.updated_at.desc())
        .limit(limit)
    )
    if worker_id is not None:
        query = query.where(Placement.worker_id == worker_id)
    return [UnderWay(placement, name) for placement, name in session.execute(query)]
