"""At 20,000 workers of 40 stations no query under row security reads a whole table: policies are found by index.

The tables are filled and analysed once, inside a transaction that is rolled back.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, LiteralString

import psycopg
import pytest
from psycopg import sql

from tests.security.attack import Connection, acting
from tests.security.world import ACTORS, KEYS, for_psycopg, named, organisation

#: One row in forty is of the organisation that asks.
FILL: tuple[LiteralString, ...] = (
    "set local session_replication_role = replica",  # foreign keys are not what is asked about here
    """insert into organisations (id, kind, name) select gen_random_uuid(), 'station', 'filling ' || n
       from generate_series(1, 39) n""",
    """create temp table many on commit drop as
       select n, gen_random_uuid() as id, o.id as org from generate_series(1, 20000) n
       join (select id, row_number() over (order by id) as i from
             (select id from organisations where name like 'filling %' union all
              select unnest(array[{station}, {employer}]::uuid[])) o) o on o.i = n % 41 + 1""",
    """insert into workers (id, station_id, division_code, name, id_sealed, id_index, phone_index, birth_date, home_id,
                            home_code, home_text, updated_at)
       select id, org, '99', 'w' || n, '', int8send(n), int8send(n), '2000-01-01', {place}, '99', '',
              now() - n * interval '1 minute' from many""",
    "insert into intentions (worker_id, station_id) select id, org from many",
    """insert into consents (id, station_id, worker_id, purpose, given_by, witness)
       select gen_random_uuid(), org, id, 'matching', 'paper', 'x' from many""",
    """insert into vacancies (id, poster_id, identity, employer, title, headcount, wage_lo, wage_hi, wage_text,
                              workplace_id, workplace_code, workplace_text, valid_until, state, updated_at)
       select id, org, n::text, '', '', 1, 1, 1, '', {place}, '99', '', '2100-01-01',
              case when n % 3 = 0 then 'open' else 'closed' end, now() - n * interval '1 minute' from many""",
    "insert into vacancy_contacts (vacancy_id, poster_id) select id, org from many",
    """insert into suggestions (id, station_id, worker_id, vacancy_id, rank, score, parts, scoring, as_of, current)
       select gen_random_uuid(), org, id, {vacancy}, 1, 1, '{{}}', 'planted', now(), n % 2 = 0 from many""",
    """insert into placements (id, station_id, worker_id, vacancy_id, poster_id, employer_id, destination_id, state,
                               title, employer, workplace_text, card, how, disclose, disclosure_until, updated_at)
       select gen_random_uuid(), org, id, id, org, org, org, 'introduced', '', '', '', '{{}}', 'own', true,
              '2100-01-01', now() - n * interval '1 minute' from many""",
    "insert into declines (worker_id, station_id, seq) select id, org, n from many",
    """insert into lists (id, kind, organisation_id, division_code, role, filename, store, state, keep_until,
                          created_at)
       select id, 'worker', org, '99', 'station', '', false, 'stored', '2100-01-01', now() - n * interval '1 minute'
       from many""",
    """insert into list_rows (list_id, sheet, row, organisation_id, outcome, raw_sealed)
       select id, 1, 1, org, 'new', '' from many""",
    """insert into list_problems (list_id, organisation_id, sheet, row, header, code, message_zh, message_en, value,
                                  blocks)
       select id, org, '', 1, '', '', '', '', '', true from many""",
    """insert into audit_entries (role, organisation_id, token_id, action, worker_id)
       select 'station', org, null, 'x', id from many""",
    """insert into idempotent_answers (key, token_id, request, status, until)
       select int8send(n), id, '', 200, '2100-01-01' from many""",
    "set local session_replication_role = origin",
    "analyze",
)

#: who asks, and what: by id, and the newest fifty
QUERIES: tuple[tuple[str, LiteralString], ...] = (
    ("station", "select * from workers where id = {id}"),
    ("station", "select * from workers where id = {id} for update"),
    ("station", "select * from workers order by updated_at desc, id desc limit 50"),
    (
        "station",
        "select * from workers where (updated_at, id) < (now(), {id}) order by updated_at desc, id desc limit 50",
    ),
    ("station", "select * from workers where phone_index = '\\x00'"),
    ("station", "select * from workers where id_index = '\\x00' and station_id = {station}"),
    ("station", "select * from workers w join intentions i on i.worker_id = w.id where w.id = {id}"),
    ("station", "select count(*) from workers"),
    ("station", "update workers set name = name where id = {id}"),
    ("station", "select * from intentions where worker_id = {id}"),
    ("station", "select * from consents where worker_id = {id} and withdrawn_at is null"),
    ("station", "select * from suggestions where worker_id = {id} and current order by rank"),
    ("station", "select * from suggestions where id = {id}"),
    ("station", "select * from placements order by updated_at desc, id desc limit 50"),
    ("worker", "select * from placements order by updated_at desc, id desc limit 50"),
    ("employer", "select * from placements order by updated_at desc, id desc limit 50"),
    ("employer", "select * from placements where vacancy_id = {id} order by answered_at, id limit 50"),
    ("destination", "select * from placements order by updated_at desc, id desc limit 50"),
    ("worker", "select seq from declines where worker_id = {id}"),
    ("engine", "select seq from declines where worker_id = {id}"),
    ("station", "select * from vacancies where id = {id}"),
    ("station", "select * from vacancies where poster_id = {station} order by updated_at desc, id desc limit 50"),
    ("station", "select * from lists where id = {id}"),
    ("station", "select * from lists where kind = 'worker' order by created_at desc, id desc limit 50"),
    ("station", "select * from list_rows where list_id = {id} order by sheet, row limit 50"),
    ("station", "select * from list_problems where list_id = {id} order by id limit 50"),
    ("station", "select * from idempotent_answers where key = '\\x00'"),
    ("station", "select * from organisations where id = {station}"),
    ("employer", "select * from vacancies where id = {id}"),
    ("employer", "select * from vacancies order by updated_at desc, id desc limit 50"),
    ("employer", "update vacancies set filled = filled + 1 where id = {id} and filled < headcount"),
    ("employer", "select * from vacancy_contacts where vacancy_id = {id}"),
    ("employer", "select * from lists order by created_at desc, id desc limit 50"),
    ("destination", "select * from vacancies where poster_id = {station} order by updated_at desc limit 50"),
    ("coordinator", "select * from lists order by created_at desc, id desc limit 50"),
    ("worker", "select * from workers where id = {id}"),
    ("worker", "select * from workers"),
    ("worker", "select * from intentions"),
    ("worker", "select * from consents order by given_at"),
    ("worker", "select * from suggestions where current order by rank"),
    ("worker", "select * from vacancies where id = {id}"),
    ("worker", "select * from audit_entries order by at desc limit 50"),
    ("auditor", "select * from audit_entries order by at desc limit 50"),
    ("engine", "select * from vacancies where id = any(array[{id}])"),
)


def _bound(query: LiteralString, **values: object) -> sql.Composed:
    return sql.SQL(query).format(**{name: sql.Literal(value) for name, value in values.items()})


@pytest.fixture(scope="module")
def filled(world: str) -> Iterator[Connection]:
    """The serving login's connection, in a transaction in which the tables are full."""
    with psycopg.connect(for_psycopg(world)) as connection, connection.transaction(force_rollback=True):
        for statement in FILL:
            values = {"station": organisation("station"), "employer": organisation("employer")}
            ids = {"place": named("place", "county"), "vacancy": KEYS["vacancies"]["employer:open"]}
            connection.execute(_bound(statement, **values, **ids))
        connection.execute("set local session authorization eastwest_app")
        yield connection


