"""The least pay the law allows in a place on a day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.places.gazetteer import reference, rows
from app.vacancies.choices import PART_TIME_KINDS
from app.vacancies.model import MinimumWage


@dataclass(frozen=True, slots=True)
class WageTier:
    """One tier of what a place pays at least, as of a day."""

    #: A province's code, or a city's that has figures of its own (深圳).
    code: str
    region: str
    monthly_yuan: int
    #: None: the source gives no hourly figure.
    hourly_yuan: float | None
    as_of: date


@dataclass(frozen=True, slots=True)
class WageFloor:
    """What the law asks at least in a province, or in a city with figures of its own, as of a day."""

    region: str
    #: Yuan a month, lowest and highest tier.
    monthly_lowest: int
    monthly_highest: int
    #: Yuan an hour for part-time work, lowest tier. None: the source gives none.
    hourly_lowest: float | None
    as_of: date
    #: Yuan a month of the tier the place itself is in. None: which one that is, is not known.
    monthly_here: int | None = None

    def is_above(self, kind: str, wage_lo: int) -> bool:
        """Whether the tier of the place itself is known, and asks for more than a full month is paid."""
        return self.monthly_here is not None and kind not in PART_TIME_KINDS and wage_lo < self.monthly_here


class WageTable:
    """Minimum wages by place and day; without a database once it is filled."""

    def __init__(self, tiers: Iterable[WageTier]) -> None:
        self._tiers: dict[str, list[WageTier]] = {}
        for tier in tiers:
            self._tiers.setdefault(tier.code, []).append(tier)

    def floor(self, code: str, day: date) -> WageFloor | None:
        """What holds at a division on a day, by the last edition before it; None: nothing is known."""
        for area in _areas(code):
            known = [tier for tier in self._tiers.get(area, []) if tier.as_of <= day]
            if known:
                edition = max(tier.as_of for tier in known)
                return _floor([tier for tier in known if tier.as_of == edition], code)
        return None


def wage_table(session: Session, code: str | None = None) -> WageTable:
    """The minimum wages of everywhere, or those that can hold at one division."""
    query = select(MinimumWage)
    found = session.scalars(query if code is None else query.where(MinimumWage.province_code.in_(_areas(code))))
    return WageTable(
        WageTier(
            row.province_code,
            row.region,
            row.monthly_yuan,
            None if row.hourly_yuan is None else float(row.hourly_yuan),
            row.as_of,
        )
        for row in found
    )


def _areas(code: str) -> tuple[str, str]:
    """A city's own figures come before its province's."""
    return f"{code[:4]}00", f"{code[:2]}0000"


def _floor(tiers: list[WageTier], code: str) -> WageFloor:
    hourly = [tier.hourly_yuan for tier in tiers if tier.hourly_yuan is not None]
    monthly = sorted((tier.monthly_yuan for tier in tiers), reverse=True)
    at = 1 if len(monthly) == 1 else _tiers_of_cities().get(f"{code[:4]}00", 0)
    here = monthly[at - 1] if 0 < at <= len(monthly) else None
    lowest_hourly = min(hourly, default=None)
    return WageFloor(tiers[0].region, monthly[-1], monthly[0], lowest_hourly, tiers[0].as_of, here)


@cache
def _tiers_of_cities() -> Mapping[str, int]:
    """City -> its tier, where one holds for all of it."""
    return {row["code"]: int(row["tier"]) for row in rows(reference("minimum_wage_places.csv"))}
