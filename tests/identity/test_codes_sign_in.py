"""Workers sign in by a code sent to their phone; nobody learns which phones are known, and guessing ends."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import func, select, text, update

from app.actor import DOOR, Actor
from app.db.transaction import own, read, write
from app.identity.codes_limits import FAILED, FAILED_HERE, Limit
from app.identity.codes_model import Code, DoorCount
from app.identity.model import Token
from app.messages.model import Message
from tests.client import TestClient
from tests.identity.codes_at_work import MINE, UNKNOWN, ask, sign_in, store, verify, wrong
from tests.messages.outbox import carry_out, code_sent
from tests.workers.invented import id_number


def test_a_worker_signs_in_by_the_code_that_came(http: TestClient, mine: UUID) -> None:
    assert ask(http).status_code == 202
    answer = verify(http, code_sent(MINE))
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store, private")
    session = answer.json()
    assert session["gives_from"] is None
    devices = http.get("/v1/me/devices", headers={"Authorization": f"Bearer {session['access_token']}"})
    assert [device["is_this"] for device in devices.json()["items"]] == [True]
    with own() as owner:
        whose = owner.execute(select(Token.worker_id, Token.role).where(Token.worker_id.is_not(None))).all()
    assert set(whose) == {(mine, "worker")}


def test_a_known_phone_and_an_unknown_one_are_answered_alike_and_leave_alike(http: TestClient, mine: UUID) -> None:
    answers = [ask(http, phone) for phone in (MINE, UNKNOWN)]
    assert len({(a.status_code, a.content, tuple(a.headers.keys())) for a in answers}) == 1
    with read(DOOR) as tx:
        codes = tx.session.execute(select(Code.purpose, Code.hash, Code.tries, Code.worker_id)).all()
        orders = tx.session.execute(select(Message.kind, Message.state, func.length(Message.phone_sealed))).all()
    assert (len(codes), len(set(codes)), len(orders), len(set(orders))) == (2, 1, 2, 1)
    assert [message.phone for message in carry_out()] == [MINE]
    wrongs = [verify(http, "000000", phone) for phone in (MINE, UNKNOWN, "13733334444")]
    assert len({(a.status_code, a.content) for a in wrongs}) == 1


def test_asking_for_a_code_looks_nobody_up(http: TestClient, mine: UUID) -> None:
    """What the request does cannot depend on it: not even the function that knows is called."""
    with own() as owner:
        owner.execute(text("revoke execute on function app.workers_of_phone(bytea) from rt_door"))
    assert [ask(http, phone).status_code for phone in (MINE, UNKNOWN)] == [202, 202]


def test_only_the_newest_code_is_good(http: TestClient, mine: UUID) -> None:
    ask(http)
    first = code_sent(MINE)
    ask(http)
    second = code_sent(MINE)
    with read(DOOR) as tx:
        assert tx.session.scalars(select(func.count()).where(Code.ended_at.is_(None))).one() == 1
    if first != second:
        assert verify(http, first).json()["code"] == "wrong_code"
    assert verify(http, second).status_code == 200


def test_a_code_is_good_once(http: TestClient, mine: UUID) -> None:
    ask(http)
    code = code_sent(MINE)
    assert [verify(http, code).status_code for _ in range(2)] == [200, 422]


def test_a_code_is_good_for_five_minutes(http: TestClient, mine: UUID) -> None:
    ask(http)
    code = code_sent(MINE)
    with read(DOOR) as tx:
        expires_at, now = tx.session.execute(select(Code.expires_at, func.now())).one()
        lasts = expires_at - now
    assert timedelta(minutes=4) < lasts <= timedelta(minutes=5)
    with write(DOOR) as tx:
        tx.session.execute(update(Code).values(expires_at=func.now()))
    assert verify(http, code).json()["code"] == "wrong_code"


def test_the_sixth_try_of_a_code_fails_though_it_is_right(http: TestClient, mine: UUID) -> None:
    ask(http)
    code = code_sent(MINE)
    assert {verify(http, wrong(code)).status_code for _ in range(5)} == {422}
    assert verify(http, code).json()["code"] == "wrong_code"


def test_the_sixteenth_guess_of_a_day_fails_whatever_it_is(http: TestClient, mine: UUID) -> None:
    for _ in range(3):
        ask(http)
        code = code_sent(MINE)
        assert {verify(http, wrong(code)).status_code for _ in range(5)} == {422}
    assert ask(http).status_code == 202
    assert carry_out() == []
    assert verify(http, code).json()["code"] == "wrong_code"
    with read(DOOR) as tx:
        assert tx.session.scalars(select(func.sum(Code.tries))).one() == 15


def test_a_code_that_opened_the_door_is_not_among_the_three_of_a_day_but_ten_messages_are_the_most(
    http: TestClient, mine: UUID
) -> None:
    for _ in range(10):
        ask(http)
        assert verify(http, code_sent(MINE)).status_code == 200
    ask(http)
    assert "sign_in" not in {message.kind for message in carry_out()}


def counted(limit: Limit, n: int, minutes_ago: float = 0) -> None:
    """As if something had happened so often already."""
    slot = func.date_trunc("minute", func.now() - timedelta(minutes=minutes_ago))
    key = b"" if limit is FAILED else b"?"
    with write(DOOR) as tx:
        tx.session.add(DoorCount(what=limit.what, key=key, slot=slot, n=n))


def test_a_thousand_wrong_codes_in_ten_minutes_pause_signing_in_for_everybody(http: TestClient, mine: UUID) -> None:
    ask(http)
    code = code_sent(MINE)
    counted(FAILED, 999, minutes_ago=5)
    assert verify(http, "000000", UNKNOWN).status_code == 422  # the thousandth
    answer = verify(http, code)
    assert (answer.status_code, answer.json()["code"]) == (503, "sign_in_paused")
    assert 60 < int(answer.headers["retry-after"]) <= 660
    with write(DOOR) as tx:
        tx.session.execute(update(DoorCount).values(slot=DoorCount.slot - timedelta(minutes=7)))
    assert verify(http, code).status_code == 200


def test_a_right_code_counts_as_no_failure(http: TestClient, mine: UUID) -> None:
    sign_in(http)
    with read(DOOR) as tx:
        failures = select(func.sum(DoorCount.n)).where(DoorCount.what.in_([FAILED.what, FAILED_HERE.what]))
        assert tx.session.scalars(failures).one() == 0


def test_one_address_that_keeps_failing_is_told_to_wait(http: TestClient, mine: UUID) -> None:
    assert verify(http, "000000", UNKNOWN).status_code == 422
    with write(DOOR) as tx:
        tx.session.execute(update(DoorCount).where(DoorCount.what == FAILED_HERE.what).values(n=FAILED_HERE.most))
    answer = verify(http, "000000", UNKNOWN)
    assert (answer.status_code, "retry-after" in answer.headers) == (429, True)


def test_of_many_guesses_at_once_no_more_than_five_count(http: TestClient, mine: UUID) -> None:
    ask(http)
    code = code_sent(MINE)
    with ThreadPoolExecutor(8) as beside:
        answers = list(beside.map(lambda _: verify(http, wrong(code)).status_code, range(24)))
    with read(DOOR) as tx:
        assert (set(answers), tx.session.scalars(select(Code.tries)).one()) == ({422}, 5)
        failures = select(DoorCount.n).where(DoorCount.what == FAILED.what)
        assert sum(tx.session.scalars(failures)) == 24


def test_of_many_with_the_right_code_one_gets_a_session(http: TestClient, mine: UUID) -> None:
    ask(http)
    code = code_sent(MINE)
    with ThreadPoolExecutor(5) as beside:
        answers = sorted(beside.map(lambda _: verify(http, code).status_code, range(5)))
    assert answers == [200, 422, 422, 422, 422]
    with own() as owner:
        sessions = select(func.count(Token.session_id.distinct())).where(Token.worker_id == mine)
        assert owner.scalars(sessions).one() == 1


def test_several_people_on_one_phone_are_told_apart_by_their_id_numbers(
    http: TestClient, actors: dict[str, Actor]
) -> None:
    first, second = store(actors["station"], 1, 2, phone=MINE)
    ask(http)
    code = code_sent(MINE)
    assert verify(http, code).json()["code"] == "id_last_four_needed"
    assert verify(http, code, id_last_four="0000").json()["code"] == "wrong_code"
    answer = verify(http, code, id_last_four=id_number(2)[-4:].lower())
    assert answer.status_code == 200
    with own() as owner:
        assert set(owner.scalars(select(Token.worker_id).where(Token.worker_id.in_([first, second])))) == {second}


def test_without_the_code_nobody_learns_that_several_people_use_a_phone(
    http: TestClient, actors: dict[str, Actor]
) -> None:
    store(actors["station"], 1, 2, phone=MINE)
    ask(http)
    assert verify(http, wrong(code_sent(MINE))).json()["code"] == "wrong_code"


def test_a_wrong_id_number_counts_as_a_failure(http: TestClient, actors: dict[str, Actor]) -> None:
    store(actors["station"], 1, 2, phone=MINE)
    ask(http)
    code = code_sent(MINE)
    for n in range(5):
        verify(http, code, id_last_four=f"000{n}")
    assert verify(http, code, id_last_four=id_number(2)[-4:]).json()["code"] == "wrong_code"


def test_one_person_at_two_stations_has_one_session(http: TestClient, actors: dict[str, Actor]) -> None:
    store(actors["station"], 1, consent=False)
    there = store(actors["other_station"], 1)[0]
    session = sign_in(http)
    with own() as owner:
        whose = owner.scalars(select(Token.worker_id).where(Token.worker_id.is_not(None))).all()
    assert (set(whose), session["gives_from"]) == ({there}, None)


@pytest.mark.parametrize(
    "body",
    [
        {"phone": "12345"},
        {"phone": "0851-12345678"},
        {"phone": 13900000001},
        {},
        {"phone": MINE, "more": 1},
        {"phone": "1" * 41},
    ],
    ids=str,
)
def test_what_is_no_mobile_number_is_named_so(http: TestClient, body: dict[str, object]) -> None:
    assert http.post("/v1/auth/otp", json=body).status_code == 422


@pytest.mark.parametrize("phone", ["+86 139 0000 0001", "139-0000-0001", "１３９００００000１"])
def test_a_phone_may_be_written_as_people_write_it(http: TestClient, mine: UUID, phone: str) -> None:
    ask(http, phone)
    assert verify(http, code_sent(MINE)).status_code == 200


@pytest.mark.parametrize("code", ["12345", "1234567", "12345a", "１２３４５６", "", " 12345"])
def test_what_is_no_code_is_no_try(http: TestClient, mine: UUID, code: str) -> None:
    ask(http)
    assert verify(http, code).status_code == 422
    with read(DOOR) as tx:
        assert tx.session.scalars(select(Code.tries)).one() == 0


def test_no_phone_and_no_code_is_in_the_log_or_in_the_database(
    http: TestClient, mine: UUID, capfd: pytest.CaptureFixture[str]
) -> None:
    ask(http)
    code = code_sent(MINE)
    verify(http, wrong(code))
    session = verify(http, code).json()
    told = "".join(capfd.readouterr())
    assert not [secret for secret in (MINE, code, session["device"], session["access_token"]) if secret in told]
    with own() as owner:
        kept = "".join(
            str(row)
            for table in ("codes", "messages", "door_counts", "devices", "device_uses", "phones")
            for row in owner.execute(text(f"select t::text from {table} t"))
        )
    for secret in (MINE, code, MINE.encode().hex(), code.encode().hex(), session["device"]):
        assert secret not in kept
