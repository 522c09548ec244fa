"""The benchmark `top`: the best three vacancies of one worker, our path beside its rivals in one run.

As fair as we know how: all systems are loaded before anything is timed; compiled code is warmed up first; the order
of systems is shuffled in each round; every system gets the same k and data, each worker once; ratios are formed
within a round. Every run first proves on a sample that answers equal the definition, pair by pair.
"""

import csv
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from app.bench.market_file import LoadedMarket
from app.bench.report import Ratio, Report, Row, machine, peak_memory_mb
from app.bench.rivals import Answer, ExhaustiveScan, FuzzyTitles, NumpyColumns, System
from matching.rank import rank_by_definition
from matching.tables import WorkerTable

K = 3
ROUNDS = 5
#: Microseconds a system may take in a round, from which follows how many workers it gets.
_ROUND_US = 400_000.0
_MOST_WORKERS = 4_000
#: Workers for whom approximate systems' answers are compared with the true ones.
_COMPARED = 10


@dataclass(frozen=True)
class Timing:
    """One round of one system."""

    #: Wall clock of each call.
    each_us: list[float]
    #: Thread CPU time for a worker on average: what ratios are made of, since wall time varies with the neighbours. A
    #: server's work is not in it: there the wall clock stands instead.
    cpu_us: float


def bench_top(
    loaded: LoadedMarket,
    names: list[str],
    *,
    seed: int,
    ours: System,
    more: Sequence[System] = (),
    progress: Callable[[str], None] = lambda _: None,
) -> Report:
    """Time every system on the market and report."""
    report = Report("top", machine())
    rivals: list[System] = [ExhaustiveScan(loaded), NumpyColumns(loaded), FuzzyTitles(loaded, names), *more]
    systems = [ours, *rivals]
    progress("proving")
    report.notes.append(prove(loaded, systems, seed))
    sample = random.Random(seed).sample(range(len(loaded.workers)), min(_COMPARED, len(loaded.workers)))
    for system in rivals:
        if not system.exact:
            found = found_of_the_best(ours, system, sample)
            report.rows.append(Row.of(system.name, "of the true best three found", len(sample), "share", [found]))
    timings = timed_rounds(systems, len(loaded.workers), seed, progress)
    n = len(loaded.vacancies)
    for system in systems:
        rounds = timings[system.name]
        for what, per_cent in (("latency p50", 50), ("latency p99", 99)):
            values = [float(np.percentile(timing.each_us, per_cent)) for timing in rounds]
            report.rows.append(Row.of(system.name, what, n, "us", values))
        report.rows.append(Row.of(system.name, "one at a time", n, "workers/s", [1e6 / one.cpu_us for one in rounds]))
    own = [timing.cpu_us for timing in timings[ours.name]]
    for system in rivals:
        theirs = [timing.cpu_us for timing in timings[system.name]]
        report.ratios.append(Ratio.of_rounds(system.name, ours.name, "CPU time per worker", theirs, own))
    report.rows.append(Row.of("all", "peak memory", n, "MB", [peak_memory_mb()]))
    return report


def found_of_the_best(ours: System, other: System, sample: Sequence[int]) -> float:
    """The share of the true best three that another system finds for some workers."""
    true = [{row for row, _ in ours.top(worker, K)} for worker in sample]
    found = [{row for row, _ in other.top(worker, K)} for worker in sample]
    return sum(len(one & best) for one, best in zip(found, true, strict=True)) / max(1, sum(map(len, true)))


def timed_rounds(
    systems: list[System], workers: int, seed: int, progress: Callable[[str], None]
) -> dict[str, list[Timing]]:
    """Rounds of every system in shuffled order; within a round each worker once."""
    shuffled = random.Random(seed)
    counts = {system.name: _affordable(system, workers) for system in systems}
    timings: dict[str, list[Timing]] = {system.name: [] for system in systems}
    for number in range(ROUNDS):
        progress(f"round {number + 1} of {ROUNDS}")
        order = shuffled.sample(range(workers), workers)
        for system in shuffled.sample(systems, len(systems)):
            timings[system.name].append(_timed(system, order[: counts[system.name]]))
    return timings


def prove(loaded: LoadedMarket, systems: list[System], seed: int) -> str:
    """Compare every exact system with the definition on a sample of workers; raise when one differs."""
    sample = random.Random(seed + 1).sample(range(len(loaded.workers)), min(len(loaded.workers), _provable(loaded)))
    for worker in sample:
        expected = rank_by_definition(only(loaded.workers, worker), loaded.vacancies, loaded.market, top=K)[0]
        for system in systems:
            if system.exact and (answer := system.top(worker, K)) != expected:
                raise AssertionError(f"{system.name}, worker {worker}: {answer}, by definition {expected}")
    wider = min(len(loaded.workers), 300)
    scan = ExhaustiveScan(loaded)
    for worker in range(wider):
        for system in systems:
            if system.exact and system.top(worker, K) != scan.top(worker, K):
                raise AssertionError(f"{system.name}, worker {worker}: not as the exhaustive scan")
    return f"exact: equal to the definition for {len(sample)} workers, to the exhaustive scan for {wider}"


def write_answers(path: Path, workers: int, answer: Callable[[int], Answer]) -> None:
    """`worker,rank,vacancy,score` for the first so many workers."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["worker", "rank", "vacancy", "score"])
        for worker in range(workers):
            writer.writerows((worker, place, row, score) for place, (row, score) in enumerate(answer(worker), 1))


def only(workers: WorkerTable, i: int) -> WorkerTable:
    """A table of one of the workers."""
    columns = {
        name: getattr(workers, name)[i : i + 1]
        for name in WorkerTable.__dataclass_fields__
        if name not in ("declined", "declined_start", "points")
    }
    declined = workers.declined[workers.declined_start[i] : workers.declined_start[i + 1]]
    return WorkerTable.of(**columns, declined_start=[0, len(declined)], declined=declined)


def _provable(loaded: LoadedMarket) -> int:
    """The definition takes some 10 us a pair."""
    return max(2, min(40, 200_000 // max(1, len(loaded.vacancies))))


def _affordable(system: System, workers: int) -> int:
    """How many workers fit into a round; the calls before are the warm-up."""
    system.top(0, K)
    started = time.perf_counter_ns()
    for worker in range(min(3, workers)):
        system.ask(worker, K)
    each_us = (time.perf_counter_ns() - started) / 3_000
    return max(3, min(workers, _MOST_WORKERS, int(_ROUND_US / each_us)))


def _timed(system: System, order: list[int]) -> Timing:
    each_us = []
    cpu = time.thread_time_ns()
    for worker in order:
        started = time.perf_counter_ns()
        system.ask(worker, K)
        each_us.append((time.perf_counter_ns() - started) / 1_000)
    cpu_us = (time.thread_time_ns() - cpu) / 1_000
    return Timing(each_us, (sum(each_us) if system.elsewhere else cpu_us) / len(order))
