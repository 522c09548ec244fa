"""How many from one's own parts took a job in a city, told on the worker's card: at least so many, never under ten.

The engine counts once a day and keeps rounded cells only. Whoever's county is too few in a city is counted with the
prefecture's others, and then with the province's: in one cell, so that no difference between two tells of fewer.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from sqlalchemy import delete, exists, func, insert, select

from app.actor import ENGINE
from app.db.transaction import Read, write
from app.placements.model import TAKEN_STATES, Placement
from app.places.gazetteer import read_units
from app.reports.model import GoneBefore
from app.reports.queries import LEAST
from app.vacancies.model import Vacancy
from app.workers.model import Worker

STEP = 5
#: The digits that name a county, a prefecture, a province.
_LEVELS = (6, 4, 2)


class Gone(NamedTuple):
    """At least so many of a place work in a city."""

    origin: str
    city: str
    least: int


def cells(counted: Iterable[tuple[str, str, int]]) -> list[Gone]:
    """Home county, city and how many -> the cells that may be told, each person in one at most."""
    found: list[Gone] = []
    rest = Counter[tuple[str, str]]()
    for home, city, many in counted:
        rest[home, city] += many
    for digits in _LEVELS:
        found += [Gone(*at, many - many % STEP) for at, many in rest.items() if many >= LEAST]
        few, rest = {at: many for at, many in rest.items() if many < LEAST}, Counter()
        for (origin, city), many in few.items():
            rest[origin[: digits - 2].ljust(6, "0"), city] += many
    return found


def count_gone_before() -> bool:
    """Count anew, once a day; False: it was done today."""
    home, work = Worker.home_code, Vacancy.workplace_code
    city = func.left(work, 4) + "00"
    placed = (
        select(home, city, func.count(Worker.id.distinct()))
        .join(Placement, Placement.worker_id == Worker.id)
        .join(Vacancy, Vacancy.id == Placement.vacancy_id)
        .where(Placement.state.in_(TAKEN_STATES), func.left(home, 4) != func.left(work, 4))
        .group_by(home, city)
    )
    with write(ENGINE) as tx:
        if tx.session.scalar(select(exists().where(GoneBefore.counted_at >= func.current_date()))):
            return False
        tx.session.execute(delete(GoneBefore))
        told = cells((county, place, many) for county, place, many in tx.session.execute(placed))
        if told:
            tx.session.execute(insert(GoneBefore), [one._asdict() for one in told])
    return True


def gone_before(tx: Read, home: str, workplaces: Iterable[str]) -> Mapping[str, Gone]:
    """Workplace -> how many of the smallest place around a home work in its city, where that may be told."""
    cities = {code: f"{code[:4]}00" for code in workplaces}
    line = read_units()[home].line if home in read_units() else ()
    query = (
        select(GoneBefore.origin, GoneBefore.city, GoneBefore.least)
        .where(GoneBefore.origin.in_(line), GoneBefore.city.in_(cities.values()))
        .order_by(GoneBefore.origin)
    )
    by_city = {row.city: Gone._make(row) for row in tx.session.execute(query)}  # the county's comes last
    return {code: by_city[city] for code, city in cities.items() if city in by_city}
