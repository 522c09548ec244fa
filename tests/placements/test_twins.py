"""A decline is unreadable (SECURITY T4). The same world is lived through three times, each time undone again:

- *declining*: the worker says "not this one" many times;
- *closed*: nobody says anything, and those very jobs are closed by their posters at the same moments;
- *quiet*: nobody says anything, and nothing is closed.

What the station is told of the worker is, byte by byte, the same in the first and the second; all that anybody else can
ask for, and the station elsewhere, is the same in the first and the third. Ids and the clock are the same in all three,
since each begins from one savepoint of one transaction: so nothing has to be removed before comparing.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
from fastapi import FastAPI
from sqlalchemy import Connection, text, update

from app.actor import DOOR, ENGINE, Actor, Role
from app.db.transaction import read, write
from app.edge.public_ids import find, show
from app.identity.sessions import open_session
from app.main import create_app
from app.suggestions.market import LiveMarket
from app.suggestions.snapshot import Snapshot
from app.vacancies.model import Vacancy
from app.vacancies.store import store_vacancies
from app.workers.store import store_workers
from tests.client import TestClient
from tests.vacancies.invented import draft as job
from tests.workers.invented import draft as somebody

#: What was asked, by whom -> status, headers that say something of the content, body.
Told = dict[tuple[str, str], tuple[int, str, str, bytes]]
Declines = list[list[UUID]]
#: Who else asks, and after what: `{w}` is the worker, `{v}` each vacancy.
OTHERS = {
    "station": ("/v1/vacancies?limit=100", "/v1/vacancies/{v}", "/v1/workers?limit=100", "/v1/placements"),
    "head": ("/v1/vacancies?limit=100", "/v1/answer-checks", "/v1/placements"),
    "other_station": ("/v1/vacancies?limit=100", "/v1/workers/{w}/suggestions", "/v1/placements"),
    "destination": (
        "/v1/vacancies?limit=100",
        "/v1/vacancies?mine=true&limit=100",
        "/v1/vacancies/{v}",
        "/v1/placements",
    ),
    "employer": (
        "/v1/vacancies?mine=true&limit=100",
        "/v1/vacancies/{v}",
        "/v1/vacancies/{v}/candidates",
        "/v1/placements",
    ),
    "coordinator": ("/v1/vacancies?limit=100", "/v1/vacancies/{v}"),
    "operator": ("/v1/vacancies?limit=100",),
    "auditor": ("/v1/vacancies?limit=100", "/v1/placements", "/v1/answer-checks"),
}
ABOUT_THE_WORKER = (
    "/v1/workers/{w}/suggestions",
    "/v1/workers/{w}/suggestions?limit=1",
    "/v1/workers/{w}/suggestions?after=3",
    "/v1/workers/{w}/suggestions?limit=20&after=6",
    "/v1/workers/{w}",
)


class SameMarket(LiveMarket):
    """Built anew only when other vacancies are open than before: a live one hears of nothing inside a transaction."""

    def __init__(self) -> None:
        super().__init__(listens=False)
        self._built: tuple[object, Snapshot] | None = None

    def current(self) -> Snapshot:
        with read(ENGINE) as tx:
            there = tx.session.scalars(text("select seq from vacancies where state = 'open' order by 1")).all()
        if self._built is None or self._built[0] != there:
            self._built = (there, super().current())
        return self._built[1]


@pytest.fixture
def rooms() -> FastAPI:
    app = create_app(rooms=("workers", "vacancies", "suggestions", "placements"))
    app.state.market = SameMarket()
    return app


@dataclass(frozen=True)
class Street:
    """A worker, another of the same station, and jobs."""

    app: FastAPI
    db: Connection
    bearers: Mapping[str, str]
    actors: Mapping[str, Actor]
    worker: UUID
    own: str
    jobs: Sequence[UUID]

    @classmethod
    def of(
        cls, app: FastAPI, db: Connection, bearers: Mapping[str, str], actors: Mapping[str, Actor], seed: int, jobs: int
    ) -> Street:
        """Drawn by a number: jobs of several employers, pays and places, and what the worker wishes."""
        draw = random.Random(seed)
        with write(actors["destination"]) as tx:
            drafts = [
                job(
                    n,
                    employer=f"示例{draw.randrange(jobs)}厂",
                    title=f"电焊工{n}",
                    wage_lo=(pay := draw.randrange(3600, 9000, 100)),
                    wage_hi=pay + draw.randrange(0, 2000, 100),
                )
                for n in range(jobs)
            ]
            made = [one.vacancy_id for one in store_vacancies(tx, drafts)]
        wishes = {"occupations": ("O054",), "skills": (), "certificates_text": "焊工证", "certificates": ("welding",)}
        with write(actors["station"]) as tx:
            drafts_of = [somebody(n, **wishes, min_wage=draw.randrange(3000, 6500, 500)) for n in (1, 2)]
            worker, _ = (one.worker_id for one in store_workers(tx, drafts_of, witness="经办人"))
        with write(DOOR) as tx:
            token = open_session(tx, role=Role.WORKER, worker_id=worker).access_token
        return cls(app, db, bearers, actors, worker, token, made)

    def client(self, bearer: str) -> TestClient:
        return TestClient(self.app, headers={"Authorization": f"Bearer {bearer}"})

    @contextmanager
    def lived(self) -> Iterator[None]:
        """What happens within is undone."""
        with self.db.begin_nested() as life:
            yield
            life.rollback()

    def ask(self, told: Told, moment: str, name: str, address: str) -> None:
        """Note what somebody is told at a moment."""
        for vacancy in self.jobs[:3] if "{v}" in address else (None,):
            path = address.format(w=show("w", self.worker), v=vacancy and show("v", vacancy))
            answer = self.client(self.bearers[name]).get(path)
            heads = "|".join(answer.headers.get(head, "") for head in ("etag", "content-length", "cache-control"))
            told[f"{moment} {name}", path] = (answer.status_code, heads, answer.headers["content-type"], answer.content)

    def live(self, decide: Callable[[int, list[dict[str, Any]]], None], rounds: int) -> tuple[Told, Told]:
        """What the station is told of the worker, and what everybody is told of all else."""
        of_worker, of_others = Told(), Told()
        for n in range(rounds):
            mine = self.client(self.own).get("/v1/me/suggestions?limit=20")
            assert mine.status_code == 200, mine.text
            for address in ABOUT_THE_WORKER:
                self.ask(of_worker, f"{n}", "station", address)
            decide(n, mine.json()["items"])
        for address in ABOUT_THE_WORKER:
            self.ask(of_worker, "end", "station", address)
        for name, addresses in OTHERS.items():
            for address in addresses:
                self.ask(of_others, "end", name, address)
        of_others |= self.rows()
        return of_worker, of_others

    def rows(self) -> Told:
        """Every row each role can read past the routes too, but for the worker's own set and what only counts."""
        found = Told()
        for name, actor in self.actors.items():
            with read(actor) as tx:
                for table in tx.session.scalars(text(_TABLES)).all():
                    rows = tx.session.scalars(text(_ROWS.format(table=table))).all()
                    found[name, table] = (len(rows), "", "", repr(rows).encode())
        return found

    def declining(self, rounds: int, each: int, seed: int) -> tuple[Declines, Told, Told]:
        """The worker passes over some of what is offered, every time."""
        draw, said = random.Random(seed), Declines()

        def decline(n: int, items: list[dict[str, Any]]) -> None:
            chosen = draw.sample(items, min(each, len(items)))
            said.append([find("v", one["vacancy"]["id"]) for one in chosen])
            for one in chosen:
                body = {"answer": "not_this_one"}
                answer = self.client(self.own).post(f"/v1/suggestions/{one['id']}/answer", json=body)
                assert (answer.status_code, answer.json()) == (200, body | {"placement": None})

        with self.lived():
            return said, *self.live(decline, rounds)

    def closing(self, said: Declines) -> tuple[Told, Told]:
        """The same jobs are closed at the same moments."""

        def close(n: int, items: list[dict[str, Any]]) -> None:
            with write(self.actors["destination"]) as tx:
                tx.session.execute(update(Vacancy).where(Vacancy.id.in_(said[n])).values(state="closed"))

        with self.lived():
            return self.live(close, len(said))

    def quiet(self, rounds: int) -> tuple[Told, Told]:
        """Nobody does anything."""
        with self.lived():
            return self.live(lambda n, items: None, rounds)


