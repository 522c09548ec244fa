"""Who goes where: the best assignment of a whole list within the openings there are, with a proof of how good it is.

    maximise  Σ (score + priority points of the worker)   over pairs that may be matched,
              each worker at most one vacancy, each vacancy at most its openings

Method: every worker keeps a short list of offers; an auction (plan_auction.py) settles who gets which seat and what an
opening costs; an exact search net of these prices (plan_search.py) over all vacancies finds the offers that the lists
lack, and gives the dual bound

    Σ openings · price + Σ max(0, priority points + the worker's best score - price)

which no assignment over any pairs can exceed. Value ÷ bound is the certificate; rounds go on until it stands.
Points are micro-points: a full score is 1,000,000. Everything is deterministic, whatever the number of threads.

>>> planner = Planner(workers, vacancies, market)  # doctest: +SKIP
>>> plan = planner.plan(priorities=classes)  # doctest: +SKIP
>>> plan.assigned, plan.certificate  # doctest: +SKIP
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from matching.kernels import NO_SCORE
from matching.plan_auction import Auction, Offers, Settled, fill_known_nets, fill_scores
from matching.plan_search import PricedSearch
from matching.rank import People
from matching.tables import Longs, Market, TableError, VacancyTable, WorkerTable, check_workers

#: What one priority class counts for: a tenth of a full score.
PRIORITY_POINTS = 100_000
#: What it counts for that a published assignment stays as it is, unless the caller says otherwise.
STABILITY_POINTS = 50_000
#: An opening at this price is wanted by nobody.
_CLOSED_PRICE = 100_000_000
_MOST_PRICE = 50_000_000
_MOST_ROUNDS = 24
#: Workers of one search between two looks at the outside world.
_SEARCHED_AT_ONCE = 50_000
#: Workers that stand for all when prices are first estimated; below twice that many everybody stands for himself.
_SAMPLE = 12_500
#: Rounds of the estimate: offers looked for, eps.
_ESTIMATE = ((20, 20_000), (20, 10_000), (12, 5_000))
_FIRST_OFFERS, _MORE_OFFERS = 12, 6


class PlanError(TableError):
    """What is asked for contradicts itself; the message names place and value."""


class PlanCancelled(Exception):
    """The caller's `cancelled` said yes."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a plan is."""

    #: estimate, search, auction or companions.
    stage: str
    round: int
    #: Of the stage, 0 to 1.
    done: float
    #: The best so far; 0 before the first.
    certificate: float


@dataclass(frozen=True, slots=True)
class Round:
    """One round of auction and search."""

    offers: int
    objective: int
    bound: int
    placed: int


@dataclass(frozen=True)
class Plan:
    """Who goes where; n workers, v vacancies."""

    #: int64[n]: row of the vacancy, -1: none.
    assigned: Longs
    #: int64[n] micro-points of the assigned pair; 0 where there is none.
    score: Longs
    #: int64[v] micro-points: what an opening is worth to those who compete for it; 0 where openings are left.
    prices: Longs
    #: Σ (score + priority points) over everybody placed, answered ones left out.
    value: int
    #: value plus the stability points of published assignments that were kept: what is maximised.
    objective: int
    #: No assignment over all pairs that may be matched has a greater objective.
    bound: int
    rounds: tuple[Round, ...]
    #: Numbers of the groups of companions that find no place together, and so have none.
    left_out: tuple[int, ...] = ()
    #: Of `certificate`, what is lost at most because companions stay together.
    lost_to_companions: float = 0.0

    @property
    def certificate(self) -> float:
        """Objective ÷ bound: 1 is the optimum."""
        return self.objective / self.bound if self.bound > 0 else 1.0

    @property
    def placed(self) -> int:
        """Workers with a vacancy, answered ones included."""
        return int(np.count_nonzero(self.assigned >= 0))


