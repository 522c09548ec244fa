"""The database of the benchmark `http`: a server of its own with so many invented workers, kept between runs."""

from __future__ import annotations

import json
import multiprocessing
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

import psycopg

from app.db.sealing import blind_index, seal_text
from app.devdb import Cluster, fingerprint
from app.identity.queries import hash_of
from app.settings import ROOT, settings

DATABASE = "eastwest"
#: Workers of one station.
CARE = 500
#: Worker tokens, and station tokens: each connection has some of its own.
WORKER_TOKENS, STATION_TOKENS = 160, 8
VACANCIES = 10_000


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asks for what: bearer tokens, and the ids they may see."""

    #: token -> the ids of the station's workers
    stations: dict[str, list[str]]
    #: token -> the worker's id
    workers: dict[str, str]


@dataclass(frozen=True, slots=True)
class World:
    """The server, how the product reaches it, and who asks."""

    cluster: Cluster
    environment: dict[str, str]
    asked: Asked


@contextmanager
def standing(
    workers: int, progress: Callable[[str], None], *, care: int = CARE, name: str = "bench-http"
) -> Iterator[World]:
    """The world with so many workers, `care` a station, made first when it is another's or none."""
    folder = settings().data / name
    folder.mkdir(parents=True, exist_ok=True)
    cluster, note = Cluster(folder / "pg"), folder / "world.json"
    made_of = f"{workers} {fingerprint(ROOT / 'migrations/versions', ROOT / 'seed/reference', Path(__file__))}"
    known = json.loads(note.read_text()) if note.exists() else {}
    if known.get("made_of") != made_of:
        note.unlink(missing_ok=True)
        cluster.destroy()
    cluster.start()
    try:
        environment = {
            "DATABASE_URL": cluster.url(DATABASE),
            "EASTWEST_KEYS_FILE": str(folder / "keys.json"),
            "EASTWEST_ENV": "development",
            "EASTWEST_REQUESTS_A_MINUTE": "0",
        }
        if known.get("made_of") != made_of:
            cluster.ensure_database(DATABASE)
            _prepared(environment, progress, "migrate")
            _prepared(environment, progress, "seed", "--demo")
            progress(f"loading {workers:,} workers")
            known = {"made_of": made_of} | asdict(_loaded(environment, workers, care))
            note.write_text(json.dumps(known))
        else:
            _prepared(environment, progress, "migrate")  # the security files of this checkout
        yield World(cluster, environment, Asked(known["stations"], known["workers"]))
    finally:
        cluster.stop()


def _prepared(environment: dict[str, str], progress: Callable[[str], None], *step: str) -> None:
    progress(f"preparing: db {' '.join(step)}")
    command = [sys.executable, "-P", "-m", "app.cli", "db", *step]
    quiet = subprocess.DEVNULL
    subprocess.run(command, env=os.environ | environment, cwd=ROOT, check=True, stdout=quiet, stderr=quiet)


def _loaded(environment: dict[str, str], workers: int, care: int) -> Asked:
    here, there = multiprocessing.Pipe(duplex=False)
    process = multiprocessing.get_context("spawn").Process(target=_load, args=(environment, workers, care, there))
    process.start()
    there.close()
    asked: Asked = here.recv()
    process.join()
    return asked


def _load(environment: dict[str, str], workers: int, care: int, there: Any) -> None:
    os.environ.update(environment)  # the keys that seal are the world's
    address = environment["DATABASE_URL"].replace("postgresql+psycopg", "postgresql")
    with psycopg.connect(address, autocommit=True, options="-c timezone=Asia/Shanghai") as connection:
        connection.execute("set session_replication_role = replica; set synchronous_commit = off")
        there.send(_filled(connection, workers, care, Random(7)))
        connection.execute("set session_replication_role = origin")
        connection.execute("vacuum analyze")


