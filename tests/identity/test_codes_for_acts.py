"""Codes for single acts: an answer a station helps with, a worker's new phone. Useless for anything else."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID

import psycopg
import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from app.actor import DOOR, Actor, Role
from app.db.transaction import read, write
from app.errors import NoPhone, NoSender, TooManyCodes, WrongCode
from app.identity.codes import issue_code, redeem_code
from app.identity.codes_model import Code
from app.identity.codes_phones import phone_standing
from app.messages.model import Message
from app.settings import settings
from tests.client import TestClient
from tests.identity.codes_at_work import MINE, UNKNOWN, sign_in, store, verify, wrong
from tests.messages.outbox import carry_out, code_in

ACT = "愿意应聘“电焊工”（示例电子）"


def issue(actor: Actor, worker: UUID, subject: str = "s_1", words: str = ACT, **more: Any) -> None:
    with write(actor) as tx:
        issue_code(tx, more.pop("purpose", "answer"), worker, subject, words, **more)


def arrived() -> str:
    """The code of the one message that came."""
    [message] = carry_out()
    return code_in(message)


def redeem(actor: Actor, worker: UUID, code: str, subject: str = "s_1", **more: Any) -> None:
    with write(actor) as tx:
        redeem_code(tx, more.pop("purpose", "answer"), worker, subject, code, **more)


def refused(actor: Actor, *args: Any, **more: Any) -> bool:
    try:
        redeem(actor, *args, **more)
    except WrongCode:
        return True
    return False


def test_the_message_names_job_and_act_and_the_code_is_good_for_them(
    http: TestClient, mine: UUID, actors: dict[str, Actor]
) -> None:
    issue(actors["station"], mine)
    [message] = carry_out()
    assert (message.phone, ACT in message.text) == (MINE, True)
    redeem(actors["station"], mine, code_in(message))
    with read(actors["station"]) as tx:
        standing = phone_standing(tx, mine)
    assert standing is not None
    assert standing.verified_at is not None


def test_a_code_for_an_answer_is_useless_for_signing_in(http: TestClient, mine: UUID, actors: dict[str, Actor]) -> None:
    issue(actors["station"], mine)
    assert verify(http, arrived()).status_code == 422


def test_a_code_for_signing_in_is_useless_for_an_answer(http: TestClient, mine: UUID, actors: dict[str, Actor]) -> None:
    http.post("/v1/auth/otp", json={"phone": MINE})
    assert refused(actors["station"], mine, arrived())


def test_a_code_is_of_one_worker_and_one_subject(http: TestClient, mine: UUID, actors: dict[str, Actor]) -> None:
    [other] = store(actors["station"], 2, phone=MINE)
    issue(actors["station"], mine)
    code = arrived()
    assert refused(actors["station"], mine, code, subject="s_2")
    assert refused(actors["station"], other, code)
    assert not refused(actors["station"], mine, code)


def test_a_code_is_redeemed_once(http: TestClient, mine: UUID, actors: dict[str, Actor]) -> None:
    issue(actors["station"], mine)
    code = arrived()
    with ThreadPoolExecutor(5) as beside:
        outcomes = sorted(beside.map(lambda _: refused(actors["station"], mine, code), range(5)))
    assert outcomes == [False, True, True, True, True]


def test_a_wrong_try_counts_though_its_transaction_is_rolled_back(
    http: TestClient, mine: UUID, actors: dict[str, Actor]
) -> None:
    issue(actors["station"], mine)
    code = arrived()
    assert all(refused(actors["station"], mine, wrong(code)) for _ in range(5))
    assert refused(actors["station"], mine, code)


def test_a_right_code_whose_act_fails_can_be_given_again(
    http: TestClient, mine: UUID, actors: dict[str, Actor]
) -> None:
    issue(actors["station"], mine)
    code = arrived()
    with write(actors["station"]) as tx:
        redeem_code(tx, "answer", mine, "s_1", code)
        tx.session.rollback()
    assert not refused(actors["station"], mine, code)


def test_a_newer_code_for_the_same_act_ends_the_older(http: TestClient, mine: UUID, actors: dict[str, Actor]) -> None:
    issue(actors["station"], mine)
    first = arrived()
    issue(actors["station"], mine)
    second = arrived()
    assert first == second or refused(actors["station"], mine, first)
    assert not refused(actors["station"], mine, second)


def test_a_code_ordered_twice_before_it_is_made_comes_once(
    http: TestClient, mine: UUID, actors: dict[str, Actor]
) -> None:
    issue(actors["station"], mine)
    issue(actors["station"], mine)
    assert not refused(actors["station"], mine, arrived())


def test_a_phone_gets_ten_answer_codes_a_day_and_keeps_its_sign_in_codes(
    http: TestClient, mine: UUID, actors: dict[str, Actor]
) -> None:
    for n in range(10):
        issue(actors["station"], mine, f"s_{n}")
    with pytest.raises(TooManyCodes):
        issue(actors["station"], mine, "s_10")
    assert sign_in(http)["access_token"]


def test_words_stay_in_their_place(http: TestClient, mine: UUID, actors: dict[str, Actor]) -> None:
    """A title is an employer's word: it cannot add lines, nor push the rest out of the message."""
    issue(actors["station"], mine, words="电焊工\n【银行】请回复验证码\u202e" + "长" * 500)
    [message] = carry_out()
    assert ("\n" in message.text, "\u202e" in message.text, "不能用于登录" in message.text) == (False, False, True)
    assert len(message.text) < 200


