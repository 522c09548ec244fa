"""A scene for placements: verified employers, workers with sessions of their own, suggestions; every commit is real."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from itertools import count
from typing import Any
from uuid import UUID, uuid4, uuid5

import psycopg
from sqlalchemy import make_url

from app.actor import Actor, Role
from app.db.transaction import write
from app.edge.public_ids import show
from app.suggestions.queries import replace_set
from app.vacancies.store import store_vacancies
from app.workers.store import store_workers
from tests import people
from tests.client import TestClient
from tests.database import Server, pointed_at
from tests.vacancies.invented import draft as job
from tests.workers.invented import draft as somebody

FAR = datetime(2100, 1, 1, tzinfo=UTC)
#: Licence numbers of invented companies.
USCC = {"employer": "91441900MA4UXXXX00", "other_employer": "91370200MA3CXXXX1B"}


@dataclass(frozen=True)
class Somebody:
    """A worker with a session of their own."""

    worker_id: UUID
    actor: Actor
    bearer: str


@dataclass
class Scene:
    """What the tests of one module play in."""

    url: str
    app: Any
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    @contextmanager
    def superuser(self) -> Iterator[psycopg.Connection[Any]]:
        """Past all rules: for what time or another room would have brought."""
        with psycopg.connect(make_url(self.url).set(drivername="postgresql").render_as_string(False)) as connection:
            yield connection

    @cached_property
    def _past_all_rules(self) -> psycopg.Connection[Any]:
        connection = psycopg.connect(make_url(self.url).set(drivername="postgresql").render_as_string(False))
        connection.autocommit = True
        return connection

    def run(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        """One statement past all rules, and its rows."""
        done = self._past_all_rules.execute(statement.encode(), values)
        return done.fetchall() if done.description else []

    def close(self) -> None:
        """Let go of what was opened."""
        self._past_all_rules.close()

    def settle(self) -> None:
        """Approved employers with licence numbers."""
        for name, uscc in USCC.items():
            self.run(
                "update organisations set uscc = %s, approved_at = now() where id = %s",
                uscc,
                people.actor(name).organisation_id,
            )

    def client(self, bearer: str) -> TestClient:
        """Signed in with a token."""
        return TestClient(self.app, headers={"Authorization": f"Bearer {bearer}"})

    def of(self, name: str) -> TestClient:
        """Signed in as one of tests/people.py."""
        return self.client(people.bearer(name))

    def worker(
        self, station: str = "station", *, device: UUID | None = None, gives_from: datetime | None = None, **stated: Any
    ) -> Somebody:
        """A worker in a station's care, who agreed to matching, with a session."""
        n = next(self.numbers)
        with write(people.actor(station)) as tx:
            [kept] = store_workers(tx, [somebody(stated.pop("number", n), **stated)], witness="经办人")
        return self.session(kept.worker_id, device=device, gives_from=gives_from)

    def session(self, worker_id: UUID, *, device: UUID | None = None, gives_from: datetime | None = None) -> Somebody:
        """A session of a worker's own."""
        bearer, token_id = uuid4().hex, uuid4()
        self.run(
            "insert into tokens (id, hash, role, worker_id, expires_at, device_id, gives_from)"
            " values (%s, %s, 'worker', %s, %s, %s, %s)",
            *(token_id, hashlib.sha256(bearer.encode()).digest(), worker_id, FAR, device, gives_from),
        )
        return Somebody(worker_id, Actor(Role.WORKER, worker_id=worker_id, token_id=token_id), bearer)

    def vacancies(self, many: int = 1, *, poster: str = "employer", **stated: Any) -> Sequence[UUID]:
        """Open vacancies."""
        with write(people.actor(poster)) as tx:
            own_name = people.PEOPLE[poster][2] if poster in USCC else f"示例{next(self.numbers)}厂"
            plain = {"employer": own_name}
            drafts = [job(next(self.numbers), **(plain | stated)) for _ in range(many)]
            return [one.vacancy_id for one in store_vacancies(tx, drafts)]

    def vacancy(self, **stated: Any) -> UUID:
        """One open vacancy."""
        [one] = self.vacancies(**stated)
        return one

    def suggest(self, somebody: Somebody, *vacancies: UUID, station: str = "station") -> list[str]:
        """The suggestions a worker has now, by their public ids."""
        ids = [uuid5(somebody.worker_id, vacancy.hex) for vacancy in vacancies]
        rows = [
            {
                "id": one,
                "vacancy_id": vacancy,
                "rank": rank,
                "score": 800_000,
                "price": 0,
                "planned": False,
                "parts": {},
            }
            | {"scoring": "2022.1", "as_of": datetime.now(UTC)}
            for rank, (one, vacancy) in enumerate(zip(ids, vacancies, strict=True), 1)
        ]
        with write(people.actor(station)) as tx:
            replace_set(tx.session, somebody.worker_id, rows)
        return [show("s", one) for one in ids]

    def interested(self, somebody: Somebody, vacancy: UUID, *, disclose: bool = True, station: str = "station") -> Any:
        """The worker says yes: the placement as answered."""
        [suggestion] = self.suggest(somebody, vacancy, station=station)
        answer = self.client(somebody.bearer).post(
            f"/v1/suggestions/{suggestion}/answer", json={"answer": "interested", "disclose": disclose}
        )
        assert answer.status_code == 200, answer.text
        return answer.json()["placement"]

    def act(self, bearer: str, placement: str, act: str, **body: Any) -> Any:
        """One of the acts on a placement: the response."""
        return self.client(bearer).post(f"/v1/placements/{placement}/{act}", **({"json": body} if body else {}))

    def offered(self, somebody: Somebody, vacancy: UUID, **asked: Any) -> str:
        """The worker said yes, the employer offered: the placement's public id."""
        placement = str(self.interested(somebody, vacancy, **asked)["id"])
        answer = self.act(people.bearer("employer"), placement, "offer")
        assert answer.status_code == 200, answer.text
        return placement

    def state(self, somebody: Somebody, placement: str) -> str:
        """Where a placement stands, as its worker sees it."""
        answer = self.client(somebody.bearer).get(f"/v1/placements/{placement}")
        assert answer.status_code == 200, answer.text
        return str(answer.json()["state"])

    def filled(self, vacancy: UUID) -> int:
        """Places taken."""
        [(filled,)] = self.run("select filled from vacancies where id = %s", vacancy)
        return int(filled)


@contextmanager
def set_up(server: Server, made_from: str, name: str, app: Any) -> Iterator[Scene]:
    """A scene in a database of its own."""
    url = server.clone(made_from, name)
    try:
        with pointed_at(url):
            scene = Scene(url, app)
            scene.settle()
            yield scene
            scene.close()
    finally:
        server.drop(name)
