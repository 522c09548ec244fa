"""What a station counted of itself, and how many have gone where: no cell under ten is kept (SECURITY decision 8)."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, CreatedAt


class Figure(Base):
    """One cell: workers of a county, those who agreed, those with three jobs; first jobs from place to place; rows of a
    station's worker lists, those stored, those that wait to be mended."""

    __tablename__ = "figures"
    __table_args__ = (
        CheckConstraint("kind in ('workers','agreed','three','flow','listed','kept','amiss')", name="kind"),
        CheckConstraint("value >= 10", name="value"),
    )
    station_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id", ondelete="CASCADE"), primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    #: The county people come from; of a flow the prefecture; of a list its station's.
    code: Mapped[str] = mapped_column(primary_key=True)
    #: The prefecture a flow leads to; "" for what is no flow.
    to_code: Mapped[str] = mapped_column(primary_key=True, server_default="")
    value: Mapped[int]
    counted_at: Mapped[CreatedAt]


class CountedTwice(Base):
    """Of a county's people, or of a road's, those whom another station registered, too: so many too many the figures of
    all stations add up to."""

    __tablename__ = "counted_twice"
    __table_args__ = (
        CheckConstraint("kind in ('workers','agreed','three','flow')", name="kind"),
        CheckConstraint("value >= 10", name="value"),
    )
    kind: Mapped[str] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(primary_key=True)
    to_code: Mapped[str] = mapped_column(primary_key=True, server_default="")
    value: Mapped[int]
    counted_at: Mapped[CreatedAt]


class GoneBefore(Base):
    """People of one place who took a job in one city; each is counted in one cell alone."""

    __tablename__ = "gone_before"
    __table_args__ = (CheckConstraint("least >= 10 and least % 5 = 0", name="least"),)
    #: The county they come from; of those whose county is too few the prefecture, and then the province.
    origin: Mapped[str] = mapped_column(primary_key=True)
    #: The prefecture they work in.
    city: Mapped[str] = mapped_column(primary_key=True)
    #: At least so many, in steps of five.
    least: Mapped[int]
    counted_at: Mapped[CreatedAt]
