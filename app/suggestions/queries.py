"""Reading what the engine needs, and keeping what it found."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any
from uuid import UUID

import orjson
from geoalchemy2 import Geometry
from sqlalchemy import ARRAY, BigInteger, ColumnElement, Select, Uuid, bindparam, cast, func, select, text
from sqlalchemy.orm import Session

from app.actor import ENGINE
from app.db.driver_words import ask, in_driver_words
from app.db.transaction import Read, Write, name_actor
from app.places.model import Division, Place
from app.suggestions.model import ScoringProfile, Suggestion
from app.suggestions.rows import DivisionRow, Known, LiveVacancy, OpenVacancy, SeekingWorker, Standing
from app.vacancies.model import Vacancy
from app.vacancies.queries import on_market, recruiter
from app.workers.model import Intention, Worker
from app.workers.queries import agrees


def _lat() -> ColumnElement[float]:
    return func.ST_Y(cast(Place.point, Geometry))


def _lon() -> ColumnElement[float]:
    return func.ST_X(cast(Place.point, Geometry))


def all_divisions(session: Session) -> Sequence[DivisionRow]:
    """Every division, by code."""
    query = select(Division.code, Division.level, Division.parent_code, Division.name).order_by(Division.code)
    return [DivisionRow._make(row) for row in session.execute(query)]


def live_vacancies(session: Session, seqs: Sequence[int] | None = None) -> Sequence[OpenVacancy]:
    """The vacancies that may be suggested now, all or those with these numbers, in the order of their insertion."""
    query = (
        select(
            Vacancy.id,
            Vacancy.seq,
            Vacancy.occupation,
            Vacancy.skills,
            Vacancy.certificates,
            Vacancy.wage_lo,
            Vacancy.wage_hi,
            Vacancy.headcount - Vacancy.filled,
            _lat(),
            _lon(),
            Vacancy.workplace_code,
            Vacancy.age_min,
            Vacancy.age_max,
            Vacancy.kind,
            Vacancy.start_date,
            Vacancy.valid_until,
            Vacancy.employer,
        )
        .join(Place, Place.id == Vacancy.workplace_id)
        .where(on_market())
        .order_by(Vacancy.seq)
    )
    if seqs is not None:
        query = query.where(Vacancy.seq == func.any(cast(list(seqs), ARRAY(BigInteger))))
    return [OpenVacancy._make(row) for row in session.execute(query)]


def transactions_seen(session: Session) -> str:
    """The transactions whose changes a statement sees at this moment: a pg_snapshot."""
    return str(session.scalars(text("select pg_current_snapshot()::text")).one())


_CHANGES = text("""
    select seq from market_changes
    where xact >= pg_snapshot_xmin(cast(:seen as pg_snapshot))::text::bigint
      and not pg_visible_in_snapshot(xact::text::xid8, cast(:seen as pg_snapshot))
    order by seq""")


def changes_since(session: Session, seen: str) -> tuple[list[int], bool]:
    """The numbers of vacancies changed by transactions that were not seen then, and whether something concerns all."""
    found = set(session.scalars(_CHANGES, {"seen": seen}))
    return sorted(one for one in found if one is not None), None in found


def can_follow(session: Session, seen: str, *, young: bool) -> bool:
    """Whether what happened since can still be told.

    The snapshot must be this server's. Changes are kept for an hour and the last one for ever, so that what was
    forgotten shows; a transaction that was under way then may have been forgotten with those before, unless the
    snapshot is `young`.
    """
    query = text("""
        select pg_snapshot_xmax(cast(:seen as pg_snapshot)) <= pg_snapshot_xmax(pg_current_snapshot())
          and not exists (select from market_changes where at < now() - interval '50 minutes'
                          and not pg_visible_in_snapshot(xact::text::xid8, cast(:seen as pg_snapshot)))
          and (:young or not exists (select from pg_snapshot_xip(cast(:seen as pg_snapshot))))""")
    return bool(session.scalars(query, {"seen": seen, "young": young}).one())


def database_identity(session: Session) -> str:
    """Which database this is: its name, and a number that no other of its server has or had."""
    query = text("select datname || '-' || oid from pg_database where datname = current_database()")
    return str(session.scalars(query).one())


def _seeking() -> Select[*tuple[Any, ...]]:
    """Workers with intention, home and whether consent to matching stands: the columns of `SeekingWorker`."""
    columns = (
        Worker.id,
        Worker.station_id,
        Worker.birth_date,
        Worker.home_code,
        Place.sure,
        _lat(),
        _lon(),
        Worker.skills,
        Worker.skills_text,
        Worker.certificates,
        Worker.labour_ability,
        Worker.employment_status,
        Intention.willing_to_go_out,
        Intention.occupations,
        Intention.occupations_text,
        Intention.destinations,
        Intention.not_destinations,
        Intention.scope,
        Intention.min_wage,
        Intention.reach_km,
        Intention.reach_is_limit,
        Intention.available_from,
        Intention.in_work_asks,
        agrees(),
    )
    return (
        select(*(column.label(name) for name, column in zip(SeekingWorker._fields, columns, strict=True)))
        .join(Intention, Intention.worker_id == Worker.id)
        .join(Place, Place.id == Worker.home_id)
    )


def seeking_worker(session: Session, worker_id: UUID) -> SeekingWorker | None:
    """A worker with intention, home and whether consent to matching stands; None when the actor may not see them."""
    sql, values = SEEKING
    row = ask(session.connection(), f"select to_json(s)::text from ({sql}) s", values | {"me": worker_id})
    return None if row is None else seeking_of(orjson.loads(row))


def seeking_workers(session: Session, worker_ids: Sequence[UUID]) -> dict[UUID, SeekingWorker]:
    """The same for several, by id."""
    rows = session.execute(_seeking().where(Worker.id == func.any(cast(list(worker_ids), ARRAY(Uuid)))))
    return {row.id: SeekingWorker._make(row) for row in rows}


#: A row as one JSON text costs a fraction of the CPU time of its columns one by one.
SEEKING = in_driver_words(_seeking().where(Worker.id == bindparam("me")))


def seeking_of(row: dict[str, Any]) -> SeekingWorker:
    """From the row as PostgreSQL wrote it into JSON."""
    reach_km, available = row["reach_km"], row["available_from"]
    return SeekingWorker(
        **row
        | {
            "id": UUID(row["id"]),
            "station_id": UUID(row["station_id"]),
            "birth_date": date.fromisoformat(row["birth_date"]),
            "lat": float(row["lat"]),
            "lon": float(row["lon"]),
            "reach_km": None if reach_km is None else float(reach_km),
            "available_from": available and date.fromisoformat(available),
        }
    )


def consenting_workers(session: Session) -> Iterator[SeekingWorker]:
    """Everybody in the actor's sight who consents to matching."""
    for row in session.execute(_seeking().order_by(Worker.id).execution_options(yield_per=5_000)):
        worker = SeekingWorker._make(row)
        if worker.consents:
            yield worker


