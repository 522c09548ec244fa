"""A small world with two of everybody, so that "own" and "foreign" mean something; its rows stand here by label.

`ROWS` is planted by the superuser, past row security. `ATTEMPTS` are the rows somebody may try to add: like the planted
ones, under new keys.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4, uuid5

import psycopg
from psycopg import sql
from psycopg.types.json import Jsonb
from sqlalchemy import make_url

from app.actor import DOOR, ENGINE, VISITOR, Actor, Role
from tests import people
from tests.database import Server, pointed_at

Row = dict[str, Any]
SPACE = UUID("0d4b7f8e-3c1a-4d0b-8f0e-6a5b7c2d9e10")
FAR = datetime(2100, 1, 1, tzinfo=UTC)
DAY = date(2026, 1, 1)
POINT = "SRID=4326;POINT(104.28 26.85)"


def named(kind: str, label: str) -> UUID:
    """The id of a thing of this world."""
    return uuid5(SPACE, f"{kind}:{label}")


def _worker_actor(name: str, label: str) -> Actor:
    return Actor(Role.WORKER, worker_id=named("worker", label), token_id=named("token", name))


#: Everybody who may act: name -> actor. `worker` is the worker "mine" of `station`, `other_worker` is "foreign".
ACTORS: dict[str, Actor] = {name: people.actor(name) for name in people.PEOPLE} | {
    "worker": _worker_actor("worker", "mine"),
    "other_worker": _worker_actor("other_worker", "foreign"),
    "engine": ENGINE,
    "visitor": VISITOR,
    "door": DOOR,
}
#: The organisations, by the actor who speaks for each.
SPEAKERS = ("station", "other_station", "destination", "employer", "other_employer", "coordinator")
STATION_OF = {"mine": "station", "neighbour": "station", "spare": "station"} | {
    "foreign": "other_station",
    "foreign_spare": "other_station",
}
SIGNED = tuple(name for name, actor in ACTORS.items() if actor.token_id)


def organisation(name: str) -> UUID:
    """The organisation an actor speaks for."""
    found = ACTORS[name].organisation_id
    assert found is not None
    return found


def _worker(label: str) -> Row:
    return {
        "id": named("worker", label),
        "station_id": organisation(STATION_OF[label]),
        "division_code": "990101",
        "name": f"canary {label}",
        "id_sealed": b"sealed",
        "id_index": label.encode(),
        "birth_date": DAY,
        "home_id": named("place", "county"),
        "home_code": "990101",
        "home_text": "here",
    }


def _intention(label: str) -> Row:
    return {"worker_id": named("worker", label), "station_id": organisation(STATION_OF[label])}


def _consent(label: str, worker: str, **more: Any) -> Row:
    paper = {"purpose": "matching", "given_by": "paper", "witness": "a clerk"}
    return {
        "id": named("consent", label),
        "station_id": organisation(STATION_OF[worker]),
        "worker_id": named("worker", worker),
        **paper,
        **more,
    }


def _suggestion(label: str) -> Row:
    return {
        "id": named("suggestion", label),
        "station_id": organisation(STATION_OF[label]),
        "worker_id": named("worker", label),
        "vacancy_id": named("vacancy", "employer:open"),
        "rank": 1,
        "score": 1,
        "parts": Jsonb({}),
        "scoring": "planted",
        "as_of": FAR,
    }


def _vacancy(poster: str, state: str) -> Row:
    return {
        "id": named("vacancy", f"{poster}:{state}"),
        "poster_id": organisation(poster),
        "identity": f"{poster}:{state}",
        "employer": "e",
        "title": "t",
        "headcount": 1,
        "wage_lo": 1,
        "wage_hi": 1,
        "wage_text": "1",
        "workplace_id": named("place", "county"),
        "workplace_code": "990101",
        "workplace_text": "here",
        "valid_until": FAR.date(),
        "state": state,
    }


def _list(poster: str) -> Row:
    return {
        "id": named("list", poster),
        "kind": "worker",
        "organisation_id": organisation(poster),
        "division_code": "990101",
        "role": "station",
        "filename": "f",
        "store": False,
        "state": "reading",
        "keep_until": FAR,
    }


def _list_row(poster: str) -> Row:
    return {
        "list_id": named("list", poster),
        "sheet": 1,
        "row": 1,
        "organisation_id": organisation(poster),
        "outcome": "new",
        "raw_sealed": b"sealed",
    }


def _problem(poster: str) -> Row:
    words = dict.fromkeys(("sheet", "header", "code", "message_zh", "message_en"), "x")
    return {
        "list_id": named("list", poster),
        "organisation_id": organisation(poster),
        "row": 1,
        "value": poster,
        "blocks": True,
        **words,
    }


def _entry(name: str) -> Row:
    """An audit entry in an actor's name, about a worker of the side the actor stands on."""
    actor = ACTORS[name]
    return {
        "role": actor.role.value,
        "organisation_id": actor.organisation_id,
        "token_id": actor.token_id,
        "action": "planted",
        "subject": name,
        "worker_id": named("worker", "foreign" if name.startswith("other") else "mine"),
    }


