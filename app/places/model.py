"""Divisions, the names they used to have, and public places."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Identity, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import POINT, Base, Id


class Division(Base):
    """A GB/T 2260 place: province, prefecture or county."""

    __tablename__ = "divisions"
    __table_args__ = (Index("ix_divisions_point", "point", postgresql_using="gist"),)
    code: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    short_name: Mapped[str]
    #: 1 province, 2 prefecture, 3 county.
    level: Mapped[int]
    #: The division above. None: a province.
    parent_code: Mapped[str | None] = mapped_column(ForeignKey("divisions.code"), index=True)
    #: A label point inside the division, not its seat.
    point: Mapped[Any] = mapped_column(POINT)
    source: Mapped[str]


class FormerName(Base):
    """A name a county had before, so that old lists still find their place."""

    __tablename__ = "former_names"
    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    changed_in: Mapped[str]
    province: Mapped[str]
    prefecture: Mapped[str]
    county: Mapped[str]
    code: Mapped[str] = mapped_column(ForeignKey("divisions.code"), index=True)
    source: Mapped[str]
    __table_args__ = (UniqueConstraint("province", "prefecture", "county"),)


class Place(Base):
    """A public place: a county, or a town or village in it. Personal rows point here and have no geometry."""

    __tablename__ = "places"
    __table_args__ = (
        CheckConstraint("sure in ('exact','county','prefecture','province')", name="sure"),
        Index("ix_places_point", "point", postgresql_using="gist"),
        UniqueConstraint("division_code", "detail", "point_key"),
    )
    id: Mapped[Id]
    division_code: Mapped[str] = mapped_column(ForeignKey("divisions.code"))
    #: Town, village or street as written; empty: the division as a whole.
    detail: Mapped[str] = mapped_column(server_default="")
    #: The point's text when coordinates were given, else empty: makes the place unique.
    point_key: Mapped[str] = mapped_column(Text, server_default="")
    point: Mapped[Any] = mapped_column(POINT)
    #: "exact": coordinates were given; else the level whose label point stands in, and km are shown as 约.
    sure: Mapped[str]


class KeyCounty(Base):
    """One of the 160 national key counties for rural revitalisation (2021)."""

    __tablename__ = "key_counties"
    code: Mapped[str] = mapped_column(ForeignKey("divisions.code"), primary_key=True)
    listed_on: Mapped[date]
    source: Mapped[str]
    confidence: Mapped[str]
