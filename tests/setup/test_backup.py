"""A backup proves itself, and an empty one is noticed (SECURITY T31)."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import URL, make_url, text

from app.actor import Actor
from app.db.backup import (
    BackupRefused,
    Contents,
    Manifest,
    back_up,
    check,
    manifest_path,
    prove_dump,
    restore,
)
from app.db.transaction import own, read, write
from app.devdb import find_client
from app.identity.audit import record
from app.settings import settings
from tests.database import Server, owner_engine, pointed_at


def silent(step: str, done: int, total: int) -> None:
    """Progress nobody watches."""


def _leave_traces(actor: Actor) -> None:
    """Rows whose text would break a count of lines that did not know the dump's escapes."""
    with write(actor) as tx:
        for subject in ("第一行", "two\nlines", "\\."):
            record(tx, "test", subject=subject)


@pytest.fixture
def filled(fresh_database: str, actors: dict[str, Actor]) -> str:
    """A database with personal rows under row security."""
    _leave_traces(actors["station"])
    return fresh_database


def test_a_restored_backup_has_every_row_and_serves(
    filled: str, server: Server, tmp_path: Path, actors: dict[str, Actor]
) -> None:
    dump = tmp_path / "a.dump"
    made = back_up(dump, silent)
    assert made.tables["public.audit_entries"].rows == 3
    server.run("create database {}", "ew_restored")
    try:
        with pointed_at(server.url("ew_restored")):
            assert restore(dump, silent) == made
            assert check(dump, silent) == []
            with read(actors["auditor"]) as tx:  # contexts verify again: the key came from the key file
                assert tx.session.scalars(text("select count(*) from audit_entries")).one() == 3
    finally:
        server.drop("ew_restored")


@pytest.fixture
def bound(filled: str, server: Server) -> Iterator[URL]:
    """A login that may read every table, and that row security binds."""
    address = make_url(filled)
    login, database = f"ew_bound_{uuid4().hex[:8]}", str(address.database)
    server.run("create role {} login password 'x' in role pg_read_all_data", login)
    server.run("grant connect on database {} to {}", database, login)
    yield address.set(username=login, password="x")
    server.run("drop owned by {}", login, database=database)
    server.run("drop role {}", login)


def test_a_login_that_row_security_binds_may_not_back_up(bound: URL, tmp_path: Path) -> None:
    with (
        pointed_at(bound.render_as_string(hide_password=False)),
        pytest.raises(BackupRefused, match=f"alter role {bound.username} bypassrls"),
    ):
        back_up(tmp_path / "a.dump", silent)
    assert list(tmp_path.iterdir()) == []


def test_a_dump_that_row_security_emptied_is_noticed(filled: str, bound: URL, tmp_path: Path) -> None:
    honest = back_up(tmp_path / "honest.dump", silent)
    emptied = tmp_path / "emptied.dump"
    client = find_client(settings().data)
    address = bound.set(drivername="postgresql").render_as_string(hide_password=False)
    options = ("-Fc", "--enable-row-security", "--exclude-table-data=app.context_key", "-f", str(emptied))
    subprocess.run([client.path("pg_dump"), *options, "-d", address], env=client.environ(), check=True)
    with pytest.raises(BackupRefused, match=r"public\.audit_entries: 0 / 3"):
        prove_dump(emptied, honest)


def test_a_changed_row_shows_in_the_check(filled: str, tmp_path: Path) -> None:
    dump = tmp_path / "a.dump"
    back_up(dump, silent)
    with own() as session:
        session.execute(text("update organisations set name = name || '（改）' where kind = 'employer'"))
    assert [line.split(":")[0] for line in check(dump, silent)] == ["public.organisations"]


def test_a_database_whose_row_security_is_not_forced_fails_the_check(filled: str) -> None:
    with own() as session:
        session.execute(text("alter table workers no force row level security"))
    assert [line.split("：")[0] for line in check(None, silent)] == ["workers"]


def test_a_backup_is_not_restored_over_data(filled: str, tmp_path: Path) -> None:
    dump = tmp_path / "a.dump"
    back_up(dump, silent)
    with pytest.raises(BackupRefused, match="not an empty database"):
        restore(dump, silent)


def test_a_damaged_dump_is_refused_before_anything_is_restored(filled: str, tmp_path: Path) -> None:
    dump = tmp_path / "a.dump"
    back_up(dump, silent)
    dump.write_bytes(dump.read_bytes()[:-1] + b"?")
    with pytest.raises(BackupRefused, match="damaged or altered"):
        restore(dump, silent)


def test_a_restore_that_differs_from_the_manifest_is_not_believed(
    filled: str, empty_database: str, tmp_path: Path
) -> None:
    dump = tmp_path / "a.dump"
    with pointed_at(filled):
        made = back_up(dump, silent)
    planted = made.tables | {"public.organisations": Contents(made.tables["public.organisations"].rows, "1")}
    manifest_path(dump).write_text(replace(made, tables=planted).to_json())
    with pytest.raises(BackupRefused, match=r"public\.organisations"):
        restore(dump, silent)


def test_a_dump_without_its_manifest_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BackupRefused, match="nothing proves"):
        Manifest.read(tmp_path / "a.dump")


def test_neither_the_dump_nor_the_manifest_holds_a_key(filled: str, tmp_path: Path) -> None:
    dump = tmp_path / "a.dump"
    back_up(dump, silent)
    client = find_client(settings().data)
    plain = subprocess.run(
        [client.path("pg_restore"), "-f", "-", str(dump)], env=client.environ(), capture_output=True, check=True
    ).stdout.decode()
    with owner_engine() as engine, engine.connect() as connection:
        pads = connection.execute(text("select inner_pad, outer_pad from app.context_key")).one()
        secrets = [bytes(pad).hex() for pad in pads]
    assert len(secrets) == 2
    assert not any(secret in plain for secret in secrets)