def test_a_worker_without_a_phone_gets_none(http: TestClient, actors: dict[str, Actor]) -> None:
    [worker] = store(actors["station"], 3, phone=None)
    with pytest.raises(NoPhone):
        issue(actors["station"], worker)
    assert refused(actors["station"], worker, "123456")


def test_without_a_sender_the_station_is_told_to_use_paper(
    http: TestClient, mine: UUID, actors: dict[str, Actor], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings(), "sms", "none")
    with pytest.raises(NoSender):
        issue(actors["station"], mine)


def test_a_worker_proves_a_new_phone(http: TestClient, mine: UUID) -> None:
    me = Actor(Role.WORKER, worker_id=mine)
    issue(me, mine, "", "", purpose="phone", phone=UNKNOWN)
    [message] = carry_out()
    assert message.phone == UNKNOWN
    code = code_in(message)
    assert refused(me, mine, code, "", purpose="phone", phone=MINE)
    assert not refused(me, mine, code, "", purpose="phone", phone=UNKNOWN)


# What the database itself refuses


@pytest.mark.parametrize(
    ("name", "purpose", "whose"),
    [
        ("station", "sign_in", None),
        ("station", "phone", "mine"),
        ("station", "everything", "mine"),
        ("other_station", "answer", "mine"),
        ("worker", "answer", "mine"),
        ("worker", "sign_in", None),
        ("worker", "phone", "theirs"),
    ],
)
@pytest.mark.parametrize("call", ["order", "try"])
def test_nobody_picks_another_purpose_or_another_worker(
    http: TestClient, mine: UUID, actors: dict[str, Actor], name: str, purpose: str, whose: str | None, call: str
) -> None:
    theirs = store(actors["other_station"], 9, phone=MINE)[0]
    actor = Actor(Role.WORKER, worker_id=mine) if name == "worker" else actors[name]
    calls = {
        "order": "select app.order_code(gen_random_uuid(), gen_random_uuid(), :purpose, :worker, '', :number, '', '')",
        "try": "select app.try_code(:purpose, :worker, '', :number, '')",
    }
    worker = {"mine": mine, "theirs": theirs, None: None}[whose]
    with read(actors["station"]) as tx:
        number = tx.session.scalar(text("select phone_index from workers"))
    with pytest.raises(DBAPIError) as error, write(actor) as tx:
        tx.session.execute(text(calls[call]), {"purpose": purpose, "worker": worker, "number": number})
    assert isinstance(error.value.orig, psycopg.errors.InsufficientPrivilege)


def test_an_answer_code_goes_to_the_stored_phone_and_no_other(
    http: TestClient, mine: UUID, actors: dict[str, Actor]
) -> None:
    with pytest.raises(DBAPIError):
        issue(actors["station"], mine, phone=UNKNOWN)


@pytest.mark.parametrize("name", ["station", "head", "employer", "auditor", "operator", "worker"])
@pytest.mark.parametrize("table", ["codes", "messages", "phones", "devices", "device_uses", "door_counts"])
def test_codes_and_messages_are_read_by_nobody_but_the_door(
    http: TestClient, mine: UUID, actors: dict[str, Actor], name: str, table: str
) -> None:
    actor = Actor(Role.WORKER, worker_id=mine) if name == "worker" else actors[name]
    with pytest.raises(DBAPIError), read(actor) as tx:
        tx.session.execute(text(f"select * from {table}"))


def test_a_matched_code_is_spent_under_the_token_it_was_given_under(
    http: TestClient, mine: UUID, actors: dict[str, Actor]
) -> None:
    issue(actors["station"], mine)
    code = arrived()
    with write(actors["station"]) as tx:
        redeem_code(tx, "answer", mine, "s_1", code)
        tx.session.rollback()
    with read(DOOR) as tx:
        code_id = tx.session.scalars(select(Code.id).where(Code.matched_at.is_not(None))).one()
    spend = text("select app.spend_code(:code)")
    for thief in (actors["head"], actors["other_station"], DOOR, Actor(Role.WORKER, worker_id=mine)):
        with write(thief) as tx:
            assert tx.session.scalar(spend, {"code": code_id}) is False
    with write(actors["station"]) as tx:
        assert tx.session.scalar(spend, {"code": code_id}) is True


def test_an_unmatched_code_cannot_be_spent(http: TestClient, mine: UUID, actors: dict[str, Actor]) -> None:
    issue(actors["station"], mine)
    with read(DOOR) as tx:
        code_id = tx.session.scalars(select(Code.id)).one()
    with write(actors["station"]) as tx:
        assert tx.session.scalar(text("select app.spend_code(:code)"), {"code": code_id}) is False


def test_who_has_a_phone_is_answered_to_the_door_alone(http: TestClient, mine: UUID, actors: dict[str, Actor]) -> None:
    ask = text("select * from app.workers_of_phone('x')")
    for actor in (*actors.values(), Actor(Role.WORKER, worker_id=mine)):
        with pytest.raises(DBAPIError), read(actor) as tx:
            tx.session.execute(ask)
    with read(DOOR) as tx:
        assert tx.session.execute(ask).all() == []


def test_a_message_that_claims_to_carry_a_code_is_refused(
    http: TestClient, mine: UUID, actors: dict[str, Actor]
) -> None:
    claim = text("select app.queue_message(gen_random_uuid(), 'sign_in', '', '', '')")
    with pytest.raises(DBAPIError), write(actors["station"]) as tx:
        tx.session.execute(claim)
    with read(DOOR) as tx:
        assert tx.session.scalars(select(func.count()).select_from(Message)).one() == 0
