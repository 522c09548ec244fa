"""The room of shocks over HTTP, with those it works on."""

from __future__ import annotations

import pytest
from fastapi import FastAPI

from app.main import create_app
from tests.signed_in import of

__all__ = ["app", "of"]


@pytest.fixture(scope="session")
def app() -> FastAPI:
    """The service with the room of shocks."""
    return create_app(rooms=("shocks",))
