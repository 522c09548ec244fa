"""How a market lies in an index: places by province, sorted slots and cells, sites, and what fits into their keys."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matching.compiled import kernels
from matching.tables import NO_DAY, Bytes, Ints, Longs, Market, TableError, VacancyTable

#: Of a key: row, falling pay, place, occupation.
ROW_BITS, _PAY_BITS, PLACE_BITS, OCCUPATION_BITS = 22, 17, 13, 11
#: The searching loops take so many provinces at once.
_PROVINCES_AT_ONCE = 8


@dataclass(frozen=True)
class Places:
    """Divisions in the order of their provinces: p places, q provinces."""

    #: int32[4, p], see `kernels.Grid.places`.
    places: Ints
    place_of: Ints
    #: int32[d] by division, and int32[p] by place.
    province_number: Ints
    province_number_of_place: Ints
    #: int32[q + 1]: the first place of each province, and the end.
    first: Ints
    #: uint8[d, q]: the tier of highest value between a home and a province.
    best_tier: Bytes

    @classmethod
    def of(cls, market: Market) -> Places:
        """From the market's geography, orders and tiers."""
        geography = market.geography
        provinces, inverse = np.unique(geography.province, return_inverse=True)
        number: Ints = inverse.astype(np.int32)
        division = np.argsort(number, kind="stable").astype(np.int32)
        place_of = np.empty_like(division)
        place_of[division] = np.arange(len(division), dtype=np.int32)
        closed = kernels.places_of(market).closed
        columns = (division, geography.prefecture[division], geography.province[division], closed[division])
        # A few provinces without places make loops over them even.
        even = -(-len(provinces) // _PROVINCES_AT_ONCE) * _PROVINCES_AT_ONCE
        first = np.searchsorted(number[division], np.arange(even + 1)).astype(np.int32)
        # Tiers by value: the one of highest number is not the one of highest value.
        by_value = np.argsort(np.array(market.profile.tier_values), kind="stable").astype(np.uint8)
        value_rank = np.argsort(by_value).astype(np.uint8)
        ranked = value_rank[market.tiers[:, division]]
        best = np.zeros((len(division), even), np.uint8)
        best[:, : len(provinces)] = np.maximum.reduceat(ranked, first[: len(provinces)], axis=1) if len(division) else 0
        return cls(np.stack(columns).astype(np.int32), place_of, number, number[division], first, by_value[best])


def check_market_width(market: Market) -> None:
    """All that the market numbers must fit the index's keys."""
    at_most("divisions", len(market.geography), 1 << PLACE_BITS)
    at_most("occupations", market.occupations + 1, 1 << OCCUPATION_BITS)
    at_most("terms", len(market.likeness), kernels.MOST_WAGE)
    divisions = np.unique(market.geography.province, return_counts=True)[1]
    at_most("provinces", len(divisions), 64)
    at_most("divisions of one province", int(divisions.max(initial=0)), kernels.MOST_CELLS)


def check_width(vacancies: VacancyTable) -> None:
    """Pay and days must fit their slots."""
    at_most("wage_hi", int(vacancies.wage_hi.max(initial=0)), kernels.MOST_WAGE)
    for name in ("valid_until_day", "start_day"):
        days = getattr(vacancies, name)
        at_most(name, int(days.max(initial=0)), kernels.NO_SLOT_DAY - 1)
        if bool(np.any((days < 0) & (days != NO_DAY))):
            raise TableError(f"{name} {int(days[(days < 0) & (days != NO_DAY)][0])}: days before 1970 are not kept")


def at_most(name: str, value: int, most: int) -> None:
    """Raise `TableError` where there are more than the index can number."""
    if value > most:
        raise TableError(f"{name} {value}: the index takes at most {most}")


def laid_out(vacancies: VacancyTable, market: Market, spare: int) -> tuple[kernels.Grid, Ints]:
    """The grid of a table with some room behind it, its slots still empty; and the number of each row's site."""
    places = Places.of(market)
    n, provinces, occupations = len(vacancies), len(places.first) - 1, market.occupations + 1
    occupation = np.where(vacancies.occupation < 0, market.occupations, vacancies.occupation)
    place = places.place_of[vacancies.division]
    keys = _sorted_keys(occupation, place, vacancies)
    rows = keys & ((1 << ROW_BITS) - 1)
    site, sites = _sites(vacancies, rows)
    slots = np.zeros(len(keys) + spare, kernels.slot_dtype(kernels.width_for(vacancies.skills.shape[1], 5)))
    slot_of = np.full(n + spare, -1, np.int32)
    slot_of[rows] = np.arange(len(rows), dtype=np.int32)
    cells, bounds, groups, used_cells = _cells(keys, occupations, provinces, places.province_number_of_place)
    asked = np.zeros((occupations, len(market.likeness)), np.bool_)
    reach_of_term = np.zeros((len(market.likeness), occupations), np.uint8)
    kernels.learn_skills(vacancies.occupation, vacancies.skills, asked, market.likeness, reach_of_term)
    spheres = np.full((4, len(places.place_of)), -1, np.float32)
    province_spheres = np.full((4, provinces), -1, np.float32)
    kernels.enclose(place, vacancies.points, spheres)
    kernels.enclose(places.province_number[vacancies.division], vacancies.points, province_spheres)
    seq = np.zeros(n + spare, np.int64)
    seq[:n] = vacancies.seq
    ascending = n if bool(np.all(vacancies.seq[1:] > vacancies.seq[:-1])) else 0
    used_sites = int(site[rows].max(initial=-1)) + 1
    state = [len(keys), used_sites, used_cells, 0, n, ascending, int(vacancies.seq.max(initial=-1))]
    grid = kernels.Grid(
        slots=slots,
        sites=sites,
        demands=np.zeros(64, kernels.DEMANDS),
        later=np.full(spare, -1, np.int32),
        cells=cells,
        cell_bounds=bounds,
        groups=groups,
        spheres=spheres,
        province_spheres=province_spheres,
        places=places.places,
        province_first=places.first,
        place_of=places.place_of,
        province_number=places.province_number,
        best_tier=places.best_tier,
        reach_of_term=reach_of_term,
        seq=seq,
        slot_of=slot_of,
        asked=asked,
        state=np.array(state),
        demand_table=np.full(256, -1, np.int32),
    )
    return grid, site


def _sorted_keys(occupation: Ints, place: Ints, vacancies: VacancyTable) -> Longs:
    """One integer a live vacancy, sorted: occupation, place, falling pay, row."""
    live = np.flatnonzero(vacancies.open & (vacancies.openings > 0))
    pay = kernels.MOST_PAY - (vacancies.wage_lo + vacancies.wage_hi)[live]
    keys = occupation[live].astype(np.int64) << PLACE_BITS | place[live]
    return np.sort((keys << _PAY_BITS | pay) << ROW_BITS | live)


def _cells(
    keys: Longs, occupations: int, provinces: int, province_of_place: Ints
) -> tuple[kernels.Records, Ints, Ints, int]:
    """Cells with some room behind them, their bounds, groups, and the number of cells used."""
    heads = keys >> (_PAY_BITS + ROW_BITS)
    used = int(np.count_nonzero(heads[1:] != heads[:-1])) + 1 if len(keys) else 0
    room = used + max(256, used // 16)
    cells, bounds = np.zeros(room, kernels.CELLS), np.zeros((3, room), np.int32)
    bounds[kernels.CELL_PLACE] = len(province_of_place)
    groups = np.zeros((4, occupations * provinces), np.int32)
    kernels.fill_cells(
        keys, _PAY_BITS + ROW_BITS, PLACE_BITS, ROW_BITS, provinces, province_of_place, cells, bounds, groups
    )
    return cells, bounds, groups, used


def _sites(vacancies: VacancyTable, rows: Longs) -> tuple[Ints, kernels.Records]:
    """The number of each row's site, and the sites in the order of the slots, so that neighbours lie together."""
    employer = vacancies.employer.astype(np.int64).view(np.uint64)
    lat, lon = vacancies.lat_deg.view(np.uint64), vacancies.lon_deg.view(np.uint64)
    numbers, firsts = np.zeros(len(vacancies), np.int32), np.zeros(len(vacancies), np.int32)
    count = kernels.number_alike(lat, lon, employer, numbers, firsts)
    firsts = kernels.renumber(rows, numbers, firsts[:count])
    sites = np.zeros(len(firsts) + max(64, len(firsts) // 32), kernels.SITES)
    for axis, name in enumerate("xyz"):
        sites[name][: len(firsts)] = vacancies.points[firsts, axis]
    sites["employer"][: len(firsts)] = vacancies.employer[firsts]
    return numbers, sites


def widened(slots: kernels.Records, skills: int, *, padding: int) -> kernels.Records:
    """The same slots with longer lists of required skills."""
    width = slots.dtype["skills"].shape[0]
    wide = np.zeros(len(slots), kernels.slot_dtype(kernels.width_for(skills, width)))
    wide["skills"] = padding
    for name in slots.dtype.names or ():
        target = wide[name][:, :width] if name == "skills" else wide[name]
        target[...] = slots[name]
    return wide


def grown(array: NDArray[Any], room: int) -> NDArray[Any]:
    """A copy with room at the end of the last axis; demands and slots are one-dimensional, cells are not."""
    grown = np.zeros((*array.shape[:-1], max(1, room)), array.dtype)
    grown[..., : array.shape[-1]] = array
    return grown
