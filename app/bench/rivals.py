"""The systems that a benchmark times side by side, all behind one door.

Each answers the same question, the best k vacancies of one worker, and each but the last is exact. `NumpyColumns` is
what one writes first; `ExhaustiveScan` the best brute force we know (split loops that vectorise); `FuzzyTitles` the
usual way of matching words only.
"""

from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process

from app.bench.market_file import LoadedMarket
from matching.geo import EARTH_RADIUS_KM
from matching.index import Index, Search
from matching.rank import People, Scan
from matching.tables import Bytes, Longs

#: Rows and micro-points, best first.
Answer = list[tuple[int, int]]


class System(Protocol):
    """One way of finding a worker's best vacancies."""

    name: str
    #: Whether its answers must equal the definition's.
    exact: bool
    #: Whether another process does the work: then the wall clock counts, not this thread's CPU time.
    elsewhere: bool

    def top(self, worker: int, k: int) -> Answer:
        """The best k of one worker."""
        ...

    def ask(self, worker: int, k: int) -> object:
        """The same, without turning the answer into Python's lists: this is what is timed."""
        ...


class ExhaustiveScan:
    """Every vacancy bounded by vectorised loops, survivors scored exactly."""

    name, exact, elsewhere = "brute force", True, False

    def __init__(self, loaded: LoadedMarket) -> None:
        self._scan = Scan(loaded.vacancies, loaded.market)
        self._people = People.of(loaded.workers)

    def top(self, worker: int, k: int) -> Answer:
        rows, scores = self.ask(worker, k)
        return pairs(rows[0].tolist(), scores[0].tolist())

    def ask(self, worker: int, k: int) -> tuple[Longs, Longs]:
        return self._scan.best(self._people, k, first=worker, end=worker + 1)

    def batch(self, workers: int, k: int) -> tuple[Longs, Longs]:
        """The first so many workers in one call: rows and micro-points, int64[workers, k] each."""
        return self._scan.best(self._people, k, end=workers)


class Eastwest:
    """The product's own path: the index, asked for one worker at a time."""

    name, exact, elsewhere = "eastwest", True, False

    def __init__(self, loaded: LoadedMarket, k: int) -> None:
        self.index = Index.build(loaded.vacancies, loaded.market)
        self.search = Search(self.index, People.of(loaded.workers), k)

    def top(self, worker: int, k: int) -> Answer:
        self.search.one(worker)
        return pairs(self.search.rows[worker].tolist(), self.search.scores[worker].tolist())

    def ask(self, worker: int, k: int) -> None:
        self.search.one(worker)


class NumpyColumns:
    """The score written with NumPy over whole columns. Knows the limits that a market file has."""

    name, exact, elsewhere = "numpy columns", True, False

    def __init__(self, loaded: LoadedMarket) -> None:
        self._loaded = loaded
        vacancies = loaded.vacancies
        terms = len(loaded.market.likeness)
        self._skills = np.where(vacancies.skills < 0, terms, vacancies.skills)
        self._asked = (vacancies.skills >= 0).sum(axis=1)
        self._middle = (vacancies.wage_lo + vacancies.wage_hi) * 0.5

    def top(self, worker: int, k: int) -> Answer:
        scores = np.where(self._allowed(worker), self._micropoints(worker), -1)
        if len(scores) > 4 * k:
            least = np.partition(scores, -k)[-k]
            candidates = np.flatnonzero(scores >= max(0, int(least)))
        else:
            candidates = np.flatnonzero(scores >= 0)
        best = candidates[np.lexsort((candidates, -scores[candidates]))][:k]
        return pairs(best.tolist(), scores[best].tolist())

    def ask(self, worker: int, k: int) -> Answer:
        return self.top(worker, k)

    def _micropoints(self, i: int) -> NDArray[Any]:
        workers, vacancies, market = self._loaded.workers, self._loaded.vacancies, self._loaded.market
        profile = market.profile
        wished = workers.occupations[i][workers.occupations[i] >= 0]
        known = np.concatenate([wished, workers.skills[i][workers.skills[i] >= 0]])
        by_wish = _best(market.likeness, wished)[: market.occupations] / 100.0
        by_any = np.append(_best(market.likeness, known), 0)
        occupation = by_wish[vacancies.occupation]
        required = by_any[self._skills].sum(axis=1, dtype=np.int64) / (100.0 * np.maximum(self._asked, 1))
        share = profile.occupation_share
        skill = np.where(self._asked > 0, share * occupation + (1.0 - share) * required, occupation)
        half_chord = 0.5 * np.sqrt(((vacancies.points - workers.points[i]) ** 2).sum(axis=1))
        km = 2.0 * EARTH_RADIUS_KM * np.arcsin(np.minimum(1.0, half_chord))
        reach_km = profile.default_reach_km if np.isnan(workers.reach_km[i]) else workers.reach_km[i]
        distance = 1.0 / (1.0 + (km / reach_km) ** 2)
        pairing = np.array(profile.tier_values)[market.tiers[workers.home[i], vacancies.division]]
        pay = np.clip((self._middle / workers.min_wage[i] - 1.0) / 0.5, 0.0, 1.0)
        weights = profile.weights
        total = weights.skill * skill + weights.distance * distance + weights.pairing * pairing + weights.pay * pay
        return np.asarray(np.floor(total * 1e6 + 0.5), dtype=np.int64)

    def _allowed(self, i: int) -> NDArray[Any]:
        workers, vacancies, geography = self._loaded.workers, self._loaded.vacancies, self._loaded.market.geography
        allowed: NDArray[Any] = vacancies.open & (vacancies.wage_hi >= workers.min_wage[i])
        allowed &= (vacancies.certificates & ~workers.certificates[i]) == 0
        named = workers.destinations[i][workers.destinations[i] >= 0]
        if len(named):
            allowed &= np.isin(geography.province[vacancies.division], named)
        declined = workers.declined[workers.declined_start[i] : workers.declined_start[i + 1]]
        allowed[declined] = False
        return allowed


class FuzzyTitles:
    """RapidFuzz's best likeness of the wished trade to the vacancies' titles, and nothing else."""

    name, exact, elsewhere = "rapidfuzz titles", False, False

    def __init__(self, loaded: LoadedMarket, occupation_names: list[str]) -> None:
        self._wished = [occupation_names[wished[0]] for wished in loaded.workers.occupations]
        self._titles = [occupation_names[occupation] for occupation in loaded.vacancies.occupation]

    def top(self, worker: int, k: int) -> Answer:
        found = process.extract(self._wished[worker], self._titles, scorer=fuzz.WRatio, limit=k)
        return [(int(row), round(likeness * 10_000)) for _, likeness, row in found]

    def ask(self, worker: int, k: int) -> Answer:
        return self.top(worker, k)


def pairs(rows: list[int], scores: list[int]) -> Answer:
    """Without the padding."""
    return [(row, score) for row, score in zip(rows, scores, strict=True) if row >= 0]


def _best(likeness: Bytes, terms: NDArray[Any]) -> Bytes:
    if not len(terms):
        return np.zeros(len(likeness), np.uint8)
    best: Bytes = likeness[terms].max(axis=0)
    return best