@dataclass(frozen=True)
class Outside:
    """Whom to tell, and whom to ask whether to go on."""

    progress: Callable[[Progress], None] = lambda _: None
    cancelled: Callable[[], bool] = lambda: False

    def at(self, stage: str, number: int, done: float, certificate: float = 0.0) -> None:
        """Say where we are; raise `PlanCancelled` when nobody wants to know any more."""
        if self.cancelled():
            raise PlanCancelled
        self.progress(Progress(stage, number, done, certificate))


@dataclass(frozen=True)
class Competition:
    """Those who compete, and for what: m of the workers, v vacancies."""

    #: int64[m]: rows of workers, rising.
    chosen: Longs
    #: int64[m]: the net score below which a worker stays out: minus the priority points.
    reserve: Longs
    #: int64[v].
    openings: Longs
    #: int64[m]: row of the vacancy published for the worker, -1: none; and its score with the stability points.
    standing: Longs
    standing_score: Longs


@dataclass(frozen=True)
class Solution:
    """The outcome of a competition: int64[m] assigned and score (stability points included), int64[v] prices."""

    assigned: Longs
    score: Longs
    prices: Longs
    objective: int
    bound: int
    rounds: tuple[Round, ...]


class Planner:
    """Both lists made ready for planning; any number of plans can be made of them."""

    def __init__(
        self, workers: WorkerTable, vacancies: VacancyTable, market: Market, *, floor: float = 0.0, threads: int = 2
    ) -> None:
        """`floor`: least skill part; 0 is the pure definition. Raises `TableError` when tables do not fit together."""
        check_workers(workers, market)
        self.workers, self.vacancies, self.market = workers, vacancies, market
        self.people = People.of(workers)
        self.search = PricedSearch(vacancies, market, floor)
        self.threads = threads

    def plan(
        self,
        openings: Longs | None = None,
        *,
        priorities: Longs | None = None,
        prices: Longs | None = None,
        standing: Longs | None = None,
        stability: int = STABILITY_POINTS,
        fixed: Longs | None = None,
        eps: int = 300,
        target: float = 0.9999,
        outside: Outside | None = None,
    ) -> Plan:
        """The best assignment within the openings, to `target` or as near as `eps` allows.

        `openings`: int64[v], absent: those of the vacancies that are open; lower them for a shock. `priorities`:
        int64[n] classes from 0. `prices`: int64[v] of an earlier plan, to start from. `standing`: int64[n] published
        assignments (-1: none); each that stays counts `stability` points more. `fixed`: int64[n] answered assignments
        (-1: none), which stay and take an opening each. `eps`: micro-points within which everybody gets the best at
        these prices. Raises `PlanError` and `PlanCancelled`.
        """
        outside = outside or Outside()
        openings = self.open_places() if openings is None else openings
        fixed = _column("fixed", fixed, len(self.workers), len(self.vacancies))
        left = openings_left(openings, fixed, len(self.vacancies))
        competition = self.competition(left, priorities, standing, stability, np.flatnonzero(fixed < 0))
        start = None if prices is None else _checked_prices(prices, len(self.vacancies))
        return self.as_plan(competition, self.settle(competition, start, eps, target, outside), fixed, stability)

    def open_places(self) -> Longs:
        """int64[v]: openings of the vacancies that are open."""
        return np.where(self.vacancies.open, self.vacancies.openings, 0).astype(np.int64)

    def competition(
        self, openings: Longs, priorities: Longs | None, standing: Longs | None, stability: int, chosen: Longs
    ) -> Competition:
        """Those chosen (rows of workers) compete for openings."""
        n = len(self.workers)
        classes = np.zeros(n, np.int64) if priorities is None else _column("priorities", priorities, n, 100)
        published = _column("standing", standing, n, len(self.vacancies))[chosen]
        score = np.full(len(chosen), -1)
        kept = np.flatnonzero(published >= 0)
        kept = kept[openings[published[kept]] > 0]
        score[kept] = self.search.scores_of(self.people, chosen[kept], published[kept])
        # What may not be matched any more stands for nothing.
        published[score < 0] = -1
        return Competition(chosen, -PRIORITY_POINTS * classes[chosen], openings, published, score + stability)

    def settle(
        self, competition: Competition, prices: Longs | None, eps: int, target: float, outside: Outside
    ) -> Solution:
        """Auction and search in turn until the certificate stands or no search finds anything new."""
        if not len(competition.chosen) or not competition.openings.any():
            return _nobody(competition)
        if prices is None:
            prices = self._estimated_prices(competition, outside)
        offers = _standing_offers(competition)
        found, best, bound = _FIRST_OFFERS, None, 1 << 62
        rounds: list[Round] = []
        for number in range(_MOST_ROUNDS):
            certificate = best.objective / bound if best and bound else 0.0
            more, at_prices = self._searched(competition, offers, prices, found, outside, number, certificate)
            bound = min(bound, at_prices)
            if best is not None:
                best = replace(best, bound=bound, rounds=tuple(rounds))
                gap = bound - best.objective
                complete = len(more.vacancy) == len(offers.vacancy)
                if gap <= (1.0 - target) * bound or complete:
                    return best
            offers, certificate = more, best.objective / bound if best and bound else 0.0
            settled = _auctioned(offers, competition, eps, prices, outside, number, certificate)
            prices = settled.prices
            score = np.zeros(len(competition.chosen), np.int64)
            fill_scores(*offers, settled.assigned, score)
            seated = settled.assigned >= 0
            objective = int((score - competition.reserve)[seated].sum())
            rounds.append(Round(len(offers.vacancy), objective, bound, int(seated.sum())))
            if best is None or objective >= best.objective:
                best = Solution(settled.assigned, score, prices, objective, bound, tuple(rounds))
            found = _MORE_OFFERS
        assert best is not None
        return best

    def as_plan(self, competition: Competition, solution: Solution, fixed: Longs, stability: int) -> Plan:
        """The solution told of all workers, answered ones included."""
        chosen, placed = competition.chosen, solution.assigned >= 0
        kept = placed & (solution.assigned == competition.standing)
        score = solution.score - np.where(kept, stability, 0)
        assigned, all_scores = fixed.copy(), np.zeros(len(fixed), np.int64)
        assigned[chosen], all_scores[chosen] = solution.assigned, score
        answered = np.flatnonzero(fixed >= 0)
        all_scores[answered] = np.maximum(0, self.search.scores_of(self.people, answered, fixed[answered]))
        return Plan(
            assigned=assigned,
            score=all_scores,
            prices=solution.prices,
            value=int((score - competition.reserve)[placed].sum()),
            objective=solution.objective,
            bound=solution.bound,
            rounds=solution.rounds,
        )

    def _searched(
        self, competition: Competition, offers: Offers, prices: Longs, found: int, outside: Outside, number: int,
        certificate: float,
    ) -> tuple[Offers, int]:  # fmt: skip
        """The offers with what an exact search at these prices adds, and the dual bound at these prices."""
        chosen, openings = competition.chosen, competition.openings
        asked = np.where(openings > 0, prices, _CLOSED_PRICE) if prices.any() else prices
        net, second = np.empty(len(chosen), np.int64), np.empty(len(chosen), np.int64)
        fill_known_nets(*offers, prices, net, second)
        least = np.where(second < -_CLOSED_PRICE, NO_SCORE, second)
        rows, scores = np.empty((len(chosen), found), np.int64), np.empty((len(chosen), found), np.int64)
        for first in range(0, len(chosen), _SEARCHED_AT_ONCE):
            outside.at("search", number, first / len(chosen), certificate)
            part = slice(first, first + _SEARCHED_AT_ONCE)
            rows[part], scores[part] = self.search.best(
                self.people, found, asked, chosen=chosen[part], least=least[part], threads=self.threads
            )
        rows[(rows >= 0) & (openings[rows] == 0)] = -1
        nets = np.where(rows >= 0, scores - prices[rows], -_CLOSED_PRICE).max(axis=1, initial=-_CLOSED_PRICE)
        surplus = np.maximum(np.maximum(net, nets) - competition.reserve, 0)
        bound = int((openings * prices).sum() + surplus.sum())
        return offers.with_found(np.arange(len(chosen)), rows, scores), bound

    def _estimated_prices(self, competition: Competition, outside: Outside) -> Longs:
        """Prices from every so-manieth worker, each standing for that many; 0 where there are too few to sample."""
        prices = np.zeros(len(competition.openings), np.int64)
        step = len(competition.chosen) // _SAMPLE
        if step < 2:
            return prices
        sample = replace(
            competition, chosen=competition.chosen[::step], reserve=competition.reserve[::step],
            standing=competition.standing[::step], standing_score=competition.standing_score[::step],
        )  # fmt: skip
        everybody = replace(sample, reserve=np.tile(sample.reserve, step))
        offers = Offers.none(len(sample.chosen))
        for number, (found, eps) in enumerate(_ESTIMATE):
            offers, _ = self._searched(sample, offers, prices, found, outside, number, 0.0)
            prices = _auctioned(offers.repeated(step), everybody, eps, prices, outside, number, 0.0).prices
        return prices


