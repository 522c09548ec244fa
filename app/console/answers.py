"""A worker's word taken down at the station: the code read from the own phone, or a signed paper. Never a no.

Three questions, each at an address of its own: a yes to a job, name and phone for a yes said without, an offer.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, File, Form, Request, UploadFile
from starlette.responses import Response

from app.console.door import FormWrite, PageRead
from app.console.forms import checked, in_words
from app.console.page_route import PageRoute
from app.console.pages import language_of, render
from app.db.base import today
from app.edge.public_ids import SuggestionId
from app.errors import Invalid, ProductError, WrongCode
from app.identity.permissions import Permission, allow
from app.placements import usecases
from app.placements.model import Placement
from app.placements.papers import SignedPaper, read_scan
from app.placements.schemas import AnswerIn, AnswerKind, PaperAnswerIn, PlacementId, PlacementOut
from app.placements.usecases import Word

router = APIRouter(prefix="/desk/answers", route_class=PageRoute, include_in_schema=False)
Yes = Annotated[str, Form(pattern="^(yes|)$")]
Digits = Annotated[str, Form(max_length=12)]
#: How often a code was tried since it was sent, as the form carries it: to tell the clerk, the limit is the database's.
Tried = Annotated[int, Form(ge=0, le=9)]
Witness = Annotated[str, Form(max_length=60)]
SignedOn = Annotated[str, Form(max_length=10)]
_TRIES = 5


@router.get("/jobs/{suggestion_id}")
def see_job(request: Request, suggestion_id: SuggestionId, tx: PageRead) -> Response:
    """The question as it stood before a code was sent."""
    allow(tx.actor, Permission.ANSWER)
    return Asked(request, f"jobs/s_{suggestion_id.hex}").shown()


@router.get("/going/{placement_id}")
def see_going(request: Request, placement_id: PlacementId, tx: PageRead) -> Response:
    """The question as it stood before a code was sent."""
    allow(tx.actor, Permission.ANSWER)
    return Asked(request, f"going/pm_{placement_id.hex}").shown()


@router.get("/offers/{placement_id}")
def see_offer(request: Request, placement_id: PlacementId, tx: PageRead) -> Response:
    """The question as it stood before a code was sent."""
    allow(tx.actor, Permission.ANSWER)
    return Asked(request, f"offers/pm_{placement_id.hex}").shown()


@router.post("/jobs/{suggestion_id}/code")
def send_code(request: Request, suggestion_id: SuggestionId, tx: FormWrite, disclose: Yes = "") -> Response:
    """Send the worker's own phone a code for this yes."""
    about = Asked(request, f"jobs/s_{suggestion_id.hex}", disclose)
    return about.sent(tx, lambda: usecases.send_answer_code(tx, suggestion_id, disclose=bool(disclose)))


@router.post("/going/{placement_id}/code")
def send_disclosure_code(request: Request, placement_id: PlacementId, tx: FormWrite) -> Response:
    """Send the worker's own phone a code for name and phone."""
    about = Asked(request, f"going/pm_{placement_id.hex}")
    return about.sent(tx, lambda: usecases.send_disclosure_code(tx, placement_id))


@router.post("/offers/{placement_id}/code")
def send_acceptance_code(request: Request, placement_id: PlacementId, tx: FormWrite) -> Response:
    """Send the worker's own phone a code for accepting this offer."""
    about = Asked(request, f"offers/pm_{placement_id.hex}")
    return about.sent(tx, lambda: usecases.send_acceptance_code(tx, placement_id))


@router.post("/jobs/{suggestion_id}")
def take_yes(
    request: Request, suggestion_id: SuggestionId, tx: FormWrite, code: Digits, disclose: Yes = "", tried: Tried = 0
) -> Response:
    """The six digits the worker read out: the yes is taken down."""
    about = Asked(request, f"jobs/s_{suggestion_id.hex}", disclose)
    return about.by_code(tx, code, tried, lambda word: _yes(tx, suggestion_id, bool(disclose), word))


@router.post("/going/{placement_id}")
def take_disclosure(
    request: Request, placement_id: PlacementId, tx: FormWrite, code: Digits, tried: Tried = 0
) -> Response:
    """The six digits the worker read out: name and phone are added to the yes."""
    about = Asked(request, f"going/pm_{placement_id.hex}")
    return about.by_code(tx, code, tried, lambda word: usecases.disclose(tx, placement_id, word))


@router.post("/offers/{placement_id}")
def take_acceptance(
    request: Request, placement_id: PlacementId, tx: FormWrite, code: Digits, tried: Tried = 0
) -> Response:
    """The six digits the worker read out: the offer is accepted."""
    about = Asked(request, f"offers/pm_{placement_id.hex}")
    return about.by_code(tx, code, tried, lambda word: usecases.accept(tx, placement_id, word))


@router.post("/jobs/{suggestion_id}/paper")
def take_paper(
    request: Request,
    suggestion_id: SuggestionId,
    tx: FormWrite,
    paper: Annotated[UploadFile, File()],
    witness: Witness,
    signed_on: SignedOn,
    disclose: Yes = "",
) -> Response:
    """A paper the worker signed: it takes effect after 72 hours, and some are looked at."""
    about = Asked(request, f"jobs/s_{suggestion_id.hex}", disclose, witness, signed_on)
    return about.by_paper(tx, paper, lambda word: _yes(tx, suggestion_id, bool(disclose), word))


