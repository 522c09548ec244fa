"""Keys are rotated while the service runs: nothing is unreadable at any moment, and the old key is gone at the end."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import make_url, select

from app.db.keys import keys
from app.db.rotation import RotationRefused, reindex, reseal_all, rotate, sealed_columns
from app.db.sealing import blind_index, seal_text, unseal_text
from app.db.transaction import read, write
from app.settings import settings
from app.workers.model import Worker
from app.workers.store import store_workers
from tests import people
from tests.workers.invented import draft, id_number

PHONE, NUMBER = "workers.phone_sealed", "workers.id_sealed"
MANY = 1200


@pytest.fixture
def key_file(fresh_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy of the key file, which this test may change, over a database with workers in it."""
    path = Path(shutil.copy(settings().key_path, tmp_path / "keys.json"))
    path.chmod(0o600)
    monkeypatch.setenv("EASTWEST_KEYS_FILE", str(path))
    _forget()
    with write(people.actor("station")) as tx:
        store_workers(tx, [draft(n) for n in range(MANY)], witness="王站长", signed_on=None)
    yield path
    monkeypatch.undo()
    _forget()


def _forget() -> None:
    settings.cache_clear()
    keys.cache_clear()


def _quiet(step: str, done: int, total: int) -> None:
    """Nobody watches."""


def _superuser(url: str) -> psycopg.Connection[Any]:
    address = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    return psycopg.connect(address, autocommit=True)


def _sealed_with(url: str) -> set[tuple[str, int, int]]:
    """Which ciphers and keys the workers' columns are sealed with."""
    query = """select distinct 'id', get_byte(id_sealed, 0), get_byte(id_sealed, 1) from workers union
               select distinct 'phone', get_byte(phone_sealed, 0), get_byte(phone_sealed, 1) from workers"""
    with _superuser(url) as connection:
        return set(connection.execute(query))


def _opened() -> dict[str, str | None]:
    """Every worker's ID number and phone, as the station's requests open them."""
    with read(people.actor("station")) as tx:
        return {
            unseal_text(row.id_sealed, NUMBER, row.id): row.phone_sealed
            and unseal_text(row.phone_sealed, PHONE, row.id)
            for row in tx.session.scalars(select(Worker))
        }


EVERYBODY = {id_number(n): f"139{n:08d}" for n in range(MANY)}


def test_after_a_rotation_everything_opens_under_the_new_key_and_the_old_one_is_gone(
    key_file: Path, fresh_database: str
) -> None:
    fresh = rotate(_quiet)
    assert _sealed_with(fresh_database) == {("id", 1, fresh), ("phone", 1, fresh)}
    body = json.loads(key_file.read_text())
    assert (list(body["data"]), body["active"], "rotating" in body) == ([str(fresh)], fresh, False)
    assert _opened() == EVERYBODY


def test_a_rotation_may_leave_the_old_key_for_old_backups(key_file: Path) -> None:
    before = set(keys().data)
    fresh = rotate(_quiet, keep_old=True)
    assert set(keys().data) == before | {fresh}


def test_reads_and_changes_go_on_during_a_rotation(key_file: Path, fresh_database: str) -> None:
    """One reads everybody again and again, one changes phones: nobody meets a seal that does not open, no change is
    lost."""
    over = threading.Event()

    def reads() -> int:
        times = 0
        while not over.is_set() or times == 0:
            assert _opened().keys() == EVERYBODY.keys()
            times += 1
        return times

    def changes() -> dict[str, str]:
        said: dict[str, str] = {}
        n = 0
        while not over.is_set():
            n += 1
            with write(people.actor("station")) as tx:
                index = blind_index(id_number(n % MANY), "id_number")
                worker = tx.session.scalars(select(Worker).where(Worker.id_index == index)).one()
                worker.phone_sealed = seal_text(f"138{n:08d}", PHONE, worker.id)
                said[id_number(n % MANY)] = f"138{n:08d}"
        return said

    with ThreadPoolExecutor(2) as beside:
        reader, writer = beside.submit(reads), beside.submit(changes)
        try:
            fresh = rotate(_quiet)
        finally:
            over.set()
    assert reader.result() > 0
    assert _opened() == EVERYBODY | writer.result()
    assert _sealed_with(fresh_database) == {("id", 1, fresh), ("phone", 1, fresh)}


def test_what_a_long_transaction_sealed_with_the_old_key_still_opens_afterwards(
    key_file: Path, fresh_database: str
) -> None:
    """It began before the rotation, knows the old key only, and commits last: the rotation waits for it."""
    with ThreadPoolExecutor(1) as beside:
        with write(people.actor("station")) as tx:
            worker = tx.session.scalars(select(Worker).limit(1)).one()
            late = seal_text("13700000000", PHONE, worker.id)
            rotation = beside.submit(rotate, _quiet)
            passed = threading.Event()
            with pytest.raises(TimeoutError):
                rotation.result(timeout=6)
            worker.phone_sealed = late
            passed.set()
        fresh = rotation.result()
    assert "13700000000" in _opened().values()
    assert _sealed_with(fresh_database) == {("id", 1, fresh), ("phone", 1, fresh)}