_ALL_LEFT_OUT = text("""
    select worker_id, seq from declines where worker_id = any(cast(:workers as uuid[]))
    union select w.id, gone.seq from unnest(cast(:workers as uuid[])) as w (id), app.left_out(w.id) as gone (seq)""")


def left_out_of_each(session: Session, workers: Sequence[UUID]) -> Sequence[Sequence[int]]:
    """What `left_out_of` says, for many workers, in the engine's name."""
    gone: dict[UUID, list[int]] = {}
    for worker_id, seq in session.execute(_ALL_LEFT_OUT, {"workers": list(workers)}):
        gone.setdefault(worker_id, []).append(seq)
    return [gone.get(worker, ()) for worker in workers]


def _live() -> Select[*tuple[Any, ...]]:
    """Vacancies that may be suggested at this moment: the columns of `LiveVacancy`."""
    columns = (
        Vacancy.id,
        Vacancy.title,
        Vacancy.employer,
        Vacancy.workplace_text,
        Vacancy.workplace_code,
        Place.sure,
        Vacancy.wage_lo,
        Vacancy.wage_hi,
        (Vacancy.headcount - Vacancy.filled).label("openings"),
        Vacancy.lodging,
        Vacancy.board,
        Vacancy.valid_until,
        Vacancy.occupation,
        Vacancy.skills,
        Vacancy.certificates,
        recruiter().label("recruiter"),
    )
    return select(*columns).join(Place, Place.id == Vacancy.workplace_id).where(on_market())


_LIVE = in_driver_words(_live().where(Vacancy.id == func.any(bindparam("ids", type_=ARRAY(Uuid)))))
#: Those that stand as the worker's suggestions.
STANDING_LIVE = in_driver_words(
    _live()
    .join(Suggestion, Suggestion.vacancy_id == Vacancy.id)
    .where(Suggestion.worker_id == bindparam("me"), Suggestion.current)
)
_FIRST_LIVE = f"""
    select json_agg(to_json(first))::text from (
      select * from ({_LIVE.sql}) s order by array_position(%(ids)s::uuid[], s.id) limit %(most)s) first"""


def still_live(session: Session, ids: Sequence[UUID], most: int) -> Mapping[UUID, LiveVacancy]:
    """Those of the vacancies that may be suggested at this moment, the first `most` of them."""
    found = ask(session.connection(), _FIRST_LIVE, _LIVE.values | {"ids": list(ids), "most": most})
    return live_from(orjson.loads(found or "[]"))


def live_from(rows: list[dict[str, Any]]) -> Mapping[UUID, LiveVacancy]:
    """By id, from the rows as PostgreSQL wrote them into JSON."""
    return {row.id: row for row in map(_live_of, rows)}


def _live_of(row: dict[str, Any]) -> LiveVacancy:
    return LiveVacancy(**row | {"id": UUID(row["id"]), "valid_until": date.fromisoformat(row["valid_until"])})


def profile_on(session: Session, day: date) -> ScoringProfile | None:
    """The scoring profile in force on a day."""
    query = select(ScoringProfile).where(ScoringProfile.since <= day).order_by(ScoringProfile.since.desc()).limit(1)
    return session.scalars(query).one_or_none()


