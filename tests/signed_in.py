"""Rooms over HTTP: clients signed in, each test rolled back, and what they answer. conftest.py imports the fixtures."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from fastapi import FastAPI
from httpx import Response
from sqlalchemy import Connection

from app.main import create_app
from tests.client import TestClient

Clients = Callable[[str], TestClient]


@pytest.fixture(scope="session")
def app() -> FastAPI:
    """The service with the rooms that forms of workers and vacancies need."""
    return create_app(rooms=("places", "workers", "vacancies"))


@pytest.fixture
def of(db: Connection, app: FastAPI, bearers: dict[str, str]) -> Clients:
    """`of("station")`: a client signed in as that actor."""
    return lambda name: TestClient(app, headers={"Authorization": f"Bearer {bearers[name]}"})


def faults(answer: Response) -> dict[str, str]:
    """The wrong fields of a refused form, each with its code."""
    assert answer.status_code == 422, answer.text
    return {".".join(map(str, error["loc"][1:])): error["code"] for error in answer.json()["errors"]}
