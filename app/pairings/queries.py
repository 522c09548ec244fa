"""Reading pairings: rows, what holds between two divisions, and the engine's table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from uuid import UUID

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import Session, aliased

from app.db.transaction import Read, Write
from app.db.turns import take_turn
from app.edge.paging import Window, read_page
from app.pairings.model import Pairing
from app.pairings.tiers import Line, PairingFound, PairingRow, found_between, tier_table
from app.places.model import Division
from app.places.queries import lines_of

_COLUMNS = tuple(getattr(Pairing, name) for name in PairingRow._fields)


def pairing_rows(session: Session, *conditions: ColumnElement[bool]) -> list[PairingRow]:
    """The pairings that meet the conditions."""
    return [PairingRow._make(row) for row in session.execute(select(*_COLUMNS).where(*conditions))]


def rows_around(session: Session, west: Iterable[str], east: Iterable[str]) -> list[PairingRow]:
    """The pairings whose parties are among these divisions and those above them."""
    return pairing_rows(session, Pairing.west_code.in_(sorted(west)), Pairing.east_code.in_(sorted(east)))


class Recorded:
    """Every pairing and division as read at one moment, to be asked without the database."""

    def __init__(self, rows: Sequence[PairingRow], lines: Mapping[str, Line]) -> None:
        self._rows = rows
        self._lines = lines
        self._by_west: dict[str, list[PairingRow]] = {}
        for row in rows:
            self._by_west.setdefault(row.west_code, []).append(row)

    def between(self, home: str, workplace: str, on: date) -> PairingFound:
        """What holds between a home and a workplace on a day; a tier NONE where nothing does."""
        west = self._lines.get(home, ())
        rows = [row for code in west for row in self._by_west.get(code, ())]
        return found_between(rows, west, self._lines.get(workplace, ()), on)

    def tiers(self, on: date, index: Mapping[str, int]) -> NDArray[np.uint8]:
        """uint8[d, d]: the tier between the divisions as `index` numbers them, 0 to d-1, homes in rows."""
        ordered: list[Line] = [()] * len(index)
        for code, number in index.items():
            ordered[number] = self._lines[code]
        return tier_table(self._rows, ordered, on)


def recorded(session: Session) -> Recorded:
    """Every pairing there is."""
    return Recorded(pairing_rows(session), lines_of(session, None))


def listed_page(session: Session, at: Window, west: Line, east: Line, on: date) -> tuple[Sequence[Pairing], str | None]:
    """A page of the pairings begun by a day, of which a party is in one of these lines or inside their last division;
    an empty line asks for any. Those of the market and inside a province go when they end; others become former."""
    query = select(Pairing).where(
        Pairing.since <= on,
        or_(Pairing.kind.in_(("current", "former")), Pairing.until.is_(None), Pairing.until >= on),
    )
    for column, line in ((Pairing.west_code, west), (Pairing.east_code, east)):
        if line:
            query = query.where(or_(column.in_(line), column.in_(_inside(line[-1]))))
    return read_page(session, query, at, Pairing.west_code, Pairing.since, Pairing.id)


def find_pairing(tx: Read, pairing_id: UUID) -> Pairing | None:
    """One pairing."""
    return tx.session.get(Pairing, pairing_id)


def lock_pairing(tx: Write, pairing_id: UUID) -> Pairing | None:
    """One of the actor's own side, which nobody else changes until the transaction ends."""
    return tx.session.scalars(select(Pairing).where(Pairing.id == pairing_id).with_for_update()).one_or_none()


def take_turns(tx: Write) -> None:
    """Of two that record the same pairing at once the second finds the first one's."""
    take_turn(tx.session, "pairings")


def overlapping(tx: Read, row: Pairing) -> UUID | None:
    """Another pairing of the same sort between the same two that stands on a day of this one."""
    sort = ("current", "former") if row.kind in ("current", "former") else (row.kind,)
    query = select(Pairing.id).where(
        Pairing.id != row.id,
        Pairing.kind.in_(sort),
        Pairing.west_code == row.west_code,
        Pairing.east_code == row.east_code,
        Pairing.east_name == row.east_name,
        or_(Pairing.until.is_(None), Pairing.until >= row.since),
    )
    if row.until is not None:
        query = query.where(Pairing.since <= row.until)
    return tx.session.scalar(query.limit(1))


def _inside(code: str) -> Select[str]:
    """The divisions below one, two levels down."""
    below = aliased(Division)
    return select(Division.code).where(
        or_(
            Division.parent_code == code,
            Division.parent_code.in_(select(below.code).where(below.parent_code == code)),
        )
    )
