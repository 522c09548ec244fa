"""A client of the edge."""

from __future__ import annotations

import warnings

import pytest

from tests.edge.trial_app import trial_app

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # Starlette would rather have another HTTP library
    from starlette.testclient import TestClient


@pytest.fixture(scope="session")
def client() -> TestClient:
    """Speaks to the edge in this process, without start-up and without a database."""
    return TestClient(trial_app())


@pytest.fixture
def db_client(db: object, client: TestClient) -> TestClient:
    """The same with this test's database."""
    return client
