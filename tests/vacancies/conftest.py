"""The room of vacancies over HTTP, each test rolled back."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import Connection

from app.main import create_app
from tests.edge.client import TestClient

Clients = Callable[[str], TestClient]


@pytest.fixture(scope="session")
def app() -> object:
    """The service with the rooms that are needed here."""
    return create_app(rooms=("places", "workers", "vacancies"))


@pytest.fixture
def of(db: Connection, app: object, bearers: dict[str, str]) -> Clients:
    """`of("station")`: a client signed in as that actor."""

    def client(name: str) -> TestClient:
        return TestClient(app, headers={"Authorization": f"Bearer {bearers[name]}"})  # type: ignore[arg-type]

    return client
