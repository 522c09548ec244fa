"""An address → the public place it means, or what is wrong with it, by field of a form."""

from __future__ import annotations

from app.errors import FieldError, Invalid
from app.places.addresses import PlaceFound, gazetteer
from app.places.queries import PlaceKey

#: A place's detail is a town or village, not a door: what follows is the worker's or the employer's own.
LONGEST_DETAIL = 60


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
