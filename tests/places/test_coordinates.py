"""Coordinate systems: there and back within a metre, and nothing moves outside China."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.places.coordinates import Crs, gcj02_to_bd09, great_circle_km, is_shifted, to_wgs84, wgs84_to_gcj02

#: Well inside the box, so that a shifted point is still in it.
points = st.tuples(st.floats(73.0, 135.0), st.floats(3.0, 54.0))
METRE_KM = 0.001


@given(points)
def test_gcj02_comes_back_within_a_metre(point: tuple[float, float]) -> None:
    assert great_circle_km(to_wgs84(*wgs84_to_gcj02(*point), Crs.GCJ02), point) < METRE_KM


@given(points)
def test_bd09_comes_back_within_a_metre(point: tuple[float, float]) -> None:
    assert great_circle_km(to_wgs84(*gcj02_to_bd09(*wgs84_to_gcj02(*point)), Crs.BD09), point) < METRE_KM


@given(points)
def test_the_shift_is_between_a_street_and_a_village(point: tuple[float, float]) -> None:
    assert 0.01 < great_circle_km(wgs84_to_gcj02(*point), point) < 2.0


@given(st.floats(-180, 180), st.floats(-90, 90), st.sampled_from(Crs))
def test_no_point_becomes_something_else_than_a_point(lon: float, lat: float, crs: Crs) -> None:
    east, north = to_wgs84(lon, lat, crs)
    assert abs(east - lon) < 0.05
    assert abs(north - lat) < 0.05
    assert is_shifted(lon, lat) or (east, north) == (lon, lat)


@pytest.mark.parametrize(
    ("wgs84", "gcj02"),
    [
        # Tian'anmen and the Oriental Pearl tower, as maps of both systems print them
        ((116.39131, 39.90734), (116.39755, 39.90874)),
        ((121.49529, 31.24188), (121.49977, 31.23985)),
    ],
)
def test_known_landmarks_are_where_maps_show_them(wgs84: tuple[float, float], gcj02: tuple[float, float]) -> None:
    assert great_circle_km(wgs84_to_gcj02(*wgs84), gcj02) < 0.02


def test_wgs84_input_is_left_alone() -> None:
    assert to_wgs84(104.28, 26.86, Crs.WGS84) == (104.28, 26.86)


def test_a_degree_of_the_equator_is_as_long_as_the_sphere_says() -> None:
    assert great_circle_km((0.0, 0.0), (1.0, 0.0)) == pytest.approx(111.19508, abs=1e-4)
