"""Vacancies on the desk: what is open, what waits for a decision, what the own office posted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated, Literal, NamedTuple

from fastapi import APIRouter, Form, Query, Request
from starlette.responses import Response

from app.console.desk_queries import how_many, suggested, suggested_to
from app.console.door import FormWrite, PageRead
from app.console.page_route import PageRoute
from app.console.pages import language_of, onward, render
from app.console.shocks import closed_today
from app.db.base import today
from app.db.transaction import Read
from app.edge.language import Language
from app.edge.paging import Paging, Window
from app.edge.public_ids import VacancyId
from app.identity.permissions import Permission, may
from app.places.areas import lies_in
from app.vacancies import forms, usecases
from app.vacancies.advice import Doubt
from app.vacancies.approval import decide_vacancy, doubts_about
from app.vacancies.choices import RefusalCode, VacancyState
from app.vacancies.minimum_wages import wage_table
from app.vacancies.model import Vacancy
from app.vacancies.queries import Filters, on_market_before, recruiters, vacancies

router = APIRouter(prefix="/desk/vacancies", route_class=PageRoute, include_in_schema=False)


@router.get("")
def see_vacancies(
    request: Request,
    tx: PageRead,
    at: Paging,
    q: Annotated[str, Query(max_length=60)] = "",
    trade: Annotated[str, Query(max_length=40)] = "",
    pay: Annotated[str, Query(pattern=r"^\d{0,6}$")] = "",
    kept: Literal["", "ours", "all"] = "",
    said: Literal["", "approved", "refused"] = "",
) -> Response:
    """What is open: to a station first what is suggested to its own workers. Above it, for who decides, what waits."""
    is_station = tx.actor.role.audience == "station"
    asked = {"q": q.strip(), "trade": trade.strip(), "pay": pay}
    kept = kept or ("ours" if is_station and not any(asked.values()) else "all")
    wanted = forms.filters(asked["trade"] or None, int(pay) if pay else None, asked["q"] or None)
    if kept == "ours":
        wanted = replace(wanted, only=suggested())
    found, following = usecases.list_vacancies(tx, at, wanted, None)
    to_decide, closed = waiting(tx, language_of(request)), closed_today(tx)
    return render(
        request,
        "vacancies.html",
        vacancies=found,
        total=how_many(tx.session, vacancies(wanted)),
        suits=suggested_to(tx.session, [one.vacancy.id for one in found]) if is_station else None,
        waiting=to_decide,
        closed=closed,
        shut={one.vacancy.id for one in found if any(lies_in(one.vacancy.workplace_code, code) for code in closed)},
        following=following,
        is_first=at.cursor is None,
        asked=asked | {"kept": kept},
        said=said,
    )


class Waiting(NamedTuple):
    """An offer that waits for a decision, and why."""

    vacancy: Vacancy
    #: What in it asked for a reader.
    doubts: Sequence[Doubt]
    #: The company whose account offers it for the employer. None: the employer's own.
    recruiter: str | None
    is_first: bool


def waiting(tx: Read, language: Language) -> list[Waiting]:
    """The offers that wait for the actor's decision."""
    if not may(tx.actor, Permission.DECIDE_VACANCIES):
        return []
    wanted = usecases.in_state(tx, Filters(), VacancyState.PENDING)
    found, _ = usecases.list_vacancies(tx, Window("/desk/vacancies", 50), wanted, None)
    return _why_they_wait(tx, [one.vacancy for one in found], language)


def _why_they_wait(tx: Read, rows: Sequence[Vacancy], language: Language) -> list[Waiting]:
    known = on_market_before(tx, [row.poster_id for row in rows])
    hired_for, wages = recruiters(tx, [row.id for row in rows]), wage_table(tx.session)
    return [
        Waiting(
            row,
            doubts_about(row, wages.floor(row.workplace_code, today()), language),
            hired_for.get(row.id),
            row.poster_id not in known,
        )
        for row in rows
    ]


@router.get("/{vacancy_id}")
def see_vacancy(request: Request, vacancy_id: VacancyId, tx: PageRead) -> Response:
    """One offer, whole; to whoever decides on it, why it waits."""
    detail = usecases.read_vacancy(tx, vacancy_id)
    waits = detail.vacancy.state == VacancyState.PENDING and not detail.is_own
    why = _why_they_wait(tx, [detail.vacancy], language_of(request))[0] if waits else None
    return render(request, "vacancy.html", detail=detail, why=why, codes=RefusalCode)


@router.post("/{vacancy_id}/decide")
def decide(
    request: Request, vacancy_id: VacancyId, tx: FormWrite, decision: Annotated[str, Form(max_length=40)]
) -> Response:
    """Let an offer onto the market, or refuse it with a reason."""
    decide_vacancy(tx, vacancy_id, None if decision == "approve" else RefusalCode(decision))
    return onward(request, f"/desk/vacancies?said={'approved' if decision == 'approve' else 'refused'}")