def replace_set(session: Session, worker_id: UUID, rows: Sequence[Mapping[str, Any]]) -> None:
    """Make `rows` the worker's present suggestions. Former ones stay as rows, out of the station's sight: what is no
    longer current looks to it like a job that was filled."""
    offered = orjson.dumps(list(rows)).decode()
    session.execute(
        text("select app.keep_suggestions(:worker, cast(:offered as jsonb))"),
        {"worker": worker_id, "offered": offered},
    )


def find_suggestion(tx: Read, suggestion_id: UUID) -> Suggestion | None:
    """A suggestion in the actor's sight: the worker's own, or a current one of a worker in the station's care."""
    return tx.session.get(Suggestion, suggestion_id)


#: What is left out, for the worker and the engine alone, as JSON; and the rest of `Known` with it or without.
_GONE = """(select coalesce(json_agg(g.seq), '[]') from (select d.seq from declines d where d.worker_id = %(me)s
            union select app.left_out(%(me)s)) g (seq))"""
KNOWN_WORDS = """json_build_object('gone', {gone}, 'now', now(),
      'planned', (select v.seq from assignments a join vacancies v on v.id = a.vacancy_id
                  where a.worker_id = %(me)s and a.published limit 1),
      'standing', (select coalesce(json_agg(json_build_array(s.vacancy_id, s.score, s.price, s.planned, s.scoring,
                   s.as_of) order by s.rank), '[]') from suggestions s where s.worker_id = %(me)s and s.current))"""
OWN_KNOWN_WORDS = KNOWN_WORDS.format(gone=_GONE)
_SHOWN_WORDS = KNOWN_WORDS.format(gone="json_build_array()")


def known_of(tx: Read, worker_id: UUID) -> Known:
    """What is known beside worker and market, to the worker, or to whoever looks after them.

    A station may not read what is left out: for this one question the transaction speaks as the engine, and then as
    itself again (not on a second connection: requests that each hold one and wait for another would wait for ever).
    """
    if tx.actor.worker_id == worker_id:
        return known_from(_json(tx.session, f"select ({OWN_KNOWN_WORDS})::text", worker_id))
    with speaking_as_engine(tx) as session:
        gone = _json(session, f"select {_GONE}::text", worker_id)
    return known_from(_json(tx.session, f"select ({_SHOWN_WORDS})::text", worker_id) | {"gone": gone})


def known_from(row: dict[str, Any]) -> Known:
    """From the object as PostgreSQL wrote it."""
    standing = [
        Standing(UUID(vacancy), score, price, planned, scoring, datetime.fromisoformat(as_of))
        for vacancy, score, price, planned, scoring, as_of in row["standing"]
    ]
    return Known(row["gone"], row["planned"], datetime.fromisoformat(row["now"]), standing)


def _json(session: Session, words: str, worker_id: UUID) -> Any:
    return orjson.loads(ask(session.connection(), words, {"me": worker_id}))


@contextmanager
def speaking_as_engine(tx: Read) -> Iterator[Session]:
    """Within the block the transaction asks as the engine, for what its actor may not read; nothing is changed in it.
    An error ends the transaction anyway."""
    tx.session.flush()  # what the actor has changed is written in the actor's name
    name_actor(tx.session.connection(), ENGINE)
    yield tx.session
    name_actor(tx.session.connection(), tx.actor)


def decline(tx: Write, suggestion: Suggestion) -> None:
    """Keep that the worker does not want this vacancy. Nothing else is written anywhere."""
    tx.session.execute(
        text(
            "insert into declines (worker_id, station_id, seq) select :worker, :station, seq from vacancies"
            " where id = :vacancy on conflict do nothing"
        ),
        {"worker": suggestion.worker_id, "station": suggestion.station_id, "vacancy": suggestion.vacancy_id},
    )


def take_decline_back(tx: Write, suggestion: Suggestion) -> None:
    """The worker wants this vacancy looked at again: nothing is left of the no."""
    tx.session.execute(
        text(
            "delete from declines where worker_id = :worker"
            " and seq = (select seq from vacancies where id = :vacancy)"
        ),
        {"worker": suggestion.worker_id, "vacancy": suggestion.vacancy_id},
    )


def find_vacancy_words(tx: Read, vacancy_id: UUID) -> Sequence[str]:
    """The occupation and skills a vacancy asks for; none when it is out of the actor's sight."""
    found = tx.session.execute(select(Vacancy.occupation, Vacancy.skills).where(Vacancy.id == vacancy_id)).one_or_none()
    return [] if found is None else [word for word in (found.occupation, *found.skills) if word]


def find_vacancy_names(tx: Read, vacancy_id: UUID) -> tuple[str, str, str, str | None] | None:
    """What a vacancy, its employer, its place and who hires for the employer are called; None when it is out of the
    actor's sight."""
    names = select(Vacancy.title, Vacancy.employer, Vacancy.workplace_text, recruiter())
    found = tx.session.execute(names.where(Vacancy.id == vacancy_id)).one_or_none()
    return None if found is None else (*found,)
