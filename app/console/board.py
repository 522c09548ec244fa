"""The employer's board: post a vacancy with the law looking over one's shoulder, see who said yes, offer, decline."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Form, Request
from starlette.responses import Response

from app.console.door import Fields, FormWrite, PageRead, PageWrite
from app.console.page_route import PageRoute
from app.console.pages import language_of, onward, render
from app.console.posting import LABELS, SELDOM, Judged, judged, own_name
from app.console.words import PAY
from app.db.transaction import Read
from app.edge.paging import Window
from app.edge.public_ids import VacancyId, show
from app.errors import NotFound
from app.identity.permissions import Permission, allow, may
from app.placements import usecases as placements
from app.placements.schemas import DeclineCode, PlacementId, PlacementOut
from app.placements.suitable import Reach
from app.plans.schemas import FillOut
from app.plans.usecases import read_fill
from app.suggestions.routes import market_of
from app.vacancies import usecases
from app.vacancies.queries import Filters

router = APIRouter(prefix="/board", route_class=PageRoute, include_in_schema=False)
_MOST = 100


@router.get("")
def see_board(request: Request, tx: PageWrite) -> Response:
    """Own vacancies with places left, and who said yes."""
    allow(tx.actor, Permission.POST_VACANCIES)
    found, _ = usecases.list_vacancies(tx, Window("/board", _MOST), usecases.own_only(tx, Filters()), None)
    open_ones, _ = placements.list_placements(tx, Window("/board", _MOST), only_open=True)
    by_vacancy: dict[Any, list[Any]] = {}
    for one in open_ones:
        by_vacancy.setdefault(one.vacancy_id, []).append(one)
    return render(request, "board.html", vacancies=found, introductions=by_vacancy)


@router.get("/new")
def new(request: Request, tx: PageRead) -> Response:
    """The form of a new vacancy, an employer's own name in it already."""
    usecases.check_may_post(tx)
    return form_page(request, tx, own_name(tx), Judged())


def form_page(request: Request, tx: Read, values: Mapping[str, str], said: Judged, status: int = 200) -> Response:
    """The form with what stands in it, and what is to be said of it."""
    own = own_name(tx)
    return render(
        request,
        "post_vacancy.html",
        status=status,
        values=values,
        own=own,
        own_open=any(values.get(name) != own[name] or name in said.wrong for name in own),
        seldom_open=any(values.get(name) or name in said.wrong for name in SELDOM),
        **beside(request, tx, said),
    )


def beside(request: Request, tx: Read, said: Judged) -> dict[str, Any]:
    """What the parts of the form's page need to speak of it."""
    english = language_of(request) == "en"
    return {
        "judged": said,
        "labels": LABELS,
        "label": lambda name: LABELS[name][english],
        "wage": usecases.least_wage(tx, said.draft.workplace.code) if said.draft else None,
        "suit": reach_of(request, tx, said),
        "pay_words": PAY,
    }


def reach_of(request: Request, tx: Read, said: Judged) -> Reach | None:
    """Whom the offer would reach, once it can be posted; told to verified employers alone."""
    if said.draft is None or not may(tx.actor, Permission.OFFER_PLACES):
        return None
    return placements.preview_reach(tx, market_of(request), said.draft)


@router.post("/check")
def check(request: Request, form: Fields, tx: PageRead) -> Response:
    """While it is typed: what the law says of words and pay, and about how many it suits. Nothing is kept."""
    return render(request, "post_check.html", **beside(request, tx, judged(tx, form, language_of(request))))


@router.post("/new")
def post(request: Request, form: Fields, tx: FormWrite) -> Response:
    """Post it; what is wrong is said under each field of the form, which keeps what was typed."""
    said = judged(tx, form, language_of(request), is_sent=True)
    if said.draft is None:
        return form_page(request, tx, form, said, status=422)
    detail = usecases.post_vacancy(tx, said.draft)
    return onward(request, f"/board/{show('v', detail.vacancy.id)}")


@router.get("/{vacancy_id}")
def see_vacancy(request: Request, vacancy_id: VacancyId, tx: PageWrite) -> Response:
    """One's own vacancy: how many suit, who said yes, what keeps it empty, what to do now."""
    detail = usecases.vacancy_to_change(tx, vacancy_id)
    is_open = detail.vacancy.state == "open"
    at = Window("/board", _MOST)
    suitable = placements.list_candidates(tx, market_of(request), vacancy_id, at)[0] if is_open else None
    rows, _ = placements.list_placements(tx, at, vacancy_id=vacancy_id)
    return render(
        request,
        "board_vacancy.html",
        detail=detail,
        suitable=suitable,
        fill=fill_of(tx, vacancy_id),
        placements=[PlacementOut.of(row, tx.actor, language_of(request)) for row in rows],
        codes=DeclineCode,
    )


def fill_of(tx: PageRead, vacancy_id: UUID) -> FillOut | None:
    """How full the last plan for everybody makes it; None before there was one."""
    try:
        return FillOut.of(read_fill(tx, vacancy_id))
    except NotFound:
        return None


@router.get("/introductions/{placement_id}/contact")
def contact(request: Request, placement_id: PlacementId, tx: PageWrite) -> Response:
    """Name and phone, while the worker's yes to it lives; the worker sees the look."""
    return render(request, "board_contact.html", reached=placements.read_contact(tx, placement_id))


@router.post("/introductions/{placement_id}/{act}")
def act(
    request: Request,
    placement_id: PlacementId,
    act: str,
    tx: FormWrite,
    reason: Annotated[str, Form(max_length=40)] = "",
) -> Response:
    """Offer the place, or decline with a coded reason."""
    placement = placements.read_placement(tx, placement_id)
    if act == "offer":
        placements.offer(tx, placement_id)
    else:
        placements.turn_down(tx, placement_id, DeclineCode(reason).value)
    return onward(request, f"/board/{show('v', placement.vacancy_id)}")


@router.post("/{vacancy_id}/confirm")
def confirm(request: Request, vacancy_id: VacancyId, tx: FormWrite) -> Response:
    """It still stands: another month."""
    usecases.confirm_own_vacancy(tx, vacancy_id)
    return onward(request, f"/board/{show('v', vacancy_id)}")


@router.post("/{vacancy_id}/close")
def close(request: Request, vacancy_id: VacancyId, tx: FormWrite) -> Response:
    """Take it from the market."""
    usecases.close_vacancy(tx, vacancy_id)
    return onward(request, "/board")
