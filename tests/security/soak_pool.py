"""Many sessions of many actors on few connections, with everything that goes wrong: does one ever see another's rows?

    python -m tests.security.soak_pool [sessions] [seed]

makes a database on the tests' server, plays (200,000 sessions when not told otherwise) and prints what happened.
"""

from __future__ import annotations

import os
import random
import sys
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import ExitStack
from uuid import UUID

import psycopg
from psycopg.pq import TransactionStatus
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError, OperationalError, ProgrammingError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session

from app.actor import Actor
from app.db.migration import migrate
from app.db.transaction import HERE, engine, read, signed_context, write
from tests.conftest import DATA, SERVER
from tests.database import pointed_at, serving
from tests.security.matrix import expected
from tests.security.world import ACTORS, KEYS, standing

CONNECTIONS = 4
THREADS = 16
PLAYERS = ("station", "head", "other_station", "worker", "other_worker", "employer", "destination", "auditor", "engine")
WORKERS = text("select id from workers")
LISTS = text("select id from lists")


class Foreign(AssertionError):
    """A session saw a row that is not its actor's."""


class Planned(Exception):
    """A use case that fails."""


def _look(session: Session | Connection, name: str) -> None:
    """Read as the actor: exactly its own rows, or a refusal where it has no right at all. Raises Foreign."""
    for table, query in (("workers", WORKERS), ("lists", LISTS)):
        due = {KEYS[table][label] for label in expected(table, name).select}
        savepoint = session.begin_nested()
        try:
            seen: set[UUID] = set(session.scalars(query).all())
        except ProgrammingError:
            seen = set()
            savepoint.rollback()
        if seen != due:
            raise Foreign(f"{name} in {table}: {len(seen - due)} foreign, {len(due - seen)} missing")


def _well(name: str, actor: Actor) -> None:
    with read(actor) as tx:
        _look(tx.session, name)


def _committed(name: str, actor: Actor) -> None:
    with write(actor) as tx:
        _look(tx.session, name)


def _failing(name: str, actor: Actor) -> None:
    with write(actor) as tx:
        _look(tx.session, name)
        raise Planned


def _wrong_statement(name: str, actor: Actor) -> None:
    with write(actor) as tx:
        _look(tx.session, name)
        tx.session.execute(text("select 1 / 0"))


def _timed_out(name: str, actor: Actor) -> None:
    with write(actor) as tx:
        tx.session.execute(text("set local statement_timeout = '2ms'"))
        tx.session.execute(text("select pg_sleep(5)"))


def _cancelled(name: str, actor: Actor) -> None:
    """By another thread, as when a client hangs up."""
    with write(actor) as tx, ThreadPoolExecutor(1) as beside:
        raw = tx.session.connection().connection.driver_connection
        assert isinstance(raw, psycopg.Connection)
        sleeping = beside.submit(tx.session.execute, text("select pg_sleep(5)"))
        while not sleeping.done():
            if raw.info.transaction_status == TransactionStatus.ACTIVE:
                raw.cancel_safe(timeout=5)
                wait([sleeping], timeout=1)  # one cancellation too many would hit the rollback
        sleeping.result()


def _killed(name: str, actor: Actor) -> None:
    with write(actor) as tx:
        tx.session.execute(text("set local role none"))  # an audience may not end its login's backends
        tx.session.execute(text("select pg_terminate_backend(pg_backend_pid())"))


def _savepoint_rolled_back(name: str, actor: Actor) -> None:
    """What was set inside goes with it."""
    with write(actor) as tx:
        inside = tx.session.begin_nested()
        tx.session.execute(text("select set_config('app.context', '', true), set_config('role', 'rt_auditor', true)"))
        inside.rollback()
        _look(tx.session, name)


def _going_on_after_commit(name: str, actor: Actor) -> None:
    """The context ends with the transaction it was signed for: whoever goes on is nobody."""
    with read(actor) as tx:
        _look(tx.session, name)
        tx.session.commit()
        _look_as_nobody(tx.session)


def _nobody(name: str, actor: Actor) -> None:
    with engine().connect() as connection:
        _look_as_nobody(connection)


def _look_as_nobody(connection: Session | Connection) -> None:
    try:
        seen = connection.scalars(WORKERS).all()
    except ProgrammingError:
        connection.rollback()
        return
    if seen:
        raise Foreign(f"nobody saw {len(seen)}")


def _leaving_things_behind(name: str, actor: Actor) -> None:
    """An injection that sets role and context for the connection's whole life."""
    with write(actor) as tx:
        context = signed_context(actor, tx.session.scalars(HERE).one())
        left = {"role": f"rt_{actor.role.audience}", "context": context}
        tx.session.execute(
            text("select set_config('role', :role, false), set_config('app.context', :context, false)"), left
        )


FATES: dict[Callable[[str, Actor], None], tuple[int, tuple[type[Exception], ...]]] = {
    _well: (30, ()),
    _committed: (20, ()),
    _failing: (10, (Planned,)),
    _wrong_statement: (8, (DBAPIError,)),
    _timed_out: (5, (OperationalError,)),
    _cancelled: (3, (OperationalError,)),
    _killed: (1, (OperationalError,)),
    _savepoint_rolled_back: (8, ()),
    _going_on_after_commit: (8, ()),
    _nobody: (8, ()),
    _leaving_things_behind: (6, ()),
}


def _session(seed: int) -> str:
    """One session, drawn by its number; what became of it."""
    draw = random.Random(seed)
    name = draw.choice(PLAYERS)
    [fate] = draw.choices(list(FATES), [weight for weight, _ in FATES.values()])
    try:
        fate(name, ACTORS[name])
    except Foreign as seen:
        return f"FOREIGN: {fate.__name__}: {seen}"
    except PoolTimeout:
        return "no connection came free"  # a busy machine; were one lost, the last looks of `play` would fail
    except FATES[fate][1] as due:
        return f"{fate.__name__}: {type(due).__name__}"
    return fate.__name__


def play(sessions: int, seed: int = 0) -> Counter[str]:
    """How often each thing happened. Keys that begin with FOREIGN are rows somebody should not have seen."""
    engine()  # one for all threads
    with ThreadPoolExecutor(THREADS) as pool:
        found = Counter(pool.map(_session, range(seed * sessions, (seed + 1) * sessions)))
    with ExitStack() as all_at_once:  # none was lost, and none shows anything to nobody
        for _ in range(CONNECTIONS):
            _look_as_nobody(all_at_once.enter_context(engine().connect()))
    return found


def main(sessions: int = 200_000, seed: int = 0) -> int:
    """Play on a database of its own; 1 when anybody saw what is another's."""
    os.environ["EASTWEST_POOL_SIZE"] = str(CONNECTIONS)
    with serving(SERVER, DATA) as server:
        bare, played_on = (f"ew_{kind}_{os.getpid()}" for kind in ("bare", "soak"))
        server.run("create database {}", bare)
        with pointed_at(server.url(bare)):
            migrate()
        with standing(server, bare, played_on) as url, pointed_at(url):
            found = play(sessions, seed)
        server.drop(bare)
    for what, times in sorted(found.items()):
        print(f"{times:9,} {what}")
    return int(any(what.startswith("FOREIGN") for what in found))


if __name__ == "__main__":
    raise SystemExit(main(*map(int, sys.argv[1:])))
