"""Answers to suggestions, and what follows a yes."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from app.actor import Role
from app.edge.etags import mark
from app.edge.form_fields import wrong
from app.edge.idempotency import OnceRoute
from app.edge.language import of_scope
from app.edge.paging import Page, Paging
from app.edge.public_ids import SuggestionId, VacancyId
from app.identity.door import OnceTx, ReadTx, WriteTx
from app.placements import papers, usecases
from app.placements.answer_form import StatedAcceptance, StatedAnswer, request_body
from app.placements.model import Placement
from app.placements.schemas import (
    EMPLOYER_ENDS,
    AcceptIn,
    AgreedOut,
    AnswerIn,
    AnswerKind,
    AnswerOut,
    CandidateOut,
    CandidatesOut,
    CheckId,
    CheckIn,
    CheckOut,
    CodeIn,
    CodeSentOut,
    ConfirmIn,
    ContactOut,
    DeclineIn,
    EndIn,
    PaperId,
    PlacementId,
    PlacementOut,
)
from app.placements.usecases import Word
from app.suggestions.routes import market_of

router = APIRouter(prefix="/v1", tags=["placements"], route_class=OnceRoute)
OfVacancy = Annotated[VacancyId | None, Query(description="只看一个岗位 / of one vacancy")]
OnlyOpen = Annotated[bool, Query(description="只看尚未接受的 / not yet accepted")]
Undecided = Annotated[bool, Query(description="只看待核查的 / not yet decided")]


@router.post("/suggestions/{suggestion_id}/answer", openapi_extra=request_body(AnswerIn, is_required=True))
def answer_suggestion(
    suggestion_id: SuggestionId, stated: StatedAnswer, tx: OnceTx, request: Request, response: Response
) -> AnswerOut:
    """本人答复：感兴趣，或不合适。/ The worker's answer: interested, or not this one."""
    suggestion = usecases.suggestion_to_answer(tx, suggestion_id)
    answer = stated.answer
    if answer.answer is AnswerKind.NOT_THIS_ONE:
        usecases.say_not_this_one(tx, suggestion)
        return AnswerOut(answer=answer.answer, placement=None)
    placement = usecases.say_interested(tx, suggestion, disclose=answer.disclose, word=_word(tx, stated))
    return AnswerOut(answer=answer.answer, placement=_shown(placement, tx, request, response))


@router.post("/suggestions/{suggestion_id}/answer-code", status_code=202)
def send_answer_code(suggestion_id: SuggestionId, tx: OnceTx, body: CodeIn | None = None) -> CodeSentOut:
    """向本人手机发送确认码，只用于这一次答复。/ Send the worker's own phone a code for this answer alone."""
    usecases.send_answer_code(tx, suggestion_id, disclose=body.disclose if body else True)
    return CodeSentOut(sent=True)


@router.post("/placements/{placement_id}/answer-code", status_code=202)
def send_accept_code(placement_id: PlacementId, tx: OnceTx) -> CodeSentOut:
    """向本人手机发送确认码，只用于接受这一次录用。/ Send the worker's own phone a code for this acceptance alone."""
    usecases.send_acceptance_code(tx, placement_id)
    return CodeSentOut(sent=True)


@router.get("/placements")
def list_placements(
    tx: WriteTx, at: Paging, request: Request, vacancy: OfVacancy = None, only_open: OnlyOpen = False
) -> Page[PlacementOut]:
    """本人、本站、本单位或到达地的上岗进程，最近变动的在前。/ Placements in one's sight, the last moved first."""
    rows, following = usecases.list_placements(tx, at, vacancy_id=vacancy, only_open=only_open)
    language = of_scope(request.scope)
    return Page(items=[PlacementOut.of(row, tx.actor, language) for row in rows], next=following)


@router.get("/placements/{placement_id}")
def get_placement(placement_id: PlacementId, tx: WriteTx, request: Request, response: Response) -> PlacementOut:
    """一个上岗进程与下一步。/ One placement, and what happens next."""
    return _shown(usecases.read_placement(tx, placement_id), tx, request, response)


@router.post("/placements/{placement_id}/offer")
def offer_placement(placement_id: PlacementId, tx: OnceTx, request: Request, response: Response) -> PlacementOut:
    """用人单位愿意录用。/ The employer offers the job."""
    return _shown(usecases.offer(tx, placement_id), tx, request, response)


@router.post("/placements/{placement_id}/take-offer-back")
def take_offer_back(placement_id: PlacementId, tx: OnceTx, request: Request, response: Response) -> PlacementOut:
    """本人还没答复时，用人单位收回录用。/ The employer takes its offer back while the worker has not answered."""
    return _shown(usecases.take_offer_back(tx, placement_id), tx, request, response)


