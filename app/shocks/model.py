"""What befell a place: epidemics, disasters and the like, from when to when, by which document."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, CreatedAt, Id


class Shock(Base):
    """A dated event at an origin (targeted aid) or at a destination (diversion)."""

    __tablename__ = "shocks"
    __table_args__ = (
        CheckConstraint("kind in ('epidemic','disaster','other')", name="kind"),
        CheckConstraint(
            "(side = 'origin' and effect = 'aid') or (side = 'destination' and effect in ('reduce','warn','close'))",
            name="effect",
        ),
        CheckConstraint("(effect in ('aid','reduce')) = (percent is not null)", name="percent"),
        CheckConstraint("percent between 1 and 100", name="share"),
        CheckConstraint("until is null or until >= since - 1", name="dates"),
    )
    id: Mapped[Id]
    #: It holds for every place inside.
    division_code: Mapped[str] = mapped_column(ForeignKey("divisions.code"), index=True)
    kind: Mapped[str]
    side: Mapped[str]
    #: aid: weighs for people from there; reduce: fewer openings are offered; warn: said beside a suggestion; close:
    #: nobody is sent there.
    effect: Mapped[str]
    #: aid: the weight; reduce: the share of openings not offered. None: neither.
    percent: Mapped[int | None]
    since: Mapped[date]
    #: The last day it holds; the day before `since`: it was ended on its first. None: until somebody ends it.
    until: Mapped[date | None]
    #: The order or notice behind it.
    document: Mapped[str]
    #: The authority that keeps it.
    recorded_by: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"), index=True)
    version: Mapped[int] = mapped_column(server_default="1")
    created_at: Mapped[CreatedAt]
