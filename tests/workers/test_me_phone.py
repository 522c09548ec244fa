"""A worker's new phone counts once the code sent to it came back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from fastapi import FastAPI
from sqlalchemy import text

from app.actor import DOOR
from app.db.transaction import read, write
from app.workers.store import store_workers
from tests import people
from tests.messages.outbox import carry_out, code_in, code_sent
from tests.signed_in import faults
from tests.workers.invented import draft
from tests.workers.own_door import SEEN, client_of, entered

OLD, NEW = "13900000001", "13711112222"


#: A code's try counts in a transaction of its own: commits must be real.
pytestmark = pytest.mark.usefixtures("fresh_database")


def test_a_new_phone_counts_when_its_code_comes_back_and_the_old_one_is_told(app: FastAPI) -> None:
    worker = entered(1)
    me = client_of(app, worker)
    asked = me.patch("/v1/me", json={"phone": NEW})
    assert (asked.status_code, asked.json()["phone"], asked.json()["phone_pending"]) == (200, OLD, True)
    code = code_sent(NEW)
    wrong = me.patch("/v1/me", json={"phone": NEW, "phone_code": f"{(int(code) + 1) % 1_000_000:06d}"})
    assert wrong.status_code in (403, 409, 422), wrong.text
    assert me.get("/v1/me").json()["phone"] == OLD
    changed = me.patch("/v1/me", json={"phone": NEW, "phone_code": code})
    assert (changed.status_code, changed.json()["phone"], changed.json()["own_word"]) == (200, NEW, ["phone"])
    assert [message.phone for message in carry_out()] == [OLD]


def test_a_code_of_one_phone_proves_no_other(app: FastAPI) -> None:
    me = client_of(app, entered(1))
    me.patch("/v1/me", json={"phone": NEW})
    other = me.patch("/v1/me", json={"phone": "13733334444", "phone_code": code_sent(NEW)})
    assert other.status_code in (403, 409, 422), other.text
    assert me.get("/v1/me").json()["phone"] == OLD


def test_no_list_changes_the_phone_the_worker_proved(app: FastAPI) -> None:
    me = client_of(app, entered(1))
    me.patch("/v1/me", json={"phone": NEW})
    me.patch("/v1/me", json={"phone": NEW, "phone_code": code_sent(NEW)})
    with write(people.actor("station")) as tx:
        [outcome] = store_workers(tx, [draft(1)], **SEEN)  # type: ignore[arg-type]
    assert (outcome.what, outcome.kept) == ("unchanged", ("phone",))


def test_a_new_device_changes_no_phone(app: FastAPI) -> None:
    me = client_of(app, entered(1), gives_from=datetime.now(UTC) + timedelta(hours=3))
    refused = me.patch("/v1/me", json={"phone": NEW})
    assert (refused.status_code, refused.json()["code"]) == (409, "device_on_hold")
    assert carry_out() == []


def test_what_is_no_phone_is_named(app: FastAPI) -> None:
    me = client_of(app, entered(1))
    assert faults(me.patch("/v1/me", json={"phone": "12345"})) == {"phone": "bad_phone"}
    assert faults(me.patch("/v1/me", json={"phone": None})) == {"phone": "missing"}
    assert me.patch("/v1/me", json={"phone": OLD}).json()["phone_pending"] is False


def test_deletion_blanks_the_messages_to_the_persons_phone(app: FastAPI) -> None:
    me = client_of(app, entered(1))
    me.patch("/v1/me", json={"phone": NEW})
    me.patch("/v1/me", json={"phone": NEW, "phone_code": code_in(carry_out()[0])})
    assert me.request("DELETE", "/v1/me", json={"confirm": "delete"}).status_code == 204
    with read(DOOR) as tx:
        left = tx.session.scalars(text("select kind from messages where number is not null")).all()
    assert left == []
