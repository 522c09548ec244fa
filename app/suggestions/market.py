"""The live market in memory: every open vacancy as the engine's arrays, with what all rankings share.

It follows the database by LISTEN: every commit that touches a vacancy notifies, and whoever asks for the market first
hears what was said. Between two builds lies at least four times the last build's duration, so that a busy market does
not build for ever; a suggestion is checked against the database anyway before anybody sees it.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import psycopg
from sqlalchemy import func, select

from app.actor import ENGINE
from app.db.base import today as beijing_today
from app.db.transaction import Read, read, runtime_url
from app.errors import Unavailable
from app.occupations.lexicon_files import lexicon
from app.pairings.queries import tiers_on
from app.suggestions.engine_input import CertificateBits, Divisions, vacancy_table
from app.suggestions.queries import all_divisions, live_vacancies, profile_on
from matching.lexicon import Lexicon
from matching.tables import Market, Profile, VacancyTable, Weights


@dataclass(frozen=True)
class Snapshot:
    """The market as of one moment."""

    today: date
    vacancies: VacancyTable
    #: The vacancy behind each row of the table.
    ids: Sequence[UUID]
    divisions: Divisions
    market: Market
    lexicon: Lexicon
    bits: CertificateBits


def build(tx: Read) -> Snapshot:
    """Read the whole market once."""
    today = tx.session.scalars(select(func.current_date())).one()
    words = lexicon()
    divisions = Divisions(all_divisions(tx.session))
    rows = live_vacancies(tx.session)
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
    return Snapshot(today, table, [row.id for row in rows], divisions, market, words, bits)


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
        self._not_before = 0.0

    def current(self) -> Snapshot:
        """The market now. Without ears (command line, tests) it is built at every call."""
        with self._lock:
            if not self._listens:
                return self._build()
            self._hear()
            if self._snapshot is None or (self._stale and time.monotonic() >= self._not_before):
                return self._build()
            return self._snapshot

    def close(self) -> None:
        """Stop listening."""
        with self._lock:
            if self._ear is not None:
                self._ear.close()
                self._ear = None

    def _build(self) -> Snapshot:
        began = time.monotonic()
        with read(ENGINE) as tx:
            self._snapshot = build(tx)
        self._stale = False
        ended = time.monotonic()
        self._not_before = ended + min(5.0, 4 * (ended - began)) if ended - began > 0.25 else ended
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

