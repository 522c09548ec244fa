"""Coordinators keep the shocks of their side, with dates and documents; offices read them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from app.db.base import today
from app.db.stated import set_differing
from app.db.transaction import Read, Write
from app.edge.form_fields import wrong
from app.edge.paging import Window
from app.edge.public_ids import show
from app.errors import Conflict, NotAllowed, NotFound
from app.identity.audit import record
from app.identity.permissions import Permission, allow
from app.places.areas import lies_in
from app.places.queries import division_name
from app.shocks import queries
from app.shocks.model import Shock
from app.shocks.queries import Wanted

#: What a shock may do, by where it is.
EFFECTS = {"origin": ("aid",), "destination": ("reduce", "warn", "close")}
#: Effects that say how much.
MEASURED = frozenset({"aid", "reduce"})


class ShockOverlaps(Conflict):
    """A shock of this kind and effect stands there on some of these days: change or end that one."""

    code, zh = "shock_overlaps", "该地在此期间已有同类记录：请更正或终止原有的记录。"


def list_shocks(tx: Read, at: Window, wanted: Wanted) -> tuple[Sequence[Shock], str | None]:
    """Shocks, the latest first. Raises Invalid for a division nobody knows."""
    allow(tx.actor, Permission.READ_SHOCKS)
    if wanted.division is not None:
        _check_division(tx, wanted.division)
    return queries.shocks_page(tx.session, at, wanted)


def read_shock(tx: Read, shock_id: UUID) -> Shock:
    """One shock."""
    allow(tx.actor, Permission.READ_SHOCKS)
    row = queries.find_shock(tx, shock_id)
    if row is None:
        raise NotFound
    return row


def record_shock(tx: Write, stated: Mapping[str, Any]) -> Shock:
    """Record what befell a place of one's own side. Raises Invalid, NotAllowed, ShockOverlaps."""
    allow(tx.actor, Permission.KEEP_SHOCKS)
    _check_division(tx, stated["division_code"])
    if not lies_in(stated["division_code"], tx.actor.division):
        raise NotAllowed
    row = Shock(id=uuid4(), recorded_by=tx.actor.organisation_id, **stated)
    _check(row)
    queries.take_turns(tx)
    _refuse_overlap(tx, row)
    tx.session.add(row)
    tx.session.flush()
    tx.session.refresh(row)
    record(tx, "shock.create", subject=show("sh", row.id))
    return row


def shock_to_change(tx: Write, shock_id: UUID) -> Shock:
    """A shock of one's own side, which nobody else changes until this transaction ends."""
    allow(tx.actor, Permission.KEEP_SHOCKS)
    queries.take_turns(tx)
    row = queries.find_shock(tx, shock_id)
    if row is None:
        raise NotFound
    if not lies_in(row.division_code, tx.actor.division):
        raise NotAllowed
    return queries.lock_shock(tx, shock_id) or row


def change_shock(tx: Write, row: Shock, changes: Mapping[str, Any]) -> Shock:
    """Change what a shock says, in the name of who changes it. Nothing changes when nothing differs."""
    with tx.session.no_autoflush:
        if not set_differing(row, changes):
            return row
        _check(row)
        _refuse_overlap(tx, row)
        row.recorded_by = tx.actor.organisation_id or row.recorded_by
        row.version += 1
    tx.session.flush()
    record(tx, "shock.change", subject=show("sh", row.id))
    return row


def end_shock(tx: Write, row: Shock) -> None:
    """It is over from now on, and so today is none of its days. Nothing changes when it was over before."""
    yesterday = today() - timedelta(days=1)
    if row.until is not None and row.until <= yesterday:
        return
    row.until = max(yesterday, row.since - timedelta(days=1))
    row.recorded_by = tx.actor.organisation_id or row.recorded_by
    row.version += 1
    tx.session.flush()
    record(tx, "shock.change", subject=show("sh", row.id))


def _check_division(tx: Read, code: str) -> None:
    if division_name(tx.session, code) is None:
        raise wrong("division", "unknown_division", "没有这个行政区划代码。", "There is no such division.")


def _check(row: Shock) -> None:
    if row.effect not in EFFECTS[row.side]:
        zh = "来源地填 aid；目的地填 reduce、warn 或 close。"
        raise wrong("effect", "bad_effect", zh, "At an origin: aid; at a destination: reduce, warn or close.")
    if (row.percent is not None) != (row.effect in MEASURED):
        zh = "aid 和 reduce 须填百分比（1–100），其他不填。"
        raise wrong("percent", "bad_percent", zh, "aid and reduce take a percentage, 1 to 100; the others none.")
    if row.until is not None and row.until < row.since:
        raise wrong("until", "bad_range", "不能早于 since。", "Must not be before since.")


def _refuse_overlap(tx: Read, row: Shock) -> None:
    if queries.overlapping(tx, row):
        raise ShockOverlaps
