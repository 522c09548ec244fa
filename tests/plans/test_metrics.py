"""/metrics tells how crowded the last plan is and how far openings get filled: shares and sums, nothing of anybody."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, generate_latest
from sqlalchemy import Connection

from app.actor import Actor
from app.plans.making import price_openings
from app.plans.metrics import PlanFigures
from tests.plans.test_plans import jobs, people, planned, station

__all__ = ["station"]


def told() -> str:
    registry = CollectorRegistry()
    registry.register(PlanFigures())
    return generate_latest(registry).decode()


def test_before_the_first_prices_no_share_is_told(db: Connection) -> None:
    assert "eastwest_plan_congestion{" not in told()


def test_the_last_plan_and_the_last_prices_are_told(station: Actor, actors: dict[str, Actor]) -> None:
    people(station, 2)
    jobs(actors, {"headcount": 1}, {"headcount": 3, "occupation": "O001"})
    planned(station)
    price_openings()
    lines = told()
    assert 'eastwest_plan_congestion{share="placed_by_first",way="planned"} 0.5' in lines
    assert 'eastwest_plan_openings{which="filled"} 1.0' in lines
    assert 'eastwest_plan_openings{which="of_empty_vacancies"} 3.0' in lines
