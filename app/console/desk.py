"""The clerk's desk: what waits today, the workers, one page a person, and the page to read out on the phone."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Query, Request
from starlette.responses import Response

from app.console.desk_queries import how_the_station_stands, under_way, with_fewer_than_three
from app.console.door import FormWrite, PageWrite
from app.console.forms import checked, wishes_of
from app.console.map_line import map_line
from app.console.page_route import PageRoute
from app.console.pages import language_of, onward, render
from app.db.base import today
from app.edge.paging import Paging
from app.edge.public_ids import WorkerId, show
from app.edge.written_dates import Day
from app.errors import ConsentMissing
from app.identity.permissions import Permission, allow
from app.lists.queries import recent_lists
from app.placements.queries import settle
from app.placements.schemas import PlacementOut
from app.suggestions.routes import market_of
from app.suggestions.schemas import SuggestionsOut
from app.suggestions.usecases import suggest_vacancies
from app.workers import forms, usecases
from app.workers.schemas import PaperIn, WorkerOut

router = APIRouter(prefix="/desk", route_class=PageRoute, include_in_schema=False)


@router.get("")
def see_desk(request: Request, tx: PageWrite) -> Response:
    """Today: what waits, and who has fewer than three jobs."""
    allow(tx.actor, Permission.READ_WORKERS)
    settle(tx)
    return render(
        request,
        "desk.html",
        counts=how_the_station_stands(tx.session),
        going=going(request, tx),
        few=with_fewer_than_three(tx.session, 12),
        lists=[found for found in recent_lists(tx.session, ["worker", "vacancy"], 8) if found.state == "ready"],
    )


def going(request: Request, tx: PageWrite, worker_id: UUID | None = None) -> list[tuple[str, PlacementOut]]:
    """Names, and where their answers stand and what happens next."""
    language = language_of(request)
    found = under_way(tx.session, worker_id=worker_id)
    return [(one.name, PlacementOut.of(one.placement, tx.actor, language)) for one in found]


@router.get("/workers")
def see_workers(
    request: Request,
    tx: PageWrite,
    at: Paging,
    q: Annotated[str, Query(max_length=50)] = "",
) -> Response:
    """The station's workers, by name."""
    found, following = usecases.list_workers(tx, at, name_prefix=q.strip() or None)
    return render(request, "workers.html", workers=found, following=following, q=q)


@router.get("/workers/{worker_id}")
def see_worker(request: Request, worker_id: WorkerId, tx: PageWrite) -> Response:
    """One page a person: wishes, three jobs with reasons, what would open."""
    detail = usecases.read_worker(tx, worker_id)
    return render(
        request,
        "worker.html",
        worker=WorkerOut.of(detail),
        detail=detail,
        jobs=_jobs(request, tx, worker_id),
        going=going(request, tx, worker_id),
        line=lambda job: map_line(detail.worker.home_code, job.vacancy.division),
        today=today(),
    )


@router.get("/workers/{worker_id}/read-out")
def read_out(
    request: Request, worker_id: WorkerId, tx: PageWrite, after: Annotated[int, Query(ge=0, le=200)] = 0
) -> Response:
    """For the phone call: big type, plain words, one job at a time."""
    detail = usecases.read_worker(tx, worker_id)
    jobs = _jobs(request, tx, worker_id, after=after)
    return render(
        request,
        "read_out.html",
        worker=WorkerOut.of(detail),
        jobs=jobs,
        going=going(request, tx, worker_id),
        after=after,
        today=today(),
    )


def _jobs(request: Request, tx: PageWrite, worker_id: WorkerId, *, after: int = 0) -> SuggestionsOut | None:
    """The worker's three; None without consent to matching."""
    try:
        offers = suggest_vacancies(tx, market_of(request), worker_id, after=after)
    except ConsentMissing:
        return None
    return SuggestionsOut.of(offers, language_of(request))


@router.post("/workers/{worker_id}/consent")
def take_consent(
    request: Request,
    worker_id: WorkerId,
    tx: FormWrite,
    witness: Annotated[str, Form(min_length=1, max_length=60)],
    signed_on: Annotated[Day, Form()],
) -> Response:
    """Take down a signed paper for matching."""
    forms.check_paper(checked(PaperIn, witness=witness, signed_on=signed_on), today())
    usecases.take_consent(tx, worker_id, witness=witness, signed_on=signed_on)
    return onward(request, f"/desk/workers/{show('w', worker_id)}")


@router.post("/workers/{worker_id}/wishes")
def set_wishes(
    request: Request,
    worker_id: WorkerId,
    tx: FormWrite,
    occupations: Annotated[str, Form(max_length=300)] = "",
    places: Annotated[str, Form(max_length=300)] = "",
    min_wage: Annotated[str, Form(pattern=r"^\d{0,6}$")] = "",
    going_out: Annotated[str, Form(pattern="^(yes|no|)$")] = "",
) -> Response:
    """Put down what the worker wants, as said on the phone."""
    detail = usecases.worker_to_change(tx, worker_id)
    said = wishes_of(detail, occupations, places, min_wage, going_out)
    usecases.set_intention(tx, detail, forms.intention(said, detail.worker.home_code))
    return onward(request, f"/desk/workers/{show('w', worker_id)}")
