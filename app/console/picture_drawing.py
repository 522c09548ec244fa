"""The coordinator's drawing as SVG, made here: on the page before any script, in print too, and a few kilobytes.

It is drawn twice: the whole country for a screen, and for a phone only the part in which something is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import NamedTuple

from app.console.formats import place_name
from app.console.map_line import HEIGHT, WIDTH, place_of, project
from app.edge.language import Language
from app.places.english import line_in_english
from app.places.gazetteer import read_units
from app.reports.usecases import Picture

#: Roads drawn; the table has all.
_ROADS = 30
#: How wide and high a name is with its figure, in heights of its letters.
_NAME, _LINE = 7.0, 1.5
#: What is less than this share of the largest is drawn without a name.
_WORTH_A_NAME = 0.1
_COUNTY = 3


class Frame(NamedTuple):
    """The part of the drawing that is shown, how high its letters are, and how many names each kind has."""

    x: float
    y: float
    width: float
    height: float
    letter: float
    names: int

    @property
    def window(self) -> str:
        """As an SVG viewBox."""
        return f"{self.x:.0f} {self.y:.0f} {self.width:.0f} {self.height:.0f}"


#: The whole country, on a screen.
WHOLE = Frame(50, 50, 550, 400, 9.5, 9)
#: On a phone so many letters stand side by side; so much of the width stays free at each side for names.
_LETTERS = 27
_MARGIN: Mapping[Language, float] = {"zh": 0.27, "en": 0.34}


class Mark(NamedTuple):
    """A city: where, how large, what it says; `name` and `figure` are written beside the largest ones, to their west
    or east."""

    x: float
    y: float
    radius: float
    words: str
    figure: int
    name: str
    is_west: bool


class Road(NamedTuple):
    """A flow: the curve, its width, what it says."""

    path: str
    width: float
    words: str


class Drawing(NamedTuple):
    """Marks whose area is the figure, people and places left each on a scale of its own; the widest roads."""

    frame: Frame
    origins: list[Mark]
    market: list[Mark]
    roads: Sequence[Road]


def drawings(picture: Picture, language: Language) -> tuple[Drawing, Drawing]:
    """The whole country, and the part of it in which something is."""
    people = by_city((cell.code, cell.value) for cell in picture.origins if cell.kind == "workers")
    places = by_city((place.code, place.openings) for place in picture.market if place.openings)
    near = _around([place_of(code) for code in (*people, *places)], _MARGIN[language])
    whole, part = (_drawing(picture, people, places, frame, language) for frame in (WHOLE, near))
    return whole, part


def _around(points: Sequence[tuple[float, float]], margin: float) -> Frame:
    """The frame of a phone: all the points, and room for their names."""
    if not points:
        return WHOLE
    (west, east), (north, south) = ((min(of), max(of)) for of in zip(*points, strict=True))
    width = max((east - west) / (1 - 2 * margin), 120.0)
    height = max(south - north + 0.2 * width, 0.75 * width)
    x, y = (west + east - width) / 2, (north + south - height) / 2
    return Frame(x, y, width, height, round(width / _LETTERS, 1), names=4)


def _drawing(
    picture: Picture, people: Mapping[str, int], places: Mapping[str, int], frame: Frame, language: Language
) -> Drawing:
    """What is drawn of a picture, city by city: a county's mark would lie on its neighbour's."""
    taken = [place_of(code) for code in people]
    origins = _marks(people, taken, frame, language, is_west=True)
    market = _marks(places, taken, frame, language, is_west=False)
    return Drawing(frame, origins, market, _roads(picture, frame, language))


def by_city(figures: Iterable[tuple[str, int]]) -> Counter[str]:
    """Counties' figures added up by prefecture; those of a municipality's districts by the municipality."""
    found = Counter[str]()
    for code, value in figures:
        city = f"{code[:4]}00"
        found[city if city in read_units() else f"{code[:2]}0000"] += value
    return found


def _marks(
    figures: Mapping[str, int], taken: list[tuple[float, float]], frame: Frame, language: Language, *, is_west: bool
) -> list[Mark]:
    """The largest first, so that small ones lie on top. `taken`: where a name would cover another, or a mark that is as
    large; on this side it is tried first."""
    found: list[Mark] = []
    left = frame.names
    most = max(figures.values(), default=1)
    for code, value in sorted(figures.items(), key=lambda figure: -figure[1]):
        x, y = place_of(code)
        taken.append((x, y))
        sides = (is_west, not is_west) if left and value >= _WORTH_A_NAME * most else ()
        side = next((side for side in sides if _is_free(x, y, side, taken, frame.letter)), None)
        if side is not None:
            left -= 1
            taken.append((_middle(x, side, frame.letter), y))
        words = f"{full_name(code, language)}: {value:,}"
        name = place_name(code, language) if side is not None else ""
        radius = round((0.26 + 0.84 * (value / most) ** 0.5) * frame.letter, 1)
        found.append(Mark(x, y, radius, words, value, name, is_west=bool(side)))
    return found


def _middle(x: float, is_west: bool, letter: float) -> float:
    """Of a name beside a mark."""
    half = _NAME * letter / 2
    return x - half if is_west else x + half


def _is_free(x: float, y: float, is_west: bool, taken: Sequence[tuple[float, float]], letter: float) -> bool:
    """Whether a name on this side of a mark covers no other mark and no name."""
    middle, wide, high = _middle(x, is_west, letter), 0.62 * _NAME * letter, _LINE * letter
    return all(abs(middle - a) > wide or abs(y - b) > high for a, b in taken if (a, b) != (x, y))


def _roads(picture: Picture, frame: Frame, language: Language) -> list[Road]:
    roads = picture.flows[:_ROADS]
    widest = max([cell.value for cell in roads], default=1)
    return [
        Road(
            _curve(place_of(cell.code), place_of(cell.to_code)),
            round((0.06 + 0.36 * cell.value / widest) * frame.letter, 1),
            f"{full_name(cell.code, language)} → {full_name(cell.to_code, language)}: {cell.value:,}",
        )
        for cell in roads
    ]


def _curve(start: tuple[float, float], end: tuple[float, float]) -> str:
    (x1, y1), (x2, y2) = start, end
    bend_x, bend_y = (x1 + x2) / 2 - (y2 - y1) * 0.18, (y1 + y2) / 2 + (x2 - x1) * 0.18
    return f"M{x1} {y1}Q{bend_x:.1f} {bend_y:.1f} {x2} {y2}"


def full_name(code: str, language: Language) -> str:
    """Province, prefecture and county in one; in English the other way round."""
    if language == "en":
        return line_in_english(code)
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
