"""What the last plan for everybody makes of openings: their prices, how full each vacancy gets, and how crowded
suggestions are. Kept by the engine; an employer reads of the own vacancies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from app.db.bulk import Values, columns_of, insert_rows
from app.db.transaction import Read, Write
from app.plans.model import Crowding, OpeningPrice, VacancyFill
from app.vacancies.model import Vacancy


class PriceRow(NamedTuple):
    """What a plan says of one vacancy."""

    vacancy_id: UUID
    price: int
    openings: int
    filled: int
    limit: str | None
    kept_away: int
    pay_under_by: int


def keep_prices(engine: Write, rows: Sequence[PriceRow], shares: Mapping[str, Any]) -> None:
    """Make these the prices of openings, and say how full each vacancy gets and how crowded suggestions are. The
    transaction is the engine's."""
    session = engine.session
    session.execute(delete(Crowding))
    session.add(Crowding(shares=dict(shares)))
    session.execute(delete(OpeningPrice))
    priced = [row for row in rows if row.price > 0]
    if priced:
        insert_rows(session, "opening_prices", columns_of(priced, {"vacancy_id": "uuid", "price": "int"}))
    _keep_fills(session, rows)


def _keep_fills(session: Session, rows: Sequence[PriceRow]) -> None:
    session.execute(delete(VacancyFill))
    poster = dict(session.execute(select(Vacancy.id, Vacancy.poster_id).where(Vacancy.state == "open")).all())
    there = [row for row in rows if row.vacancy_id in poster]
    if there:
        kinds = {"vacancy_id": "uuid", "openings": "int", "filled": "int", "kept_away": "int", "pay_under_by": "int"}
        columns = columns_of(there, kinds) | {
            '"limit"': Values("text", [row.limit for row in there]),
            "poster_id": Values("uuid", [poster[row.vacancy_id] for row in there]),
        }
        insert_rows(session, "vacancy_fills", columns)


def kept_prices(session: Session) -> dict[UUID, int]:
    """Prices of openings from the last plan."""
    rows = session.execute(select(OpeningPrice.vacancy_id, OpeningPrice.price))
    return {row.vacancy_id: row.price for row in rows}


def kept_price(tx: Read, vacancy_id: UUID) -> int:
    """What an opening of a vacancy was worth at the last prices for everybody."""
    return tx.session.scalar(select(OpeningPrice.price).where(OpeningPrice.vacancy_id == vacancy_id)) or 0


def fill_of(tx: Read, vacancy_id: UUID) -> VacancyFill | None:
    """How the last plan fills one's own vacancy."""
    return tx.session.scalars(select(VacancyFill).where(VacancyFill.vacancy_id == vacancy_id)).one_or_none()


def own_fills(tx: Read) -> dict[UUID, VacancyFill]:
    """How the last plan fills each of one's own vacancies."""
    return {row.vacancy_id: row for row in tx.session.scalars(select(VacancyFill))}


def crowding(tx: Read) -> Crowding | None:
    """How crowded suggestions were at the last prices for everybody; None before the first."""
    return tx.session.scalars(select(Crowding)).one_or_none()


def coverage(session: Session) -> dict[str, int]:
    """Openings there were when prices were made last, those the plan filled, and those of vacancies left empty.

    The transaction is the engine's.
    """
    empty = func.sum(VacancyFill.openings).filter(VacancyFill.filled == 0)
    query = select(func.sum(VacancyFill.openings), func.sum(VacancyFill.filled), empty)
    sums = session.execute(query).one()
    return dict(zip(("open", "filled", "of_empty_vacancies"), (int(one or 0) for one in sums), strict=True))
