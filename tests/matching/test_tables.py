"""Tables refuse what does not fit together, and say which column."""

import numpy as np
import pytest

from matching import Geography, Market, Profile, TableError, VacancyTable, Weights, WorkerTable


def test_wages_the_wrong_way_round_are_named_by_row() -> None:
    with pytest.raises(TableError, match="wage_lo above wage_hi at row 1"):
        VacancyTable.of(
            occupation=[0, 0], lat_deg=[0, 0], lon_deg=[0, 0], division=[0, 0], wage_lo=[1, 5], wage_hi=[2, 4]
        )


def test_a_sequence_number_is_given_once() -> None:
    with pytest.raises(TableError, match="seq"):
        VacancyTable.of(
            occupation=[0, 0],
            lat_deg=[0, 0],
            lon_deg=[0, 0],
            division=[0, 0],
            wage_lo=[1, 1],
            wage_hi=[1, 1],
            seq=[4, 4],
        )


def test_a_column_of_another_length_is_named() -> None:
    with pytest.raises(TableError, match="min_wage has 3 rows: expected 1"):
        WorkerTable.of(home=[0], lat_deg=[0], lon_deg=[0], occupations=[[0]], min_wage=[1, 2, 3])


def test_a_number_that_does_not_fit_is_an_error_and_no_wrap() -> None:
    with pytest.raises(TableError, match="int32"):
        WorkerTable.of(home=[2**40], lat_deg=[0], lon_deg=[0], occupations=[[0]])


def test_a_reach_of_nothing_is_refused_because_blank_is_nan() -> None:
    with pytest.raises(TableError, match="reach_km"):
        WorkerTable.of(home=[0], lat_deg=[0], lon_deg=[0], occupations=[[0]], reach_km=[0.0])


def test_coordinates_outside_the_globe_are_refused() -> None:
    for lat in (91.5, np.nan):
        with pytest.raises(TableError, match="lat_deg"):
            WorkerTable.of(home=[0], lat_deg=[lat], lon_deg=[0], occupations=[[0]])


def test_declined_lists_must_cover_every_worker() -> None:
    with pytest.raises(TableError, match="declined_start"):
        WorkerTable.of(home=[0], lat_deg=[0], lon_deg=[0], occupations=[[0]], declined_start=[0, 2], declined=[5])


def test_weights_must_add_up_to_one() -> None:
    with pytest.raises(TableError, match="together they must be 1"):
        Weights(skill=0.5)


def test_a_profile_has_a_value_for_every_tier() -> None:
    with pytest.raises(TableError, match="tier_values"):
        Profile(tier_values=(0.0, 1.0))


def test_a_market_names_the_matrix_that_does_not_fit() -> None:
    geography = Geography.of([-1], [0])
    square = np.full((1, 1), 100, np.uint8)
    with pytest.raises(TableError, match="tiers"):
        Market(geography, np.zeros((2, 2), np.uint8), square, 1)
    with pytest.raises(TableError, match="likeness holds 101"):
        Market(geography, np.zeros((1, 1), np.uint8), square + 1, 1)
    with pytest.raises(TableError, match="province"):
        Geography.of([-1], [7])


def test_a_whole_nation_fits() -> None:
    divisions, terms = 3_400, 2_000
    geography = Geography.of(np.full(divisions, -1), np.arange(divisions) % 34)
    market = Market(geography, np.zeros((divisions, divisions), np.uint8), np.zeros((terms, terms), np.uint8), 1_100)
    assert len(market.geography) == divisions
