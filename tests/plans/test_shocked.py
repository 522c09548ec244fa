"""A replan after a shock: who is affected, what they are offered instead, how the target moves with them."""

from __future__ import annotations

from uuid import uuid4

from sqlalchemy import Connection

from app.actor import Actor, Role
from app.db.transaction import write
from app.places.queries import PlaceKey
from app.plans import usecases
from app.plans.schemas import AssignmentOut
from tests.plans.test_plans import MARKET, assigned, jobs, people, planned, station
from tests.shocks.test_effects import authority, shock

__all__ = ["authority", "station"]
ELSEWHERE = {"workplace": PlaceKey("440104"), "workplace_text": "广东省广州市越秀区"}
HERE = {"division_code": "440106"}


def published(station: Actor) -> None:
    plan = planned(station)
    with write(station) as tx:
        usecases.publish_plan(tx, plan.id)


def test_a_closed_destination_diverts_its_people_and_the_target_moves_by_a_dated_order(
    station: Actor, actors: dict[str, Actor], authority: Actor
) -> None:
    people(station, 3)
    hit, _ = jobs(actors, {"headcount": 3, "wage_hi": 9000}, ELSEWHERE | {"headcount": 2, "wage_hi": 6000})
    published(station)
    shock(authority, "close", **HERE)
    again = planned(station)
    assert hit not in assigned(station, again).values()
    assert (again.outcome["vacancies"], again.outcome["openings"]) == (1, 2)
    [told] = again.outcome["shocks"]
    assert told["document"] == "穗府令〔2026〕1号"
    assert [told[name] for name in ("affected", "stayed", "elsewhere", "without")] == [3, 0, 2, 1]
    assert told["mean_before"] > 50
    assert told["target"]["state"] == "proposed"
    assert told["target"]["fewer"] == 3
    assert told["target"]["moves"] == [{"west": "520526", "east": "440104", "more": 2}]
    assert "穗府令〔2026〕1号" in told["target"]["reason"]["zh"]


def test_the_station_sees_who_is_diverted_and_why(station: Actor, actors: dict[str, Actor], authority: Actor) -> None:
    people(station, 2)
    jobs(actors, {"headcount": 1, "wage_hi": 9000}, ELSEWHERE | {"headcount": 5, "wage_hi": 6000})
    published(station)
    shock(authority, "close", **HERE)
    again = planned(station)
    with write(station) as tx:
        found = [
            AssignmentOut.of(one, "zh") for one in usecases.read_assignments(tx, MARKET, again.id, after=None, limit=10)
        ]
    assert all(one.vacancy is not None and one.vacancy.workplace == "广东省广州市越秀区" for one in found)
    [diverted] = [one for one in found if one.diverted_by]
    assert "穗府令〔2026〕1号" in str(diverted.diverted_by)


def test_an_authority_is_told_of_no_few_who_move(station: Actor, actors: dict[str, Actor], authority: Actor) -> None:
    people(station, 2)
    jobs(actors, {"headcount": 2, "wage_hi": 9000}, ELSEWHERE | {"headcount": 2, "wage_hi": 6000})
    published(station)
    shock(authority, "reduce", percent=100, **HERE)
    [told] = planned(actors["coordinator"]).outcome["shocks"]
    assert (told["elsewhere"], told["target"]["moves"]) == (2, [])


def test_aid_for_an_origin_says_how_many_are_placed(db: Connection, station: Actor, actors: dict[str, Actor]) -> None:
    people(station, 2)
    jobs(actors, {"headcount": 1})
    west = Actor(Role.COORDINATOR, actors["coordinator"].organisation_id, "520500", token_id=uuid4())
    shock(west, "aid", division_code="520500", side="origin", percent=100)
    [told] = planned(station).outcome["shocks"]
    assert (told["workers"], told["placed"]) == (2, 1)
