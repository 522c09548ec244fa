"""A plan for a list: who goes where within real openings, decided by people, answered by nobody but the worker."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Connection, select, update

from app.actor import ENGINE, Actor
from app.db.transaction import read, write
from app.errors import Conflict, NotAllowed, NotFound
from app.placements.model import OVER_STATES, TAKEN_STATES
from app.plans import deciding, usecases
from app.plans.making import make_plan, price_openings
from app.plans.model import Assignment, OpeningPrice, Plan
from app.plans.publishing import OVER, TAKEN
from app.plans.schemas import FillOut
from app.suggestions.market import LiveMarket
from app.suggestions.usecases import Offers, suggest_vacancies
from app.vacancies.model import Vacancy
from app.vacancies.store import store_vacancies
from app.workers.store import store_workers
from tests.vacancies.invented import draft as job
from tests.workers.invented import draft as somebody

WELDER = {"occupations": ("O054",), "skills": (), "certificates_text": "焊工证", "certificates": ("welding",)}
#: Built from the database whenever it is asked.
MARKET = LiveMarket(listens=False)
EVERYBODY: dict[str, Any] = {"lists": [], "divisions": [], "pairings": []}


@pytest.fixture
def station(db: Connection, actors: dict[str, Actor]) -> Actor:
    return actors["station"]


def people(station: Actor, many: int, **stated: Any) -> list[UUID]:
    first = stated.pop("number", 0)
    drafts = [somebody(first + n, **(WELDER | {"min_wage": 4000} | stated)) for n in range(many)]
    with write(station) as tx:
        return [one.worker_id for one in store_workers(tx, drafts, witness="经办人")]


def jobs(actors: dict[str, Actor], *stated: dict[str, Any]) -> list[UUID]:
    with write(actors["destination"]) as tx:
        drafts = [job(n, **{"employer": f"示例{n}厂"} | one) for n, one in enumerate(stated)]
        return [one.vacancy_id for one in store_vacancies(tx, drafts)]


def planned(actor: Actor, scope: dict[str, Any] = EVERYBODY) -> Plan:
    with write(actor) as tx:
        plan_id = usecases.order_plan(tx, scope).id
    make_plan(actor, plan_id)
    with read(actor) as tx:
        return usecases.read_plan(tx, plan_id)


def assigned(station: Actor, plan: Plan) -> dict[UUID, UUID | None]:
    with read(station) as tx:
        rows = tx.session.scalars(select(Assignment).where(Assignment.plan_id == plan.id)).all()
    return {row.worker_id: row.vacancy_id for row in rows}


def three(station: Actor, worker: UUID) -> Offers:
    with write(station) as tx:
        return suggest_vacancies(tx, LiveMarket(listens=False), worker)


def test_a_plan_tells_of_each_county_how_many_go_to_which_city(station: Actor, actors: dict[str, Actor]) -> None:
    people(station, 3)
    jobs(actors, {"headcount": 2})
    assert planned(station).outcome["homes"] == [
        {"home": "520526", "workers": 3, "placed": 2, "to": [["440100", 2]]},
    ]


def test_a_plan_places_everybody_whom_plain_suggestions_would_crowd(station: Actor, actors: dict[str, Actor]) -> None:
    workers = people(station, 3)
    jobs(actors, {"wage_hi": 9000, "headcount": 1}, {"headcount": 1}, {"headcount": 1})
    plan = planned(station)
    assert plan.state == "ready"
    assert plan.outcome["placed"] == 3
    assert len(set(assigned(station, plan).values())) == 3
    assert set(assigned(station, plan)) == set(workers)
    assert plan.outcome["certificate"] >= 0.9999
    assert (
        plan.outcome["congestion"]["before"]["placed_by_first"] < plan.outcome["congestion"]["after"]["placed_by_first"]
    )


def test_no_vacancy_gets_more_than_its_openings(station: Actor, actors: dict[str, Actor]) -> None:
    people(station, 5)
    [vacancy] = jobs(actors, {"headcount": 2})
    plan = planned(station)
    assert list(assigned(station, plan).values()).count(vacancy) == 2
    assert plan.outcome["placed"] == 2


def test_a_published_plan_comes_first_and_accepts_nothing(station: Actor, actors: dict[str, Actor]) -> None:
    people(station, 3)
    jobs(actors, {"wage_hi": 9000, "headcount": 1}, {"headcount": 1}, {"headcount": 1})
    plan = planned(station)
    before = assigned(station, plan)
    with write(station) as tx:
        _, published, fallen = usecases.publish_plan(tx, plan.id)
    assert (published, fallen) == (3, 0)
    for worker, vacancy in before.items():
        first, *others = three(station, worker).items
        assert first.vacancy.id == vacancy
        assert first.planned
        assert not any(one.planned for one in others)
        assert first.vacancy.openings == 1


def test_a_vacancy_closed_meanwhile_falls_out_at_publishing(station: Actor, actors: dict[str, Actor]) -> None:
    people(station, 1)
    [vacancy] = jobs(actors, {"headcount": 1})
    plan = planned(station)
    with write(actors["destination"]) as tx:
        tx.session.execute(update(Vacancy).where(Vacancy.id == vacancy).values(state="closed"))
    with write(station) as tx:
        _, published, fallen = usecases.publish_plan(tx, plan.id)
    assert (published, fallen) == (0, 1)


def test_a_person_decides_otherwise_with_a_reason_and_within_the_openings(
    station: Actor, actors: dict[str, Actor]
) -> None:
    people(station, 2)
    first, second = jobs(actors, {"headcount": 1}, {"headcount": 1})
    plan = planned(station)
    going = {vacancy: worker for worker, vacancy in assigned(station, plan).items()}
    with write(station) as tx, pytest.raises(Conflict):
        deciding.override(tx, MARKET, plan.id, going[first], second, "离家近")
    with write(station) as tx:
        deciding.override(tx, MARKET, plan.id, going[first], None, "本人另有安排")
        found = deciding.override(tx, MARKET, plan.id, going[second], first, "夫妻同行")
    assert (found.vacancy_id, found.override_reason) == (first, "夫妻同行")
    with write(station) as tx:
        usecases.publish_plan(tx, plan.id)
    with read(station) as tx:
        assert usecases.how_followed(tx, plan.id)["overridden"] == 1


def test_a_published_plan_is_changed_no_more(station: Actor, actors: dict[str, Actor]) -> None:
    [worker] = people(station, 1)
    jobs(actors, {})
    plan = planned(station)
    with write(station) as tx:
        usecases.publish_plan(tx, plan.id)
    with write(station) as tx, pytest.raises(Conflict):
        deciding.override(tx, MARKET, plan.id, worker, None, "晚了")


def test_replanning_keeps_what_was_published(station: Actor, actors: dict[str, Actor]) -> None:
    people(station, 3)
    jobs(actors, {"headcount": 1}, {"headcount": 1}, {"headcount": 1})
    first = planned(station)
    with write(station) as tx:
        usecases.publish_plan(tx, first.id)
    again = planned(station)
    assert again.outcome["changes"] == {"kept": 3, "moved": 0, "lost": 0, "new": 0}
    assert assigned(station, again) == assigned(station, first)


def test_who_has_not_agreed_is_not_planned_for(station: Actor, actors: dict[str, Actor]) -> None:
    with write(station) as tx:
        store_workers(tx, [somebody(1, **(WELDER | {"consent": False}))])
    jobs(actors, {})
    plan = planned(station)
    assert (plan.state, plan.reason["code"]) == ("failed", "nobody")
    assert plan.reason["zh"].startswith("所选范围里有 1 人，还没有人同意推荐：请先征得本人同意")


def test_companions_go_to_one_workplace_or_nowhere(station: Actor, actors: dict[str, Actor]) -> None:
    one, other, third = people(station, 3)
    pair, _ = jobs(actors, {"headcount": 2}, {"headcount": 1, "wage_hi": 9000})
    with write(station) as tx:
        usecases.go_together(tx, [one, other], "workplace")
    going = assigned(station, planned(station))
    assert going[one] == going[other] == pair
    assert going[third] != pair


def test_a_plan_that_was_called_off_is_not_made(station: Actor, actors: dict[str, Actor]) -> None:
    people(station, 1)
    jobs(actors, {})
    with write(station) as tx:
        plan = usecases.order_plan(tx, EVERYBODY)
        usecases.cancel_plan(tx, plan.id)
    make_plan(station, plan.id)
    with read(station) as tx:
        assert usecases.read_plan(tx, plan.id).state == "cancelled"
    assert assigned(station, plan) == {}


def test_another_station_finds_neither_the_plan_nor_its_people(station: Actor, actors: dict[str, Actor]) -> None:
    [worker] = people(station, 1)
    jobs(actors, {})
    plan = planned(station)
    with write(actors["other_station"]) as tx:
        for act in (
            lambda: usecases.read_plan(tx, plan.id),
            lambda: usecases.read_assignments(tx, MARKET, plan.id, after=None, limit=10),
            lambda: usecases.publish_plan(tx, plan.id),
            lambda: deciding.override(tx, MARKET, plan.id, worker, None, "x"),
        ):
            with pytest.raises(NotFound):
                act()


def test_an_employer_makes_no_plan(db: Connection, actors: dict[str, Actor]) -> None:
    with write(actors["employer"]) as tx, pytest.raises(NotAllowed):
        usecases.order_plan(tx, EVERYBODY)


def test_prices_order_the_three_and_the_poster_learns_what_stays_empty(
    station: Actor, actors: dict[str, Actor]
) -> None:
    people(station, 4)
    wanted, cheap, _ = jobs(
        actors,
        {"wage_hi": 9000, "headcount": 1},
        {"wage_lo": 4000, "wage_hi": 4200, "headcount": 9},
        {"occupation": "O001", "headcount": 5},
    )
    with read(actors["destination"]) as tx:
        before = FillOut.of(*usecases.read_fill(tx, wanted), "zh")
    assert (before.filled, before.made_at) == (None, None)
    assert "还没有算出来" in before.why
    assert price_openings() is not None
    with read(ENGINE) as tx:
        kept = {row.vacancy_id: row.price for row in tx.session.scalars(select(OpeningPrice))}
    assert set(kept) == {wanted}
    with read(actors["destination"]) as tx:
        fill, other = (FillOut.of(*usecases.read_fill(tx, one), "zh") for one in (wanted, cheap))
    assert (fill.openings, fill.filled, fill.why) == (1, 1, "大家都按方案走，大约能招到 1 / 1。")
    assert "没有哪一个条件" in other.why


def test_a_plan_for_one_division_leaves_the_others_alone(station: Actor, actors: dict[str, Actor]) -> None:
    people(station, 1)
    jobs(actors, {})
    elsewhere = planned(station, {"lists": [], "divisions": ["440106"], "pairings": []})
    assert elsewhere.reason["zh"].startswith("所选范围里没有人")


def test_companions_whose_wishes_exclude_each_other_are_told_so(station: Actor, actors: dict[str, Actor]) -> None:
    workers = [*people(station, 1), *people(station, 1, number=7, occupations=("O001",), certificates=())]
    jobs(actors, {}, {"occupation": "O001"})
    with write(station) as tx:
        usecases.go_together(tx, workers, "workplace")
    plan = planned(station)
    assert plan.outcome["companions"]["left_out"] == 1
    with write(station) as tx:
        found = usecases.read_assignments(tx, MARKET, plan.id, after=None, limit=10)
    assert all("没有他们都合适、又够位子的" in one.why[0] for one in found)


def test_plans_know_what_the_states_of_a_placement_mean():
    assert tuple(TAKEN) == TAKEN_STATES
    assert tuple(OVER) == OVER_STATES
