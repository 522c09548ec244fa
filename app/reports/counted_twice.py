"""Whom two stations registered: stations never learn of each other's people, so the engine counts them.

Every station counts its own people; added up, somebody whom two registered would count twice. By county and kind, and
by road of first jobs, it is kept how many too many that makes, none under ten, and taken off what coordinators read.
"""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Insert, Select, delete, func, insert, literal, select

from app.actor import ENGINE
from app.db.transaction import write
from app.db.turns import take_turn
from app.reports.model import CountedTwice
from app.reports.queries import LEAST, prefecture
from app.suggestions.model import Suggestion
from app.vacancies.model import Vacancy
from app.workers.model import Consent, Worker, person_records
from app.workers.queries import MATCHING_STANDS


def count_twice() -> None:
    """Count anew, over all stations."""
    agreed = select(Consent.worker_id).where(MATCHING_STANDS)
    three = select(Suggestion.worker_id).where(Suggestion.current, Suggestion.rank == 3)
    people = select(Worker.id, Worker.home_code.label("code"), literal("").label("to_code"))
    first_jobs = (
        select(
            Worker.id, prefecture(Worker.home_code).label("code"), prefecture(Vacancy.workplace_code).label("to_code")
        )
        .join(Suggestion, (Suggestion.worker_id == Worker.id) & Suggestion.current & (Suggestion.rank == 1))
        .join(Vacancy, Vacancy.id == Suggestion.vacancy_id)
    )
    with write(ENGINE) as tx:
        take_turn(tx.session, "counted_twice")
        tx.session.execute(delete(CountedTwice))
        tx.session.execute(_insert("workers", people))
        tx.session.execute(_insert("agreed", people.where(Worker.id.in_(agreed))))
        tx.session.execute(_insert("three", people.where(Worker.id.in_(agreed), Worker.id.in_(three))))
        tx.session.execute(_insert("flow", first_jobs))


def _insert(kind: str, counted: Select[UUID, str, str]) -> Insert:
    """The records that were counted beyond a person's first, by place or road."""
    person = person_records.c.person_id
    several = select(person).group_by(person).having(func.count() > 1)
    number = func.row_number().over(partition_by=person, order_by=Worker.id)
    records = (
        counted.add_columns(number.label("number"))
        .join(person_records, person_records.c.worker_id == Worker.id)
        .where(person.in_(several))
        .subquery()
    )
    at = (records.c.code, records.c.to_code)
    cells: Select[str, str, str, int] = (
        select(literal(kind), *at, func.count()).where(records.c.number > 1).group_by(*at).having(func.count() >= LEAST)
    )
    return insert(CountedTwice).inline().from_select(["kind", "code", "to_code", "value"], cells)
