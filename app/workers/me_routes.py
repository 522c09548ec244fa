"""The worker's own door."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from app.edge.etags import mark, must_match
from app.edge.idempotency import OnceRoute
from app.edge.language import of_scope
from app.edge.paging import Page, Paging
from app.edge.public_ids import VacancyId
from app.identity.door import OnceTx, ReadTx, WriteTx
from app.workers import forms, me, me_phone
from app.workers.me_schemas import (
    DeletionIn,
    IdNumberOut,
    LookOut,
    MeOut,
    MePatch,
    MyConsentIn,
    MyConsentOut,
    MyConsentsOut,
    MyDataOut,
    RecordChoiceIn,
    RecordOut,
    RecordsOut,
)
from app.workers.schemas import ConsentPurpose, IntentionIn
from app.workers.usecases import WorkerDetail

router = APIRouter(prefix="/v1/me", tags=["me"], route_class=OnceRoute)


@router.get("")
def get_me(tx: ReadTx, response: Response) -> MeOut:
    """我的信息。/ My record."""
    return _shown(response, me.read_me(tx))


@router.patch("")
def change_me(body: MePatch, tx: WriteTx, request: Request, response: Response) -> MeOut:
    """更正我的信息；新手机号须用收到的验证码确认。/ Correct my record; a new phone is proved by a code sent to it."""
    mine = me.read_me(tx, locked=True)
    must_match(request, *mine.version)
    columns, words = me_phone.corrections(body)
    phone, is_pending = me_phone.new_phone(tx, mine, body)
    changed = me.correct_me(tx, mine, columns | phone, [*words, "phone"] if phone else words)
    return _shown(response, changed, phone_pending=is_pending)


@router.delete("", status_code=204)
def delete_me(body: DeletionIn, tx: WriteTx) -> None:
    """删除我的全部信息，立即生效，不能恢复。/ Delete all about me: at once, and for good."""
    assert body.confirm
    me.delete_me(tx)


@router.get("/id-number")
def get_my_id_number(tx: WriteTx) -> IdNumberOut:
    """我的完整身份证号，登录后十分钟内可看。/ My whole ID number, within ten minutes of signing in."""
    return IdNumberOut(id_number=me.read_my_id_number(tx))


@router.put("/intention")
def set_my_intention(body: IntentionIn, tx: WriteTx, request: Request, response: Response) -> MeOut:
    """我想要什么样的工作（整体替换）；清单不再改动我说过的。/ What I want, whole; no list overrides what I said."""
    mine = me.read_me(tx, locked=True)
    must_match(request, *mine.version)
    return _shown(response, me.set_my_intention(tx, mine, forms.intention(body, mine.worker.home_code)))


@router.get("/records")
def list_my_records(tx: ReadTx) -> RecordsOut:
    """各站登记的我的信息，以及以哪一份为准。/ My records at all stations, and which one is in force."""
    found = me.my_records(tx)
    return RecordsOut(items=[RecordOut.of(own, own.worker_id == tx.actor.worker_id) for own in found])


@router.put("/record")
def choose_my_record(body: RecordChoiceIn, tx: WriteTx) -> RecordsOut:
    """以哪一站的登记为准；下一次请求起生效。/ Which record is in force from the next request on."""
    found = me.choose_my_record(tx, body.worker_id)
    return RecordsOut(items=[RecordOut.of(own, own.worker_id == body.worker_id) for own in found])


@router.get("/consents")
def list_my_consents(tx: ReadTx) -> MyConsentsOut:
    """我同意过什么、何时撤回。/ What I agreed to, and when I took it back."""
    return MyConsentsOut(items=[MyConsentOut.of(row) for row in me.my_consents(tx)])


@router.post("/consents", status_code=201)
def give_my_consent(body: MyConsentIn, tx: OnceTx) -> MyConsentOut:
    """我同意匹配岗位。/ I agree to matching."""
    assert body.purpose
    return MyConsentOut.of(me.give_my_consent(tx))


@router.delete("/consents/{purpose}", status_code=204)
def withdraw_my_consent(
    purpose: ConsentPurpose,
    tx: WriteTx,
    vacancy_id: Annotated[
        VacancyId | None, Query(description="只撤回对这一岗位的公开 / only the disclosure for this vacancy")
    ] = None,
) -> None:
    """撤回授权：无需理由，立即对所有站生效。/ Take a consent back: no reason, at once, at every station."""
    me.withdraw_my_consent(tx, purpose.value, vacancy_id)


@router.get("/looks")
def list_my_looks(tx: ReadTx, at: Paging, request: Request) -> Page[LookOut]:
    """谁看过我的信息。/ Who looked at my record."""
    found, following = me.my_looks(tx, at)
    english = of_scope(request.scope) == "en"
    return Page(items=[LookOut.of(look, english) for look in found], next=following)


@router.get("/data")
def download_my_data(tx: WriteTx, response: Response) -> MyDataOut:
    """下载关于我的全部信息。/ Download everything kept about me."""
    response.headers["Content-Disposition"] = 'attachment; filename="eastwest-me.json"'
    return MyDataOut.model_validate(me.my_data(tx))


def _shown(response: Response, mine: WorkerDetail, *, phone_pending: bool = False) -> MeOut:
    mark(response, *mine.version)
    return MeOut.of(mine, phone_pending=phone_pending)
