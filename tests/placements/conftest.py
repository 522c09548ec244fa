"""A database with a scene in it, for the tests of one module: each makes its own workers and vacancies."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator

import pytest

from app.main import create_app
from tests.database import Server
from tests.placements.scene import Scene, set_up


@pytest.fixture(scope="module")
def scene(server: Server, full_template: str) -> Iterator[Scene]:
    """A scene whose commits are real."""
    app = create_app(rooms=("workers", "vacancies", "suggestions", "placements"))
    with set_up(server, full_template, f"ew_clone_{os.getpid()}_{uuid.uuid4().hex[:8]}", app) as found:
        yield found
