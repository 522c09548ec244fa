"""The least pay the law allows in a place on a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.vacancies.model import MinimumWage


@dataclass(frozen=True, slots=True)
class LeastPay:
    """What holds in a province, or in a city of its own figures."""

    region: str
    #: Yuan a month in the lowest tier.
    monthly_yuan: int
    #: Yuan an hour for part-time work, lowest tier. None: the source gives none.
    hourly_yuan: float | None
    as_of: date


def least_pay(session: Session, code: str, day: date) -> LeastPay | None:
    """The lowest tier at a division on a day, by the last edition before it; None: nothing is known.

    A city with figures of its own (深圳) stands in the table beside its province.
    """
    return _latest(session, f"{code[:4]}00", day) or _latest(session, f"{code[:2]}0000", day)


def _latest(session: Session, area: str, day: date) -> LeastPay | None:
    here = MinimumWage.province_code == area
    edition = select(func.max(MinimumWage.as_of)).where(here, MinimumWage.as_of <= day).scalar_subquery()
    row = session.execute(
        select(
            func.min(MinimumWage.region).label("region"),
            func.min(MinimumWage.monthly_yuan).label("monthly"),
            func.min(MinimumWage.hourly_yuan).label("hourly"),
            func.min(MinimumWage.as_of).label("as_of"),
        ).where(here, MinimumWage.as_of == edition)
    ).one()
    return LeastPay(row.region, row.monthly, row.hourly, row.as_of) if row.monthly is not None else None
