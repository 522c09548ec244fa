"""Watching: the audit log is sealed and proven, too much looking raises an alarm, files of workers need two people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID, uuid4

import numpy as np
from sqlalchemy import func

from app.actor import Actor, Role
from app.db.transaction import Read, Write
from app.edge.paging import Window, read_page
from app.edge.public_ids import show
from app.errors import Conflict, FieldError, Invalid, NotFound, TooManyRequests
from app.identity.audit import AuditEntry, record, record_each
from app.identity.permissions import Permission, allow
from app.oversight import chain, queries
from app.oversight.chain import Finding
from app.oversight.export_file import Watermark, workbook
from app.oversight.model import Alarm, AuditSeal, Export

#: Who seals and counts: the auditor's audience, in nobody's name.
WATCH = Actor(Role.AUDITOR)
#: Entries of one seal.
MOST_ENTRIES = 10_000
#: Ids of rolled back or running transactions that a seal still waits for.
MOST_GAPS = 10_000
#: People in one file, and in all files of a station a day (rules.sql holds to the second, whoever asks).
MOST_ROWS, MOST_A_DAY = 200, 400


class TooManyPeople(Invalid):
    """A file holds at most 200 people: choose fewer."""

    code, zh = "export_too_large", "一次最多导出 200 人，请缩小范围。"


class DayIsFull(TooManyRequests):
    """Your station's files of today hold 400 people already: tomorrow again."""

    code, zh = "export_day_full", "本站今天导出的人数已达 400 人，请明天再试。"


class OwnWish(Conflict):
    """Nobody approves what they asked for themselves: somebody else decides."""

    code, zh = "own_wish", "不能批准自己的申请，请由另一位负责人决定。"


class Decided(Conflict):
    """It has been decided already."""

    code, zh = "already_decided", "该申请已有决定。"


class NotToBeFetched(Conflict):
    """The file is not to be fetched: not approved yet, refused, fetched already, or its 24 hours are over."""

    code, zh = "export_not_ready", "文件不能下载：尚未批准、未获批准、已下载过，或已超过 24 小时。"


# The audit log ---


def seal_entries(tx: Write) -> AuditSeal | None:
    """Seal what was committed since; None when nothing was. Of two at once the second fails and comes again."""
    before = queries.last_seal(tx.session)
    found = queries.unsealed(tx.session, before, MOST_ENTRIES)
    if not found:
        return None
    made = chain.link(before, found, MOST_GAPS)
    tx.session.add(made)
    tx.session.flush()  # now, while it is known whose place in the chain it takes
    return made


def is_full(seal: AuditSeal) -> bool:
    """Whether it holds as many entries as a seal may: there may be more."""
    return sum(1 for _ in chain.unpacked(seal)) == MOST_ENTRIES


@dataclass(slots=True)
class Verdict:
    """What a check of the whole chain found."""

    seals: int = 0
    entries: int = 0
    #: The number and hash of the last seal.
    head: tuple[int, bytes] | None = None
    findings: list[Finding] = field(default_factory=list)


def verify(tx: Read, printed: Mapping[int, bytes]) -> Verdict:
    """Hold every sealed entry to its seal, every seal to the one before, and the chain to hashes printed earlier."""
    allow(tx.actor, Permission.READ_AUDIT)
    verdict, before = Verdict(), None
    covered: list[np.ndarray] = []
    for seal in queries.seals(tx.session):
        verdict.findings += chain.broken_links(seal, before)
        if printed.get(seal.number, seal.hash) != seal.hash:
            verdict.findings.append(Finding("other_head", seal=seal.number))
        sealed = dict(chain.unpacked(seal))
        verdict.findings += _compared(tx, sealed, seal.number)
        covered.append(np.fromiter(sealed, np.int64, len(sealed)))
        verdict.seals, verdict.entries, before = verdict.seals + 1, verdict.entries + len(sealed), seal
        tx.session.expunge(seal)  # its bytes are not needed again
    if before is not None:
        verdict.head = (before.number, before.hash)
        known = np.concatenate([*covered, np.array(before.gaps, np.int64)])
        there = np.fromiter(queries.ids_up_to(tx.session, before.up_to), np.int64)
        verdict.findings += [Finding("planted", entry=int(n)) for n in np.setdiff1d(there, known)]
    last = verdict.head[0] if verdict.head else 0
    verdict.findings += [Finding("missing", seal=number) for number in sorted(printed) if number > last]
    return verdict


def _compared(tx: Read, sealed: Mapping[int, bytes], seal: int) -> list[Finding]:
    there = queries.entries(tx.session, list(sealed))
    found = [Finding("removed", entry=n, seal=seal) for n in sealed.keys() - there.keys()]
    found += [Finding("edited", entry=n, seal=seal) for n, row in there.items() if chain.digest(row) != sealed[n]]
    return sorted(found, key=lambda one: one.entry or 0)


