"""The live market in memory: every open vacancy as the engine's arrays, with what all rankings share.

It follows the database by LISTEN: every commit that touches a vacancy notifies, and whoever asks for the market first
hears what was said. A market that builds in an instant is built at once; a large one in the background, with at least
four times the last build's duration between two, so that a busy market does not build for ever. A suggestion is checked
against the database anyway before anybody sees it: what is stale can only be a new vacancy not yet offered.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import psycopg
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

from app.actor import ENGINE
from app.db.base import today as beijing_today
from app.db.transaction import Read, read, read_apart, runtime_url
from app.errors import Unavailable
from app.occupations.lexicon_files import lexicon
from app.pairings.queries import tiers_on
from app.shocks.effects import Effects
from app.shocks.queries import effects_on
from app.suggestions.engine_input import CertificateBits, Divisions, vacancy_table
from app.suggestions.queries import all_divisions, live_vacancies, profile_on
from matching.index import Index
from matching.lexicon import Lexicon
from matching.shortfall import shortfall
from matching.tables import Market, Profile, VacancyTable, Weights, WorkerTable

#: Seconds a build may take and still be waited for by the request that noticed the change.
AT_ONCE = 0.25


@dataclass(frozen=True)
class Snapshot:
    """The market as of one moment."""

    today: date
    vacancies: VacancyTable
    #: The same, so that the best are found without looking at every one.
    index: Index
    #: The vacancy behind each row of the table.
    ids: Sequence[UUID]
    divisions: Divisions
    market: Market
    lexicon: Lexicon
    bits: CertificateBits
    #: What befell places, as of today.
    shocks: Effects


def build(tx: Read) -> Snapshot:
    """Read the whole market once."""
    today = tx.session.scalars(select(func.current_date())).one()
    words = lexicon()
    shocks = effects_on(tx.session, today)
    divisions = Divisions(all_divisions(tx.session), shocks.closed)
    rows = live_vacancies(tx.session)
    if shocks.rows:
        rows = [row._replace(openings=shocks.offered(row.openings, row.workplace_code)) for row in rows]
    bits = CertificateBits(words, rows)
    market = Market(
        geography=divisions.geography,
        tiers=tiers_on(tx.session, today, divisions.index),
        likeness=words.S,
        occupations=len(words.occupations),
        today=(today - date(1970, 1, 1)).days,
        profile=_profile(tx, today),
    )
    table = vacancy_table(rows, divisions, words, bits)
    index = Index.build(table, market)
    return Snapshot(today, table, index, [row.id for row in rows], divisions, market, words, bits, shocks)


def try_out(snapshot: Snapshot) -> None:
    """Search once for nobody in particular, so that no worker's request waits for the compiler."""
    somebody = WorkerTable.of(home=[0], lat_deg=[0.0], lon_deg=[0.0], occupations=[[-1]])
    snapshot.index.rank(somebody, top=1, distinct=True)
    shortfall(somebody, 0, snapshot.vacancies, snapshot.market, found=0)


def _profile(tx: Read, today: date) -> Profile:
    found = profile_on(tx.session, today)
    if found is None:
        raise Unavailable(
            zh="参考数据尚未载入：请运行 eastwest db seed。", en="Reference data is missing: run eastwest db seed."
        )
    return Profile(
        version=found.version,
        since=found.since.isoformat(),
        weights=Weights(**{name: float(str(value)) for name, value in found.weights.items()}),
        neutral_skill=found.neutral_skill,
        floor=found.floor,
    )


class LiveMarket:
    """The newest snapshot; one a process."""

    def __init__(self, *, listens: bool) -> None:
        self._listens = listens
        self._lock = threading.Lock()
        self._ear: psycopg.Connection | None = None
        self._snapshot: Snapshot | None = None
        self._stale = True
        self._took = 0.0
        self._not_before = 0.0
        self._builder: threading.Thread | None = None

    def current(self) -> Snapshot:
        """The market now. Without ears (command line, tests) it is built at every call."""
        if not self._listens:
            with read(ENGINE) as tx:
                return build(tx)
        with self._lock:
            self._hear()
            if self._snapshot is None or (self._stale and self._took < AT_ONCE):
                return self._build()
            if self._stale and time.monotonic() >= self._not_before and not self._is_building():
                self._builder = threading.Thread(target=self._rebuild, name="market", daemon=True)
                self._builder.start()
            return self._snapshot

    def warm(self, then: Callable[[], None]) -> None:
        """Build the first snapshot in the background, unless one is being built; then do what follows it."""
        if self._is_building():
            return
        self._builder = threading.Thread(target=self._start, args=(then,), name="market", daemon=True)
        self._builder.start()

    @property
    def is_loaded(self) -> bool:
        """Whether there is a snapshot to answer from."""
        return self._snapshot is not None

    def close(self) -> None:
        """Stop listening, after a build that is under way."""
        if self._builder is not None:
            self._builder.join()
        with self._lock:
            if self._ear is not None:
                self._ear.close()
                self._ear = None

    def _start(self, then: Callable[[], None]) -> None:
        with suppress(OperationalError):  # the database is away: the first request after it is back builds the market
            try_out(self.current())
        then()

    def _is_building(self) -> bool:
        return self._builder is not None and self._builder.is_alive()

    def _rebuild(self) -> None:
        with suppress(OperationalError):
            self._build()

    def _build(self) -> Snapshot:
        """A new snapshot, on a connection outside the pool: the requests that wait for it hold all of the pool's."""
        self._stale = False  # what is said from here on is for the next one
        began, is_first = time.monotonic(), self._snapshot is None
        try:
            with read_apart(ENGINE) as tx:
                self._snapshot = build(tx)
        except Exception:
            self._stale = True
            raise
        if not is_first:  # which also loads the lexicon and the engine
            self._took = time.monotonic() - began
            self._not_before = time.monotonic() + 4 * self._took
        return self._snapshot

    def _hear(self) -> None:
        """Mark the snapshot stale when a vacancy changed, the day did, or what was said may have been missed."""
        try:
            if self._ear is None:
                self._ear = _listening()
                self._stale = True
            # a round trip: whatever was committed before it has been told
            self._ear.execute("select")
            if any(True for _ in self._ear.notifies(timeout=0)):
                self._stale = True
        except psycopg.OperationalError:
            self._ear, self._stale = None, True
        if self._snapshot is not None and self._snapshot.today != beijing_today():
            self._stale = True


def _listening() -> psycopg.Connection:
    address = runtime_url().set(drivername="postgresql").render_as_string(hide_password=False)
    connection = psycopg.connect(address, autocommit=True, connect_timeout=5)
    connection.execute("listen market")
    return connection
