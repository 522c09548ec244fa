"""Plans: order one, see it come, decide otherwise, publish. Stations see who goes where; authorities see figures."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Form, Query, Request
from starlette.responses import JSONResponse, Response

from app.console.door import FormWrite, PageRead, PageWrite
from app.console.forms import checked
from app.console.page_route import PageRoute
from app.console.pages import dress, language_of, onward, render
from app.console.tables import table_workbook
from app.edge.paging import Paging
from app.edge.public_ids import WorkerId, find, show
from app.identity.permissions import Permission, may
from app.lists.queries import recent_lists
from app.plans import deciding, usecases
from app.plans.schemas import AssignmentOut, OverrideIn, PlanId, PlanIn, PlanOut
from app.suggestions.routes import market_of

router = APIRouter(prefix="/desk/plans", route_class=PageRoute, include_in_schema=False)
#: While it stands in one of these, the page asks again.
AT_WORK = frozenset({"ordered", "planning"})
#: Names on a page: reading them is recorded.
AT_ONCE = 50
#: Shares before and after, as they are called.
_SHARES = (
    ("crowded", "推荐挤在少数岗位上（越低越好）", "suggestions to overrun vacancies (low is good)"),
    ("placed_by_first", "人人选第一个，坐得下的人（越高越好）", "placed if all take their first (high is good)"),
    ("never_suggested", "没有推荐给任何人的岗位（越低越好）", "vacancies shown to nobody (low is good)"),
)
#: The heads of their table, in Chinese and in English.
CROWDING = (("占比（%）", "各选各的", "按方案"), ("share (%)", "each on their own", "with the plan"))
_BEFORE, _AFTER = "#b9b2a2", "#0b5563"


@router.get("")
def see_plans(request: Request, tx: PageRead, at: Paging) -> Response:
    """The office's plans, newest first, and a new one to be ordered."""
    rows, following = usecases.list_plans(tx, at)
    language = language_of(request)
    return render(
        request,
        "plans.html",
        plans=[PlanOut.of(row, language) for row in rows],
        following=following,
        lists=[one for one in recent_lists(tx.session, ["worker"], 20) if one.state == "stored"],
        is_station=may(tx.actor, Permission.SUGGEST),
    )


@router.post("")
def order(request: Request, tx: FormWrite, chosen: Annotated[str, Form(max_length=40)] = "") -> Response:
    """Order a plan, for one list or for everybody in the office's care."""
    wanted = PlanIn(lists=[find("l", chosen)] if chosen else [])
    plan = usecases.order_plan(tx, wanted.scope())
    return onward(request, _address(plan.id))


def _address(plan_id: PlanId) -> str:
    return f"/desk/plans/{show('pn', plan_id)}"


@router.get("/{plan_id}")
def see_plan(
    request: Request,
    plan_id: PlanId,
    tx: PageWrite,
    after: Annotated[WorkerId | None, Query()] = None,
    published: Annotated[int | None, Query(ge=0)] = None,
) -> Response:
    """How good it is; for a station also who goes where and why."""
    language = language_of(request)
    plan = PlanOut.of(usecases.read_plan(tx, plan_id), language)
    is_made = plan.state in ("ready", "published", "replaced")
    is_station = may(tx.actor, Permission.SUGGEST)
    found = (
        usecases.read_assignments(tx, market_of(request), plan_id, after=after, limit=AT_ONCE)
        if is_made and is_station
        else []
    )
    return render(
        request,
        "plan.html",
        plan=plan,
        address=_address(plan_id),
        at_work=plan.state in AT_WORK,
        assignments=[AssignmentOut.of(one, language) for one in found],
        following=found[-1].assigned.assignment.worker_id if len(found) == AT_ONCE else None,
        stands=usecases.how_they_stand(tx, [plan_id]).get(plan_id) if is_made and is_station else None,
        followed=usecases.how_followed(tx, plan_id) if plan.state == "published" and is_station else None,
        shares=shares(plan.outcome, english=language == "en"),
        is_station=is_station,
        published=published,
    )


def shares(outcome: dict[str, Any], *, english: bool) -> list[tuple[str, float, float]]:
    """Name, per cent before, per cent after."""
    crowding = outcome.get("congestion")
    if not crowding:
        return []
    before, after = crowding["before"], crowding["after"]
    return [
        (en if english else zh, round(100 * before[code], 1), round(100 * after[code], 1)) for code, zh, en in _SHARES
    ]


@router.get("/{plan_id}/progress")
def progress(request: Request, plan_id: PlanId, tx: PageRead) -> Response:
    """How far the work is; when it is done the page is loaded anew."""
    plan = PlanOut.of(usecases.read_plan(tx, plan_id), language_of(request))
    if plan.state not in AT_WORK:
        return onward(request, _address(plan_id))
    return render(request, "plan_progress.html", plan=plan, address=_address(plan_id))


@router.get("/{plan_id}/table.xlsx")
def download(request: Request, plan_id: PlanId, tx: PageRead) -> Response:
    """Congestion before and after, as a workbook."""
    english = language_of(request) == "en"
    found = shares(dict(usecases.read_plan(tx, plan_id).outcome), english=english)
    return table_workbook("plan", CROWDING[english], [list(row) for row in found])


@router.get("/{plan_id}/chart.json")
def chart(request: Request, plan_id: PlanId, tx: PageRead) -> Response:
    """Congestion before and after, as bars."""
    english = language_of(request) == "en"
    found = shares(dict(usecases.read_plan(tx, plan_id).outcome), english=english)
    answer = JSONResponse(drawing(found, english=english))
    dress(answer)
    return answer


def drawing(found: list[tuple[str, float, float]], *, english: bool) -> dict[str, Any]:
    """Two bars a share."""
    names = ("each on their own", "with the plan") if english else ("各选各的", "按方案")
    series = [
        {
            "type": "bar",
            "name": names[which],
            "data": [row[1 + which] for row in found],
            "itemStyle": {"color": (_BEFORE, _AFTER)[which]},
            "label": {"show": True, "position": "top", "formatter": "{c}%"},
        }
        for which in (0, 1)
    ]
    return {
        "grid": {"left": 44, "right": 12, "top": 44, "bottom": 32},
        "legend": {"top": 0},
        "xAxis": {"type": "category", "data": [row[0] for row in found], "axisLabel": {"interval": 0}},
        "yAxis": {"type": "value", "max": 100, "axisLabel": {"formatter": "{value}%"}},
        "series": series,
    }


@router.post("/{plan_id}/cancel")
def cancel(request: Request, plan_id: PlanId, tx: FormWrite) -> Response:
    """Call it off."""
    usecases.cancel_plan(tx, plan_id)
    return onward(request, "/desk/plans")


@router.post("/{plan_id}/publish")
def publish(request: Request, plan_id: PlanId, tx: FormWrite) -> Response:
    """From now on the planned job comes first among each worker's three."""
    _, published, _ = usecases.publish_plan(tx, plan_id)
    return onward(request, f"{_address(plan_id)}?published={published}")


@router.post("/{plan_id}/workers/{worker_id}")
def override(
    request: Request,
    plan_id: PlanId,
    worker_id: WorkerId,
    tx: FormWrite,
    vacancy: Annotated[str, Form(max_length=40)] = "",
    reason: Annotated[str, Form(max_length=300)] = "",
) -> Response:
    """A person decides otherwise; the reason is kept."""
    said = checked(OverrideIn, vacancy_id=vacancy or None, reason=reason)
    deciding.override(tx, market_of(request), plan_id, worker_id, said.vacancy_id, said.reason)
    return onward(request, f"{_address(plan_id)}#w_{worker_id.hex}")
