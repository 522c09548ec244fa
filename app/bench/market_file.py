"""Markets kept as `.npz` files: what the benchmarks read, so that exactness can be checked from outside.

The file holds flat arrays. Divisions: `west_*` and `east_*` counties with `prov`, `pref` (numbered within the side),
`code`, `lat`, `lon`. Terms: `sim` (uint8 hundredths, occupations first). `tier` (uint8 [west, east]). `vac_*` and
`wrk_*`: one column each, lists padded with 65535, skills numbered from 0 behind the occupations. `declined`: pairs of
worker and vacancy. A reach of 0 was not stated; a province mask of 0 allows every province.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matching.tables import Geography, Market, VacancyTable, WorkerTable

#: Pads lists in the file.
PADDING = 65535
Columns = dict[str, NDArray[Any]]


@dataclass(frozen=True)
class LoadedMarket:
    """Both lists and what they share."""

    workers: WorkerTable
    vacancies: VacancyTable
    market: Market


def load_market(path: Path, *, occupations: int | None = None, first_workers: int | None = None) -> LoadedMarket:
    """Read a market file; with `first_workers` only so many of its workers.

    `occupations` says how many terms are occupations; absent: the file's `occupations`, else the 250 of files that
    do not say. Raises `ValueError` naming the column that is missing.
    """
    with np.load(path) as file:
        columns: Columns = {name: file[name] for name in file.files}
    missing = {"sim", "tier", "vac_occ", "wrk_home", "west_code", "east_code"} - columns.keys()
    if missing:
        raise ValueError(f"{path}: no column {sorted(missing)[0]!r}; expected a market file")
    count = int(occupations or columns.get("occupations", np.array(250)))
    return market_from_columns(columns, count, first_workers)


def market_from_columns(columns: Columns, occupations: int, first_workers: int | None = None) -> LoadedMarket:
    """The engine's tables from the columns of a market file."""
    west, east = len(columns["west_code"]), len(columns["east_code"])
    geography, provinces_of_east = _geography(columns, west, east)
    tiers = np.zeros((len(geography), len(geography)), np.uint8)
    tiers[:west, west : west + east] = columns["tier"]
    market = Market(geography, tiers, columns["sim"], occupations)
    workers = _workers(columns, occupations, provinces_of_east, first_workers)
    return LoadedMarket(workers, _vacancies(columns, occupations, west), market)


def _geography(columns: Columns, west: int, east: int) -> tuple[Geography, NDArray[np.int32]]:
    """West counties, east counties, then their prefectures, then their provinces; and where east's provinces lie."""
    west_prefectures = int(columns["west_pref"].max()) + 1
    west_provinces = int(columns["west_prov"].max()) + 1
    prefecture = np.concatenate([columns["west_pref"].astype(int), columns["east_pref"].astype(int) + west_prefectures])
    province = np.concatenate([columns["west_prov"].astype(int), columns["east_prov"].astype(int) + west_provinces])
    first_prefecture = west + east
    n_prefectures, n_provinces = int(prefecture.max()) + 1, int(province.max()) + 1
    first_province = first_prefecture + n_prefectures
    province_of_prefecture = np.zeros(n_prefectures, int)
    province_of_prefecture[prefecture] = province
    own_province = first_province + np.arange(n_provinces)
    geography = Geography.of(
        prefecture=np.concatenate(
            [first_prefecture + prefecture, first_prefecture + np.arange(n_prefectures), np.full(n_provinces, -1)]
        ),
        province=np.concatenate([first_province + province, first_province + province_of_prefecture, own_province]),
    )
    return geography, own_province[west_provinces:].astype(np.int32)


def _vacancies(columns: Columns, occupations: int, west: int) -> VacancyTable:
    return VacancyTable.of(
        occupation=columns["vac_occ"],
        skills=_terms(columns["vac_skills"], occupations),
        lat_deg=columns["vac_lat"],
        lon_deg=columns["vac_lon"],
        division=columns["vac_county"].astype(np.int32) + west,
        wage_lo=columns["vac_wage_lo"],
        wage_hi=columns["vac_wage_hi"],
        certificates=columns["vac_certs"],
        open=columns["vac_open"],
        openings=columns["vac_headcount"],
        employer=columns["vac_employer"],
    )


def _workers(columns: Columns, occupations: int, provinces: NDArray[np.int32], first: int | None) -> WorkerTable:
    of = {name[4:]: values[:first] for name, values in columns.items() if name.startswith("wrk_")}
    n = len(of["home"])
    declined = columns["declined"]
    declined = declined[declined[:, 0] < n]
    declined = declined[np.argsort(declined[:, 0], kind="stable")]
    return WorkerTable.of(
        home=of["home"],
        lat_deg=columns["west_lat"][of["home"]],
        lon_deg=columns["west_lon"][of["home"]],
        occupations=_terms(of["occ"], 0),
        skills=_terms(of["skills"], occupations),
        min_wage=of["min_wage"],
        reach_km=np.where(of["max_km"] == 0, np.nan, of["max_km"]),
        destinations=_named_provinces(of["prov_mask"], provinces),
        certificates=of["certs"],
        declined_start=np.searchsorted(declined[:, 0], np.arange(n + 1)),
        declined=declined[:, 1],
    )


def _terms(padded: NDArray[Any], first: int) -> NDArray[np.int32]:
    """Lists padded with 65535 and numbered from 0 -> terms numbered from `first`, padded with -1."""
    return np.where(padded == PADDING, -1, padded.astype(np.int32) + first).astype(np.int32)


def _named_provinces(mask: NDArray[Any], provinces: NDArray[np.int32]) -> NDArray[np.int32]:
    """A bit for each eastern province -> their divisions, padded with -1, as wide as the longest list."""
    named = (mask[:, None].astype(np.int64) >> np.arange(len(provinces))) & 1
    listed = np.where(named == 1, provinces[None, :], -1)
    width = max(1, int(named.sum(axis=1).max(initial=0)))
    return np.ascontiguousarray(-np.sort(-listed, axis=1)[:, :width])
