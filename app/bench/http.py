"""The benchmark `http`: what a request costs, beside a bare hello and one row by raw SQL, in one run.

CPU time of the server process and of PostgreSQL's processes apart, as the kernel counts them (10 ms steps over a whole
round); p50 and p99 as eight connections see them. The client has a process of its own; its share is told.
"""

from __future__ import annotations

import contextlib
import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import cycle, islice
from pathlib import Path
from statistics import median, quantiles

import psycopg

from app.bench.http_floor import RAW_URL
from app.bench.http_world import World, standing
from app.bench.report import Ratio, Report, Row, machine
from app.settings import ROOT, settings

CONNECTIONS = 8
_TICK = os.sysconf("SC_CLK_TCK")


@dataclass
class Cell:
    """One kind of request: whose server, what is sent on each connection, and what was measured a round."""

    name: str
    port: int
    pid: int
    #: connection -> the requests it repeats
    plans: list[list[str]]
    status: int = 200
    server_us: list[float] = field(default_factory=list)
    database_us: list[float] = field(default_factory=list)
    p50_ms: list[float] = field(default_factory=list)
    p99_ms: list[float] = field(default_factory=list)
    rate: list[float] = field(default_factory=list)
    client_share: list[float] = field(default_factory=list)

    @property
    def both_us(self) -> list[float]:
        """Server and database together."""
        return [a + b for a, b in zip(self.server_us, self.database_us, strict=True)]


def bench_http(workers: int, *, rounds: int, requests: int, progress: Callable[[str], None] = lambda _: None) -> Report:
    """Every kind of request in every round, one after the other."""
    report = Report("http", machine())
    with standing(workers, progress) as world, _served(world) as cells:
        _prove(world, cells)
        for number in range(rounds + 1):
            progress(f"round {number} of {rounds}")
            for cell in cells.values():
                _measure(world, cell, requests, keep=number > 0)
    _report(report, cells, workers, requests)
    return report


@contextmanager
def _served(world: World) -> Iterator[dict[str, Cell]]:
    """Both servers, each one process, and the kinds of requests."""
    raw = world.environment["DATABASE_URL"].replace("postgresql+psycopg", "postgresql")
    environment = os.environ | world.environment | {RAW_URL: raw}
    with server("floor", environment, "/hello") as floor, server("product", environment, "/readyz") as product:
        yield _cells(world, floor, product)


