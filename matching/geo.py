"""Kilometres between two points on the sphere.

Points enter as degrees and are turned once into unit vectors; a distance is then the angle of a chord, so that the
readable definition and its compiled twin do the same few operations on the same numbers and agree to the last bit.
"""

from math import asin, sqrt
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

#: Mean radius of the Earth (IUGG), in km.
EARTH_RADIUS_KM = 6371.0088

Point: TypeAlias = tuple[float, float, float]


def unit_vectors(lat_deg: NDArray[np.float64], lon_deg: NDArray[np.float64]) -> NDArray[np.float64]:
    """float64[n] degrees north and east -> float64[n, 3] points on the unit sphere."""
    lat, lon = np.radians(lat_deg), np.radians(lon_deg)
    return np.ascontiguousarray(np.stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)], axis=-1))


def kilometres(a: Point, b: Point) -> float:
    """Great-circle km between two points of the unit sphere."""
    x, y, z = a[0] - b[0], a[1] - b[1], a[2] - b[2]
    half_chord = 0.5 * sqrt(x * x + y * y + z * z)
    return 2.0 * EARTH_RADIUS_KM * asin(min(1.0, half_chord))


def nearness(km: float, reach_km: float) -> float:
    """1 at the door, one half at the worker's reach, falling without an edge: 1 / (1 + (km / reach)^2)."""
    share = km / reach_km
    return 1.0 / (1.0 + share * share)
