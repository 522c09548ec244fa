"""A worker's word taken down at the station: the code read from the own phone, or a signed paper. Never a no."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, File, Form, Request, UploadFile
from starlette.responses import Response

from app.console.door import FormWrite
from app.console.forms import checked
from app.console.page_route import PageRoute
from app.console.pages import language_of, render
from app.db.base import today
from app.edge.public_ids import SuggestionId
from app.errors import ProductError
from app.placements import usecases
from app.placements.model import Placement
from app.placements.papers import SignedPaper, read_scan
from app.placements.schemas import AnswerIn, AnswerKind, PaperAnswerIn, PlacementId, PlacementOut
from app.placements.usecases import Word

router = APIRouter(prefix="/desk/answers", route_class=PageRoute, include_in_schema=False)
Yes = Annotated[str, Form(pattern="^(yes|)$")]
Digits = Annotated[str, Form(max_length=12)]


@router.post("/jobs/{suggestion_id}/code")
def send_code(request: Request, suggestion_id: SuggestionId, tx: FormWrite, disclose: Yes = "") -> Response:
    """Send the worker's own phone a code for this yes."""
    about = Asked(request, f"/desk/answers/jobs/s_{suggestion_id.hex}", disclose == "yes")
    try:
        with tx.session.begin_nested():
            usecases.send_answer_code(tx, suggestion_id, disclose=about.disclose)
    except ProductError as problem:
        return about.again(problem)
    return about.waiting()


@router.post("/jobs/{suggestion_id}")
def take_yes(
    request: Request, suggestion_id: SuggestionId, tx: FormWrite, code: Digits, disclose: Yes = ""
) -> Response:
    """The six digits the worker read out: the yes is taken down."""
    about = Asked(request, f"/desk/answers/jobs/s_{suggestion_id.hex}", disclose == "yes")
    try:
        said = checked(AnswerIn, answer=AnswerKind.INTERESTED, disclose=about.disclose, one_time_code=code.strip())
        kept = _taken_down(tx, suggestion_id, about.disclose, Word(said.one_time_code))
    except ProductError as problem:
        return about.again(problem, is_sent=True)
    return about.done(tx, kept)


@router.post("/jobs/{suggestion_id}/paper")
def take_paper(
    request: Request,
    suggestion_id: SuggestionId,
    tx: FormWrite,
    paper: Annotated[UploadFile, File()],
    witness: Annotated[str, Form(max_length=60)],
    signed_on: Annotated[str, Form(max_length=10)],
    disclose: Yes = "",
) -> Response:
    """A paper the worker signed: it takes effect after 72 hours, and some are looked at."""
    about = Asked(request, f"/desk/answers/jobs/s_{suggestion_id.hex}", disclose == "yes")
    try:
        signed = signed_paper(paper, witness, signed_on)
        kept = _taken_down(tx, suggestion_id, about.disclose, Word(paper=signed))
    except ProductError as problem:
        return about.again(problem)
    return about.done(tx, kept)


@router.post("/offers/{placement_id}/code")
def send_acceptance_code(request: Request, placement_id: PlacementId, tx: FormWrite) -> Response:
    """Send the worker's own phone a code for accepting this offer."""
    about = Asked(request, f"/desk/answers/offers/pm_{placement_id.hex}", False)
    try:
        with tx.session.begin_nested():
            usecases.send_acceptance_code(tx, placement_id)
    except ProductError as problem:
        return about.again(problem)
    return about.waiting()


@router.post("/offers/{placement_id}")
def take_acceptance(request: Request, placement_id: PlacementId, tx: FormWrite, code: Digits) -> Response:
    """The six digits the worker read out: the offer is accepted."""
    about = Asked(request, f"/desk/answers/offers/pm_{placement_id.hex}", False)
    try:
        with tx.session.begin_nested():
            kept = usecases.accept(tx, placement_id, Word(code.strip()))
    except ProductError as problem:
        return about.again(problem, is_sent=True)
    return about.done(tx, kept)


def _taken_down(tx: FormWrite, suggestion_id: UUID, disclose: bool, word: Word) -> Placement:
    """The yes, or nothing of it."""
    with tx.session.begin_nested():
        suggestion = usecases.suggestion_to_answer(tx, suggestion_id)
        return usecases.say_interested(tx, suggestion, disclose=disclose, word=word)


def signed_paper(paper: UploadFile, witness: str, signed_on: str) -> SignedPaper:
    """The scan with who saw it signed, and when. Raises Invalid."""
    said = checked(PaperAnswerIn, witness=witness, signed_on=signed_on)
    return read_scan(paper.file.read(), said.witness, said.signed_on, today())


class Asked:
    """One question put to a worker on the phone: where its forms go, and what is shown beside it next."""

    def __init__(self, request: Request, address: str, disclose: bool) -> None:
        self.request = request
        self.address = address
        self.disclose = disclose

    def waiting(self) -> Response:
        """The code is on its way."""
        return self._shown(200, is_sent=True)

    def again(self, problem: ProductError, *, is_sent: bool = False) -> Response:
        """What was wrong, and the same question."""
        english = language_of(self.request) == "en"
        message = problem.message_en if english else problem.message_zh
        if problem.errors:
            message = problem.errors[0].en if english else problem.errors[0].zh
        return self._shown(422, is_sent=is_sent, message=message)

    def done(self, tx: FormWrite, kept: Placement) -> Response:
        """It is taken down, and what happens next."""
        return self._shown(200, kept=PlacementOut.of(kept, tx.actor, language_of(self.request)))

    def _shown(
        self, status: int, *, is_sent: bool = False, message: str | None = None, kept: PlacementOut | None = None
    ) -> Response:
        is_part = self.request.headers.get("hx-request")
        return render(
            self.request,
            "answer_part.html" if is_part else "answer_page.html",
            status=status,
            address=self.address,
            disclose=self.disclose,
            is_sent=is_sent,
            message=message,
            kept=kept,
            today=today(),
        )
