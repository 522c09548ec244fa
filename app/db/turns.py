"""Taking turns: two transactions that may not be at the same thing at once."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session


def take_turn(session: Session, at: str) -> None:
    """Wait until no other transaction is at this; until the end of this one none is."""
    session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(at, 0))))
