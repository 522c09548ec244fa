"""Ordering a plan, reading it, deciding otherwise, publishing it. A plan is advice: people decide, workers answer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select

from app.db.base import today
from app.db.queue import enqueue
from app.db.transaction import Read, Write
from app.edge.form_fields import wrong
from app.edge.paging import Window, read_page
from app.edge.public_ids import find, show
from app.errors import NotFound
from app.identity.audit import record
from app.identity.permissions import Permission, allow
from app.lists.queries import find_list
from app.places.areas import lies_in
from app.plans import assigned_queries, price_queries, publishing, queries
from app.plans.assigned_queries import Wanted
from app.plans.model import Companion, Crowding, Plan, VacancyFill
from app.plans.priorities import profile_on
from app.plans.queries import Standing
from app.plans.reasons import Explained, explained
from app.plans.refusals import EverybodyAnswered, NewerPlanStands, NoSuchList, PlanMade, PlanNotReady
from app.suggestions.market import LiveMarket
from app.vacancies.model import Vacancy
from app.vacancies.queries import find_vacancy
from app.workers.queries import find_worker, with_matching_consent
from matching.plan import STABILITY_POINTS


def order_plan(tx: Write, scope: dict[str, Any]) -> Plan:
    """Order a plan for lists, divisions or pairings; without any for everybody in the office's care."""
    plan = new_plan(tx, scope)
    enqueue(tx, "make_plan", plan.id)
    return plan


def new_plan(tx: Write, scope: dict[str, Any]) -> Plan:
    """A plan to be made: by the job worker, or by whoever asked for it here."""
    allow(tx.actor, Permission.PLAN)
    if tx.actor.organisation_id is None:
        raise NotFound
    _check_scope(tx, scope)
    plan = Plan(
        organisation_id=tx.actor.organisation_id,
        scope=scope,
        options={"priorities": profile_on(today()).version, "stability": STABILITY_POINTS},
    )
    tx.session.add(plan)
    tx.session.flush()  # the job refers to it
    tx.session.refresh(plan)
    record(tx, "plan.order", subject=show("pn", plan.id))
    return plan


def _check_scope(tx: Read, scope: dict[str, Any]) -> None:
    is_station = tx.actor.role.audience == "station"
    if scope["lists"] and not is_station:
        zh = "清单只能由上传它的工作站安排：请去掉清单，改填地区。"
        raise wrong("lists", "not_allowed", zh, "A list is planned by its station: leave lists out, name divisions.")
    for number, list_id in enumerate(scope["lists"]):
        if find_list(tx.session, "worker", find("l", list_id)) is None:
            raise NoSuchList.at(number)
    for code in (*scope["divisions"], *(pair["west"] for pair in scope["pairings"])):
        if not queries.is_division(tx, code):
            zh = f"没有行政区划代码 {code}：请核对六位代码，可按地名查 /v1/divisions。"
            raise wrong("divisions", "unknown_place", zh, f"There is no division {code}: look it up at /v1/divisions.")
        if not is_station and not lies_in(code, tx.actor.division):
            zh = f"{code} 不在本地区（{tx.actor.division}）之内：只能安排本地区的人。"
            en = f"{code} lies outside your division ({tx.actor.division}): only its people can be planned for."
            raise wrong("divisions", "not_allowed", zh, en)


def list_plans(tx: Read, at: Window) -> tuple[Sequence[Plan], str | None]:
    """The office's plans, newest first."""
    allow(tx.actor, Permission.PLAN)
    return read_page(tx.session, queries.plans(), at, Plan.created_at, Plan.id, newest_first=True)


def read_plan(tx: Read, plan_id: UUID) -> Plan:
    """A plan of the office. Raises NotFound."""
    allow(tx.actor, Permission.PLAN)
    found = queries.find_plan(tx, plan_id)
    if found is None:
        raise NotFound
    return found


def cancel_plan(tx: Write, plan_id: UUID) -> Plan:
    """Call a plan off; the work at it stops within a second or two. Raises PlanMade."""
    allow(tx.actor, Permission.PLAN)
    found = queries.find_plan(tx, plan_id, locked=True)
    if found is None:
        raise NotFound
    if found.state == "cancelled":
        return found
    if found.state not in ("ordered", "planning"):
        raise PlanMade
    _move(tx, found, "cancelled")
    record(tx, "plan.cancel", subject=show("pn", plan_id))
    return found


def read_assignments(
    tx: Write, market: LiveMarket, plan_id: UUID, *, after: UUID | None, limit: int, wanted: Wanted = Wanted()
) -> list[Explained]:
    """The plan as worker → job, with reasons, the runner-up and what it would cost; names, so the look is recorded."""
    allow(tx.actor, Permission.SUGGEST)
    found = assigned_queries.assignments(tx, plan_id, after=after, limit=limit, wanted=wanted)
    if not found and queries.find_plan(tx, plan_id) is None:
        raise NotFound
    record(tx, "plan.read", subject=show("pn", plan_id))
    return explained(tx, market.current(), found)


