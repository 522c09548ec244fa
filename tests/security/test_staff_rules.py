"""What holds of staff, keys and approvals whoever writes: the database refuses it, whatever the code would do."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest
from psycopg.types.json import Jsonb

from app.actor import Actor, Role
from tests.security.attack import Connection, acting, attempt, context_here, reason
from tests.security.world import ACTORS, KEYS, named, organisation

REFUSED = "42501"
HEAD = ACTORS["head"]
#: Two more people of the world's offices.
SECOND_HEAD = Actor(Role.HEAD, HEAD.organisation_id, HEAD.division, token_id=named("token", "second head"))
COORDINATOR = ACTORS["coordinator"]
SECOND_COORDINATOR = Actor(
    Role.COORDINATOR, COORDINATOR.organisation_id, COORDINATOR.division, token_id=named("token", "second coordinator")
)
ASK = "select app.ask_approval('role_grant', %s, null, %s, 'a reason')"
DECIDE = "select app.decide_approval(%s, %s, null)"
GRANT = "select app.grant_place(%s, %s)"
WANTED = {"role": "head", "name": "somebody"}


def take_over(connection: Connection, actor: Actor) -> None:
    """Act as somebody from here to the end of the transaction."""
    connection.execute("reset role")
    good = context_here(connection, actor)
    connection.execute(
        "select set_config('role', %s, true), set_config('app.context', %s, true)", (f"rt_{actor.role.audience}", good)
    )


def _one(connection: Connection, query: str, values: tuple[Any, ...] = ()) -> Any:
    row = connection.execute(query.encode(), values).fetchone()
    assert row
    return row[0]


def _asked(connection: Connection, actor: Actor = HEAD, **more: str) -> UUID:
    take_over(connection, actor)
    found: UUID = _one(connection, ASK, (organisation("station"), Jsonb(WANTED | more)))
    return found


def _state(connection: Connection, approval: UUID) -> str:
    take_over(connection, ACTORS["auditor"])
    return str(_one(connection, "select state from approvals where id = %s", (approval,)))


# Leaving


def test_who_looks_after_the_staff_ends_an_account_and_nobody_elses(app_login: Connection) -> None:
    end = "select app.end_user(%s)"
    for name, label, ended in (
        ("head", "station", True),
        ("head", "other_station", False),
        ("station", "station", False),
        ("employer", "station", False),
        ("operator", "other_station", True),
    ):
        with acting(app_login, ACTORS[name]):
            assert attempt(app_login, end, (named("user", label),)) == [(ended,)], (name, label)


def test_leaving_ends_password_and_sessions_once(superuser: Connection) -> None:
    clerk, office = named("user", "station"), organisation("station")
    superuser.execute(
        """insert into tokens (id, hash, role, organisation_id, user_id, expires_at)
           values (gen_random_uuid(), 'theirs', 'station', %s, %s, now() + interval '1 day')""",
        (office, clerk),
    )
    knock = "select role from app.actor_of_token('theirs')"
    assert attempt(superuser, knock) == [("station",)]
    take_over(superuser, HEAD)
    assert _one(superuser, "select app.end_user(%s)", (clerk,)) is True
    assert _one(superuser, "select app.end_user(%s)", (clerk,)) is False
    superuser.execute("reset role")
    assert attempt(superuser, knock) == []
    assert attempt(superuser, "select count(*) from passwords where user_id = %s", (clerk,)) == [(0,)]
    left = "select bool_and(revoked_at is not null) from tokens where user_id = %s"
    assert attempt(superuser, left, (clerk,)) == [(True,)]


def test_a_head_is_made_a_clerk_by_the_own_station_only(app_login: Connection) -> None:
    demote = "select app.make_clerk(%s)"
    for name, made in (("head", True), ("other_station", False), ("station", False)):
        with acting(app_login, ACTORS[name]):
            assert attempt(app_login, demote, (named("user", "head"),)) == [(made,)], name
    with acting(app_login, HEAD):
        assert attempt(app_login, demote, (named("user", "station"),)) == [(False,)], "a clerk is one already"


def test_an_office_says_its_own_telephone_only(app_login: Connection) -> None:
    say = "select app.set_phone(%s, '0857-0000000')"
    for name, said in (("head", True), ("other_station", False), ("station", False), ("employer", False)):
        with acting(app_login, ACTORS[name]):
            assert attempt(app_login, say, (organisation("station"),)) == [(said,)], name


# Tokens


@pytest.mark.parametrize(
    "wrong",
    [
        "update tokens set kind = 'refresh'",
        "update users set state = 'left', left_at = now()",
        "update api_keys set revoked_at = now()",
    ],
)
def test_the_door_stays_shut_for(superuser: Connection, wrong: str) -> None:
    superuser.execute(
        """update tokens set user_id = %s, key_id = %s where hash = 'worker'""",
        (named("user", "station"), named("key", "head")),
    )
    knock = "select role from app.actor_of_token('worker')"
    assert attempt(superuser, knock) == [("station",)], "the role of the member of staff counts"
    superuser.execute(wrong.encode())
    assert attempt(superuser, knock) == []


def test_signing_out_ends_ones_own_sessions_only(superuser: Connection) -> None:
    me = ACTORS["worker"]
    live = "select count(*) from tokens where revoked_at is null and hash in ('worker', 'other_worker')"
    superuser.execute("update tokens set session_id = gen_random_uuid() where hash in ('worker', 'other_worker')")
    take_over(superuser, me)
    superuser.execute("select app.sign_out(true)")
    superuser.execute("reset role")
    assert attempt(superuser, live) == [(1,)]
    assert attempt(superuser, "select revoked_at is null from tokens where hash = 'other_worker'") == [(True,)]


# Keys


def test_a_secret_is_added_to_a_key_of_ones_own_that_lives(superuser: Connection) -> None:
    add = "select app.add_secret(%s, %s, interval '0')"
    mine, theirs = KEYS["api_keys"]["head"], KEYS["api_keys"]["employer"]
    for name, key, added in (("head", mine, True), ("head", theirs, False), ("station", mine, False)):
        with acting(superuser, ACTORS[name]):
            assert attempt(superuser, add, (key, uuid4().bytes)) == [(added,)], (name, key)
    for over in ("revoked_at = now()", "expires_at = now()"):
        with superuser.transaction(force_rollback=True):
            superuser.execute(f"update api_keys set {over}".encode())
            with acting(superuser, HEAD):
                assert attempt(superuser, add, (mine, uuid4().bytes)) == [(False,)], over


def test_a_secret_opens_as_its_key_and_not_longer(superuser: Connection) -> None:
    key = KEYS["api_keys"]["head"]
    take_over(superuser, HEAD)
    for secret in (b"first", b"second"):
        superuser.execute("select app.add_secret(%s, %s, interval '1 hour')", (key, secret))
    superuser.execute("reset role")
    found = superuser.execute("select role, key_id, organisation_id, division_code from app.actor_of_token('second')")
    assert found.fetchall() == [("station", key, organisation("station"), "520526")]
    lasts = "select expires_at <= now() + interval '1 hour' from tokens where hash = %s"
    assert [attempt(superuser, lasts, (secret,)) for secret in (b"first", b"second")] == [[(True,)], [(False,)]]


def test_a_key_is_revoked_by_its_organisation_or_an_operator(app_login: Connection) -> None:
    revoke = "select app.revoke_key(%s)"
    key = KEYS["api_keys"]["head"]
    for name, done in (("head", True), ("operator", True), ("employer", False), ("station", False)):
        with acting(app_login, ACTORS[name]):
            assert attempt(app_login, revoke, (key,)) == [(done,)], name


def test_the_use_of_a_key_is_noted_by_the_door_only(superuser: Connection) -> None:
    key = KEYS["api_keys"]["head"]
    used = "select last_used_at is not null from api_keys where id = %s"
    with superuser.transaction(force_rollback=True):
        take_over(superuser, HEAD)
        assert reason(superuser, "select app.key_seen(%s)", (key,)) == REFUSED
    take_over(superuser, ACTORS["door"])
    superuser.execute("select app.key_seen(%s)", (key,))
    superuser.execute("reset role")
    assert attempt(superuser, used, (key,)) == [(True,)]


# Two persons


def test_one_person_asks_and_another_decides(app_login: Connection) -> None:
    number = _asked(app_login)
    take_over(app_login, COORDINATOR)
    assert _one(app_login, DECIDE, (number, True)) is True
    take_over(app_login, HEAD)
    assert attempt(app_login, GRANT, (number, b"code")) != [(None,)]


def test_nobody_decides_alone(app_login: Connection) -> None:
    number = _asked(app_login, COORDINATOR)
    assert reason(app_login, DECIDE, (number, True)) == REFUSED
    take_over(app_login, SECOND_COORDINATOR)
    assert reason(app_login, DECIDE, (number, True)) is None


def test_a_wish_that_is_over_is_not_decided(superuser: Connection) -> None:
    number = _asked(superuser)
    superuser.execute("reset role")
    superuser.execute("update approvals set expires_at = now() where id = %s", (number,))
    take_over(superuser, COORDINATOR)
    assert _one(superuser, DECIDE, (number, True)) is False


def test_a_coordinator_of_another_region_does_not_decide(app_login: Connection) -> None:
    number = _asked(app_login)
    elsewhere = Actor(Role.COORDINATOR, uuid4(), "440100", token_id=uuid4())
    take_over(app_login, elsewhere)
    assert reason(app_login, DECIDE, (number, True)) == REFUSED
    assert attempt(app_login, "select id from approvals where id = %s", (number,)) == []


def test_a_decision_is_final(app_login: Connection) -> None:
    number = _asked(app_login)
    take_over(app_login, COORDINATOR)
    assert [_one(app_login, DECIDE, (number, agrees)) for agrees in (False, True)] == [True, False]
    assert _state(app_login, number) == "refused"


def test_what_nobody_or_only_a_refusal_decided_gives_no_place(app_login: Connection) -> None:
    number = _asked(app_login)
    assert attempt(app_login, GRANT, (number, b"code")) == [(None,)]
    take_over(app_login, COORDINATOR)
    app_login.execute(DECIDE, (number, False))
    take_over(app_login, HEAD)
    assert attempt(app_login, GRANT, (number, b"code")) == [(None,)]


def test_a_place_is_given_once_and_to_who_asked(app_login: Connection) -> None:
    number = _asked(app_login)
    take_over(app_login, COORDINATOR)
    app_login.execute(DECIDE, (number, True))
    assert attempt(app_login, GRANT, (number, b"code")) == [(None,)], "the second person does not use it"
    take_over(app_login, SECOND_HEAD)
    assert attempt(app_login, GRANT, (number, b"code")) == [(None,)], "nor a colleague"
    take_over(app_login, HEAD)
    assert _one(app_login, GRANT, (number, b"code")) is not None
    assert _one(app_login, GRANT, (number, b"another")) is None


def test_an_approval_of_one_kind_makes_nothing_of_another(app_login: Connection) -> None:
    number = _asked(app_login, COORDINATOR)
    take_over(app_login, ACTORS["auditor"])
    app_login.execute(DECIDE, (number, True))
    take_over(app_login, COORDINATOR)
    assert attempt(app_login, "select app.add_organisation(%s, null, null, null, null)", (number,)) == [(None,)]


@pytest.mark.parametrize(
    ("name", "of", "what"),
    [
        ("head", "other_station", WANTED),
        ("coordinator", "other_station", WANTED),
        ("station", "station", WANTED),
        ("head", "station", {"role": "coordinator", "name": "x"}),
        ("operator", "station", {"role": "operator", "name": "x"}),
        ("head", "station", WANTED | {"user": str(named("user", "other_station"))}),
        ("head", "station", {}),
    ],
)
def test_a_place_is_not_asked_for(app_login: Connection, name: str, of: str, what: dict[str, str]) -> None:
    with acting(app_login, ACTORS[name]):
        assert reason(app_login, ASK, (organisation(of), Jsonb(what))) == REFUSED
        assert reason(app_login, ASK, (uuid4(), Jsonb(what))) == REFUSED


def test_the_division_of_a_wish_is_that_of_its_organisation(app_login: Connection) -> None:
    take_over(app_login, ACTORS["operator"])
    claimed = "select app.ask_approval('role_grant', %s, '520526', %s, 'a reason')"
    number = _one(app_login, claimed, (organisation("other_station"), Jsonb(WANTED)))
    take_over(app_login, COORDINATOR)
    assert reason(app_login, DECIDE, (number, True)) == REFUSED


@pytest.mark.parametrize("division", ["440106", None])
@pytest.mark.parametrize("name", ["coordinator", "head", "operator"])
def test_an_organisation_is_asked_for_in_ones_region_only(
    app_login: Connection, name: str, division: str | None
) -> None:
    ask = "select app.ask_approval('organisation', null, %s, %s, 'a reason')"
    what = Jsonb({"kind": "station", "name": "new", "division": division})
    with acting(app_login, ACTORS[name]):
        assert reason(app_login, ask, (division, what)) == REFUSED
        allowed = reason(app_login, ask, ("520526", what))
        assert allowed == (None if name == "coordinator" else REFUSED)
        audit = Jsonb({"kind": "audit", "name": "new"})
        assert reason(app_login, ask, ("520524", audit)) == REFUSED


def test_only_an_operator_makes_an_organisation_alone(app_login: Connection) -> None:
    make = "select app.add_organisation(null, 'station', 'new', '520524', null) is not null"
    with acting(app_login, ACTORS["operator"]):
        assert attempt(app_login, make) == [(True,)]
    with acting(app_login, COORDINATOR):
        assert reason(app_login, make) == REFUSED


def test_an_invitation_is_withdrawn_by_its_organisation_while_it_is_open(superuser: Connection) -> None:
    withdraw = "select app.withdraw_invitation(%s)"
    mine = KEYS["invitations"]["head"]
    for name, done in (("head", True), ("employer", False), ("station", False)):
        with acting(superuser, ACTORS[name]):
            assert attempt(superuser, withdraw, (mine,)) == [(done,)], name
    superuser.execute("update invitations set accepted_at = now()")
    with acting(superuser, HEAD):
        assert attempt(superuser, withdraw, (mine,)) == [(False,)]


@pytest.mark.parametrize("audience", ["worker", "auditor", "engine", "visitor", "employer"])
def test_functions_of_staff_are_closed_to_those_who_have_none(app_login: Connection, audience: str) -> None:
    calls = (
        "select app.grant_place(gen_random_uuid(), '')",
        "select app.ask_approval('role_grant', gen_random_uuid(), null, '{}', '')",
        "select app.make_clerk(gen_random_uuid())",
        "select app.add_organisation(null, 'station', 'n', '520524', null)",
        "select app.use_approval(gen_random_uuid(), 'role_grant')",
        "select app.key_seen(gen_random_uuid())",
    )
    with acting(app_login, ACTORS[audience]):
        assert {reason(app_login, call) for call in calls} == {REFUSED}
