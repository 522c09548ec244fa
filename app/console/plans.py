"""Plans: order one, see it come, decide otherwise, publish. Stations see who goes where; authorities see figures."""

from __future__ import annotations

from typing import Annotated, Any, Literal
from urllib.parse import parse_qsl, urlencode

from fastapi import APIRouter, Form, Query, Request
from starlette.responses import JSONResponse, Response

from app.console.door import FormWrite, PageRead, PageWrite
from app.console.forms import checked
from app.console.page_route import PageRoute
from app.console.pages import dress, language_of, onward, render
from app.console.tables import table_workbook
from app.edge.language import Language
from app.edge.paging import Paging
from app.edge.public_ids import WorkerId, find, show
from app.identity.permissions import Permission, may
from app.lists.queries import recent_lists
from app.plans import deciding, usecases
from app.plans.assigned_queries import Wanted
from app.plans.queries import Standing
from app.plans.schemas import AssignmentOut, ChoicesOut, OverrideIn, PlanId, PlanIn, PlanOut, TakeBackIn
from app.suggestions.routes import market_of

router = APIRouter(prefix="/desk/plans", route_class=PageRoute, include_in_schema=False)
#: While it stands in one of these, the page asks again.
AT_WORK = frozenset({"ordered", "planning"})
#: What the address of a plan's page says of the people on it.
_SHOWN = ("after", "q", "which")
#: Names on a page: reading them is recorded.
AT_ONCE = 50
#: Shares before and after, as they are called.
_SHARES = (
    ("crowded", "推荐挤在少数岗位上（越低越好）", "suggestions crowding into few vacancies (lower is better)"),
    ("placed_by_first", "最后有位子的人（越高越好）", "people who end up with a place (higher is better)"),
    ("never_suggested", "没有推荐给任何人的岗位（越低越好）", "vacancies suggested to nobody (lower is better)"),
)
#: Name, per cent when each chooses alone, per cent with the plan.
Share = tuple[str, float, float]
#: The heads of their table, in Chinese and in English.
CROWDING = (("占比（%）", "各选各的", "按方案"), ("share (%)", "each on their own", "with the plan"))
#: Names under the bars, in several lines: three of them fit a phone.
_UNDER = {"interval": 0, "width": 78, "overflow": "break", "fontSize": 10, "lineHeight": 13}
#: Wide bars and small figures above them: two stand side by side on a phone.
_BARS = {"barCategoryGap": "14%", "barGap": "8%"}
_ABOVE = {"show": True, "position": "top", "formatter": "{c}%", "fontSize": 10}
_BEFORE, _AFTER = "#b9b2a2", "#0b5563"


@router.get("")
def see_plans(request: Request, tx: PageRead, at: Paging) -> Response:
    """The office's plans, newest first, and a new one to be ordered."""
    rows, following = usecases.list_plans(tx, at)
    language, is_station = language_of(request), may(tx.actor, Permission.SUGGEST)
    return render(
        request,
        "plans.html",
        plans=[PlanOut.of(row, language) for row in rows],
        stand=usecases.how_they_stand(tx, [row.id for row in rows]) if is_station else {},
        following=following,
        lists=[one for one in recent_lists(tx.session, ["worker"], 20) if one.state == "stored"],
        is_station=is_station,
        market=usecases.read_crowding(tx),
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
    said: Annotated[Literal["", "published", "back", "changed"], Query()] = "",
    many: Annotated[int, Query(ge=0)] = 0,
    others: Annotated[int, Query(ge=0)] = 0,
    q: Annotated[str, Query(max_length=40)] = "",
    which: Annotated[Literal["", "without", "changed"], Query()] = "",
    who: Annotated[WorkerId | None, Query()] = None,
) -> Response:
    """How good it is; for a station also who goes where and why: all, those called `q`, or some of them. `said`: what
    was done just now, to `who`, or for how many people, and for how many it was not."""
    language = language_of(request)
    plan, stands = _as_it_stands(tx, plan_id, language)
    is_station = may(tx.actor, Permission.SUGGEST)
    newer = usecases.what_is_newer(tx, plan_id) if is_station and plan.state == "ready" else None
    is_shown = is_station and plan.state in ("ready", "published", "replaced")
    wanted, found = Wanted(q.strip(), which), []
    if is_shown:
        found = usecases.read_assignments(tx, market_of(request), plan_id, after=after, limit=AT_ONCE, wanted=wanted)
    return render(
        request,
        "plan.html",
        plan=plan,
        address=_address(plan_id),
        at_work=plan.state in AT_WORK,
        assignments=[AssignmentOut.of(one, language) for one in found],
        following=found[-1].assigned.assignment.worker_id if len(found) == AT_ONCE else None,
        stands=stands,
        followed=usecases.how_followed(tx, plan_id) if plan.state == "published" and is_station else None,
        shares=shares_of(plan.outcome, stands, english=language == "en"),
        is_station=is_station,
        newer=newer,
        wanted=wanted,
        page_here=urlencode(_shown(request.url.query)),
        changed_here=who if who in {one.assigned.assignment.worker_id for one in found} else None,
        is_shown=is_shown,
        said=said,
        many=many,
        others=others,
    )


def _as_it_stands(tx: PageRead, plan_id: PlanId, language: Language) -> tuple[PlanOut, Standing | None]:
    """The plan, and for a station what it is after what people decided."""
    plan = PlanOut.of(usecases.read_plan(tx, plan_id), language)
    if not plan.outcome or not may(tx.actor, Permission.SUGGEST):
        return plan, None
    return plan, usecases.how_they_stand(tx, [plan_id]).get(plan_id)


