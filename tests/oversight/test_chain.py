"""What was sealed can be neither edited nor removed, nor anything planted among it, unnoticed."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg
import pytest
from sqlalchemy import make_url
from sqlalchemy.exc import IntegrityError
from typer.testing import CliRunner

from app.cli.audit import app as command
from app.cli.audit import heads_in
from app.db.transaction import read, write
from app.identity.audit import record
from app.oversight import chores, usecases
from app.oversight.chain import Finding
from app.oversight.usecases import WATCH, Verdict, seal_entries, verify
from tests import people

CLERK = people.actor("station")


def act(*purposes: str) -> None:
    """Entries, each in a transaction of its own."""
    for purpose in purposes:
        with write(CLERK) as tx:
            record(tx, "worker.read", purpose=purpose)


def sealed() -> tuple[int, bytes]:
    """Seal what waits; the head."""
    with write(WATCH) as tx:
        made = seal_entries(tx)
        assert made is not None
        return made.number, made.hash


def checked(printed: dict[int, bytes] | None = None) -> Verdict:
    with read(people.actor("auditor")) as tx:
        return verify(tx, printed or {})


@pytest.fixture
def intruder(fresh_database: str) -> Iterator[psycopg.Connection[Any]]:
    """Somebody with the database in their hands: triggers do not stop them."""
    address = make_url(fresh_database).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("set session_replication_role = replica")
        yield connection


def entry(intruder: psycopg.Connection[Any], purpose: str) -> int:
    [(number,)] = intruder.execute("select id from audit_entries where purpose = %s", (purpose,)).fetchall()
    return int(number)


def test_an_untouched_log_is_intact(fresh_database: str) -> None:
    assert checked() == Verdict()
    act("a", "b")
    first = sealed()
    act("c")
    second = sealed()
    verdict = checked(dict([first, second]))
    assert (verdict.seals, verdict.entries, verdict.head, verdict.findings) == (2, 3, second, [])


def test_nothing_new_makes_no_seal(fresh_database: str) -> None:
    act("a")
    sealed()
    with write(WATCH) as tx:
        assert seal_entries(tx) is None


@pytest.mark.parametrize(
    "change",
    [
        "action = 'worker.change'",
        "at = at - interval '1 microsecond'",
        "worker_id = gen_random_uuid()",
        "token_id = null",
        "user_id = gen_random_uuid()",
        "organisation_id = null",
        "role = 'head'",
        "subject = 'x'",
        "purpose = 'B'",
    ],
)
def test_an_edited_entry_is_named(intruder: psycopg.Connection[Any], change: str) -> None:
    act("a", "b", "c")
    sealed()
    number = entry(intruder, "b")
    intruder.execute(f"update audit_entries set {change} where id = %s".encode(), (number,))
    assert checked().findings == [Finding("edited", entry=number, seal=1)]


def test_a_removed_entry_is_named(intruder: psycopg.Connection[Any]) -> None:
    act("a", "b", "c")
    sealed()
    number = entry(intruder, "b")
    intruder.execute("delete from audit_entries where id = %s", (number,))
    assert checked().findings == [Finding("removed", entry=number, seal=1)]


def test_a_planted_entry_is_named(intruder: psycopg.Connection[Any]) -> None:
    act("a", "b")
    sealed()
    number = entry(intruder, "a")
    act("c")
    sealed()
    intruder.execute("delete from audit_entries where id = %s", (number,))
    intruder.execute(
        "insert into audit_entries (id, role, action) overriding system value values (%s, 'station', 'x')",
        (number - 10,),
    )
    assert {(one.what, one.entry) for one in checked().findings} == {("removed", number), ("planted", number - 10)}


def test_a_seal_made_to_fit_an_edited_entry_is_noticed(intruder: psycopg.Connection[Any]) -> None:
    """Without the key outside the database no hash can be made to fit."""
    act("a")
    sealed()
    act("b")
    sealed()
    intruder.execute("update audit_entries set purpose = 'x' where purpose = 'a'")
    intruder.execute(
        "update audit_seals set entries = set_byte(entries, 12, 7), hash = sha256(entries) where number = 1"
    )
    what = {(one.what, one.seal) for one in checked().findings}
    assert what >= {("altered", 1), ("altered", 2)}


def test_a_removed_seal_in_the_middle_is_noticed(intruder: psycopg.Connection[Any]) -> None:
    for purpose in "abc":
        act(purpose)
        sealed()
    intruder.execute("delete from audit_seals where number = 2")
    assert ("missing", 2) in {(one.what, one.seal) for one in checked().findings}


def test_a_chain_cut_short_is_noticed_by_the_head_that_was_printed(intruder: psycopg.Connection[Any]) -> None:
    act("a")
    sealed()
    act("b")
    head = dict([sealed()])
    intruder.execute("delete from audit_seals where number = 2")
    intruder.execute("delete from audit_entries where purpose = 'b'")
    assert checked().findings == []
    assert checked(head).findings == [Finding("missing", seal=2)]


def test_another_chain_made_with_the_key_is_noticed_by_the_head_that_was_printed(
    intruder: psycopg.Connection[Any],
) -> None:
    act("a")
    head = dict([sealed()])
    intruder.execute("update audit_entries set purpose = 'x'")
    intruder.execute("delete from audit_seals")
    sealed()
    assert checked().findings == []
    assert checked(head).findings == [Finding("other_head", seal=1)]


def test_an_entry_committed_after_later_ones_were_sealed_is_sealed_next(fresh_database: str) -> None:
    with write(CLERK) as slow:
        record(slow, "worker.read", purpose="slow")
        act("quick")
        sealed()
        assert checked().findings == []
    sealed()
    verdict = checked()
    assert (verdict.entries, verdict.findings) == (2, [])


def test_what_was_rolled_back_leaves_a_gap_that_nobody_minds(fresh_database: str) -> None:
    with read(CLERK) as tx:
        record(tx, "worker.read", purpose="undone")
    act("a")
    sealed()
    act("b")
    sealed()
    assert checked().findings == []


def test_of_two_that_seal_at_once_one_does(intruder: psycopg.Connection[Any]) -> None:
    act("a")
    waiting = "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"
    with ThreadPoolExecutor(1) as beside:
        with write(WATCH) as tx:
            seal_entries(tx)
            second = beside.submit(sealed)
            while intruder.execute(waiting.encode()).fetchone() == (0,):
                pass
        with pytest.raises(IntegrityError):
            second.result()
    assert (checked().seals, checked().findings) == (1, [])


def test_the_job_worker_seals_all_that_waits_and_prints_the_head(
    fresh_database: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(usecases, "MOST_ENTRIES", 2)
    act(*"abcde")
    chores.watch()
    told = capsys.readouterr()
    heads = heads_in((told.out + told.err).splitlines())
    verdict = checked(dict(heads))
    assert (verdict.seals, verdict.entries, verdict.findings) == (3, 5, [])
    assert max(heads.items()) == verdict.head


def test_the_command_names_what_was_touched(intruder: psycopg.Connection[Any]) -> None:
    act("a", "b")
    run = CliRunner()
    head = run.invoke(command, ["seal"]).output.strip()
    whole = run.invoke(command, ["verify", "--head", head])
    assert (whole.exit_code, "intact" in whole.output) == (0, True)
    number = entry(intruder, "b")
    intruder.execute("delete from audit_entries where id = %s", (number,))
    touched = run.invoke(command, ["verify"])
    assert (touched.exit_code, f"audit_entries {number}: " in touched.output) == (1, True)
