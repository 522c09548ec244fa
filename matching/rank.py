"""The best vacancies for each worker: exact, the same as scoring every pair by score.py and eligibility.py.

Order: score minus price descending, then the vacancy inserted earlier. The compiled search gives the same answer as
the readable definition, ties included; tests/matching compares them on everything small enough to score by hand.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from matching.compiled import kernels
from matching.eligibility import failed_limits
from matching.score import score_one
from matching.tables import Longs, Market, Reals, TableError, VacancyTable, WorkerTable, check_vacancies, check_workers

#: A thousand times a full score: more than any plan asks for an opening.
MAX_PRICE = 1_000_000_000
NO_PRICES: Longs = np.zeros(0, np.int64)


@dataclass(frozen=True)
class Ranked:
    """k vacancies for each of n workers, best first."""

    #: int64[n, k]: rows of the vacancy table; -1: there are no more.
    vacancy: Longs
    #: int64[n, k]: their sequence numbers; -1: there are no more.
    seq: Longs
    #: int64[n, k]: whole micro-points, floor(score * 1,000,000 + 0.5); 0 where there is no vacancy.
    score: Longs
    #: int64[n, k]: the price that was subtracted for the order, in micro-points.
    price: Longs
    #: float64[n, k, 4] in [0, 1]: skill, distance, pairing, pay.
    parts: Reals
    #: float64[n, k]: great-circle km.
    km: Reals

    @classmethod
    def of(cls, rows: Longs, scores: Longs, parts: Reals, seqs: Longs, prices: Longs) -> Ranked:
        """From rows, their scores, parts and km float64[n, k, 5]; and from the numbers and prices, if any, by row."""
        found = rows >= 0
        seq, price = np.full_like(rows, -1), np.zeros_like(rows)
        seq[found] = seqs[rows[found]]
        if len(prices):
            price[found] = prices[rows[found]]
        return cls(rows, seq, np.where(found, scores, 0), price, parts[:, :, :4], parts[:, :, 4])


def rank(
    workers: WorkerTable,
    vacancies: VacancyTable,
    market: Market,
    *,
    top: int = 3,
    after: int = 0,
    distinct: bool = False,
    floor: float = 0.0,
    prices: Longs | None = None,
    threads: int = 1,
) -> Ranked:
    """The `top` best vacancies of each worker, after leaving out the first `after` of them.

    `distinct`: at most one vacancy with the same employer and occupation. `floor`: least skill part; 0 is the pure
    definition, suggestions pass `market.profile.floor`. `prices`: int64[vacancies] in micro-points, subtracted from
    scores for the order only. `threads` share the workers. Raises `TableError` when tables do not fit together.
    """
    return Scan(vacancies, market).rank(
        workers, top=top, after=after, distinct=distinct, floor=floor, prices=prices, threads=threads
    )


@dataclass(frozen=True)
class People:
    """Workers as the kernels read them."""

    records: kernels.Records
    #: int64[...]: sequence numbers of declined vacancies; each record says which are its own.
    declined: Longs

    @classmethod
    def of(cls, workers: WorkerTable) -> People:
        """Pack a table; a service does it once a worker and keeps it as long as the worker stays the same."""
        return cls(kernels.worker_records(workers), workers.declined)

    @classmethod
    def together(cls, groups: Sequence[People]) -> People:
        """Groups one behind the other."""
        return cls(*kernels.stacked([group.records for group in groups], [group.declined for group in groups]))

    def __len__(self) -> int:
        return len(self.records)


class Scan:
    """Vacancies made ready to be looked at one and all: the exhaustive search."""

    def __init__(self, vacancies: VacancyTable, market: Market) -> None:
        check_vacancies(vacancies, market)
        self.vacancies = vacancies
        self.market = market
        self._records = kernels.vacancy_records(vacancies)
        self._bounds = kernels.bounds_of(vacancies, market)
        self._places = kernels.places_of(market)

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
        """As the function `rank`, without getting ready again."""
        check_workers(workers, self.market)
        check_page(top, after)
        prices = checked_prices(prices, len(self.vacancies))
        people, k = People.of(workers), top + after
        rows, scores = self.best(people, k, distinct=distinct, floor=floor, prices=prices, threads=threads)
        return self._described(people, np.ascontiguousarray(rows[:, after:]), scores[:, after:], prices)

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
    ) -> tuple[Longs, Longs]:
        """Rows (-1: none) and micro-points, int64[end - first, k] each, of the workers [first, end)."""
        chosen = people.records[first : len(people) if end is None else end]
        n = len(chosen)
        rows, keys, scores = (np.empty((n, k), np.int64) for _ in range(3))
        market, rules = self.market, kernels.rules_of(self.market, floor)

        def search(first: int, end: int) -> None:
            kernels.search_all(
                chosen, first, end, self._records, self._bounds, rules, self._places, market.tiers, market.likeness,
                market.occupations, people.declined, prices, distinct, rows, keys, scores,
            )  # fmt: skip

        in_shares(search, n, threads)
        return rows, scores

    def _described(self, people: People, rows: Longs, scores: Longs, prices: Longs) -> Ranked:
        parts = np.zeros((*rows.shape, 5))
        market = self.market
        kernels.describe(
            people.records,
            self._records,
            kernels.rules_of(market, 0.0),
            market.tiers,
            market.likeness,
            market.occupations,
            rows,
            parts,
        )
        return Ranked.of(rows, scores, parts, self.vacancies.seq, prices)


def rank_by_definition(
    workers: WorkerTable,
    vacancies: VacancyTable,
    market: Market,
    *,
    top: int = 3,
    after: int = 0,
    distinct: bool = False,
    floor: float = 0.0,
    prices: Longs | None = None,
) -> list[list[tuple[int, int]]]:
    """What `rank` must answer, one pair after another in plain Python: (row, micro-points) best first."""
    offers = [vacancies.row(j) for j in range(len(vacancies))]
    market = replace(market, profile=replace(market.profile, floor=floor))
    answer = []
    for i in range(len(workers)):
        worker = workers.row(i)
        found = []
        for j, vacancy in enumerate(offers):
            score = score_one(worker, vacancy, market)
            if not failed_limits(worker, vacancy, market) and score.skill >= floor:
                price = 0 if prices is None else int(prices[j])
                found.append((price - score.micropoints, vacancy.seq, j, score.micropoints))
        listed, seen = [], set()
        for _, _, j, micropoints in sorted(found):
            job = (offers[j].employer, offers[j].occupation) if offers[j].employer >= 0 else (-1, -2 - j)
            if not distinct or job not in seen:
                listed.append((j, micropoints))
            seen.add(job)
        answer.append(listed[after : after + top])
    return answer


def in_shares(search: Callable[[int, int], None], n: int, threads: int) -> None:
    """Run a search over workers [0, n), in as many equal shares at a time as there are threads."""
    if threads <= 1 or n < 2 * threads:
        search(0, n)
        return
    # More shares than threads: workers differ in cost, and the last share should not be waited for alone.
    edges = np.linspace(0, n, 8 * threads + 1).astype(int).tolist()
    with ThreadPoolExecutor(threads) as pool:
        for done in [pool.submit(search, first, end) for first, end in pairwise(edges)]:
            done.result()


def check_page(top: int, after: int) -> None:
    """Raise `TableError` for a page that does not exist."""
    if top < 1 or after < 0:
        raise TableError(f"top {top}, after {after}: expected at least 1 and at least 0")


def checked_prices(prices: Longs | None, n: int) -> Longs:
    """Prices as the kernels read them; absent: an empty array. Raises `TableError` for any other than stated."""
    if prices is None:
        return NO_PRICES
    if (
        prices.shape != (n,)
        or prices.dtype != np.int64
        or (n and not 0 <= int(prices.min()) <= int(prices.max()) <= MAX_PRICE)
    ):
        raise TableError(f"prices {prices.dtype}{prices.shape}: expected int64[{n}] from 0 to {MAX_PRICE}")
    return prices
