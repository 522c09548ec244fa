"""The least pay the law allows in a place on a day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

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
                return _floor([tier for tier in known if tier.as_of == edition])
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


def _floor(tiers: list[WageTier]) -> WageFloor:
    hourly = [tier.hourly_yuan for tier in tiers if tier.hourly_yuan is not None]
    monthly = [tier.monthly_yuan for tier in tiers]
    return WageFloor(tiers[0].region, min(monthly), max(monthly), min(hourly, default=None), tiers[0].as_of)
