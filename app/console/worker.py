"""One page a person: wishes, three jobs with reasons, what would open; the page to read out; consent given and taken
back at the station."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Query, Request
from starlette.responses import Response

from app.console.desk_queries import under_way
from app.console.door import FormWrite, PageWrite
from app.console.forms import checked, in_words, wanted_of
from app.console.map_line import map_line
from app.console.my_queries import terms_of
from app.console.page_route import PageRoute
from app.console.pages import language_of, onward, render
from app.console.spoken import sentences
from app.console.steps import agreed_on
from app.console.warming import market_of
from app.db.base import today
from app.edge.public_ids import WorkerId, show
from app.edge.written_dates import Day
from app.errors import ConsentMissing, Invalid
from app.placements import usecases as placements
from app.placements.schemas import PlacementId, PlacementOut
from app.reports.gone_before import gone_before
from app.suggestions.schemas import SuggestionOut, SuggestionsOut
from app.suggestions.usecases import suggest_vacancies
from app.vacancies.queries import with_verified_employer
from app.workers import forms, usecases
from app.workers.id_number import age_on
from app.workers.schemas import PaperIn, WorkerOut
from app.workers.usecases import WorkerDetail
from app.workers.wishes import unknown_places

router = APIRouter(prefix="/desk/workers/{worker_id}", route_class=PageRoute, include_in_schema=False)
#: What was just done, (Chinese, English).
_DONE = {
    "wishes": ("愿望改好了，岗位已按新的愿望重新找过。", "The wishes are changed, and jobs were looked for anew."),
    "consent": ("同意书登记好了。", "The signed paper is entered."),
    "withdrawn": (
        "收回登记好了：从现在起不再给本人推荐岗位。",
        "Taken back: from now on no jobs are suggested to this person.",
    ),
    "departed": ("已出发，登记好了。", "Has set out: entered."),
    "not_going": (
        "登记好了：本人不去了，对方不再看到。没有任何影响。",
        "Entered: not going. The employer sees nothing of it any more.",
    ),
}
Words = Annotated[str, Form(max_length=300)]


@router.get("")
def see_worker(
    request: Request, worker_id: WorkerId, tx: PageWrite, done: Annotated[str, Query(max_length=20)] = ""
) -> Response:
    """Wishes, three jobs with reasons, what would open."""
    return _page(request, tx, usecases.read_worker(tx, worker_id), done=_DONE.get(done))


def _page(
    request: Request,
    tx: PageWrite,
    detail: WorkerDetail,
    *,
    done: tuple[str, str] | None = None,
    said: dict[str, str] | None = None,
    wrong: dict[str, str] | None = None,
) -> Response:
    """The page; after a form that was not right with what was typed (`said`), and what is wrong by field."""
    worker_id = detail.worker.id
    under_way = going(request, tx, worker_id)
    return render(
        request,
        "worker.html",
        status=422 if wrong else 200,
        worker=WorkerOut.of(detail),
        age=age_on(today(), detail.worker.birth_date),
        jobs=_jobs(request, tx, worker_id),
        going=under_way,
        agreed=agreed_on(tx, [one for _, one in under_way]),
        line=lambda job: map_line(detail.worker.home_code, job.vacancy.division),
        today=today(),
        done=done,
        said=said or _as_stored(detail),
        wrong=wrong or {},
    )


def _as_stored(detail: WorkerDetail) -> dict[str, str]:
    """The wishes as the form shows them."""
    wish = detail.intention
    return {
        "occupations": wish.occupations_text or "",
        "places": wish.places_text or "",
        "min_wage": str(wish.min_wage or ""),
        "going_out": {True: "yes", False: "no", None: ""}[wish.willing_to_go_out],
    }


def going(request: Request, tx: PageWrite, worker_id: UUID | None = None) -> list[tuple[str, PlacementOut]]:
    """Names, and where their answers stand and what happens next."""
    language = language_of(request)
    found = under_way(tx.session, worker_id=worker_id)
    return [(one.name, PlacementOut.of(one.placement, tx.actor, language)) for one in found]


@router.get("/read-out")
def read_out(
    request: Request, worker_id: WorkerId, tx: PageWrite, after: Annotated[int, Query(ge=0, le=200)] = 0
) -> Response:
    """For the phone call: big type, plain words, one job at a time."""
    detail = usecases.read_worker(tx, worker_id)
    language = language_of(request)
    jobs = _jobs(request, tx, worker_id, after=after)
    told = gone_before(tx, detail.worker.home_code, [job.vacancy.division for job in jobs.items]) if jobs else {}
    offered = [job.vacancy.id for job in jobs.items] if jobs else []
    terms, verified = terms_of(tx, offered), with_verified_employer(tx, offered)

    def spoken(job: SuggestionOut) -> list[str]:
        return sentences(
            job,
            detail.intention.min_wage,
            language,
            told.get(job.vacancy.division),
            requirements=terms[job.vacancy.id].requirements if job.vacancy.id in terms else None,
            is_verified=job.vacancy.id in verified,
        )

    return render(
        request,
        "read_out.html",
        worker=WorkerOut.of(detail),
        jobs=jobs,
        spoken=spoken,
        going=going(request, tx, worker_id),
        agreed={},
        after=after,
        today=today(),
    )


def _jobs(request: Request, tx: PageWrite, worker_id: UUID, *, after: int = 0) -> SuggestionsOut | None:
    """The worker's three; None without consent to matching."""
    try:
        offers = suggest_vacancies(tx, market_of(request), worker_id, after=after)
    except ConsentMissing:
        return None
    return SuggestionsOut.of(offers, language_of(request))