def _scanned(node: dict[str, Any]) -> Iterator[str]:
    """The tables a plan reads as a whole."""
    if node["Node Type"] == "Seq Scan":
        yield node["Relation Name"]
    for below in node.get("Plans", ()):
        yield from _scanned(below)


@pytest.mark.parametrize(("name", "query"), QUERIES, ids=[f"{name}: {query}" for name, query in QUERIES])
def test_no_table_is_read_as_a_whole(filled: Connection, name: str, query: LiteralString) -> None:
    with acting(filled, ACTORS[name]):
        asked = _bound("explain (format json) " + query, id=named("worker", "mine"), station=organisation("station"))
        row = filled.execute(asked).fetchone()
    assert row is not None
    plan = row[0] if isinstance(row[0], list) else json.loads(row[0])
    assert set(_scanned(plan[0]["Plan"])) <= {"organisations"}  # a page of 47 rows


def test_the_newest_fifty_workers_are_read_in_order(filled: Connection) -> None:
    with acting(filled, ACTORS["station"]):
        asked = "explain (analyze, format json) select * from workers order by updated_at desc, id desc limit 50"
        row = filled.execute(asked).fetchone()
    assert row is not None
    assert "Sort" not in json.dumps(row[0])
    assert row[0][0]["Plan"]["Actual Rows"] == 50


@pytest.mark.parametrize(
    ("name", "call"),
    [
        ("door", "select * from app.workers_of_phone(int8send(77))"),
        ("door", "select app.order_code({id}, {id}, 'sign_in', null, '', int8send(77), '', null)"),
        ("door", "select app.try_code('sign_in', null, '', int8send(77), '')"),
        ("station", "select * from app.phone_standing({id}, int8send(77))"),
    ],
)
def test_a_function_that_was_given_a_phone_reads_no_table_as_a_whole(
    filled: Connection, name: str, call: LiteralString
) -> None:
    read = "select relname, seq_tup_read from pg_stat_xact_user_tables where relname in ('workers', 'consents')"
    before = filled.execute(read).fetchall()
    with acting(filled, ACTORS[name]):
        filled.execute(_bound(call, id=named("worker", "mine")))
    assert filled.execute(read).fetchall() == before
