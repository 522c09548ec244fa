"""The live market follows the database: at any moment it answers as one built anew would, in every process."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import UUID

import numpy as np
import psycopg
import pytest
from sqlalchemy import make_url, update

from app.actor import ENGINE, Actor
from app.db.transaction import own, read, write
from app.errors import Unavailable
from app.pairings.model import Pairing
from app.settings import settings
from app.suggestions.market import LiveMarket
from app.suggestions.offered import Ids
from app.suggestions.snapshot import Snapshot, build
from app.vacancies.model import Vacancy
from app.vacancies.store import store_vacancies
from matching.shortfall import shortfall
from matching.tables import WorkerTable
from tests.database import Server
from tests.vacancies.invented import draft as job

Markets = Callable[..., LiveMarket]
EVERY_ONE = np.array([2**64 - 1], np.uint64)


@pytest.fixture
def markets(fresh_database: str) -> Iterator[Markets]:
    """Makes live markets, each as a process of its own would have it, and closes them."""
    opened: list[LiveMarket] = []

    def make(worth_a_file: int = 1_000_000) -> LiveMarket:
        opened.append(LiveMarket(listens=True, worth_a_file=worth_a_file, ask_every=0.0))
        return opened[-1]

    yield make
    for market in opened:
        market.close()


def put(actors: dict[str, Actor], *numbers: int, **stated: object) -> list[UUID]:
    with write(actors["destination"]) as tx:
        drafts = [job(n, **{"employer": f"示例{n % 7}厂", "title": f"{n}号岗"} | stated) for n in numbers]
        return [one.vacancy_id for one in store_vacancies(tx, drafts)]


def change(actors: dict[str, Actor], vacancy: UUID, **values: object) -> None:
    with write(actors["destination"]) as tx:
        tx.session.execute(update(Vacancy).where(Vacancy.id == vacancy).values(**values))


def answers(snapshot: Snapshot) -> list[tuple[UUID, int]]:
    """What somebody without wishes is offered, all of it."""
    somebody = WorkerTable.of(home=[0], lat_deg=[26.0], lon_deg=[105.0], occupations=[[-1]], certificates=EVERY_ONE)
    ranked = snapshot.index.rank(somebody, top=200)
    found = zip(ranked.vacancy[0].tolist(), ranked.score[0].tolist(), strict=True)
    return [(snapshot.ids[row], score) for row, score in found if row >= 0]


def serve_for(seconds: float, market: LiveMarket) -> None:
    patience = time.monotonic() + seconds
    while time.monotonic() < patience:
        assert len(answers(market.current())) == 1


def built_anew() -> Snapshot:
    with read(ENGINE) as tx:
        return build(tx)


def test_what_is_new_changed_or_closed_is_so_in_every_process_at_once(
    markets: Markets, actors: dict[str, Actor]
) -> None:
    one, other = markets(), markets()
    first, second = put(actors, 1, 2)
    for market in (one, other):
        assert {vacancy for vacancy, _ in answers(market.current())} == {first, second}
    (third,) = put(actors, 3)
    change(actors, first, state="closed")
    for market in (one, other):
        assert {vacancy for vacancy, _ in answers(market.current())} == {second, third}


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_after_any_history_the_market_answers_as_one_built_anew(
    markets: Markets, actors: dict[str, Actor], seed: int
) -> None:
    draw = random.Random(seed)
    market, late_riser = markets(), markets(worth_a_file=0)
    vacancies = put(actors, *range(10))
    late_riser.current()
    for step in range(25):
        match draw.choice(["put", "close", "open", "pay", "look", "restart"]):
            case "put":
                vacancies += put(actors, *range(100 + 3 * step, 100 + 3 * step + draw.randint(1, 3)))
            case "close":
                change(actors, draw.choice(vacancies), state="closed")
            case "open":
                change(actors, draw.choice(vacancies), state="open", filled=0)
            case "pay":
                pay = draw.randint(40, 90) * 100
                change(actors, draw.choice(vacancies), wage_lo=pay, wage_hi=pay + 500)
            case "look":
                assert answers(market.current()) == answers(built_anew())
            case "restart":
                late_riser = markets(worth_a_file=0)
                assert answers(late_riser.current()) == answers(built_anew())
    for snapshot in (market.current(), late_riser.current()):
        assert answers(snapshot) == answers(built_anew())
        assert sorted(snapshot.vacancies.seq.tolist()) == sorted(set(snapshot.vacancies.seq.tolist()))


def test_a_transaction_that_commits_late_is_not_missed(
    markets: Markets, actors: dict[str, Actor], fresh_database: str
) -> None:
    market = markets()
    (vacancy,) = put(actors, 1)
    market.current()
    with psycopg.connect(fresh_database.replace("+psycopg", "")) as slow:
        slow.execute("set role eastwest_owner")
        slow.execute("update vacancies set state = 'closed' where id = %s", [vacancy])
        (other,) = put(actors, 2)  # begins later, commits sooner
        assert {one for one, _ in answers(market.current())} == {vacancy, other}
        slow.commit()
    assert {one for one, _ in answers(market.current())} == {other}


def test_a_process_that_starts_again_maps_what_another_wrote(markets: Markets, actors: dict[str, Actor]) -> None:
    put(actors, 1, 2, 3)
    before = set(settings().data.glob("market/*.snapshot"))
    written = markets(worth_a_file=0).current()
    (path,) = set(settings().data.glob("market/*.snapshot")) - before
    put(actors, 4)
    stood = path.stat().st_mtime_ns
    mapped = markets(worth_a_file=0).current()
    assert path.stat().st_mtime_ns == stood
    assert len(answers(mapped)) == 4
    assert set(answers(written)) < set(answers(mapped))
    path.unlink()


@pytest.mark.parametrize("harm", ["half", "other", "empty"])
def test_a_file_that_is_not_whole_is_built_again(harm: str, markets: Markets, actors: dict[str, Actor]) -> None:
    put(actors, 1, 2, 3)
    before = set(settings().data.glob("market/*.snapshot"))
    markets(worth_a_file=0).current()
    (path,) = set(settings().data.glob("market/*.snapshot")) - before
    whole = path.read_bytes()
    Path(path).write_bytes({"half": whole[: len(whole) // 2], "other": b"x" * 4096, "empty": b""}[harm])
    assert answers(markets(worth_a_file=0).current()) == answers(built_anew())
    path.unlink()


def test_a_pairing_that_ends_is_seen_by_all(markets: Markets, actors: dict[str, Actor]) -> None:
    market = markets(worth_a_file=0)
    put(actors, 1)
    before = market.current().market.tiers
    with own() as session:
        session.execute(update(Pairing).values(until=Pairing.since))
    now = built_anew().market.tiers
    patience = time.monotonic() + 30
    while not np.array_equal(market.current().market.tiers, now) and time.monotonic() < patience:
        continue
    assert np.array_equal(market.current().market.tiers, now)
    assert not np.array_equal(now, before)


def test_a_market_that_cannot_hear_refuses_after_a_stated_time(
    markets: Markets, actors: dict[str, Actor], server: Server, fresh_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    market = markets()
    put(actors, 1)
    assert len(answers(market.current())) == 1
    monkeypatch.setattr(settings(), "market_stale_seconds", 0.3)
    name = make_url(fresh_database).database
    assert name is not None
    server.run("alter database {} with allow_connections false", name)
    with psycopg.connect(server.url("postgres").replace("+psycopg", ""), autocommit=True) as elsewhere:
        elsewhere.execute("select pg_terminate_backend(pid) from pg_stat_activity where datname = %s", [name])
    with pytest.raises(Unavailable) as refused:
        serve_for(30, market)
    assert refused.value.headers["Retry-After"]
    server.run("alter database {} with allow_connections true", name)


def test_ids_read_as_they_were_given() -> None:
    ids = [UUID(int=n) for n in range(5)]
    assert list(Ids.of(ids)) == ids
    assert list(Ids.of(ids)[1:3]) == ids[1:3]


def test_nothing_to_offer_is_told_apart_from_nothing_known(markets: Markets) -> None:
    snapshot = markets().current()
    somebody = WorkerTable.of(home=[0], lat_deg=[26.0], lon_deg=[105.0], occupations=[[-1]], certificates=EVERY_ONE)
    assert answers(snapshot) == []
    assert shortfall(somebody, 0, snapshot.vacancies, snapshot.market, found=0) is not None