def plan(workers: WorkerTable, vacancies: VacancyTable, market: Market, **wishes: Any) -> Plan:
    """`Planner(...).plan(...)` for a plan made once."""
    return Planner(workers, vacancies, market).plan(**wishes)


def _auctioned(
    offers: Offers, competition: Competition, eps: int, prices: Longs, outside: Outside, number: int, certificate: float
) -> Settled:
    auction = Auction(offers, competition.reserve, competition.openings, eps, prices)
    while not auction.advance():
        outside.at("auction", number, 1.0 - auction.waiting / len(competition.reserve), certificate)
    return auction.settled()


def _nobody(competition: Competition) -> Solution:
    """Nobody competes, or for nothing."""
    m, v = len(competition.chosen), len(competition.openings)
    return Solution(np.full(m, -1), np.zeros(m, np.int64), np.zeros(v, np.int64), 0, 0, ())


def _standing_offers(competition: Competition) -> Offers:
    kept = np.flatnonzero(competition.standing >= 0)
    rows, scores = competition.standing[kept, None], competition.standing_score[kept, None]
    return Offers.none(len(competition.chosen)).with_found(kept, rows, scores)


def openings_left(openings: Longs, fixed: Longs, vacancies: int) -> Longs:
    """int64[v]: what the answered ones leave; raises `PlanError` where they are more than there are openings."""
    if openings.shape != (vacancies,) or (vacancies and int(openings.min()) < 0):
        raise PlanError(f"openings {openings.shape}: expected int64[{vacancies}], none below 0")
    taken = np.bincount(fixed[fixed >= 0], minlength=vacancies)
    short = np.flatnonzero(taken > openings)
    if len(short):
        row = int(short[0])
        raise PlanError(f"vacancy {row}: {taken[row]} have answered for {openings[row]} openings")
    return openings.astype(np.int64) - taken


def _column(name: str, values: Longs | None, n: int, end: int) -> Longs:
    """A copy as int64[n] of whole numbers from -1 to below `end`."""
    column = np.full(n, -1) if values is None else np.array(values, np.int64)
    if column.shape != (n,) or (n and not -1 <= int(column.min()) <= int(column.max()) < max(end, 0)):
        raise PlanError(f"{name} {column.shape}: expected int64[{n}] from -1 to below {end}")
    return column


def _checked_prices(prices: Longs, v: int) -> Longs:
    if prices.shape != (v,) or (v and not 0 <= int(prices.min()) <= int(prices.max()) <= _MOST_PRICE):
        raise PlanError(f"prices {prices.shape}: expected int64[{v}] from 0 to {_MOST_PRICE}")
    return prices.astype(np.int64)
