"""Everybody who consents against the whole market at once, each worker's best written down: `eastwest match --all`.

Stations' workers are read in each station's name, what they declined in the engine's; the parts are done by processes
that share one piece of memory (nothing about people is put on disk), and results go into the database by COPY, a part
at a time. A run that was killed goes on: who has a result of it is left out the next time.
"""

from __future__ import annotations

import mmap
import multiprocessing
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import psycopg
from sqlalchemy import func, select, text, update

from app.actor import ENGINE, Actor, Role
from app.db.transaction import engine, own, read
from app.identity.model import Organisation
from app.suggestions.market import LiveMarket
from app.suggestions.market_model import MatchResult, MatchRun
from app.suggestions.queries import consenting_workers, left_out_of_each
from app.suggestions.rows import SeekingWorker
from app.suggestions.snapshot import Snapshot
from matching.rank import People
from matching.shards import Matched, match_shard, work

#: Workers of one part: so many that starting a part does not count, so few that the bar moves and little is lost.
PART = 20_000
#: Does the parts of a block, in any order: (block, parts) -> results.
Runner = Callable[[Any, int], Iterator[Matched]]


@dataclass(frozen=True)
class Somebody:
    """A worker among all, and whose they are."""

    worker_id: UUID
    station_id: UUID


@dataclass(frozen=True)
class Done:
    """What a run did."""

    run_id: UUID
    #: Workers matched now, and those that had their result from before the run was interrupted.
    matched: int
    before: int
    #: Those whose consent was withdrawn meanwhile, so that nothing was written.
    withdrawn: int


def match_everybody(
    *,
    top: int = 3,
    part_of: int = PART,
    runner: Runner | None = None,
    progress: Callable[[int, int], None] = lambda done, all_: None,
) -> Done:
    """Match all consenting workers and keep each one's best; goes on with a run of the same kind that was killed."""
    snapshot = LiveMarket(listens=False).current()
    run_id, done_before = _run(snapshot, top)
    people, who = everybody(snapshot, done_before)
    progress(0, len(who))
    engine().dispose()  # connections are not shared with the processes that start here
    written = matched = 0
    if who:
        floor = snapshot.market.profile.floor
        with shared(work(snapshot.index, people, top=top, distinct=True, floor=floor)) as block:
            for part in (runner or in_processes())(block, -(-len(who) // part_of)):
                written += _write(run_id, part, who, snapshot)
                matched += len(part.workers)
                progress(matched, len(who))
    with own() as session:
        session.execute(update(MatchRun).where(MatchRun.id == run_id).values(finished_at=func.now()))
    return Done(run_id, matched, len(done_before), matched - written)


def _run(snapshot: Snapshot, top: int) -> tuple[UUID, frozenset[UUID]]:
    """The unfinished run of this kind, and who has a result of it; or a new one."""
    scoring = snapshot.market.profile.version
    with own() as session:
        same = (MatchRun.scoring == scoring) & (MatchRun.top == top) & MatchRun.finished_at.is_(None)
        found = session.scalars(select(MatchRun.id).where(same).order_by(MatchRun.started_at.desc()).limit(1)).first()
        if found is not None:
            return found, frozenset(session.scalars(select(MatchResult.worker_id).where(MatchResult.run_id == found)))
        run = MatchRun(scoring=scoring, top=top)
        session.add(run)
        session.flush()
        return run.id, frozenset()


def everybody(snapshot: Snapshot, but: frozenset[UUID] = frozenset()) -> tuple[People, list[Somebody]]:
    """All consenting workers as the engine reads them, and who they are, row by row."""
    with own() as session:
        stations = list(session.execute(select(Organisation.id, Organisation.division_code).where(_is_station())))
    tables, who = [], []
    for part in _parts(stations, but):
        with read(ENGINE) as tx:
            gone = left_out_of_each(tx.session, [worker.id for worker in part])
        tables.append(snapshot.table_of(part, gone))
        who += [Somebody(worker.id, worker.station_id) for worker in part]
    return People.together([People.of(table) for table in tables]), who


def _is_station() -> Any:
    return Organisation.kind == "station"


def _parts(stations: Iterable[Any], but: frozenset[UUID]) -> Iterator[list[SeekingWorker]]:
    """The stations' consenting workers, so many at a time."""
    part: list[SeekingWorker] = []
    for station_id, division in stations:
        with read(Actor(Role.STATION, station_id, division)) as tx:
            part += [worker for worker in consenting_workers(tx.session) if worker.id not in but]
        if len(part) >= PART:
            yield part
            part = []
    if part:
        yield part


class shared:  # noqa: N801 - used as a function
    """Memory that processes started from here share; gone when the block ends."""

    def __init__(self, pieces: Iterable[Any]) -> None:
        held = list(pieces)
        self._memory = mmap.mmap(-1, sum(len(piece) for piece in held))
        for piece in held:
            self._memory.write(piece)

    def __enter__(self) -> mmap.mmap:
        return self._memory

    def __exit__(self, *exception: object) -> None:
        """Arrays may still lie in it: the memory goes with the last of them."""


#: What the processes of a pool were started with.
_block: Any = None


def _begin(block: Any) -> None:
    global _block
    _block = block


def _part(shard: int, shards: int) -> Matched:
    return match_shard(_block, shard, shards)


def in_processes(processes: int | None = None) -> Runner:
    """On this machine's cores. The processes are forked: they share the block without copying it."""

    def run(block: Any, shards: int) -> Iterator[Matched]:
        match_shard(block, 0, max(shards, 1_000_000))  # compiled once, before the processes part
        with ProcessPoolExecutor(
            processes or os.cpu_count(), multiprocessing.get_context("fork"), initializer=_begin, initargs=(block,)
        ) as pool:
            for done in as_completed([pool.submit(_part, shard, shards) for shard in range(shards)]):
                yield done.result()

    return run


_KEPT = text("""
    insert into match_results (worker_id, station_id, run_id, vacancies, scores)
    select s.worker_id, s.station_id, s.run_id, s.vacancies, s.scores from app.match_staged s
    where exists (select from consents c where c.worker_id = s.worker_id and c.purpose = 'matching'
                  and c.withdrawn_at is null)
    on conflict (worker_id) do update set station_id = excluded.station_id, run_id = excluded.run_id,
      vacancies = excluded.vacancies, scores = excluded.scores""")


def _write(run_id: UUID, part: Matched, who: Sequence[Somebody], snapshot: Snapshot) -> int:
    """Write a part's results, of those who still consent; how many."""
    with own() as session:
        connection = session.connection()
        connection.exec_driver_sql("truncate app.match_staged")
        driver = connection.connection.driver_connection
        assert isinstance(driver, psycopg.Connection)
        with driver.cursor() as cursor, cursor.copy("copy app.match_staged from stdin") as copy:
            for lines in _lines(run_id, part, who, snapshot):
                copy.write(lines)
        return connection.execute(_KEPT).rowcount


def _lines(run_id: UUID, part: Matched, who: Sequence[Somebody], snapshot: Snapshot) -> Iterator[str]:
    """The columns of match_results as COPY's text, a worker a line."""
    columns = zip(part.workers.tolist(), part.rows.tolist(), part.scores.tolist(), strict=True)
    for worker, rows, scores in columns:
        best = [(str(snapshot.ids[row]), str(score)) for row, score in zip(rows, scores, strict=True) if row >= 0]
        vacancies, points = (",".join(one) for one in zip(*best, strict=True)) if best else ("", "")
        somebody = who[worker]
        yield f"{somebody.worker_id}\t{somebody.station_id}\t{run_id}\t{{{vacancies}}}\t{{{points}}}\n"
