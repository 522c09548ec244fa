"""A service with staff in it: who can sign in, and clients signed in as them. Commits are real."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from uuid import UUID, uuid4

import pytest
from httpx import Response
from sqlalchemy import insert

from app.db.transaction import own
from app.identity.model import Password, User
from app.identity.passwords import hash_of_password
from app.main import create_app
from tests import people
from tests.client import TestClient

PASSWORD = "纸上得来终觉浅，绝知此事要躬行"


@cache
def hashed(password: str) -> str:
    """Hashing is slow on purpose: once is enough."""
    return hash_of_password(password)


@pytest.fixture
def client(fresh_database: str) -> Iterator[TestClient]:
    """The room's service on a database of this test's own."""
    with TestClient(create_app(rooms=("identity",)), raise_server_exceptions=False) as client:
        yield client


def hire(name: str, *, login: str | None = None, password: str = PASSWORD) -> UUID:
    """Somebody on the staff of one of the tests' people, in that role; signs in as `login`, or else as `name`."""
    actor = people.actor(name)
    user_id = uuid4()
    with own() as owner:
        owner.add(
            User(
                id=user_id,
                organisation_id=actor.organisation_id,
                role=actor.role.value,
                login=login or name,
                name=f"{name}的人",
            )
        )
        owner.flush()
        owner.execute(
            insert(Password).values(user_id=user_id, organisation_id=actor.organisation_id, hash=hashed(password))
        )
    return user_id


def sign_in(client: TestClient, login: str, password: str = PASSWORD, **more: str) -> Response:
    """The answer to a sign-in."""
    form = {"grant_type": "password", "username": login, "password": password} | more
    answer: Response = client.post("/v1/auth/token", data=form)
    return answer


def signed_in(client: TestClient, login: str, password: str = PASSWORD, **more: str) -> dict[str, str]:
    """The headers of somebody signed in."""
    answer = sign_in(client, login, password, **more)
    assert answer.status_code == 200, answer.text
    return bearer(answer.json()["access_token"])


def bearer(token: str) -> dict[str, str]:
    """The header a token is sent in."""
    return {"Authorization": f"Bearer {token}"}


def as_(name: str) -> dict[str, str]:
    """The headers of one of the tests' people, with a token of the command line."""
    return bearer(people.bearer(name))
