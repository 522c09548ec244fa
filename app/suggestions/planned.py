"""What plans do to a worker's three: the planned job first, then score less what an opening is worth to the others.

Prices of openings stand from one plan to the next (app/plans). They only order: the score shown stays the pure one.
"""

from __future__ import annotations

import threading
import time
import weakref

import numpy as np
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.suggestions.snapshot import Snapshot
from matching.index import Index
from matching.rank import Ranked, rank
from matching.tables import Longs, VacancyTable, WorkerTable

#: Seconds for which a process takes prices to be as they were.
LOOK_EVERY = 1.0

_MADE = text("select max(made_at), count(*) from opening_prices")
_PRICES = text("select v.seq, p.price from opening_prices p join vacancies v on v.id = p.vacancy_id")


class KeptPrices:
    """The prices of this process, as an array for the index at hand; looked at once a second."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._looked = 0.0
        self._version: tuple[object, ...] = ()
        self._by_seq: dict[int, int] = {}
        self._index: weakref.ref[Index] | None = None
        self._array: Longs = np.zeros(0, np.int64)

    def of(self, session: Session, snapshot: Snapshot) -> Longs | None:
        """int64[rows] micro-points; None when no opening is worth anything to anybody."""
        with self._lock:
            if time.monotonic() - self._looked >= LOOK_EVERY:
                self._look(session)
            if not self._by_seq:
                return None
            if self._index is None or self._index() is not snapshot.index or len(self._array) != len(snapshot.ids):
                self._lay_out(snapshot)
            return self._array

    def _look(self, session: Session) -> None:
        version = tuple(session.execute(_MADE).one())
        if version != self._version:
            self._by_seq = {row.seq: row.price for row in session.execute(_PRICES)}
            self._version, self._index = version, None
        self._looked = time.monotonic()

    def _lay_out(self, snapshot: Snapshot) -> None:
        array = np.zeros(len(snapshot.ids), np.int64)
        for seq, price in self._by_seq.items():
            row = snapshot.index.row_of(seq)
            if row >= 0:
                array[row] = price
        self._array, self._index = array, weakref.ref(snapshot.index)


prices = KeptPrices()


def planned_row(snapshot: Snapshot, seq: int | None) -> int | None:
    """The row of the vacancy a published plan sends the worker to; None: there is no plan, or it has gone."""
    row = snapshot.index.row_of(seq) if seq is not None else -1
    return row if row >= 0 else None


def planned_first(snapshot: Snapshot, table: WorkerTable, row: int, ranked: Ranked, wanted: int) -> Ranked:
    """The planned job in front of the others, when it may still be matched; not twice its employer and occupation."""
    floor = snapshot.market.profile.floor
    alone = rank(table, one_row(snapshot.vacancies, row), snapshot.market, top=1, floor=floor)
    if alone.vacancy[0, 0] < 0:
        return ranked
    vacancies, rows = snapshot.vacancies, ranked.vacancy[0]
    same_job = (vacancies.employer[rows] == vacancies.employer[row]) & (
        vacancies.occupation[rows] == vacancies.occupation[row]
    )
    others = np.flatnonzero((rows != row) & ~(same_job & (vacancies.employer[rows] >= 0) & (rows >= 0)))[: wanted - 1]

    def behind(first: np.ndarray, rest: np.ndarray) -> np.ndarray:
        return np.concatenate([first[:, :1], rest[:, others]], axis=1)

    return Ranked(
        behind(np.full_like(alone.vacancy, row), ranked.vacancy),
        behind(alone.seq, ranked.seq),
        behind(alone.score, ranked.score),
        behind(alone.price, ranked.price),
        behind(alone.parts, ranked.parts),
        behind(alone.km, ranked.km),
    )


def one_row(table: VacancyTable, row: int) -> VacancyTable:
    """A table of one of the rows."""
    columns = {name: getattr(table, name)[row : row + 1] for name in VacancyTable.__dataclass_fields__}
    return VacancyTable.trusted(**columns)
