"""What somebody could do who can slip SQL of their own into a request's transaction: nothing beyond the actor's rights.

Each attack runs as the role that serves requests, in the name of `station`, or of nobody.
"""

from __future__ import annotations

from typing import LiteralString

import pytest

from tests.security.attack import Connection, acting, attempt, context_here, reason, visible
from tests.security.matrix import MATRIX, PUBLIC, expected
from tests.security.world import ACTORS, named, organisation

OWN = expected("workers", "station").select
REFUSED = "42501"

#: Statements the database must refuse outright, by what they are after.
REFUSED_OUTRIGHT: dict[str, LiteralString] = {
    "the key of contexts": "select * from app.context_key",
    "the key's table replaced": "create or replace function app.context() returns text[] language sql as 'select null'",
    "the owner's rights": "set role eastwest_owner",
    "the owner's rights by setting": "select set_config('role', 'eastwest_owner', true)",
    "the superuser's rights": "set role postgres",
    "another login": "set session authorization eastwest_jobs",
    "the superuser's login": "set session authorization postgres",
    "a table of its own": "create table public.mine (id int)",
    "a table of its own in app": "create table app.mine (id int)",
    "a schema of its own": "create schema mine",
    "a temporary table": "create temp table workers (id int)",
    "a temporary view": "create temp view workers as select 1",
    "a temporary function": "create function pg_temp.ctx_worker() returns uuid language sql as 'select null::uuid'",
    "a function of its own": "create function public.mine() returns int language sql as 'select 1'",
    "a policy": "create policy mine on workers to rt_station using (true)",
    "no policy": "drop policy in_our_care on workers",
    "no row security": "alter table workers disable row level security",
    "no trigger": "alter table audit_entries disable trigger all",
    "no triggers by setting": "set session_replication_role = replica",
    "a right": "grant select on tokens to rt_station",
    "a membership": "grant eastwest_owner to eastwest_app",
    "a stronger role": "alter role eastwest_app bypassrls",
    "files, read": "select pg_read_file('/etc/passwd')",
    "files, listed": "select pg_ls_dir('.')",
    "files, copied": "copy (select 1) to '/tmp/eastwest-stolen'",
    "files, loaded": "copy places from '/etc/passwd'",
    "programs": "copy (select 1) to program 'true'",
    "large objects of the server's files": "select lo_import('/etc/passwd')",
    "server settings, read again": "select pg_reload_conf()",
    "another library": "load 'auto_explain'",
    "another extension": "create extension dblink",
    "statements in the log": "set log_statement = 'all'",
    "passwords": "select * from pg_authid",
    "the tokens": "select * from tokens",
    "the hidden persons": "select * from persons join person_records on true",
    "a job in another's name": "insert into jobs.procrastinate_jobs (task_name, queue_name) values ('x', 'lists')",
    "COPY past row security": "copy workers from stdin",
    "audit entries removed": "delete from audit_entries",
    "audit entries emptied": "truncate audit_entries",
    "audit entries changed": "update audit_entries set subject = ''",
    "a trigger function by hand": "select app.know_persons()",
    "another's replication": "select pg_create_physical_replication_slot('x')",
    "a backup": "select pg_backup_start('x')",
}


@pytest.mark.parametrize("what", REFUSED_OUTRIGHT)
def test_an_injected_statement_is_refused(app_login: Connection, what: str) -> None:
    with acting(app_login, ACTORS["station"]):
        # 0A000: COPY FROM is not to be had under row security
        assert reason(app_login, REFUSED_OUTRIGHT[what]) in (REFUSED, "0A000")


#: Statements that run, but show and change nothing that is not the station's own: what they leave as the view.
HARMLESS: dict[str, LiteralString] = {
    "an unsigned context": "select set_config('app.context', 'station|station|x||||1|', true)",
    "an empty context": "select set_config('app.context', '', true)",
    "no context": "reset app.context",
    "no role": "reset role",
    "no role by setting": "set role none",
    "the login again": "reset session authorization",
    "the default login": "set session authorization default",
    "the worker's audience": "set role rt_worker",
    "the auditor's audience": "set role rt_auditor",
    "the engine's audience": "set role rt_engine",
    "the coordinator's audience": "set local role rt_coordinator",
    "row security off": "set row_security = off",
    "another search path": "set search_path = pg_temp, app, public",
    "operators of one's own path": "set search_path = pg_temp, pg_catalog",
    "settings others had": "set app.station = '1'; set app.organisation = '1'",
    "sequential scans": "set enable_indexscan = off; set enable_bitmapscan = off",
    "another time zone": "set timezone = 'Etc/GMT+12'",
}


@pytest.mark.parametrize("what", HARMLESS)
@pytest.mark.parametrize("name", ["station", "employer", "worker"])
def test_an_injected_setting_shows_nothing_more(app_login: Connection, name: str, what: str) -> None:
    with acting(app_login, ACTORS[name]):
        app_login.execute(HARMLESS[what].encode())
        for table in MATRIX.keys() - PUBLIC:
            assert visible(app_login, table) <= expected(table, name).select, table


