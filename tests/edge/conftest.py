"""A client of the edge."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.client import TestClient
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
