"""Other ways of filling openings, all on one graph of each worker's best vacancies: what the planner is measured by."""

from typing import Any, NamedTuple

import numpy as np

from matching.kernels import compiled
from matching.tables import Ints, Longs


class Offers(NamedTuple):
    """The graph, by worker: e edges, n workers; worker i may go to vacancy[e] for score[e], e in start[i]:start[i + 1].

    Each worker's best comes first.
    """

    #: int64[n + 1]; int32[e] row of the vacancy; int32[e] micro-points.
    start: Longs
    vacancy: Ints
    score: Ints

    @classmethod
    def of(cls, rows: Longs, scores: Longs) -> "Offers":
        """What a search found: int64[n, k], -1: none."""
        found = rows >= 0
        start = np.concatenate([[0], np.cumsum(found.sum(axis=1))])
        return cls(start, rows[found].astype(np.int32), scores[found].astype(np.int32))

    @property
    def few(self) -> "Offers":
        """The first worker's, to warm up with."""
        end = self.start[1]
        return Offers(self.start[:2], self.vacancy[:end], self.score[:end])

    def earned(self, assigned: Longs) -> Longs:
        """int64[n]: the score of each worker's vacancy, int64[n]; 0 where there is none."""
        worker = np.repeat(np.arange(len(assigned)), np.diff(self.start))
        taken = assigned[worker] == self.vacancy
        earned = np.zeros(len(assigned), np.int64)
        earned[worker[taken]] = self.score[taken]
        return earned


def greedy(offers: Offers, bonus: Longs, openings: Longs) -> Longs:
    """The best pair of all first, then the best of those left: int64[n] row of the vacancy, -1: none."""
    worker = np.repeat(np.arange(len(bonus)), np.diff(offers.start))
    order = np.argsort(-(offers.score + bonus[worker]), kind="stable")
    assigned, left = np.full(len(bonus), -1), openings.copy()
    _take_in_order(worker[order], offers.vacancy[order], assigned, left)
    return assigned


def first_come(offers: Offers, bonus: Longs, openings: Longs) -> Longs:
    """Each worker in turn takes the best that still has an opening."""
    assigned, left = np.full(len(bonus), -1), openings.copy()
    _take_in_order(np.repeat(np.arange(len(bonus)), np.diff(offers.start)), offers.vacancy, assigned, left)
    return assigned


def deferred_acceptance(offers: Offers, bonus: Longs, openings: Longs) -> Longs:
    """Workers propose by score, vacancies keep those with the most points: a stable matching."""
    first = np.concatenate([[0], np.cumsum(openings)])
    assigned = np.full(len(bonus), -1)
    _propose(*offers, bonus, openings, first, np.zeros(first[-1], np.int64), np.zeros(first[-1], np.int32), assigned)
    return assigned


def min_cost_flow(offers: Offers, bonus: Longs, openings: Longs) -> Longs:
    """The exact optimum of the graph, by OR-tools; needs the extra `bench`."""
    from ortools.graph.python import min_cost_flow as ortools  # type: ignore[import-untyped]

    n, v = len(bonus), len(openings)
    worker = np.repeat(np.arange(n, dtype=np.int32), np.diff(offers.start))
    source, sink = n + v, n + v + 1
    flow: Any = ortools.SimpleMinCostFlow()
    points = offers.score + bonus[worker]
    flow.add_arcs_with_capacity_and_unit_cost(worker, n + offers.vacancy, np.ones(len(worker), np.int64), -points)
    workers, vacancies = np.arange(n, dtype=np.int32), n + np.arange(v, dtype=np.int32)
    ones, zeros = np.ones(n, np.int64), np.zeros(n, np.int64)
    flow.add_arcs_with_capacity_and_unit_cost(np.full(n, source, np.int32), workers, ones, zeros)
    flow.add_arcs_with_capacity_and_unit_cost(workers, np.full(n, sink, np.int32), ones, zeros)
    to_sink = np.full(v, sink, np.int32)
    flow.add_arcs_with_capacity_and_unit_cost(vacancies, to_sink, openings, np.zeros(v, np.int64))
    flow.set_nodes_supplies(np.array([source, sink], np.int32), np.array([n, -n]))
    if flow.solve() != flow.OPTIMAL:
        raise RuntimeError("the flow has no optimum")
    taken = flow.flows(np.arange(len(worker), dtype=np.int32)) > 0
    assigned = np.full(n, -1)
    assigned[worker[taken]] = offers.vacancy[taken]
    return assigned


@compiled
def _take_in_order(worker: Longs, vacancy: Ints, assigned: Longs, left: Longs) -> None:
    for e in range(len(worker)):
        if assigned[worker[e]] < 0 and left[vacancy[e]] > 0:
            assigned[worker[e]] = vacancy[e]
            left[vacancy[e]] -= 1


@compiled
def _propose(
    start: Longs, vacancy: Ints, score: Ints, bonus: Longs, openings: Longs, first: Longs, points: Longs, holder: Ints,
    assigned: Longs,
) -> None:  # fmt: skip
    """Seats of a vacancy are a heap with the least points on top."""
    n = len(bonus)
    following, filled = start[:-1].copy(), np.zeros(len(openings), np.int64)
    waiting = np.arange(n)
    top = n
    while top > 0:
        i = waiting[top - 1]
        if following[i] == start[i + 1]:
            top -= 1
            continue
        e = following[i]
        following[i] = e + 1
        j, mine = vacancy[e], score[e] + bonus[i]
        base, at = first[j], np.int64(0)
        if openings[j] == 0 or (filled[j] == openings[j] and points[base] >= mine):
            continue
        top -= 1
        if filled[j] < openings[j]:
            at = filled[j]
            filled[j] += 1
            while at > 0 and points[base + (at - 1) // 2] > mine:
                up = (at - 1) // 2
                points[base + at], holder[base + at] = points[base + up], holder[base + up]
                at = up
        else:
            assigned[holder[base]] = -1
            waiting[top] = holder[base]
            top += 1
            while 2 * at + 1 < openings[j]:
                below = 2 * at + 1
                if below + 1 < openings[j] and points[base + below + 1] < points[base + below]:
                    below += 1
                if points[base + below] >= mine:
                    break
                points[base + at], holder[base + at] = points[base + below], holder[base + below]
                at = below
        points[base + at], holder[base + at] = mine, i
        assigned[i] = j
