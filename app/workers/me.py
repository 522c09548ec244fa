"""What workers do for themselves. Whatever they state here is their own word: no list overrides it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func

from app.db.base import BEIJING
from app.db.sealing import SealBroken, unseal_text
from app.db.stated import Field, set_differing
from app.db.transaction import Read, Write
from app.edge.paging import Window, read_page
from app.edge.public_ids import show
from app.errors import DeviceOnHold, FieldError, NotAllowed, NotFound
from app.identity.audit import AuditEntry, record
from app.identity.codes_phones import check_nobody_shares
from app.identity.permissions import Permission, allow
from app.workers import me_queries, queries
from app.workers.fields import INTENTION
from app.workers.id_number import masked
from app.workers.me_queries import OwnRecord
from app.workers.model import Consent, Worker
from app.workers.usecases import WorkerDetail

#: Columns about somebody else: who on the staff, in which session.
_OF_OTHERS = frozenset({"token_id", "user_id", "taken_by", "checked_by"})
#: How long after signing in the whole ID number is shown.
FRESH = timedelta(minutes=10)


class SignInAgain(NotAllowed):
    """Sign in again: this is shown only within ten minutes of signing in."""

    code, zh = "sign_in_again", "请重新登录：登录后十分钟内才能查看。"


@dataclass(frozen=True, slots=True)
class Look:
    """Something an office did with the worker's record."""

    entry: AuditEntry
    #: The office's name. None: no office did it, or it is gone.
    office: str | None


def read_me(tx: Read, *, locked: bool = False) -> WorkerDetail:
    """The worker's own record."""
    allow(tx.actor, Permission.OWN_DOOR)
    worker = me_queries.own_worker(tx, locked=locked)
    return WorkerDetail(worker, me_queries.own_intention(tx), queries.live_consents(tx, worker.id))


def correct_me(tx: Write, me: WorkerDetail, columns: Mapping[str, Any], words: Sequence[str]) -> WorkerDetail:
    """Change what the worker corrects, and keep that it is their own word."""
    _keep_own_word(tx, me.worker, words, set_differing(me.worker, columns), "me.change")
    return me


def set_my_intention(tx: Write, me: WorkerDetail, wanted: Mapping[str, Any]) -> WorkerDetail:
    """Put down what the worker wants, whole. What is stated, or no longer stated, is their own word."""
    before = {field.column: getattr(me.intention, field.column) for field in INTENTION}
    differs = set_differing(me.intention, {field.column: wanted[field.column] for field in INTENTION})
    if differs:
        me.intention.updated_at = func.now()
    words = [field.word for field in INTENTION if _was_said(field, wanted, before)]
    _keep_own_word(tx, me.worker, words, differs, "me.intention")
    return me


def _was_said(field: Field, wanted: Mapping[str, Any], before: Mapping[str, Any]) -> bool:
    value = wanted[field.column]
    if field.stated_by != field.column:
        return False  # understood from, or said of, another field
    return value not in (None, field.blank) or value != before[field.column]


def _keep_own_word(tx: Write, worker: Worker, words: Sequence[str], differs: bool, action: str) -> None:
    own = list(dict.fromkeys([*worker.own_word, *words]))
    if not differs and own == list(worker.own_word):
        return
    worker.own_word = own
    worker.version += 1
    worker.updated_at = func.now()
    tx.session.flush()  # the audit entry comes after what it speaks of
    tx.session.refresh(worker)
    record(tx, action, worker_id=worker.id, subject=show("w", worker.id))


def read_my_id_number(tx: Write) -> str:
    """The whole ID number, to who has just signed in. Raises SignInAgain."""
    allow(tx.actor, Permission.OWN_DOOR)
    since = me_queries.signed_in_at(tx)
    if since is None or me_queries.now(tx) - since > FRESH:
        raise SignInAgain
    worker = me_queries.own_worker(tx)
    record(tx, "me.id_number", worker_id=worker.id, subject=show("w", worker.id))
    return unseal_text(worker.id_sealed, "workers.id_sealed", worker.id)


def my_records(tx: Read) -> Sequence[OwnRecord]:
    """What stations keep of the person; the one the session acts for is in force."""
    allow(tx.actor, Permission.OWN_DOOR)
    return me_queries.own_records(tx)


def choose_my_record(tx: Write, worker_id: UUID) -> Sequence[OwnRecord]:
    """From the next request on every session of the person acts for this record. Raises NotFound when it is none of
    theirs."""
    allow(tx.actor, Permission.OWN_DOOR)
    if not me_queries.choose_record(tx, worker_id):
        raise NotFound
    record(tx, "me.record", worker_id=worker_id, subject=show("w", worker_id))
    return me_queries.own_records(tx)


