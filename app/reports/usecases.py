"""The whole picture, for coordinators: places and offices, no cell under ten."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from app.db.transaction import Read, Write
from app.identity.permissions import Permission, allow
from app.places.areas import lies_in
from app.reports import queries
from app.reports.queries import Cell, Market

_PEOPLE = frozenset({"workers", "agreed", "three"})
_LISTS = frozenset({"listed", "kept", "amiss"})


@dataclass(frozen=True, slots=True)
class Picture:
    """What is known of workers, vacancies and the roads between them."""

    #: By county of origin: kinds workers, agreed, three. Rounded to five, no station's cell under ten.
    origins: Sequence[Cell]
    #: By county of the station: rows of worker lists, kinds listed, kept, amiss; rounded like people.
    lists: Sequence[Cell]
    #: First jobs from prefecture to prefecture.
    flows: Sequence[Cell]
    #: What is open, by county of the workplace. Exact: places, not people.
    market: Sequence[Market]
    #: When the first and the last station counted its people; None: none did.
    counted: tuple[datetime, datetime] | None

    def total(self, kind: str) -> int:
        """The sum of a kind."""
        return sum(cell.value for cell in self.origins if cell.kind == kind)

    @property
    def vacancies(self) -> int:
        """How many jobs are open."""
        return sum(place.vacancies for place in self.market)

    @property
    def openings(self) -> int:
        """How many places are left in them."""
        return sum(place.openings for place in self.market)

    def inside(self, division: str) -> Picture:
        """The part of it that lies in a division; of the roads those that begin or end there."""
        return replace(
            self,
            origins=[cell for cell in self.origins if lies_in(cell.code, division)],
            lists=[cell for cell in self.lists if lies_in(cell.code, division)],
            flows=[cell for cell in self.flows if lies_in(cell.code, division) or lies_in(cell.to_code, division)],
            market=[place for place in self.market if lies_in(place.code, division)],
        )


def count_own_station(tx: Write) -> None:
    """Count the actor's station for the picture."""
    allow(tx.actor, Permission.READ_WORKERS)
    queries.recount(tx)


def stations_in_sight(tx: Read) -> int:
    """How many labour stations there are in the places the actor answers for."""
    allow(tx.actor, Permission.READ_FIGURES)
    return queries.count_stations(tx.session)


def see_picture(tx: Read) -> Picture:
    """The picture as it stands."""
    allow(tx.actor, Permission.READ_FIGURES)
    cells = queries.cells(tx.session)
    return Picture(
        [cell for cell in cells if cell.kind in _PEOPLE],
        [cell for cell in cells if cell.kind in _LISTS],
        sorted((cell for cell in cells if cell.kind == "flow"), key=lambda cell: -cell.value),
        queries.open_by_county(tx.session),
        queries.counted_between(tx.session),
    )
