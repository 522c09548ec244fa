"""What a station does for the workers in its care. Whoever is not in its care is not there (NotFound)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Subquery, func

from app.db.sealing import blind_index, unseal_text
from app.db.stated import set_differing
from app.db.transaction import Read, Write
from app.edge.paging import Window, read_page
from app.edge.public_ids import show
from app.errors import Conflict, FieldError, NotFound
from app.identity.audit import entry, record
from app.identity.permissions import Permission, allow
from app.places.addresses import gazetteer
from app.places.queries import place_ids
from app.workers import queries
from app.workers.drafts import WorkerDraft
from app.workers.fields import INTENTION
from app.workers.id_number import masked
from app.workers.model import Consent, Intention, Worker
from app.workers.queries import Shown
from app.workers.store import public_home, seal_phone, store_workers


class WorkerExists(Conflict):
    """Your station already cares for a worker with this ID number."""

    code, zh = "worker_exists", "本站已有该身份证号码的劳动者。"


@dataclass(frozen=True, slots=True)
class WorkerBrief:
    """A worker in a list."""

    worker: Worker
    desired_occupations: str | None
    consented: bool


class _Readable:
    """What is worked out from a worker's row and consents, whichever way they were read."""

    worker: Worker | Shown
    consents: Sequence[Consent] | Sequence[Shown]

    @property
    def version(self) -> tuple[object, ...]:
        """Changes with whatever is shown."""
        return (self.worker.version, *(consent.id for consent in self.consents))

    @property
    def masked_id_number(self) -> str:
        """As staff may see it."""
        return masked(unseal_text(self.worker.id_sealed, "workers.id_sealed", self.worker.id))

    @property
    def phone(self) -> str | None:
        """11 digits; None: not known."""
        sealed = self.worker.phone_sealed
        return unseal_text(sealed, "workers.phone_sealed", self.worker.id) if sealed else None

    @property
    def home_name(self) -> str:
        """Province, prefecture and county."""
        return gazetteer().full_name(self.worker.home_code)


@dataclass(frozen=True, slots=True)
class WorkerDetail(_Readable):
    """A worker with everything their station may see."""

    worker: Worker
    intention: Intention
    #: Those that stand.
    consents: Sequence[Consent]


@dataclass(frozen=True, slots=True)
class WorkerSheet(_Readable):
    """The same, read in one statement and to be shown only."""

    worker: Shown
    intention: Shown
    consents: Sequence[Shown]


def check_may_write(tx: Read) -> None:
    """Pass, or raise NotAllowed: before a form's fields are judged."""
    allow(tx.actor, Permission.WRITE_WORKERS)


def list_workers(
    tx: Read,
    at: Window,
    *,
    name_prefix: str | None = None,
    name_part: str | None = None,
    updated_since: datetime | None = None,
    only: ColumnElement[bool] | None = None,
    among: Subquery | None = None,
    is_backwards: bool = False,
) -> tuple[list[WorkerBrief], str | None]:
    """The station's workers, the last changed first, and the next cursor: those of whom something is so (`only`), or
    those `among` whom each has a place, in that order; backwards: the page before the cursor, and the cursor of the
    one before that."""
    allow(tx.actor, Permission.READ_WORKERS)
    query = queries.workers(
        name_prefix=name_prefix, name_part=name_part, updated_since=updated_since, only=only, among=among
    )
    order = (Worker.updated_at, Worker.id) if among is None else (among.c.place, Worker.id)
    newest_first = is_backwards != (among is None)
    found, following = read_page(tx.session, query, at, *order, newest_first=newest_first)
    queries.load_rest(tx, found)
    rows = found[::-1] if is_backwards else found
    ids = [row.id for row in rows]
    wishes = queries.wished_occupations(tx, ids)
    agreed = queries.with_matching_consent(tx, ids)
    record(tx, "worker.list", purpose=str(len(ids)))  # paging through everybody is counted, as looks are
    return [WorkerBrief(row, wishes.get(row.id), row.id in agreed) for row in rows], following


def read_worker(tx: Write, worker_id: UUID) -> WorkerDetail:
    """A worker with their personal detail; the look is written down."""
    allow(tx.actor, Permission.READ_WORKERS)
    detail = _detail(tx, worker_id)
    record(tx, "worker.read", worker_id=worker_id, subject=show("w", worker_id))
    return detail


