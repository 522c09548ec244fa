"""Plans and what they say of workers: finding and keeping them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Select, delete, func, select, update

from app.db.bulk import Values, columns_of, insert_rows
from app.db.transaction import Read, Write
from app.edge.public_ids import find
from app.lists.model import ListRow
from app.places.queries import division_name
from app.plans.candidates import Whom, in_scope
from app.plans.model import Assignment, Plan
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
    kinds = ("uuid", "uuid", "uuid", "int", "int", "uuid", "int", "uuid", "int", "int")
    columns = columns_of(rows, dict(zip(AssignmentRow._fields, kinds, strict=True)))
    insert_rows(engine.session, "assignments", {"plan_id": Values("uuid", [plan_id] * len(rows)), **columns})


def counted(tx: Read, whom: Whom) -> tuple[int, int]:
    """How many of the station's people a plan would be for, and how many of them agreed to matching."""
    query = in_scope(select(func.count(), func.count().filter(agrees())).select_from(Worker), whom)
    people, agreeing = tx.session.execute(query).one()
    return people, agreeing


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


def is_division(tx: Read, code: str) -> bool:
    """Whether there is a division of this code."""
    return division_name(tx.session, code) is not None
