"""The tour: from step to step, each on the page it is about."""

from __future__ import annotations

from fastapi import APIRouter, Request
from sqlalchemy import func, select
from starlette.responses import RedirectResponse, Response

from app.console.cookies import remember
from app.console.door import PageRead
from app.console.page_route import PageRoute
from app.console.tours import OVER, TOURS
from app.db.transaction import Read
from app.edge.public_ids import show
from app.errors import NotFound
from app.placements.model import Placement
from app.plans.model import VacancyFill
from app.suggestions.model import Suggestion
from app.vacancies.model import Vacancy

router = APIRouter(prefix="/tour", route_class=PageRoute, include_in_schema=False)
_ANSWERS = select(func.count()).where(Placement.vacancy_id == Vacancy.id, Placement.state == "introduced")
_EMPTY = select(func.max(VacancyFill.openings - VacancyFill.filled)).where(VacancyFill.vacancy_id == Vacancy.id)
#: Of the employer's vacancies the one that shows most of what a step is about, else the newest.
_FIRST = {
    "a vacancy with answers": (_ANSWERS.scalar_subquery().desc(),),
    "a vacancy left empty": ((Vacancy.state == "open").desc(), _EMPTY.scalar_subquery().desc().nulls_last()),
}


@router.get("/end")
def leave_tour() -> Response:
    """Seen, or not wanted: it is not offered again in this browser."""
    answer = RedirectResponse("/home", status_code=303)
    remember(answer, OVER, "over")
    return answer


@router.get("/{number}")
def go_to_step(request: Request, number: int, tx: PageRead) -> Response:
    """The page of a step."""
    steps = TOURS.get(tx.actor.role.audience, ())
    if not 0 < number <= len(steps):
        raise NotFound
    page = steps[number - 1].page
    address = page if page.startswith("/") else _somebodys(tx, page) or steps[0].page
    return RedirectResponse(f"{address}?tour={number}", status_code=303)


def _somebodys(tx: Read, page: str) -> str | None:
    """A worker of the station who has three jobs, or a vacancy of the employer's; None: there is none."""
    if page in _FIRST:
        own = select(Vacancy.id).where(Vacancy.poster_id == tx.actor.organisation_id)
        vacancy = tx.session.scalar(own.order_by(*_FIRST[page], Vacancy.seq.desc()).limit(1))
        return f"/board/{show('v', vacancy)}" if vacancy else None
    third = select(Suggestion.worker_id).where(Suggestion.current, Suggestion.rank == 3).limit(1)
    worker = tx.session.scalar(third)
    call = "/read-out" if page == "a worker's call" else ""
    return f"/desk/workers/{show('w', worker)}{call}" if worker else None