def read_sheet(tx: Write, worker_id: UUID) -> WorkerSheet:
    """The same look at a worker, in one statement: to be shown, not to be changed."""
    allow(tx.actor, Permission.READ_WORKERS)
    look = entry(tx, "worker.read", worker_id=worker_id, subject=show("w", worker_id))
    found = queries.sheet(tx, worker_id, look)
    if found is None:
        raise NotFound
    return WorkerSheet(*found)


def add_worker(
    tx: Write, draft: WorkerDraft, *, witness: str | None = None, signed_on: date | None = None
) -> WorkerDetail:
    """Take a worker into the station's care. Raises WorkerExists: of its own workers only, never of another's."""
    allow(tx.actor, Permission.WRITE_WORKERS)
    id_index = blind_index(draft.id_number, "id_number")
    queries.take_turn_for(tx, id_index)  # of two at once the second finds the first one's worker
    if queries.is_known(tx, id_index):
        raise WorkerExists(
            errors=(FieldError(("body", "id_number"), WorkerExists.code, WorkerExists.zh, WorkerExists.__doc__ or ""),)
        )
    [outcome] = store_workers(tx, [draft], witness=witness, signed_on=signed_on)
    record(tx, "worker.create", worker_id=outcome.worker_id, subject=show("w", outcome.worker_id))
    return _detail(tx, outcome.worker_id)


def worker_to_change(tx: Write, worker_id: UUID) -> WorkerDetail:
    """A worker whom nobody else can change until this transaction ends; the answer shows them, whatever is changed."""
    allow(tx.actor, Permission.WRITE_WORKERS)
    detail = _detail(tx, worker_id, locked=True)
    record(tx, "worker.read", worker_id=worker_id, subject=show("w", worker_id), purpose="change")
    return detail


def change_worker(tx: Write, detail: WorkerDetail, changes: Mapping[str, Any]) -> WorkerDetail:
    """Change what a draft states, by the draft's names. Nothing changes when nothing differs."""
    worker = detail.worker
    columns = dict(changes)
    if "phone" in columns:
        phone = columns.pop("phone")
        if phone != detail.phone:
            columns |= {
                "phone_sealed": seal_phone(worker.id, phone) if phone else None,
                "phone_index": blind_index(phone, "phone") if phone else None,
            }
    if "home" in columns:
        home = public_home(columns.pop("home"))
        columns |= {"home_id": place_ids(tx.session, [home])[home], "home_code": home.code}
    if set_differing(worker, columns):
        _changed(tx, worker, "worker.change")
    return detail


def set_intention(tx: Write, detail: WorkerDetail, intention: Mapping[str, Any]) -> WorkerDetail:
    """Put down what the worker wants, whole; what is not stated is no longer known."""
    if set_differing(detail.intention, {field.column: intention[field.column] for field in INTENTION}):
        detail.intention.updated_at = func.now()
        _changed(tx, detail.worker, "worker.intention")
    return detail


def take_consent(tx: Write, worker_id: UUID, *, witness: str, signed_on: date) -> None:
    """Take down that somebody saw the worker's signed paper for matching. A withdrawal after that day stands."""
    allow(tx.actor, Permission.WRITE_WORKERS)
    _detail(tx, worker_id, locked=True)
    if not queries.with_matching_consent(tx, [worker_id]):
        queries.add_paper_consents(tx, [worker_id], witness=witness, signed_on=signed_on, list_id=None)
    record(tx, "consent.give", worker_id=worker_id, subject=show("w", worker_id))


def withdraw_consent(tx: Write, worker_id: UUID, purpose: str) -> None:
    """The worker takes a consent back; where none stands nothing happens, and it looks the same."""
    allow(tx.actor, Permission.WRITE_WORKERS)
    _detail(tx, worker_id, locked=True)
    queries.withdraw_consent(tx, worker_id, purpose)
    record(tx, "consent.withdraw", worker_id=worker_id, subject=show("w", worker_id))


def _detail(tx: Read, worker_id: UUID, *, locked: bool = False) -> WorkerDetail:
    if locked and queries.find_worker(tx, worker_id, locked=True) is None:
        raise NotFound
    found = queries.find_whole(tx, worker_id)
    if found is None:
        raise NotFound
    return WorkerDetail(*found)


def _changed(tx: Write, worker: Worker, action: str) -> None:
    worker.version += 1
    worker.updated_at = func.now()
    tx.session.flush()  # the audit entry comes after what it speaks of
    tx.session.refresh(worker)
    record(tx, action, worker_id=worker.id, subject=show("w", worker.id))
