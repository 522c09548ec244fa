"""Sessions: an access token for an hour, a refresh token good once, and an end that reaches every device."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from fastapi.security import HTTPAuthorizationCredentials
from sqlalchemy import func, select, update

from app.actor import DOOR, Actor, Role
from app.db.transaction import own, read, write
from app.errors import NotSignedIn
from app.identity.door import Knock
from app.identity.model import Token, User
from app.identity.queries import hash_of
from app.identity.schemas import TokensOut
from app.identity.sessions import open_session, refresh, sign_out
from tests import people

pytestmark = pytest.mark.usefixtures("fresh_database")


def _clerk(role: str = "station") -> UUID:
    with own() as owner:
        user = User(organisation_id=people.actor("station").organisation_id, role=role, login=uuid4().hex, name="经办")
        owner.add(user)
        owner.flush()
        return user.id


def _session(**whose: object) -> TokensOut:
    with write(DOOR) as tx:
        return open_session(tx, **whose)  # type: ignore[arg-type]


def _staff(user_id: UUID) -> TokensOut:
    return _session(role=Role.STATION, user_id=user_id)


def _refresh(token: str) -> TokensOut | None:
    with write(DOOR) as tx:
        return refresh(tx, token)


def _knock(token: str) -> Knock:
    return Knock(HTTPAuthorizationCredentials(scheme="Bearer", credentials=token))


def _actor(token: str) -> Actor | None:
    try:
        with read(_knock(token)) as tx:
            return tx.actor
    except NotSignedIn:
        return None


def _sign_out(token: str, *, everywhere: bool = False) -> None:
    with write(_knock(token)) as tx:
        sign_out(tx, everywhere=everywhere)


def test_a_session_proves_the_member_of_staff() -> None:
    clerk = _clerk()
    found = _actor(_staff(clerk).access_token)
    office = people.actor("station")
    assert found
    assert (found.role, found.user_id, found.organisation_id, found.division) == (
        Role.STATION,
        clerk,
        office.organisation_id,
        office.division,
    )


def test_a_session_proves_the_worker_and_keeps_the_devices_hold() -> None:
    worker, device, later = uuid4(), uuid4(), datetime(2100, 1, 1, tzinfo=UTC)
    first = _session(role=Role.WORKER, worker_id=worker, gives_from=later, device_id=device)
    following = _refresh(first.refresh_token)
    assert following
    for token in (first.access_token, following.access_token):
        found = _actor(token)
        assert found
        assert (found.role, found.worker_id, found.gives_from) == (Role.WORKER, worker, later)
    with own() as owner:
        assert set(owner.scalars(select(Token.device_id).where(Token.worker_id == worker))) == {device}


def test_a_refresh_token_opens_no_request() -> None:
    assert _actor(_staff(_clerk()).refresh_token) is None


def test_an_access_token_does_not_refresh() -> None:
    made = _staff(_clerk())
    assert _refresh(made.access_token) is None
    assert _actor(made.access_token)


@pytest.mark.parametrize("nothing", ["", "ewr_", "ewr_nobody", "\0", "ew_test_station"])
def test_nothing_near_a_refresh_token_refreshes(nothing: str) -> None:
    assert _refresh(nothing) is None


def test_a_session_goes_on_with_the_next_two_tokens() -> None:
    made = _staff(_clerk())
    following = _refresh(made.refresh_token)
    assert following
    assert _actor(following.access_token)
    assert len({*made.model_dump().values(), *following.model_dump().values()}) == 6


def test_a_refresh_token_that_comes_again_ends_the_whole_session() -> None:
    clerk = _clerk()
    other, made = _staff(clerk), _staff(clerk)
    following = _refresh(made.refresh_token)
    assert following
    assert _refresh(made.refresh_token) is None
    assert [_actor(token) for token in (made.access_token, following.access_token)] == [None, None]
    assert _refresh(following.refresh_token) is None
    assert _actor(other.access_token), "another sign-in of the same person goes on"


def test_of_two_refreshing_at_once_one_is_a_copy_and_the_session_ends() -> None:
    made = _staff(_clerk())
    with ThreadPoolExecutor(8) as beside:
        answers = list(beside.map(_refresh, [made.refresh_token] * 8))
    got = [answer for answer in answers if answer]
    assert len(got) == 1
    assert (_actor(got[0].access_token), _refresh(got[0].refresh_token)) == (None, None)


@pytest.mark.parametrize("column", ["expires_at", "revoked_at"])
def test_a_refresh_token_that_is_over_refreshes_nothing(column: str) -> None:
    made = _staff(_clerk())
    with own() as owner:
        owner.execute(update(Token).where(Token.hash == hash_of(made.refresh_token)).values({column: func.now()}))
    assert _refresh(made.refresh_token) is None
    assert _actor(made.access_token)


def test_no_refreshing_makes_a_session_last_longer_than_it_may() -> None:
    made = _staff(_clerk())
    soon = datetime(2100, 1, 1, tzinfo=UTC)
    with own() as owner:
        owner.execute(update(Token).values(session_ends_at=func.now()))
        assert soon > owner.scalars(select(func.max(Token.expires_at)).where(Token.user_id.is_not(None))).one()
    following = _refresh(made.refresh_token)
    assert following
    assert _actor(following.access_token) is None


def test_signing_out_ends_this_session_and_no_other() -> None:
    clerk = _clerk()
    here, there = _staff(clerk), _staff(clerk)
    _sign_out(here.access_token)
    assert (_actor(here.access_token), _refresh(here.refresh_token)) == (None, None)
    assert _actor(there.access_token)


@pytest.mark.parametrize("whose", ["staff", "worker"])
def test_signing_out_everywhere_ends_every_session_of_the_person_and_nobody_elses(whose: str) -> None:
    me, somebody = (_clerk(), _clerk()) if whose == "staff" else (uuid4(), uuid4())
    key, role = ("user_id", Role.STATION) if whose == "staff" else ("worker_id", Role.WORKER)
    here, there, theirs = (_session(role=role, **{key: who}) for who in (me, me, somebody))
    _sign_out(here.access_token, everywhere=True)
    assert [_actor(session.access_token) for session in (here, there)] == [None, None]
    assert _refresh(there.refresh_token) is None
    assert _actor(theirs.access_token)


def test_a_token_of_the_command_line_signs_itself_out() -> None:
    _sign_out(people.bearer("station"), everywhere=True)
    assert _actor(people.bearer("station")) is None
    assert _actor(people.bearer("head")), "a token without a person stands alone"


def test_another_role_counts_from_the_next_request_on() -> None:
    clerk = _clerk("head")
    made = _staff(clerk)
    assert (found := _actor(made.access_token))
    assert found.role is Role.HEAD
    with own() as owner:
        owner.execute(update(User).where(User.id == clerk).values(role="station"))
    assert (found := _actor(made.access_token))
    assert found.role is Role.STATION


def test_who_left_is_out_at_the_next_request() -> None:
    clerk = _clerk()
    made = _staff(clerk)
    with own() as owner:
        owner.execute(update(User).where(User.id == clerk).values(state="left", left_at=func.now()))
    assert (_actor(made.access_token), _refresh(made.refresh_token)) == (None, None)


def test_the_database_keeps_no_token_of_a_session() -> None:
    made = _staff(_clerk())
    with own() as owner:
        rows = str([vars(row) for row in owner.scalars(select(Token))])
    assert made.access_token not in rows
    assert made.refresh_token not in rows
