"""The benchmark `pages`: what pages cost on the server when one station cares for all workers, beside a bare hello.

One request after the other on a kept connection, the hello between them, so that both meet the same machine.
"""

from __future__ import annotations

import http.client
import os
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from statistics import quantiles
from typing import Any

import psycopg

from app.bench.http import server
from app.bench.http_floor import RAW_URL
from app.bench.http_world import World, standing
from app.bench.report import Ratio, Report, Row, machine
from app.identity.queries import hash_of

#: What a page may take on the server, in milliseconds.
GOAL_MS = 100
_TOKEN = """insert into tokens (id, hash, role, organisation_id, division_code, expires_at)
            values (gen_random_uuid(), %s, %s, %s, %s, 'infinity') on conflict (hash) do nothing"""


@dataclass
class Page:
    """An address, who reads it, and how long each answer took."""

    name: str
    path: str
    token: str
    seconds: list[float] = field(default_factory=list)

    @property
    def p50_p95_max(self) -> tuple[float, float, float]:
        """Milliseconds."""
        twentieths = quantiles(self.seconds, n=20)
        return twentieths[9] * 1e3, twentieths[18] * 1e3, max(self.seconds) * 1e3


def bench_pages(workers: int, *, rounds: int, progress: Callable[[str], None] = lambda _: None) -> Report:
    """Every page in every round, a hello before each."""
    report = Report("pages", machine())
    with standing(workers, progress, care=workers, name="bench-pages") as world:
        pages = _pages(world)
        raw = world.environment["DATABASE_URL"].replace("postgresql+psycopg", "postgresql")
        environment = os.environ | world.environment | {RAW_URL: raw}
        with server("floor", environment, "/hello") as floor, server("product", environment, "/readyz") as product:
            hello = Page("bare hello", "/hello", "")
            near, far = (http.client.HTTPConnection("127.0.0.1", port, timeout=120) for port, _ in (floor, product))
            for number in range(rounds + 1):  # the first one warms up
                progress(f"round {number} of {rounds}")
                for page in pages:
                    _ask(near, hello, keep=number > 0)
                    _ask(far, page, keep=number > 0)
    _report(report, workers, hello, pages)
    return report


def _ask(connection: http.client.HTTPConnection, page: Page, *, keep: bool) -> None:
    started = time.perf_counter()
    connection.request("GET", page.path, headers={"Cookie": f"eastwest={page.token}; lang=zh"})
    answer = connection.getresponse()
    answer.read()
    taken = time.perf_counter() - started
    if answer.status != 200:
        raise RuntimeError(f"{page.name} {page.path}: {answer.status}")
    if keep:
        page.seconds.append(taken)


def _pages(world: World) -> list[Page]:
    """Every page that only needs looking, with who looks."""
    [(station, theirs)] = world.asked.stations.items()
    worker, mine = theirs[len(theirs) // 2], next(iter(world.asked.workers))
    address = world.environment["DATABASE_URL"].replace("postgresql+psycopg", "postgresql")
    with psycopg.connect(address, autocommit=True) as connection:
        employer, vacancy = _employer(connection)
        coordinator = _token(connection, "coordinator", "authority")
    plain = [
        *(("desk", "/desk"), ("desk's figures anew", "/desk?anew=true"), ("lists", "/desk/lists")),
        *(("workers", "/desk/workers"), ("workers by name", "/desk/workers?q=%E5%BC%A0")),
        *(("workers, nobody", "/desk/workers?q=%E8%B5%B5"), ("workers lacking jobs", "/desk/workers?kept=few")),
        *(("worker", f"/desk/workers/{worker}"), ("read out", f"/desk/workers/{worker}/read-out")),
        *(("vacancies", "/desk/vacancies"), ("vacancies by word", "/desk/vacancies?q=%E7%84%8A")),
        *(("vacancy", f"/desk/vacancies/{vacancy}"), ("plans", "/desk/plans")),
    ]
    return [
        *(Page(name, path, station) for name, path in plain),
        *(Page(f"employer's {name}", path, employer) for name, path in (("board", "/board"), ("form", "/board/new"))),
        Page("employer's vacancy", f"/board/{vacancy}", employer),
        *(Page(f"coordinator's {name}", f"/{name}", coordinator) for name in ("picture", "picture/origins")),
        *(Page(f"worker's {name}", f"/{name}", mine) for name in ("my", "my/wishes", "my/rights")),
    ]


def _employer(connection: psycopg.Connection[Any]) -> tuple[str, str]:
    """A token of the employer with the most open vacancies, and one of these; the bench's own gets some of others'."""
    token = _token(connection, "employer", "employer")
    row = connection.execute("select organisation_id from tokens where hash = %s", (hash_of(token),)).fetchone()
    assert row is not None
    connection.execute("set session_replication_role = replica")
    connection.execute(
        """update vacancies set poster_id = %s where id in (
             select id from vacancies where state = 'open' and valid_until >= current_date
             order by seq desc limit 50)""",
        row,
    )
    found = connection.execute(
        "select id from vacancies where poster_id = %s and state = 'open' limit 1", row
    ).fetchone()
    assert found is not None
    return token, f"v_{found[0].hex}"


def _token(connection: psycopg.Connection[Any], role: str, kind: str) -> str:
    """A token of the first organisation of a kind."""
    token = f"ew_bench_{role}"
    query = "select id, division_code from organisations where kind = %s order by created_at, id limit 1"
    organisation = connection.execute(query, (kind,)).fetchone()
    assert organisation is not None
    connection.execute(_TOKEN, (hash_of(token), role, *organisation))
    return token


def _report(report: Report, workers: int, hello: Page, pages: list[Page]) -> None:
    for page in (hello, *pages):
        system = "floor" if page is hello else "eastwest"
        p50, p95, most = page.p50_p95_max
        report.rows.append(Row(system, f"{page.name}: p95 (p50, max)", workers, "ms", p95, p50, most))
        if page is not hello:
            ratio = p95 / hello.p50_p95_max[1]
            report.ratios.append(Ratio(page.name, hello.name, "p95", ratio, ratio, ratio))
    slow = [page.name for page in pages if page.p50_p95_max[1] > GOAL_MS]
    report.notes.append(f"over {GOAL_MS} ms at p95: {', '.join(slow) or 'none'}; one station cares for all the workers")
