"""`eastwest bench`: the product's own path and its rivals side by side in one run."""

import json
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from rich.console import Console

from app.bench.batch import bench_batch, bench_growth, bench_nation
from app.bench.http import bench_http
from app.bench.intake import bench_intake
from app.bench.market import NATION, Size, generate, occupation_names, with_places_for_all
from app.bench.market_file import LoadedMarket, load_market, market_from_columns
from app.bench.pages import bench_pages
from app.bench.plan import bench_plan
from app.bench.report import Report
from app.bench.rivals import Eastwest, System
from app.bench.server_rivals import servers
from app.bench.top import K, bench_top, write_answers
from app.db.transaction import owner_url
from app.devdb import DevDbError

bench_app = typer.Typer(help="Measure our path and its rivals side by side, in ratios.", no_args_is_help=True)

Vacancies = Annotated[int, typer.Option(min=1, help="Vacancies of the generated market.")]
Workers = Annotated[int, typer.Option(min=1, help="Workers of the generated market.")]
Seed = Annotated[int, typer.Option(help="The same seed gives the same market.")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object for machines.")]
MarketFile = Annotated[
    Path | None, typer.Option("--market", exists=True, dir_okay=False, help="Read a market.npz instead of generating.")
]
Wide = Annotated[bool, typer.Option(help="A whole nation's width: 3,000 divisions a side, 64 provinces, 1,000 trades.")]


@bench_app.command("top")
def top(
    vacancies: Vacancies = 100_000,
    workers: Workers = 10_000,
    seed: Seed = 7,
    as_json: AsJson = False,
    market: MarketFile = None,
    first: Annotated[int | None, typer.Option(min=1, help="Only the first so many workers.")] = None,
    write: Annotated[
        Path | None, typer.Option(help="Write worker,rank,vacancy,score and stop, without measuring.")
    ] = None,
    wide: Wide = False,
    databases: Annotated[bool, typer.Option(help="Also PostgreSQL, duckdb and tantivy, where they are there.")] = True,
) -> None:
    """The best three vacancies of one worker: latency, exactness, and ratios to brute force, NumPy and databases."""
    loaded, names = _loaded(market, vacancies, workers, seed, first, wide)
    ours = Eastwest(loaded, K)
    if write is not None:
        write_answers(write, len(loaded.workers), lambda worker: ours.top(worker, K))
        return
    console = Console(stderr=True)
    there: AbstractContextManager[list[System]] = nullcontext([])
    if databases:
        there = servers(loaded, names, _server(), console.print)
    with console.status("…") as status, there as more:
        report = bench_top(loaded, names, seed=seed, ours=ours, more=more, progress=status.update)
    _say(report, as_json)


@bench_app.command("batch")
def batch(
    vacancies: Vacancies = 100_000,
    workers: Workers = 100_000,
    seed: Seed = 7,
    as_json: AsJson = False,
    market: MarketFile = None,
    first: Annotated[int | None, typer.Option(min=1, help="Only the first so many workers.")] = None,
    threads: Annotated[int, typer.Option(min=1, help="Threads of the wall-clock figure.")] = 2,
    population: Annotated[
        int, typer.Option(min=0, help="Instead: so many workers, drawn from the market's, e.g. 30000000.")
    ] = 0,
    wide: Wide = False,
) -> None:
    """All workers against all vacancies: throughput, ratio to brute force, build and memory."""
    loaded, _ = _loaded(market, vacancies, workers, seed, first, wide)
    console = Console(stderr=True)
    with console.status("…") as status:
        if population:
            report = bench_nation(loaded, population, threads=threads, seed=seed, progress=status.update)
        else:
            report = bench_batch(loaded, threads=threads, progress=status.update)
    _say(report, as_json)


@bench_app.command("growth")
def growth(
    workers: Workers = 20_000,
    seed: Seed = 7,
    as_json: AsJson = False,
    largest: Annotated[
        int, typer.Option(min=10_000, help="The largest market: 10,000 times ten, and so on.")
    ] = 1_000_000,
    wide: Wide = False,
) -> None:
    """How CPU time per worker grows from 10,000 vacancies to a million."""
    sizes = [n for n in (10_000, 100_000, 1_000_000, 10_000_000) if n <= largest]
    console = Console(stderr=True)
    with console.status("…") as status:
        report = bench_growth(sizes, workers, seed, NATION if wide else Size(), progress=status.update)
    _say(report, as_json)


@bench_app.command("intake")
def intake(
    rows: Annotated[int, typer.Option(min=100, max=100_000, help="Rows of the list.")] = 100_000,
    rounds: Annotated[int, typer.Option(min=1, help="How often everything is measured.")] = 3,
    seed: Seed = 7,
    as_json: AsJson = False,
) -> None:
    """A large worker list from upload to stored: seconds a stage, peak memory, ratio to a raw \\copy."""
    console = Console(stderr=True)
    with console.status("…") as status:
        report = bench_intake(rows, rounds=rounds, seed=seed, progress=status.update)
    _say(report, as_json)


@bench_app.command("plan")
def plan(
    vacancies: Vacancies = 10_000,
    workers: Workers = 100_000,
    seed: Seed = 9,
    as_json: AsJson = False,
    market: MarketFile = None,
    write: Annotated[Path | None, typer.Option(help="Also write worker,vacancy,score of the plan.")] = None,
    threads: Annotated[int, typer.Option(min=1, help="Threads of the search.")] = 2,
    rivals: Annotated[bool, typer.Option(help="Run the rivals too; the exact one takes minutes at a million.")] = True,
) -> None:
    """Who goes where for a whole list: value, placed, upper bound and their ratio, time and memory beside rivals."""
    if market is not None:
        loaded = load_market(market)
        with np.load(market) as file:
            priorities = file["wrk_priority"].astype(np.int64)
    else:
        size = Size()
        columns = with_places_for_all(generate(seed, vacancies, workers, size))
        loaded, priorities = market_from_columns(columns, size.occupations), columns["wrk_priority"].astype(np.int64)
    console = Console(stderr=True)
    with console.status("…") as status:
        report = bench_plan(loaded, priorities, threads=threads, rivals=rivals, write=write, progress=status.update)
    _say(report, as_json)


@bench_app.command("http")
def http(
    workers: Annotated[
        int, typer.Option(min=4_000, help="Workers in the database, which is kept between runs.")
    ] = 1_000_000,
    rounds: Annotated[int, typer.Option(min=1, help="How often everything is measured.")] = 5,
    requests: Annotated[int, typer.Option(min=80, help="Requests of one kind in one round.")] = 2_000,
    as_json: AsJson = False,
) -> None:
    """What a request costs beside a bare hello and a raw read: CPU, p50 and p99 at eight connections."""
    console = Console(stderr=True)
    with console.status("…") as status:
        report = bench_http(workers, rounds=rounds, requests=requests, progress=status.update)
    _say(report, as_json)


@bench_app.command("pages")
def pages(
    workers: Annotated[
        int, typer.Option(min=4_000, help="Workers in one station's care; the database is kept between runs.")
    ] = 100_000,
    rounds: Annotated[int, typer.Option(min=20, help="How often every page is asked for.")] = 40,
    as_json: AsJson = False,
) -> None:
    """What each page costs on the server at 100,000 workers, beside a bare hello."""
    console = Console(stderr=True)
    with console.status("…") as status:
        report = bench_pages(workers, rounds=rounds, progress=status.update)
    _say(report, as_json)


@bench_app.command("market")
def market(
    path: Annotated[Path, typer.Argument(help="Where to write it.")],
    vacancies: Vacancies = 10_000,
    workers: Workers = 10_000,
    seed: Seed = 7,
    wide: Wide = False,
) -> None:
    """Write a generated market to a file, in the columns that `--market` reads."""
    np.savez(path, **generate(seed, vacancies, workers, NATION if wide else None))  # type: ignore[arg-type]


def _loaded(
    path: Path | None, vacancies: int, workers: int, seed: int, first: int | None, wide: bool
) -> tuple[LoadedMarket, list[str]]:
    if path is not None:
        loaded = load_market(path, first_workers=first)
        return loaded, _names_beside(path) or occupation_names(loaded.market.occupations)
    size = NATION if wide else Size()
    columns = generate(seed, vacancies, workers, size)
    return market_from_columns(columns, size.occupations, first), occupation_names(size.occupations)


def _server() -> str | None:
    """The owner's address of the server that is given or runs here; None: there is none."""
    try:
        return owner_url().set(drivername="postgresql").render_as_string(hide_password=False)
    except DevDbError:
        return None


def _names_beside(path: Path) -> list[str]:
    """The occupations' names, when a meta.json lies beside the market."""
    beside = path.with_name("meta.json")
    return list(json.loads(beside.read_text(encoding="utf-8"))["occupations"]) if beside.exists() else []


def _say(report: Report, as_json: bool) -> None:
    if as_json:
        typer.echo(report.as_json())
    else:
        report.show(Console())
