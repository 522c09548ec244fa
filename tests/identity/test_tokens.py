"""Tokens are kept as hashes, end by themselves, and prove one actor; organisations come into being once."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.actor import Actor, Role
from app.db.transaction import own, read
from app.identity.model import Organisation, Token
from app.identity.queries import actor_of_token, hash_of
from app.identity.usecases import KIND, ensure_organisation, issue_token

pytestmark = pytest.mark.usefixtures("fresh_database")


def _actor_of(token: str) -> Actor | None:
    """Whom the door finds behind a token, asking as the serving login does."""
    found: list[Actor | None] = []

    def knock(session: Session) -> Actor:
        found.append(actor_of_token(session, token))
        return Actor(Role.VISITOR)

    with read(knock):
        return found[0]


def _issue(role: Role = Role.STATION, **more: object) -> tuple[str, Actor]:
    with own() as owner:
        office = ensure_organisation(owner, role, "520526", "威宁", "威宁县") if role in KIND else None
        return issue_token(owner, role, organisation=office, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize("role", KIND)
def test_a_token_proves_the_actor_it_was_made_for(role: Role) -> None:
    token, actor = _issue(role)
    assert _actor_of(token) == actor
    assert (actor.role, actor.division, actor.worker_id) == (role, "520526", None)


def test_a_workers_token_proves_the_worker() -> None:
    worker = uuid4()
    token, actor = _issue(Role.WORKER, worker_id=worker)
    assert _actor_of(token) == actor == Actor(Role.WORKER, worker_id=worker, token_id=actor.token_id)


@pytest.mark.parametrize(
    "wrong", ["", "ew_", "ew_test_station ", "EW_TEST_STATION", "ew_test_station\0", "'", "x" * 9000]
)
def test_nothing_near_a_token_opens(wrong: str) -> None:
    assert _actor_of("ew_test_station") is not None
    assert _actor_of(wrong) is None


def test_an_expired_token_opens_nothing() -> None:
    token, _ = _issue(lasts=timedelta(seconds=-1))
    assert _actor_of(token) is None


def test_a_revoked_token_opens_nothing() -> None:
    token, actor = _issue()
    with own() as owner:
        owner.execute(update(Token).where(Token.id == actor.token_id).values(revoked_at=func.now()))
    assert _actor_of(token) is None


def test_the_database_keeps_no_token() -> None:
    token, actor = _issue()
    with own() as owner:
        row = owner.scalars(select(Token).where(Token.id == actor.token_id)).one()
    assert row.hash == hash_of(token)
    assert token not in str(vars(row))


def test_tokens_are_long_and_never_the_same() -> None:
    tokens = {_issue()[0] for _ in range(20)}
    assert (len(tokens), min(map(len, tokens)) >= 40) == (20, True)


def test_an_organisation_is_made_once() -> None:
    def count(owner: Session) -> int:
        return owner.scalars(select(func.count()).select_from(Organisation)).one()

    with own() as owner:
        first = ensure_organisation(owner, Role.STATION, "522425", None, "织金县")
        before = count(owner)
        assert ensure_organisation(owner, Role.HEAD, "522425", None, "织金县").id == first.id
        assert (count(owner), first.name) == (before, "织金县劳务工作站")
