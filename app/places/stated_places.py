"""An address → the public place it means, or what is wrong with it, by field of a form."""

from __future__ import annotations

import re

from app.errors import FieldError, Invalid
from app.places.addresses import PlaceFound, gazetteer
from app.places.gazetteer import PREFECTURE
from app.places.queries import PlaceKey

#: A place's detail is a town or village, not a door: what follows is the worker's or the employer's own.
LONGEST_DETAIL = 60

#: A district by its look (火星区), and no estate, no zone (华景小区, 工业区).
_DISTRICT = re.compile(
    r"^(?!工业|开发|保税|高新|示范|度假|风景|科技|生活|办公|商业|大学)[\u4e00-\u9fff]{2}[区县](?![域间])"
)
_UPPER = re.compile(r"^[\u4e00-\u9fff]{2,8}?[省市区县州](?=[\u4e00-\u9fff]{2})")


def place_key(found: PlaceFound, point: tuple[float, float] | None = None) -> PlaceKey:
    """The division that was found, with the town or village by name; `point` is lon and lat in WGS84."""
    assert found.code is not None
    if point is not None:
        return PlaceKey(found.code, found.label[:LONGEST_DETAIL], *point, sure="exact")
    return PlaceKey(found.code, found.label[:LONGEST_DETAIL], sure=found.sure)


def stated_place(text: str, field: str, near: str | None = None, point: tuple[float, float] | None = None) -> PlaceKey:
    """The place an address means; `near` is the code that settles what it leaves open, `point` lon and lat in WGS84.

    Raises Invalid naming the field: unknown_place, or ambiguous_place with the candidates.
    """
    found = gazetteer().find(text, near)
    if found.code is None:
        raise Invalid(errors=(_fault(found.candidates, field),))
    return place_key(found, point)


def unfound(text: str, place: PlaceKey) -> str:
    """What of an address names a division that is none (火星区 in 广州市火星区), or stands where its county would
    (科韵路 in 广州市科韵路9号). Empty: the place is as fine as divisions go, or the address says no more."""
    here = gazetteer().units[place.code]
    line = [gazetteer().units[code] for code in here.line]
    before = _UPPER.match(text)
    if before and not any(name in before[0] for unit in line for name in (unit.name, unit.short_name)):
        return before[0] if any(text.find(unit.short_name) >= before.end() for unit in line) else ""
    is_city_of_towns = here.is_leaf and here.level == PREFECTURE  # 东莞市南城区 is what is said of a town there
    district = None if is_city_of_towns else _DISTRICT.match(place.detail)
    return district[0] if district else place.detail if place.sure != "county" else ""


def _fault(candidates: tuple[str, ...], field: str) -> FieldError:
    if candidates:
        names = "、".join(gazetteer().full_name(code) for code in candidates[:4])
        return FieldError(
            ("body", field),
            "ambiguous_place",
            f"有多个同名地点：{names}，请写上省、市。",
            f"Several places have this name: {names}. Add the province and prefecture.",
        )
    return FieldError(
        ("body", field),
        "unknown_place",
        "不知道是哪里，请写明省、市、县。",
        "This place is unknown: write province, prefecture and county.",
    )
