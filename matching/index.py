"""The live market: vacancies in cells of occupation and division, searched from the best bound downwards.

`Index.build` makes one from a table in well under a second for a million vacancies; `insert`, `change` and `close`
keep it up to date without building again, and at any moment it answers as one built from the vacancies of that
moment would. Its answers equal scoring every pair by score.py and eligibility.py, whatever the weights: those only
decide how much can be left out (see the comment in kernels.py).
"""

from __future__ import annotations

import threading
from dataclasses import replace
from operator import attrgetter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matching.compiled import kernels
from matching.index_layout import (
    OCCUPATION_BITS,
    PLACE_BITS,
    ROW_BITS,
    at_most,
    check_market_width,
    check_width,
    grown,
    laid_out,
    widened,
)
from matching.rank import NO_PRICES, People, Ranked, check_page, checked_prices, in_shares
from matching.tables import (
    Ints,
    Longs,
    Market,
    TableError,
    VacancyTable,
    WorkerTable,
    check_vacancies,
    check_workers,
)

_MOST_DEMANDS = 65_536
_NO_ROWS: Longs = np.zeros(0, np.int64)
#: The columns as `put_vacancies` and as `fill_slots` takes them.
_KEPT = ("certificates", "age_min", "age_max", "hazardous", "light_work")
_COLUMNS = attrgetter(
    "seq", "occupation", "skills", "points", "division", "wage_lo", "wage_hi", "valid_until_day", "start_day",
    "employer", *_KEPT, "open", "openings",
)  # fmt: skip
_KEPT_COLUMNS = attrgetter("skills", "wage_lo", "wage_hi", "valid_until_day", "start_day", *_KEPT)
#: Workers of one call are put in order when there are so many that it pays.
_WORTH_ORDERING = 256