@router.post("/placements/{placement_id}/decline", status_code=204)
def decline_placement(placement_id: PlacementId, body: DeclineIn, tx: OnceTx) -> None:
    """用人单位不录用，须选合法理由。/ The employer does not, for a lawful reason."""
    usecases.turn_down(tx, placement_id, body.code.value)


@router.post("/placements/{placement_id}/accept", openapi_extra=request_body(AcceptIn, is_required=False))
def accept_placement(
    placement_id: PlacementId, stated: StatedAcceptance, tx: OnceTx, request: Request, response: Response
) -> PlacementOut:
    """本人接受录用，占用一个名额。/ The worker accepts; a place is taken."""
    return _shown(usecases.accept(tx, placement_id, _word(tx, stated)), tx, request, response)


@router.post("/placements/{placement_id}/end")
def end_placement(
    placement_id: PlacementId, tx: OnceTx, request: Request, response: Response, body: EndIn | None = None
) -> PlacementOut:
    """结束：本人随时可以，无需理由；用人单位结束已接受的工作。/ End it: the worker at any time, without a reason."""
    code = body.code if body else None
    if tx.actor.role is Role.EMPLOYER and code not in EMPLOYER_ENDS:
        raise wrong("code", "not_allowed_value", "请选择合法的结束原因。", "Name a lawful reason.")
    return _shown(usecases.end(tx, placement_id, code.value if code else None), tx, request, response)


@router.post("/placements/{placement_id}/confirm")
def confirm_placement(
    placement_id: PlacementId, body: ConfirmIn, tx: OnceTx, request: Request, response: Response
) -> PlacementOut:
    """确认出发、到岗、稳定；到岗与稳定须双方确认。/ Departed, started, settled: the last two take both sides."""
    return _shown(usecases.confirm(tx, placement_id, body.step), tx, request, response)


@router.get("/vacancies/{vacancy_id}/candidates")
def list_candidates(vacancy_id: VacancyId, tx: WriteTx, at: Paging, request: Request) -> CandidatesOut:
    """合适人数（约数）与表示感兴趣者的匿名卡片。/ How many would suit, about, and cards of those who said yes."""
    many, rows, following = usecases.list_candidates(tx, market_of(request), vacancy_id, at)
    return CandidatesOut(suitable=many, items=[CandidateOut.of(row) for row in rows], next=following)


@router.get("/placements/{placement_id}/contact")
def get_placement_contact(placement_id: PlacementId, tx: WriteTx) -> ContactOut:
    """授权有效期内的姓名与电话，查看留痕。/ Name and phone while the disclosure lives; the worker sees the look."""
    return ContactOut.of(usecases.read_contact(tx, placement_id))


@router.get("/placements/{placement_id}/agreed")
def get_agreed_job(placement_id: PlacementId, tx: ReadTx) -> AgreedOut:
    """接受以后：找谁、电话、工资、哪天上班。/ After acceptance: whom to call, the pay, from which day."""
    return AgreedOut.of(usecases.read_agreed(tx, placement_id))


@router.get("/answer-checks")
def list_answer_checks(tx: ReadTx, at: Paging, only_open: Undecided = True) -> Page[CheckOut]:
    """抽查：签字材料，或同一设备代多人答复。/ Sampled papers, and devices that answered for several workers."""
    rows, following = usecases.list_checks(tx, at, only_open=only_open)
    return Page(items=[CheckOut.of(row) for row in rows], next=following)


@router.post("/answer-checks/{check_id}", status_code=204)
def decide_answer_check(check_id: CheckId, body: CheckIn, tx: OnceTx) -> None:
    """核查结论：是否本人意思。/ Whether the answer was the worker's own."""
    usecases.decide_check(tx, check_id, genuine=body.outcome == "genuine")


@router.get("/papers/{paper_id}", response_class=Response)
def get_paper(paper_id: PaperId, tx: WriteTx) -> Response:
    """签字材料的扫描件，查看留痕。/ The scan of a signed paper; the look is recorded."""
    scan, media_type = papers.open_paper(tx, paper_id)
    headers = {"Content-Disposition": "attachment", "Content-Security-Policy": "sandbox"}
    return Response(scan, media_type=media_type, headers=headers)


def _word(tx: WriteTx, stated: StatedAnswer) -> Word | None:
    """What a station brings; a worker needs nothing beside the own session."""
    code = stated.answer.one_time_code
    return Word(code, stated.paper) if code or stated.paper else None


def _shown(row: Placement, tx: WriteTx, request: Request, response: Response) -> PlacementOut:
    mark(response, row.id, row.version, row.updated_at)
    return PlacementOut.of(row, tx.actor, of_scope(request.scope))
