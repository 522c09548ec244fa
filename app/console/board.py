"""The employer's board: post a vacancy with the law looking over one's shoulder, see who said yes, offer, decline."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Form, Request
from starlette.responses import Response

from app.console.door import Fields, FormWrite, PageRead, PageWrite
from app.console.forms import checked
from app.console.page_route import PageRoute
from app.console.pages import language_of, onward, render
from app.db.base import today
from app.edge.paging import Window
from app.edge.public_ids import VacancyId, show
from app.errors import Invalid, NotFound
from app.identity.permissions import Permission, allow
from app.placements import usecases as placements
from app.placements.schemas import DeclineCode, PlacementId, PlacementOut
from app.plans.schemas import FillOut
from app.plans.usecases import read_fill
from app.suggestions.routes import market_of
from app.vacancies import forms, usecases
from app.vacancies.queries import Filters
from app.vacancies.schemas import VacancyIn

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
    """The form of a new vacancy."""
    usecases.check_may_post(tx)
    return render(request, "post_vacancy.html", values={}, problem=None)


def stated(form: dict[str, str]) -> VacancyIn:
    """The form's fields as the API reads them. Raises Invalid."""
    texts = {name: value.strip() for name, value in form.items() if value.strip() and name != "csrf"}
    values: dict[str, Any] = dict(texts)
    for name in ("headcount", "wage_min", "wage_max", "age_min", "age_max"):
        if name in values:
            values[name] = int(values[name]) if values[name].isdigit() else values[name]
    for name in ("lodging", "board"):
        if name in values:
            values[name] = values[name] == "yes"
    return checked(VacancyIn, **values)


@router.post("/check")
def check(request: Request, form: Fields, tx: PageRead) -> Response:
    """While it is typed: what the law says of the words, and whether the pay is lawful there. Nothing is kept."""
    usecases.check_may_post(tx)
    words = {name: form.get(name, "") for name in ("title", "requirements", "skills_text", "contact", "employer")}
    try:
        usecases.check_lawful(tx, words)
    except Invalid as problem:
        return render(request, "post_check.html", problem=problem, draft=None)
    try:
        draft = forms.vacancy_draft(stated(form), tx.actor.division, today())
        usecases.check_pay(tx, draft.kind, draft.wage_lo, draft.workplace.code)
    except Invalid as problem:
        return render(request, "post_check.html", problem=problem, draft=None)
    return render(request, "post_check.html", problem=None, draft=draft)


@router.post("/new")
def post(request: Request, form: Fields, tx: FormWrite) -> Response:
    """Post it; what is wrong is said beside the form, which keeps what was typed."""
    try:
        with tx.session.begin_nested():
            detail = usecases.post_vacancy(tx, forms.vacancy_draft(stated(form), tx.actor.division, today()))
    except Invalid as problem:
        return render(request, "post_vacancy.html", status=422, values=form, problem=problem)
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
