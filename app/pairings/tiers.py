"""Which pairing holds between a home and a workplace at a date.

A row holds for every place inside both parties; its level is the western party's. The most specific row wins: county,
prefecture, province, an agreement inside a province, a former pair, the market. A row without `until` stays in force.
A pair that ended is `former` from the day after and says no more than that; while it stood it was a pair of its level.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from matching.tables import PROFILE_2022_1, Tier

#: The codes from the province down to a division itself.
Line: TypeAlias = Sequence[str]

#: Before it the reference list of pairings is incomplete.
COMPLETE_SINCE = date(2021, 1, 1)
_BY_LEVEL: Mapping[str, Tier] = {
    "county": Tier.COUNTY,
    "prefecture": Tier.PREFECTURE,
    "province": Tier.PROVINCE,
}
#: From the least specific to the most.
SPECIFICITY: Sequence[Tier] = (
    Tier.NONE,
    Tier.MARKET,
    Tier.FORMER,
    Tier.AGREEMENT,
    Tier.PROVINCE,
    Tier.PREFECTURE,
    Tier.COUNTY,
)
_RANK: Mapping[Tier, int] = {tier: rank for rank, tier in enumerate(SPECIFICITY)}


class PairingRow(NamedTuple):
    """One recorded pairing."""

    kind: str
    level: str
    east_code: str | None
    east_name: str
    west_code: str
    west_name: str
    since: date
    until: date | None
    document: str
    confidence: str
    #: The eastern code is wider than the party: a zone's city.
    coarse: bool


def row_of(recorded: object) -> PairingRow:
    """The row of anything with a pairing's columns as attributes."""
    return PairingRow._make(getattr(recorded, name) for name in PairingRow._fields)


@dataclass(frozen=True, slots=True)
class PairingFound:
    """The tier between two divisions and the row that makes it; blank names: none does."""

    tier: Tier
    west_name: str = ""
    east_name: str = ""
    document: str | None = None


def tier_of(row: PairingRow, on: date) -> Tier:
    """What a row says of its two parties on a day; NONE before it began."""
    if on < row.since:
        return Tier.NONE
    if row.kind == "former":
        # an end nobody recorded: it is known to be over, not since when
        return Tier.FORMER if row.until is None or on > row.until else _BY_LEVEL[row.level]
    if row.until is not None and on > row.until:
        return Tier.FORMER if row.kind == "current" else Tier.NONE
    if row.kind == "market":
        return Tier.MARKET
    return Tier.AGREEMENT if row.kind == "province_internal" else _BY_LEVEL[row.level]


def value_of(tier: Tier) -> float:
    """The pairing part of a score."""
    return PROFILE_2022_1.tier_values[tier]


def holding(rows: Iterable[PairingRow], west: Line, east: Line, on: date) -> list[tuple[Tier, PairingRow]]:
    """The rows that hold between two divisions on a day, the most specific and best known first."""
    found = [
        (tier, row)
        for row in rows
        if row.west_code in west and row.east_code in east and (tier := tier_of(row, on)) is not Tier.NONE
    ]
    return sorted(found, key=lambda pair: _precedence(pair[0], pair[1], east))


def _precedence(tier: Tier, row: PairingRow, east: Line) -> tuple[int, bool, int, int, str]:
    """Among rows of one tier: an exact party first, the narrower east, the better known, the older."""
    narrowness = len(east) - east.index(row.east_code or "")
    return (
        -_RANK[tier],
        row.coarse,
        narrowness,
        ("high", "medium", "low").index(row.confidence) if row.confidence in ("high", "medium", "low") else 3,
        row.since.isoformat() + row.document,
    )


def found_between(rows: Iterable[PairingRow], west: Line, east: Line, on: date) -> PairingFound:
    """The tier between two divisions on a day, with its document."""
    best = next(iter(holding(rows, west, east, on)), None)
    if best is None:
        return PairingFound(Tier.NONE)
    tier, row = best
    return PairingFound(tier, row.west_name, row.east_name, row.document)


def tier_table(rows: Iterable[PairingRow], lines: Sequence[Line], on: date) -> NDArray[np.uint8]:
    """uint8[d, d]: the `Tier` between a home division (row) and a workplace's (column), d divisions by their lines."""
    inside: dict[str, list[int]] = {}
    for number, line in enumerate(lines):
        for code in line:
            inside.setdefault(code, []).append(number)
    ranks = np.zeros((len(lines), len(lines)), dtype=np.uint8)
    for row in rows:
        homes, workplaces = inside.get(row.west_code), inside.get(row.east_code or "")
        tier = tier_of(row, on)
        if homes and workplaces and tier is not Tier.NONE:
            here = np.ix_(homes, workplaces)
            ranks[here] = np.maximum(ranks[here], np.uint8(_RANK[tier]))
    table: NDArray[np.uint8] = np.array(SPECIFICITY, dtype=np.uint8)[ranks]
    return table
