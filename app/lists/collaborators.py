"""What reading a list needs from other rooms, handed in: places, words, minimum wages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal, Protocol

from app.places.addresses import PlaceFound
from matching.certificates import Certificates
from matching.lexicon import Understood


class Places(Protocol):
    """Addresses → divisions."""

    def find(self, text: str, near: str | None = None) -> PlaceFound:
        """The division an address means; `near` settles what the text leaves open."""

    def full_name(self, code: str) -> str:
        """Province, prefecture and county in one."""


class Words(Protocol):
    """Words → occupations, skills, certificates."""

    def understand(self, text: str, *, kind: Literal["worker", "job"] = "worker") -> Understood:
        """Occupations and skills of a text."""

    def certificates(self, text: str) -> Certificates:
        """Certificates a text names."""


@dataclass(frozen=True, slots=True)
class WageFloor:
    """What the law asks at least in a province (or a city with its own figures), as of a day."""

    region: str
    #: Yuan a month, lowest and highest tier.
    monthly_lowest: int
    monthly_highest: int
    #: Yuan an hour for part-time work, lowest tier. None: the source gives none.
    hourly_lowest: float | None
    as_of: date


class MinimumWages(Protocol):
    """Minimum wages by place and day."""

    def floor(self, code: str, day: date) -> WageFloor | None:
        """What holds at a division on a day; None when nothing is known."""


@dataclass(frozen=True, slots=True)
class WageTier:
    """One row of the reference table."""

    #: A province's code, or a city's that has figures of its own (深圳).
    code: str
    region: str
    monthly_yuan: int
    hourly_yuan: float | None
    as_of: date


class WageTable:
    """MinimumWages over rows: a city's own figures before its province's, the latest edition before the day."""

    def __init__(self, tiers: list[WageTier]) -> None:
        self._tiers: dict[str, list[WageTier]] = {}
        for tier in tiers:
            self._tiers.setdefault(tier.code, []).append(tier)

    def floor(self, code: str, day: date) -> WageFloor | None:
        for area in (f"{code[:4]}00", f"{code[:2]}0000"):
            known = [tier for tier in self._tiers.get(area, []) if tier.as_of <= day]
            if known:
                return _floor([tier for tier in known if tier.as_of == max(other.as_of for other in known)])
        return None


def _floor(tiers: list[WageTier]) -> WageFloor:
    hourly = [tier.hourly_yuan for tier in tiers if tier.hourly_yuan is not None]
    monthly = [tier.monthly_yuan for tier in tiers]
    return WageFloor(tiers[0].region, min(monthly), max(monthly), min(hourly) if hourly else None, tiers[0].as_of)
