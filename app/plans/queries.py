"""Plans, assignments, prices: finding and keeping them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal, NamedTuple
from uuid import UUID

from sqlalchemy import ARRAY, Select, Uuid, bindparam, delete, func, or_, select, text, update
from sqlalchemy.orm import Session, aliased

from app.db.base import today
from app.db.bulk import Values, insert_rows
from app.db.transaction import Read, Write
from app.edge.public_ids import find
from app.lists.model import ListRow
from app.places.queries import division_name
from app.plans.candidates import Whom, in_scope
from app.plans.model import Assignment, Companion, Crowding, OpeningPrice, Plan, VacancyFill
from app.shocks.effects import ShockRow
from app.shocks.queries import effects_on
from app.suggestions.queries import still_live
from app.suggestions.rows import LiveVacancy
from app.vacancies.model import Vacancy
from app.vacancies.queries import on_market
from app.workers.model import Worker
from app.workers.queries import agrees


class AssignmentRow(NamedTuple):
    """What a plan says of one worker."""

    worker_id: UUID
    station_id: UUID
    vacancy_id: UUID | None
    score: int
    price: int
    planned_id: UUID | None
    planned_price: int
    runner_up_id: UUID | None
    runner_up_cost: int | None
    runner_up_price: int


class PriceRow(NamedTuple):
    """What a plan says of one vacancy."""

    vacancy_id: UUID
    price: int
    openings: int
    filled: int
    limit: str | None
    kept_away: int
    pay_under_by: int


def claim(tx: Write, plan_id: UUID) -> Plan | None:
    """The plan, to be made now; None when it was called off or is made already."""
    plan = tx.session.scalars(select(Plan).where(Plan.id == plan_id).with_for_update()).one_or_none()
    if plan is None or plan.state not in ("ordered", "planning"):
        return None
    plan.state = "planning"
    tx.session.flush()
    return plan


def whom(tx: Read, plan: Plan) -> Whom:
    """For whom: ids of workers of the lists named, or the divisions; a station's plan is of its own workers."""
    is_station = tx.actor.role.audience == "station"
    scope: dict[str, Any] = dict(plan.scope)
    lists = [find("l", one) for one in scope.get("lists", [])]
    divisions = [*scope.get("divisions", []), *(pair["west"] for pair in scope.get("pairings", []))]
    ids = None
    if lists:
        records = tx.session.scalars(select(func.unnest(ListRow.records)).where(ListRow.list_id.in_(lists)))
        ids = sorted({find("w", record) for record in records if record.startswith("w_")})
    if not is_station and not divisions:
        divisions = [tx.actor.division or ""]
    return Whom(tx.actor.organisation_id if is_station else None, ids, divisions)


def find_plan(tx: Read, plan_id: UUID, *, locked: bool = False) -> Plan | None:
    """A plan of the actor's office."""
    query = select(Plan).where(Plan.id == plan_id)
    return tx.session.scalars(query.with_for_update() if locked else query).one_or_none()


def publish_alone(tx: Write) -> None:
    """Until the end of the transaction no other plan of the office is published or taken back."""
    turn = func.hashtextextended(f"publish:{tx.actor.organisation_id}", 0)
    tx.session.execute(select(func.pg_advisory_xact_lock(turn)))


def newer_published(tx: Read, plan: Plan) -> datetime | None:
    """When the latest plan was made that is newer than this one and published for some of its people."""
    people = select(Assignment.worker_id).where(Assignment.plan_id == plan.id)
    query = (
        select(func.max(Plan.created_at))
        .join(Assignment, Assignment.plan_id == Plan.id)
        .where(Plan.state == "published", Plan.created_at > plan.created_at)
        .where(Assignment.published, Assignment.worker_id.in_(people))
    )
    return tx.session.scalar(query)


def plans() -> Select[Plan]:
    """The office's plans."""
    return select(Plan)


def set_state(tx: Write, plan_id: UUID, state: str, **values: Any) -> None:
    """Move a plan on."""
    tx.session.execute(update(Plan).where(Plan.id == plan_id).values(state=state, version=Plan.version + 1, **values))


def note_progress(tx: Write, plan_id: UUID, progress: Mapping[str, Any]) -> bool:
    """Write down how far it is; whether it is still wanted."""
    noted = tx.session.scalars(
        update(Plan)
        .where(Plan.id == plan_id, Plan.state == "planning")
        .values(progress=dict(progress))
        .returning(Plan.id)
    )
    return noted.one_or_none() is not None


def finish(tx: Write, plan_id: UUID, outcome: Mapping[str, Any]) -> None:
    """The plan is made, unless it was called off meanwhile."""
    tx.session.execute(
        update(Plan)
        .where(Plan.id == plan_id, Plan.state == "planning")
        .values(state="ready", outcome=dict(outcome), finished_at=func.now(), version=Plan.version + 1)
    )


