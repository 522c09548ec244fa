"""What those who compete know of the market: a short list of offers each, and a bound on everything beyond it.

Each search is exact over all vacancies, so the bounds are true; while prices only rise they stay so. When prices have
come down, bounds are lifted by what most came down, and everybody looks among the few that came down by more.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from matching.plan_auction import NOTHING, Lists, add_found, fill_known, fill_profits, put_found
from matching.plan_search import Groups, PricedSearch
from matching.rank import People
from matching.tables import Ints, Longs

#: An opening at this price is wanted by nobody.
_CLOSED_PRICE = 100_000_000
#: Offers in a list. More: fewer searches, each of them slower, and more memory.
_KEPT = 16
#: A list reaches so far below its best.
_DEPTH = 100_000
#: This share of the vacancies, those that came down most, is looked into by everybody; the others lift the bounds.
_FAR_DOWN = 0.1
#: What somebody looks for among cheaper ones: at most so many, and so far below the best known.
_FEW, _NEAR = 3, 30_000
#: What somebody who has a seat looks for among all.
_SOME = 8
#: So many looks at the outside world in a long search, so many workers at least between two of them; and how many
#: workers are worth a second thread.
_LOOKS, _SEARCHED_AT_ONCE, _WORTH_THREADS = 20, 10_000, 64


@dataclass(frozen=True)
class Competition:
    """Those who compete, and for what: m of the workers, v vacancies."""

    #: int64[m]: rows of workers, neighbours together.
    chosen: Longs
    #: int64[m]: the net score below which a worker stays out: minus the priority points.
    reserve: Longs
    #: int64[v].
    openings: Longs
    #: int64[m]: row of the vacancy published for the worker, -1: none; and its score with the stability points.
    standing: Longs
    standing_score: Longs

    def every(self, step: int) -> "Competition":
        """Every so-manieth worker, for the same openings."""
        return Competition(
            self.chosen[::step], self.reserve[::step], self.openings, self.standing[::step], self.standing_score[::step]
        )


class OfferLists:
    """The lists of those who compete."""

    def __init__(self, search: PricedSearch, people: People, competition: Competition, threads: int) -> None:
        self._search, self._people, self._competition, self._threads = search, people, competition, threads
        #: Told how far a long search is, 0 to 1; may raise.
        self.at: Callable[[float], None] = lambda _: None
        self.lists = Lists.empty(len(competition.chosen), _KEPT)
        #: Workers searched for so far.
        self.searched = 0

    def look(self, who: Longs, prices: Longs) -> None:
        """New lists at these prices for some who hold no seat."""
        for some in self._in_parts(who):
            best, _ = self.known(some, prices)
            least = np.maximum(self._competition.reserve[some], best - _DEPTH)
            rows, scores = self._found(_KEPT, some, prices, least)
            put_found(
                self.lists, some, rows, scores, prices, least, self._competition.standing,
                self._competition.standing_score,
            )  # fmt: skip

    def look_again(self, before: Longs, prices: Longs, assigned: Ints) -> None:
        """Make the bounds true again where prices have come down; seats int32[m] stay in their lists."""
        down = before - prices
        lift = max(0, int(np.quantile(down, 1.0 - _FAR_DOWN)))
        self.lists.beyond[:] += lift
        wanted = down > lift
        if not wanted.any():
            return
        among = self._search.among(wanted)
        for some in self._in_parts(np.arange(len(self._competition.chosen))):
            best, second = self.known(some, prices)
            least = np.maximum(np.maximum(second, best - _NEAR), self._competition.reserve[some])
            rows, scores = self._found(_FEW, some, prices, least, among)
            add_found(self.lists, some, rows, scores, prices, least, assigned, self._competition.standing)

    def look_beyond(self, held: Longs, prices: Longs, assigned: Ints) -> None:
        """Search for everybody whose bound lies above what is held, int64[m]; seats int32[m] stay in their lists."""
        for some in self._in_parts(np.flatnonzero(self.lists.beyond > held)):
            least = np.maximum(held[some] - _NEAR, self._competition.reserve[some])
            rows, scores = self._found(_SOME, some, prices, least)
            self.lists.beyond[some] = NOTHING
            add_found(self.lists, some, rows, scores, prices, least, assigned, self._competition.standing)

    def held(self, prices: Longs, assigned: Ints) -> Longs:
        """int64[m]: what each has, net of these prices, by the seat or by staying out."""
        profit = self._competition.reserve.copy()
        fill_profits(self.lists, assigned, prices, profit)
        return profit

    def known_or_out(self, prices: Longs) -> Longs:
        """int64[m]: what each could have, net of these prices, by the list or by staying out."""
        best, _ = self.known(np.arange(len(self._competition.chosen)), prices)
        return np.maximum(best, self._competition.reserve)

    def known(self, who: Longs, prices: Longs) -> tuple[Longs, Longs]:
        """The best and second best score - price in the lists of some."""
        best, second = np.full(len(who), NOTHING), np.full(len(who), NOTHING)
        fill_known(self.lists, who, prices, best, second)
        return best, second

    def _in_parts(self, who: Longs) -> Iterator[Longs]:
        size = max(_SEARCHED_AT_ONCE, len(who) // _LOOKS)
        for first in range(0, len(who), size):
            self.at(first / len(who))
            yield who[first : first + size]

    def _found(
        self, k: int, who: Longs, prices: Longs, least: Longs, among: Groups | None = None
    ) -> tuple[Longs, Longs]:
        self.searched += len(who)
        return self._search.best(
            self._people, k, np.where(self._competition.openings > 0, prices, _CLOSED_PRICE),
            chosen=self._competition.chosen[who], least=least,
            among=among, threads=self._threads if len(who) >= _WORTH_THREADS else 1,
        )  # fmt: skip
