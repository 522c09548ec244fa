"""A transaction's life: open, name the actor to PostgreSQL, commit.

The runtime role owns nothing and row security shows it no row without a signed context (SECURITY decision 1). The
context is signed for one transaction of one backend: a copy of it is worthless afterwards and elsewhere.
"""

from __future__ import annotations

import hashlib
import hmac
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import NamedTuple

import psycopg
from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.orm import Session
from sqlalchemy.pool import ConnectionPoolEntry, NullPool, PoolProxiedConnection

from app.actor import Actor
from app.db.driver_words import ask
from app.db.keys import keys
from app.devdb import private_url
from app.settings import settings

RUNTIME_ROLE = "eastwest_app"
JOBS_ROLE = "eastwest_jobs"


class Read:
    """A session in an actor's name."""

    def __init__(self, session: Session, actor: Actor) -> None:
        self.session = session
        self.actor = actor


class Write(Read):
    """A Read that may change things."""


def owner_url() -> URL:
    """The owner's connection: migrations, backup, never requests."""
    given = settings().database_url
    if given:
        return make_url(given).set(drivername="postgresql+psycopg")
    return make_url(private_url(settings().data))


def runtime_url() -> URL:
    """The runtime role's connection."""
    given = settings().runtime_url
    if given:
        return make_url(given).set(drivername="postgresql+psycopg")
    return owner_url().set(username=RUNTIME_ROLE, password=keys().runtime_password)


def jobs_url() -> URL:
    """The job queue's connection: a direct one, since it listens."""
    return runtime_url().set(username=JOBS_ROLE)


def _say_less(context: ExceptionContext) -> None:
    """Keep values out of an error's text: the driver's words on wrong data (SQLSTATE 22, 23) repeat them."""
    error, told = context.original_exception, context.sqlalchemy_exception
    if isinstance(error, psycopg.Error) and (error.sqlstate or "")[:2] in ("22", "23"):
        words = " ".join(filter(None, (error.sqlstate, error.diag.table_name, error.diag.constraint_name)))
        error.args = (words,)
        if told is not None:
            told.args = (f"({type(error).__name__}) {words}",)


#: Seconds after which a connection that lay unused is asked whether it lives.
IDLE = 1.0


def _ask_if_alive(connection: DBAPIConnection, record: ConnectionPoolEntry, _: PoolProxiedConnection) -> None:
    """`pool_pre_ping`, but only after a pause: at work it would be a round trip of every request."""
    if time.monotonic() - record.info.get("used", 0.0) < IDLE:
        return
    try:
        connection.execute("")
        connection.rollback()
    except psycopg.Error as dead:
        raise DisconnectionError from dead  # the pool makes another one


def _note_use(_: DBAPIConnection, record: ConnectionPoolEntry) -> None:
    record.info["used"] = time.monotonic()


def make_engine(url: URL, *, pool_size: int = 10) -> Engine:
    """An engine whose errors show no parameters and no values (SECURITY T30)."""
    engine = create_engine(
        url,
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=10,
        hide_parameters=True,
        connect_args={
            "connect_timeout": 5,
            "prepare_threshold": 5 if settings().prepare_statements else None,
            "options": "-c lock_timeout=10s -c idle_in_transaction_session_timeout=10min -c timezone=Asia/Shanghai",
        },
    )
    event.listen(engine, "handle_error", _say_less)
    event.listen(engine, "checkout", _ask_if_alive)
    event.listen(engine, "checkin", _note_use)
    return engine


@lru_cache(maxsize=1)
def engine() -> Engine:
    """The runtime engine of this process."""
    return make_engine(runtime_url(), pool_size=settings().pool_size)


#: What a context is signed for; the words of app.here(), which nobody may call before a role is taken.
HERE_WORDS = "pg_backend_pid() || '@' || extract(epoch from transaction_timestamp())"
HERE = text(f"select {HERE_WORDS}")


def signed_context(actor: Actor, here: str) -> str:
    """`audience|role|organisation|division|worker|token|user|here|mac`, as app.context() reads it."""
    fields = (
        actor.role.audience,
        actor.role.value,
        str(actor.organisation_id or ""),
        actor.division or "",
        str(actor.worker_id or ""),
        str(actor.token_id or ""),
        str(actor.user_id or ""),
        here,
    )
    body = "|".join(fields)
    return f"{body}|{hmac.new(keys().context, body.encode(), hashlib.sha256).hexdigest()}"


def name_actor(connection: Connection, actor: Actor, here: str | None = None) -> None:
    """Tell PostgreSQL who is asking, until the end of this transaction. `here`: what HERE says, where it is known."""
    if here is None:
        here = connection.execute(HERE).scalar_one()
    ask(
        connection,
        "select set_config('role', %(role)s, true), set_config('app.context', %(context)s, true)",
        {"role": f"rt_{actor.role.audience}", "context": signed_context(actor, here)},
    )


class Entrant(NamedTuple):
    """An actor found in the transaction itself, and what HERE said in the same breath: a round trip less."""

    actor: Actor
    here: str | None = None


#: Who is asking: an actor, or how to find them in the transaction itself (a token's hash at the door).
Who = Actor | Callable[[Session], Actor | Entrant]


def _enter(session: Session, who: Who) -> Actor:
    found = who if isinstance(who, Actor) else who(session)
    entrant = Entrant(found) if isinstance(found, Actor) else found
    name_actor(session.connection(), *entrant)
    return entrant.actor


@contextmanager
def read(who: Who) -> Iterator[Read]:
    """A reading transaction in the actor's name; nothing it changes is kept."""
    with Session(engine(), expire_on_commit=False) as session:
        yield Read(session, _enter(session, who))  # closing rolls back, and leaves what was read readable


@contextmanager
def read_apart(who: Who) -> Iterator[Read]:
    """`read` on a connection outside the pool, for work that requests holding the pool's connections wait for."""
    apart = make_engine(runtime_url(), pool_size=1)
    try:
        with Session(apart, expire_on_commit=False) as session:
            yield Read(session, _enter(session, who))
    finally:
        apart.dispose()


@contextmanager
def write(who: Who) -> Iterator[Write]:
    """A changing transaction in the actor's name; committed when the block ends, before any answer leaves."""
    with Session(engine(), expire_on_commit=False) as session, session.begin():
        yield Write(session, _enter(session, who))


@lru_cache(maxsize=1)
def engine_apart() -> Engine:
    """A small engine beside the pool: a request that holds one of the pool's connections may take one of these."""
    return make_engine(runtime_url(), pool_size=2)


@contextmanager
def write_apart(who: Who) -> Iterator[Write]:
    """`write` that stays whatever becomes of the transaction it stands in: a try that must count. Keep it short."""
    with Session(engine_apart(), expire_on_commit=False) as session, session.begin():
        yield Write(session, _enter(session, who))


@contextmanager
def own() -> Iterator[Session]:
    """A transaction as the owner of the tables: reference data, set-up and tools, never a request."""
    tables_owner = create_engine(owner_url(), poolclass=NullPool, hide_parameters=True)
    with Session(tables_owner, expire_on_commit=False) as session, session.begin():
        session.execute(text("set local role eastwest_owner"))
        yield session
