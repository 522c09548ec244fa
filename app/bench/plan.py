"""The benchmark `plan`: who goes where for a whole list, beside other ways of filling openings in one run.

Ours plans over all pairs that may be matched, the rivals over a graph of everybody's best fifty; all are held against
the one bound that no assignment can exceed. Three ways of making suggestions from it are compared by how they crowd.
"""

import csv
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from app.bench import plan_rivals
from app.bench.market_file import LoadedMarket
from app.bench.plan_effects import effect_rows
from app.bench.plan_rivals import Offers
from app.bench.report import Ratio, Report, Row, machine, peak_memory_mb
from matching.eligibility import failed_limits
from matching.plan import PRIORITY_POINTS, Outside, Plan, Planner, Progress
from matching.plan_figures import congestion, suggestions
from matching.rank import People, Scan
from matching.score import score_one
from matching.tables import Longs

#: Vacancies of each worker in the rivals' graph.
SHORTLIST = 50
_PROVEN_WORKERS, _PROVEN_PAIRS = 300, 300
_RIVALS: dict[str, Callable[[Offers, Longs, Longs], Longs]] = {
    "greedy": plan_rivals.greedy,
    "first come": plan_rivals.first_come,
    "deferred acceptance": plan_rivals.deferred_acceptance,
    f"min-cost flow, top {SHORTLIST}": plan_rivals.min_cost_flow,
}


def bench_plan(
    loaded: LoadedMarket,
    priorities: Longs,
    *,
    threads: int,
    rivals: bool = True,
    write: Path | None = None,
    progress: Callable[[str], None] = lambda _: None,
) -> Report:
    """One plan, proven and written when asked; how suggestions crowd, what wishes cost, and the rivals."""
    report = Report("plan", machine())
    warm_up(loaded, threads)
    n, before_mb = len(loaded.workers), peak_memory_mb()
    started, cpu = time.perf_counter(), time.process_time()
    planner = Planner(loaded.workers, loaded.vacancies, loaded.market, threads=threads)
    plan = planner.plan(priorities=priorities, outside=Outside(progress=lambda at: progress(_said(at))))
    seconds, cpu = time.perf_counter() - started, time.process_time() - cpu
    report.rows += [
        *_outcome("eastwest", n, plan.value, plan.placed, plan.bound, seconds),
        Row.of("eastwest", "CPU, all threads", n, "s", [cpu]),
        Row.of("eastwest", "memory above the lists", n, "MB", [peak_memory_mb() - before_mb]),
        Row.of("all", "upper bound over all pairs", n, "points", [plan.bound / 1e6]),
    ]
    report.notes += [prove(loaded, planner, plan), *(f"round: {one}" for one in plan.rounds)]
    if write is not None:
        write_plan(write, plan)
    _add_congestion(report, planner, plan)
    if rivals:
        progress("priorities, employers, companions")
        report.rows += effect_rows(loaded, planner, plan, priorities)
        _add_rivals(report, planner, plan, priorities, seconds, progress)
    return report


