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
    planner: Planner, plan: Plan | None, *, top: int = 3, priced: bool = True, distinct: bool = True
) -> tuple[Longs, Longs]:
    """Rows (-1: none) and micro-points, int64[n, top]: the planned job first, then the best by score - price.

    Without a plan the plain best; `priced` alone leaves the planned job where its score - price puts it.
    """
    prices = np.zeros(len(planner.vacancies), np.int64) if plan is None else plan.prices
    rows, scores = planner.search.best(planner.people, top, prices, distinct=distinct, threads=planner.threads)
    if plan is None or priced is False:
        return rows, scores
    return planned_first(plan, rows, scores)


def planned_first(plan: Plan, rows: Longs, scores: Longs) -> tuple[Longs, Longs]:
    """The planned job in front of the others, which move up by one or fall off the end; int64[n, k] each."""
    planned = plan.assigned >= 0
    # What stands before the planned job, or all but the last, moves down one place.
    place = np.where(rows == plan.assigned[:, None], np.arange(rows.shape[1]), rows.shape[1] - 1).min(axis=1)
    moves = planned[:, None] & (np.arange(1, rows.shape[1])[None, :] <= place[:, None])
    first_rows, first_scores = rows.copy(), scores.copy()
    first_rows[:, 1:] = np.where(moves, rows[:, :-1], rows[:, 1:])
    first_scores[:, 1:] = np.where(moves, scores[:, :-1], scores[:, 1:])
    first_rows[planned, 0], first_scores[planned, 0] = plan.assigned[planned], plan.score[planned]
    return first_rows, first_scores


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
