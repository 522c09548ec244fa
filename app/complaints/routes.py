"""Complaints: made by workers, answered by an office that is not their own station."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from app.complaints import usecases
from app.complaints.schemas import (
    ComplaintAnswerIn,
    ComplaintId,
    ComplaintIn,
    ComplaintMadeOut,
    ComplaintOut,
)
from app.edge.etags import mark, must_match
from app.edge.form_fields import wrong
from app.edge.idempotency import MaybeAttempt, OnceRoute
from app.edge.paging import Page, Paging
from app.identity.door import ReadTx, WriteTx

router = APIRouter(prefix="/v1", tags=["complaints"], route_class=OnceRoute)
HOTLINES = ["12333", "12348"]


@router.post("/me/complaints", status_code=201)
def make_complaint(body: ComplaintIn, tx: WriteTx, attempt: MaybeAttempt, response: Response) -> ComplaintMadeOut:
    """投诉：送到务工地或省里，不经本站；可以匿名。/ Complain, past the own station, anonymously if wished."""
    # a key is kept beside the session that sent it: for a complaint without a name it is known by its digest instead
    if attempt is not None and not body.anonymous:
        attempt.claim(tx)
    made = usecases.complain(tx, body.said(), attempt)
    if made is not None:
        response.headers["Location"] = "/v1/me/complaints"
    return ComplaintMadeOut(id=made, kind=body.kind.value, anonymous=body.anonymous, hotlines=HOTLINES)


@router.get("/me/complaints")
def list_my_complaints(tx: ReadTx, at: Paging) -> Page[ComplaintOut]:
    """我的实名投诉和答复。/ What I complained of by name, and the answers."""
    found, following = usecases.my_complaints(tx, at)
    return Page(items=[ComplaintOut.of(one) for one in found], next=following)


@router.get("/complaints")
def list_complaints(tx: WriteTx, at: Paging) -> Page[ComplaintOut]:
    """交给本单位的投诉。/ The complaints this office was given."""
    found, following = usecases.list_complaints(tx, at)
    return Page(items=[ComplaintOut.of(one) for one in found], next=following)


@router.get("/complaints/{complaint_id}")
def get_complaint(complaint_id: ComplaintId, tx: WriteTx, response: Response) -> ComplaintOut:
    """一件投诉，查看留痕。/ One complaint; the look is recorded."""
    return _shown(response, usecases.read_complaint(tx, complaint_id))


@router.patch("/complaints/{complaint_id}")
def answer_complaint(
    complaint_id: ComplaintId, body: ComplaintAnswerIn, tx: WriteTx, request: Request, response: Response
) -> ComplaintOut:
    """受理或答复一件投诉。/ Take a complaint in hand, or answer it."""
    found = usecases.complaint_to_answer(tx, complaint_id)
    must_match(request, found.complaint.version)
    if (body.state == "answered") != (body.answer is not None):
        raise wrong("answer", "missing", "答复时必须写明答复内容，受理时不写。", "An answer, and only it, has words.")
    return _shown(response, usecases.answer_complaint(tx, found, body.state, body.answer))


def _shown(response: Response, found: usecases.Grievance) -> ComplaintOut:
    mark(response, found.complaint.version)
    return ComplaintOut.of(found)
