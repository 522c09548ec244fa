"""Whom two stations registered: stations never learn of each other's people, so the engine counts them.

Every station counts its own people; added up, somebody whom two registered would count twice. By county and kind it is
kept how many too many that makes, none under ten, and taken off what the coordinator reads.
"""

from __future__ import annotations

from sqlalchemy import Insert, Select, delete, func, insert, literal, select, text
from sqlalchemy.sql.elements import ColumnElement

from app.actor import ENGINE
from app.db.transaction import write
from app.reports.model import CountedTwice
from app.reports.queries import LEAST
from app.suggestions.model import Suggestion
from app.workers.model import Consent, Worker, person_records
from app.workers.queries import MATCHING_STANDS


def count_twice() -> None:
    """Count anew, over all stations."""
    agreed = select(Consent.worker_id).where(MATCHING_STANDS)
    three = select(Suggestion.worker_id).where(Suggestion.current, Suggestion.rank == 3)
    with write(ENGINE) as tx:
        tx.session.execute(text("select pg_advisory_xact_lock(hashtextextended('counted_twice', 0))"))
        tx.session.execute(delete(CountedTwice))
        tx.session.execute(_insert("workers"))
        tx.session.execute(_insert("agreed", Worker.id.in_(agreed)))
        tx.session.execute(_insert("three", Worker.id.in_(agreed), Worker.id.in_(three)))


def _insert(kind: str, *whose: ColumnElement[bool]) -> Insert:
    """The records of a kind beyond a person's first, by county."""
    person = person_records.c.person_id
    several = select(person).group_by(person).having(func.count() > 1)
    number = func.row_number().over(partition_by=person, order_by=Worker.id)
    records = (
        select(Worker.home_code, number.label("number"))
        .join(person_records, person_records.c.worker_id == Worker.id)
        .where(person.in_(several), *whose)
        .subquery()
    )
    cells: Select[str, str, int] = (
        select(literal(kind), records.c.home_code, func.count())
        .where(records.c.number > 1)
        .group_by(records.c.home_code)
        .having(func.count() >= LEAST)
    )
    return insert(CountedTwice).inline().from_select(["kind", "code", "value"], cells)
