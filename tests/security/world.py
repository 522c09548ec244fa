"""A small world with two of everybody, so that "own" and "foreign" mean something; its rows stand here by label.

`ROWS` is planted by the superuser, past row security. `ATTEMPTS` are the rows somebody may try to add: like the planted
ones, under new keys.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
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
    # members of staff who sign in as themselves; the others hold tokens of the command line
    "station": replace(people.actor("station"), user_id=named("user", "station")),
    "operator": replace(people.actor("operator"), user_id=named("user", "operator")),
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
#: Who looks after the staff of an organisation.
MANAGERS = ("head", "destination", "employer", "other_employer", "coordinator")
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


def _match_result(label: str) -> Row:
    return {
        "worker_id": named("worker", label),
        "station_id": organisation(STATION_OF[label]),
        "run_id": named("match_run", "one"),
        "vacancies": [named("vacancy", "employer:open")],
        "scores": [1],
    }


#: Where the posters' offers are: offices' in their own province; an employer's where another office decides on it.
WORKPLACES = {
    "station": "520621",
    "other_station": "622926",
    "destination": "440107",
    "coordinator": "520502",
    "employer": "440106",
    "other_employer": "520501",
}


def _placement(label: str, worker: str, employer: str, state: str, **more: Any) -> Row:
    return {
        "id": named("placement", label),
        "station_id": organisation(STATION_OF[worker]),
        "worker_id": named("worker", worker),
        "vacancy_id": named("vacancy", f"{employer}:open"),
        "poster_id": organisation(employer),
        "employer_id": organisation(employer),
        "state": state,
        "title": label,
        "employer": "e",
        "workplace_text": "here",
        "card": Jsonb({}),
        "how": "own",
        "disclose": True,
        "disclosure_until": FAR,
        **more,
    }


_PLACEMENTS = {
    "mine:introduced": _placement("mine:introduced", "mine", "employer", "introduced"),
    "mine:held": _placement("mine:held", "mine", "other_employer", "held", held_until=FAR, held_act="interested"),
    "mine:closed": _placement("mine:closed", "mine", "employer", "closed", ended_by="worker"),
    "foreign:accepted": _placement("foreign:accepted", "foreign", "other_employer", "accepted", accepted_at=FAR)
    | {"destination_id": organisation("destination")},
}


def _of_placement(label: str) -> Row:
    return {"station_id": _PLACEMENTS[label]["station_id"], "placement_id": named("placement", label)}


def _paper(label: str, **more: Any) -> Row:
    scan = {"media_type": "image/png", "scan_sealed": b"sealed", "scan_index": b"index"}
    return {
        "id": named("paper", label),
        **_of_placement(label),
        "act": "interested",
        "witness": "a clerk",
        "signed_on": DAY,
        "taken_by": ACTORS[STATION_OF[label.partition(":")[0]]].token_id,
        **scan,
        **more,
    }


def _vacancy(poster: str, state: str) -> Row:
    return {
        "id": named("vacancy", f"{poster}:{state}"),
        "poster_id": organisation(poster),
        "identity": f"{poster}:{state}",
        "employer": people.PEOPLE[poster][2],
        "title": "t",
        "headcount": 1,
        "wage_lo": 1,
        "wage_hi": 1,
        "wage_text": "1",
        "workplace_id": named("place", "county"),
        # one that waits far from every office
        "workplace_code": "110101" if (poster, state) == ("coordinator", "pending") else WORKPLACES[poster],
        "workplace_text": "here",
        "valid_until": FAR.date(),
        "state": state,
    }


def _pairing(label: str, west: str, by: str | None = None) -> Row:
    return {
        "id": named("pairing", label),
        "kind": "current",
        "level": "county",
        "east_name": "e",
        "west_code": west,
        "west_name": "w",
        "since": DAY,
        "document": "planted",
        "confidence": "low",
        "recorded_by": organisation(by) if by else None,
    }


def _shock(label: str, division: str) -> Row:
    return {
        "id": named("shock", label),
        "division_code": division,
        "kind": "disaster",
        "side": "destination",
        "effect": "close",
        "since": DAY,
        "document": "planted",
        "recorded_by": organisation("coordinator"),
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
        "user_id": actor.user_id,
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


#: The staff: label -> the actor whose organisation it is. A label that is an actor's name is that actor.
STAFF = {name: name for name in ("station", "head", "other_station", "destination", "employer", "other_employer")} | {
    "coordinator": "coordinator",
    "operator": "operator",
}


def _user(label: str) -> Row:
    actor = ACTORS[STAFF[label]]
    return {
        "id": named("user", label),
        "organisation_id": actor.organisation_id,
        "role": actor.role.value,
        "login": f"login {label}",
        "name": f"canary {label}",
    }


def _password(label: str) -> Row:
    return {"user_id": named("user", label), "organisation_id": ACTORS[STAFF[label]].organisation_id, "hash": "h"} | {
        "changed_at": FAR
    }


def _person(name: str) -> UUID:
    found = ACTORS[name].user_id or ACTORS[name].token_id
    assert found is not None
    return found


def _api_key(name: str) -> Row:
    actor = ACTORS[name]
    return {
        "id": named("key", name),
        "organisation_id": actor.organisation_id,
        "role": actor.role.audience,
        "name": "payroll",
        "made_by": _person(name),
        "expires_at": FAR,
    }


def _invitation(name: str) -> Row:
    actor = ACTORS[name]
    return {
        "id": named("invitation", name),
        "organisation_id": actor.organisation_id,
        "role": actor.role.audience,
        "name": "new",
        "code_hash": name.encode(),
        "invited_by": _person(name),
        "expires_at": FAR,
    }


def _approval(name: str, division: str | None) -> Row:
    return {
        "id": named("approval", name),
        "organisation_id": organisation(name),
        "division_code": division,
        "kind": "role_grant",
        "payload": Jsonb({}),
        "reason": "planted",
        "asked_by": _person(name),
        "expires_at": FAR,
    }


def _sign_in_attempt(label: str) -> Row:
    return {"id": named("attempt", label), "login_index": b"l", "address_index": b"a"}


def _answer(name: str) -> Row:
    return {"key": name.encode(), "token_id": ACTORS[name].token_id, "request": b"", "status": 200, "until": FAR}


def _seal(number: int) -> Row:
    return {"number": number, "up_to": 1, "gaps": [], "entries": b"", "previous": bytes([number]), "hash": b"h"}


def _plan(name: str) -> Row:
    return {
        "id": named("plan", name),
        "organisation_id": organisation(name),
        "scope": Jsonb({}),
        "options": Jsonb({}),
    }


def _assignment(label: str) -> Row:
    return {
        "plan_id": named("plan", "coordinator"),
        "worker_id": named("worker", label),
        "station_id": organisation(STATION_OF[label]),
        "score": 0,
        "price": 0,
        "published": label == "mine",
    }


def _companion(label: str) -> Row:
    return {
        "worker_id": named("worker", label),
        "station_id": organisation(STATION_OF[label]),
        "group_id": named("group", label),
        "wish": "town",
    }


def _fill(poster: str, state: str = "open") -> Row:
    counts = {"openings": 1, "filled": 0, "kept_away": 0, "pay_under_by": 0}
    return {"vacancy_id": named("vacancy", f"{poster}:{state}"), "poster_id": organisation(poster), **counts}


def _figure(name: str) -> Row:
    return {"station_id": organisation(name), "kind": "workers", "code": name, "value": 10}


def _alarm(name: str) -> Row:
    return {"id": named("alarm", name), "kind": "bulk_reading", "organisation_id": organisation(name)} | {
        "reader": named("reader", name),
        "day": DAY,
        "people": 61,
    }


def _export(name: str) -> Row:
    station = ACTORS[name]
    return {"id": named("export", name), "organisation_id": station.organisation_id, "reason": "for a fair"} | {
        "worker_ids": [named("worker", "mine")],
        "asked_by": station.user_id or station.token_id,
        "asked_token": station.token_id,
    }


def _device(name: str) -> Row:
    return {"id": named("device", name), "hash": f"device {name}".encode()}


def _code(label: str) -> Row:
    return {"id": named("code", label), "purpose": "sign_in", "number": label.encode(), "expires_at": FAR}


def _complaint(label: str, worker: str | None, division: str, side: str) -> Row:
    return {
        "id": named("complaint", label),
        "kind": "other",
        "worker_id": worker and named("worker", worker),
        "words_sealed": b"sealed",
        "division_code": division,
        "side": side,
    }


#: table -> label -> row. Organisations, tokens of staff and persons stand already or come by themselves.
ROWS: dict[str, dict[str, Row]] = {
    "divisions": {
        label: {"code": code, "name": "n", "short_name": "n", "level": 3, "point": POINT, "source": "planted"}
        for label, code in (("county", "990101"), ("other", "990102"), ("coordinated", "520501"), ("below", "110101"))
    },
    "former_names": {
        "county": {"changed_in": "1", "province": "p", "prefecture": "q", "county": "planted", "code": "990101"}
        | {"source": "planted"}
    },
    "key_counties": {"county": {"code": "990101", "listed_on": DAY, "source": "planted", "confidence": "high"}},
    "places": {"county": {"id": named("place", "county"), "division_code": "990101", "point": POINT, "sure": "county"}},
    "pairings": {"pair": _pairing("pair", "990101"), "own_side": _pairing("own_side", "520501", by="coordinator")},
    "shocks": {
        "elsewhere": _shock("elsewhere", "990101"),
        "below": _shock("below", "110101"),
        "own_side": _shock("own_side", "520501"),
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
    "users": {label: _user(label) for label in STAFF},
    "passwords": {label: _password(label) for label in ("station", "employer")},
    "api_keys": {name: _api_key(name) for name in MANAGERS},
    "invitations": {name: _invitation(name) for name in (*MANAGERS, "operator")},
    "approvals": {
        "head": _approval("head", "520526"),
        "other_station": _approval("other_station", "622926"),
        "operator": _approval("operator", None),
    },
    "sign_in_attempts": {"one": _sign_in_attempt("one")},
    # the others come by themselves, with the workers
    "persons": {"mine": {"id": named("person", "mine"), "id_index": b"mine"}},
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
    "suggestions": {label: _suggestion(label) for label in ("mine", "neighbour", "foreign")}
    | {"mine:former": _suggestion("mine") | {"id": named("suggestion", "mine:former"), "current": False}},
    "market_changes": {"planted": {"seq": -1}},
    "match_runs": {"one": {"id": named("match_run", "one"), "scoring": "planted", "top": 3}},
    "match_results": {label: _match_result(label) for label in ("mine", "neighbour", "foreign")},
    "declines": {
        label: {"worker_id": named("worker", label), "station_id": organisation(STATION_OF[label]), "seq": seq}
        for label, seq in (("mine", 1), ("foreign", 2))
    },
    "placements": _PLACEMENTS,
    "placement_ends": {
        label: _of_placement(label) | {"worker_id": _PLACEMENTS[label]["worker_id"], "code": "other"}
        for label in ("mine:closed", "foreign:accepted")
    },
    "papers": {label: _paper(label) for label in ("mine:held", "foreign:accepted")},
    "answer_checks": {
        label: _of_placement(label) | {"id": named("answer_check", label), "kind": "device"}
        for label in ("mine:introduced", "foreign:accepted")
    },
    "complaints": {
        "mine:abroad": _complaint("mine:abroad", "mine", "440106", "destination"),
        "mine:home": _complaint("mine:home", "mine", "520500", "home"),
        "foreign": _complaint("foreign", "foreign", "990101", "destination"),
        "nameless": _complaint("nameless", None, "440106", "destination"),
        "given": _complaint("given", None, "520500", "home"),
    },
    "idempotent_answers": {name: _answer(name) for name in SIGNED},
    "audit_entries": {name: _entry(name) for name in SIGNED},
    "messages": {"planted": {"id": named("message", "planted"), "kind": "notice"}},
    "codes": {"planted": _code("planted")},
    "door_counts": {"planted": {"what": "planted", "key": b"", "slot": FAR, "n": 1}},
    "phones": {"mine": {"worker_id": named("worker", "mine"), "station_id": organisation("station")}},
    "devices": {label: _device(label) for label in ("planted", "other")},
    "device_uses": {
        "planted": {"id": named("use", "planted"), "person_id": named("person", "mine")}
        | {"device_id": named("device", "planted")}
    },
    "audit_seals": {"first": _seal(1)},
    "alarms": {name: _alarm(name) for name in ("station", "other_station")},
    "plans": {name: _plan(name) for name in ("station", "other_station", "coordinator")},
    "assignments": {label: _assignment(label) for label in ("mine", "neighbour", "foreign")},
    "opening_prices": {"planted": {"vacancy_id": named("vacancy", "employer:open"), "price": 1}},
    "gone_before": {"planted": {"origin": "990101", "city": "990200", "least": 10}},
    "crowding": {"planted": {"made_at": datetime(2026, 1, 1, tzinfo=UTC), "shares": "{}"}},
    "vacancy_fills": {poster: _fill(poster) for poster in SPEAKERS},
    "companions": {label: _companion(label) for label in ("mine", "neighbour", "foreign")},
    "figures": {name: _figure(name) for name in ("station", "other_station")},
    "counted_twice": {"planted": {"kind": "workers", "code": "990101", "value": 10}},
    "exports": {name: _export(name) for name in ("station", "head", "other_station")},
}

#: The column that tells a table's rows apart.
KEY = {
    "divisions": "code",
    "former_names": "county",
    "key_counties": "code",
    "places": "id",
    "pairings": "id",
    "shocks": "id",
    "occupations": "id",
    "minimum_wages": "region",
    "scoring_profiles": "version",
    "organisations": "id",
    "tokens": "id",
    "users": "id",
    "passwords": "user_id",
    "api_keys": "id",
    "invitations": "id",
    "approvals": "id",
    "sign_in_attempts": "id",
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
    "market_changes": "seq",
    "match_runs": "id",
    "match_results": "worker_id",
    "declines": "seq",
    "placements": "id",
    "placement_ends": "placement_id",
    "placed_persons": "placement_id",
    "papers": "id",
    "answer_checks": "id",
    "complaints": "id",
    "idempotent_answers": "key",
    "audit_entries": "subject",
    "messages": "id",
    "codes": "id",
    "door_counts": "what",
    "phones": "worker_id",
    "devices": "id",
    "device_uses": "id",
    "audit_seals": "number",
    "alarms": "id",
    "exports": "id",
    "figures": "code",
    "counted_twice": "code",
    "plans": "id",
    "assignments": "worker_id",
    "opening_prices": "vacancy_id",
    "gone_before": "origin",
    "crowding": "made_at",
    "vacancy_fills": "vacancy_id",
    "companions": "worker_id",
}

#: The column that is set to itself to see whether a row may be changed, where it is not the key.
TOUCHED = {"assignments": "published", "workers": "name", "complaints": "state"}

#: table -> label -> key, of every row that can be seen by somebody who may.
KEYS: dict[str, dict[str, Any]] = {
    table: {label: row[KEY[table]] for label, row in rows.items()} for table, rows in ROWS.items()
}
KEYS["organisations"] = {name: organisation(name) for name in (*SPEAKERS, "operator", "auditor")}
KEYS["tokens"] |= {name: ACTORS[name].token_id for name in people.PEOPLE}
KEYS["persons"] = {label: label.encode() for label in STATION_OF}
KEYS["placed_persons"] = {}
KEYS["person_records"] = {label: named("worker", label) for label in STATION_OF}

#: What makes an attempt a new row: table -> columns given anew.
_ANEW: dict[str, tuple[str, ...]] = {
    "divisions": ("code",),
    "former_names": ("county",),
    "places": ("id", "detail"),
    "pairings": ("id", "document"),
    "shocks": ("id",),
    "occupations": ("id", "name"),
    "minimum_wages": ("region",),
    "scoring_profiles": ("version",),
    "messages": ("id",),
    "codes": ("id", "number"),
    "door_counts": ("key",),
    "devices": ("id", "hash"),
    "tokens": ("id", "hash"),
    "users": ("id", "login"),
    "api_keys": ("id",),
    "invitations": ("id", "code_hash"),
    "approvals": ("id",),
    "sign_in_attempts": ("id",),
    "workers": ("id", "id_index"),
    "consents": ("id",),
    "vacancies": ("id", "identity"),
    "lists": ("id",),
    "suggestions": ("id",),
    "match_runs": ("id",),
    "placements": ("id", "vacancy_id"),
    "papers": ("id",),
    "answer_checks": ("id",),
    "complaints": ("id",),
    "idempotent_answers": ("key",),
}


def _anew(table: str, row: Row) -> Row:
    fresh = uuid4()
    kinds: dict[str, Any] = dict.fromkeys(("id_index", "hash", "key", "code_hash"), fresh.bytes)
    if table == "codes":
        kinds["number"] = fresh.bytes
    texts = {"code", "login", "county", "detail", "document", "identity", "name", "region", "version"}
    columns = _ANEW.get(table, ())
    return row | {c: kinds.get(c, str(fresh) if c in texts or table == "occupations" else fresh) for c in columns}


ATTEMPTS: dict[str, dict[str, Row]] = {
    table: {label: _anew(table, row) for label, row in rows.items()} for table, rows in ROWS.items()
}
ATTEMPTS["key_counties"] = {"county": {"code": "990102", "listed_on": DAY, "source": "s", "confidence": "low"}}
ATTEMPTS["organisations"] = {
    name: {"id": uuid4(), "kind": "station", "name": f"new {name}", "division_code": "99"} for name in SPEAKERS
}
ATTEMPTS["organisations"] |= {
    "an employer": {"id": uuid4(), "kind": "employer", "name": "new", "division_code": "99"},
    "an approved employer": {"id": uuid4(), "kind": "employer", "name": "new", "approved_at": FAR},
}
ATTEMPTS["users"]["somebody who left"] = _anew("users", _user("station")) | {"state": "left", "left_at": FAR}
ATTEMPTS["passwords"] = {"head": _password("head")}
ATTEMPTS["api_keys"] |= {
    f"{name} {how}": _anew("api_keys", _api_key(name)) | wrong
    for name, how, wrong in (
        *((name, "in another's name", {"made_by": uuid4()}) for name in MANAGERS),
        *((name, "for another", {"organisation_id": organisation("other_station")}) for name in MANAGERS),
        *((name, "with another role", {"role": "coordinator"}) for name in MANAGERS if name != "coordinator"),
        ("coordinator", "with another role", {"role": "station"}),
    )
}
ATTEMPTS["invitations"] |= {
    f"{name} {how}": _anew("invitations", _invitation(name)) | wrong
    for name in MANAGERS
    for how, wrong in (
        ("in another's name", {"invited_by": uuid4()}),
        ("with another role", {"role": "auditor"}),
        ("for another's organisation", {"organisation_id": organisation("other_station")}),
    )
}
ATTEMPTS["persons"] = {"new": {"id_index": b"new"}}
ATTEMPTS["phones"] = {"mine": ROWS["phones"]["mine"] | {"worker_id": named("worker", "spare")}}
ATTEMPTS["device_uses"] = {"planted": ROWS["device_uses"]["planted"] | {"id": uuid4()}
    | {"device_id": named("device", "other")}}
ATTEMPTS["placed_persons"] = {"mine": {"person_id": uuid4(), "placement_id": named("placement", "mine:introduced")}}
ATTEMPTS["match_results"] = {
    label: row | {"worker_id": named("worker", f"{label}_spare" if label == "foreign" else "spare")}
    for label, row in ROWS["match_results"].items()
}
ATTEMPTS["declines"] = {label: row | {"seq": row["seq"] + 100} for label, row in ROWS["declines"].items()}
# a pair has one live placement, a placement one check of a kind
ATTEMPTS["placements"] = {
    label: row | {"id": uuid4(), "worker_id": named("worker", "foreign_spare" if "foreign" in label else "neighbour")}
    for label, row in _PLACEMENTS.items()
}
ATTEMPTS["answer_checks"]["mine:introduced"] |= {"placement_id": named("placement", "mine:closed")}
ATTEMPTS["placement_ends"] = {
    label: row | {"placement_id": uuid4()} for label, row in ROWS["placement_ends"].items()
}
ATTEMPTS["papers"] |= {
    "mine:back-dated": _paper("mine:held", id=uuid4(), taken_at=datetime(2020, 1, 1, tzinfo=UTC)),
    "mine:in another's name": _paper("mine:held", id=uuid4(), taken_by=uuid4()),
    "foreign:in one's own name": _paper("foreign:accepted", id=uuid4(), taken_by=ACTORS["station"].token_id),
}
ATTEMPTS["person_records"] = {"mine": {"worker_id": named("worker", "mine"), "person_id": uuid4()}}
# a worker has one intention: the spare ones have none yet
ATTEMPTS["intentions"] = {"mine": _intention("spare"), "foreign": _intention("foreign_spare")}
ATTEMPTS["pairings"]["nobody's"] = _anew("pairings", _pairing("nobody's", "520501"))
ATTEMPTS["pairings"]["elsewhere"] = _anew("pairings", _pairing("elsewhere", "990101", by="coordinator"))
ATTEMPTS["shocks"]["another's"] = _anew("shocks", _shock("another's", "520501")) | {
    "recorded_by": organisation("destination")
}
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
ATTEMPTS["audit_seals"] = {"first": _seal(2), "back-dated": _seal(3) | {"sealed_at": FAR}}
ATTEMPTS["alarms"] = {name: _alarm(name) | {"id": uuid4(), "day": FAR.date()} for name in ("station", "other_station")}
ATTEMPTS["plans"] = {name: row | {"id": uuid4()} for name, row in ROWS["plans"].items()}
ATTEMPTS["assignments"] = {
    label: row | {"plan_id": named("plan", "station")} for label, row in ROWS["assignments"].items()
}
ATTEMPTS["opening_prices"] = {"planted": {"vacancy_id": named("vacancy", "station:open"), "price": 1}}
ATTEMPTS["gone_before"] = {"planted": {"origin": "990100", "city": "990200", "least": 10}}
ATTEMPTS["crowding"] = {"planted": {"made_at": datetime(2026, 1, 2, tzinfo=UTC), "shares": "{}"}}
ATTEMPTS["vacancy_fills"] = {poster: _fill(poster, "closed") for poster in SPEAKERS}
ATTEMPTS["companions"] = {
    label: row | {"worker_id": named("worker", other)}
    for (label, row), other in zip(ROWS["companions"].items(), ("spare", "spare", "foreign_spare"), strict=True)
}
ATTEMPTS["figures"] = {name: _figure(name) | {"kind": "agreed"} for name in ("station", "other_station")}
ATTEMPTS["counted_twice"] = {"planted": {"kind": "agreed", "code": "990102", "value": 10}}
ATTEMPTS["exports"] = {name: row | {"id": uuid4()} for name, row in ROWS["exports"].items()} | {
    "station:already approved": _export("station") | {"id": uuid4(), "state": "approved", "decided_by": uuid4()},
    "station:decided": _export("station") | {"id": uuid4(), "decided_by": uuid4()},
    "station:open": _export("station") | {"id": uuid4(), "expires_at": FAR},
    "station:for another": _export("station") | {"id": uuid4(), "organisation_id": organisation("other_station")},
    "station:as another": _export("station") | {"id": uuid4(), "asked_by": uuid4()},
    "station:by another token": _export("station") | {"id": uuid4(), "asked_token": uuid4()},
    "station:back-dated": _export("station") | {"id": uuid4(), "asked_at": datetime(2020, 1, 1, tzinfo=UTC)},
}
ATTEMPTS["audit_entries"] |= {
    "door": _entry("door"),
    "nobody": {"role": "station", "action": "planted", "subject": "nobody"},
    "station:as another user": _entry("station") | {"user_id": uuid4()},
    "station:back-dated": _entry("station") | {"at": datetime(2020, 1, 1, tzinfo=UTC)},
}

#: The column that says whose a row is: (column, a value that makes it somebody else's).
GIVEN_AWAY: Mapping[str, tuple[str, Any]] = {
    "organisations": ("id", uuid4()),
    "workers": ("station_id", organisation("destination")),
    "intentions": ("station_id", organisation("destination")),
    "suggestions": ("station_id", organisation("destination")),
    "pairings": ("recorded_by", organisation("destination")),
    "shocks": ("recorded_by", organisation("destination")),
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


#: As if the authority's place had a station too: it sees the case, and another answers.
_GIVEN = "update complaints set assigned_to = %s where id = %s"


def plant(superuser: psycopg.Connection[Any]) -> None:
    """Put the world into a database in which tests.people has settled. `ROWS` is in an order foreign keys like."""
    for table, rows in ROWS.items():
        for row in rows.values():
            superuser.execute(*insert(table, row))
    superuser.execute(_GIVEN, (organisation("destination"), named("complaint", "given")))


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
