"""Vacancies on the desk: what is open, what waits for a decision, what the own office posted."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Query, Request
from starlette.responses import Response

from app.console.door import FormWrite, PageRead
from app.console.page_route import PageRoute
from app.console.pages import onward, render
from app.edge.paging import Paging, Window
from app.edge.public_ids import VacancyId
from app.identity.permissions import Permission, may
from app.vacancies import forms, usecases
from app.vacancies.approval import decide_vacancy
from app.vacancies.choices import RefusalCode, VacancyState
from app.vacancies.queries import Filters

router = APIRouter(prefix="/desk/vacancies", route_class=PageRoute, include_in_schema=False)


@router.get("")
def see_vacancies(request: Request, tx: PageRead, at: Paging, q: Annotated[str, Query(max_length=60)] = "") -> Response:
    """What is open; above it, for who decides, what waits."""
    found, following = usecases.list_vacancies(tx, at, forms.filters(None, None, q.strip() or None), None)
    return render(
        request, "vacancies.html", vacancies=found, waiting=waiting(tx), following=following, q=q, codes=RefusalCode
    )


def waiting(tx: PageRead) -> list[usecases.VacancyFound]:
    """New employers' offers that wait for the actor's decision."""
    if not may(tx.actor, Permission.DECIDE_VACANCIES):
        return []
    wanted = usecases.in_state(tx, Filters(), VacancyState.PENDING)
    found, _ = usecases.list_vacancies(tx, Window("/desk/vacancies", 50), wanted, None)
    return list(found)


@router.get("/{vacancy_id}")
def see_vacancy(request: Request, vacancy_id: VacancyId, tx: PageRead) -> Response:
    """One offer, whole."""
    return render(request, "vacancy.html", detail=usecases.read_vacancy(tx, vacancy_id), codes=RefusalCode)


@router.post("/{vacancy_id}/decide")
def decide(
    request: Request, vacancy_id: VacancyId, tx: FormWrite, decision: Annotated[str, Form(max_length=40)]
) -> Response:
    """Let an offer onto the market, or refuse it with a reason."""
    decide_vacancy(tx, vacancy_id, None if decision == "approve" else RefusalCode(decision))
    return onward(request, "/desk/vacancies")
