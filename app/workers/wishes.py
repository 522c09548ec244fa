"""Where a worker wants to go, in a form: names of divisions, or words for near and far."""

from __future__ import annotations

import re
from dataclasses import dataclass

from app.errors import FieldError, Invalid
from app.places.addresses import gazetteer

_SCOPES = {
    "any": re.compile(r"不限|都可以?|都行|任何地方|全国(各地)?|服从(安排|分配)"),
    "county": re.compile(r"(本|我)县|县内|本地|当地|附近|就近|家门口"),
    "province": re.compile(r"(本|我)省|省内"),
}
_NOT = re.compile(r"(不去|不想去|除了?)(.+)")
_BETWEEN = re.compile(r"[、,，;；/\s]+|或者?|和")


@dataclass(frozen=True, slots=True)
class PlaceWishes:
    """A wish as limits. All empty: anywhere."""

    #: "any", "county" or "province".
    scope: str = "any"
    #: Division codes of any level.
    destinations: tuple[str, ...] = ()
    not_destinations: tuple[str, ...] = ()


def understand_wishes(text: str, home: str) -> PlaceWishes:
    """The wish as limits, seen from the home division. Raises Invalid (unknown_place) when a piece means no place."""
    scope, wanted, unwanted = "any", list[str](), list[str]()
    for piece in filter(None, _BETWEEN.split(text)):
        named = next((name for name, words in _SCOPES.items() if words.fullmatch(piece)), None)
        refused = _NOT.fullmatch(piece)
        if named is not None:
            scope = named
        elif refused:
            unwanted.append(_code(refused[2], home))
        else:
            wanted.append(_code(piece, home))
    return PlaceWishes(
        "any" if wanted else scope,
        tuple(dict.fromkeys(wanted + _own(scope, wanted, home))),
        tuple(dict.fromkeys(unwanted)),
    )


def _own(scope: str, wanted: list[str], home: str) -> list[str]:
    """本县或者广东 widens: the own county is then one of the places wanted."""
    if not wanted or scope == "any":
        return []
    return [home if scope == "county" else f"{home[:2]}0000"]


def _code(name: str, home: str) -> str:
    known = gazetteer()
    if name in known.units:
        return name
    found = known.find(name).code or known.find(name, home).code
    if found is None:
        zh, en = (
            "意向地区中有不认识的地名，请写省、市、县的名称。",
            "A place wished for is unknown: name provinces, prefectures or counties.",
        )
        raise Invalid(errors=(FieldError(("body", "desired_places"), "unknown_place", zh, en),))
    return found