def list_entries(
    tx: Write,
    at: Window,
    *,
    worker_id: UUID | None = None,
    action: str | None = None,
    since: datetime | None = None,
    before: datetime | None = None,
    by: str | None = None,
    only_others: bool = False,
) -> tuple[Sequence[AuditEntry], str | None]:
    """The audit log, the newest first; the auditor's own look is in it too, unless only others' acts are asked for."""
    allow(tx.actor, Permission.READ_AUDIT)
    query = queries.audit_entries(
        worker_id, action, since, before=before, by=by, but_of=tx.actor if only_others else None
    )
    page = read_page(tx.session, query, at, AuditEntry.id, newest_first=True)
    record(tx, "audit.look", subject=show("w", worker_id) if worker_id else None)
    return page


def list_seals(tx: Read, at: Window) -> tuple[Sequence[AuditSeal], str | None]:
    """The chain, the newest seal first: what to keep elsewhere."""
    allow(tx.actor, Permission.READ_AUDIT)
    return read_page(tx.session, queries.all_seals(), at, AuditSeal.number, newest_first=True)


# Alarms ---


def list_alarms(tx: Write, at: Window) -> tuple[Sequence[Alarm], str | None]:
    """Who looked at too many people, the newest first, as of this moment."""
    allow(tx.actor, Permission.READ_ALARMS)
    queries.raise_alarms(tx.session)
    return read_page(tx.session, queries.alarms(), at, Alarm.raised_at, Alarm.id, newest_first=True)


# Exports ---


def ask_export(tx: Write, ids: Sequence[UUID], reason: str) -> Export:
    """Ask for a file of these workers, who must all be of the station. Raises TooManyPeople, DayIsFull, NotFound."""
    allow(tx.actor, Permission.ASK_EXPORT)
    wanted = list(dict.fromkeys(ids))
    if not 0 < len(wanted) <= MOST_ROWS:
        fault = FieldError(("body", "worker_ids"), TooManyPeople.code, TooManyPeople.zh, TooManyPeople.__doc__ or "")
        raise TooManyPeople(errors=(fault,))
    if len(queries.own_workers(tx.session, wanted)) < len(wanted):
        raise NotFound
    if queries.asked_today(tx) + len(wanted) > MOST_A_DAY:
        raise DayIsFull(headers={"Retry-After": "3600"})
    assert tx.actor.organisation_id
    assert tx.actor.token_id
    asked = Export(
        id=uuid4(),
        organisation_id=tx.actor.organisation_id,
        worker_ids=wanted,
        reason=reason,
        asked_by=tx.actor.user_id or tx.actor.token_id,
        asked_token=tx.actor.token_id,
        asked_at=func.now(),
    )
    tx.session.add(asked)
    tx.session.flush()  # what the database refuses, it refuses now
    tx.session.refresh(asked)
    record(tx, "export.ask", subject=show("ex", asked.id), purpose=reason)
    return asked


def choose(tx: Read, *, occupation: str | None, division: str | None) -> Sequence[UUID]:
    """The station's workers who wish for an occupation, or come from a division; more than fit when there are more."""
    allow(tx.actor, Permission.ASK_EXPORT)
    return queries.matching_workers(tx.session, occupation=occupation, home=division, most=MOST_ROWS)


def list_exports(tx: Read, at: Window) -> tuple[Sequence[Export], str | None]:
    """What the station asked for, the newest first."""
    allow(tx.actor, Permission.READ_EXPORTS)
    return read_page(tx.session, queries.exports(), at, Export.asked_at, Export.id, newest_first=True)


def read_export(tx: Read, export_id: UUID) -> Export:
    """One of them. Raises NotFound."""
    allow(tx.actor, Permission.READ_EXPORTS)
    found = queries.find_export(tx.session, export_id)
    if found is None:
        raise NotFound
    return found


def decide_export(tx: Write, export_id: UUID, *, allowed: bool) -> Export:
    """The head allows a file somebody else asked for, or not: once. Raises OwnWish, Decided."""
    allow(tx.actor, Permission.DECIDE_EXPORTS)
    asked = read_export(tx, export_id)
    if not queries.decide_export(tx, export_id, allowed=allowed):
        raise OwnWish if asked.asked_by == (tx.actor.user_id or tx.actor.token_id) else Decided
    tx.session.refresh(asked)
    record(tx, "export.approve" if allowed else "export.reject", subject=show("ex", export_id))
    return asked


def fetch_file(tx: Write, export_id: UUID) -> bytes:
    """The file, for whoever asked, once, within a day of its approval; every worker in it can see so."""
    allow(tx.actor, Permission.ASK_EXPORT)
    asked = read_export(tx, export_id)
    if asked.asked_by != (tx.actor.user_id or tx.actor.token_id):
        raise NotFound
    if not queries.fetch_export(tx, export_id):
        raise NotToBeFetched
    people = queries.exported_workers(tx.session, asked.worker_ids)
    name = show("ex", export_id)
    record_each(tx, "worker.export", [worker.id for worker, _ in people], subject=name, purpose=asked.reason)
    assert asked.decided_by
    mark = Watermark(
        export=name,
        organisation=queries.organisation_name(tx.session, asked.organisation_id),
        asked_by=asked.asked_by,
        decided_by=asked.decided_by,
        at=tx.session.scalars(func.now().select()).one(),
        reason=asked.reason,
    )
    return workbook(people, mark)