def _token(name: str) -> Row:
    actor = ACTORS[name]
    return {
        "id": actor.token_id,
        "hash": name.encode(),
        "role": actor.role.value,
        "worker_id": actor.worker_id,
        "expires_at": FAR,
    }


def _answer(name: str) -> Row:
    return {"key": name.encode(), "token_id": ACTORS[name].token_id, "request": b"", "status": 200, "until": FAR}


#: table -> label -> row. Organisations, tokens of staff and persons stand already or come by themselves.
ROWS: dict[str, dict[str, Row]] = {
    "divisions": {
        label: {"code": code, "name": "n", "short_name": "n", "level": 3, "point": POINT, "source": "planted"}
        for label, code in (("county", "990101"), ("other", "990102"))
    },
    "former_names": {
        "county": {"changed_in": "1", "province": "p", "prefecture": "q", "county": "planted", "code": "990101"}
        | {"source": "planted"}
    },
    "key_counties": {"county": {"code": "990101", "listed_on": DAY, "source": "planted", "confidence": "high"}},
    "places": {"county": {"id": named("place", "county"), "division_code": "990101", "point": POINT, "sure": "county"}},
    "pairings": {
        "pair": {"id": named("pairing", "pair"), "kind": "current", "level": "county", "east_name": "e"}
        | {"west_code": "990101", "west_name": "w", "since": DAY, "document": "planted", "confidence": "low"}
    },
    "occupations": {
        "planted": {"id": "planted", "name": "planted", "industry": "i", "certificate": "none", "source": "planted"}
    },
    "minimum_wages": {
        "planted": {"province_code": "99", "region": "planted", "tier": 1, "monthly_yuan": 1, "as_of": DAY}
        | {"source": "planted", "confidence": "low"}
    },
    "scoring_profiles": {
        "planted": {"version": "planted", "since": DAY, "weights": Jsonb({}), "tiers": Jsonb({})}
        | {"neutral_skill": 0.5, "floor": 0.0}
    },
    "tokens": {name: _token(name) for name in ("worker", "other_worker")},
    "workers": {label: _worker(label) for label in STATION_OF},
    "intentions": {label: _intention(label) for label in ("mine", "neighbour", "foreign")},
    "consents": {
        "neighbour:paper": _consent("neighbour:paper", "neighbour"),
        "mine:withdrawn": _consent("mine:withdrawn", "mine", withdrawn_at=datetime(2026, 2, 1, tzinfo=UTC)),
        "mine:disclosure": _consent("mine:disclosure", "mine", purpose="disclosure", given_by="worker", witness=None)
        | {"vacancy_id": named("vacancy", "employer:open")},
        "foreign:paper": _consent("foreign:paper", "foreign"),
    },
    "vacancies": {
        f"{poster}:{state}": _vacancy(poster, state) for poster in SPEAKERS for state in ("open", "pending", "closed")
    },
    "vacancy_contacts": {
        poster: {"vacancy_id": named("vacancy", f"{poster}:open"), "poster_id": organisation(poster), "name": "n"}
        for poster in SPEAKERS
    },
    "lists": {poster: _list(poster) for poster in SPEAKERS},
    "list_rows": {poster: _list_row(poster) for poster in SPEAKERS},
    "list_problems": {poster: _problem(poster) for poster in SPEAKERS},
    "suggestions": {label: _suggestion(label) for label in ("mine", "neighbour", "foreign")},
    "idempotent_answers": {name: _answer(name) for name in SIGNED},
    "audit_entries": {name: _entry(name) for name in SIGNED},
}