def keep_assignments(engine: Write, plan_id: UUID, rows: Sequence[AssignmentRow]) -> None:
    """Make these the plan's assignments. The transaction is the engine's."""
    engine.session.execute(delete(Assignment).where(Assignment.plan_id == plan_id))
    if not rows:
        return
    columns = [list(column) for column in zip(*rows, strict=True)]
    kinds = ("uuid", "uuid", "uuid", "int", "int", "uuid", "int", "uuid", "int", "int")
    values = {
        name: Values(kind, column) for name, kind, column in zip(AssignmentRow._fields, kinds, columns, strict=True)
    }
    insert_rows(engine.session, "assignments", {"plan_id": Values("uuid", [plan_id] * len(rows)), **values})


def keep_prices(engine: Write, rows: Sequence[PriceRow], shares: Mapping[str, Any]) -> None:
    """Make these the prices of openings, and say how full each vacancy gets and how crowded suggestions are. The
    transaction is the engine's."""
    session = engine.session
    session.execute(delete(Crowding))
    session.add(Crowding(shares=dict(shares)))
    session.execute(delete(OpeningPrice))
    priced = [row for row in rows if row.price > 0]
    if priced:
        insert_rows(
            session,
            "opening_prices",
            {
                "vacancy_id": Values("uuid", [row.vacancy_id for row in priced]),
                "price": Values("int", [row.price for row in priced]),
            },
        )
    session.execute(delete(VacancyFill))
    poster = dict(session.execute(select(Vacancy.id, Vacancy.poster_id).where(Vacancy.state == "open")).all())
    there = [row for row in rows if row.vacancy_id in poster]
    if there:
        names = ("vacancy_id", "openings", "filled", "limit", "kept_away", "pay_under_by")
        kinds = ("uuid", "int", "int", "text", "int", "int")
        columns = {
            f'"{name}"' if name == "limit" else name: Values(kind, [getattr(row, name) for row in there])
            for name, kind in zip(names, kinds, strict=True)
        }
        posters = Values("uuid", [poster[row.vacancy_id] for row in there])
        insert_rows(session, "vacancy_fills", {"poster_id": posters, **columns})


def kept_prices(session: Session) -> dict[UUID, int]:
    """Prices of openings from the last plan."""
    rows = session.execute(select(OpeningPrice.vacancy_id, OpeningPrice.price))
    return {row.vacancy_id: row.price for row in rows}


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


def counted(tx: Read, whom: Whom) -> tuple[int, int]:
    """How many of the station's people a plan would be for, and how many of them agreed to matching."""
    query = in_scope(select(func.count(), func.count().filter(agrees())).select_from(Worker), whom)
    people, agreeing = tx.session.execute(query).one()
    return people, agreeing


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


def kept_price(tx: Read, vacancy_id: UUID) -> int:
    """What an opening of a vacancy was worth at the last prices for everybody."""
    return tx.session.scalar(select(OpeningPrice.price).where(OpeningPrice.vacancy_id == vacancy_id)) or 0


_ANSWERED = text("""
    select a.worker_id from assignments a join placements p on p.worker_id = a.worker_id and p.vacancy_id = a.vacancy_id
    where a.plan_id = :plan and a.worker_id = any(:workers)
      and p.state not in ('closed', 'ended')""").bindparams(bindparam("workers", type_=ARRAY(Uuid)))


def answered(tx: Read, plan_id: UUID, worker_ids: Sequence[UUID]) -> set[UUID]:
    """Those who said yes to what a plan gives them, and nothing ended it."""
    return set(tx.session.scalars(_ANSWERED, {"plan": plan_id, "workers": list(worker_ids)}))


#: Within the openings there are now; who was promised a place by a person, and who suits best, comes first. Whoever
#: has taken one of them already needs none.
_FALLEN = text("""
    with seats as (
      select a.worker_id, v.headcount - v.filled as openings, row_number() over (
               partition by a.vacancy_id order by a.overridden desc, a.score desc, a.worker_id) as seat
      from assignments a join vacancies v on v.id = a.vacancy_id
      where a.plan_id = :plan and not exists (
        select from placements p where p.worker_id = a.worker_id and p.vacancy_id = a.vacancy_id
          and p.state in ('accepted', 'departed', 'onboarded', 'settled')))
    update assignments a set vacancy_id = null, score = 0, price = 0
    from seats s where a.plan_id = :plan and a.worker_id = s.worker_id and s.seat > s.openings
    returning a.worker_id""")