def shares_of(outcome: dict[str, Any], stands: Standing | None, *, english: bool) -> list[Share]:
    """The shares of a plan, if it has any; who has a place with it is counted from what stands now."""
    if not outcome.get("congestion"):
        return []
    placed = stands.placed if stands else outcome["placed"]
    return shares(outcome["congestion"], placed / max(1, outcome["workers"]), english=english)


def shares(congestion: dict[str, Any], placed: float | None = None, *, english: bool) -> list[Share]:
    """How crowded things are, as it was reckoned; with a plan so many have a place, where that is known better."""
    planned = congestion["after"] if placed is None else congestion["after"] | {"placed_by_first": placed}
    return [
        (en if english else zh, round(100 * congestion["before"][code], 1), round(100 * planned[code], 1))
        for code, zh, en in _SHARES
    ]


@router.get("/{plan_id}/progress")
def progress(request: Request, plan_id: PlanId, tx: PageRead) -> Response:
    """How far the work is; when it is done the page is loaded anew."""
    plan = PlanOut.of(usecases.read_plan(tx, plan_id), language_of(request))
    if plan.state not in AT_WORK:
        return onward(request, _address(plan_id))
    is_station = may(tx.actor, Permission.SUGGEST)
    return render(
        request, "plan_progress.html", plan=plan, address=_address(plan_id), is_polled=True, is_station=is_station
    )


@router.get("/{plan_id}/table.xlsx")
def download(request: Request, plan_id: PlanId, tx: PageRead) -> Response:
    """Congestion before and after, as a workbook."""
    found, english = _shares_now(request, tx, plan_id)
    return table_workbook("plan", CROWDING[english], [list(row) for row in found])


@router.get("/{plan_id}/chart.json")
def chart(request: Request, plan_id: PlanId, tx: PageRead) -> Response:
    """Congestion before and after, as bars."""
    found, english = _shares_now(request, tx, plan_id)
    answer = JSONResponse(drawing(found, english=english))
    dress(answer)
    return answer


def _shares_now(request: Request, tx: PageRead, plan_id: PlanId) -> tuple[list[Share], bool]:
    """The shares, and whether their names are English."""
    language = language_of(request)
    plan, stands = _as_it_stands(tx, plan_id, language)
    return shares_of(plan.outcome, stands, english=language == "en"), language == "en"


def drawing(found: list[Share], *, english: bool) -> dict[str, Any]:
    """Two bars a share."""
    names = ("each on their own", "with the plan") if english else ("各选各的", "按方案")
    under = [row[0].replace(" (", "\n(").replace("（", "\n（") for row in found]
    series = [
        {
            "type": "bar",
            "name": names[which],
            "data": [row[1 + which] for row in found],
            "itemStyle": {"color": (_BEFORE, _AFTER)[which]},
            "label": _ABOVE,
            **_BARS,
        }
        for which in (0, 1)
    ]
    return {
        "grid": {"left": 44, "right": 12, "top": 44, "bottom": 76},
        "legend": {"top": 0},
        "xAxis": {"type": "category", "data": under, "axisLabel": _UNDER},
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
    _, published, fallen = usecases.publish_plan(tx, plan_id)
    return onward(request, f"{_address(plan_id)}?said=published&many={published}&others={fallen}")


@router.post("/{plan_id}/take-back")
def take_back(
    request: Request, plan_id: PlanId, tx: FormWrite, reason: Annotated[str, Form(max_length=300)] = ""
) -> Response:
    """It comes first among nobody's three any more; what was answered stays."""
    _, taken, kept = usecases.take_back_plan(tx, plan_id, checked(TakeBackIn, reason=reason).reason)
    return onward(request, f"{_address(plan_id)}?said=back&many={taken}&others={kept}")


@router.get("/{plan_id}/workers/{worker_id}")
def see_choices(
    request: Request,
    plan_id: PlanId,
    worker_id: WorkerId,
    tx: PageWrite,
    q: Annotated[str, Query(max_length=40)] = "",
    page: Annotated[str, Query(max_length=500)] = "",
) -> Response:
    """What a person may decide for a worker instead: any job that suits and has a place left, or none."""
    found = deciding.read_choices(tx, market_of(request), plan_id, worker_id, q.strip())
    return render(
        request,
        "plan_choice.html",
        choices=ChoicesOut.of(found, language_of(request)),
        address=_address(plan_id),
        q=q.strip(),
        page=urlencode(_shown(page)),
    )


def _shown(page: str) -> dict[str, str]:
    """Which people of a plan a page showed, as its address said it: to come back to them."""
    return {name: words for name, words in parse_qsl(page) if name in _SHOWN}


@router.post("/{plan_id}/workers/{worker_id}")
def override(
    request: Request,
    plan_id: PlanId,
    worker_id: WorkerId,
    tx: FormWrite,
    vacancy: Annotated[str, Form(max_length=40)] = "",
    reason: Annotated[str, Form(max_length=300)] = "",
    page: Annotated[str, Form(max_length=500)] = "",
) -> Response:
    """A person decides otherwise; the reason is kept. Back to the people among whom this one stood."""
    said = checked(OverrideIn, vacancy_id=vacancy or None, reason=reason)
    deciding.override(tx, market_of(request), plan_id, worker_id, said.vacancy_id, said.reason)
    who = show("w", worker_id)
    asked = urlencode(_shown(page) | {"said": "changed", "who": who})
    return onward(request, f"{_address(plan_id)}?{asked}#{who}")