@router.get("/paper")
def see_blank_paper(
    request: Request, worker_id: WorkerId, tx: PageWrite, job: Annotated[int, Query(ge=0, le=200)] = 0
) -> Response:
    """The words to sign, to be printed: consent to matching; or the yes to the worker's job of this rank."""
    detail = usecases.read_worker(tx, worker_id)
    jobs = _jobs(request, tx, worker_id, after=max(job - 1, 0)) if job else None
    offered = jobs.items[0] if jobs and jobs.items else None
    return render(request, "paper.html", worker=WorkerOut.of(detail), job=offered)


@router.post("/consent")
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
    return _back(request, worker_id, "consent")


@router.post("/consent/withdrawn")
def withdraw_consent(request: Request, worker_id: WorkerId, tx: FormWrite) -> Response:
    """The worker takes the consent to matching back: one step, and nobody asks why."""
    usecases.withdraw_consent(tx, worker_id, "matching")
    return _back(request, worker_id, "withdrawn")


@router.post("/going/{placement_id}/back")
def take_back(request: Request, worker_id: WorkerId, placement_id: PlacementId, tx: FormWrite) -> Response:
    """The worker takes a yes back, said at the station."""
    placements.take_back(tx, placement_id)
    return _back(request, worker_id, "not_going")


@router.post("/going/{placement_id}/departed")
def set_out(request: Request, worker_id: WorkerId, placement_id: PlacementId, tx: FormWrite) -> Response:
    """The worker has set out, as the station knows."""
    placements.confirm(tx, placement_id, placements.Step.DEPARTED)
    return _back(request, worker_id, "departed")


@router.post("/wishes")
def set_wishes(
    request: Request,
    worker_id: WorkerId,
    tx: FormWrite,
    occupations: Words = "",
    places: Words = "",
    min_wage: Annotated[str, Form(max_length=40)] = "",
    going_out: Annotated[str, Form(pattern="^(yes|no|)$")] = "",
) -> Response:
    """Put down what the worker wants, as said on the phone."""
    detail = usecases.worker_to_change(tx, worker_id)
    try:
        wanted = wanted_of(detail, occupations, places, min_wage, going_out)
    except Invalid as problem:
        typed = {"occupations": occupations, "places": places, "min_wage": min_wage, "going_out": going_out}
        return _page(request, tx, detail, said=typed, wrong=_wrong(request, problem, detail, places))
    usecases.set_intention(tx, detail, wanted)
    return _back(request, worker_id, "wishes")


def _wrong(request: Request, problem: Invalid, detail: WorkerDetail, places: str) -> dict[str, str]:
    """Field of the form -> what is wrong with it; the place nobody knows by its name, to who typed it."""
    english = language_of(request) == "en"
    wrong = in_words(problem, english)
    if "desired_places" in wrong:
        names = "、".join(f"“{name}”" for name in unknown_places(places, detail.worker.home_code))
        if names:
            wrong["desired_places"] = (
                f"{names}: no such place is known. Name a province, prefecture or county."
                if english
                else f"不认识{names}。请写省、市、县的名称，如 山东、青岛市。"
            )
    return wrong


def _back(request: Request, worker_id: UUID, done: str) -> Response:
    return onward(request, f"/desk/workers/{show('w', worker_id)}?done={done}")
