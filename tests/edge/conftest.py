"""A client of the edge."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from tests.edge.client import TestClient
from tests.edge.trial_app import trial_app


@pytest.fixture(scope="session")
def client() -> TestClient:
    """Speaks to the edge in this process, without start-up and without a database."""
    return TestClient(trial_app())


@pytest.fixture
def db_client(db: object, client: TestClient) -> TestClient:
    """The same with this test's database."""
    return client


@pytest.fixture
def served(fresh_database: str, thawed: None) -> Iterator[TestClient]:
    """The service from start-up to stop, with a database in which commits are real."""
    with TestClient(trial_app()) as client:
        yield client


@pytest.fixture
def thawed() -> Iterator[None]:
    """Start-up freezes the memory of the process: afterwards all is as before."""
    threshold = gc.get_threshold()
    yield
    gc.unfreeze()
    gc.set_threshold(*threshold)