@router.post("/going/{placement_id}/paper")
def take_disclosure_paper(
    request: Request,
    placement_id: PlacementId,
    tx: FormWrite,
    paper: Annotated[UploadFile, File()],
    witness: Witness,
    signed_on: SignedOn,
) -> Response:
    """A signed paper that adds name and phone to a yes."""
    about = Asked(request, f"going/pm_{placement_id.hex}", "", witness, signed_on)
    return about.by_paper(tx, paper, lambda word: usecases.disclose(tx, placement_id, word))


def _yes(tx: FormWrite, suggestion_id: UUID, disclose: bool, word: Word) -> Placement:
    suggestion = usecases.suggestion_to_answer(tx, suggestion_id)
    return usecases.say_interested(tx, suggestion, disclose=disclose, word=word)


def signed_paper(paper: UploadFile, witness: str, signed_on: str) -> SignedPaper:
    """The scan with who saw it signed, and when. Raises Invalid."""
    said = checked(PaperAnswerIn, witness=witness, signed_on=signed_on)
    return read_scan(paper.file.read(), said.witness, said.signed_on, today())


class Asked:
    """One question put to a worker on the phone: where its forms go, and what is shown beside it next."""

    def __init__(
        self, request: Request, address: str, disclose: str = "", witness: str = "", signed_on: str = ""
    ) -> None:
        self.request = request
        self.address = f"/desk/answers/{address}"
        self.disclose = bool(disclose)
        self.paper = {"witness": witness, "signed_on": signed_on}

    def sent(self, tx: FormWrite, send: Callable[[], None]) -> Response:
        """The code is on its way, or why not."""
        try:
            with tx.session.begin_nested():
                send()
        except ProductError as problem:
            return self.shown(422, message=self._words(problem))
        return self.shown(is_sent=True)

    def by_code(self, tx: FormWrite, code: str, tried: int, take: Callable[[Word], Placement]) -> Response:
        """The worker's word by the digits; a wrong one may be tried again."""
        try:
            said = checked(AnswerIn, answer=AnswerKind.INTERESTED, one_time_code=code.strip())
            kept = self._kept(tx, take, Word(said.one_time_code))
        except WrongCode:
            return self.shown(422, is_sent=True, tried=tried + 1, message=self._left(tried + 1))
        except ProductError as problem:
            return self.shown(422, is_sent=True, tried=tried, message=self._words(problem))
        return self._done(tx, kept)

    def by_paper(self, tx: FormWrite, paper: UploadFile, take: Callable[[Word], Placement]) -> Response:
        """The worker's word by a paper; what was typed beside a wrong one is kept."""
        try:
            kept = self._kept(tx, take, Word(paper=signed_paper(paper, **self.paper)))
        except Invalid as problem:
            return self.shown(422, faults=in_words(problem, self._english), is_paper=True)
        except ProductError as problem:
            return self.shown(422, message=self._words(problem))
        return self._done(tx, kept)

    @staticmethod
    def _kept(tx: FormWrite, take: Callable[[Word], Placement], word: Word) -> Placement:
        """The word, or nothing of it."""
        with tx.session.begin_nested():
            return take(word)

    @property
    def _english(self) -> bool:
        return language_of(self.request) == "en"

    def _words(self, problem: ProductError) -> str:
        found = list(in_words(problem, self._english).values())
        return found[0] if found else problem.message_en if self._english else problem.message_zh

    def _left(self, tried: int) -> str:
        """How often more; no more is told of a code than that it was not this one."""
        left = _TRIES - tried
        if left <= 0:
            return (
                "These digits were tried too often. Send a new code."
                if self._english
                else "试的次数用完了，请重新发送验证码。"
            )
        if self._english:
            return f"Not these digits, or more than five minutes old. {left} more tries, or send a new code."
        return f"数字不对，或者已过五分钟。还可以试 {left} 次，也可以重新发送。"

    def _done(self, tx: FormWrite, kept: Placement) -> Response:
        """It is taken down, and what happens next."""
        return self.shown(kept=PlacementOut.of(kept, tx.actor, language_of(self.request)))

    def shown(
        self,
        status: int = 200,
        *,
        is_sent: bool = False,
        tried: int = 0,
        message: str | None = None,
        faults: dict[str, str] | None = None,
        is_paper: bool = False,
        kept: PlacementOut | None = None,
    ) -> Response:
        """The question as it stands, alone or as a page."""
        is_part = self.request.headers.get("hx-request")
        return render(
            self.request,
            "answer_part.html" if is_part else "answer_page.html",
            status=status,
            address=self.address,
            disclose=self.disclose,
            is_sent=is_sent and tried < _TRIES,
            tried=tried,
            message=message,
            paper=self.paper,
            faults=faults or {},
            is_paper=is_paper,
            kept=kept,
            today=today(),
        )