@contextmanager
def server(name: str, environment: dict[str, str], ready: str) -> Iterator[tuple[int, int]]:
    """A server's port and process."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-P", "-m", "uvicorn", "--factory", f"app.bench.http_floor:{name}", "--port", str(port)]
    logs = settings().data / "bench-http"
    logs.mkdir(parents=True, exist_ok=True)
    with (logs / f"{name}.log").open("wb") as log:
        process = subprocess.Popen(
            [*command, "--no-access-log", "--log-level", "warning"], env=environment, cwd=ROOT, stderr=log
        )
    try:
        deadline = time.monotonic() + 120
        while not _answers(f"http://127.0.0.1:{port}{ready}"):
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"the server `{name}` does not answer")
            time.sleep(0.2)
        yield port, process.pid
    finally:
        process.terminate()
        process.wait()


def _answers(url: str) -> bool:
    with contextlib.suppress(OSError):
        return bool(urllib.request.urlopen(url, timeout=5).status == 200)
    return False


def _cells(world: World, floor: tuple[int, int], product: tuple[int, int]) -> dict[str, Cell]:
    stations = list(world.asked.stations.items())
    mine = list(world.asked.workers)
    each = [mine[n::CONNECTIONS] for n in range(CONNECTIONS)]
    by_id = [[_get(f"/v1/workers/{row}", token) for row in rows] for token, rows in stations]
    lists = [[_get("/v1/workers?limit=50", token)] for token, _ in stations]
    rows = [[_get(f"/row/{row.removeprefix('w_')}") for row in found] for _, found in stations]
    fresh = [[_get("/v1/me/suggestions", token) for token in tokens] for tokens in each]
    stored = [[_get("/bench/stored", token) for token in tokens] for tokens in each]
    tags = [[_get("/v1/me/suggestions", token, _tag(product[0], token)) for token in tokens] for tokens in each]
    cells = [
        Cell("bare hello", *floor, [[_get("/hello")]] * CONNECTIONS),
        Cell("raw row", *floor, rows),
        Cell("worker by id", *product, by_id),
        Cell("list of 50", *product, lists),
        Cell("my suggestions, fresh", *product, fresh),
        Cell("my suggestions, stored", *product, stored),
        Cell("my suggestions, 304", *product, tags, 304),
    ]
    return {cell.name: cell for cell in cells}


def _get(path: str, token: str = "", tag: str = "") -> str:
    signed = f"Authorization: Bearer {token}\r\n" if token else ""
    seen = f"If-None-Match: {tag}\r\n" if tag else ""
    return f"GET {path} HTTP/1.1\r\nHost: bench\r\n{signed}{seen}\r\n"


def _asked(port: int, path: str, token: str) -> tuple[bytes, str]:
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers={"Authorization": f"Bearer {token}"})
    with urllib.request.urlopen(request, timeout=60) as answer:
        return answer.read(), answer.headers.get("ETag", "")


def _tag(port: int, token: str) -> str:
    return _asked(port, "/v1/me/suggestions", token)[1]


def _prove(world: World, cells: dict[str, Cell]) -> None:
    """The answers are what the database holds; and the stored answers are the fresh ones."""
    port = cells["worker by id"].port
    address = world.environment["DATABASE_URL"].replace("postgresql+psycopg", "postgresql")
    with psycopg.connect(address, autocommit=True) as connection:
        for token, rows in world.asked.stations.items():
            answer = json.loads(_asked(port, f"/v1/workers/{rows[0]}", token)[0])
            query = "select name from workers where id = %s"
            known = connection.execute(query, (rows[0].removeprefix("w_"),)).fetchone()
            if known != (answer["name"],) or not answer["phone"].startswith("139"):
                raise AssertionError(f"another worker was answered: {answer['id']}")
        for token, row in world.asked.workers.items():
            body, tag = _asked(port, "/v1/me/suggestions", token)
            answer = json.loads(body)
            if answer["worker_id"] != row or not tag:
                raise AssertionError(f"another worker's suggestions were answered: {row}")
            add = "insert into bench_stored values (%s, %s) on conflict (worker_id) do update set body = excluded.body"
            connection.execute(add, (row.removeprefix("w_"), body))


def _measure(world: World, cell: Cell, requests: int, *, keep: bool) -> None:
    each = requests // len(cell.plans)
    plans = [list(islice(cycle(plan), each)) for plan in cell.plans]
    server, database = _cpu_of(cell.pid), _cpu_of_children(world.cluster.server_pid)
    done = subprocess.run(
        [sys.executable, "-P", "-m", "app.bench.http_client"],
        input=json.dumps({"port": cell.port, "plans": plans, "status": cell.status}),
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
        timeout=300,
    )
    many, answer = each * len(plans), json.loads(done.stdout)
    if not keep:
        return
    cell.server_us.append((_cpu_of(cell.pid) - server) / many * 1e6)
    cell.database_us.append((_cpu_of_children(world.cluster.server_pid) - database) / many * 1e6)
    cell.p50_ms.append(median(answer["seconds"]) * 1e3)
    cell.p99_ms.append(quantiles(answer["seconds"], n=100)[98] * 1e3)
    cell.rate.append(many / answer["wall"])
    cell.client_share.append(answer["cpu"] / many * 1e6)


def _cpu_of(pid: int) -> float:
    """CPU seconds of a process, all its threads."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICK


def _cpu_of_children(pid: int) -> float:
    """CPU seconds of PostgreSQL: its backends and helpers, not those that have ended."""
    total = 0.0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            fields = stat.read_text().rpartition(")")[2].split()
            if int(fields[1]) == pid:
                total += (int(fields[11]) + int(fields[12])) / _TICK
    return total


def _report(report: Report, cells: dict[str, Cell], workers: int, requests: int) -> None:
    for cell in cells.values():
        system = "floor" if cell.name in ("bare hello", "raw row") else "eastwest"
        figures = (
            ("server CPU", "us/request", cell.server_us),
            ("database CPU", "us/request", cell.database_us),
            ("p50 at 8 connections", "ms", cell.p50_ms),
            ("p99 at 8 connections", "ms", cell.p99_ms),
            ("rate", "requests/s", cell.rate),
            ("client CPU", "us/request", cell.client_share),
        )
        report.rows += [Row.of(system, f"{cell.name}: {what}", workers, unit, rounds) for what, unit, rounds in figures]
    raw, stored = cells["raw row"], cells["my suggestions, stored"]
    beside = [(cells[name], raw) for name in ("worker by id", "list of 50", "my suggestions, 304", "bare hello")]
    for ours, theirs in [*beside, (cells["my suggestions, fresh"], stored)]:
        pair = (ours.name, theirs.name)
        report.ratios.append(Ratio.of_rounds(*pair, "server CPU", ours.server_us, theirs.server_us))
        report.ratios.append(Ratio.of_rounds(*pair, "server and database CPU", ours.both_us, theirs.both_us))
    report.notes.append(
        f"{workers:,} workers, {requests:,} requests a round on {CONNECTIONS} connections, one server process each;"
        " server, database and client share the cores"
    )
