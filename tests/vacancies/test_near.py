"""Near search against the great circle, and the index it lives on."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, event

from app.db.transaction import read, write
from app.places.coordinates import great_circle_km
from app.places.queries import PlaceKey
from app.vacancies.queries import Filters, Nearby, nearest_vacancies
from app.vacancies.store import store_vacancies
from tests import people
from tests.vacancies.invented import draft

#: The product's points: China with a margin.
POINTS = st.tuples(st.floats(73, 136), st.floats(4, 54)).map(lambda point: (round(point[0], 6), round(point[1], 6)))


def put(points: list[tuple[float, float]]) -> None:
    places = [PlaceKey("440106", "", lon, lat, "exact") for lon, lat in points]
    with write(people.actor("destination")) as tx:
        store_vacancies(tx, [draft(n, workplace=place) for n, place in enumerate(places)])


def near(point: tuple[float, float], within_km: float | None = None, page: int = 3) -> list[tuple[str, float]]:
    """(title, km) of all vacancies, read page by page."""
    found: list[tuple[str, float]] = []
    after: tuple[float, int] | None = None
    with read(people.actor("destination")) as tx:
        while True:
            rows = nearest_vacancies(tx.session, Filters(), Nearby(*point, within_km), page, after)
            found += [(row.title, metres / 1000) for row, metres in rows]
            if len(rows) < page:
                return found
            after = (rows[-1][1], rows[-1][0].seq)


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(points=st.lists(POINTS, min_size=1, max_size=12), here=POINTS, within_km=st.floats(1, 6000))
def test_near_search_is_the_great_circle_order_whatever_the_points(
    db: Connection, points: list[tuple[float, float]], here: tuple[float, float], within_km: float
) -> None:
    point = db.begin_nested()
    put(points)
    expected = {f"电焊工{n}": great_circle_km(here, there) for n, there in enumerate(points)}
    everywhere = near(here)
    assert {title for title, _ in everywhere} == expected.keys()
    assert all(abs(km - expected[title]) < 0.001 + km * 1e-6 for title, km in everywhere)
    assert [km for _, km in everywhere] == sorted(km for _, km in everywhere)
    inside = [title for title, _ in near(here, within_km)]
    clear = {title for title, km in expected.items() if abs(km - within_km) > 0.01}
    assert [t for t in inside if t in clear] == [t for t, km in everywhere if km <= within_km and t in clear]
    point.rollback()


def test_vacancies_at_one_place_come_in_the_order_of_posting(db: Connection) -> None:
    put([(113.3, 23.1)] * 7)
    assert [title for title, _ in near((113.0, 23.0), page=2)] == [f"电焊工{n}" for n in range(7)]


def test_near_search_reads_the_index_of_places(db: Connection) -> None:
    """What is far is not even looked at, with a radius or without."""
    put([(90 + n / 50, 30.0) for n in range(2000)])
    asked: list[tuple[str, Any]] = []

    def note(connection: object, cursor: object, statement: str, parameters: Any, *rest: object) -> None:
        if "<->" in statement:
            asked.append((statement, parameters))

    event.listen(db, "before_cursor_execute", note)
    with read(people.actor("destination")) as tx:
        nearest_vacancies(tx.session, Filters(), Nearby(110.0, 30.0), 10, None)
        [(statement, parameters)] = list(asked)
        plan = "\n".join(tx.session.connection().exec_driver_sql(f"explain {statement}", parameters).scalars())
    event.remove(db, "before_cursor_execute", note)
    assert "on places" in plan
    assert "ix_places_point" in plan
    assert "Seq Scan" not in plan
