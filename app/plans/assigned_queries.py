"""What a plan says of workers, with what a person needs to decide otherwise."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple
from uuid import UUID

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import aliased

from app.db.base import today
from app.db.transaction import Read
from app.plans.model import Assignment, Companion
from app.plans.publishing import answered
from app.shocks.effects import ShockRow
from app.shocks.queries import effects_on
from app.suggestions.queries import still_live
from app.suggestions.rows import LiveVacancy
from app.vacancies.model import Vacancy
from app.vacancies.queries import on_market
from app.workers.model import Worker


class Assigned(NamedTuple):
    """An assignment with what a person needs to decide."""

    assignment: Assignment
    worker: Worker
    #: None: no place, or closed since.
    vacancy: Vacancy | None
    #: What the plan itself says.
    planned: Vacancy | None
    runner_up: Vacancy | None
    #: The worker said yes to it: that stands.
    is_answered: bool
    #: With whom the worker asks to go: names, and to the same workplace or the same town.
    together: tuple[list[str], str] | None
    #: What hits the place where an earlier plan, still published, sends the worker.
    diverted_by: ShockRow | None


class Wanted(NamedTuple):
    """Which rows of a plan: all, or those called so, those without a job, those a person changed."""

    called: str = ""
    which: Literal["", "without", "changed"] = ""


def assignments(
    tx: Read, plan_id: UUID, *, after: UUID | None, limit: int, wanted: Wanted = Wanted()
) -> list[Assigned]:
    """A page of the station's part of a plan, placed or not, by worker."""
    query = _assigned(plan_id).order_by(Assignment.worker_id).limit(limit)
    if wanted.called:
        query = query.where(Worker.name.contains(wanted.called, autoescape=True))
    if wanted.which == "without":
        query = query.where(Assignment.vacancy_id.is_(None))
    if wanted.which == "changed":
        query = query.where(Assignment.overridden)
    if after is not None:
        query = query.where(Assignment.worker_id > after)
    return _with_jobs(tx, plan_id, [(row[0], row[1]) for row in tx.session.execute(query)])


def assigned_worker(tx: Read, plan_id: UUID, worker_id: UUID) -> Assigned | None:
    """The same of one worker in the station's care."""
    rows = tx.session.execute(_assigned(plan_id).where(Assignment.worker_id == worker_id))
    return next(iter(_with_jobs(tx, plan_id, [(row[0], row[1]) for row in rows])), None)


def _assigned(plan_id: UUID) -> Select[Assignment, Worker]:
    query = select(Assignment, Worker).join(Worker, Worker.id == Assignment.worker_id)
    return query.where(Assignment.plan_id == plan_id)


def _with_jobs(tx: Read, plan_id: UUID, rows: Sequence[tuple[Assignment, Worker]]) -> list[Assigned]:
    named = {one for row, _ in rows for one in (row.vacancy_id, row.planned_id, row.runner_up_id) if one is not None}
    jobs: dict[UUID | None, Vacancy] = {
        row.id: row for row in tx.session.scalars(select(Vacancy).where(Vacancy.id.in_(named)))
    }
    worker_ids = [worker.id for _, worker in rows]
    diverted, yes = _diverted(tx, plan_id, worker_ids), answered(tx, plan_id, worker_ids)
    together = _together(tx, worker_ids)
    return [
        Assigned(
            row,
            worker,
            jobs.get(row.vacancy_id),
            jobs.get(row.planned_id),
            jobs.get(row.runner_up_id),
            worker.id in yes,
            together.get(worker.id),
            diverted.get(worker.id),
        )
        for row, worker in rows
    ]


def live_by_number(tx: Read, vacancy_ids: Sequence[UUID]) -> dict[int, LiveVacancy]:
    """Those of the vacancies that may be suggested at this moment, by sequence number."""
    live = still_live(tx.session, vacancy_ids, len(vacancy_ids))
    rows = tx.session.execute(select(Vacancy.id, Vacancy.seq).where(Vacancy.id.in_(live)))
    return {row.seq: live[row.id] for row in rows}


def offers_called(tx: Read, words: str, most: int) -> list[UUID]:
    """Vacancies on the market whose title, employer or workplace has these words."""
    called = [
        column.icontains(words, autoescape=True) for column in (Vacancy.title, Vacancy.employer, Vacancy.workplace_text)
    ]
    query = select(Vacancy.id).where(on_market(), or_(*called)).order_by(Vacancy.seq.desc()).limit(most)
    return list(tx.session.scalars(query))


def _together(tx: Read, worker_ids: Sequence[UUID]) -> dict[UUID, tuple[list[str], str]]:
    """With whom each asks to go, and how."""
    mine, other = aliased(Companion), aliased(Companion)
    query = (
        select(mine.worker_id, mine.wish, Worker.name)
        .join(other, (other.group_id == mine.group_id) & (other.worker_id != mine.worker_id))
        .join(Worker, Worker.id == other.worker_id)
        .where(mine.worker_id.in_(worker_ids))
        .order_by(Worker.name)
    )
    found: dict[UUID, tuple[list[str], str]] = {}
    for worker_id, wish, name in tx.session.execute(query):
        found.setdefault(worker_id, ([], wish))[0].append(name)
    return found


def _diverted(tx: Read, plan_id: UUID, worker_ids: Sequence[UUID]) -> dict[UUID, ShockRow]:
    """Those whom another plan, still published, sends to a place that takes fewer or none today."""
    effects = effects_on(tx.session, today())
    query = (
        select(Assignment.worker_id, Vacancy.workplace_code)
        .join(Vacancy, Vacancy.id == Assignment.vacancy_id)
        .where(Assignment.published, Assignment.plan_id != plan_id, Assignment.worker_id.in_(worker_ids))
    )
    hit = ((worker_id, effects.diverting(code)) for worker_id, code in tx.session.execute(query))
    return {worker_id: shock for worker_id, shock in hit if shock is not None}


def find_assignment(tx: Read, plan_id: UUID, worker_id: UUID) -> Assignment | None:
    """What a plan says of a worker in the station's care."""
    query = select(Assignment).where(Assignment.plan_id == plan_id, Assignment.worker_id == worker_id)
    return tx.session.scalars(query.with_for_update()).one_or_none()


def assigned_to(tx: Read, plan_id: UUID, vacancy_ids: Sequence[UUID], *, but: UUID) -> dict[UUID, int]:
    """How many of the station's workers, one left out, a plan sends to each vacancy that gets any."""
    query = (
        select(Assignment.vacancy_id, func.count())
        .where(Assignment.plan_id == plan_id, Assignment.vacancy_id.in_(vacancy_ids), Assignment.worker_id != but)
        .group_by(Assignment.vacancy_id)
    )
    return {vacancy_id: many for vacancy_id, many in tx.session.execute(query) if vacancy_id is not None}
