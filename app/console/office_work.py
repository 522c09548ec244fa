"""What waits for an office beside lists and vacancies: complaints, doubtful answers, files that two people answer for,
too much looking; for the auditor the log, for the operator the organisations."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Form, Query, Request
from pydantic import BeforeValidator
from starlette.responses import Response

from app.complaints import usecases as complaints
from app.complaints.schemas import ComplaintId
from app.console.door import FormWrite, PageWrite
from app.console.log_words import ACTIONS, ROLES, SUBJECTS
from app.console.page_route import PageRoute
from app.console.pages import language_of, onward, render
from app.console.vacancies import waiting
from app.console.words import COMPLAINT
from app.db.base import BEIJING
from app.edge.form_fields import wrong
from app.edge.paging import Paging, Window
from app.edge.public_ids import show
from app.errors import NotAllowed
from app.identity.organisations import list_organisations, set_phone
from app.identity.permissions import Permission, may
from app.oversight import usecases as oversight
from app.oversight.queries import names_in
from app.oversight.schemas import ExportId
from app.placements import usecases as placements
from app.placements.routes import get_paper
from app.placements.schemas import CheckId, PaperId

router = APIRouter(prefix="/office", route_class=PageRoute, include_in_schema=False)
#: The latest of each kind.
_AT = Window("/office", 50)
_LONGEST = 2_000
YesOrNo = Annotated[str, Form(pattern="^(yes|no)$")]


@dataclass(frozen=True)
class Sought:
    """Which entries of the log an auditor asks for."""

    by: str = ""
    action: str = ""
    #: None: any day.
    on: date | None = None
    #: Without the auditor's own.
    others: bool = False

    def asked(self) -> dict[str, Any]:
        """As the log is asked."""
        day = datetime.combine(self.on, time(), BEIJING) if self.on else None
        until = day + timedelta(days=1) if day else None
        return {
            "by": self.by.strip() or None,
            "action": self.action or None,
            "since": day,
            "before": until,
            "only_others": self.others,
        }


@router.get("")
def see_work(
    request: Request,
    tx: PageWrite,
    at: Paging,
    by: Annotated[str, Query(max_length=50)] = "",
    action: Annotated[str, Query(max_length=40)] = "",
    on: Annotated[date | None, BeforeValidator(lambda day: day or None), Query()] = None,
    others: bool = False,
    opened: ComplaintId | None = None,
) -> Response:
    """All of it on one page; each part for whom it concerns. `opened`: the complaint whose words are read."""
    sought = Sought(by, action, on, others)
    parts = _parts(tx, at, sought)
    if all(part is None for part in parts.values()):
        raise NotAllowed
    mine = tx.actor.user_id or tx.actor.token_id
    answers = may(tx.actor, Permission.ANSWER_COMPLAINTS)
    keeps = may(tx.actor, Permission.KEEP_STAFF)
    entries, following = parts.pop("entries") or (None, None)
    return render(
        request,
        "office.html",
        mine=mine,
        answers=answers,
        keeps=keeps,
        complaint_words=COMPLAINT,
        waiting=waiting(tx, language_of(request)),
        opened=complaints.read_complaint(tx, opened) if opened else None,
        entries=entries,
        following=following,
        names=names_in(tx.session, entries or ()),
        sought=sought,
        actions=ACTIONS,
        subjects=SUBJECTS,
        roles=ROLES,
        **parts,
    )


def _parts(tx: PageWrite, at: Window, sought: Sought) -> dict[str, Any]:
    """What the actor may see, by the name of its part; None: this part does not concern them."""
    readers: dict[str, tuple[Permission, Callable[[], Any]]] = {
        "complaints": (Permission.READ_COMPLAINTS, lambda: complaints.list_complaints(tx, _AT)[0]),
        "checks": (Permission.CHECK_ANSWERS, lambda: placements.list_checks(tx, _AT, only_open=True)[0]),
        "exports": (Permission.DECIDE_EXPORTS, lambda: oversight.list_exports(tx, _AT)[0]),
        "alarms": (Permission.READ_ALARMS, lambda: oversight.list_alarms(tx, _AT)[0]),
        "entries": (Permission.READ_AUDIT, lambda: oversight.list_entries(tx, at, **sought.asked())),
        "organisations": (Permission.MAKE_ORGANISATIONS, lambda: list_organisations(tx, _AT)[0]),
    }
    return {name: read() if may(tx.actor, needed) else None for name, (needed, read) in readers.items()}


@router.post("/phone")
def say_phone(request: Request, tx: FormWrite, phone: Annotated[str, Form(max_length=40)] = "") -> Response:
    """Under which telephone people reach the office."""
    if tx.actor.organisation_id is None:
        raise NotAllowed
    set_phone(tx, tx.actor.organisation_id, phone.strip() or None)
    return onward(request, "/office#phone")


@router.post("/complaints/{complaint_id}")
def answer_complaint(
    request: Request,
    complaint_id: ComplaintId,
    tx: FormWrite,
    state: Annotated[str, Form(pattern="^(in_hand|answered)$")],
    answer: Annotated[str, Form(max_length=_LONGEST)] = "",
) -> Response:
    """Take a complaint in hand, or answer it in words that the worker reads."""
    found = complaints.complaint_to_answer(tx, complaint_id)
    words = answer.strip() if state == "answered" else None
    if words == "":
        raise wrong("answer", "missing", "请写明答复内容，投诉人会看到。", "Write the answer: who complained reads it.")
    complaints.answer_complaint(tx, found, state, words)
    taken = show("cm", complaint_id)
    return onward(request, f"/office?opened={taken}#{taken}" if state == "in_hand" else "/office#complaints")


@router.post("/checks/{check_id}")
def decide_check(request: Request, check_id: CheckId, tx: FormWrite, genuine: YesOrNo) -> Response:
    """The worker's own word, or not: then what came of it is taken back."""
    placements.decide_check(tx, check_id, genuine=genuine == "yes")
    return onward(request, "/office")


@router.get("/papers/{paper_id}")
def see_paper(paper_id: PaperId, tx: PageWrite) -> Response:
    """The scan of a signed paper; the look is recorded."""
    return get_paper(paper_id, tx)


@router.post("/exports/{export_id}")
def decide_export(request: Request, export_id: ExportId, tx: FormWrite, allowed: YesOrNo) -> Response:
    """The second person's word on a file of workers."""
    oversight.decide_export(tx, export_id, allowed=allowed == "yes")
    return onward(request, "/office")
