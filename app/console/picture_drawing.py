"""The coordinator's drawing as SVG, made here: on the page before any script, in print too, and a few kilobytes."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from app.console.map_line import HEIGHT, WIDTH, place_of, project
from app.places.gazetteer import read_units
from app.reports.usecases import Picture

#: Roads drawn; the table has all.
_ROADS = 40
#: Names written beside bubbles, for each colour; none nearer to another than this.
_NAMES = 6
_APART = 74.0, 15.0
_COUNTY = 3


class Bubble(NamedTuple):
    """A place: where, how large, what it says; `name` is written beside the largest ones."""

    x: float
    y: float
    radius: float
    words: str
    name: str = ""


class Road(NamedTuple):
    """A flow: the curve, its width, what it says."""

    path: str
    width: float
    words: str


class Drawing(NamedTuple):
    """Bubbles whose area is the figure, people and places left on one scale; the widest roads."""

    origins: Sequence[Bubble]
    market: Sequence[Bubble]
    roads: Sequence[Road]


def drawing(picture: Picture) -> Drawing:
    """What is drawn of a picture."""
    people = [(cell.code, cell.value) for cell in picture.origins if cell.kind == "workers"]
    places = [(place.code, place.openings) for place in picture.market if place.openings]
    most = max([value for _, value in (*people, *places)], default=1)
    written: list[tuple[float, float]] = []
    return Drawing(_bubbles(people, most, written), _bubbles(places, most, written), _roads(picture))


def _bubbles(figures: Sequence[tuple[str, int]], most: int, written: list[tuple[float, float]]) -> list[Bubble]:
    """The largest first, so that small ones lie on top."""
    found = []
    left = _NAMES
    for code, value in sorted(figures, key=lambda figure: -figure[1]):
        x, y = place_of(code)
        name = _short(code) if left and _is_free(x, y, written) else ""
        if name:
            left -= 1
            written.append((x, y))
        found.append(Bubble(x, y, round(2 + 13 * (value / most) ** 0.5, 1), f"{full_name(code)}：{value:,}", name))
    return found


def _is_free(x: float, y: float, written: Sequence[tuple[float, float]]) -> bool:
    return all(abs(x - a) > _APART[0] or abs(y - b) > _APART[1] for a, b in written)


def _roads(picture: Picture) -> list[Road]:
    roads = picture.flows[:_ROADS]
    widest = max([cell.value for cell in roads], default=1)
    return [
        Road(
            _curve(place_of(cell.code), place_of(cell.to_code)),
            round(0.6 + 3.4 * cell.value / widest, 1),
            f"{full_name(cell.code)} → {full_name(cell.to_code)}：{cell.value:,}",
        )
        for cell in roads
    ]


def _curve(start: tuple[float, float], end: tuple[float, float]) -> str:
    (x1, y1), (x2, y2) = start, end
    bend_x, bend_y = (x1 + x2) / 2 - (y2 - y1) * 0.18, (y1 + y2) / 2 + (x2 - x1) * 0.18
    return f"M{x1} {y1}Q{bend_x:.1f} {bend_y:.1f} {x2} {y2}"


def _short(code: str) -> str:
    unit = read_units().get(code)
    return unit.short_name if unit else ""


def full_name(code: str) -> str:
    """Province, prefecture and county in one."""
    units = read_units()
    unit = units.get(code) or units.get(f"{code[:2]}0000")  # a municipality's districts have a number, and no name
    return "".join(units[step].name for step in unit.line) if unit else code


@cache
def counties() -> str:
    """The drawing's ground: a dot for every county, as one path of points."""
    points = (project(unit.lon, unit.lat) for unit in read_units().values() if unit.level == _COUNTY)
    path = "".join(f"M{x} {y}h0" for x, y in points)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}">'
        f'<path d="{path}" stroke="#cfc8b8" stroke-width="1.6" stroke-linecap="round"/></svg>'
    )
