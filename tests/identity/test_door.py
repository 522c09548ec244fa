"""The door: a token is asked for at every request, and what a request does is kept before its answer leaves."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from uuid import uuid4

import pytest
from fastapi import APIRouter, FastAPI
from sqlalchemy import text

from app.db.transaction import own, read
from app.edge import error_responses
from app.errors import Conflict
from app.identity.audit import record
from app.identity.door import PublicTx, ReadTx, WriteTx
from tests import people
from tests.client import TestClient

router = APIRouter()


@router.get("/who")
def who(tx: ReadTx) -> dict[str, str]:
    return {"role": tx.actor.role, "audience": tx.session.scalars(text("select current_user::text")).one()}


@router.get("/anybody")
def anybody(tx: PublicTx) -> dict[str, str]:
    return {"audience": tx.session.scalars(text("select current_user::text")).one()}


@router.get("/look")
def look(tx: ReadTx) -> None:
    record(tx, "test")


@router.post("/do")
def do(tx: WriteTx, wrong: str = "") -> None:
    record(tx, "test")
    if wrong == "refused":
        raise Conflict
    if wrong == "broken":
        raise ZeroDivisionError
    if wrong == "at commit":
        tx.session.execute(text("set constraints all deferred"))
        paper = "insert into consents (id, station_id, worker_id, purpose, given_by, witness)"
        values = {"id": uuid4(), "station": tx.actor.organisation_id, "worker": uuid4()}
        tx.session.execute(text(f"{paper} values (:id, :station, :worker, 'matching', 'paper', 'x')"), values)


@pytest.fixture
def client(fresh_database: str) -> Iterator[TestClient]:
    """A service with four routes."""
    app = FastAPI()
    app.include_router(router)
    app.state.slots = asyncio.Semaphore(4)
    error_responses.install(app)
    with TestClient(app, raise_server_exceptions=False) as client:
        yield client


def _as(name: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {people.bearer(name)}"}


def _kept() -> int:
    with read(people.actor("auditor")) as tx:
        return int(tx.session.scalars(text("select count(*) from audit_entries where action = 'test'")).one())


@pytest.mark.parametrize("name", people.PEOPLE)
def test_a_token_opens_in_its_actors_name(client: TestClient, name: str) -> None:
    role = people.actor(name).role
    assert client.get("/who", headers=_as(name)).json() == {"role": role, "audience": f"rt_{role.audience}"}


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "Bearer",
        "Bearer ",
        "Bearer nobody",
        "Basic ZXdfdGVzdF9zdGF0aW9uOg==",
        "ew_test_station",
        "Bearer ew_test_station x",
        "Bearer bearer ew_test_station",
        "Bearer ' or true --",
        "Bearer \xff\xfe",
        "Bearer " + "x" * 9000,
    ],
)
def test_anything_else_is_asked_to_sign_in(client: TestClient, header: str | None) -> None:
    answer = client.get("/who", headers={} if header is None else {b"Authorization": header.encode("latin-1")})
    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")
    assert "ew_test" not in answer.text


def test_all_wrong_tokens_are_answered_alike(client: TestClient) -> None:
    with own() as owner:
        owner.execute(text("update tokens set expires_at = now() where role = 'employer'"))
        owner.execute(text("update tokens set revoked_at = now() where role = 'coordinator'"))
    answers = [client.get("/who", headers=_as(name)) for name in ("employer", "coordinator")]
    answers.append(client.get("/who", headers={"Authorization": "Bearer nobody"}))
    assert len({(answer.status_code, answer.content) for answer in answers}) == 1


def test_a_revoked_token_is_out_at_the_next_request(client: TestClient) -> None:
    assert client.get("/who", headers=_as("station")).status_code == 200
    with own() as owner:
        owner.execute(text("update tokens set revoked_at = now()"))
    assert client.get("/who", headers=_as("station")).status_code == 401


def test_anybody_may_ask_for_what_is_public(client: TestClient) -> None:
    assert client.get("/anybody").json() == client.get("/anybody", headers=_as("head")).json()
    assert client.get("/anybody").json() == {"audience": "rt_visitor"}


def test_what_is_done_is_kept_when_the_answer_is_there(client: TestClient) -> None:
    assert client.post("/do", headers=_as("station")).status_code == 200
    assert _kept() == 1


@pytest.mark.parametrize(("wrong", "status"), [("refused", 409), ("broken", 500), ("at commit", 409)])
def test_what_failed_is_not_kept_and_not_called_done(client: TestClient, wrong: str, status: int) -> None:
    assert client.post("/do", headers=_as("station"), params={"wrong": wrong}).status_code == status
    assert _kept() == 0


def test_a_look_keeps_nothing(client: TestClient) -> None:
    assert client.get("/look", headers=_as("station")).status_code == 200
    assert _kept() == 0


def test_connections_come_back_whatever_happened(client: TestClient) -> None:
    """More failures than there are connections: the next one is served."""
    for _ in range(8):
        for wrong in ("refused", "broken", "at commit"):
            client.post("/do", headers=_as("station"), params={"wrong": wrong})
        client.get("/who", headers={"Authorization": "Bearer nobody"})
    assert client.get("/who", headers=_as("station")).status_code == 200
