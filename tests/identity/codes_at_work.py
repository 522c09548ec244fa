"""Signing in by code at work: a phone's browser, workers to sign in as, and the three requests."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from fastapi import FastAPI
from httpx import Response
from sqlalchemy import text

from app.actor import Actor
from app.db.transaction import own, write
from app.main import create_app
from app.workers.store import store_workers
from tests.client import TestClient
from tests.messages.outbox import code_sent
from tests.workers.invented import draft

MINE, UNKNOWN = "13900000001", "13911112222"


@pytest.fixture(scope="session")
def app() -> FastAPI:
    """The service with the rooms in which workers sign in."""
    return create_app(rooms=("identity", "workers"))


@pytest.fixture
def http(fresh_database: str, app: FastAPI) -> TestClient:
    """A phone's browser."""
    return TestClient(app)


@pytest.fixture
def mine(http: TestClient, actors: dict[str, Actor]) -> UUID:
    """A worker whose phone is MINE."""
    return store(actors["station"], 1)[0]


def store(station: Actor, *numbers: int, **stated: Any) -> list[UUID]:
    """Invented workers in a station's care."""
    with write(station) as tx:
        became = store_workers(tx, [draft(n, **stated) for n in numbers], witness="王五")
    return [outcome.worker_id for outcome in became]


def ask(http: TestClient, phone: str = MINE) -> Response:
    answer: Response = http.post("/v1/auth/otp", json={"phone": phone})
    return answer


def verify(http: TestClient, code: str, phone: str = MINE, **more: str) -> Response:
    answer: Response = http.post("/v1/auth/otp/verify", json={"phone": phone, "code": code, **more})
    return answer


def sign_in(http: TestClient, phone: str = MINE, **more: str) -> dict[str, Any]:
    """A session by a code that came; later ones on a day are as the first."""
    with own() as owner:
        owner.execute(text("update codes set created_at = created_at - interval '2 days'"))
    ask(http, phone)
    answer = verify(http, code_sent(phone), phone, **more)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06d}"
