"""An address in a form → the public place it means, or what is wrong with it, by field."""

from __future__ import annotations

from app.errors import FieldError, Invalid
from app.places.addresses import gazetteer
from app.places.queries import PlaceKey


def stated_place(text: str, field: str, near: str | None = None, point: tuple[float, float] | None = None) -> PlaceKey:
    """The place an address means; `near` is the code that settles what it leaves open, `point` lon and lat in WGS84.

    Raises Invalid naming the field: unknown_place, or ambiguous_place with the candidates.
    """
    found = gazetteer().find(text, near)
    if found.code is None or found.sure not in ("county", "prefecture", "province"):
        raise Invalid(errors=(_fault(found.candidates, field),))
    if point is not None:
        return PlaceKey(found.code, found.label[:60], *point, sure="exact")
    return PlaceKey(found.code, found.label[:60], sure=found.sure)


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