def prove(loaded: LoadedMarket, planner: Planner, plan: Plan) -> str:
    """Check the plan against definition and openings, and the search behind its bound; raise when one is wrong."""
    taken = np.bincount(plan.assigned[plan.assigned >= 0], minlength=len(loaded.vacancies))
    if np.any(taken > planner.open_places()):
        raise AssertionError("a vacancy holds more than its openings")
    placed = np.flatnonzero(plan.assigned >= 0)
    for i in placed[:: max(1, len(placed) // _PROVEN_PAIRS)].tolist():
        worker, vacancy = loaded.workers.row(i), loaded.vacancies.row(int(plan.assigned[i]))
        if failed_limits(worker, vacancy, loaded.market):
            raise AssertionError(f"worker {i} may not be matched with the assigned vacancy")
        if score_one(worker, vacancy, loaded.market).micropoints != plan.score[i]:
            raise AssertionError(f"worker {i}: the score is not the definition's")
    sample = np.arange(0, len(loaded.workers), max(1, len(loaded.workers) // _PROVEN_WORKERS))
    scanned = People(planner.people.records[sample], planner.people.declined)
    theirs = Scan(loaded.vacancies, loaded.market).best(scanned, 3, prices=plan.prices)
    ours = planner.search.best(planner.people, 3, plan.prices, chosen=sample)
    if not all(np.array_equal(a, b) for a, b in zip(ours, theirs, strict=True)):
        raise AssertionError("the search net of prices and the exhaustive scan differ")
    return (
        f"exact: openings kept; sampled pairs allowed and scored as defined; search net of prices equal to the "
        f"exhaustive scan's for {len(sample)} workers"
    )


def write_plan(path: Path, plan: Plan) -> None:
    """`worker,vacancy,score` of everybody placed."""
    placed = np.flatnonzero(plan.assigned >= 0)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["worker", "vacancy", "score"])
        writer.writerows(zip(placed.tolist(), plan.assigned[placed].tolist(), plan.score[placed].tolist(), strict=True))


def warm_up(loaded: LoadedMarket, threads: int) -> None:
    """Compile everything on the first few workers."""
    few = np.arange(min(200, len(loaded.workers)))
    planner = Planner(loaded.workers, loaded.vacancies, loaded.market, threads=threads)
    competition = planner.competition(np.minimum(1, planner.open_places()), None, None, 0, few)
    for prices in (None, np.full(len(loaded.vacancies), 100_000)):
        planner.settle(competition, prices, 1_000, 1.0, Outside())


def _add_congestion(report: Report, planner: Planner, plan: Plan) -> None:
    """Plain, net of prices, and the planned job first: how each crowds."""
    n, openings = len(planner.workers), planner.open_places()
    ways = {
        "plain top 3": suggestions(planner, None),
        "score - price": suggestions(planner, plan, planned_leads=False),
        "planned first": suggestions(planner, plan),
    }
    for name, (rows, scores) in ways.items():
        crowd = congestion(rows, scores, openings)
        report.rows += [
            Row.of(name, "suggestions to crowded vacancies", n, "share", [crowd.crowded]),
            Row.of(name, "placed if all take their first", n, "share", [crowd.placed_by_first]),
            Row.of(name, "open vacancies never suggested", n, "share", [crowd.never_suggested]),
            Row.of(name, "mean score of the first", n, "points", [crowd.mean_first / 1e6]),
        ]


def _add_rivals(
    report: Report, planner: Planner, plan: Plan, priorities: Longs, seconds: float, progress: Callable[[str], None]
) -> None:
    """Each rival on the graph of everybody's best, timed without making the graph."""
    n, bonus, openings = len(planner.workers), PRIORITY_POINTS * priorities, planner.open_places()
    progress("the rivals' graph")
    no_prices = np.zeros(len(openings), np.int64)
    started = time.perf_counter()
    rows, scores = planner.search.best(planner.people, SHORTLIST, no_prices, threads=planner.threads)
    offers = Offers.of(rows, scores)
    report.rows.append(Row.of("rivals", f"graph of the best {SHORTLIST}", n, "s", [time.perf_counter() - started]))
    for name, rival in _RIVALS.items():
        progress(name)
        if rival is not plan_rivals.min_cost_flow:
            rival(offers.few, bonus[:1], openings)
        started = time.perf_counter()
        assigned = rival(offers, bonus, openings)
        took = time.perf_counter() - started
        placed = assigned >= 0
        value = int((offers.earned(assigned) + bonus)[placed].sum())
        report.rows += _outcome(name, n, value, int(placed.sum()), plan.bound, took)
        report.ratios += [
            Ratio.of_rounds("eastwest", name, "value", [plan.value], [value]),
            Ratio.of_rounds(name, "eastwest", "time without the graph", [took], [seconds]),
        ]


def _outcome(system: str, n: int, value: int, placed: int, bound: int, seconds: float) -> list[Row]:
    return [
        Row.of(system, "value", n, "points", [value / 1e6]),
        Row.of(system, "value / upper bound", n, "share", [value / max(1, bound)]),
        Row.of(system, "placed", n, "share", [placed / max(1, n)]),
        Row.of(system, "time", n, "s", [seconds]),
    ]


def _said(at: Progress) -> str:
    return f"{at.stage}, round {at.round + 1}, {at.step}: {at.done:.0%}, certificate {at.certificate:.6f}"
