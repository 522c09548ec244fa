"""Worlds for plans: few vacancies for many, and the exact optimum to hold a plan against."""

from collections.abc import Sequence

import numpy as np
from ortools.graph.python.min_cost_flow import SimpleMinCostFlow  # type: ignore[import-untyped]

from matching import Geography, Market, VacancyTable, WorkerTable, failed_limits, score_one
from matching.plan import PRIORITY_POINTS, Planner
from tests.matching.markets import World, worlds

EPS = 30
crowded_worlds = worlds(max_vacancies=12, max_workers=25)


def planner_of(world: World) -> Planner:
    return Planner(world.workers, world.vacancies, world.market, threads=1)


def allowed_scores(world: World) -> np.ndarray:
    """int64[workers, vacancies] micro-points by definition, -1 where the pair may not be matched."""
    scores = np.full((len(world.workers), len(world.vacancies)), -1)
    for i in range(len(world.workers)):
        for j in range(len(world.vacancies)):
            worker, vacancy = world.workers.row(i), world.vacancies.row(j)
            if not failed_limits(worker, vacancy, world.market):
                scores[i, j] = score_one(worker, vacancy, world.market).micropoints
    return scores


def greatest_value(scores: np.ndarray, openings: np.ndarray, classes: np.ndarray) -> int:
    """The optimum over all pairs, by an exact solver."""
    n, v = scores.shape
    flow, source, sink = SimpleMinCostFlow(), n + v, n + v + 1
    for i, j in np.argwhere(scores >= 0).tolist():
        flow.add_arc_with_capacity_and_unit_cost(i, n + j, 1, -int(scores[i, j] + PRIORITY_POINTS * classes[i]))
    for i in range(n):
        flow.add_arc_with_capacity_and_unit_cost(source, i, 1, 0)
        flow.add_arc_with_capacity_and_unit_cost(i, sink, 1, 0)
    for j in range(v):
        flow.add_arc_with_capacity_and_unit_cost(n + j, sink, int(openings[j]), 0)
    flow.set_node_supply(source, n)
    flow.set_node_supply(sink, -n)
    assert flow.solve() == flow.OPTIMAL
    return -int(flow.optimal_cost())


def holds(assigned: np.ndarray, openings: np.ndarray) -> bool:
    """Whether no vacancy has more workers than openings."""
    return bool(np.all(np.bincount(assigned[assigned >= 0], minlength=len(openings)) <= openings))


def plain_world(
    lat: Sequence[float], vacancy_lat: Sequence[float], openings: Sequence[int], towns: Sequence[int] | None = None
) -> World:
    """One trade, one pay, no limit: workers and vacancies differ in where they are. Towns: eastern county 2 or 3."""
    n, v = len(lat), len(vacancy_lat)
    geography = Geography.of(prefecture=[-1] * 6, province=[4, 4, 5, 5, 4, 5])
    market = Market(geography, np.zeros((6, 6), np.uint8), np.array([[100]], np.uint8), 1)
    workers = WorkerTable.of(
        home=np.zeros(n, int), lat_deg=lat, lon_deg=np.full(n, 105.8), occupations=np.zeros((n, 1), int),
        skills=np.full((n, 1), -1), min_wage=np.full(n, 4_500),
    )  # fmt: skip
    vacancies = VacancyTable.of(
        occupation=np.zeros(v, int), skills=np.full((v, 1), -1), division=[2] * v if towns is None else towns,
        lat_deg=vacancy_lat, lon_deg=np.full(v, 113.3), wage_lo=np.full(v, 5_000), wage_hi=np.full(v, 6_000),
        openings=openings,
    )  # fmt: skip
    return World(workers, vacancies, market)


def reordered(workers: WorkerTable, order: np.ndarray) -> WorkerTable:
    """Workers in another order, with what each declined."""
    columns = {
        name: getattr(workers, name)[order]
        for name in WorkerTable.__dataclass_fields__
        if name not in ("declined", "declined_start", "points")
    }
    lists = [workers.declined[workers.declined_start[i] : workers.declined_start[i + 1]] for i in order.tolist()]
    return WorkerTable.of(
        **columns,
        declined_start=np.cumsum([0, *(len(one) for one in lists)]),
        declined=np.concatenate([*lists, np.zeros(0, np.int64)]),
    )