def _filled(connection: psycopg.Connection[Any], workers: int, care: int, random: Random) -> Asked:
    homes = connection.execute(
        "select distinct p.id, p.division_code from places p join workers w on w.home_id = p.id order by 1 limit 500"
    ).fetchall()
    wishes = connection.execute(
        "select occupations_text, occupations from intentions where occupations <> '{}' group by 1, 2 order by 1"
    ).fetchall()
    connection.execute("create temp table station (n int, id uuid)")
    connection.execute(
        "insert into station select n, gen_random_uuid() from generate_series(0, %s) n", (workers // care,)
    )
    connection.execute(
        "insert into organisations (id, kind, name, division_code)"
        " select id, 'station', 'bench ' || n, '520526' from station"
    )
    stations = [row[0] for row in connection.execute("select id from station order by n")]
    ids = [UUID(int=random.getrandbits(128), version=4) for _ in range(workers)]
    cared_by = [stations[n // care] for n in range(workers)]
    _copied(connection, ids, cared_by, homes)
    _copied_intentions(connection, ids, cared_by, wishes, random)
    connection.execute(
        """insert into consents (id, station_id, worker_id, purpose, given_by, witness)
           select gen_random_uuid(), station_id, id, 'matching', 'paper', 'bench' from workers
           where id not in (select worker_id from consents)"""
    )
    connection.execute(
        """insert into persons (id_index) select id_index from workers on conflict do nothing;
           insert into person_records (worker_id, person_id)
             select w.id, p.id from workers w join persons p using (id_index) on conflict do nothing"""
    )
    _more_vacancies(connection)
    connection.execute("create table bench_stored (worker_id uuid primary key, body bytea not null)")
    connection.execute("grant select on bench_stored to rt_worker")
    return _tokens(connection, ids, stations, care)


def _copied(connection: psycopg.Connection[Any], ids: list[UUID], stations: list[UUID], homes: list[Any]) -> None:
    columns = (
        "id, station_id, division_code, name, id_sealed, id_index, birth_date, home_id, home_code, home_text,"
        " skills_text, skills, phone_sealed, phone_index, education, labour_ability"
    )
    with connection.cursor() as cursor, cursor.copy(f"copy workers ({columns}) from stdin".encode()) as copy:
        for n, row in enumerate(ids):
            home, code = homes[n % len(homes)]
            number, phone = f"520526{19700000 + n % 300000:08d}{n % 9973:04d}{n}"[:18], f"139{n:08d}"
            copy.write_row(
                (
                    row,
                    stations[n],
                    "520526",
                    f"张{chr(0x4E00 + n % 5000)}{chr(0x4E00 + n % 4999)}",
                    seal_text(number, "workers.id_sealed", row),
                    blind_index(f"{number}{n}", "id_number"),
                    date(1970 + n % 30, 1 + n % 12, 1 + n % 28),
                    home,
                    code,
                    "贵州省毕节市威宁县迤那镇五星村",
                    "电焊、氩弧焊",
                    ["电焊"],
                    seal_text(phone, "workers.phone_sealed", row),
                    blind_index(phone, "phone"),
                    "junior",
                    None,
                )
            )


def _copied_intentions(
    connection: psycopg.Connection[Any], ids: list[UUID], stations: list[UUID], wishes: list[Any], random: Random
) -> None:
    columns = "worker_id, station_id, occupations_text, occupations, min_wage"
    with connection.cursor() as cursor, cursor.copy(f"copy intentions ({columns}) from stdin".encode()) as copy:
        for n, row in enumerate(ids):
            words, occupations = wishes[n % len(wishes)]
            copy.write_row((row, stations[n], words, occupations, random.randint(30, 50) * 100))


def _more_vacancies(connection: psycopg.Connection[Any]) -> None:
    """The demo's vacancies again and again, under other employers, until there are enough."""
    names = [
        name
        for (name,) in connection.execute(
            """select attname::text from pg_attribute where attrelid = 'vacancies'::regclass and attnum > 0
               and not attisdropped and attname not in ('id', 'seq', 'identity', 'employer') and attgenerated = ''"""
        )
    ]
    shown, theirs = ", ".join(names), ", ".join(f"v.{name}" for name in names)
    connection.execute(
        f"""insert into vacancies (id, identity, employer, {shown})
            select gen_random_uuid(), v.identity || ' ' || n, v.employer || n, {theirs}
            from vacancies v
            cross join generate_series(1, 1 + {VACANCIES} / (select greatest(count(*), 1) from vacancies)::int) n
            limit {VACANCIES}""".encode()
    )


def _tokens(connection: psycopg.Connection[Any], ids: list[UUID], stations: list[UUID], care: int) -> Asked:
    add = """insert into tokens (id, hash, role, organisation_id, division_code, worker_id, expires_at)
             values (gen_random_uuid(), %s, %s, %s, %s, %s, 'infinity')"""
    asked = Asked({}, {})
    for n in range(min(STATION_TOKENS, len(ids) // care)):
        token = f"ew_bench_station_{n}"
        connection.execute(add, (hash_of(token), "station", stations[n], "520526", None))
        asked.stations[token] = [f"w_{row.hex}" for row in ids[n * care : (n + 1) * care]]
    step = max(1, len(ids) // WORKER_TOKENS)
    for n, row in enumerate(ids[::step][:WORKER_TOKENS]):
        token = f"ew_bench_worker_{n}"
        connection.execute(add, (hash_of(token), "worker", None, None, row))
        asked.workers[token] = f"w_{row.hex}"
    return asked
