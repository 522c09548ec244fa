"""What wishes change and cost in a plan: priorities, how full employers get, companions. Rows of the benchmark."""

import time
from collections.abc import Iterator

import numpy as np

from app.bench.market_file import LoadedMarket
from app.bench.report import Row
from matching.plan import Plan, Planner
from matching.plan_companions import Companions, Together, workplaces
from matching.plan_reports import priority_effects
from matching.tables import Ints, Longs

#: Couples who ask for one town, one in so many workers, and at most so many.
_A_COUPLE_IN, _MOST_COUPLES = 100, 500


def effect_rows(loaded: LoadedMarket, planner: Planner, plan: Plan, priorities: Longs) -> Iterator[Row]:
    """All of them, beside a plan that was made with these priorities."""
    yield from _priority_rows(planner, plan, priorities)
    yield from _fill_rows(loaded, planner, plan)
    yield from _companion_rows(loaded, planner, plan, priorities)


def _priority_rows(planner: Planner, plan: Plan, priorities: Longs) -> Iterator[Row]:
    """Who is placed thanks to priorities and who no longer, class by class, and what that costs in scores."""
    n, without = len(planner.workers), planner.plan(prices=plan.prices)
    for one in priority_effects(plan, without, priorities):
        of_class = f"priority {one.priority}"
        yield Row.of(of_class, "placed with priorities", n, "share", [one.placed_with / max(1, one.workers)])
        yield Row.of(of_class, "placed without", n, "share", [one.placed_without / max(1, one.workers)])
        yield Row.of(of_class, "placed thanks to them", n, "workers", [one.gained])
        yield Row.of(of_class, "no longer placed", n, "workers", [one.cost])
    lost = 1.0 - int(plan.score.sum()) / max(1, int(without.score.sum()))
    yield Row.of("priority", "sum of scores lost", n, "share", [lost])


def _fill_rows(loaded: LoadedMarket, planner: Planner, plan: Plan) -> Iterator[Row]:
    """How full employers get, each counted once."""
    n, openings = len(planner.workers), planner.open_places()
    filled = np.bincount(plan.assigned[plan.assigned >= 0], minlength=len(openings))
    known = loaded.vacancies.employer >= 0
    employer = loaded.vacancies.employer[known]
    wanted, got = (np.bincount(employer, places[known]) for places in (openings, filled))
    share = (got / np.maximum(1, wanted))[wanted > 0]
    if len(share):
        yield Row.of("employers", "mean fill", n, "share", [float(share.mean())])
        yield Row.of("employers", "fill of the worst tenth at most", n, "share", [float(np.quantile(share, 0.1))])
        yield Row.of("employers", "quite filled", n, "share", [float((share == 1.0).mean())])
        yield Row.of("employers", "nobody", n, "share", [float((share == 0.0).mean())])


def _companion_rows(loaded: LoadedMarket, planner: Planner, plan: Plan, priorities: Longs) -> Iterator[Row]:
    """The same plan when some couples of one home ask for one town."""
    n, group = len(planner.workers), couples(loaded.workers.home)
    many = int(group.max()) + 1 if len(group) else 0
    town = loaded.vacancies.division.astype(np.int64)
    companions = Companions(group, (Together.TOWN,) * many, workplaces(loaded.vacancies), town)
    started = time.perf_counter()
    together = planner.plan(priorities=priorities, prices=plan.prices, companions=companions)
    yield Row.of("companions", "couples", n, "couples", [many])
    yield Row.of("companions", "without a place together", n, "couples", [len(together.left_out)])
    yield Row.of("companions", "certificate", n, "share", [together.certificate])
    yield Row.of("companions", "certificate lost at most", n, "share", [together.lost_to_companions])
    yield Row.of("companions", "time", n, "s", [time.perf_counter() - started])


def couples(home: Ints) -> Longs:
    """int64[n] numbers of couples, -1: alone: the first two workers of each home, as many as there shall be."""
    order = np.argsort(home, kind="stable")
    first = np.flatnonzero(np.diff(home[order], prepend=-1))
    sizes = np.diff(np.append(first, len(order)))
    first = first[sizes > 1][: min(_MOST_COUPLES, len(home) // _A_COUPLE_IN)]
    group = np.full(len(home), -1)
    group[order[first]] = group[order[first + 1]] = np.arange(len(first))
    return group
