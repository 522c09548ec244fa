"""What a station counted of itself: no cell under ten leaves it (SECURITY decision 8)."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, CreatedAt


class Figure(Base):
    """One cell: workers of a county, those who agreed, those with three jobs, or first jobs from place to place."""

    __tablename__ = "figures"
    __table_args__ = (
        CheckConstraint("kind in ('workers','agreed','three','flow')", name="kind"),
        CheckConstraint("value >= 10", name="value"),
    )
    station_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id", ondelete="CASCADE"), primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    #: The county people come from; of a flow the prefecture.
    code: Mapped[str] = mapped_column(primary_key=True)
    #: The prefecture a flow leads to; "" for what is no flow.
    to_code: Mapped[str] = mapped_column(primary_key=True, server_default="")
    value: Mapped[int]
    counted_at: Mapped[CreatedAt]
