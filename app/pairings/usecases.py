"""What holds between two divisions, the list of pairings, and how the authorities of either side keep it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from app.db.stated import set_differing
from app.db.transaction import Read, Write
from app.edge.form_fields import wrong
from app.edge.paging import Window
from app.edge.public_ids import show
from app.errors import Conflict, FieldError, Invalid, NotAllowed, NotFound
from app.identity.audit import record
from app.identity.permissions import Permission, allow
from app.pairings.model import Pairing
from app.pairings.queries import find_pairing, listed_page, lock_pairing, overlapping, rows_around, take_turns
from app.pairings.tiers import PairingRow, holding
from app.places.areas import lies_in
from app.places.queries import lines_and_names
from matching.tables import Tier

#: How many divisions stand in the line of a division of each level.
LEVELS = {1: "province", 2: "prefecture", 3: "county"}
#: What makes a reference row the same in the next release of the file.
_REFERENCE = frozenset({"since", "document"})


class PairingOverlaps(Conflict):
    """The two are paired already on some of these days: end that pairing first, or change it."""

    code, zh = "pairing_overlaps", "双方在此期间已有同类结对关系：请先终止或更正原有的记录。"


class ReferencePairing(Conflict):
    """This pairing comes with the product: it can be ended, not rewritten. Record another one."""

    code, zh = "reference_pairing", "该结对关系为系统自带资料：只能登记终止日期和依据，不能改写；请另行登记。"


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
    _refuse_unknown(known, "query", west=west, east=east)
    (west_line, west_name), (east_line, east_name) = known[west], known[east]
    rows = holding(rows_around(tx.session, west_line, east_line), west_line, east_line, on)
    return Holding(west_name, east_name, rows[0][0] if rows else Tier.NONE, rows)


def list_pairings(
    tx: Read, at: Window, *, west: str | None, east: str | None, on: date
) -> tuple[Sequence[Pairing], str | None]:
    """Pairings begun by a day that hold for a place or for places inside it. Raises Invalid for an unknown code."""
    named = {code for code in (west, east) if code}
    known = lines_and_names(tx.session, named)
    _refuse_unknown(known, "query", west=west, east=east)
    lines = [known[code][0] if code else () for code in (west, east)]
    return listed_page(tx.session, at, lines[0], lines[1], on)


def read_pairing(tx: Read, pairing_id: UUID) -> Pairing:
    """One pairing. Raises NotFound."""
    row = find_pairing(tx, pairing_id)
    if row is None:
        raise NotFound
    return row


def record_pairing(tx: Write, stated: Mapping[str, Any], east_name: str | None) -> Pairing:
    """Record a pairing of one's own side; `east_name` names a zone that stands in the eastern division.

    Raises Invalid, NotAllowed when neither party lies in the actor's division, PairingOverlaps.
    """
    allow(tx.actor, Permission.KEEP_PAIRINGS)
    known = lines_and_names(tx.session, {stated["west_code"], stated["east_code"]})
    _refuse_unknown(known, "body", west=stated["west_code"], east=stated["east_code"])
    (west_line, west_name), (_, name) = known[stated["west_code"]], known[stated["east_code"]]
    row = Pairing(
        id=uuid4(),
        level=LEVELS[len(west_line)],
        west_name=west_name,
        east_name=east_name or name,
        coarse=east_name is not None and east_name != name,
        confidence="high",
        recorded_by=tx.actor.organisation_id,
        **stated,
    )
    _check(row)
    _refuse_foreign(tx, row)
    take_turns(tx)
    _refuse_overlap(tx, row)
    tx.session.add(row)
    tx.session.flush()
    tx.session.refresh(row)
    record(tx, "pairing.create", subject=show("p", row.id))
    return row


def pairing_to_change(tx: Write, pairing_id: UUID) -> Pairing:
    """A pairing of one's own side, which nobody else changes until this transaction ends."""
    allow(tx.actor, Permission.KEEP_PAIRINGS)
    take_turns(tx)
    _refuse_foreign(tx, read_pairing(tx, pairing_id))
    return lock_pairing(tx, pairing_id) or read_pairing(tx, pairing_id)


def change_pairing(tx: Write, row: Pairing, changes: Mapping[str, Any]) -> Pairing:
    """Change dates or documents, in the name of who changes them. Nothing changes when nothing differs."""
    with tx.session.no_autoflush:
        if row.is_reference and any(getattr(row, name) != changes[name] for name in _REFERENCE & changes.keys()):
            raise ReferencePairing
        if not set_differing(row, changes):
            return row
        _check(row)
        if row.until is not None and "until" in changes and row.until_document is None:
            zh = "终止结对关系须写明依据文件。"
            raise wrong("until_document", "missing", zh, "Name the document that ends it.")
        _refuse_overlap(tx, row)
        row.recorded_by = tx.actor.organisation_id
        row.version += 1
    tx.session.flush()
    record(tx, "pairing.change", subject=show("p", row.id))
    return row


def _check(row: Pairing) -> None:
    if lies_in(row.east_code, row.west_code) or lies_in(row.west_code, row.east_code):
        zh = "结对双方不能是同一地方，也不能一方包含另一方。"
        raise wrong("east", "same_place", zh, "The parties must be two places, neither inside the other.")
    same_province = (row.east_code or "")[:2] == row.west_code[:2]
    if same_province != (row.kind == "province_internal"):
        zh = "省内协作双方须在同一省份，其他结对须跨省。"
        raise wrong("kind", "bad_kind", zh, "province_internal joins places of one province, the others of two.")
    if row.until is not None and row.until < row.since:
        raise wrong("until", "bad_range", "不能早于 since。", "Must not be before since.")


def _refuse_foreign(tx: Read, row: Pairing) -> None:
    if not any(lies_in(code, tx.actor.division) for code in (row.west_code, row.east_code)):
        raise NotAllowed


def _refuse_overlap(tx: Read, row: Pairing) -> None:
    if overlapping(tx, row):
        raise PairingOverlaps


def _refuse_unknown(known: Collection[str], where: str, **parties: str | None) -> None:
    errors = tuple(
        FieldError((where, name), "unknown_division", "没有这个行政区划代码。", "There is no such division.")
        for name, code in parties.items()
        if code and code not in known
    )
    if errors:
        raise Invalid(errors=errors)
