"""For whom a plan is made, read as the engine: no name, no number, no phone. A person counts once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVarTuple
from uuid import UUID

from geoalchemy2 import Geometry
from sqlalchemy import ARRAY, Row, Select, Uuid, bindparam, cast, func, or_, select, text
from sqlalchemy.orm import Session

from app.places.areas import area
from app.places.model import Place
from app.plans.model import Assignment, Companion
from app.plans.publishing import OVER, TAKEN
from app.suggestions.rows import SeekingWorker
from app.workers.model import Consent, Intention, Worker, person_records
from app.workers.queries import MATCHING_STANDS

Columns = TypeVarTuple("Columns")


@dataclass(frozen=True, slots=True)
class Whom:
    """Whose workers: a station's own or everybody's; of these those named, or from these divisions."""

    station_id: UUID | None = None
    worker_ids: Sequence[UUID] | None = None
    divisions: Sequence[str] = ()


@dataclass(frozen=True)
class Candidates:
    """Workers who may be planned for, and what already binds them."""

    workers: list[SeekingWorker]
    groups: list[list[str]]
    #: Vacancies, by sequence number, that count as if they were not there: declined, or answered and over.
    left_out: list[list[int]]
    #: What was answered and is open: the vacancy.
    answered: dict[UUID, UUID] = field(default_factory=dict)
    #: What was published: the vacancy, and how well it suited then, in micro-points.
    published: dict[UUID, tuple[UUID, int]] = field(default_factory=dict)
    #: Group of those who ask to go together, and their wish.
    companions: dict[UUID, tuple[UUID, str]] = field(default_factory=dict)


def read_candidates(session: Session, whom: Whom) -> Candidates:
    """Everybody with consent to matching and no job through us yet. The transaction is the engine's."""
    rows = session.execute(_people(whom)).all()
    once: dict[UUID, int] = {}
    for at, row in enumerate(rows):  # those in force first
        once.setdefault(row.person_id, at)
    kept = sorted(once.values(), key=lambda at: rows[at].id)
    workers = [_seeking(rows[at]) for at in kept]
    ids = [worker.id for worker in workers]
    taken, answered, over = _bound(session, ids)
    free = [at for at, worker in enumerate(workers) if worker.id not in taken]
    gone = _declined(session, ids)
    return Candidates(
        workers=[workers[at] for at in free],
        groups=[list(rows[kept[at]].groups) for at in free],
        left_out=[sorted({*gone.get(ids[at], ()), *over.get(ids[at], ())}) for at in free],
        answered=answered,
        published=_published(session, ids),
        companions=_companions(session, ids),
    )


def _people(whom: Whom) -> Select[*tuple[Any, ...]]:
    lat, lon = func.ST_Y(cast(Place.point, Geometry)), func.ST_X(cast(Place.point, Geometry))
    query = (
        select(
            Worker.id,
            Worker.station_id,
            Worker.birth_date,
            Worker.home_code,
            Worker.groups,
            Worker.skills,
            Worker.certificates,
            Worker.labour_ability,
            Worker.employment_status,
            Place.sure,
            lat.label("lat"),
            lon.label("lon"),
            Intention.willing_to_go_out,
            Intention.occupations,
            Intention.destinations,
            Intention.not_destinations,
            Intention.scope,
            Intention.min_wage,
            Intention.reach_km,
            Intention.reach_is_limit,
            Intention.available_from,
            Intention.in_work_asks,
            person_records.c.person_id,
        )
        .join(Intention, Intention.worker_id == Worker.id)
        .join(Place, Place.id == Worker.home_id)
        .join(person_records, person_records.c.worker_id == Worker.id)
        .join(Consent, (Consent.worker_id == Worker.id) & MATCHING_STANDS)
        .order_by(person_records.c.holds.desc(), Worker.id)
    )
    return in_scope(query, whom)


def in_scope(query: Select[*Columns], whom: Whom) -> Select[*Columns]:
    """Of the workers asked for those a plan is for."""
    if whom.station_id is not None:
        query = query.where(Worker.station_id == whom.station_id)
    if whom.worker_ids is not None:
        query = query.where(Worker.id == func.any(cast(list(whom.worker_ids), ARRAY(Uuid))))
    if whom.divisions:
        query = query.where(or_(*(Worker.home_code.between(*area(code)) for code in whom.divisions)))
    return query


def _seeking(row: Row[Any]) -> SeekingWorker:
    known = row._mapping
    named = {"home_sure": known["sure"], "skills_text": None, "occupations_text": None, "consents": True}
    return SeekingWorker(**{name: named[name] if name in named else known[name] for name in SeekingWorker._fields})


_PLACEMENTS = text("""
    select p.worker_id, p.vacancy_id, p.state, v.seq from placements p left join vacancies v on v.id = p.vacancy_id
    where p.worker_id = any(:ids) order by p.updated_at""").bindparams(bindparam("ids", type_=ARRAY(Uuid)))


def _bound(session: Session, ids: Sequence[UUID]) -> tuple[set[UUID], dict[UUID, UUID], dict[UUID, set[int]]]:
    """Who has a job; what was answered and is open; what is over, by sequence number."""
    taken: set[UUID] = set()
    answered: dict[UUID, UUID] = {}
    over: dict[UUID, set[int]] = {}
    for worker_id, vacancy_id, state, seq in session.execute(_PLACEMENTS, {"ids": list(ids)}):
        if state in TAKEN:
            taken.add(worker_id)
        elif state in OVER:
            if seq is not None:
                over.setdefault(worker_id, set()).add(seq)
        elif state == "offered" or worker_id not in answered:
            answered[worker_id] = vacancy_id
    return taken, answered, over


_DECLINED = text("select worker_id, seq from declines where worker_id = any(:ids)").bindparams(
    bindparam("ids", type_=ARRAY(Uuid))
)


def _declined(session: Session, ids: Sequence[UUID]) -> dict[UUID, set[int]]:
    found: dict[UUID, set[int]] = {}
    for worker_id, seq in session.execute(_DECLINED, {"ids": list(ids)}):
        found.setdefault(worker_id, set()).add(seq)
    return found


def _published(session: Session, ids: Sequence[UUID]) -> dict[UUID, tuple[UUID, int]]:
    query = select(Assignment.worker_id, Assignment.vacancy_id, Assignment.score).where(
        Assignment.published,
        Assignment.vacancy_id.is_not(None),
        Assignment.worker_id == func.any(cast(list(ids), ARRAY(Uuid))),
    )
    return {row.worker_id: (row.vacancy_id, row.score) for row in session.execute(query)}


def _companions(session: Session, ids: Sequence[UUID]) -> dict[UUID, tuple[UUID, str]]:
    query = select(Companion.worker_id, Companion.group_id, Companion.wish).where(
        Companion.worker_id == func.any(cast(list(ids), ARRAY(Uuid)))
    )
    return {row.worker_id: (row.group_id, row.wish) for row in session.execute(query)}
