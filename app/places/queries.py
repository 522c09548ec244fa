"""Finding divisions and places, and naming new public places."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from app.db.bulk import Values, rows_matching
from app.places.model import Division


class PlaceKey(NamedTuple):
    """A public place as somebody named it: what makes it the same place next time."""

    code: str
    #: Town, village or street as written; empty: the division as a whole.
    detail: str = ""
    #: WGS84 degrees, when coordinates were given. None: the division's label point stands in.
    lon: float | None = None
    lat: float | None = None
    #: "exact" with coordinates, else the division's level: "county", "prefecture", "province".
    sure: str = "county"

    @property
    def point_key(self) -> str:
        """The coordinates to a tenth of a metre; empty without."""
        return "" if self.lon is None or self.lat is None else f"{self.lon:.6f},{self.lat:.6f}"


def division_name(session: Session, code: str) -> str | None:
    """The name of a division; None when there is none of that code."""
    return session.scalar(select(Division.name).where(Division.code == code))


def place_ids(session: Session, wanted: Iterable[PlaceKey]) -> dict[PlaceKey, UUID]:
    """The ids of the places, the missing ones made. A division code nobody knows has no id in the answer."""
    keys = list(dict.fromkeys(wanted))
    found = _known(session, keys)
    missing = [key for key in keys if key not in found]
    if missing:
        _make(session, missing)
        found |= _known(session, missing)
    return found


def _identity(keys: list[PlaceKey]) -> dict[str, Values]:
    return {
        "code": Values("text", [key.code for key in keys]),
        "detail": Values("text", [key.detail for key in keys]),
        "point_key": Values("text", [key.point_key for key in keys]),
        "n": Values("int", list(range(len(keys)))),
    }


def _known(session: Session, keys: list[PlaceKey]) -> dict[PlaceKey, UUID]:
    rows = rows_matching(
        session,
        "select u.n, p.id from {source} join places p"
        " on (p.division_code, p.detail, p.point_key) = (u.code, u.detail, u.point_key)",
        _identity(keys),
    )
    return {keys[row.n]: row.id for row in rows}


def _make(session: Session, keys: list[PlaceKey]) -> None:
    # on conflict: another transaction named the same place a moment ago
    rows_matching(
        session,
        "insert into places (id, division_code, detail, point_key, point, sure)"
        " select gen_random_uuid(), u.code, u.detail, u.point_key,"
        " coalesce(ST_SetSRID(ST_MakePoint(u.lon, u.lat), 4326)::geography, d.point), u.sure"
        " from {source} join divisions d on d.code = u.code on conflict do nothing",
        _identity(keys)
        | {
            "lon": Values("float8", [key.lon for key in keys]),
            "lat": Values("float8", [key.lat for key in keys]),
            "sure": Values("text", [key.sure for key in keys]),
        },
    )


def lines_of(session: Session, codes: Iterable[str] | None) -> dict[str, tuple[str, ...]]:
    """Of each division the codes from its province down to itself; None: of every division. Unknown codes are left
    out."""
    above = aliased(Division)
    query = select(Division.code, Division.parent_code, above.parent_code).join(
        above, above.code == Division.parent_code, isouter=True
    )
    if codes is not None:
        query = query.where(Division.code.in_(sorted(codes)))
    return {
        code: tuple(one for one in (grandparent, parent, code) if one is not None)
        for code, parent, grandparent in session.execute(query)
    }
