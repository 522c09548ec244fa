"""Who goes where: the best assignment of a whole list within the openings there are, with a proof of how good it is.

    maximise  Σ (score + priority points of the worker)   over pairs that may be matched,
              each worker at most one vacancy, each vacancy at most its openings

Method: every worker knows a short list of offers and a bound on everything beyond it (plan_lists.py), by exact search
over all vacancies net of prices (plan_search.py); an auction (plan_auction.py) settles who gets which seat and what an
opening costs, and asks for a new search whenever a list is used up. So the auction runs over all pairs, and gives the
dual bound

    Σ openings · price + Σ max(0, priority points + the worker's best score - price)

which no assignment over any pairs can exceed. Value ÷ bound is the certificate; rounds go on until it stands. Where
there are many workers, prices are first estimated by an auction among some of them, each standing for several, and the
auction of all begins well below.
Points are micro-points: a full score is 1,000,000. Everything is deterministic, whatever the number of threads.

>>> planner = Planner(workers, vacancies, market)  # doctest: +SKIP
>>> plan = planner.plan(priorities=classes)  # doctest: +SKIP
>>> plan.assigned, plan.certificate  # doctest: +SKIP
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np

from matching.plan_auction import STEP, Auction
from matching.plan_companions import Companions, seat_together
from matching.plan_lists import Competition, OfferLists
from matching.plan_search import PricedSearch, neighbours_together
from matching.rank import People
from matching.tables import Longs, Market, TableError, VacancyTable, WorkerTable, check_workers

#: What one priority class counts for: a tenth of a full score.
PRIORITY_POINTS = 100_000
#: Everybody first gets the best at the prices to within this many micro-points.
EPS = 300
#: What it counts for that a published assignment stays as it is, unless the caller says otherwise.
STABILITY_POINTS = 50_000
_MOST_PRICE = 50_000_000
_MOST_ROUNDS = 24
#: After so many rounds prices of before come down by twice as much in each.
_EARLY = 4
#: Prices are estimated among so many workers, or one for so many vacancies; with fewer than twice as many everybody
#: stands for himself and no price is needed to begin with.
_SAMPLE, _VACANCIES_A_SAMPLE = 12_500, 4
_SAMPLE_EPS = 5_000
#: A sample is followed by one so many times greater, where that is a third of everybody at most.
_GREATER_SAMPLE, _THIRD = 8, 3
#: Prices of before are begun from this much lower: coming down costs more than going up.
_BELOW = 50_000
#: At first nobody searches for less than this; once free openings cost next to nothing, all is proven.
_SLACK, _NEXT_TO_NOTHING = 15_000, 0.00005


class PlanError(TableError):
    """What is asked for contradicts itself; the message names place and value."""


class PlanCancelled(Exception):
    """The caller's `cancelled` said yes."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a plan is."""

    #: estimate, plan or companions; each has rounds, and each round a search and an auction.
    stage: str
    round: int
    step: str
    #: Of the step, 0 to 1.
    done: float
    #: The best so far; 0 before the first.
    certificate: float


@dataclass(frozen=True, slots=True)
class Round:
    """One round: bidding with searches until everybody has a seat or none, then lowering what is not full."""

    #: Workers searched for until now.
    searched: int
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
    """Whom to tell, and whom to ask whether to go on; and what to tell besides the step."""

    progress: Callable[[Progress], None] = lambda _: None
    cancelled: Callable[[], bool] = lambda: False
    stage: str = "plan"
    round: int = 0
    certificate: float = 0.0

    def at(self, step: str, done: float) -> None:
        """Say where we are; raise `PlanCancelled` when nobody wants to know any more."""
        if self.cancelled():
            raise PlanCancelled
        self.progress(Progress(self.stage, self.round, step, done, self.certificate))


