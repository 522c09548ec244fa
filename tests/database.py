"""How the tests come by a database: a server, a template named by what it is made of, clones of it."""

from __future__ import annotations

import fcntl
import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy import URL, Connection, Engine, create_engine, make_url, pool

import app.db.transaction as transaction
from app.db.keys import keys
from app.devdb import Cluster
from app.settings import settings

ROOT = Path(__file__).resolve().parent.parent


class Server:
    """A PostgreSQL server the tests may make databases on."""

    def __init__(self, base: URL, cluster: Cluster | None = None) -> None:
        self.base = base
        #: The private cluster behind it; None when DATABASE_URL was given.
        self.cluster = cluster

    def url(self, database: str) -> str:
        """The owner's address of one of its databases."""
        return self.base.set(database=database).render_as_string(hide_password=False)

    def run(self, statement: str, *names: str, database: str = "postgres") -> list[tuple[object, ...]]:
        """One statement outside any transaction, `{}` filled with identifiers; its rows, if it has any."""
        _, options = self.base.get_dialect()().create_connect_args(self.base.set(database=database))
        with psycopg.connect(**options, autocommit=True) as connection:
            done = connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))
            return done.fetchall() if done.description else []

    def databases(self) -> list[str]:
        """The names of its databases."""
        return [str(name) for (name,) in self.run("select datname from pg_database order by oid")]

    def clone(self, template: str, name: str) -> str:
        """A database like the template, with the template's rights, which PostgreSQL does not copy; its address."""
        self.run("create database {} template {} strategy wal_log", name, template)
        self.run("revoke all on database {} from public", name)
        for (role,) in self.run(
            "select a.grantee::regrole::text from pg_database d, aclexplode(d.datacl) a "
            f"where d.datname = '{template}' and a.privilege_type = 'CONNECT' and a.grantee <> d.datdba"
        ):
            self.run("grant connect on database {} to {}", name, str(role))
        return self.url(name)

    def drop(self, name: str) -> None:
        """Remove a database, whoever is connected."""
        self.run("drop database if exists {} with (force)", name)


@contextmanager
def serving(given: str, data: Path) -> Iterator[Server]:
    """The given server, or the private test cluster: started for the first process that needs it, stopped by the
    last one that leaves."""
    if given:
        yield Server(make_url(given).set(drivername="postgresql+psycopg"))
        return
    cluster = Cluster(data / "test", unsafe=True)
    with (data / ".test.use").open("w") as use:
        fcntl.flock(use, fcntl.LOCK_SH)
        cluster.start()
        server = Server(make_url(cluster.url()), cluster)
        drop_orphans(server)
        try:
            yield server
        finally:
            with suppress(BlockingIOError):  # others still use it
                fcntl.flock(use, fcntl.LOCK_EX | fcntl.LOCK_NB)
                cluster.stop()


def drop_orphans(server: Server) -> None:
    """Remove the clones of test runs that were killed: a clone's name holds its process's number."""
    for name in server.databases():
        owner = re.match(r"ew_clone_(\d+)_", name)
        if owner and not Path("/proc", owner[1]).exists():
            server.drop(name)


def template(server: Server, name: str, fill: Callable[[], None], data: Path) -> str:
    """The template's name, made first when missing: under another name until it is whole, or one killed half-way
    would poison every later run. Older templates of its kind go, the newest two stay for branches."""
    with (data / ".test.template.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        there = server.databases()
        if name not in there:
            draft = f"{name}_draft"
            server.drop(draft)
            server.run("create database {}", draft)
            with pointed_at(server.url(draft)):
                fill()
            server.run("alter database {} rename to {}", draft, name)
            kind = name.rpartition("_")[0]
            for old in [n for n in there if n.rpartition("_")[0] == kind][:-2]:
                server.drop(old)
    return name


def point_at(url: str) -> None:
    """From now on this process, and the processes it starts, mean this database."""
    for made in (transaction.engine, transaction.engine_apart):
        if made.cache_info().currsize:
            made().dispose()
    os.environ["DATABASE_URL"] = url
    for cached in (settings, keys, transaction.engine, transaction.engine_apart):
        cached.cache_clear()


@contextmanager
def pointed_at(url: str) -> Iterator[None]:
    """`point_at` for a while."""
    before = os.environ["DATABASE_URL"]
    point_at(url)
    try:
        yield
    finally:
        point_at(before)


@contextmanager
def owner_engine() -> Iterator[Engine]:
    """An engine of the owner's login, for what nobody at run time may do."""
    engine = create_engine(transaction.owner_url(), poolclass=pool.NullPool)
    yield engine
    engine.dispose()


@contextmanager
def rolled_back() -> Iterator[Connection]:
    """A connection of the runtime role inside a transaction that is rolled back at the end. Sessions that join it
    find a savepoint there and make their own: what they commit stays until then."""
    engine = transaction.make_engine(transaction.runtime_url(), pool_size=1)
    with engine.connect() as connection:
        outer = connection.begin()
        connection.begin_nested()
        try:
            yield connection
        finally:
            outer.rollback()
    engine.dispose()
