"""Small invented markets in which everything collides: few places, few terms, round pay, so that ties are common."""

from dataclasses import dataclass, replace

import numpy as np
from hypothesis import strategies as st

from matching import NO_DAY, Geography, Market, Profile, Scope, Tier, VacancyTable, Weights, WorkerTable

#: Divisions: provinces 0 and 1; prefectures 2 and 3 in province 0, 4 in province 1; counties behind them.
PREFECTURE = [-1, -1, 2, 3, 4, 2, 2, 3, 4, 4, -1]
PROVINCE = [0, 1, 0, 0, 1, 0, 0, 0, 1, 1, 1]
COUNTIES = np.array([5, 6, 7, 8, 9, 10])
OCCUPATIONS, TERMS = 5, 12
TODAY = 20_000

WEIGHT_SETS = (
    Weights(),
    Weights(0.25, 0.25, 0.25, 0.25),
    Weights(0.1, 0.5, 0.2, 0.2),
    Weights(0.0, 1.0, 0.0, 0.0),
    Weights(0.0, 0.0, 0.0, 1.0),
    Weights(0.0, 0.0, 1.0, 0.0),
)


@dataclass(frozen=True)
class World:
    """Both tables and what they share."""

    workers: WorkerTable
    vacancies: VacancyTable
    market: Market


@st.composite
def worlds(
    draw: st.DrawFn, max_vacancies: int = 60, weights: st.SearchStrategy[Weights] | None = None, max_workers: int = 5
) -> World:
    """A market with any share of blanks and any share of limits in force."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    limits = draw(st.sampled_from([0.0, 0.05, 0.3]))
    blanks = draw(st.sampled_from([0.0, 0.2, 0.9]))
    market = _market(rng, limits, draw(weights or st.sampled_from(WEIGHT_SETS)))
    n_vacancies = draw(st.integers(0, max_vacancies))
    return World(
        _workers(rng, draw(st.integers(0, max_workers)), n_vacancies, limits, blanks),
        _vacancies(rng, n_vacancies, limits, blanks),
        market,
    )


def with_weights(world: World, weights: Weights) -> World:
    """The same people and vacancies under other weights."""
    profile = replace(world.market.profile, weights=weights)
    return replace(world, market=replace(world.market, profile=profile))


def _market(rng: np.random.Generator, limits: float, weights: Weights) -> Market:
    d = len(PROVINCE)
    likeness = rng.choice(np.array([0, 20, 50, 50, 90], np.uint8), (TERMS, TERMS))
    np.fill_diagonal(likeness, 100)
    return Market(
        Geography.of(PREFECTURE, PROVINCE, rng.random(d) < limits / 3),
        rng.integers(0, len(Tier), (d, d)).astype(np.uint8),
        likeness,
        OCCUPATIONS,
        TODAY,
        Profile(weights=weights),
    )


def _some(rng: np.random.Generator, n: int, width: int, low: int, high: int, blanks: float) -> np.ndarray:
    """Lists padded with -1, blanks anywhere in them."""
    values = rng.integers(low, high, (n, width))
    return np.where(rng.random((n, width)) < 0.3 + 0.6 * blanks, -1, values)


def _places(rng: np.random.Generator, divisions: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """A county's point, sometimes a little beside it."""
    beside = np.where(rng.random((2, len(divisions))) < 0.5, 0.0, rng.random((2, len(divisions))) / 5)
    return 23 + divisions * 0.7 + beside[0], 104 + divisions * 1.3 + beside[1]


def _maybe(rng: np.random.Generator, share: float, values: np.ndarray, otherwise: float) -> np.ndarray:
    return np.where(rng.random(len(values)) < share, values, otherwise)


def _vacancies(rng: np.random.Generator, n: int, limits: float, blanks: float) -> VacancyTable:
    division = rng.choice(COUNTIES, n)
    lat, lon = _places(rng, division)
    wage_lo = rng.integers(6, 10, n) * 500
    return VacancyTable.of(
        occupation=np.where(rng.random(n) < blanks / 3, -1, rng.integers(0, OCCUPATIONS, n)),
        skills=_some(rng, n, 3, 0, TERMS, blanks),
        lat_deg=lat,
        lon_deg=lon,
        division=division,
        wage_lo=wage_lo,
        wage_hi=wage_lo + rng.integers(0, 3, n) * 500,
        certificates=_maybe(rng, limits, 1 << rng.integers(0, 4, n), 0),
        open=rng.random(n) >= limits / 3,
        valid_until_day=_maybe(rng, 1 - blanks, TODAY + rng.integers(-1, 30, n), NO_DAY),
        openings=rng.integers(0 if limits else 1, 4, n),
        age_min=_maybe(rng, limits, rng.integers(16, 40, n), 16),
        age_max=_maybe(rng, limits, rng.integers(20, 60, n), 999),
        hazardous=rng.random(n) < limits,
        light_work=rng.random(n) < 0.5,
        start_day=_maybe(rng, 1 - blanks, TODAY + rng.integers(-10, 80, n), NO_DAY),
        employer=rng.integers(-1, 4, n),
        seq=np.cumsum(rng.integers(1, 3, n)),
    )


def _workers(rng: np.random.Generator, n: int, n_vacancies: int, limits: float, blanks: float) -> WorkerTable:
    home = rng.choice(COUNTIES, n)
    lat, lon = _places(rng, home)
    declined = [np.unique(rng.integers(0, 2 * n_vacancies + 1, rng.integers(0, 4))) for _ in range(n)]
    scopes = rng.choice(np.array([Scope.COUNTY, Scope.OWN_PREFECTURE, Scope.OWN_PROVINCE, Scope.OUTSIDE_PROVINCE]), n)
    return WorkerTable.of(
        home=home,
        lat_deg=lat,
        lon_deg=lon,
        occupations=_some(rng, n, 2, 0, OCCUPATIONS, blanks),
        skills=_some(rng, n, 3, 0, TERMS, blanks),
        min_wage=_maybe(rng, 1 - blanks, rng.integers(5, 10, n) * 500, 0),
        reach_km=_maybe(rng, 1 - blanks, rng.integers(1, 900, n), np.nan),
        reach_is_limit=rng.random(n) < limits,
        destinations=_some(rng, n, 2, 0, len(PROVINCE), 1 - limits),
        scope=_maybe(rng, limits, scopes, Scope.ANYWHERE),
        certificates=rng.integers(0, 16, n),
        age=rng.integers(15 if limits else 18, 60, n),
        labour_ability=_maybe(rng, limits, rng.integers(0, 3, n), 0),
        available_day=_maybe(rng, 1 - blanks, TODAY + rng.integers(-20, 60, n), NO_DAY),
        willing=rng.random(n) >= limits,
        in_work_not_asking=rng.random(n) < limits / 3,
        consent=rng.random(n) >= limits / 3,
        declined_start=np.cumsum([0, *(len(one) for one in declined)]),
        declined=np.concatenate([*declined, np.zeros(0, int)]),
    )
