"""What holds between two divisions, and the list of pairings."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from app.db.transaction import Read
from app.edge.paging import Window
from app.errors import FieldError, Invalid
from app.pairings.model import Pairing
from app.pairings.queries import listed_page, rows_around
from app.pairings.tiers import PairingRow, holding
from app.places.queries import lines_and_names
from matching.tables import Tier


@dataclass(frozen=True, slots=True)
class Holding:
    """What holds between two divisions on a day: the tier, and every row that speaks for a tier, the best first."""

    west_name: str
    east_name: str
    tier: Tier
    rows: Sequence[tuple[Tier, PairingRow]]


def what_holds(tx: Read, west: str, east: str, on: date) -> Holding:
    """What holds between a western and an eastern division on a day. Raises Invalid for a code nobody knows."""
    known = lines_and_names(tx.session, {west, east})
    _refuse_unknown(known, west=west, east=east)
    (west_line, west_name), (east_line, east_name) = known[west], known[east]
    rows = holding(rows_around(tx.session, west_line, east_line), west_line, east_line, on)
    return Holding(west_name, east_name, rows[0][0] if rows else Tier.NONE, rows)


def list_pairings(
    tx: Read, at: Window, *, west: str | None, east: str | None, on: date
) -> tuple[Sequence[Pairing], str | None]:
    """Pairings begun by a day that hold for a place or for places inside it. Raises Invalid for an unknown code."""
    named = {code for code in (west, east) if code}
    known = lines_and_names(tx.session, named)
    _refuse_unknown(known, west=west, east=east)
    lines = [known[code][0] if code else () for code in (west, east)]
    return listed_page(tx.session, at, lines[0], lines[1], on)


def _refuse_unknown(known: Collection[str], **parties: str | None) -> None:
    errors = tuple(
        FieldError(("query", name), "unknown_division", "没有这个行政区划代码。", "There is no such division.")
        for name, code in parties.items()
        if code and code not in known
    )
    if errors:
        raise Invalid(errors=errors)
