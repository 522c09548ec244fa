"""An office sees what it owes and by when; a coordinator how many of each colour the offices of its division have."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from app.actor import Role
from app.db.base import today
from app.db.transaction import Read
from app.duties import queries
from app.duties.colours import Colour, Duty, DutyKind, colour_of
from app.edge.paging import Window
from app.errors import NotAllowed
from app.identity.permissions import Permission, allow


@dataclass(slots=True)
class OfficeDuties:
    """How many duties of each kind and colour an office has."""

    office: UUID
    name: str
    counts: Counter[tuple[DutyKind, Colour]] = field(default_factory=Counter)


def list_duties(
    tx: Read, at: Window, kind: DutyKind | None, colour: Colour | None
) -> tuple[Sequence[Duty], str | None]:
    """What the actor's office owes, the longest due first; the auditor sees every office's."""
    allow(tx.actor, Permission.READ_DUTIES)
    return queries.duties_page(tx, at, today(), kind, colour)


def office_duties(tx: Read) -> Sequence[OfficeDuties]:
    """The offices of the coordinator's division that owe something."""
    allow(tx.actor, Permission.READ_DUTIES)
    if tx.actor.role is not Role.COORDINATOR:
        raise NotAllowed
    found: dict[UUID, OfficeDuties] = {}
    for office, name, kind, due, number in queries.office_duties(tx):
        counts = found.setdefault(office, OfficeDuties(office, name)).counts
        counts[DutyKind(kind), colour_of(due, today())] += number
    return list(found.values())
