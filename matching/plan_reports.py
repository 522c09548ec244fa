"""What a plan changes and for whom, in counts: against what was published, without priorities, under a shock; and what
keeps openings empty."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from matching import kernels
from matching.eligibility import Limit
from matching.kernels import Records, compiled
from matching.plan import Plan, Planner
from matching.plan_search import MADE_WITH
from matching.tables import Bytes, Flags, Longs

_LIMITS, _PAY = len(Limit), 1 << Limit.MIN_WAGE
#: How far pay lies under what is asked is counted by steps of so many yuan, so many steps.
_GAP_STEP, _GAPS = 100, 200
#: Pairs looked at for what keeps openings empty; beyond, every so-manieth worker stands for the others.
_MOST_PAIRS = 100_000_000


@dataclass(frozen=True)
class Changes:
    """A plan against published assignments: rows of workers, rising."""

    kept: Longs
    #: Published, and planned elsewhere now.
    moved: Longs
    #: Published, and without a place now.
    lost: Longs
    #: Not published before, and planned now.
    new: Longs

    @property
    def changed(self) -> int:
        """How many published assignments changed."""
        return len(self.moved) + len(self.lost)


def changes(standing: Longs, plan: Plan) -> Changes:
    """What a plan makes of published assignments, int64[n] (-1: none)."""
    was, now = standing >= 0, plan.assigned >= 0
    same = was & (standing == plan.assigned)
    groups = (same, was & now & ~same, was & ~now, ~was & now)
    return Changes(*(np.flatnonzero(group) for group in groups))


@dataclass(frozen=True)
class ShockReport:
    """Who was published for vacancies that a shock hits, and where a plan sends them now: rows of workers."""

    affected: Longs
    elsewhere: Longs
    without: Longs
    #: Affected and in their old place still, since some openings are left.
    stayed: Longs
    #: Mean score in micro-points of those who have a place elsewhere: where they were published, and now.
    mean_before: float
    mean_after: float


def shock_report(standing: Longs, score: Longs, hit: Flags, plan: Plan) -> ShockReport:
    """A plan against published assignments int64[n] (-1: none) and their scores, where bool[v] vacancies are hit."""
    affected = np.flatnonzero((standing >= 0) & np.append(hit, False)[standing])
    stays, placed = plan.assigned[affected] == standing[affected], plan.assigned[affected] >= 0
    elsewhere = affected[placed & ~stays]
    return ShockReport(
        affected=affected,
        elsewhere=elsewhere,
        without=affected[~placed],
        stayed=affected[stays],
        mean_before=_mean(score[elsewhere]),
        mean_after=_mean(plan.score[elsewhere]),
    )


@dataclass(frozen=True, slots=True)
class PriorityEffect:
    """What priority did to one class of workers: counts, and never who."""

    priority: int
    workers: int
    placed_with: int
    placed_without: int
    #: Placed only thanks to priorities, and no longer placed because of them.
    gained: int
    cost: int
    #: Placed either way, with a better or a worse score.
    better: int
    worse: int


def priority_effects(with_priority: Plan, without: Plan, priorities: Longs) -> tuple[PriorityEffect, ...]:
    """Two plans of the same list, with priorities and without, class by class."""
    now, then = with_priority.assigned >= 0, without.assigned >= 0
    both = now & then
    better, worse = both & (with_priority.score > without.score), both & (with_priority.score < without.score)
    return tuple(
        PriorityEffect(number, *(int(np.count_nonzero(here & group)) for group in (
            here, now, then, now & ~then, then & ~now, better, worse
        )))
        for number in np.unique(priorities).tolist()
        for here in [priorities == number]
    )  # fmt: skip


@dataclass(frozen=True)
class Fill:
    """How full a plan makes vacancies, and what keeps people from those not filled: e of them."""

    #: int64[v]: openings that the plan fills.
    filled: Longs
    #: int64[e]: rows of the vacancies with openings left, and how many are left.
    row: Longs
    left: Longs
    #: int64[e, limits]: workers whom each `Limit` keeps away, and those whom nothing else does.
    kept_away: Longs
    only_by: Longs
    #: int64[e]: yuan a month by which the pay lies under what half of those kept away by pay alone ask; 0: nobody.
    pay_under_by: Longs
    #: int64[e]: workers who may be matched, and are planned elsewhere or nowhere.
    may_go: Longs
    #: Workers looked at, of all; counts are scaled up when it is not all of them.
    looked_at: int

    def reason(self, at: int) -> Limit | None:
        """The limit that alone keeps most people from the vacancy row[at]; None where none does alone."""
        return Limit(int(self.only_by[at].argmax())) if self.only_by[at].any() else None


def fill(planner: Planner, plan: Plan, openings: Longs) -> Fill:
    """What a plan fills of openings int64[v], and why the rest stays empty."""
    filled = np.bincount(plan.assigned[plan.assigned >= 0], minlength=len(openings))
    rows = np.flatnonzero(openings > filled)
    workers = len(planner.workers)
    step = max(1, -(-workers * len(rows) // _MOST_PAIRS))
    chosen = np.arange(0, workers, step)
    shares = max(1, planner.threads)
    # Each share of the workers counts into arrays of its own.
    counts = np.zeros((shares, 2, len(rows), _LIMITS + 1), np.int64)
    gaps = np.zeros((shares, len(rows), _GAPS), np.int64)

    def count(share: int) -> None:
        count_limits(
            planner.people.records, chosen[share::shares], planner.search.records[rows], planner.search.rules,
            planner.search.places, planner.market.tiers, planner.market.likeness, planner.market.occupations,
            planner.people.declined, counts[share], gaps[share], MADE_WITH,
        )  # fmt: skip

    if len(rows):
        with ThreadPoolExecutor(shares) as pool:
            list(pool.map(count, range(shares)))
    total, gap = step * counts.sum(axis=0), gaps.sum(axis=0)
    return Fill(
        filled=filled,
        row=rows,
        left=openings[rows] - filled[rows],
        kept_away=total[0, :, :_LIMITS],
        only_by=total[1, :, :_LIMITS],
        pay_under_by=_median_gap(gap),
        may_go=total[0, :, _LIMITS],
        looked_at=len(chosen),
    )


def _median_gap(gaps: Longs) -> Longs:
    """The step in which half of those counted in int64[e, _GAPS] are reached; 0 where nobody is counted."""
    total = gaps.sum(axis=1)
    reached = (2 * gaps.cumsum(axis=1) >= total[:, None]).argmax(axis=1)
    return np.where(total > 0, (reached + 1) * _GAP_STEP, 0)


@compiled
def count_limits(
    workers: Records, chosen: Longs, vacancies: Records, rules: Records, places: kernels.Places, tiers: Bytes,
    likeness: Bytes, occupations: int, declined: Longs, counts: Longs, gaps: Longs, made_with: Records,
) -> None:  # fmt: skip
    """Into int64[2, e, limits + 1] those each limit keeps away, and those it alone does; last: whom nothing does."""
    limits = counts.shape[2] - 1
    failed, scores = np.zeros(len(vacancies), np.int32), np.zeros(len(vacancies), np.int64)
    for c in range(len(chosen)):
        worker = workers[chosen[c]]
        kernels.score_all(worker, vacancies, rules[0], places, tiers, likeness, occupations, declined, failed, scores)
        for e in range(len(vacancies)):
            bits = failed[e]
            if bits == 0:
                counts[0, e, limits] += 1
                continue
            alone = bits & (bits - 1) == 0
            for limit in range(limits):
                if bits >> limit & 1:
                    counts[0, e, limit] += 1
                    counts[1, e, limit] += alone
            if bits == _PAY:
                under = (worker.min_wage - vacancies[e].wage_hi - 1) // _GAP_STEP
                gaps[e, min(under, _GAPS - 1)] += 1


def _mean(scores: Longs) -> float:
    return float(scores.mean()) if len(scores) else 0.0
