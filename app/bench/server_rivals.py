"""Rivals of `bench top` that are databases or search engines: PostGIS with pg_trgm, duckdb, tantivy.

All but duckdb's and the first PostgreSQL query are approximate in what they look at; how many of the true best three
they find is told beside their time. Knows the limits that a market file has. Needs the optional extra `bench`, and for
PostgreSQL the server of `DATABASE_URL` or the private one; what is missing is left out and said.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import psycopg
from psycopg import sql

from app.bench.market_file import LoadedMarket
from app.bench.rivals import Answer, System
from matching.geo import EARTH_RADIUS_KM

_DATABASE = "eastwest_bench"
_COLUMNS = (
    *("id int", "occupation int", "title text", "division int", "province int", "x float8", "y float8", "z float8"),
    *("wage_lo int", "wage_hi int", "certificates bigint", "asked int"),
    *(f"skill{n} int" for n in range(5)),
)
#: The score of CONTRACT §5 as SQL; `{root}` and the like differ between dialects in nothing.
_SCORE = f"""
    {{skill}} * (case when v.asked = 0 then o.likeness else {{share}} * o.likeness
      + (1 - {{share}}) * (a.likeness + b.likeness + c.likeness + d.likeness + e.likeness) / v.asked end) / 100.0
    + {{distance}} / (1 + power(2 * {EARTH_RADIUS_KM} * asin(least(1.0, 0.5 * sqrt(power(v.x - {{x}}, 2)
      + power(v.y - {{y}}, 2) + power(v.z - {{z}}, 2)))) / {{reach}}, 2))
    + {{pairing}} * t.value
    + {{pay}} * least(1.0, greatest(0.0, ((v.wage_lo + v.wage_hi) * 0.5 / {{min_wage}} - 1) / 0.5))"""
_EXACT = f"""
    with o as (select term, max(likeness) as likeness from likeness where of = any({{wished}}) group by term),
         g as (select term, max(likeness) as likeness from likeness where of = any({{known}}) group by term
               union all select -1, 0)
    select v.id, {_SCORE} as score
    from offers v join o on o.term = v.occupation join tiers t on t.home = {{home}} and t.division = v.division
      join g a on a.term = v.skill0 join g b on b.term = v.skill1 join g c on c.term = v.skill2
      join g d on d.term = v.skill3 join g e on e.term = v.skill4
    where v.wage_hi >= {{min_wage}} and (v.certificates & {{lacking}}) = 0 and {{there}} {{narrow}}
      and {{not_declined}}
    order by score desc, v.id limit {{k}}"""
_NEAR_OCCUPATIONS = (
    "and v.occupation = any(array(select term from likeness where of = any({wished}) and likeness >= 50))"
)
_NAIVE = """
    select v.id, {skill} * greatest({titles}) + {distance} / (1 + power(ST_Distance(v.place,
        ST_SetSRID(ST_MakePoint({lon}, {lat}), 4326)::geography) / 1000 / {reach}, 2)) + {pairing} * t.value
        + {pay} * least(1.0, greatest(0.0, ((v.wage_lo + v.wage_hi) * 0.5 / {min_wage} - 1) / 0.5)) as score
    from offers v join tiers t on t.home = {home} and t.division = v.division
    where v.wage_hi >= {min_wage} and (v.certificates & {lacking}) = 0 and {there} and {not_declined}
    order by score desc, v.id limit {k}"""


class _Asked:
    """What a worker asks, as SQL literals."""

    def __init__(self, loaded: LoadedMarket, names: list[str], array: Callable[[list[int]], str]) -> None:
        self._loaded, self._names, self._array = loaded, names, array

    def of(self, i: int, k: int) -> dict[str, str]:
        """The literals of worker i."""
        workers, market = self._loaded.workers, self._loaded.market
        weights, profile = market.profile.weights, market.profile
        wished = workers.occupations[i][workers.occupations[i] >= 0].tolist()
        known = wished + workers.skills[i][workers.skills[i] >= 0].tolist()
        named = workers.destinations[i][workers.destinations[i] >= 0].tolist()
        declined = workers.declined[workers.declined_start[i] : workers.declined_start[i + 1]].tolist()
        reach_km = profile.default_reach_km if np.isnan(workers.reach_km[i]) else workers.reach_km[i]
        x, y, z = workers.points[i].tolist()
        numbers = {"x": x, "y": y, "z": z, "lat": workers.lat_deg[i], "lon": workers.lon_deg[i], "reach": reach_km}
        numbers |= {"skill": weights.skill, "distance": weights.distance, "pairing": weights.pairing}
        numbers |= {"pay": weights.pay, "share": profile.occupation_share, "min_wage": max(1, workers.min_wage[i])}
        lacking = ~int(workers.certificates[i]) & 0x7FFFFFFFFFFFFFFF
        lists = {"wished": wished, "known": known}
        return {
            **{name: repr(float(value)) for name, value in numbers.items()},
            **{name: self._array(values) for name, values in lists.items()},
            "home": str(int(workers.home[i])),
            "lacking": str(lacking),
            "k": str(k),
            "there": f"v.province = any({self._array(named)})" if named else "true",
            "titles": ", ".join(f"similarity(v.title, '{self._names[one]}')" for one in wished) or "0",
            "not_declined": f"v.id not in ({', '.join(map(str, declined))})" if declined else "true",
            "narrow": "",
        }


class PostgresQuery:
    """One way of asking PostgreSQL."""

    exact, elsewhere = False, True

    def __init__(self, name: str, connection: psycopg.Connection, query: str, narrow: str, asked: _Asked) -> None:
        self.name = name
        self._connection, self._query, self._narrow, self._asked = connection, query, narrow, asked

    def top(self, worker: int, k: int) -> Answer:
        asked = self._asked.of(worker, k)
        asked["narrow"] = self._narrow.format(**asked)
        rows = self._connection.execute(self._query.format(**asked).encode()).fetchall()
        return [(int(row), int(np.floor(float(score) * 1e6 + 0.5))) for row, score in rows]

    def ask(self, worker: int, k: int) -> Answer:
        return self.top(worker, k)


class DuckdbColumns:
    """The same query in duckdb, one thread."""

    name, exact, elsewhere = "duckdb", False, False

    def __init__(self, loaded: LoadedMarket, names: list[str]) -> None:
        import duckdb  # the optional extra `bench`

        self._asked = _Asked(loaded, names, lambda values: f"{values}::int[]")
        self._connection = duckdb.connect(config={"threads": 1})
        offers, tiers, likeness = (_as_columns(rows) for rows in _tables(loaded, names))
        for table, columns in (("offers", offers), ("tiers", tiers), ("likeness", likeness)):
            self._connection.register("given", columns)
            self._connection.execute(f"create table {table} as select * from given")
            self._connection.unregister("given")

    def top(self, worker: int, k: int) -> Answer:
        query = _EXACT.format(**self._asked.of(worker, k)).replace("= any(array", "= any(")
        rows = self._connection.execute(query).fetchall()
        return [(int(row), int(np.floor(float(score) * 1e6 + 0.5))) for row, score in rows]

    def ask(self, worker: int, k: int) -> Answer:
        return self.top(worker, k)


class TantivyWords:
    """Full-text search for the wished trades and skills by number; nothing else is looked at."""

    name, exact, elsewhere = "tantivy words", False, False

    def __init__(self, loaded: LoadedMarket) -> None:
        import tantivy  # the optional extra `bench`

        schema = tantivy.SchemaBuilder().add_text_field("words").add_integer_field("id", stored=True).build()
        self._index, self._workers = tantivy.Index(schema), loaded.workers
        writer = self._index.writer(heap_size=200_000_000, num_threads=1)
        vacancies = loaded.vacancies
        for row in np.flatnonzero(vacancies.open).tolist():
            terms = [int(vacancies.occupation[row]), *(int(one) for one in vacancies.skills[row] if one >= 0)]
            writer.add_document(tantivy.Document(words=" ".join(f"t{term}" for term in terms), id=row))
        writer.commit()
        self._index.reload()
        self._searcher = self._index.searcher()

    def top(self, worker: int, k: int) -> Answer:
        terms = [*self._workers.occupations[worker], *self._workers.skills[worker]]
        query = self._index.parse_query(" ".join(f"t{int(term)}" for term in terms if term >= 0), ["words"])
        hits = self._searcher.search(query, k).hits
        return [(int(self._searcher.doc(address)["id"][0]), round(score * 10_000)) for score, address in hits]

    def ask(self, worker: int, k: int) -> Answer:
        return self.top(worker, k)


@contextmanager
def servers(
    loaded: LoadedMarket, names: list[str], owner_url: str | None, say: Callable[[str], None]
) -> Iterator[list[System]]:
    """The rivals that can be had here; what is missing is said."""
    found: list[System] = []
    for name, make in (("duckdb", lambda: DuckdbColumns(loaded, names)), ("tantivy", lambda: TantivyWords(loaded))):
        try:
            found.append(make())
        except ImportError:
            say(f"{name} is not installed: pip install 'eastwest[bench]'")
    try:
        owner = psycopg.connect(owner_url or "host=/nowhere", dbname="postgres", autocommit=True, connect_timeout=5)
    except psycopg.OperationalError:
        say("no PostgreSQL: start one with `eastwest up`, or set DATABASE_URL")
        yield found
        return
    with owner:
        _make_database(owner)
        try:
            with psycopg.connect(owner_url or "", dbname=_DATABASE, autocommit=True) as connection:
                yield [*found, *_postgres(connection, loaded, names)]
        finally:
            owner.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(_DATABASE)))


def _make_database(owner: psycopg.Connection) -> None:
    name = sql.Identifier(_DATABASE)
    owner.execute(sql.SQL("drop database if exists {} with (force)").format(name))
    owner.execute(sql.SQL("create database {}").format(name))


def _postgres(connection: psycopg.Connection, loaded: LoadedMarket, names: list[str]) -> list[System]:
    """The queries, on a database that holds the market with all indexes that help."""
    connection.execute("create extension postgis; create extension pg_trgm; set max_parallel_workers_per_gather = 0")
    connection.execute(f"create table offers ({', '.join(_COLUMNS)})")
    connection.execute("create table tiers (home int, division int, value float8)")
    connection.execute("create table likeness (of int, term int, likeness float8)")
    for table, rows in zip(("offers", "tiers", "likeness"), _tables(loaded, names), strict=True):
        with connection.cursor() as cursor, cursor.copy(f"copy {table} from stdin") as copy:
            columns = [column.tolist() for column in rows.values()]
            for row in zip(*columns, strict=True):
                copy.write_row(row)
    connection.execute("alter table offers add lon float8, add lat float8, add place geography(point)")
    connection.execute(
        "update offers set place = ST_SetSRID(ST_MakePoint(degrees(atan2(y, x)), degrees(asin(z))), 4326)::geography"
    )
    for statement in (
        "alter table offers add primary key (id)",
        "alter table tiers add primary key (home, division)",
        "alter table likeness add primary key (of, term)",
        "create index on offers (occupation, province)",
        "create index on offers using gist (place)",
        "create index on offers using gin (title gin_trgm_ops)",
        "vacuum analyze",
    ):
        connection.execute(statement.encode())
    asked = _Asked(loaded, names, lambda values: f"array{values}::int[]")
    return [
        PostgresQuery("postgresql, every row", connection, _EXACT, "", asked),
        PostgresQuery("postgresql, tuned", connection, _EXACT, _NEAR_OCCUPATIONS, asked),
        PostgresQuery("postgis and pg_trgm, as first written", connection, _NAIVE, "", asked),
    ]


def _tables(loaded: LoadedMarket, names: list[str]) -> tuple[dict[str, np.ndarray], ...]:
    """Open vacancies, tiers and likeness, by column."""
    vacancies, market = loaded.vacancies, loaded.market
    rows = np.flatnonzero(vacancies.open)
    skills = np.full((len(rows), 5), -1, np.int32)
    skills[:, : vacancies.skills.shape[1]] = vacancies.skills[rows][:, :5]
    offers = {
        "id": rows,
        "occupation": vacancies.occupation[rows],
        "title": np.array([names[one] for one in vacancies.occupation[rows].tolist()], object),
        "division": vacancies.division[rows],
        "province": market.geography.province[vacancies.division[rows]],
        **{axis: vacancies.points[rows, n] for n, axis in enumerate("xyz")},
        "wage_lo": vacancies.wage_lo[rows],
        "wage_hi": vacancies.wage_hi[rows],
        "certificates": vacancies.certificates[rows].astype(np.int64),
        "asked": (skills >= 0).sum(axis=1),
        **{f"skill{n}": skills[:, n] for n in range(5)},
    }
    homes, divisions = np.unique(loaded.workers.home), np.unique(vacancies.division)
    home, division = np.repeat(homes, len(divisions)), np.tile(divisions, len(homes))
    value = np.array(market.profile.tier_values)[market.tiers[home, division]]
    of, term = (axis.ravel() for axis in np.indices(market.likeness.shape))
    likeness = {"of": of, "term": term, "likeness": market.likeness.ravel().astype(float)}
    return offers, {"home": home, "division": division, "value": value}, likeness


def _as_columns(rows: dict[str, np.ndarray]) -> Any:
    """What duckdb reads: columns by name."""
    return {name: (column.astype(str) if column.dtype == object else column) for name, column in rows.items()}
