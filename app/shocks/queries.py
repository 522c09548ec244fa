"""Finding shocks: one, a page, those in force on a day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from app.db.transaction import Read, Write
from app.db.turns import take_turn
from app.edge.paging import Window, read_page
from app.places.areas import area
from app.places.model import Division
from app.shocks.effects import Effects, ShockRow
from app.shocks.model import Shock


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which shocks are asked for; None: any."""

    division: str | None = None
    side: str | None = None
    on: date | None = None


def _in_force(on: date) -> ColumnElement[bool]:
    return (Shock.since <= on) & or_(Shock.until.is_(None), Shock.until >= on)


def effects_on(session: Session, on: date) -> Effects:
    """What the shocks of a day do."""
    query = (
        select(
            Shock.division_code,
            Division.name,
            Shock.kind,
            Shock.effect,
            Shock.percent,
            Shock.until,
            Shock.document,
            Shock.since,
        )
        .join(Division, Division.code == Shock.division_code)
        .where(_in_force(on))
        .order_by(Shock.since, Shock.id)
    )
    return Effects([ShockRow._make(row) for row in session.execute(query)])


def shocks_page(session: Session, at: Window, wanted: Wanted) -> tuple[Sequence[Shock], str | None]:
    """A page of shocks, the latest begun first."""
    query = select(Shock)
    if wanted.division is not None:
        query = query.where(Shock.division_code.between(*area(wanted.division)))
    if wanted.side is not None:
        query = query.where(Shock.side == wanted.side)
    if wanted.on is not None:
        query = query.where(_in_force(wanted.on))
    return read_page(session, query, at, Shock.since, Shock.id, newest_first=True)


def find_shock(tx: Read, shock_id: UUID) -> Shock | None:
    """One shock."""
    return tx.session.get(Shock, shock_id)


def lock_shock(tx: Write, shock_id: UUID) -> Shock | None:
    """One of the actor's own side, which nobody else changes until the transaction ends."""
    return tx.session.scalars(select(Shock).where(Shock.id == shock_id).with_for_update()).one_or_none()


def take_turns(tx: Write) -> None:
    """Of two that record the same at once the second finds the first one's."""
    take_turn(tx.session, "shocks")


def overlapping(tx: Read, row: Shock) -> UUID | None:
    """Another shock of the same kind and effect there that stands on a day of this one."""
    query = select(Shock.id).where(
        Shock.id != row.id,
        Shock.division_code == row.division_code,
        Shock.kind == row.kind,
        Shock.effect == row.effect,
        or_(Shock.until.is_(None), Shock.until >= row.since),
    )
    if row.until is not None:
        query = query.where(Shock.since <= row.until)
    return tx.session.scalar(query.limit(1))
