"""The rooms in which complaints are made and answered."""

from __future__ import annotations

import pytest
from fastapi import FastAPI

from app.main import create_app
from tests.signed_in import of


@pytest.fixture(scope="session")
def app() -> FastAPI:
    """The service with the rooms of workers, vacancies and complaints."""
    return create_app(rooms=("places", "workers", "vacancies", "complaints"))


__all__ = ["app", "of"]
