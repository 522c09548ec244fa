"""What shocks do to the market: closed places, openings held back, warnings, aid."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection

from app.actor import Actor, Role
from app.db.base import today
from app.db.transaction import write
from app.errors import NotAllowed
from app.shocks.effects import Effects, ShockRow
from app.shocks.usecases import end_shock, record_shock, shock_to_change
from app.suggestions.market import LiveMarket
from app.suggestions.usecases import Offers, suggest_vacancies
from tests.suggestions.test_three_jobs import jobs_of, station, worker_of

__all__ = ["station"]
SHARES = st.integers(1, 100)


def row(effect: str, percent: int | None = None, code: str = "440100") -> ShockRow:
    return ShockRow(code, "广州市", "disaster", effect, percent, None, "令", date(2022, 1, 1))


@given(st.integers(0, 10_000), SHARES)
def test_holding_openings_back_leaves_one_unless_all_are_held_back(openings: int, percent: int) -> None:
    offered = Effects([row("reduce", percent)]).offered(openings, "440106")
    assert 0 <= offered <= openings
    assert (offered == 0) == (openings == 0 or percent == 100)
    assert abs(offered - openings * (100 - percent) / 100) < 1


def test_of_several_the_strongest_counts_and_only_inside_its_place() -> None:
    effects = Effects([row("reduce", 20, "440000"), row("reduce", 50), row("aid", 30, "520500"), row("close")])
    assert effects.offered(10, "440106") == 5
    assert effects.offered(10, "440606") == 8
    assert effects.offered(10, "520526") == 10
    assert (effects.aid("520526"), effects.aid("440106")) == (0.3, 0.0)
    assert effects.closed == {"440100"}


@pytest.fixture
def authority(db: Connection, actors: dict[str, Actor]) -> Actor:
    """Guangzhou's, in the name of the tests' coordinator's organisation."""
    return Actor(Role.COORDINATOR, actors["coordinator"].organisation_id, "440100", token_id=uuid4())


def shock(authority: Actor, effect: str, since: date | None = None, **stated: Any) -> UUID:
    plain = {"division_code": "440100", "kind": "epidemic", "side": "destination", "effect": effect}
    with write(authority) as tx:
        return record_shock(tx, plain | {"since": since or today(), "document": "穗府令〔2026〕1号"} | stated).id


def three(station: Actor, worker: UUID) -> Offers:
    with write(station) as tx:
        return suggest_vacancies(tx, LiveMarket(listens=False), worker)


def test_nobody_is_sent_where_an_order_closed_the_place(
    station: Actor, actors: dict[str, Actor], authority: Actor
) -> None:
    jobs_of(actors, {}, {})
    worker = worker_of(station)
    assert len(three(station, worker).items) == 2
    shock(authority, "close", since=today() + timedelta(days=1))
    assert len(three(station, worker).items) == 2
    shock(authority, "close", since=today() - timedelta(days=1), until=today())
    assert three(station, worker).items == []


@pytest.mark.parametrize("days", [0, 3])
def test_what_is_ended_is_over_at_once_on_its_first_day_too(
    station: Actor, actors: dict[str, Actor], authority: Actor, days: int
) -> None:
    jobs_of(actors, {}, {})
    worker = worker_of(station)
    closing = shock(authority, "close", since=today() - timedelta(days=days))
    assert three(station, worker).items == []
    with write(authority) as tx:
        end_shock(tx, shock_to_change(tx, closing))
    assert len(three(station, worker).items) == 2


def test_a_warning_is_said_beside_the_distance(station: Actor, actors: dict[str, Actor], authority: Actor) -> None:
    jobs_of(actors, {})
    worker = worker_of(station)
    plain = three(station, worker).items[0].parts["distance"]["why"]
    shock(authority, "warn", until=today() + timedelta(days=30))
    warned = three(station, worker).items[0].parts["distance"]["why"]
    assert warned["zh"].startswith(plain["zh"] + "；请注意：广州市至")
    assert "穗府令〔2026〕1号" in warned["zh"]
    assert warned["en"].startswith(plain["en"] + "; take note: an epidemic in 广州市 until")


def test_fewer_openings_are_offered(station: Actor, actors: dict[str, Actor], authority: Actor) -> None:
    jobs_of(actors, {"headcount": 10})
    shock(authority, "reduce", percent=30)
    assert LiveMarket(listens=False).current().vacancies.openings.tolist() == [7]


def test_a_shock_of_another_side_is_refused_by_the_database_too(db: Connection, actors: dict[str, Actor]) -> None:
    with pytest.raises(NotAllowed):
        shock(actors["coordinator"], "close")
