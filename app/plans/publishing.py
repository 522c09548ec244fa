"""What of a plan is published, and what workers answered to it.

Placements are a later room: they are asked for by their columns, and what their states mean stands here once more.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select, text, update

from app.db.transaction import Read, Write
from app.db.turns import take_turn
from app.plans.model import Assignment, Plan
from app.vacancies.model import Vacancy
from app.vacancies.queries import on_market

#: States of a placement (placements/model.py): a place is taken; it is over.
TAKEN = ["accepted", "departed", "onboarded", "settled"]
OVER = ["ended", "closed"]
#: Of an assignment a and a placement p: the worker said yes to this job.
_SAID_YES = "p.worker_id = a.worker_id and p.vacancy_id = a.vacancy_id"


def publish_alone(tx: Write) -> None:
    """Until the end of the transaction no other plan of the office is published or taken back."""
    take_turn(tx.session, f"publish:{tx.actor.organisation_id}")


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


#: Within the openings there are now; who was promised a place by a person, and who suits best, comes first. Whoever
#: has taken one of them already needs none.
_FALLEN = text(f"""
    with seats as (
      select a.worker_id, v.headcount - v.filled as openings, row_number() over (
               partition by a.vacancy_id order by a.overridden desc, a.score desc, a.worker_id) as seat
      from assignments a join vacancies v on v.id = a.vacancy_id
      where a.plan_id = :plan
        and not exists (select from placements p where {_SAID_YES} and p.state = any(:taken)))
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
    crowded_out = session.scalars(_FALLEN, {"plan": plan_id, "taken": TAKEN}).all()
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


_ANSWERED = text(f"""
    select a.worker_id from assignments a
    where a.plan_id = :plan and a.worker_id = any(cast(:workers as uuid[]))
      and exists (select from placements p where {_SAID_YES} and p.state <> all(:over))""")


def answered(tx: Read, plan_id: UUID, worker_ids: Sequence[UUID]) -> set[UUID]:
    """Those who said yes to what a plan gives them, and nothing ended it."""
    return set(tx.session.scalars(_ANSWERED, {"plan": plan_id, "workers": list(worker_ids), "over": OVER}))


_TAKEN_BACK = text(f"""
    update assignments a set published = false
    where a.plan_id = :plan and a.published
      and not exists (select from placements p where {_SAID_YES} and p.state <> all(:over))
    returning a.worker_id""")


def take_back(tx: Write, plan_id: UUID) -> tuple[int, int]:
    """What nobody has answered is published no more: how many, and how many stay since they said yes."""
    taken = tx.session.scalars(_TAKEN_BACK, {"plan": plan_id, "over": OVER}).all()
    kept = select(func.count()).where(Assignment.plan_id == plan_id, Assignment.published)
    return len(taken), tx.session.scalar(kept) or 0


_FOLLOWED = text("""
    select count(*) filter (where a.overridden) as overridden, count(*) as published,
           count(*) filter (where p.vacancy_id = a.vacancy_id) as taken,
           count(*) filter (where p.worker_id is not null and p.vacancy_id is distinct from a.vacancy_id) as other
    from assignments a
    left join placements p on p.worker_id = a.worker_id and p.state = any(:taken)
    where a.plan_id = :plan and a.published""")


def followed(tx: Read, plan_id: UUID) -> dict[str, int]:
    """How often advice was followed: published, changed by a person, taken up, another job taken."""
    return dict(tx.session.execute(_FOLLOWED, {"plan": plan_id, "taken": TAKEN}).one()._mapping)