#: The column that tells a table's rows apart.
KEY = {
    "divisions": "code",
    "former_names": "county",
    "key_counties": "code",
    "places": "id",
    "pairings": "id",
    "occupations": "id",
    "minimum_wages": "region",
    "scoring_profiles": "version",
    "organisations": "id",
    "tokens": "id",
    "persons": "id_index",
    "person_records": "worker_id",
    "workers": "id",
    "intentions": "worker_id",
    "consents": "id",
    "vacancies": "id",
    "vacancy_contacts": "vacancy_id",
    "lists": "id",
    "list_rows": "list_id",
    "list_problems": "value",
    "suggestions": "id",
    "idempotent_answers": "key",
    "audit_entries": "subject",
}

#: table -> label -> key, of every row that can be seen by somebody who may.
KEYS: dict[str, dict[str, Any]] = {
    table: {label: row[KEY[table]] for label, row in rows.items()} for table, rows in ROWS.items()
}
KEYS["organisations"] = {name: organisation(name) for name in (*SPEAKERS, "operator", "auditor")}
KEYS["tokens"] |= {name: ACTORS[name].token_id for name in people.PEOPLE}
KEYS["persons"] = {label: label.encode() for label in STATION_OF}
KEYS["person_records"] = {label: named("worker", label) for label in STATION_OF}

#: What makes an attempt a new row: table -> columns given anew.
_ANEW: dict[str, tuple[str, ...]] = {
    "divisions": ("code",),
    "former_names": ("county",),
    "places": ("id", "detail"),
    "pairings": ("id", "document"),
    "occupations": ("id", "name"),
    "minimum_wages": ("region",),
    "scoring_profiles": ("version",),
    "tokens": ("id", "hash"),
    "workers": ("id", "id_index"),
    "consents": ("id",),
    "vacancies": ("id", "identity"),
    "lists": ("id",),
    "suggestions": ("id",),
    "idempotent_answers": ("key",),
}


def _anew(table: str, row: Row) -> Row:
    fresh = uuid4()
    kinds: dict[str, Any] = {"id_index": fresh.bytes, "hash": fresh.bytes, "key": fresh.bytes}
    texts = {"code", "county", "detail", "document", "identity", "name", "region", "version"}
    columns = _ANEW.get(table, ())
    return row | {c: kinds.get(c, str(fresh) if c in texts or table == "occupations" else fresh) for c in columns}


