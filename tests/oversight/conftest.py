"""The rooms that are watched, over HTTP."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from fastapi import FastAPI
from sqlalchemy import Connection

from app.main import create_app
from tests.client import TestClient

Clients = Callable[[str], TestClient]


@pytest.fixture(scope="session")
def app() -> FastAPI:
    """The service with the rooms of workers and of oversight."""
    return create_app(rooms=("places", "workers", "oversight"))


@pytest.fixture
def of(db: Connection, app: FastAPI, bearers: dict[str, str]) -> Clients:
    """`of("station")`: a client signed in as that actor."""
    return lambda name: TestClient(app, headers={"Authorization": f"Bearer {bearers[name]}"})
