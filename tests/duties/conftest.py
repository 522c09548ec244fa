"""The room of duties over HTTP, with those it follows from."""

from __future__ import annotations

import pytest
from fastapi import FastAPI

from app.main import create_app
from tests.signed_in import of

__all__ = ["app", "of"]


@pytest.fixture(scope="session")
def app() -> FastAPI:
    """The service with the rooms that duties follow from."""
    return create_app(rooms=("workers", "vacancies", "duties"))
