"""The small world behind HTTP: the rows of tests/security/world.py in a database with reference data, people who sign
in as themselves, and what opens: numbers, phones, papers and words are sealed as the product seals them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID, uuid4

import psycopg
from argon2 import PasswordHasher
from psycopg import sql
from psycopg.types.json import Jsonb
from sqlalchemy import Connection

from app.db.sealing import blind_index, seal, seal_text
from app.suggestions.market import LiveMarket
from app.suggestions.snapshot import Snapshot
from tests import people
from tests.client import TestClient
from tests.database import Server, pointed_at, rolled_back
from tests.security.world import ACTORS, ROWS, SPEAKERS, for_psycopg, insert, named, organisation
from tests.workers.invented import id_number

#: The roles of the matrix, and who plays each. A visitor brings no token.
ROLES = ("station", "head", "destination", "employer", "coordinator", "worker", "operator", "auditor", "visitor")
PASSWORD = "three-blue-lorries-go-west"
#: Of the employer's open invitation.
CODE = "a-code-nobody-would-guess-and-of-256-bits-0"
#: What a person keeps to themselves: in no answer to anybody who may not.
CANARIES = ("canary mine", "canary foreign", "canary-words", "13900000007", "13900000008")
#: Reference data, of which the real is there.
_REAL = frozenset({"divisions", "former_names", "key_counties", "occupations", "minimum_wages", "scoring_profiles"})
#: What stands in the small world for real divisions and the real scoring.
_STANDS_FOR = {"990101": "622926", "520501": "520502", "440107": "440106", "planted": "2022.1"}
_NUMBERS = {"mine": 7, "foreign": 8, "neighbour": 9, "spare": 10, "foreign_spare": 11}
_CARD: dict[str, Any] = {"score": "80–90", "age": None, "province": "贵州省", "skills": []}


class PinnedMarket(LiveMarket):
    """A market read once: nothing of it changes here for good."""

    def __init__(self) -> None:
        super().__init__(listens=False)
        self._pinned: Snapshot | None = None

    def current(self) -> Snapshot:
        """The first snapshot."""
        if self._pinned is None:
            self._pinned = super().current()
        return self._pinned


def bearer(name: str) -> str:
    """The token of an actor of the world; empty for a visitor."""
    return "" if name == "visitor" else f"{name}" if name.endswith("worker") else people.bearer(name)


def client(app: Any, name: str) -> TestClient:
    """Somebody of the world."""
    headers = {"Authorization": f"Bearer {bearer(name)}"} if name != "visitor" else {}
    return TestClient(app, headers=headers, raise_server_exceptions=False)


@contextmanager
def standing_over_http(server: Server, made_from: str, name: str) -> Iterator[Connection]:
    """A database like `made_from` (full_template) with the world in it; one connection, rolled back at the end, for
    every transaction of the product (app.db.transaction.engine must be pointed at it)."""
    url = server.clone(made_from, name)
    try:
        with pointed_at(url):
            with psycopg.connect(for_psycopg(url)) as superuser:
                _plant(superuser)
            with rolled_back() as connection:
                yield connection
    finally:
        server.drop(name)


def _plant(superuser: psycopg.Connection[Any]) -> None:
    for table, rows in ROWS.items():
        for row in rows.values() if table not in _REAL else ():
            # the county's own point is there already: this is another place in it
            more = {"detail": "planted"} if table == "places" else {}
            statement, values = insert(table, {column: _real(value) for column, value in row.items()} | more)
            superuser.execute(statement + sql.SQL(" on conflict do nothing"), values)
    _people_of_the_staff(superuser)
    _open_what_is_sealed(superuser)
    _more(superuser)


def _real(value: Any) -> Any:
    return _STANDS_FOR.get(value, value) if isinstance(value, str) else value


def _people_of_the_staff(superuser: psycopg.Connection[Any]) -> None:
    """Tokens of workers are their names; those of staff are of somebody with a password."""
    superuser.execute("update tokens set hash = sha256(hash) where worker_id is not null")
    proof = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    for name in people.PEOPLE:
        user = named("user", name)
        actor = ACTORS[name]
        superuser.execute(
            "insert into users (id, organisation_id, role, login, name) values (%s, %s, %s, %s, %s)"
            " on conflict (id) do update set login = excluded.login",
            (user, actor.organisation_id, actor.role.value, f"login.{name}", f"canary {name}"),
        )
        superuser.execute(
            "insert into passwords (user_id, organisation_id, hash) values (%s, %s, %s)"
            " on conflict (user_id) do update set hash = excluded.hash",
            (user, actor.organisation_id, proof),
        )
        superuser.execute(
            "update tokens set user_id = %s where hash = %s",
            (user, hashlib.sha256(people.bearer(name).encode()).digest()),
        )
        for table, column in (("exports", "asked_by"), ("approvals", "asked_by"), ("api_keys", "made_by")):
            mine = sql.SQL("update {} set {} = %s where {} = %s").format(*map(sql.Identifier, (table, column, column)))
            superuser.execute(mine, (user, actor.token_id))


def _open_what_is_sealed(superuser: psycopg.Connection[Any]) -> None:
    for label, n in _NUMBERS.items():
        row, phone = named("worker", label), f"139{n:08d}"
        superuser.execute(
            "update workers set id_sealed = %s, id_index = %s, phone_sealed = %s, phone_index = %s where id = %s",
            (
                seal_text(id_number(n), "workers.id_sealed", row),
                blind_index(id_number(n), "id_number"),
                seal_text(phone, "workers.phone_sealed", row),
                blind_index(phone, "phone"),
                row,
            ),
        )
    for label in ROWS["papers"]:
        row = named("paper", label)
        superuser.execute(
            "update papers set scan_sealed = %s where id = %s", (seal(b"\x89PNG", "papers.scan_sealed", row), row)
        )
    for label in ROWS["complaints"]:
        row = named("complaint", label)
        words = seal_text("canary-words", "complaints.words_sealed", row)
        superuser.execute("update complaints set words_sealed = %s where id = %s", (words, row))
    superuser.execute("update placements set card = %s", (Jsonb(_CARD),))
    code = hashlib.sha256(CODE.encode()).digest()
    superuser.execute("update invitations set code_hash = %s where id = %s", (code, named("invitation", "employer")))


def _more(superuser: psycopg.Connection[Any]) -> None:
    """What the tables' own world does without: a live consent, vacancy lists, a second person's device."""
    live = {
        "id": named("consent", "mine:live"),
        "station_id": organisation("station"),
        "worker_id": named("worker", "mine"),
    }
    superuser.execute(*insert("consents", live | {"purpose": "matching", "given_by": "worker"}))
    for poster in SPEAKERS:
        row = ROWS["lists"][poster] | {"id": vacancy_list(poster), "kind": "vacancy"}
        superuser.execute(*insert("lists", row))
    planned = ROWS["assignments"]["mine"] | {"plan_id": named("plan", "station")}
    superuser.execute(*insert("assignments", planned))
    superuser.execute(
        "insert into device_uses (id, person_id, device_id) select %s, person_id, %s from person_records"
        " where worker_id = %s",
        (uuid4(), named("device", "other"), named("worker", "foreign")),
    )
    superuser.execute(
        "insert into device_uses (id, person_id, device_id) select %s, person_id, %s from person_records"
        " where worker_id = %s on conflict do nothing",
        (uuid4(), named("device", "planted"), named("worker", "mine")),
    )


def vacancy_list(poster: str) -> UUID:
    """The id of a poster's list of vacancies."""
    return named("vacancy list", poster)
