"""Coordinate systems of Chinese maps → WGS84.

Mainland maps shift points by a published trigonometric series on the Krasovsky ellipsoid (GCJ-02); Baidu turns and
stretches those once more (BD-09). Both are undone by iteration; no shift applies outside the box the series is for.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from math import atan2, cos, hypot, pi, radians, sin, sqrt
from typing import TypeAlias

from matching.geo import kilometres

#: Degrees east and north.
LonLat: TypeAlias = tuple[float, float]

_MAJOR_AXIS_M = 6378245.0
_ECCENTRICITY_SQUARED = 0.00669342162296594323
_BAIDU_TURNS = pi * 3000.0 / 180.0
#: Good to a few millimetres; the iteration gains two digits a round.
_PRECISE_DEG = 1e-10
_ROUNDS = 12


class Crs(StrEnum):
    """The coordinate system a point is given in."""

    WGS84 = "wgs84"
    GCJ02 = "gcj02"
    BD09 = "bd09"


def to_wgs84(lon: float, lat: float, crs: Crs) -> LonLat:
    """The point in WGS84."""
    if crs is Crs.GCJ02:
        return _undone(wgs84_to_gcj02, lon, lat) if is_shifted(lon, lat) else (lon, lat)
    if crs is Crs.BD09:
        return to_wgs84(*_bd09_to_gcj02(lon, lat), Crs.GCJ02) if is_shifted(lon, lat) else (lon, lat)
    return lon, lat


def is_shifted(lon: float, lat: float) -> bool:
    """Whether a point lies in the box in which Chinese maps are shifted."""
    return 72.004 <= lon <= 137.8347 and 0.8293 <= lat <= 55.8271


def wgs84_to_gcj02(lon: float, lat: float) -> LonLat:
    """The point as mainland maps show it."""
    if not is_shifted(lon, lat):
        return lon, lat
    east_m, north_m = _shift(lon - 105.0, lat - 35.0)
    bent = 1.0 - _ECCENTRICITY_SQUARED * sin(radians(lat)) ** 2
    meridian_m = _MAJOR_AXIS_M * (1.0 - _ECCENTRICITY_SQUARED) / (bent * sqrt(bent))
    parallel_m = _MAJOR_AXIS_M / sqrt(bent) * cos(radians(lat))
    return lon + east_m * 180.0 / (parallel_m * pi), lat + north_m * 180.0 / (meridian_m * pi)


def gcj02_to_bd09(lon: float, lat: float) -> LonLat:
    """The point as Baidu's maps show it."""
    radius = hypot(lon, lat) + 0.00002 * sin(lat * _BAIDU_TURNS)
    angle = atan2(lat, lon) + 0.000003 * cos(lon * _BAIDU_TURNS)
    return radius * cos(angle) + 0.0065, radius * sin(angle) + 0.006


def great_circle_km(a: LonLat, b: LonLat) -> float:
    """Kilometres between two points on the sphere, as the engine counts them."""
    return kilometres(_on_sphere(*a), _on_sphere(*b))


def _shift(x: float, y: float) -> tuple[float, float]:
    """Metres east and north at x, y degrees from 105° E 35° N."""
    waves = (20.0 * sin(6.0 * x * pi) + 20.0 * sin(2.0 * x * pi)) * 2.0 / 3.0
    root = sqrt(abs(x))
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + waves
    north += (20.0 * sin(y * pi) + 40.0 * sin(y / 3.0 * pi)) * 2.0 / 3.0
    north += (160.0 * sin(y / 12.0 * pi) + 320.0 * sin(y * pi / 30.0)) * 2.0 / 3.0
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + waves
    east += (20.0 * sin(x * pi) + 40.0 * sin(x / 3.0 * pi)) * 2.0 / 3.0
    east += (150.0 * sin(x / 12.0 * pi) + 300.0 * sin(x / 30.0 * pi)) * 2.0 / 3.0
    return east, north


def _bd09_to_gcj02(lon: float, lat: float) -> LonLat:
    return _undone(gcj02_to_bd09, lon, lat)


def _undone(forward: Callable[[float, float], LonLat], lon: float, lat: float) -> LonLat:
    """The point that `forward` brings to lon, lat."""
    x, y = lon, lat
    for _ in range(_ROUNDS):
        there = forward(x, y)
        east, north = lon - there[0], lat - there[1]
        x, y = x + east, y + north
        if abs(east) < _PRECISE_DEG and abs(north) < _PRECISE_DEG:
            break
    return x, y


def _on_sphere(lon: float, lat: float) -> tuple[float, float, float]:
    east, north = radians(lon), radians(lat)
    return cos(north) * cos(east), cos(north) * sin(east), sin(north)
