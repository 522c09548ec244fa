"""What holds of seals, alarms and exports whoever writes: the database refuses it, whatever the code would do."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest
from psycopg import sql

from app.actor import Actor
from tests.security.attack import Connection, acting, attempt, context_here, new_row, reason
from tests.security.world import ACTORS, KEYS, Row, insert, named

REFUSED, FULL = "42501", "53400"
DECIDE, FETCH = "select app.decide_export(%s, %s)", "select app.fetch_export(%s)"
CLERKS, HEADS = KEYS["exports"]["station"], KEYS["exports"]["head"]


def take_over(connection: Connection, actor: Actor) -> None:
    """Act as somebody from here to the end of the transaction."""
    connection.execute("reset role")
    good = context_here(connection, actor)
    connection.execute(
        "select set_config('role', %s, true), set_config('app.context', %s, true)", (f"rt_{actor.role.audience}", good)
    )


def said(connection: Connection, name: str, query: str, *values: Any) -> Any:
    """What a function answers somebody."""
    take_over(connection, ACTORS[name])
    [row] = attempt_kept(connection, query, values)
    return row[0]


def attempt_kept(connection: Connection, query: str, values: tuple[Any, ...]) -> list[Any]:
    return connection.execute(query.encode(), values).fetchall()


# Seals


@pytest.mark.parametrize("login", ["eastwest_owner", "postgres"])
@pytest.mark.parametrize(
    "change", ["update audit_seals set up_to = 0", "delete from audit_seals", "truncate audit_seals"]
)
def test_seals_are_altered_by_nobody(superuser: Connection, login: str, change: str) -> None:
    superuser.execute(sql.SQL("set local role {}").format(sql.Identifier(login)))
    assert reason(superuser, change) == REFUSED


def test_two_seals_cannot_follow_the_same_one(superuser: Connection) -> None:
    assert reason(superuser, *new_row("audit_seals", "first", previous=bytes([1]))) == "23505"


# Alarms


def _looks(connection: Connection, name: str, many: int, **entry: Any) -> None:
    actor = ACTORS[name]
    take_over(connection, actor)
    signed = {"role": actor.role.value, "organisation_id": actor.organisation_id, "token_id": actor.token_id}
    signed["user_id"] = actor.user_id
    for _ in range(many):
        row: Row = {"action": "worker.read", "worker_id": uuid4(), "subject": "w"} | entry
        connection.execute(*insert("audit_entries", signed | row))


def _alarms(connection: Connection, name: str = "auditor") -> list[tuple[str, int]]:
    take_over(connection, ACTORS[name])
    connection.execute("select app.raise_alarms()")
    return attempt_kept(connection, "select kind, people from alarms where day = current_date order by kind", ())


def test_the_sixty_first_person_of_a_day_raises_an_alarm(app_login: Connection) -> None:
    _looks(app_login, "station", 60)
    assert _alarms(app_login) == []
    _looks(app_login, "station", 1)
    assert _alarms(app_login) == _alarms(app_login, "head") == [("bulk_reading", 61)]


def test_the_same_person_counts_once(app_login: Connection) -> None:
    _looks(app_login, "station", 70, worker_id=named("worker", "mine"))
    assert _alarms(app_login) == []


def test_what_shows_nobodys_details_is_no_look(app_login: Connection) -> None:
    _looks(app_login, "station", 70, action="suggestions.read")
    assert _alarms(app_login) == []


def test_the_two_thousand_and_first_line_of_lists_raises_an_alarm(app_login: Connection) -> None:
    _looks(app_login, "station", 20, action="worker.list", purpose="100", worker_id=None)
    assert _alarms(app_login) == []
    _looks(app_login, "station", 1, action="worker.list", purpose="1", worker_id=None)
    assert _alarms(app_login) == [("list_crawl", 2001)]


def test_a_worker_who_looks_at_the_own_record_raises_none(app_login: Connection) -> None:
    _looks(app_login, "worker", 70)
    assert _alarms(app_login) == []


def test_yesterdays_looks_are_not_todays(superuser: Connection) -> None:
    token = ACTORS["station"].token_id
    superuser.execute(
        """insert into audit_entries (role, token_id, action, worker_id, at)
           select 'station', %s, 'worker.read', gen_random_uuid(), current_date - interval '1 second'
           from generate_series(1, 70)""",
        (token,),
    )
    assert _alarms(superuser) == []


# Exports


def test_the_head_allows_what_a_clerk_asked_for_and_the_clerk_fetches_it_once(app_login: Connection) -> None:
    assert said(app_login, "station", FETCH, CLERKS) is False
    assert said(app_login, "head", DECIDE, CLERKS, True) is True
    assert [said(app_login, "station", FETCH, CLERKS) for _ in range(2)] == [True, False]


def test_nobody_decides_on_an_own_wish(app_login: Connection) -> None:
    assert said(app_login, "head", DECIDE, HEADS, True) is False


@pytest.mark.parametrize("name", ["station", "other_station"])
def test_a_clerk_decides_nothing(app_login: Connection, name: str) -> None:
    assert [said(app_login, name, DECIDE, export, True) for export in (CLERKS, HEADS)] == [False, False]


def test_another_stations_head_decides_nothing(superuser: Connection) -> None:
    superuser.execute("update exports set organisation_id = %s", (ACTORS["other_station"].organisation_id,))
    assert said(superuser, "head", DECIDE, CLERKS, True) is False


def test_a_decision_is_made_once(app_login: Connection) -> None:
    assert said(app_login, "head", DECIDE, CLERKS, False) is True
    assert said(app_login, "head", DECIDE, CLERKS, True) is False
    assert said(app_login, "station", FETCH, CLERKS) is False


def test_two_tokens_of_one_person_are_one_person(superuser: Connection) -> None:
    superuser.execute("update exports set asked_token = %s where id = %s", (uuid4(), HEADS))
    assert said(superuser, "head", DECIDE, HEADS, True) is False


def test_one_token_is_one_person(superuser: Connection) -> None:
    superuser.execute("update exports set asked_by = %s where id = %s", (uuid4(), HEADS))
    assert said(superuser, "head", DECIDE, HEADS, True) is False


def _approved(superuser: Connection, **columns: Any) -> None:
    sets = ", ".join(f"{name} = %({name})s" for name in columns)
    superuser.execute(
        "update exports set state = 'approved', decided_by = gen_random_uuid(), expires_at = now() + interval '1 hour'"
    )
    if columns:
        superuser.execute(f"update exports set {sets}".encode(), columns)


def test_an_approval_ends_after_a_day(superuser: Connection) -> None:
    _approved(superuser)
    superuser.execute("update exports set expires_at = now()")
    assert said(superuser, "station", FETCH, CLERKS) is False


def test_the_file_is_fetched_by_who_asked(superuser: Connection) -> None:
    _approved(superuser)
    assert [said(superuser, name, FETCH, CLERKS) for name in ("head", "other_station")] == [False, False]


def test_the_file_is_fetched_inside_the_station(superuser: Connection) -> None:
    """Who has left for another station takes nothing along."""
    _approved(superuser, organisation_id=ACTORS["other_station"].organisation_id)
    assert said(superuser, "station", FETCH, CLERKS) is False


def _people(many: int) -> list[UUID]:
    return [uuid4() for _ in range(many)]


def test_four_hundred_people_a_day_leave_a_station_and_no_more(app_login: Connection) -> None:
    """Two are planted."""
    with acting(app_login, ACTORS["station"]):
        for many in (200, 198):
            app_login.execute(*new_row("exports", "station", id=uuid4(), worker_ids=_people(many)))
        assert reason(app_login, *new_row("exports", "station", id=uuid4())) == FULL
    with acting(app_login, ACTORS["other_station"]):
        assert reason(app_login, *new_row("exports", "other_station", id=uuid4(), worker_ids=_people(200))) is None


def test_yesterdays_exports_are_not_todays(superuser: Connection) -> None:
    for _ in range(2):
        row = new_row("exports", "station", id=uuid4(), worker_ids=_people(199))
        superuser.execute(*row)
    assert reason(superuser, *new_row("exports", "station", id=uuid4())) == FULL
    superuser.execute("update exports set asked_at = current_date - interval '1 second'")
    assert reason(superuser, *new_row("exports", "station", id=uuid4())) is None


def test_an_entry_names_the_person_of_the_context(app_login: Connection) -> None:
    with acting(app_login, ACTORS["station"]):
        assert reason(app_login, *new_row("audit_entries", "station", user_id=uuid4())) == REFUSED
        assert attempt(app_login, *new_row("audit_entries", "station")) == [(1,)]
