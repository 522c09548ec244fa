"""Reading pairings: rows, what holds between two divisions, and the engine's table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import Session

from app.pairings.model import Pairing
from app.pairings.tiers import Line, PairingFound, PairingRow, found_between, tier_table
from app.places.queries import lines_of

_COLUMNS = tuple(getattr(Pairing, name) for name in PairingRow._fields)


def pairing_rows(session: Session, *conditions: ColumnElement[bool]) -> list[PairingRow]:
    """The pairings that meet the conditions."""
    return [PairingRow._make(row) for row in session.execute(select(*_COLUMNS).where(*conditions))]


def rows_around(session: Session, west: Iterable[str], east: Iterable[str]) -> list[PairingRow]:
    """The pairings whose parties are among these divisions and those above them."""
    return pairing_rows(session, Pairing.west_code.in_(sorted(west)), Pairing.east_code.in_(sorted(east)))


def pairings_between(session: Session, home: str, workplaces: Sequence[str], on: date) -> dict[str, PairingFound]:
    """What holds between a home and each workplace on a day; a tier NONE where nothing does."""
    lines = lines_of(session, {home, *workplaces})
    west = lines.get(home, ())
    rows = rows_around(session, west, {code for one in workplaces for code in lines.get(one, ())})
    return {one: found_between(rows, west, lines.get(one, ()), on) for one in workplaces}


def tiers_on(session: Session, on: date, index: Mapping[str, int]) -> NDArray[np.uint8]:
    """uint8[d, d]: the tier between the divisions as `index` numbers them, 0 to d-1, homes in rows."""
    lines = lines_of(session, None)
    ordered: list[Line] = [()] * len(index)
    for code, number in index.items():
        ordered[number] = lines[code]
    return tier_table(pairing_rows(session), ordered, on)


def listed(west: Iterable[str], east: Iterable[str], on: date | None) -> Select[Pairing]:
    """Pairings as coordinators list them: with a party in, above or around the divisions asked for, begun by a day.

    `west` and `east` name codes of which a party must be one; empty asks for any.
    """
    query = select(Pairing)
    for column, codes in ((Pairing.west_code, sorted(west)), (Pairing.east_code, sorted(east))):
        if codes:
            query = query.where(column.in_(codes))
    if on is not None:
        query = query.where(
            and_(Pairing.since <= on, or_(Pairing.kind == "former", Pairing.until.is_(None), Pairing.until >= on))
        )
    return query
