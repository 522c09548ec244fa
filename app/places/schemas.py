"""The shape of the answers about divisions."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Self

from pydantic import Field

from app.edge.paging import Page
from app.edge.strict import Out
from app.places.addresses import PlaceFound
from app.places.model import FormerName
from app.places.queries import DivisionRow


class DivisionLevel(StrEnum):
    """How fine a division is."""

    PROVINCE = "province"
    PREFECTURE = "prefecture"
    COUNTY = "county"


class PlaceSureness(StrEnum):
    """How much of an address is known."""

    COUNTY = "county"
    PREFECTURE = "prefecture"
    PROVINCE = "province"
    AMBIGUOUS = "ambiguous"
    UNKNOWN = "unknown"


class FoundBy(StrEnum):
    """By which sort of name an address was understood."""

    FULL = "full"
    ABBREVIATED = "abbreviated"
    FORMER = "former"
    ZONE = "zone"
    LOOSE = "loose"
    SHORT = "short"
    NEAR = "near"
    ACROSS = "across"
    AMBIGUOUS = "ambiguous"
    UNKNOWN = "unknown"


_LEVELS = {1: DivisionLevel.PROVINCE, 2: DivisionLevel.PREFECTURE, 3: DivisionLevel.COUNTY}


class DivisionOut(Out):
    """A division with its public label point (WGS84)."""

    code: str
    name: str
    short_name: str
    full_name: str = Field(description="省、市、县全称 / with the divisions above it")
    level: DivisionLevel
    parent: str | None
    lon: float
    lat: float
    key_county: bool = Field(description="国家乡村振兴重点帮扶县（2021）/ one of the 160 key counties")

    @classmethod
    def of(cls, row: DivisionRow) -> Self:
        """From the row."""
        return cls(
            code=row.code,
            name=row.name,
            short_name=row.short_name,
            full_name=f"{row.grandparent_name or ''}{row.parent_name or ''}{row.name}",
            level=_LEVELS[row.level],
            parent=row.parent_code,
            lon=row.lon,
            lat=row.lat,
            key_county=row.is_key_county,
        )


class FormerNameOut(Out):
    """A name the division, or a part of it, had before."""

    province: str
    prefecture: str
    county: str | None = Field(description="空：整个地级 / null: the whole prefecture")
    changed_in: str = Field(description="年、年月或日期 / a year, a month or a day")
    source: str

    @classmethod
    def of(cls, row: FormerName) -> Self:
        """From the row."""
        return cls(
            province=row.province,
            prefecture=row.prefecture,
            county=row.county or None,
            changed_in=row.changed_in,
            source=row.source,
        )


class DivisionDetailOut(DivisionOut):
    """A division with its former names and its listing as a key county."""

    former_names: list[FormerNameOut]
    key_county_since: date | None


class AddressMatchOut(Out):
    """What `q` means when it is read as an address."""

    code: str | None = Field(description="空：不明或有歧义 / null: unknown or ambiguous")
    full_name: str | None
    rest: str = Field(description="区划之后的文字：乡镇、村、街道 / what follows: town, village, street")
    sure: PlaceSureness
    how: FoundBy
    candidates: list[str] = Field(description="有歧义时可能的代码 / the codes it may mean")

    @classmethod
    def of(cls, found: PlaceFound, full_name: str | None) -> Self:
        """From what the gazetteer found."""
        return cls(
            code=found.code,
            full_name=full_name,
            rest=found.label,
            sure=PlaceSureness(found.sure),
            how=FoundBy(found.how),
            candidates=list(found.candidates),
        )


class DivisionsOut(Page[DivisionOut]):
    """A page of divisions; `match`: what q means as an address."""

    match: AddressMatchOut | None
