"""Counting the own station's people, and adding up what stations counted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Insert, Integer, Select, case, cast, delete, func, insert, literal, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from app.db.transaction import Write
from app.identity.model import Organisation
from app.lists.model import PostedList
from app.reports.model import CountedTwice, Figure
from app.suggestions.model import Suggestion
from app.vacancies.model import Vacancy
from app.vacancies.queries import on_market
from app.workers.model import Consent, Worker
from app.workers.queries import MATCHING_STANDS

#: The smallest cell that leaves a station.
LEAST = 10


class Cell(NamedTuple):
    """A figure of a place, or from one place to another."""

    kind: str
    code: str
    to_code: str
    value: int


class Market(NamedTuple):
    """What is open in a county."""

    code: str
    vacancies: int
    openings: int


def recount(tx: Write) -> None:
    """Count the actor's station anew."""
    tx.session.execute(delete(Figure))
    tx.session.execute(_counted("workers", select(Worker.id, Worker.home_code)))
    consent = (Consent.worker_id == Worker.id) & MATCHING_STANDS
    agreed = select(Worker.id, Worker.home_code).join(Consent, consent)
    tx.session.execute(_counted("agreed", agreed))
    three = agreed.join(Suggestion, (Suggestion.worker_id == Worker.id) & Suggestion.current & (Suggestion.rank == 3))
    tx.session.execute(_counted("three", three))
    tx.session.execute(_flows())
    tx.session.execute(_listed("listed", ("rows",), ("ready", "stored")))
    tx.session.execute(_listed("kept", ("new", "updated", "unchanged"), ("stored",)))
    tx.session.execute(_listed("amiss", ("rejected",), ("ready", "stored")))


def _mine() -> ColumnElement[object]:
    return func.app.ctx_organisation("station")


def _counted(kind: str, people: Select[UUID, str]) -> Insert:
    found = people.subquery()
    cells = (
        select(_mine(), literal(kind), found.c.home_code, literal(""), func.count())
        .group_by(found.c.home_code)
        .having(func.count() >= LEAST)
    )
    return insert(Figure).inline().from_select(["station_id", "kind", "code", "to_code", "value"], cells)


def prefecture(code: Any) -> ColumnElement[str]:
    """The prefecture of a county's code."""
    return func.left(code, 4) + "00"


def _flows() -> Insert:
    start, end = prefecture(Worker.home_code), prefecture(Vacancy.workplace_code)
    cells = (
        select(_mine(), literal("flow"), start, end, func.count())
        .join(Suggestion, (Suggestion.worker_id == Worker.id) & Suggestion.current & (Suggestion.rank == 1))
        .join(Vacancy, Vacancy.id == Suggestion.vacancy_id)
        .group_by(start, end)
        .having(func.count() >= LEAST)
    )
    return insert(Figure).inline().from_select(["station_id", "kind", "code", "to_code", "value"], cells)


def _listed(kind: str, outcomes: Sequence[str], states: Sequence[str]) -> Insert:
    """Rows of the station's worker lists in these states that had one of these outcomes; of a file that was uploaded
    several times those of the last."""
    last = (
        select(PostedList.division_code, PostedList.state, PostedList.counts)
        .where(PostedList.kind == "worker", PostedList.state.in_(("ready", "stored")))
        .ext(distinct_on(PostedList.division_code, PostedList.filename))
        .order_by(PostedList.division_code, PostedList.filename, PostedList.created_at.desc())
        .subquery()
    )
    rows = func.sum(sum((func.coalesce(last.c.counts[one].as_integer(), 0) for one in outcomes), literal(0)))
    cells = (
        select(_mine(), literal(kind), last.c.division_code, literal(""), rows)
        .where(last.c.state.in_(states))
        .group_by(last.c.division_code)
        .having(rows >= LEAST)
    )
    return insert(Figure).inline().from_select(["station_id", "kind", "code", "to_code", "value"], cells)


def cells(session: Session) -> Sequence[Cell]:
    """What all stations counted, place by place, rounded to five: whom two registered once, no cell under ten."""
    kind, code, to_code = Figure.kind, Figure.code, Figure.to_code
    twice = select(CountedTwice.value).where(
        CountedTwice.kind == kind, CountedTwice.code == code, CountedTwice.to_code == to_code
    )
    people = func.sum(Figure.value) - func.coalesce(twice.scalar_subquery(), 0)
    rounded = (func.round(people / 5.0) * 5).cast(Figure.value.type)
    query = select(kind, code, to_code, rounded).group_by(kind, code, to_code).having(people >= LEAST)
    return [Cell._make(row) for row in session.execute(query)]


def counted_between(session: Session) -> tuple[datetime, datetime] | None:
    """When the first and the last station counted; None: none did."""
    first, last = session.execute(select(func.min(Figure.counted_at), func.max(Figure.counted_at))).one()
    return None if first is None else (first, last)


def count_stations(session: Session) -> int:
    """Labour stations in sight, at home and at destinations."""
    query = select(func.count()).where(Organisation.kind.in_(("station", "destination")))
    return session.scalars(query).one()


def open_by_county(session: Session) -> Sequence[Market]:
    """Vacancies and places open, by the county of the workplace: a job that two accounts post counts once, as often as
    the account does that posts most of it."""
    accounts = select(Vacancy.employer, Vacancy.poster_id).where(on_market()).distinct().subquery()
    twice = select(accounts.c.employer).group_by(accounts.c.employer).having(func.count() > 1).subquery()

    def of_twice(column: Any) -> ColumnElement[Any]:
        # job by job only where two accounts post: grouping 10,000 rows by five columns takes 40 ms, this 13
        return case((twice.c.employer.is_not(None), column))

    job = (Vacancy.employer, Vacancy.title, Vacancy.workplace_id, Vacancy.wage_lo, Vacancy.wage_hi)
    county, each = Vacancy.workplace_code, [of_twice(column).label(column.key) for column in job]
    left = func.sum(Vacancy.headcount - Vacancy.filled)
    posted = (
        select(county, *each, func.count().label("vacancies"), left.label("openings"))
        .outerjoin(twice, twice.c.employer == Vacancy.employer)
        .where(on_market())
        .group_by(county, *each, of_twice(Vacancy.poster_id))
        .subquery()
    )
    most = [func.max(posted.c[name]).label(name) for name in ("vacancies", "openings")]
    once = (
        select(posted.c.workplace_code, *most)
        .group_by(posted.c.workplace_code, *(posted.c[column.key] for column in job))
        .subquery()
    )
    whole = (cast(func.sum(column), Integer) for column in (once.c.vacancies, once.c.openings))  # else a decimal
    query = select(once.c.workplace_code, *whole).group_by(once.c.workplace_code)
    return [Market._make(row) for row in session.execute(query)]
