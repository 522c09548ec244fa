"""One database with the small world in it, and connections to attack it with."""

from __future__ import annotations

import os
from collections.abc import Iterator

import psycopg
import pytest

from app.db.transaction import runtime_url
from tests.database import Server, pointed_at
from tests.security.attack import Connection
from tests.security.world import for_psycopg, standing


@pytest.fixture(scope="session")
def world(server: Server, migrated_template: str) -> Iterator[str]:
    """The superuser's address of a database with the world in it. What a test changes there it must roll back."""
    with standing(server, migrated_template, f"ew_world_{os.getpid()}") as url:
        yield url


@pytest.fixture
def superuser(world: str) -> Iterator[Connection]:
    """A superuser's connection inside a transaction that is rolled back."""
    with psycopg.connect(for_psycopg(world)) as connection, connection.transaction(force_rollback=True):
        yield connection


@pytest.fixture
def app_login(world: str) -> Iterator[Connection]:
    """A connection of the role that serves requests, inside a transaction that is rolled back."""
    with pointed_at(world):
        address = for_psycopg(runtime_url().render_as_string(hide_password=False))
    with psycopg.connect(address) as connection, connection.transaction(force_rollback=True):
        yield connection
