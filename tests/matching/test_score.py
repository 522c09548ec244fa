"""The readable score: its numbers, its neutral values, and which way it may move."""

from dataclasses import replace
from math import asin, cos, isclose, nan, radians, sin, sqrt

import numpy as np
from hypothesis import assume, given
from hypothesis import strategies as st

from matching import Geography, Market, Score, Tier, score_one
from matching.geo import EARTH_RADIUS_KM, kilometres, unit_vectors
from matching.tables import VacancyRow, VacancyTable, WorkerRow, WorkerTable

latitudes, longitudes = st.floats(-90, 90), st.floats(-180, 180)


def market(tier: Tier = Tier.NONE) -> Market:
    """Divisions 0 (home) and 1 (work); terms 0 and 1 occupations, 2 and 3 skills; 0 serves 1 by 40 and 2 by 60."""
    likeness = np.array([[100, 40, 60, 0], [0, 100, 0, 0], [10, 10, 100, 0], [0, 0, 0, 100]], np.uint8)
    return Market(Geography.of([-1, -1], [0, 1]), np.full((2, 2), tier, np.uint8), likeness, 2)


def worker(**columns: object) -> WorkerRow:
    table = WorkerTable.of(home=[0], lat_deg=[26.6], lon_deg=[106.7], occupations=[[0]])
    return replace(table.row(0), **columns)  # type: ignore[arg-type]


def vacancy(**columns: object) -> VacancyRow:
    table = VacancyTable.of(
        occupation=[0], lat_deg=[23.1], lon_deg=[113.3], division=[1], wage_lo=[5000], wage_hi=[6000]
    )
    return replace(table.row(0), **columns)  # type: ignore[arg-type]


def score(of: WorkerRow, at: VacancyRow, tier: Tier = Tier.NONE) -> Score:
    return score_one(of, at, market(tier))


def test_the_four_parts_are_weighed_40_20_28_12() -> None:
    one = score(worker(min_wage=5000), vacancy(), Tier.PREFECTURE)
    assert (one.skill, one.pairing) == (1.0, 0.85)
    assert isclose(one.pay, 0.2)
    assert one.micropoints == int((0.4 + 0.2 * one.distance + 0.28 * 0.85 + 0.12 * one.pay) * 1e6 + 0.5)


def test_skill_is_sixty_percent_occupation_and_forty_percent_required_skills() -> None:
    assert score(worker(), vacancy(occupation=1)).skill == 0.4
    assert isclose(score(worker(), vacancy(skills=(2, 3))).skill, 0.6 + 0.4 * 0.3)
    assert isclose(score(worker(skills=(3,)), vacancy(skills=(2, 3))).skill, 0.6 + 0.4 * 0.8)


def test_a_skill_does_not_stand_in_for_the_wished_occupation() -> None:
    assert score(worker(occupations=(), skills=(2,)), vacancy(occupation=0)).skill == 0.0


def test_what_nobody_stated_or_understood_counts_as_neutral_and_not_as_zero() -> None:
    assert score(worker(occupations=()), vacancy()).skill == 0.30
    assert score(worker(), vacancy(occupation=-1)).skill == 0.30
    assert score(worker(min_wage=0), vacancy()).pay == 0.5
    assert score(worker(reach_km=nan), vacancy()) == score(worker(reach_km=1500.0), vacancy())


def test_a_worker_at_the_edge_of_the_reach_has_half_the_distance_part() -> None:
    km = score(worker(), vacancy()).km
    assert isclose(score(worker(reach_km=km), vacancy()).distance, 0.5)


@given(latitudes, longitudes, latitudes, longitudes)
def test_kilometres_are_those_of_the_haversine_formula(lat_a: float, lon_a: float, lat_b: float, lon_b: float) -> None:
    points = unit_vectors(np.array([lat_a, lat_b]), np.array([lon_a, lon_b]))
    half = sin(radians(lat_b - lat_a) / 2) ** 2
    half += cos(radians(lat_a)) * cos(radians(lat_b)) * sin(radians(lon_b - lon_a) / 2) ** 2
    haversine = 2 * EARTH_RADIUS_KM * asin(min(1.0, sqrt(half)))
    # Near the antipode both formulas lose digits; 10 m there is far below what an address knows.
    tolerance = 1e-6 if haversine < 19_000 else 0.5
    assert abs(kilometres(tuple(points[0]), tuple(points[1])) - haversine) < tolerance


@given(lo=st.integers(1000, 9000), more=st.integers(0, 3000), raised=st.integers(0, 3000), asked=st.integers(0, 9000))
def test_more_pay_never_lowers_a_score(lo: int, more: int, raised: int, asked: int) -> None:
    before = score(worker(min_wage=asked), vacancy(wage_lo=lo, wage_hi=lo + more))
    after = score(worker(min_wage=asked), vacancy(wage_lo=lo, wage_hi=lo + more + raised))
    assert after.micropoints >= before.micropoints


@given(lat_a=latitudes, lon_a=longitudes, lat_b=latitudes, lon_b=longitudes, reach=st.floats(1, 5000))
def test_nearer_never_lowers_a_score(lat_a: float, lon_a: float, lat_b: float, lon_b: float, reach: float) -> None:
    a, b = (tuple(point) for point in unit_vectors(np.array([lat_a, lat_b]), np.array([lon_a, lon_b])))
    one, other = (score(worker(reach_km=reach), vacancy(point=point)) for point in (a, b))
    assume(one.km < other.km)
    assert one.micropoints >= other.micropoints


def test_a_more_specific_pairing_never_lowers_a_score() -> None:
    order = (Tier.NONE, Tier.MARKET, Tier.FORMER, Tier.PROVINCE, Tier.PREFECTURE, Tier.COUNTY)
    scores = [score(worker(), vacancy(), tier).micropoints for tier in order]
    assert scores == sorted(scores)
    assert score(worker(), vacancy(), Tier.AGREEMENT) == score(worker(), vacancy(), Tier.PROVINCE)
