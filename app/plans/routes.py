"""Plans over HTTP."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from app.db.base import today
from app.edge.etags import mark
from app.edge.idempotency import OnceRoute
from app.edge.language import of_scope
from app.edge.paging import Page, Paging
from app.edge.public_ids import VacancyId, WorkerId, show
from app.identity.door import OnceTx, PublicTx, ReadTx, WriteTx
from app.plans import deciding, usecases
from app.plans.priorities import profile_on
from app.plans.schemas import (
    AssignmentOut,
    AssignmentsOut,
    ChoicesOut,
    CompanionsIn,
    CompanionsOut,
    FillOut,
    FollowedOut,
    OverrideIn,
    PlanId,
    PlanIn,
    PlanOut,
    PriorityOut,
    PublishedOut,
    TakeBackIn,
    TakenBackOut,
)
from app.suggestions.routes import market_of

router = APIRouter(prefix="/v1", tags=["plans"], route_class=OnceRoute)


@router.post("/plans", status_code=202)
def order_plan(body: PlanIn, tx: OnceTx, request: Request, response: Response) -> PlanOut:
    """为清单、地区或结对做整体对接方案。/ Plan for lists, divisions or pairings, within real openings."""
    plan = usecases.order_plan(tx, body.scope())
    response.headers["Location"] = f"/v1/plans/{show('pn', plan.id)}"
    return PlanOut.of(plan, of_scope(request.scope))


@router.get("/plans")
def list_plans(tx: ReadTx, at: Paging, request: Request) -> Page[PlanOut]:
    """本单位的方案，新的在前。/ The office's plans, newest first."""
    rows, following = usecases.list_plans(tx, at)
    return Page(items=[PlanOut.of(row, of_scope(request.scope)) for row in rows], next=following)


@router.get("/plans/{plan_id}")
def get_plan(plan_id: PlanId, tx: ReadTx, request: Request, response: Response) -> PlanOut:
    """方案进度与结果（价值、上界、证书、拥挤度）。/ Progress and figures of a plan."""
    plan = usecases.read_plan(tx, plan_id)
    mark(response, plan.id, plan.version, plan.progress)
    return PlanOut.of(plan, of_scope(request.scope))


@router.post("/plans/{plan_id}/cancel")
def cancel_plan(plan_id: PlanId, tx: OnceTx, request: Request) -> PlanOut:
    """取消正在计算的方案。/ Call a plan off."""
    return PlanOut.of(usecases.cancel_plan(tx, plan_id), of_scope(request.scope))


@router.get("/plans/{plan_id}/assignments")
def list_assignments(
    plan_id: PlanId,
    tx: WriteTx,
    request: Request,
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
    after: Annotated[WorkerId | None, Query(description="上一页的 next / the last page's `next`")] = None,
) -> AssignmentsOut:
    """方案：人到岗位，理由、次选与改动代价。/ Worker → job, why, the runner-up and what it costs."""
    found = usecases.read_assignments(tx, market_of(request), plan_id, after=after, limit=limit)
    following = found[-1].assigned.assignment.worker_id if len(found) == limit else None
    return AssignmentsOut(items=[AssignmentOut.of(one, of_scope(request.scope)) for one in found], next=following)


@router.put("/plans/{plan_id}/assignments/{worker_id}", status_code=204)
def override_assignment(plan_id: PlanId, worker_id: WorkerId, body: OverrideIn, tx: WriteTx, request: Request) -> None:
    """人工改动，理由留存；选回方案原来的岗位也行。/ Decide otherwise, or as planned again; with a reason."""
    deciding.override(tx, market_of(request), plan_id, worker_id, body.vacancy_id, body.reason)


@router.get("/plans/{plan_id}/assignments/{worker_id}/choices")
def list_choices(
    plan_id: PlanId,
    worker_id: WorkerId,
    tx: WriteTx,
    request: Request,
    q: Annotated[str, Query(max_length=40, description="岗位、单位或地点 / a job, an employer or a place")] = "",
) -> ChoicesOut:
    """合乎本人意愿、本方案里还有位子的岗位。/ Jobs that suit the worker and have a place left in this plan."""
    found = deciding.read_choices(tx, market_of(request), plan_id, worker_id, q.strip())
    return ChoicesOut.of(found, of_scope(request.scope))


@router.post("/plans/{plan_id}/publish")
def publish_plan(plan_id: PlanId, tx: OnceTx, request: Request) -> PublishedOut:
    """发布：方案岗位成为本人第一推荐，不代替本人答复。/ Publish: planned jobs come first; nothing is accepted."""
    plan, published, fallen = usecases.publish_plan(tx, plan_id)
    return PublishedOut(plan=PlanOut.of(plan, of_scope(request.scope)), published=published, fallen_out=fallen)


@router.post("/plans/{plan_id}/take-back")
def take_back_plan(plan_id: PlanId, body: TakeBackIn, tx: OnceTx, request: Request) -> TakenBackOut:
    """收回已发布的方案；本人已答应的不动。/ Take a published plan back; what was answered stays."""
    plan, taken, kept = usecases.take_back_plan(tx, plan_id, body.reason)
    return TakenBackOut(plan=PlanOut.of(plan, of_scope(request.scope)), taken_back=taken, kept=kept)


@router.get("/plans/{plan_id}/followed")
def get_plan_followed(plan_id: PlanId, tx: ReadTx) -> FollowedOut:
    """方案建议被采纳的次数。/ How often the advice was followed."""
    return FollowedOut.model_validate(usecases.how_followed(tx, plan_id))


@router.post("/companions", status_code=201)
def set_companions(body: CompanionsIn, tx: OnceTx) -> CompanionsOut:
    """夫妻、同乡要求同行：同一单位或同一地。/ People who ask to go together."""
    usecases.go_together(tx, body.workers, body.wish)
    return CompanionsOut(workers=body.workers, wish=body.wish)


@router.delete("/companions/{worker_id}", status_code=204)
def remove_companions(worker_id: WorkerId, tx: WriteTx) -> None:
    """不再要求同行。/ They go alone again."""
    usecases.go_alone(tx, [worker_id])


@router.get("/vacancies/{vacancy_id}/fill")
def get_vacancy_fill(vacancy_id: VacancyId, tx: ReadTx, request: Request) -> FillOut:
    """方案能招满多少，什么条件挡住了人；还没算过时 filled 为空。/ How far a plan fills it, and which limit keeps people
    away; `filled` is null before the first reckoning."""
    return FillOut.of(*usecases.read_fill(tx, vacancy_id), of_scope(request.scope))


@router.get("/priorities")
def get_priorities(_: PublicTx) -> PriorityOut:
    """同一名额竞争时的优先级，注明日期。/ Priorities between workers competing for one opening, dated."""
    return PriorityOut.of(profile_on(today()))
