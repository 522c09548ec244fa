"""The tests' databases and actors.

- `db`: `read()` and `write()` of app.db.transaction work, and everything is rolled back after the test. One
  connection, so `now()` stands still; not for threads or child processes.
- `fresh_database`: a clone of its own, in which commits are real: for threads, child processes, kill and restart.
- `own_cluster`: a whole server of its own with such a database, for tests that kill it.
- `migrated_database`, `empty_database`: tables without reference data; nothing at all.
- `actors["station"]`, `bearers["station"]`: who the tests act as (tests/people.py); they stand in every clone.

With DATABASE_URL given that server is used: databases are made beside the one it names, which is not touched.
"""

from __future__ import annotations

import gc
import os
import select
import signal
import uuid
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import hypothesis
import pytest

ROOT = Path(__file__).resolve().parent.parent

# Before any setting is read, and for the xdist workers started from here: the server that was given is kept under
# another name, so that a test which forgot its fixture meets no real database.
SERVER = os.environ.setdefault("EASTWEST_TEST_SERVER", os.environ.get("DATABASE_URL", ""))
os.environ |= {"DATABASE_URL": "postgresql://nobody@/use_the_db_fixture?host=/nonexistent", "EASTWEST_ENV": "test"}
DATA = Path(os.environ.setdefault("DATA", str(ROOT / ".data")))

from sqlalchemy import Connection  # noqa: E402

from app.actor import Actor  # noqa: E402
from app.db.keys import keys  # noqa: E402
from app.db.migration import migrate  # noqa: E402
from app.db.transaction import own  # noqa: E402
from app.devdb import Cluster, fingerprint  # noqa: E402
from app.settings import settings  # noqa: E402
from seed.reference.load import load_reference  # noqa: E402
from tests import people  # noqa: E402
from tests.database import (  # noqa: E402
    Server,
    pointed_at,
    rolled_back,
    serving,
    template,
)

hypothesis.settings.register_profile("eastwest", deadline=None, derandomize=True, database=None)
hypothesis.settings.load_profile("eastwest")


def fill() -> None:
    """Migrations, reference data and the tests' organisations."""
    migrate()
    with own() as session:
        load_reference(session)
    people.settle()


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """The server the databases are made on."""
    DATA.mkdir(parents=True, exist_ok=True)
    with serving(SERVER, DATA) as found:
        yield found


def key_file() -> Path:
    """The key file, made when missing: a template holds the key that verifies contexts."""
    keys()
    return settings().key_path


@pytest.fixture(scope="session")
def migrated_template(server: Server) -> str:
    """A database with tables and policies, and nothing in them."""
    return template(server, f"ew_tables_{fingerprint(ROOT / 'migrations', key_file())}", migrate, DATA)


@pytest.fixture(scope="session")
def full_template(server: Server) -> str:
    """A database with reference data and the tests' organisations."""
    made_of = fingerprint(ROOT / "migrations", key_file(), ROOT / "seed/reference", ROOT / "tests/people.py")
    return template(server, f"ew_full_{made_of}", fill, DATA)


def _name() -> str:
    return f"ew_clone_{os.getpid()}_{uuid.uuid4().hex[:8]}"


@pytest.fixture(scope="session")
def clone(server: Server, full_template: str) -> Iterator[str]:
    """This process's database: what `db` rolls back in."""
    name = _name()
    yield server.clone(full_template, name)
    server.drop(name)


@pytest.fixture
def db(clone: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Connection]:
    """The database of this test: reads and writes work, and are rolled back afterwards."""
    with pointed_at(clone), rolled_back() as connection:
        monkeypatch.setattr("app.db.transaction.engine", lambda: connection)
        monkeypatch.setattr("app.db.transaction.engine_apart", lambda: connection)
        yield connection
        monkeypatch.undo()


@pytest.fixture
def fresh_database(server: Server, full_template: str) -> Iterator[str]:
    """A database of this test's own, in which commits are real; its owner's address."""
    yield from _pointed_clone(server, full_template)


@pytest.fixture
def migrated_database(server: Server, migrated_template: str) -> Iterator[str]:
    """A database of this test's own with tables and no rows; its owner's address."""
    yield from _pointed_clone(server, migrated_template)


def _pointed_clone(server: Server, made_from: str) -> Iterator[str]:
    name = _name()
    url = server.clone(made_from, name)
    with pointed_at(url):
        yield url
    server.drop(name)


@pytest.fixture
def empty_database(server: Server) -> Iterator[str]:
    """A database of this test's own with nothing in it; its owner's address."""
    name = _name()
    server.run("create database {}", name)
    with pointed_at(server.url(name)):
        yield server.url(name)
    server.drop(name)


@pytest.fixture
def own_cluster() -> Iterator[Cluster]:
    """A server of this test's own, as durable as the real one; its database `eastwest` is filled as the clones are."""
    cluster = Cluster(DATA / f"test-{os.getpid()}-{uuid.uuid4().hex[:6]}")
    cluster.start()
    try:
        cluster.ensure_database()
        with pointed_at(cluster.url()):
            fill()
            yield cluster
    finally:
        cluster.destroy()


@pytest.fixture(scope="session")
def actors() -> dict[str, Actor]:
    """One actor of each role that acts for an organisation, and two of those that must not see each other's."""
    return {name: people.actor(name) for name in people.PEOPLE}


@pytest.fixture(scope="session")
def bearers() -> dict[str, str]:
    """The actors' tokens, for the Authorization header."""
    return {name: people.bearer(name) for name in people.PEOPLE}


@pytest.fixture(scope="session")
def kill_hard() -> Callable[[int], None]:
    """kill -9 a process of ours, and wait until it is gone."""

    def kill(pid: int) -> None:
        with suppress(ProcessLookupError):
            handle = os.pidfd_open(pid)
            signal.pidfd_send_signal(handle, signal.SIGKILL)
            select.select([handle], [], [])  # readable once it has ended
            os.close(handle)

    return kill


@pytest.fixture
def thawed() -> Iterator[None]:
    """Start-up freezes the memory of the process: afterwards all is as before."""
    threshold = gc.get_threshold()
    yield
    gc.unfreeze()
    gc.set_threshold(*threshold)