_KILLED = """
from app.db import rotation
def stop(step, done, total):
    if step == "workers.id_sealed" and done >= total / 2:
        print("half", flush=True)
        input()
rotation.rotate(stop)
"""


def test_a_rotation_killed_half_way_is_finished_by_the_next(
    key_file: Path, fresh_database: str, kill_hard: Callable[[int], None]
) -> None:
    old = keys().active
    child = subprocess.Popen(
        [sys.executable, "-c", _KILLED], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=dict(os.environ)
    )
    assert child.stdout
    assert child.stdin
    assert child.stdout.readline() == b"half\n"
    kill_hard(child.pid)
    child.wait()
    child.stdout.close()
    child.stdin.close()
    half = {key for _, _, key in _sealed_with(fresh_database)}
    fresh = json.loads(key_file.read_text())["active"]
    assert half == {old, fresh}
    assert _opened() == EVERYBODY
    assert rotate(_quiet) == fresh
    assert _sealed_with(fresh_database) == {("id", 1, fresh), ("phone", 1, fresh)}
    assert _opened() == EVERYBODY


def test_a_row_that_does_not_open_keeps_the_old_key(key_file: Path, fresh_database: str) -> None:
    before = set(keys().data)
    with _superuser(fresh_database) as connection:
        connection.execute(
            "update workers set phone_sealed = set_byte(phone_sealed, 20, 7) where phone_sealed is not null"
        )
    with pytest.raises(RotationRefused, match=r"workers\.phone_sealed"):
        rotate(_quiet)
    keys.refreshed()
    assert set(keys().data) > before


def test_another_cipher_reseals_everything(
    key_file: Path, fresh_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EASTWEST_CIPHER", "sm4")
    _forget()
    assert _opened() == EVERYBODY
    reseal_all(_quiet)
    assert {cipher for _, cipher, _ in _sealed_with(fresh_database)} == {2}
    assert _opened() == EVERYBODY


def test_blind_indexes_are_made_anew_and_find_the_same_people(key_file: Path, fresh_database: str) -> None:
    old = keys()
    reindex(_quiet)
    assert keys().index != old.index
    assert (keys().marks, keys().audit) == (old.marks, old.audit)
    with write(people.actor("station")) as tx:
        again = store_workers(tx, [draft(n) for n in range(MANY)], witness="王站长", signed_on=None)
    assert {outcome.what for outcome in again} == {"unchanged"}
    with _superuser(fresh_database) as connection:
        persons = """select count(*) from persons p join workers w using (id_index)
                     join person_records r on r.worker_id = w.id and r.person_id = p.id"""
        assert connection.execute(persons).fetchone() == (MANY,)


def test_who_would_look_with_the_old_index_key_is_sent_away(key_file: Path) -> None:
    """A form that waits for the tables holds an index of the old key: it is told to try again, and then finds."""

    def store() -> set[str]:
        with write(people.actor("station")) as tx:
            return {one.what for one in store_workers(tx, [draft(3)], witness="王站长", signed_on=None)}

    with ThreadPoolExecutor(1) as beside:
        rotation = beside.submit(reindex, _quiet)
        told: list[str | None] = []
        seen: set[str] = set()
        while not rotation.done():
            try:
                seen |= store()
            except Exception as refused:
                told.append(getattr(getattr(refused, "orig", None), "sqlstate", type(refused).__name__))
        rotation.result()
    assert seen | store() == {"unchanged"}
    assert set(told) <= {"57014"}


def test_every_sealed_column_has_a_row_to_be_bound_to(fresh_database: str) -> None:
    """The rule for what a ciphertext is bound to is "table.column" and the row's id; what is otherwise has its own."""
    with _superuser(fresh_database) as connection:
        found = {f"{one.table}.{one.column}": one for one in sealed_columns(connection)}
    assert found.keys() >= {NUMBER, PHONE, "vacancy_contacts.phone_sealed", "lists.file_sealed", "list_rows.raw_sealed"}
    named = {"list_rows.raw_sealed": 3, "list_rows.before_sealed": 3}
    assert {place: len(one.key) for place, one in found.items() if len(one.key) != named.get(place, 1)} == {}


def test_keys_that_are_not_in_a_file_are_rotated_where_they_are_kept(
    key_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EASTWEST_KEYS", key_file.read_text())
    _forget()
    assert _opened() == EVERYBODY
    with pytest.raises(RotationRefused, match="keys reseal"):
        rotate(_quiet)
