"""Invented labour markets for benchmarks: deterministic, of any size, in the columns of a market file.

What a search finds easy or hard is kept as in life: occupations and places are unequally popular, employers hire
for one trade at one place, skills go with trades, pay varies around the trade's, most workers name provinces. Names
of trades are put together from syllables; nobody and no firm in here exists.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.bench.market_file import PADDING, Columns

_TOOLS = "平双包绷打锁钉裁烫验绣印纺织挡焊铣磨钳刨镗冲折钣模抛铸锻镀喷注挤压贴插点"
_GOODS = "车缝眼扣布花染纱电线板壳管架轮箱柜门窗鞋包皮纸盒瓶砖瓦木石茶果菜面肉鱼"
_ROLES = ("工", "员", "师", "操作员", "学徒")
#: Degrees: the box that holds the sides' province centres (south, north, west, east).
_WEST_BOX, _EAST_BOX = (24.0, 38.0, 90.0, 108.0), (21.0, 41.0, 112.0, 122.0)
_CERTIFICATES = 24


@dataclass(frozen=True)
class Size:
    """How wide a market is. The default is that of the usual market files; `NATION` is as wide as the country."""

    west: tuple[int, int] = (12, 1_001)
    east: tuple[int, int] = (11, 867)
    occupations: int = 250
    skills: int = 600

    @property
    def provinces_of_east(self) -> int:
        """How many provinces a worker can name."""
        return self.east[0]


NATION = Size(west=(30, 3_000), east=(34, 3_000), occupations=1_000, skills=1_200)


def occupation_names(count: int) -> list[str]:
    """So many different invented trades."""
    combined = [tool + good + role for role in _ROLES for tool in _TOOLS for good in _GOODS]
    return combined[:count]


def generate(seed: int, vacancies: int, workers: int, size: Size | None = None) -> Columns:
    """The columns of a market file for a seed and numbers of vacancies and workers."""
    size = size or Size()
    rng = np.random.default_rng([seed, vacancies, workers])
    families = _families(rng, size)
    west, east = _side(rng, size.west, _WEST_BOX), _side(rng, size.east, _EAST_BOX)
    tiers, partners = _pairings(rng, size, west, east)
    columns: Columns = {"sim": _likeness(rng, families), "tier": tiers, "occupations": np.array(size.occupations)}
    columns |= {f"west_{name}": values for name, values in west.items()}
    columns |= {f"east_{name}": values for name, values in east.items()}
    columns |= {f"vac_{name}": values for name, values in _vacancies(rng, vacancies, size, families, east).items()}
    people = _workers(rng, workers, size, families, west, partners)
    columns |= {f"wrk_{name}": values for name, values in people.items()}
    columns["declined"] = _declined(rng, people["occ"][:, 0], columns["vac_occ"], size)
    return columns


def with_places_for_all(columns: Columns) -> Columns:
    """The same market with about as many open places as workers, shared out as the headcounts were, one at least."""
    headcount = columns["vac_headcount"].astype(float)
    wanted = len(columns["wrk_home"]) / max(1.0, float(headcount[columns["vac_open"]].sum()))
    # Rounding is carried on from one to the next, so that many small headcounts do not all round the same way.
    ends = np.floor(np.cumsum(headcount * wanted))
    return columns | {"vac_headcount": np.maximum(1, np.diff(ends, prepend=0.0)).astype(np.uint16)}


@dataclass(frozen=True)
class _Families:
    """Terms in families: trades and skills of one branch."""

    of_occupation: NDArray[np.int64]
    of_skill: NDArray[np.int64]
    #: float64[occupations]: how often a trade occurs, and what it usually pays.
    popularity: NDArray[np.float64]
    pay: NDArray[np.float64]
    #: int64[occupations, 24]: skills that go with a trade, the usual ones first.
    skills: NDArray[np.int64]
    #: int64[occupations]: the certificate a trade asks for, or -1.
    certificate: NDArray[np.int64]


def _families(rng: np.random.Generator, size: Size) -> _Families:
    count = max(4, size.occupations // 15)
    of_occupation = np.sort(rng.integers(0, count, size.occupations))
    of_skill = np.sort(rng.integers(0, count, size.skills))
    near = (of_skill[None, :] == of_occupation[:, None]) + rng.random((size.occupations, size.skills))
    return _Families(
        of_occupation,
        of_skill,
        popularity=_unequal(rng, size.occupations, 0.9),
        pay=4_200 + 3_200 * rng.random(size.occupations),
        skills=np.argsort(-near, axis=1)[:, :24],
        certificate=np.where(rng.random(size.occupations) < 0.15, rng.integers(0, _CERTIFICATES, size.occupations), -1),
    )


def _likeness(rng: np.random.Generator, families: _Families) -> NDArray[np.uint8]:
    """Within a family some terms stand in for others; across families hardly any does."""
    family = np.concatenate([families.of_occupation, families.of_skill])
    n = len(family)
    draw = rng.random((n, n))
    same = family[:, None] == family[None, :]
    values = np.where(same, np.where(draw > 0.85, 0.45 + 3.3 * (draw - 0.85), 0.2), np.where(draw > 0.98, 0.3, 0.0))
    np.fill_diagonal(values, 1.0)
    return np.round(100 * np.minimum(values, 1.0)).astype(np.uint8)


def _side(rng: np.random.Generator, size: tuple[int, int], box: tuple[float, float, float, float]) -> Columns:
    """Counties around their prefectures, prefectures around their provinces; county 0 of a side is in province 0."""
    provinces, counties = size
    south, north, west, east = box
    prefectures = max(provinces, counties // 9)
    province_of = np.sort(np.concatenate([np.arange(provinces), rng.integers(0, provinces, prefectures - provinces)]))
    pref = np.sort(np.concatenate([np.arange(prefectures), rng.integers(0, prefectures, counties - prefectures)]))
    centre_lat, centre_lon = rng.uniform(south, north, provinces), rng.uniform(west, east, provinces)
    pref_lat = centre_lat[province_of] + rng.normal(0, 1.1, prefectures)
    pref_lon = centre_lon[province_of] + rng.normal(0, 1.3, prefectures)
    prov = province_of[pref]
    return {
        "prov": prov.astype(np.uint8),
        "pref": pref.astype(np.uint16),
        "code": (10_000 * (11 + prov) + np.arange(counties)).astype(np.int32),
        "lat": np.round(pref_lat[pref] + rng.normal(0, 0.3, counties), 4),
        "lon": np.round(pref_lon[pref] + rng.normal(0, 0.35, counties), 4),
    }


def _pairings(
    rng: np.random.Generator, size: Size, west: Columns, east: Columns
) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """Tiers [west, east], and the eastern province each western one is paired with."""
    partners = rng.integers(0, size.east[0], size.west[0])
    former = rng.integers(0, size.east[0], size.west[0])
    tiers = np.zeros((len(west["prov"]), len(east["prov"])), np.uint8)
    tiers[
        rng.random((int(west["pref"].max()) + 1, int(east["pref"].max()) + 1))[west["pref"]][:, east["pref"]] > 0.98
    ] = 1
    tiers[former[west["prov"]][:, None] == east["prov"][None, :]] = 2
    paired = partners[west["prov"]][:, None] == east["prov"][None, :]
    tiers[paired] = 3
    partner_county = np.array([rng.choice(np.flatnonzero(row)) if row.any() else -1 for row in paired])
    homes = np.flatnonzero(partner_county >= 0)
    pairs = np.zeros((int(west["pref"].max()) + 1, int(east["pref"].max()) + 1), bool)
    pairs[west["pref"][homes], east["pref"][partner_county[homes]]] = True
    tiers[pairs[west["pref"]][:, east["pref"]]] = 4
    tiers[homes, partner_county[homes]] = 5
    return tiers, partners


def _unequal(rng: np.random.Generator, n: int, steepness: float) -> NDArray[np.float64]:
    """Weights that fall with a random rank, as popularity does."""
    return np.asarray((1.0 + rng.permutation(n)) ** -steepness, dtype=np.float64)


def _chosen(rng: np.random.Generator, weights: NDArray[np.float64], n: int) -> NDArray[np.int64]:
    total = np.cumsum(weights)
    return np.minimum(np.searchsorted(total / total[-1], rng.random(n), side="right"), len(weights) - 1)


def _skills_of(
    rng: np.random.Generator, families: _Families, occupations: NDArray[Any], most: int
) -> tuple[NDArray[np.uint16], NDArray[np.uint8]]:
    """Up to so many different skills that go with each trade, and how many."""
    n = len(occupations)
    # Distinct by construction: each next skill lies further down the trade's list.
    places = np.cumsum(1 + (rng.random((n, most)) ** 2 * (24 // most)).astype(int), axis=1) - 1
    counts = (rng.random(n) ** 1.3 * (most + 1)).astype(int)
    listed = families.skills[occupations[:, None], np.minimum(places, 23)]
    listed[np.arange(most)[None, :] >= counts[:, None]] = PADDING
    return listed.astype(np.uint16), counts.astype(np.uint8)


def _vacancies(rng: np.random.Generator, n: int, size: Size, families: _Families, east: Columns) -> Columns:
    employers = max(50, n // 4)
    county = _chosen(rng, _unequal(rng, len(east["prov"]), 0.8), employers)
    lat = np.round(east["lat"][county] + rng.normal(0, 0.05, employers), 5)
    lon = np.round(east["lon"][county] + rng.normal(0, 0.06, employers), 5)
    trade = _chosen(rng, families.popularity, employers)
    employer = np.minimum((rng.random(n) ** 1.6 * employers).astype(int), employers - 1)
    occupation = np.where(rng.random(n) < 0.7, trade[employer], _chosen(rng, families.popularity, n))
    middle = families.pay[occupation] * np.exp(rng.normal(0, 0.17, n))
    width = 0.04 + 0.2 * rng.random(n)
    wage_lo = np.clip(np.round(middle * (1 - width), -2), 1_800, 30_000)
    skills, counts = _skills_of(rng, families, occupation, 5)
    needed = families.certificate[occupation]
    required = np.where((needed >= 0) & (rng.random(n) < 0.7), 1 << np.maximum(needed, 0), 0)
    return {
        "occ": occupation.astype(np.uint16),
        "nskill": counts,
        "skills": skills,
        "county": county[employer].astype(np.uint16),
        "lat": lat[employer],
        "lon": lon[employer],
        "wage_lo": wage_lo.astype(np.uint16),
        "wage_hi": np.maximum(np.clip(np.round(middle * (1 + width), -2), 1_800, 32_000), wage_lo).astype(np.uint16),
        "headcount": np.clip(1 / (1 - rng.random(n)) ** 0.75, 1, 300).astype(np.uint16),
        "start_day": (rng.random(n) ** 2 * 180).astype(np.uint16),
        "certs": required.astype(np.uint32),
        "housing": rng.random(n) < 0.7,
        "open": rng.random(n) < 0.95,
        "employer": employer.astype(np.int32),
    }


def _workers(
    rng: np.random.Generator,
    n: int,
    size: Size,
    families: _Families,
    west: Columns,
    partners: NDArray[np.int64],
) -> Columns:
    home = _chosen(rng, _unequal(rng, len(west["prov"]), 0.5), n)
    occupations = np.full((n, 3), PADDING)
    occupations[:, 0] = first = _chosen(rng, families.popularity, n)
    for place, share in ((1, 0.5), (2, 0.2)):
        another = _chosen(rng, families.popularity, n)
        new = (rng.random(n) < share) & (occupations[:, place - 1] != PADDING)
        new &= (another != occupations[:, 0]) & (another != occupations[:, 1])
        occupations[new, place] = another[new]
    skills, counts = _skills_of(rng, families, first, 6)
    named = rng.integers(0, size.provinces_of_east, (n, 3))
    mask = np.left_shift(np.uint64(1), partners[west["prov"][home]].astype(np.uint64))
    for place in range(3):
        mask |= np.where(rng.random(n) < 0.4, np.left_shift(np.uint64(1), named[:, place].astype(np.uint64)), 0).astype(
            np.uint64
        )
    held = families.certificate[first]
    return {
        "home": home.astype(np.uint16),
        "nocc": (occupations != PADDING).sum(axis=1).astype(np.uint8),
        "occ": occupations.astype(np.uint16),
        "nskill": counts,
        "skills": skills,
        "prov_mask": np.where(rng.random(n) < 0.35, 0, mask).astype(np.uint64),
        "min_wage": np.clip(
            np.round(families.pay[first] * 0.82 * np.exp(rng.normal(0, 0.18, n)), -2), 2_000, 15_000
        ).astype(np.uint16),
        "max_km": np.where(rng.random(n) < 0.55, 0, 300 + 100 * rng.integers(0, 25, n)).astype(np.uint16),
        "certs": np.where((held >= 0) & (rng.random(n) < 0.6), 1 << np.maximum(held, 0), 0).astype(np.uint32),
        "priority": _chosen(rng, np.array([0.7, 0.2, 0.1]), n).astype(np.uint8),
    }


def _declined(
    rng: np.random.Generator, wished: NDArray[np.uint16], offered: NDArray[np.uint16], size: Size
) -> NDArray[np.int32]:
    """A tenth of the workers declined one to three vacancies of the trade they wish for."""
    order = np.argsort(offered, kind="stable")
    first = np.searchsorted(offered[order], np.arange(size.occupations + 1))
    workers = np.repeat(
        np.arange(len(wished)), np.where(rng.random(len(wished)) < 0.1, rng.integers(1, 4, len(wished)), 0)
    )
    trade = wished[workers].astype(int)
    there = first[trade + 1] - first[trade]
    workers, trade, there = workers[there > 0], trade[there > 0], there[there > 0]
    chosen = order[first[trade] + (rng.random(len(trade)) * there).astype(int)]
    return np.unique(np.stack([workers, chosen], axis=1), axis=0).astype(np.int32)