class Index:
    """A market of vacancies that can be searched and changed; a `Search` must not run while it changes.

    Geography, orders that close destinations, tiers, likeness and profile are those of the build; when one of them
    changes, build anew. Days may pass: `turn_to`.
    """

    market: Market
    _grid: kernels.Grid
    #: The grid's addresses.
    _block: Longs
    _block_at: int
    #: Where the rows are that do not lie in the order of their sequence numbers.
    _later: dict[int, int]
    #: Held by `rank` and by changes, so that threads may share an index.
    _lock: threading.Lock
    #: Counts inserts and changes: prices are those of one version.
    _version = 0
    #: The prices last asked with, the version they were of, and what `lowest` said of them.
    _lowest: tuple[Longs, int, tuple[Ints, Ints, Ints]] | None = None

    def __init__(self, vacancies: VacancyTable, market: Market, *, spare: int | None = None) -> None:
        """Build from a table, with room for `spare` later vacancies before anything must grow.

        Raises `TableError` when the market is wider than the index can number.
        """
        check_vacancies(vacancies, market)
        check_market_width(market)
        check_width(vacancies)
        at_most("rows", len(vacancies), 1 << ROW_BITS)
        spare = max(64, len(vacancies) // 32) if spare is None else spare
        self.market = market
        self._lock = threading.Lock()
        self._grid, site = laid_out(vacancies, market, spare)
        self._addressed()
        self._listed_later()
        self._fill_slots(vacancies, site)

    @classmethod
    def build(cls, vacancies: VacancyTable, market: Market, *, spare: int | None = None) -> Index:
        """The same as `Index(...)`, by the name that says what it does."""
        return cls(vacancies, market, spare=spare)

    @property
    def grid(self) -> kernels.Grid:
        """The arrays of this moment, for reading; another object once one of them has grown."""
        return self._grid

    @property
    def block(self) -> Longs:
        """The addresses of `grid`."""
        return self._block

    def __len__(self) -> int:
        """Rows ever seen, closed ones included."""
        return int(self._grid.state[kernels.USED_ROWS])

    @property
    def version(self) -> int:
        """Another number after each insert or change."""
        return self._version

    @property
    def nbytes(self) -> int:
        """Memory of the index; the market's own tables (tiers, likeness) are not counted."""
        return sum(array.nbytes for array in self._grid)

    def arrays(self) -> dict[str, NDArray[Any]]:
        """All the index consists of, for a snapshot that other processes map; `from_arrays` is the way back."""
        return self._grid._asdict()

    @classmethod
    def from_arrays(cls, arrays: dict[str, NDArray[Any]], market: Market) -> Index:
        """The index of a snapshot, under the market it was built for.

        The arrays are used, not copied. Mapped copy-on-write they can be changed without the file or another process
        seeing it; mapped for reading only, the index can be searched but not changed.
        """
        index = cls.__new__(cls)
        index.market = market
        index._lock = threading.Lock()
        state = arrays["state"].copy()
        index._grid = kernels.Grid(**{name: arrays[name] for name in kernels.Grid._fields})._replace(state=state)
        index._addressed()
        index._listed_later()
        return index

    # ---- searching

    def rank(
        self,
        workers: WorkerTable,
        *,
        top: int = 3,
        after: int = 0,
        distinct: bool = False,
        floor: float = 0.0,
        prices: Longs | None = None,
        threads: int = 1,
    ) -> Ranked:
        """As `matching.rank`; `Ranked.vacancy` holds rows in the order of insertion, `prices` one for each of them."""
        check_workers(workers, self.market)
        check_page(top, after)
        with self._lock:
            return self._rank(workers, top, after, distinct, floor, checked_prices(prices, len(self)), threads)

    def _rank(
        self, workers: WorkerTable, top: int, after: int, distinct: bool, floor: float, prices: Longs, threads: int
    ) -> Ranked:
        n, k = len(workers), top + after
        parts = np.zeros((n, k, 5))
        rows, scores = self.best(
            People.of(workers), k, distinct=distinct, floor=floor, prices=prices, threads=threads, parts=parts
        )
        rows, scores, parts = rows[:, after:], scores[:, after:], parts[:, after:]
        return Ranked.of(rows, scores, parts, self._grid.seq, prices)

    def best(
        self,
        people: People,
        k: int,
        *,
        first: int = 0,
        end: int | None = None,
        distinct: bool = False,
        floor: float = 0.0,
        prices: Longs = NO_PRICES,
        threads: int = 1,
        parts: NDArray[np.float64] | None = None,
    ) -> tuple[Longs, Longs]:
        """Rows (-1: none) and micro-points, int64[end - first, k] each, of the workers [first, end).

        `parts`, when given, is float64[end - first, k, 5] and filled with skill, distance, pairing, pay and km.
        """
        chosen = People(people.records[first : len(people) if end is None else end], people.declined)
        search = Search(self, chosen, k, distinct=distinct, floor=floor, prices=prices, parts=parts)
        search.all(threads)
        return search.rows, search.scores

    def lowest(self, prices: Longs) -> tuple[Ints, Ints, Ints]:
        """The lowest price in each cell, group and occupation, by which a search with prices is pruned. Remembered for
        the array last asked with, which therefore is not written to between searches."""
        if not len(prices):
            nothing = np.zeros(0, np.int32)
            return nothing, nothing, nothing
        kept, version = self._lowest, self._version
        if kept is not None and kept[0] is prices and kept[1] == version:
            return kept[2]
        cells, occupations = len(self._grid.cells), self._grid.reach_of_term.shape[1]
        by_cell, by_group = np.zeros(cells, np.int32), np.zeros(self._grid.groups.shape[1], np.int32)
        by_occupation = np.zeros(occupations, np.int32)
        kernels.price_cells(self._block, prices, by_cell, by_group, by_occupation)
        self._lowest = prices, version, (by_cell, by_group, by_occupation)
        return by_cell, by_group, by_occupation

    def neighbours_together(self, people: People) -> Longs:
        """The order in which to take workers, so that one after another looks at the same cells."""
        return _neighbours_together(people.records, self._grid.province_number)

    # ---- changing

    def insert(self, vacancies: VacancyTable) -> None:
        """Add vacancies, in any order; their sequence numbers must be new."""
        with self._lock:
            before = len(self)
            if not self._put(vacancies, _NO_ROWS):
                self._check(vacancies)
                for seq in vacancies.seq.tolist():
                    if self.row_of(seq) >= 0:
                        raise TableError(f"seq {seq}: the index has it already")
                self._put(vacancies, _NO_ROWS, any_order=True)
            if self._later or self._grid.state[kernels.ASCENDING] < len(self):
                self._later.update(zip(vacancies.seq.tolist(), range(before, len(self)), strict=True))

    def change(self, vacancies: VacancyTable) -> None:
        """Replace vacancies by newer versions with the same sequence numbers: closed, reopened, better paid, moved."""
        numbers = vacancies.seq.tolist()
        rows = np.array([self.row_of(seq) for seq in numbers], np.int64)
        if (rows < 0).any():
            raise TableError(f"seq {numbers[int(np.argmax(rows < 0))]}: no such vacancy in the index")
        with self._lock:
            if not self._put(vacancies, rows):
                self._check(vacancies)

    def close(self, seq: int) -> None:
        """Take the vacancy with this sequence number out of the market; closing twice is no error."""
        with self._lock:
            row = kernels.close_seq(self._block_at, seq, self._later.get(seq, -1))
        if row < 0:
            raise TableError(f"seq {seq}: no such vacancy in the index")

    def row_of(self, seq: int) -> int:
        """The row of the vacancy with a sequence number, -1: there is none."""
        row = self._later.get(seq)
        return kernels.row_of(self._grid.seq, self._grid.state[kernels.ASCENDING], seq) if row is None else row

    def turn_to(self, day: int) -> None:
        """From now on ask as of another day: what has expired by then is out. Searches made before keep their day."""
        self.market = replace(self.market, today=day)

    def _check(self, vacancies: VacancyTable) -> None:
        check_vacancies(vacancies, self.market)
        check_width(vacancies)
        at_most("rows", len(self) + len(vacancies), 1 << ROW_BITS)

    def _put(self, vacancies: VacancyTable, rows: Longs, *, any_order: bool = False) -> bool:
        """Make vacancies the current versions of rows, or of new ones; False: a number does not fit."""
        self._version += 1
        done, end, columns = 0, len(vacancies.seq), _COLUMNS(vacancies)
        while done < end:
            done = kernels.put_vacancies(self._block_at, rows, any_order, done, self.market.likeness, *columns)
            if done < 0:
                return False
            if done < end:
                self._make_room(vacancies, end - done)
        return True

    def _make_room(self, vacancies: VacancyTable, more: int) -> None:
        """Let grow whatever so many more vacancies may want; cells, when nothing else was too small."""
        grid, state = self._grid, self._grid.state.tolist()
        skills = int((vacancies.skills >= 0).sum(axis=1).max(initial=0))
        self._reserve_rows(state[kernels.USED_ROWS] + more)
        self._reserve_slots(more, skills)
        self._reserve_demands()
        if grid is self._grid:
            room = len(grid.cells) + len(grid.cells) // 2 + 1_024
            bounds = grown(grid.cell_bounds, room)
            bounds[kernels.CELL_PLACE, len(grid.cells) :] = grid.places.shape[1]
            self._move(cells=grown(grid.cells, room), cell_bounds=bounds)

    def _addressed(self) -> None:
        self._block = kernels.addresses(self._grid)
        self._block_at = int(self._block.ctypes.data)

    def _move(self, **arrays: NDArray[Any]) -> None:
        """Put larger arrays in the place of some of the grid's."""
        self._grid = self._grid._replace(**arrays)
        self._addressed()

    def _listed_later(self) -> None:
        """Note where the rows are that do not lie in the order of their sequence numbers."""
        ascending = int(self._grid.state[kernels.ASCENDING])
        later = self._grid.seq[ascending : len(self)].tolist()
        self._later = {seq: row for row, seq in enumerate(later, ascending)}

    def _reserve_demands(self) -> None:
        used, table = int(self._grid.state[kernels.USED_DEMANDS]), self._grid.demand_table
        if used == len(self._grid.demands) or 2 * used + 2 > len(table):
            at_most("different demands", used + 1, _MOST_DEMANDS)
            room = min(_MOST_DEMANDS, 2 * used + 8)
            self._move(demands=grown(self._grid.demands, room), demand_table=np.full(4 * len(table), -1, np.int32))
            kernels.number_demands_again(self._block_at)

    def _reserve_rows(self, rows: int) -> None:
        at_most("rows", rows, 1 << ROW_BITS)
        if rows > len(self._grid.seq):
            room = max(rows, len(self._grid.seq) * 5 // 4)
            known = len(self._grid.slot_of)
            self._move(seq=grown(self._grid.seq, room), slot_of=grown(self._grid.slot_of, room))
            self._grid.slot_of[known:] = -1

    def _reserve_slots(self, more: int, skills: int) -> None:
        """Room for so many more slots and sites, and for lists of so many required skills."""
        grid = self._grid
        slots_used, sites_used = self._grid.state[: kernels.USED_CELLS].tolist()
        if slots_used + more > len(grid.slots):
            room = more + len(grid.slots) // 8
            slots, later = grown(grid.slots, len(grid.slots) + room), grown(grid.later, len(grid.later) + room)
            self._move(slots=slots, later=later)
        if sites_used + more > len(grid.sites):
            self._move(sites=grown(grid.sites, len(grid.sites) * 5 // 4 + more))
        if skills > grid.slots.dtype["skills"].shape[0]:
            self._move(slots=widened(self._grid.slots, skills, padding=len(self.market.likeness)))

    def _fill_slots(self, vacancies: VacancyTable, site: Ints) -> None:
        done, columns = 0, _KEPT_COLUMNS(vacancies)
        while done < len(site):
            done = kernels.fill_slots(self._block_at, done, site, len(self.market.likeness), *columns)
            if done < len(site):
                self._reserve_demands()


class Search:
    """A question to an index, made ready once and asked often: a service keeps one for the workers it has in hand.

    `one(i)` and `all()` write answers into `rows` (-1: none) and `scores`, int64[workers, k] each, as the index stands
    at that moment. For one thread at a time; `all` makes its own.
    """

    def __init__(
        self,
        index: Index,
        people: People,
        k: int,
        *,
        distinct: bool = False,
        floor: float = 0.0,
        prices: Longs = NO_PRICES,
        parts: NDArray[np.float64] | None = None,
    ) -> None:
        n = len(people)
        self.rows, self.scores = np.full((n, k), -1, np.int64), np.zeros((n, k), np.int64)
        self._index, self._distinct = index, distinct
        self._version = index.version if len(prices) else None
        market = index.market
        cell_prices, group_prices, occupation_prices = index.lowest(prices)
        self._job = kernels.Job(
            workers=people.records,
            lists=kernels.lists_of(people.records),
            rules=kernels.rules_of(market, floor),
            order=np.arange(n),
            declined=people.declined,
            prices=prices,
            rows=self.rows,
            scores=self.scores,
            parts=np.empty((0, 5 * k)) if parts is None else parts.reshape(n, 5 * k),
            tiers=market.tiers,
            likeness=market.likeness,
            cell_prices=cell_prices,
            group_prices=group_prices,
            occupation_prices=occupation_prices,
        )
        self._job_block = kernels.addresses(self._job)
        self._look()

    def one(self, i: int) -> None:
        """The best k of worker i. Raises `TableError` when prices are older than the last insert or change."""
        if self._grid is not self._index.grid or self._version is not None:
            self._look()
        kernels.search_index(self._call_at, i, i + 1)

    def all(self, threads: int = 1) -> None:
        """The best k of every worker; raises as `one` does."""
        self._look()
        self._job.order[:] = _neighbours_together(self._job.workers, self._grid.province_number)

        def share(first: int, end: int) -> None:
            scratch = np.empty_like(self._scratch)
            call = self._call.copy()
            call[2] = scratch.ctypes.data
            kernels.search_index(call.ctypes.data, first, end)

        in_shares(share, len(self.rows), threads)
        self._job.order[:] = np.arange(len(self.rows))

    def _look(self) -> None:
        """Find the index's arrays; they move when one of them has grown."""
        if self._version not in (None, self._index.version):
            raise TableError("the market has changed since these prices were made")
        self._grid = self._index.grid
        self._scratch = np.empty(kernels.scratch_bytes(self._grid, self.rows.shape[1]), np.uint8)
        blocks = (self._index.block, self._job_block, self._scratch)
        self._call = np.array([*(block.ctypes.data for block in blocks), self._distinct])
        self._call_at = int(self._call.ctypes.data)


def _neighbours_together(workers: kernels.Records, province_number: Ints) -> Longs:
    """The order in which to take workers, so that one after another looks at the same cells and sees like bounds.

    By the province of the home (where to), the first wished occupation (which cells), home and reach.
    """
    if len(workers) < _WORTH_ORDERING:
        return np.arange(len(workers))
    home = workers["home"].astype(np.int64)
    keys = province_number[home].astype(np.int64) << OCCUPATION_BITS | (workers["occupations"][:, 0] + 1)
    reach_km = np.minimum(np.nan_to_num(workers["reach_km"]), 65_535).astype(np.int64)
    return np.argsort((keys << PLACE_BITS | home) << 16 | reach_km)
