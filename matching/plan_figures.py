"""What a plan does to a list, in figures: suggestions made from it, how crowded they are, and what stays empty."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from matching.plan import Plan, Planner
from matching.tables import Longs

#: A vacancy is crowded when more than so many times its openings are suggested.
CROWDED = 3


@dataclass(frozen=True, slots=True)
class Congestion:
    """How crowded the suggestions of a list are; shares from 0 to 1."""

    #: Of all suggestions, those to vacancies with more than three times their openings in suggestions.
    crowded: float
    #: Of all workers, those placed when everybody takes the first.
    placed_by_first: float
    #: Of the vacancies with openings, those in nobody's suggestions.
    never_suggested: float
    #: Mean score of the first suggestion in micro-points, over workers who have one.
    mean_first: float


def suggestions(
    planner: Planner, plan: Plan | None, *, top: int = 3, planned_leads: bool = True, distinct: bool = True
) -> tuple[Longs, Longs]:
    """Rows (-1: none) and micro-points, int64[n, top]: the planned job first, then the best by score - price.

    Without a plan the plain best; with `planned_leads` off the planned job stands where its score - price puts it.
    `distinct`: at most one vacancy with the same employer and occupation.
    """
    prices = np.zeros(len(planner.vacancies), np.int64) if plan is None else plan.prices
    rows, scores = planner.search.best(planner.people, top + 1, prices, distinct=distinct, threads=planner.threads)
    if plan is None or not planned_leads:
        return rows[:, :top], scores[:, :top]
    seats = plan.assigned[:, None]
    again = rows == seats
    if distinct:
        # The last stands for no vacancy.
        employer, occupation = (np.append(x, -1) for x in (planner.vacancies.employer, planner.vacancies.occupation))
        same_job = (employer[rows] == employer[seats]) & (occupation[rows] == occupation[seats])
        again |= same_job & (employer[rows] >= 0)
    # The others close up behind the planned job; what is empty stays at the end.
    order = np.argsort(again | (rows < 0), axis=1, kind="stable")
    others = np.where(again, -1, rows)
    rows_after, scores_after = np.take_along_axis(others, order, axis=1), np.take_along_axis(scores, order, axis=1)
    leads = plan.assigned >= 0
    rows[leads, 0], scores[leads, 0] = plan.assigned[leads], plan.score[leads]
    rows[leads, 1:], scores[leads, 1:] = rows_after[leads, :-1], scores_after[leads, :-1]
    return rows[:, :top], np.where(rows >= 0, scores, 0)[:, :top]


def runners_up(planner: Planner, plan: Plan) -> tuple[Longs, Longs]:
    """Rows (-1: none) and costs in micro-points, int64[n] each: where else a worker would best go, and what that costs.

    The cost is what the others lose by it as far as prices tell, beside what this worker loses; 0: as good a plan.
    """
    rows, scores = planner.search.best(planner.people, 2, plan.prices, threads=planner.threads)
    second = (rows[:, 0] == plan.assigned).astype(int)
    everybody = np.arange(len(rows))
    other, score = rows[everybody, second], scores[everybody, second]
    prices = np.append(plan.prices, 0)
    planned = plan.score - prices[plan.assigned]
    return other, np.where(other >= 0, np.maximum(0, planned - (score - prices[other])), 0)


def congestion(rows: Longs, scores: Longs, openings: Longs) -> Congestion:
    """Of suggestions int64[n, k] (rows, -1: none; micro-points) against openings int64[v]."""
    v = len(openings)
    suggested = np.bincount(rows[rows >= 0], minlength=v)
    first = rows[:, 0]
    has_first = first >= 0
    taken = np.minimum(np.bincount(first[has_first], minlength=v), openings)
    there = openings > 0
    return Congestion(
        crowded=_share(suggested[suggested > CROWDED * openings].sum(), suggested.sum()),
        placed_by_first=_share(taken.sum(), len(rows)),
        never_suggested=_share(np.count_nonzero(suggested[there] == 0), np.count_nonzero(there)),
        mean_first=float(scores[has_first, 0].mean()) if has_first.any() else 0.0,
    )


def _share(part: Any, whole: Any) -> float:
    return float(part) / float(whole) if whole else 0.0
