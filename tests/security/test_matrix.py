"""Every table × everybody who may act × own, foreign and absent rows × good and bad contexts."""

from __future__ import annotations

import pytest
from psycopg import sql

from app.actor import Actor
from tests.security.attack import (
    Connection,
    acting,
    addable,
    as_role,
    attempt,
    changeable,
    context_here,
    reason,
    rights,
    visible,
)
from tests.security.matrix import CLOSED, MATRIX, PUBLIC, expected
from tests.security.world import ACTORS, KEYS, named

AUDIENCES = sorted({actor.role.audience for actor in ACTORS.values()})
#: One actor of each audience.
ONE_EACH = list({actor.role.audience: name for name, actor in reversed(ACTORS.items())}.values())
CELLS = [(table, actor) for table in MATRIX for actor in ACTORS]


@pytest.mark.parametrize(("table", "name"), CELLS, ids=[f"{table}-{name}" for table, name in CELLS])
def test_everybody_can_do_what_the_matrix_says_and_nothing_else(app_login: Connection, table: str, name: str) -> None:
    with acting(app_login, ACTORS[name]):
        assert str(rights(app_login, table)) == str(expected(table, name))


def test_every_table_of_the_catalogue_has_its_place_in_the_matrix(superuser: Connection) -> None:
    found = superuser.execute(
        """select n.nspname || '.' || c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
           where c.relkind in ('r', 'p', 'v', 'm', 'f') and n.nspname !~ '^(pg_|information_schema)'
             and not exists (select from pg_depend d where d.objid = c.oid and d.deptype = 'e')"""
    )
    assert {name for (name,) in found} == {f"public.{table}" for table in MATRIX} | CLOSED


def test_the_matrix_speaks_of_every_audience_there_is(superuser: Connection) -> None:
    found = superuser.execute("select rolname from pg_roles where rolname like 'rt\\_%%'")
    assert {name for (name,) in found} == {f"rt_{audience}" for audience in AUDIENCES}


@pytest.mark.parametrize("audience", AUDIENCES)
def test_the_machinery_is_closed(app_login: Connection, audience: str) -> None:
    with as_role(app_login, f"rt_{audience}", ""):
        for table in CLOSED:
            name = sql.Identifier(*table.split("."))
            for words in ("select from {}", "insert into {} default values", "delete from {}", "truncate {}"):
                assert reason(app_login, sql.SQL(words).format(name)) == "42501", (table, words)


def _open(connection: Connection) -> set[str]:
    """The tables, beyond public reference data, in which anything can be read, added or changed."""
    tables = MATRIX.keys() - PUBLIC
    return {t for t in tables if visible(connection, t) or addable(connection, t) or changeable(connection, t)}


@pytest.mark.parametrize("audience", AUDIENCES)
def test_a_role_without_a_context_opens_nothing(app_login: Connection, audience: str) -> None:
    with as_role(app_login, f"rt_{audience}", ""):
        assert _open(app_login) == set()


@pytest.mark.parametrize("name", ACTORS)
def test_a_context_without_its_role_opens_nothing(app_login: Connection, name: str) -> None:
    with as_role(app_login, "none", context_here(app_login, ACTORS[name])):
        for table in MATRIX:
            assert attempt(app_login, sql.SQL("select from {}").format(sql.Identifier(table))) is None, table


@pytest.mark.parametrize("name", ONE_EACH)
def test_a_context_in_another_audience_opens_only_what_hangs_on_the_token(app_login: Connection, name: str) -> None:
    for audience in AUDIENCES:
        if audience != ACTORS[name].role.audience:
            with as_role(app_login, f"rt_{audience}", context_here(app_login, ACTORS[name])):
                assert _open(app_login) <= {"idempotent_answers"}, audience


def _tampered(context: str) -> dict[str, str]:
    *fields, here, mac = context.split("|")
    other = str(named("worker", "foreign"))
    return {
        "mac changed": context[:-1] + ("0" if context[-1] != "0" else "1"),
        "mac missing": "|".join([*fields, here, ""]),
        "field dropped": "|".join([*fields[1:], here, mac]),
        "field added": "|".join(["station", *fields, here, mac]),
        "another worker": "|".join([*fields[:4], other, *fields[5:], here, mac]),
        "another user": "|".join([*fields[:6], other, here, mac]),
        "another organisation": "|".join([*fields[:2], other, *fields[3:], here, mac]),
        "another audience": "|".join(["station" if fields[0] == "auditor" else "auditor", *fields[1:], here, mac]),
        "another backend": "|".join([*fields, f"1@{here.split('@')[1]}", mac]),
        "only words": "station",
        "only bars": "|" * 8,
    }


@pytest.mark.parametrize("name", ["station", "worker", "auditor", "employer"])
def test_a_tampered_context_is_refused(app_login: Connection, name: str) -> None:
    for what, context in _tampered(context_here(app_login, ACTORS[name])).items():
        with as_role(app_login, f"rt_{ACTORS[name].role.audience}", context):
            assert _open(app_login) == set(), what
            assert reason(app_login, "select app.context()") == "42501", what


def test_a_context_of_another_backend_is_refused(app_login: Connection, superuser: Connection) -> None:
    stolen = context_here(superuser, ACTORS["station"])
    with as_role(app_login, "rt_station", stolen):
        assert _open(app_login) == set()


def test_a_context_of_an_earlier_transaction_of_the_same_backend_is_refused(app_login: Connection) -> None:
    stolen = context_here(app_login, ACTORS["station"])
    before = app_login.execute("select pg_backend_pid(), now()").fetchone()
    app_login.execute("commit")
    app_login.execute("begin")
    app_login.execute("savepoint one")
    after = app_login.execute("select pg_backend_pid(), now()").fetchone()
    assert before
    assert after
    assert (before[0] == after[0], before[1] < after[1]) == (True, True)
    with as_role(app_login, "rt_station", stolen):
        assert _open(app_login) == set()


def test_nothing_of_a_context_is_left_after_the_transaction(app_login: Connection) -> None:
    with acting(app_login, ACTORS["station"]):
        assert visible(app_login, "workers") == {"mine", "neighbour", "spare"}
    left = app_login.execute("select current_setting('app.context', true), current_user").fetchone()
    assert left in ((None, "eastwest_app"), ("", "eastwest_app"))


def test_an_organisation_that_has_no_rows_sees_none(app_login: Connection) -> None:
    nobody = Actor(ACTORS["station"].role, named("organisation", "new"), token_id=named("token", "new"))
    with acting(app_login, nobody):
        assert {table for table in MATRIX if table not in PUBLIC and visible(app_login, table)} == {
            "crowding",
            "gone_before",
            "opening_prices",
            "pairings",
            "shocks",
            "vacancies",
        }


def test_what_is_foreign_answers_as_what_is_absent(app_login: Connection) -> None:
    with acting(app_login, ACTORS["station"]):
        for key in (KEYS["workers"]["foreign"], named("worker", "absent")):
            assert attempt(app_login, "select * from workers where id = %s", (key,)) == []
            assert attempt(app_login, "update workers set name = 'x' where id = %s", (key,)) == [(0,)]
            assert attempt(app_login, "select * from workers where id = %s for update", (key,)) == []
