"""Finding divisions and places, and naming new public places."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple
from uuid import UUID

from geoalchemy2 import Geometry
from sqlalchemy import ColumnElement, Select, case, cast, exists, func, literal, or_, select
from sqlalchemy.orm import Session, aliased

from app.db.bulk import Values, rows_matching
from app.edge.paging import Window, read_page
from app.places.areas import area
from app.places.model import Division, FormerName, KeyCounty


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


def lines_and_names(session: Session, codes: Iterable[str] | None) -> dict[str, tuple[tuple[str, ...], str]]:
    """Of each division the codes from its province down to itself, and its name; None: of every division. Unknown
    codes are left out."""
    above = aliased(Division)
    query = select(Division.code, Division.parent_code, above.parent_code, Division.name).join(
        above, above.code == Division.parent_code, isouter=True
    )
    if codes is not None:
        query = query.where(Division.code.in_(sorted(codes)))
    return {
        code: (tuple(one for one in (grandparent, parent, code) if one is not None), name)
        for code, parent, grandparent, name in session.execute(query)
    }


def lines_of(session: Session, codes: Iterable[str] | None) -> dict[str, tuple[str, ...]]:
    """`lines_and_names` without the names."""
    return {code: line for code, (line, _) in lines_and_names(session, codes).items()}


def codes_inside(session: Session, division: str) -> Sequence[str]:
    """A division and all inside it, in the order of their codes."""
    query = select(Division.code).where(Division.code.between(*area(division))).order_by(Division.code)
    return session.scalars(query).all()


class DivisionRow(NamedTuple):
    """A division as it is shown."""

    code: str
    name: str
    short_name: str
    level: int
    parent_code: str | None
    parent_name: str | None
    grandparent_name: str | None
    lon: float
    lat: float
    is_key_county: bool


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which divisions are asked for; None: any."""

    #: Part of a name, or the beginning of a code.
    text: str | None
    #: Codes the text means as an address: they are wanted whatever their names.
    meant: Sequence[str]
    level: int | None
    parent: str | None

    def rank(self, row: Division) -> int:
        """0: meant or named exactly; 1: any other that was found. `_is_exactly` says the same in SQL."""
        named = self.text is not None and (row.code in self.meant or self.text in (row.name, row.short_name))
        return 0 if named else 1


def divisions_page(session: Session, at: Window, wanted: Wanted) -> tuple[list[DivisionRow], str | None]:
    """A page of divisions: those the text means or names exactly, then the others, both in the order of their codes
    (a province, its prefectures, their counties)."""
    query = select(Division)
    exact: ColumnElement[int] = literal(1)
    if wanted.text:
        query = query.where(or_(_is_called(wanted.text), Division.code.in_(wanted.meant)))
        exact = case((_is_exactly(wanted), 0), else_=1)
    if wanted.level is not None:
        query = query.where(Division.level == wanted.level)
    if wanted.parent is not None:
        query = query.where(Division.parent_code == wanted.parent)
    found, following = read_page(session, query, at, exact, Division.code, key=lambda row: (wanted.rank(row), row.code))
    codes = [row.code for row in found]
    shown = {row.code: row for row in session.execute(_shown().where(Division.code.in_(codes)))}
    return [DivisionRow._make(shown[code]) for code in codes], following


def division_row(session: Session, code: str) -> DivisionRow | None:
    """One division as it is shown."""
    row = session.execute(_shown().where(Division.code == code)).one_or_none()
    return None if row is None else DivisionRow._make(row)


def former_names_of(session: Session, code: str) -> Sequence[FormerName]:
    """What a division, or a part of it, was called before, the latest name first."""
    query = select(FormerName).where(FormerName.code == code)
    return session.scalars(query.order_by(FormerName.changed_in.desc(), FormerName.id)).all()


def key_county_since(session: Session, code: str) -> date | None:
    """Since when a division is a national key county; None: it is none."""
    return session.scalar(select(KeyCounty.listed_on).where(KeyCounty.code == code))


def _is_called(text: str) -> ColumnElement[bool]:
    was_called = exists().where(FormerName.code == Division.code, FormerName.county == text)
    begins = Division.code.startswith(text, autoescape=True) if text.isdecimal() else Division.short_name == text
    return or_(Division.name.contains(text, autoescape=True), begins, was_called)


def _is_exactly(wanted: Wanted) -> ColumnElement[bool]:
    return or_(Division.code.in_(wanted.meant), Division.name == wanted.text, Division.short_name == wanted.text)


def _shown() -> Select[str, str, str, int, str | None, str | None, str | None, float, float, bool]:
    above, top = aliased(Division), aliased(Division)
    return (
        select(
            Division.code,
            Division.name,
            Division.short_name,
            Division.level,
            Division.parent_code,
            above.name,
            top.name,
            func.ST_X(cast(Division.point, Geometry)),
            func.ST_Y(cast(Division.point, Geometry)),
            exists().where(KeyCounty.code == Division.code),
        )
        .join(above, above.code == Division.parent_code, isouter=True)
        .join(top, top.code == above.parent_code, isouter=True)
    )
