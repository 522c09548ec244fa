"""The benchmarks `batch` and `growth`: all workers against all vacancies, and how that grows with the market.

The best brute force gets as many workers as a round allows, our path all of them; both are given per worker of thread
CPU time and compared within a round. What the index costs (build, memory, one change) stands beside.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from math import log
from typing import Any

import numpy as np

from app.bench.market import Size, generate
from app.bench.market_file import LoadedMarket, market_from_columns
from app.bench.report import Ratio, Report, Row, machine, peak_memory_mb
from app.bench.rivals import ExhaustiveScan
from app.bench.top import ROUNDS, K
from matching.index import Index, Search
from matching.rank import People
from matching.tables import VacancyTable, Weights

#: Microseconds that brute force may take in a round.
_SCAN_US = 1_500_000.0
_PROVEN = 1_000
#: Inserts and closes that are timed.
_CHANGES = 2_000
#: Weights under which bounds tell little: none may cost much more than brute force does.
_HARD_WEIGHTS = {
    "equal weights": Weights(0.25, 0.25, 0.25, 0.25),
    "distance only": Weights(0.0, 1.0, 0.0, 0.0),
    "pairing only": Weights(0.0, 0.0, 1.0, 0.0),
    "pay only": Weights(0.0, 0.0, 0.0, 1.0),
    "pairing and pay": Weights(0.0, 0.0, 0.5, 0.5),
}


def bench_batch(
    loaded: LoadedMarket, *, threads: int, rounds: int = ROUNDS, progress: Callable[[str], None] = lambda _: None
) -> Report:
    """Throughput of our path beside the best brute force, proven equal on a sample first."""
    report = Report("batch", machine())
    n, workers = len(loaded.vacancies), len(loaded.workers)
    builds, index = _builds(loaded, rounds)
    people = People.of(loaded.workers)
    search = Search(index, people, K)
    scan = ExhaustiveScan(loaded)
    progress("proving")
    search.all()
    report.notes.append(_proven(loaded, search))
    scanned = max(1, min(workers, int(_SCAN_US / _scan_us(scan))))
    ours, theirs, walls = [], [], []
    for number in range(rounds):
        progress(f"round {number + 1} of {rounds}")
        ours.append(_cpu_us(search.all) / workers)
        theirs.append(_cpu_us(lambda: scan.batch(scanned, K)) / scanned)
        started = time.perf_counter()
        search.all(threads)
        walls.append(workers / (time.perf_counter() - started))
    report.rows += [
        Row.of("eastwest", "CPU per worker, one thread", n, "us", ours),
        Row.of("eastwest", "one thread", n, "workers/s", [1e6 / one for one in ours]),
        Row.of("eastwest", f"{threads} threads, wall clock", n, "workers/s", walls),
        Row.of("brute force", "CPU per worker, one thread", n, "us", theirs),
        Row.of("brute force", "one thread", n, "workers/s", [1e6 / one for one in theirs]),
        Row.of("eastwest", "build", n, "s", builds),
        *_changes(loaded, index),
        Row.of("eastwest", "memory", n, "B/vacancy", [index.nbytes / max(1, n)]),
        Row.of("all", "peak memory", n, "MB", [peak_memory_mb()]),
    ]
    report.ratios.append(Ratio.of_rounds("brute force", "eastwest", "CPU per worker", theirs, ours))
    for name, weights in _HARD_WEIGHTS.items():
        progress(name)
        report.ratios.append(_under(weights, name, loaded, rounds))
    return report


def _under(weights: Weights, name: str, loaded: LoadedMarket, rounds: int) -> Ratio:
    """Our path's share of brute force's CPU time under other weights, on a few workers and proven equal on them."""
    profile = replace(loaded.market.profile, weights=weights)
    other = replace(loaded, market=replace(loaded.market, profile=profile))
    scan, people = ExhaustiveScan(other), People.of(other.workers)
    few = max(1, min(len(people), int(_SCAN_US / 5 / _scan_us(scan))))
    chosen = People(people.records[:few], people.declined)
    search = Search(Index.build(other.vacancies, other.market), chosen, K)
    search.all()
    rows, scores = scan.batch(few, K)
    if not (np.array_equal(rows, search.rows) and np.array_equal(scores, search.scores)):
        raise AssertionError(f"{name}: eastwest and the exhaustive scan differ")
    ours, theirs = [], []
    for _ in range(rounds):
        ours.append(_cpu_us(search.all))
        theirs.append(_cpu_us(lambda: scan.batch(few, K)))
    return Ratio.of_rounds("eastwest", "brute force", f"CPU per worker, {name}", ours, theirs)


def bench_nation(
    loaded: LoadedMarket, population: int, *, threads: int, seed: int, progress: Callable[[str], None] = lambda _: None
) -> Report:
    """So many workers, drawn from the market's own, really matched: one run, ordering and writing answers included."""
    report = Report("batch", machine())
    index, people = Index.build(loaded.vacancies, loaded.market), People.of(loaded.workers)
    Search(index, People(people.records[:10], people.declined), K).all()  # warm
    rng, done = np.random.default_rng(seed), 0
    wall, cpu, drawing = 0.0, 0.0, 0.0
    while done < population:
        progress(f"{done:,} of {population:,}")
        began = time.perf_counter()
        chosen = rng.integers(0, len(people), min(len(people), population - done))
        drawn = People(people.records[chosen], people.declined)
        drawing += time.perf_counter() - began
        began, used = time.perf_counter(), time.process_time()
        Search(index, drawn, K).all(threads)
        wall, cpu = wall + time.perf_counter() - began, cpu + time.process_time() - used
        done += len(chosen)
    report.notes.append(f"{drawing:.1f} s more to draw the workers from {len(people):,} profiles")
    n = len(loaded.vacancies)
    for what, unit, value in (
        (f"{population:,} workers, {threads} threads, wall clock", "s", wall),
        (f"{population:,} workers, CPU time of all threads", "s", cpu),
        (f"{threads} threads, wall clock", "workers/s", population / wall),
    ):
        report.rows.append(Row.of("eastwest", what, n, unit, [value]))
    report.rows.append(Row.of("all", "peak memory", n, "MB", [peak_memory_mb()]))
    return report


