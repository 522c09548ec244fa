"""A small picture of a road: dots of prefectures, the home, the workplace, a line. No borders, no tiles."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from app.places.gazetteer import PREFECTURE, read_units

#: The drawing's size; longitudes 73–136, latitudes 17–54.
WIDTH, HEIGHT = 620, 460
_WEST, _NORTH = 73.0, 54.0
_PER_DEGREE = 9.84, 12.4


class MapLine(NamedTuple):
    """A road in the drawing: both ends and the top of the curve between them."""

    home: tuple[float, float]
    bend: tuple[float, float]
    work: tuple[float, float]

    @property
    def path(self) -> str:
        """The curve as SVG draws it."""
        (x1, y1), (bx, by), (x2, y2) = self
        return f"M{x1} {y1}Q{bx} {by} {x2} {y2}"

    @property
    def _width(self) -> float:
        (x1, y1), _, (x2, y2) = self
        return max(abs(x2 - x1) * 1.6, abs(y2 - y1) * 2.2, 130.0)

    @property
    def window(self) -> str:
        """The part of the drawing that shows the road with land around it, as an SVG viewBox."""
        (x1, y1), _, (x2, y2) = self
        width, height = self._width, self._width * 0.75
        return f"{(x1 + x2 - width) / 2:.0f} {(y1 + y2 - height) / 2:.0f} {width:.0f} {height:.0f}"

    @property
    def unit(self) -> float:
        """A hundredth of the window's width: what lines and letters are measured in."""
        return round(self._width / 100, 2)


def place_of(code: str) -> tuple[float, float]:
    """A division's place in the drawing; the nearest known level above when the code itself is not."""
    units = read_units()
    unit = next((units[known] for known in (code, f"{code[:4]}00", f"{code[:2]}0000") if known in units), None)
    return project(unit.lon, unit.lat) if unit else (WIDTH / 2, HEIGHT / 2)


def project(lon: float, lat: float) -> tuple[float, float]:
    """Degrees to the drawing, plain lon/lat."""
    return round((lon - _WEST) * _PER_DEGREE[0], 1), round((_NORTH - lat) * _PER_DEGREE[1], 1)


def map_line(home: str, work: str) -> MapLine:
    """The road between two divisions."""
    (x1, y1), (x2, y2) = place_of(home), place_of(work)
    lift = 0.18 * (abs(x2 - x1) + abs(y2 - y1)) + 12
    return MapLine((x1, y1), (round((x1 + x2) / 2, 1), round((y1 + y2) / 2 - lift, 1)), (x2, y2))


@cache
def dots() -> str:
    """The drawing's ground: a dot for every prefecture."""
    marks = "".join(
        f'<circle cx="{x}" cy="{y}" r="2.4"/>'
        for unit in read_units().values()
        if unit.level == PREFECTURE or (unit.level == 1 and unit.code[:2] in ("11", "12", "31", "50", "71", "81", "82"))
        for x, y in [project(unit.lon, unit.lat)]
    )
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}"><g fill="#b9b2a2">{marks}</g></svg>'