@dataclass(frozen=True)
class _Question:
    """What a plan was asked with, openings and answered ones aside; see `Planner.plan`."""

    priorities: Longs | None
    standing: Longs | None
    stability: int
    eps: int
    target: float
    outside: Outside


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
        companions: Companions | None = None,
        eps: int = EPS,
        target: float = 0.9999,
        outside: Outside | None = None,
    ) -> Plan:
        """The best assignment within the openings, to `target` or as near as some rounds come.

        `openings`: int64[v], absent: those of the vacancies that are open; lower them for a shock (a vacancy that has
        none in the table stays closed). `priorities`: int64[n] classes from 0. `prices`: int64[v] of an earlier plan,
        to start from. `standing`: int64[n] published assignments (-1: none); each that stays counts `stability` points
        more. `fixed`: int64[n] answered assignments (-1: none), which stay and take an opening each. `companions`:
        groups of which all or none are placed, together; the certificate still counts against the plan in which
        everybody goes alone. `eps`: micro-points within which everybody first gets the best at these prices; it is
        lowered for as long as `target` is not reached.
        Raises `PlanError` and `PlanCancelled`.
        """
        outside = outside or Outside()
        openings = self.open_places() if openings is None else openings
        fixed = _column("fixed", fixed, len(self.workers), len(self.vacancies))
        left = openings_left(openings, fixed, len(self.vacancies))
        start = None if prices is None else _checked_prices(prices, len(self.vacancies))
        question = _Question(priorities, standing, stability, eps, target, outside)
        alone = self._plan_alone(question, left, fixed, np.flatnonzero(fixed < 0), start)
        return alone if companions is None else self._with_companions(question, companions, left, fixed, alone)

    def _plan_alone(self, question: _Question, left: Longs, fixed: Longs, chosen: Longs, prices: Longs | None) -> Plan:
        competition = self.competition(left, question.priorities, question.standing, question.stability, chosen)
        solution = self.settle(competition, prices, question.eps, question.target, question.outside)
        return self.as_plan(competition, solution, fixed, question.stability)

    def _with_companions(
        self, question: _Question, companions: Companions, left: Longs, fixed: Longs, alone: Plan
    ) -> Plan:
        """Groups first, at the prices of the plan without them; then the others for what is left."""
        n = len(self.workers)
        if companions.group.shape != (n,) or companions.town.shape != companions.workplace.shape != left.shape:
            raise PlanError(f"companions.group {companions.group.shape}: expected int64[{n}]")
        question = replace(question, outside=replace(question.outside, stage="companions"))
        question.outside.at("search", 0.0)
        bonus = np.zeros(n, np.int64)
        if question.priorities is not None:
            bonus = PRIORITY_POINTS * np.asarray(question.priorities, np.int64)
        seated = seat_together(self.search, self.people, companions, left, alone.prices, bonus, fixed)
        members = np.flatnonzero(seated.assigned >= 0)
        remaining = left - np.bincount(seated.assigned[members], minlength=len(left))
        chosen = np.flatnonzero((fixed < 0) & (companions.group < 0))
        others = self._plan_alone(
            question, remaining, np.where(seated.assigned >= 0, seated.assigned, fixed), chosen, alone.prices
        )
        gained = int((others.score + bonus)[members].sum())
        kept = 0
        if question.standing is not None:
            kept = question.stability * int((seated.assigned == question.standing)[members].sum())
        together = replace(
            others, value=others.value + gained, objective=others.objective + gained + kept, bound=alone.bound,
            prices=np.where(remaining > 0, others.prices, alone.prices), left_out=seated.left_out,
        )  # fmt: skip
        return replace(together, lost_to_companions=max(0.0, alone.certificate - together.certificate))

    def open_places(self) -> Longs:
        """int64[v]: openings of the vacancies that are open."""
        return np.where(self.vacancies.open, self.vacancies.openings, 0).astype(np.int64)

    def competition(
        self, openings: Longs, priorities: Longs | None, standing: Longs | None, stability: int, chosen: Longs
    ) -> Competition:
        """Those chosen (rows of workers) compete for openings."""
        n, chosen = len(self.workers), neighbours_together(self.people, chosen)
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
        """Bid and lower in turn until the certificate stands or everybody holds the best there is."""
        if not len(competition.chosen) or not competition.openings.any():
            return _nobody(competition)
        prices = self._estimated_prices(competition, outside) if prices is None else prices
        lists, auction = self._opened(competition, prices, eps, outside)
        best, bound = _nobody(competition), 1 << 62
        rounds: list[Round] = []
        for number in range(_MOST_ROUNDS):
            _bid_and_lower(auction, lists, replace(outside, round=number, certificate=best.objective / bound))
            held = lists.held(auction.prices, auction.assigned)
            if not auction.slack or _nearly_full(auction, competition):
                auction.slack = 0
                lists.look_beyond(held, auction.prices, auction.assigned)
            known = lists.known_or_out(auction.prices)
            most = np.maximum(known, lists.lists.beyond)
            now = _as_it_stands(auction, competition, held, most)
            bound = min(bound, now.bound)
            best = max(now, best, key=lambda one: one.objective)
            rounds.append(Round(lists.searched, now.objective, bound, int(np.count_nonzero(now.assigned >= 0))))
            allowed = (1.0 - target) * bound
            if bound - best.objective <= allowed or now.bound - now.objective <= np.count_nonzero(most > held):
                break
            if not auction.slack and int((most - held)[most - held <= auction.eps].sum()) > allowed:
                auction.eps = max(1, auction.eps // 4)
            auction.release(np.flatnonzero(known > held + auction.eps))
        return replace(best, bound=bound, rounds=tuple(rounds))

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

    def _estimated_prices(self, competition: Competition, outside: Outside) -> Longs:
        """Prices from every so-manieth worker, each standing for that many; 0 where there are too few to sample.

        A sample that is very small is followed by a greater one, which begins from its prices.
        """
        prices, said = np.zeros(len(competition.openings), np.int64), replace(outside, stage="estimate")
        wanted = max(_SAMPLE, int(np.count_nonzero(competition.openings)) // _VACANCIES_A_SAMPLE)
        step, least, eps = len(competition.chosen) // wanted, 2, _SAMPLE_EPS
        while step >= least:
            lists, auction = self._opened(competition.every(step), prices, eps, said, copies=step)
            _bid_all(auction, lists, said)
            # What nobody wants at the price it began with is worth less.
            prices = np.where(auction.free > 0, np.maximum(0, auction.prices - STEP), auction.prices)
            step, least, eps = step // _GREATER_SAMPLE, _THIRD, eps // 2
        return prices

    def _opened(
        self, competition: Competition, prices: Longs, eps: int, outside: Outside, *, copies: int = 1
    ) -> tuple[OfferLists, Auction]:
        """Everybody's first list well below these prices, and the auction in which nobody has bid yet."""
        lists = OfferLists(self.search, self.people, competition, self.threads)
        lists.at = partial(outside.at, "search")
        start = np.maximum(0, prices - _BELOW)
        lists.look(np.arange(len(competition.chosen)), start)
        return lists, Auction(
            lists.lists, competition.reserve, competition.openings, eps, start, slack=_SLACK, copies=copies
        )


def plan(workers: WorkerTable, vacancies: VacancyTable, market: Market, **wishes: Any) -> Plan:
    """`Planner(...).plan(...)` for a plan made once."""
    return Planner(workers, vacancies, market).plan(**wishes)


def _bid_all(auction: Auction, lists: OfferLists, said: Outside) -> None:
    """Bid until everybody has a seat or stays out, and nobody's list leaves a doubt."""
    many = max(1, auction.waiting)
    while auction.waiting:
        said.at("auction", max(0.0, 1.0 - auction.waiting / many))
        if auction.bid():
            lists.look(auction.unsure(), auction.prices)


def _bid_and_lower(auction: Auction, lists: OfferLists, said: Outside) -> None:
    """One round: seats for those without, then prices down to what somebody would pay."""
    lists.at = partial(said.at, "search")
    _bid_all(auction, lists, said)
    risen = auction.prices
    while not auction.lower(STEP << max(0, said.round - _EARLY)):
        said.at("auction", 1.0)
    lists.look_again(risen, auction.prices, auction.assigned)


def _nearly_full(auction: Auction, competition: Competition) -> bool:
    """Whether free openings cost next to nothing, beside what all cost."""
    prices = auction.prices
    return int((auction.free * prices).sum()) <= _NEXT_TO_NOTHING * int((competition.openings * prices).sum())


def _as_it_stands(auction: Auction, competition: Competition, held: Longs, most: Longs) -> Solution:
    """Who sits where now, and the bound that these prices prove; net of them each has `held` and could have `most`."""
    assigned, prices = auction.assigned.astype(np.int64), auction.prices
    seated = assigned >= 0
    score = np.where(seated, held + prices[assigned], 0)
    objective = int((score - competition.reserve)[seated].sum())
    bound = int((competition.openings * prices).sum() + (most - competition.reserve).sum())
    return Solution(assigned, score, prices, objective, bound, ())


def _nobody(competition: Competition) -> Solution:
    """Nobody competes, or for nothing."""
    m, v = len(competition.chosen), len(competition.openings)
    return Solution(np.full(m, -1), np.zeros(m, np.int64), np.zeros(v, np.int64), 0, 0, ())


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
