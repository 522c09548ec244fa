"""Everybody matched at once: as each would be alone, written down once, and going on after a kill."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

import numpy as np
import pytest
from sqlalchemy import select
from typer.testing import CliRunner

from app.actor import Actor
from app.cli.match import app as match_command
from app.db.transaction import own, read, write
from app.suggestions.everybody import everybody, match_everybody, shared
from app.suggestions.market import LiveMarket
from app.suggestions.market_model import MatchResult
from app.vacancies.store import store_vacancies
from app.workers.queries import withdraw_consent
from app.workers.store import store_workers
from matching.shards import Matched, match_shard, work
from tests.vacancies.invented import draft as job
from tests.workers.invented import draft as somebody

WELDER = {"occupations": ("O054",), "skills": (), "certificates_text": "焊工证", "certificates": ("welding",)}
PEOPLE = 12


@pytest.fixture
def workers(fresh_database: str, actors: dict[str, Actor]) -> list[UUID]:
    """A dozen welders, and eight jobs for them."""
    with write(actors["destination"]) as tx:
        store_vacancies(tx, [job(n, employer=f"示例{n}厂", wage_lo=5000 + 100 * n) for n in range(8)])
    with write(actors["station"]) as tx:
        drafts = [somebody(n, **(WELDER | {"min_wage": 3000 + 400 * n})) for n in range(PEOPLE)]
        return [one.worker_id for one in store_workers(tx, drafts, witness="经办人")]


def one_by_one(block: Any, shards: int) -> Iterator[Matched]:
    return (match_shard(block, shard, shards) for shard in range(shards))


def results() -> dict[UUID, tuple[list[UUID], list[int]]]:
    with own() as session:
        return {row.worker_id: (row.vacancies, row.scores) for row in session.scalars(select(MatchResult))}


def test_each_gets_what_they_would_get_alone(workers: list[UUID]) -> None:
    done = match_everybody(part_of=5, runner=one_by_one)
    assert (done.matched, done.before, done.withdrawn) == (PEOPLE, 0, 0)
    snapshot = LiveMarket(listens=False).current()
    people, who = everybody(snapshot)
    rows, scores = snapshot.index.best(people, 3, distinct=True, floor=snapshot.market.profile.floor)
    expected = {
        one.worker_id: (
            [snapshot.ids[row] for row in rows[i].tolist() if row >= 0],
            [score for row, score in zip(rows[i].tolist(), scores[i].tolist(), strict=True) if row >= 0],
        )
        for i, one in enumerate(who)
    }
    assert results() == expected
    assert set(expected) == set(workers)
    assert any(len(vacancies) == 3 for vacancies, _ in expected.values())


def test_the_command_matches_everybody_on_all_cores(workers: list[UUID]) -> None:
    said = CliRunner().invoke(match_command, ["--all", "--processes", "2", "--json"])
    assert said.exit_code == 0, said.output
    assert json.loads(said.stdout.splitlines()[-1])["matched"] == PEOPLE
    assert set(results()) == set(workers)


def test_without_all_nobody_is_matched(fresh_database: str) -> None:
    assert CliRunner().invoke(match_command, []).exit_code == 2


def test_a_second_run_replaces_what_the_first_found(workers: list[UUID], actors: dict[str, Actor]) -> None:
    match_everybody(runner=one_by_one)
    with write(actors["destination"]) as tx:
        (best,) = (one.vacancy_id for one in store_vacancies(tx, [job(50, wage_lo=9000, wage_hi=12000)]))
    match_everybody(runner=one_by_one)
    assert len(results()) == PEOPLE
    assert results()[workers[-1]][0][0] == best  # who asks for most is paid best by it


def test_who_withdraws_is_not_matched_and_leaves_no_result(workers: list[UUID], actors: dict[str, Actor]) -> None:
    match_everybody(runner=one_by_one)
    with write(actors["station"]) as tx:
        withdraw_consent(tx, workers[0], "matching")
    assert workers[0] not in results()

    def meanwhile(block: Any, shards: int) -> Iterator[Matched]:
        with write(actors["station"]) as tx:
            withdraw_consent(tx, workers[1], "matching")
        return one_by_one(block, shards)

    assert match_everybody(runner=meanwhile).withdrawn == 1
    assert set(results()) == set(workers[2:])


#: Writes two parts and waits to be killed.
KILLED = """
import signal
from app.suggestions.everybody import match_everybody
from tests.suggestions.test_everybody import one_by_one
def two_parts(block, shards):
    for number, part in enumerate(one_by_one(block, shards)):
        if number == 2:
            print("two parts", flush=True)
            signal.pause()
        yield part
match_everybody(part_of=3, runner=two_parts)
"""


def test_a_killed_run_goes_on_where_it_was(workers: list[UUID], kill_hard: Callable[[int], None]) -> None:
    process = subprocess.Popen([sys.executable, "-c", KILLED], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "two parts\n"
    kill_hard(process.pid)
    process.communicate()
    assert len(results()) == 6
    done = match_everybody(runner=one_by_one)
    assert (done.matched, done.before) == (PEOPLE - 6, 6)
    assert set(results()) == set(workers)


def test_a_station_reads_the_results_of_its_own_workers_only(workers: list[UUID], actors: dict[str, Actor]) -> None:
    match_everybody(runner=one_by_one)
    with read(actors["station"]) as tx:
        assert len(tx.session.scalars(select(MatchResult)).all()) == PEOPLE
    with read(actors["other_station"]) as tx:
        assert not tx.session.scalars(select(MatchResult)).all()


def test_parts_make_up_the_whole_however_many_there_are(workers: list[UUID]) -> None:
    snapshot = LiveMarket(listens=False).current()
    people, _ = everybody(snapshot)
    with shared(work(snapshot.index, people, top=2)) as block:
        for shards in (1, 2, 7, 40):
            parts = list(one_by_one(block, shards))
            assert sorted(np.concatenate([part.workers for part in parts]).tolist()) == list(range(PEOPLE))