ATTEMPTS: dict[str, dict[str, Row]] = {
    table: {label: _anew(table, row) for label, row in rows.items()} for table, rows in ROWS.items()
}
ATTEMPTS["key_counties"] = {"county": {"code": "990102", "listed_on": DAY, "source": "s", "confidence": "low"}}
ATTEMPTS["organisations"] = {
    name: {"id": uuid4(), "kind": "station", "name": f"new {name}", "division_code": "99"} for name in SPEAKERS
}
ATTEMPTS["persons"] = {"new": {"id_index": b"new"}}
ATTEMPTS["person_records"] = {"mine": {"worker_id": named("worker", "mine"), "person_id": uuid4()}}
# a worker has one intention: the spare ones have none yet
ATTEMPTS["intentions"] = {"mine": _intention("spare"), "foreign": _intention("foreign_spare")}
# another station's worker under one's own name: the composite key's business, in tests of its own
ATTEMPTS["consents"] = {
    "spare:paper": _consent("new", "spare"),
    "spare:signed tomorrow": _consent("new", "spare", signed_on=FAR.date()),
    "spare:back-dated": _consent("new", "spare", given_at=datetime(2020, 1, 1, tzinfo=UTC)),
    "spare:withdrawn": _consent("new", "spare", withdrawn_at=FAR),
    "spare:as the worker": _consent("new", "spare", given_by="worker", witness=None),
    "spare:disclosure": _consent("new", "spare", purpose="disclosure", vacancy_id=uuid4()),
    "mine:own word": _consent("new", "mine", given_by="worker", witness=None),
    "mine:own disclosure": _consent("new", "mine", given_by="worker", purpose="disclosure", vacancy_id=uuid4()),
    "mine:as a paper": _consent("new", "mine", signed_on=date(2026, 3, 1)),
    "mine:withdrawn before": _consent("new", "mine", given_by="worker", withdrawn_at=FAR),
    "mine:back-dated": _consent("new", "mine", given_by="worker", given_at=datetime(2020, 1, 1, tzinfo=UTC)),
    "foreign:own disclosure": _consent("new", "foreign", given_by="worker", purpose="disclosure", vacancy_id=uuid4()),
    "foreign:paper": _consent("new", "foreign_spare"),
}
ATTEMPTS["vacancy_contacts"] = {
    poster: {"vacancy_id": named("vacancy", f"{poster}:pending"), "poster_id": organisation(poster)}
    for poster in SPEAKERS
}
ATTEMPTS["list_rows"] = {label: row | {"row": 2} for label, row in ROWS["list_rows"].items()}
ATTEMPTS["audit_entries"] |= {
    "nobody": {"role": "station", "action": "planted", "subject": "nobody"},
    "station:back-dated": _entry("station") | {"at": datetime(2020, 1, 1, tzinfo=UTC)},
}

#: The column that says whose a row is: (column, a value that makes it somebody else's).
GIVEN_AWAY: Mapping[str, tuple[str, Any]] = {
    "organisations": ("id", uuid4()),
    "workers": ("station_id", organisation("destination")),
    "intentions": ("station_id", organisation("destination")),
    "suggestions": ("station_id", organisation("destination")),
    "vacancies": ("poster_id", organisation("operator")),
    "vacancy_contacts": ("poster_id", organisation("operator")),
    "lists": ("organisation_id", organisation("operator")),
    "list_rows": ("organisation_id", organisation("operator")),
    "list_problems": ("organisation_id", organisation("operator")),
    "idempotent_answers": ("token_id", uuid4()),
}


def insert(table: str, row: Row) -> tuple[sql.Composed, Row]:
    """The statement that adds a row, and its values."""
    columns = sql.SQL(", ").join(map(sql.Identifier, row))
    values = sql.SQL(", ").join(map(sql.Placeholder, row))
    return sql.SQL("insert into {} ({}) values ({})").format(sql.Identifier(table), columns, values), row


def plant(superuser: psycopg.Connection[Any]) -> None:
    """Put the world into a database in which tests.people has settled. `ROWS` is in an order foreign keys like."""
    for table, rows in ROWS.items():
        for row in rows.values():
            superuser.execute(*insert(table, row))


@contextmanager
def standing(server: Server, made_from: str, name: str) -> Iterator[str]:
    """A database with the world in it, made from the template of bare tables; its superuser's address."""
    url = server.clone(made_from, name)
    try:
        with pointed_at(url):
            people.settle()
        with psycopg.connect(for_psycopg(url)) as superuser:
            plant(superuser)
        yield url
    finally:
        server.drop(name)


def for_psycopg(url: str) -> str:
    """SQLAlchemy's address as psycopg reads it."""
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
