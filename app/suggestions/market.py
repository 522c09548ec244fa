"""The live market in memory: every open vacancy as the engine's arrays, with what all rankings share.

One process builds a large market from the database and writes it to a file; the others of the machine, and all of them
when they start again, map that file, so that a million vacancies are there in a second and are in memory once. From
there each process follows the database by itself: commits notify (LISTEN), and `market_changes` says which vacancies
changed in transactions that this process has not seen yet: none is missed, in whatever order they committed, and what
was not heard is found at the next look. Vacancies come, change and go in the index without building again. Only what
concerns all of them (pairings, orders, a new day) builds anew, a large market in the background.

A process that cannot know what happened, or knows of a change it has not taken in, serves for a stated time
(`market_stale_seconds`) and then refuses. A suggestion is checked against the database before anybody sees it anyway.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import date

import psycopg
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from app.actor import ENGINE
from app.db.base import today as beijing_today
from app.db.transaction import make_engine, name_actor, read, runtime_url
from app.errors import Unavailable
from app.settings import settings
from app.suggestions.queries import can_follow, changes_since, transactions_seen
from app.suggestions.snapshot import WORTH_A_FILE, Followed, Snapshot, build, map_or_build, try_out

#: Seconds a build may take and still be waited for by the request that noticed the change.
AT_ONCE = 0.25
#: Seconds for which a process takes it that nothing was said: to ask is a round trip, too much for every request.
ASK_EVERY = 0.02
#: Seconds after which a process looks for changes though none was told.
LOOK_EVERY = 1.0
#: Seconds without a look after which changes may have been forgotten.
MAY_SLEEP = 1_800.0


class LiveMarket:
    """The newest snapshot; one a process."""

    def __init__(self, *, listens: bool, worth_a_file: int = WORTH_A_FILE, ask_every: float = ASK_EVERY) -> None:
        self._listens = listens
        self._worth_a_file = worth_a_file
        self._ask_every = ask_every
        self._lock = threading.Lock()
        self._ear: psycopg.Connection | None = None
        self._followed: Followed | None = None
        #: How often building the whole anew was called for, and how often that was known when the last build began.
        self._called_for = self._heeded = 0
        self._asked_at = self._looked_at = 0.0
        #: When it was last known that nothing is missing.
        self._up_to_date_at = time.monotonic()
        self._took = 0.0
        self._not_before = 0.0
        self._builder: threading.Thread | None = None
        #: Set once a search has run, so that the next one waits for nothing.
        self.is_warm = threading.Event()
        if not listens:
            self.is_warm.set()
        self._engine = make_engine(runtime_url(), pool_size=2) if listens else None

    def current(self) -> Snapshot:
        """The market now. Without ears (command line, tests) it is built at every call.

        Raises `Unavailable` when it is known to have been out of date for longer than is stated."""
        if not self._listens:
            with read(ENGINE) as tx:
                return build(tx)
        with self._lock:
            if self._followed is None:
                self._build()
            self._hear()
            if self._is_outdated:
                self._renew()
            elif self._followed is not None and self._followed.is_overgrown:
                self._build_in_background()
            age = time.monotonic() - self._up_to_date_at
            if self._followed is None or age > settings().market_stale_seconds:
                raise Unavailable(headers={"Retry-After": "2"})
            return self._followed.snapshot

    def warm(self, then: Callable[[], None]) -> None:
        """Build the first snapshot in the background, unless one is being built; then do what follows it."""
        if self._is_building():
            return
        self._builder = threading.Thread(target=self._start, args=(then,), name="market", daemon=True)
        self._builder.start()

    @property
    def is_loaded(self) -> bool:
        """Whether there is a snapshot to answer from."""
        return self._followed is not None

    def close(self) -> None:
        """Stop listening, after a build that is under way."""
        if self._builder is not None:
            self._builder.join()
        with self._lock:
            if self._ear is not None:
                self._ear.close()
                self._ear = None
        if self._engine is not None:
            self._engine.dispose()

    def _start(self, then: Callable[[], None]) -> None:
        with suppress(OperationalError):  # the database is away: the first request after it is back builds the market
            try_out(self.current())
        self.is_warm.set()  # also without the database: whoever asks is told what is the matter
        then()

    @property
    def _is_outdated(self) -> bool:
        return self._called_for > self._heeded

    def _is_building(self) -> bool:
        return self._builder is not None and self._builder.is_alive()

    def _renew(self) -> None:
        """Build anew: at once when that is quick, else in the background."""
        if self._took < AT_ONCE:
            with suppress(OperationalError):
                self._build()
        else:
            self._build_in_background()

    def _build_in_background(self) -> None:
        if time.monotonic() >= self._not_before and not self._is_building():
            self._builder = threading.Thread(target=self._rebuild, name="market", daemon=True)
            self._builder.start()

    def _rebuild(self) -> None:
        with suppress(OperationalError):
            self._build()

    def _build(self) -> None:
        """A new market, on connections outside the pool: the requests that wait for it hold all of the pool's."""
        began, is_first = time.monotonic(), self._followed is None
        called_for = self._called_for  # what is said from here on is for the next one
        with self._reading() as session:
            self._followed = map_or_build(session, self._worth_a_file)
        self._heeded = called_for
        self._asked_at = self._looked_at = 0.0  # a mapped market is as old as its file
        self._up_to_date_at = time.monotonic()
        if not is_first:  # which also loads the lexicon and the engine
            self._took = time.monotonic() - began
            self._not_before = time.monotonic() + 4 * self._took

    def _hear(self) -> None:
        """Take in what changed since the last look, when something was said or some time has passed."""
        now = time.monotonic()
        if now - self._asked_at < self._ask_every:
            return
        self._asked_at = now
        try:
            if self._told() or now - self._looked_at > LOOK_EVERY:
                self._look()
                self._looked_at = now
            if not self._is_outdated:
                self._up_to_date_at = now
        except (psycopg.OperationalError, OperationalError):
            self._ear, self._asked_at, self._looked_at = None, 0.0, 0.0

    def _told(self) -> bool:
        """Whether a change was committed before this moment."""
        is_new = self._ear is None
        if self._ear is None:
            self._ear = _listening()
        # a round trip: whatever was committed before it has been told
        self._ear.execute("select")
        return any(True for _ in self._ear.notifies(timeout=0)) or is_new

    def _look(self) -> None:
        followed = self._followed
        if followed is None:
            return
        with self._reading() as session:
            seen = transactions_seen(session)
            seqs, everything = changes_since(session, followed.seen)
            slept = 0.0 < self._looked_at < time.monotonic() - MAY_SLEEP
            if everything or (slept and not can_follow(session, followed.seen, young=False)):
                self._called_for += 1
            if seqs:
                followed.take_in(session, seqs)
            followed.seen = seen
        if followed.snapshot.today != beijing_today():
            if followed.snapshot.index.market.today == followed.snapshot.market.today:
                self._called_for += 1
            followed.snapshot.index.turn_to((beijing_today() - date(1970, 1, 1)).days)

    @contextmanager
    def _reading(self) -> Iterator[Session]:
        with Session(self._engine, expire_on_commit=False) as session:
            name_actor(session.connection(), ENGINE)
            yield session


def _listening() -> psycopg.Connection:
    address = runtime_url().set(drivername="postgresql").render_as_string(hide_password=False)
    connection = psycopg.connect(address, autocommit=True, connect_timeout=5)
    connection.execute("listen market")
    return connection