def publish(tx: Write, plan_id: UUID) -> tuple[int, int]:
    """Publish the station's part: what was published before stands no more. How many were published, and how many fell
    out since their vacancy left the market or has fewer openings by now."""
    session = tx.session
    live = select(Vacancy.id).where(on_market())
    mine = select(Assignment.worker_id).where(Assignment.plan_id == plan_id)
    session.execute(
        update(Assignment).where(Assignment.published, Assignment.worker_id.in_(mine)).values(published=False)
    )
    fallen = session.scalars(
        update(Assignment)
        .where(Assignment.plan_id == plan_id, Assignment.vacancy_id.is_not(None), Assignment.vacancy_id.not_in(live))
        .values(vacancy_id=None, score=0, price=0)
        .returning(Assignment.worker_id)
    ).all()
    crowded_out = session.scalars(_FALLEN, {"plan": plan_id}).all()
    published = session.scalars(
        update(Assignment)
        .where(Assignment.plan_id == plan_id, Assignment.vacancy_id.is_not(None))
        .values(published=True)
        .returning(Assignment.worker_id)
    ).all()
    left = select(Assignment.plan_id).where(Assignment.published)
    session.execute(
        update(Plan)
        .where(Plan.state == "published", Plan.id != plan_id, Plan.id.not_in(left))
        .values(state="replaced", version=Plan.version + 1)
    )
    return len(published), len(fallen) + len(crowded_out)


_TAKEN_BACK = text("""
    update assignments a set published = false
    where a.plan_id = :plan and a.published and not exists (
      select from placements p where p.worker_id = a.worker_id and p.vacancy_id = a.vacancy_id
        and p.state not in ('closed', 'ended'))
    returning a.worker_id""")


def take_back(tx: Write, plan_id: UUID) -> tuple[int, int]:
    """What nobody has answered is published no more: how many, and how many stay since they said yes."""
    taken = tx.session.scalars(_TAKEN_BACK, {"plan": plan_id}).all()
    kept = select(func.count()).where(Assignment.plan_id == plan_id, Assignment.published)
    return len(taken), tx.session.scalar(kept) or 0


def fill_of(tx: Read, vacancy_id: UUID) -> VacancyFill | None:
    """How the last plan fills one's own vacancy."""
    return tx.session.scalars(select(VacancyFill).where(VacancyFill.vacancy_id == vacancy_id)).one_or_none()


def own_fills(tx: Read) -> dict[UUID, VacancyFill]:
    """How the last plan fills each of one's own vacancies."""
    return {row.vacancy_id: row for row in tx.session.scalars(select(VacancyFill))}


def crowding(tx: Read) -> Crowding | None:
    """How crowded suggestions were at the last prices for everybody; None before the first."""
    return tx.session.scalars(select(Crowding)).one_or_none()


def coverage(session: Session) -> dict[str, int]:
    """Openings there were when prices were made last, those the plan filled, and those of vacancies left empty.

    The transaction is the engine's.
    """
    empty = func.sum(VacancyFill.openings).filter(VacancyFill.filled == 0)
    query = select(func.sum(VacancyFill.openings), func.sum(VacancyFill.filled), empty)
    sums = session.execute(query).one()
    return dict(zip(("open", "filled", "of_empty_vacancies"), (int(one or 0) for one in sums), strict=True))


_FOLLOWED = text("""
    select count(*) filter (where a.overridden) as overridden, count(*) as published,
           count(*) filter (where p.vacancy_id = a.vacancy_id) as taken,
           count(*) filter (where p.worker_id is not null and p.vacancy_id is distinct from a.vacancy_id) as other
    from assignments a
    left join placements p on p.worker_id = a.worker_id and p.state in ('accepted','departed','onboarded','settled')
    where a.plan_id = :plan and a.published""")


class Standing(NamedTuple):
    """A plan as it stands, after what people decided: numbers of the station's workers."""

    workers: int = 0
    placed: int = 0
    #: Somebody decided otherwise; of these without a job in it.
    overridden: int = 0
    taken_out: int = 0
    #: Their job closed or filled up before it was published.
    fallen_out: int = 0


def standing(tx: Read, plan_ids: Sequence[UUID]) -> dict[UUID, Standing]:
    """Plans as they stand now."""
    without = Assignment.vacancy_id.is_(None)
    query = (
        select(
            Assignment.plan_id,
            func.count(),
            func.count(Assignment.vacancy_id),
            func.count().filter(Assignment.overridden),
            func.count().filter(Assignment.overridden, without),
            func.count().filter(~Assignment.overridden, without, Assignment.planned_id.is_not(None)),
        )
        .where(Assignment.plan_id.in_(plan_ids))
        .group_by(Assignment.plan_id)
    )
    return {row[0]: Standing(*row[1:]) for row in tx.session.execute(query)}


def followed(tx: Read, plan_id: UUID) -> dict[str, int]:
    """How often advice was followed: published, changed by a person, taken up, another job taken."""
    return dict(tx.session.execute(_FOLLOWED, {"plan": plan_id}).one()._mapping)


def is_division(tx: Read, code: str) -> bool:
    """Whether there is a division of this code."""
    return division_name(tx.session, code) is not None