def publish_plan(tx: Write, plan_id: UUID) -> tuple[Plan, int, int]:
    """From now on the planned job is first among its worker's three. It accepts nothing for anybody. The plan, how many
    were published, and how many fell out since their vacancy left the market while the plan was made. Raises NotFound,
    PlanNotReady, NewerPlanStands."""
    allow(tx.actor, Permission.SUGGEST)
    publishing.publish_alone(tx)
    plan = queries.find_plan(tx, plan_id, locked=True)
    if plan is None:
        raise NotFound
    if plan.state == "published":
        return plan, 0, 0
    if plan.state != "ready":
        raise PlanNotReady.because(plan.state)
    newer = publishing.newer_published(tx, plan)
    if newer is not None:
        raise NewerPlanStands.made(newer, plan.created_at)
    published, fallen = publishing.publish(tx, plan_id)
    plan.published_at = func.now()
    _move(tx, plan, "published")
    record(tx, "plan.publish", subject=show("pn", plan_id))
    return plan, published, fallen


def what_is_newer(tx: Read, plan_id: UUID) -> datetime | None:
    """When a newer plan was made that is published for some of its people: while it is, this one is not published."""
    allow(tx.actor, Permission.SUGGEST)
    return publishing.newer_published(tx, read_plan(tx, plan_id))


def take_back_plan(tx: Write, plan_id: UUID, reason: str) -> tuple[Plan, int, int]:
    """A published plan waits again to be published: its jobs come first among nobody's three any more, but for those
    who said yes to them, whose answers stand. The plan, how many were taken back, and how many stay. Raises NotFound,
    PlanNotReady, EverybodyAnswered."""
    allow(tx.actor, Permission.SUGGEST)
    publishing.publish_alone(tx)
    plan = queries.find_plan(tx, plan_id, locked=True)
    if plan is None:
        raise NotFound
    if plan.state != "published":
        raise PlanNotReady.because(plan.state)
    taken, kept = publishing.take_back(tx, plan_id)
    if kept and not taken:
        raise EverybodyAnswered
    plan.published_at, plan.taken_back_at, plan.taken_back_reason = None, func.now(), reason
    _move(tx, plan, "ready")
    record(tx, "plan.take_back", subject=show("pn", plan_id), purpose=reason)
    return plan, taken, kept


def how_they_stand(tx: Read, plan_ids: Sequence[UUID]) -> dict[UUID, Standing]:
    """Plans after what people decided otherwise, as far as they concern the station's workers."""
    allow(tx.actor, Permission.SUGGEST)
    return queries.standing(tx, plan_ids)


def read_crowding(tx: Read) -> Crowding | None:
    """How crowded suggestions were at the last prices for everybody."""
    allow(tx.actor, Permission.PLAN)
    return price_queries.crowding(tx)


def how_followed(tx: Read, plan_id: UUID) -> dict[str, int]:
    """How often the plan's advice was followed, among the station's workers."""
    allow(tx.actor, Permission.SUGGEST)
    read_plan(tx, plan_id)
    return publishing.followed(tx, plan_id)


def go_together(tx: Write, worker_ids: Sequence[UUID], wish: str) -> UUID:
    """Take down that people ask to go together, to one workplace or one town; an earlier wish of theirs is replaced."""
    allow(tx.actor, Permission.WRITE_WORKERS)
    if len(set(worker_ids)) < 2 or len(worker_ids) > 10:
        raise wrong("workers", "bad_count", "同行的人须为 2 至 10 人。", "Companions are two to ten people.")
    if any(find_worker(tx, one) is None for one in worker_ids):
        raise NotFound
    if with_matching_consent(tx, worker_ids) != set(worker_ids):
        raise wrong("workers", "consent_missing", "同行的人都须同意推荐岗位。", "All of them must agree to matching.")
    go_alone(tx, worker_ids)
    group = min(worker_ids)
    station = tx.actor.organisation_id
    assert station is not None
    tx.session.add_all(
        Companion(worker_id=one, station_id=station, group_id=group, wish=wish) for one in dict.fromkeys(worker_ids)
    )
    tx.session.flush()
    for one in worker_ids:
        record(tx, "companions.set", worker_id=one, subject=show("w", one))
    return group


def go_alone(tx: Write, worker_ids: Sequence[UUID]) -> None:
    """They no longer ask to go together; a group of one is none."""
    allow(tx.actor, Permission.WRITE_WORKERS)
    groups = select(Companion.group_id).where(Companion.worker_id.in_(worker_ids))
    tx.session.execute(delete(Companion).where(Companion.group_id.in_(groups)))


def read_fill(tx: Read, vacancy_id: UUID) -> tuple[Vacancy, VacancyFill | None]:
    """One's own vacancy, how far the last plan for everybody fills it, and which limit keeps people away; None before
    there was one. Raises NotFound."""
    allow(tx.actor, Permission.POST_VACANCIES)
    vacancy = find_vacancy(tx, vacancy_id)
    if vacancy is None or vacancy.poster_id != tx.actor.organisation_id:
        raise NotFound
    return vacancy, price_queries.fill_of(tx, vacancy_id)


def read_own_fills(tx: Read) -> dict[UUID, VacancyFill]:
    """How far the last plan for everybody fills each of one's own vacancies; none before the first."""
    allow(tx.actor, Permission.POST_VACANCIES)
    return price_queries.own_fills(tx)


def _move(tx: Write, plan: Plan, state: str) -> None:
    plan.state = state
    plan.version += 1
    tx.session.flush()
    tx.session.refresh(plan)