@pytest.mark.parametrize("definer", ["station", "other_station", "employer", "worker", "visitor"])
def test_a_context_cannot_be_signed_from_inside(app_login: Connection, definer: str) -> None:
    """Whatever the request can compute, the key is not in its reach: the stolen parts of a context are of no use."""
    good = context_here(app_login, ACTORS[definer])
    forged = good.replace(str(organisation("other_station")), str(organisation("station")))
    forged = forged.rsplit("|", 1)[0] + "|" + "0" * 64
    with acting(app_login, ACTORS[definer]):
        app_login.execute(
            "select set_config('app.context', %s, true), set_config('role', 'rt_station', true)", (forged,)
        )
        assert visible(app_login, "workers") == frozenset()


def test_leaky_conditions_see_own_rows_only(app_login: Connection) -> None:
    """A condition that raises, or tells, is asked only of rows the policy has let through."""
    with acting(app_login, ACTORS["station"]):
        division = "select name from workers where 1 / (case when name like 'canary foreign%%' then 0 else 1 end) = 1"
        assert len(attempt(app_login, division) or []) == len(OWN)
        cast = "select 1 from workers where case when name like 'canary f%%' then name::int = 1 else true end"
        assert len(attempt(app_login, cast) or []) == len(OWN)


def test_statistics_of_protected_tables_are_not_shown(app_login: Connection, superuser: Connection) -> None:
    superuser.execute("analyze workers")
    assert superuser.execute("select count(*) > 0 from pg_stats where tablename = 'workers'").fetchone() == (True,)
    with acting(app_login, ACTORS["station"]):
        hidden = "select count(*) from pg_stats where tablename in ('workers', 'persons', 'tokens', 'consents')"
        assert attempt(app_login, hidden) == [(0,)]


def test_sub_selects_joins_and_functions_stay_inside(app_login: Connection) -> None:
    with acting(app_login, ACTORS["station"]):
        for query in (
            "select count(*) from (select * from workers union all select * from workers where true) both_times",
            "with w as materialized (select * from workers) select 2 * count(*) from w",
            "select count(*) from workers a right join (values (1), (2)) twice on true",
            "select 2 * (xpath('count(//row)', query_to_xml('table workers', false, false, '')))[1]::text::float",
        ):
            assert attempt(app_login, query) == [(2 * len(OWN),)], query


def test_a_block_of_code_runs_with_no_more_rights(app_login: Connection) -> None:
    with acting(app_login, ACTORS["station"]):
        block = "do $$ begin perform set_config('role', 'none', true); perform id from workers; end $$"
        assert reason(app_login, block) == REFUSED
        block = """do $$ begin if (select count(*) from workers where station_id <> '{}') > 0
                   then raise exception 'seen'; end if; end $$"""
        assert reason(app_login, block.replace("{}", str(organisation("station")))) is None


def test_a_cursor_or_prepared_statement_of_another_actor_shows_the_present_ones_rows(app_login: Connection) -> None:
    app_login.execute("prepare theirs as select name from workers")
    with acting(app_login, ACTORS["other_station"]):
        assert len(app_login.execute("execute theirs").fetchall()) == 2
    with acting(app_login, ACTORS["station"]):
        assert len(app_login.execute("execute theirs").fetchall()) == len(OWN)
    assert reason(app_login, "execute theirs") == REFUSED


def test_definer_functions_do_nothing_for_the_wrong_audience(app_login: Connection) -> None:
    withdraw = "select app.withdraw_consent(%s, 'matching')"
    foreign = (named("worker", "foreign"),)
    for name in ("station", "worker"):
        with acting(app_login, ACTORS[name]):
            app_login.execute(withdraw, foreign)
            app_login.execute(
                "select set_config('app.context', %s, true)", (context_here(app_login, ACTORS["auditor"]),)
            )
        with acting(app_login, ACTORS["other_worker"]):
            assert attempt(app_login, "select withdrawn_at from consents") == [(None,)]
    for name in ("destination", "employer", "coordinator", "operator", "auditor", "engine", "visitor"):
        with acting(app_login, ACTORS[name]):
            assert reason(app_login, withdraw, foreign) == REFUSED, name


def test_a_job_is_ordered_only_in_ones_own_name(app_login: Connection, superuser: Connection) -> None:
    order = "select app.enqueue('read_list', %s)"
    for name in ("worker", "operator", "auditor", "engine", "visitor"):
        with acting(app_login, ACTORS[name]):
            assert reason(app_login, order, (named("list", "station"),)) == REFUSED, name
    with acting(app_login, ACTORS["station"]):
        assert reason(app_login, "select app.enqueue('drop_everything', %s)", (named("list", "station"),)) == REFUSED
        assert reason(app_login, order, (named("list", "station"),)) is None


def test_the_door_opens_for_a_hash_only(app_login: Connection) -> None:
    assert attempt(app_login, "select * from app.actor_of_token('\\x00')") == []
    assert attempt(app_login, "select * from app.actor_of_token(null)") == []
    found = attempt(app_login, "select role, worker_id from app.actor_of_token('worker')")
    assert found == [("worker", named("worker", "mine"))]
