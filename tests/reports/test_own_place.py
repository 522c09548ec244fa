"""A coordinator's own place within the whole picture."""

from __future__ import annotations

from sqlalchemy import Connection

from app.db.transaction import read
from app.reports.queries import Cell, Market
from app.reports.usecases import Picture, stations_in_sight
from tests import people

WHOLE = Picture(
    origins=[Cell("workers", "520526", "", 200), Cell("workers", "620421", "", 90)],
    lists=[Cell("listed", "520526", "", 210), Cell("listed", "620421", "", 95)],
    flows=[Cell("flow", "520500", "440100", 70), Cell("flow", "620400", "320500", 30)],
    market=[Market("440106", 12, 300), Market("520502", 2, 5)],
    counted=None,
)


def test_a_place_has_its_people_its_lists_its_jobs_and_the_roads_that_begin_or_end_there() -> None:
    west, east = WHOLE.inside("520500"), WHOLE.inside("440000")
    assert (west.total("workers"), [one.value for one in west.lists], west.openings) == (200, [210], 5)
    assert (east.total("workers"), east.vacancies, east.openings) == (0, 12, 300)
    assert [road.value for road in west.flows] == [road.value for road in east.flows] == [70]


def test_a_coordinator_counts_the_labour_stations_of_the_own_place_only(db: Connection) -> None:
    found = []
    for who in ("coordinator", "auditor"):
        with read(people.actor(who)) as tx:
            found.append(stations_in_sight(tx))
    assert found == [1, 3]