_TABLES = """select relname from pg_class c where relnamespace = 'public'::regnamespace and relkind = 'r'
    and relrowsecurity and has_table_privilege(oid, 'select') and relname <> 'suggestions' order by 1"""
#: The set itself changes, as it does when jobs are filled; ids given by a sequence go on after what is undone.
_ROWS = "select (to_jsonb(t) - 'id')::text from {table} t order by 1"


def differences(one: Told, other: Told) -> list[tuple[str, str]]:
    return [asked for asked in one.keys() | other.keys() if one.get(asked) != other.get(asked)]


def test_after_fifty_declines_the_station_is_told_what_it_is_told_when_fifty_jobs_were_closed(
    rooms: FastAPI, db: Connection, bearers: dict[str, str], actors: dict[str, Actor]
) -> None:
    street = Street.of(rooms, db, bearers, actors, seed=1, jobs=64)
    said, of_worker, of_others = street.declining(rounds=5, each=10, seed=1)
    assert sum(map(len, said)) == 50
    closed, _ = street.closing(said)
    _, quiet = street.quiet(len(said))
    assert differences(of_worker, closed) == []
    assert differences(of_others, quiet) == []


@pytest.mark.parametrize("seed", range(2, 6))
def test_the_twins_of_any_street_cannot_be_told_apart(
    rooms: FastAPI, db: Connection, bearers: dict[str, str], actors: dict[str, Actor], seed: int
) -> None:
    street = Street.of(rooms, db, bearers, actors, seed=seed, jobs=8 + seed)
    said, of_worker, of_others = street.declining(rounds=2, each=1 + seed % 4, seed=seed)
    closed, _ = street.closing(said)
    _, quiet = street.quiet(len(said))
    assert differences(of_worker, closed) == []
    assert differences(of_others, quiet) == []


def test_the_comparison_sees_a_difference_where_there_is_one(
    rooms: FastAPI, db: Connection, bearers: dict[str, str], actors: dict[str, Actor]
) -> None:
    street = Street.of(rooms, db, bearers, actors, seed=9, jobs=12)
    said, of_worker, _ = street.declining(rounds=1, each=2, seed=9)
    quiet, _ = street.quiet(1)
    closed, elsewhere = street.closing(said)
    assert differences(of_worker, quiet) != []
    assert differences(closed, of_worker) == []
    assert any("/v1/vacancies" in address for _, address in differences(street.quiet(1)[1], elsewhere))
