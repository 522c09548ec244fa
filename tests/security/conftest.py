"""One database with the small world in it, and connections to attack it with."""

from __future__ import annotations

import os
from collections.abc import Iterator

import psycopg
import pytest
from sqlalchemy import make_url

from app.db.transaction import runtime_url
from tests import people
from tests.database import Server, pointed_at
from tests.security.attack import Connection
from tests.security.world import plant


@pytest.fixture(scope="session")
def world(server: Server, migrated_template: str) -> Iterator[str]:
    """The superuser's address of a database with the world in it. What a test changes there it must roll back."""
    name = f"ew_world_{os.getpid()}"
    url = server.clone(migrated_template, name)
    with pointed_at(url):
        people.settle()
    with psycopg.connect(_for_psycopg(url)) as superuser:
        plant(superuser)
    yield url
    server.drop(name)


def _for_psycopg(url: str) -> str:
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


@pytest.fixture
def superuser(world: str) -> Iterator[Connection]:
    """A superuser's connection inside a transaction that is rolled back."""
    with psycopg.connect(_for_psycopg(world)) as connection, connection.transaction(force_rollback=True):
        yield connection


@pytest.fixture
def app_login(world: str) -> Iterator[Connection]:
    """A connection of the role that serves requests, inside a transaction that is rolled back."""
    with pointed_at(world):
        address = _for_psycopg(runtime_url().render_as_string(hide_password=False))
    with psycopg.connect(address) as connection, connection.transaction(force_rollback=True):
        yield connection