def my_consents(tx: Read) -> Sequence[Consent]:
    """What the worker agreed to, and took back."""
    allow(tx.actor, Permission.OWN_DOOR)
    return me_queries.own_consents(tx)


def check_may_give(tx: Read) -> None:
    """Pass, or raise DeviceOnHold with the moment from which this device may give, or PhoneOnHold (SECURITY T8)."""
    since = tx.actor.gives_from
    if since is None or since <= me_queries.now(tx):
        check_nobody_shares(tx, _me(tx))
        return
    moment = since.astimezone(BEIJING).isoformat(timespec="seconds")
    zh = f"这台设备是新登录的：为保护您，{moment} 以后才能授权；撤回随时可以。"
    en = f"This device is new: to protect you, giving waits until {moment}. Taking back never waits."
    raise DeviceOnHold(zh=zh, en=en, errors=(FieldError(("gives_from",), DeviceOnHold.code, moment, moment),))


def give_my_consent(tx: Write) -> Consent:
    """The worker agrees to matching, personally. Raises DeviceOnHold."""
    allow(tx.actor, Permission.OWN_DOOR)
    check_may_give(tx)
    worker = me_queries.own_worker(tx)
    me_queries.add_own_consent(tx, worker)
    record(tx, "consent.give", worker_id=worker.id, subject=show("w", worker.id))
    return next(one for one in me_queries.own_consents(tx) if one.purpose == "matching" and one.withdrawn_at is None)


def withdraw_my_consent(tx: Write, purpose: str, vacancy_id: UUID | None) -> None:
    """The worker takes a consent back: no reason, at every station at once. Where none stands it looks the same."""
    allow(tx.actor, Permission.OWN_DOOR)
    me_queries.withdraw_own_consent(tx, purpose, vacancy_id)
    record(tx, "consent.withdraw", worker_id=tx.actor.worker_id, subject=show("w", _me(tx)))


def my_looks(tx: Read, at: Window) -> tuple[list[Look], str | None]:
    """Who did what with the worker's records, the last first, and the next cursor."""
    allow(tx.actor, Permission.OWN_DOOR)
    rows, following = read_page(tx.session, me_queries.looks(), at, AuditEntry.id, newest_first=True)
    names = me_queries.office_names(tx, sorted({row.organisation_id for row in rows if row.organisation_id}))
    return [Look(row, names.get(row.organisation_id) if row.organisation_id else None) for row in rows], following


def my_data(tx: Write) -> dict[str, Any]:
    """Everything kept about the person, at every station, in the clear but for the ID number."""
    allow(tx.actor, Permission.OWN_DOOR)
    found = []
    for own in me_queries.own_records(tx):
        with me_queries.as_record(tx, own.worker_id) as theirs:
            kept = me_queries.everything(theirs)
        found.append({"station": own.station, "holds": own.holds} | {name: _open(name, kept[name]) for name in kept})
    record(tx, "me.data", worker_id=tx.actor.worker_id, subject=show("w", _me(tx)))
    return {"as_of": me_queries.now(tx), "records": found}


def _open(table: str, rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The rows with sealed columns opened; keyed indexes and what does not open are left out."""
    return [_opened(table, row) for row in rows]


def _opened(table: str, row: Mapping[str, Any]) -> dict[str, Any]:
    shown: dict[str, Any] = {}
    for column, value in row.items():
        if column in _OF_OTHERS:
            continue
        if not isinstance(value, bytes):
            shown[column] = value
        elif column.endswith("_sealed") and "id" in row:
            text = _unsealed(value, f"{table}.{column}", row["id"])
            if text is not None:
                name = "id_number" if column == "id_sealed" else column.removesuffix("_sealed")
                shown[name] = masked(text) if name == "id_number" else text
    return shown


def _unsealed(value: bytes, place: str, row: UUID) -> str | None:
    try:
        return unseal_text(value, place, row)
    except (SealBroken, UnicodeDecodeError):
        return None


def delete_me(tx: Write) -> None:
    """The person goes, at once and for good. What stays has no name: the audit, jobs that were taken, that consent was
    withdrawn."""
    allow(tx.actor, Permission.OWN_DOOR)
    record(tx, "me.delete", worker_id=tx.actor.worker_id, subject=show("w", _me(tx)))
    records = me_queries.own_records(tx)
    for own in records:
        with me_queries.as_record(tx, own.worker_id) as theirs:
            me_queries.end_on_record(theirs)
    me_queries.forget(tx, [own.worker_id for own in records])


def _me(tx: Read) -> UUID:
    assert tx.actor.worker_id is not None
    return tx.actor.worker_id