def bench_growth(
    sizes: list[int], workers: int, seed: int, size: Size, *, progress: Callable[[str], None] = lambda _: None
) -> Report:
    """Batch at several sizes of market, and the exponents with which CPU time per worker grows."""
    report = Report("growth", machine())
    costs: dict[str, list[list[float]]] = {"eastwest": [], "brute force": []}
    for n in sizes:
        progress(f"{n:,} vacancies")
        loaded = market_from_columns(generate(seed, n, workers, size), size.occupations)
        search = Search(Index.build(loaded.vacancies, loaded.market), People.of(loaded.workers), K)
        scan = ExhaustiveScan(loaded)
        search.all()
        report.notes.append(f"{n:,}: " + _proven(loaded, search))
        scanned = max(1, min(workers, int(_SCAN_US / 3 / _scan_us(scan))))
        costs["eastwest"].append([_cpu_us(search.all) / workers for _ in range(ROUNDS)])
        costs["brute force"].append([_cpu_us(lambda: scan.batch(scanned, K)) / scanned for _ in range(ROUNDS)])  # noqa: B023
        for system, measured in costs.items():
            report.rows.append(Row.of(system, "CPU per worker, one thread", n, "us", measured[-1]))
        report.ratios.append(
            Ratio.of_rounds(
                "brute force", "eastwest", f"CPU per worker at {n:,}", costs["brute force"][-1], costs["eastwest"][-1]
            )
        )
    for system, measured in costs.items():
        exponents = [_exponent(sizes, [rounds[at] for rounds in measured]) for at in range(ROUNDS)]
        report.rows.append(Row.of(system, "growth exponent", sizes[-1], "log/log", exponents))
    return report


def _exponent(sizes: list[int], costs: list[float]) -> float:
    """Slope of a straight line through the logarithms."""
    return float(np.polyfit([log(n) for n in sizes], [log(cost) for cost in costs], 1)[0])


def _changes(loaded: LoadedMarket, index: Index) -> list[Row]:
    """What one insert and one close cost, called as a service would; and an insert within a list."""
    n = len(loaded.vacancies)
    copies = np.random.default_rng(1).integers(0, n, 2 * _CHANGES + 1)
    columns = {name: getattr(loaded.vacancies, name)[copies] for name in loaded.vacancies.__dataclass_fields__}
    columns["seq"] = int(loaded.vacancies.seq.max()) + 1 + np.arange(len(copies))
    more = VacancyTable.trusted(**columns)
    index.insert(_rows(more, slice(0, 1)))  # warm, and grown if it must
    single = [_rows(more, slice(at, at + 1)) for at in range(1, _CHANGES + 1)]
    alone = _each_us(index.insert, single)
    together = _cpu_us(lambda: index.insert(_rows(more, slice(_CHANGES + 1, None)))) / _CHANGES
    index.close(int(columns["seq"][0]))
    closed = _each_us(index.close, loaded.vacancies.seq[copies[:_CHANGES]].tolist())
    return [
        Row.of("eastwest", "insert, one in a call", n, "us", alone),
        Row.of("eastwest", f"insert, {_CHANGES:,} in a call", n, "us", [together]),
        Row.of("eastwest", "close, one in a call", n, "us", closed),
    ]


def _each_us(act: Callable[[Any], None], given: Sequence[Any]) -> list[float]:
    """CPU time of a call, on average over a hundred: the clock itself takes as long as a close."""
    means = []
    for first in range(0, len(given), 100):
        hundred = given[first : first + 100]
        started = time.thread_time_ns()
        for one in hundred:
            act(one)
        means.append((time.thread_time_ns() - started) / 1_000 / len(hundred))
    return means


def _rows(table: VacancyTable, chosen: slice) -> VacancyTable:
    return VacancyTable.trusted(**{name: getattr(table, name)[chosen] for name in table.__dataclass_fields__})


def _builds(loaded: LoadedMarket, rounds: int) -> tuple[list[float], Index]:
    Index.build(loaded.vacancies, loaded.market)  # warm
    seconds = []
    for _ in range(rounds):
        started = time.thread_time()
        index = Index.build(loaded.vacancies, loaded.market)
        seconds.append(time.thread_time() - started)
    return seconds, index


def _proven(loaded: LoadedMarket, search: Search) -> str:
    """Compare with the exhaustive scan on the first workers; raise when one differs."""
    sample = min(len(loaded.workers), _PROVEN, max(20, 200_000_000 // max(1, len(loaded.vacancies))))
    rows, scores = ExhaustiveScan(loaded).batch(sample, K)
    if not (np.array_equal(rows, search.rows[:sample]) and np.array_equal(scores, search.scores[:sample])):
        raise AssertionError("eastwest and the exhaustive scan differ")
    return f"exact: rows and scores equal to the exhaustive scan's for {sample} workers"


def _scan_us(scan: ExhaustiveScan) -> float:
    scan.batch(1, K)
    return _cpu_us(lambda: scan.batch(3, K)) / 3


def _cpu_us(work: Callable[[], object]) -> float:
    started = time.thread_time_ns()
    work()
    return (time.thread_time_ns() - started) / 1_000
