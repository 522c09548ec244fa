"""Looking divisions up, by code, by name and by address."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app.db.transaction import Read
from app.edge.paging import Window
from app.errors import NotFound
from app.places.addresses import PlaceFound, find_place, gazetteer
from app.places.model import FormerName
from app.places.queries import DivisionRow, Wanted, division_row, divisions_page, former_names_of, key_county_since


@dataclass(frozen=True, slots=True)
class DivisionsFound:
    """A page of divisions and what the text means as an address."""

    rows: Sequence[DivisionRow]
    next: str | None
    match: PlaceFound | None
    match_name: str | None


def find_divisions(
    tx: Read, at: Window, *, text: str | None, near: str | None, level: int | None, parent: str | None
) -> DivisionsFound:
    """Divisions whose name, code or former name the text is, or which it means as an address."""
    match = find_place(text, near) if text else None
    meant = [match.code] if match and match.code else list(match.candidates) if match else []
    rows, following = divisions_page(tx.session, at, Wanted(text, meant, level, parent))
    name = gazetteer().full_name(match.code) if match and match.code else None
    return DivisionsFound(rows, following, match, name)


@dataclass(frozen=True, slots=True)
class DivisionKnown:
    """A division with what is told of it alone."""

    row: DivisionRow
    former_names: Sequence[FormerName]
    #: None: not on the list of 2021.
    key_county_since: date | None


def get_division(tx: Read, code: str) -> DivisionKnown:
    """One division. Raises NotFound."""
    row = division_row(tx.session, code)
    if row is None:
        raise NotFound
    return DivisionKnown(row, former_names_of(tx.session, code), key_county_since(tx.session, code))
