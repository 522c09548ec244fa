"""Storing many workers at once: what a list does, and what a form does with one.

Set-based, in steps of CHUNK, inside the caller's one transaction: all or nothing. An unchanged worker is not touched,
so that its version and time of change mean something. While the database writes one step the next is built here
(sealing, comparing) and the one after it is drawn from the caller, who may still be reading it: a list is never in
memory as a whole.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from itertools import chain, islice
from operator import attrgetter
from typing import Any, NamedTuple
from uuid import UUID, uuid4

import orjson

from app.actor import Actor
from app.db.bulk import Columns, Values
from app.db.sealing import blind_index, seal_text, unseal_text
from app.db.stated import as_stored, columns, earlier, lay
from app.db.transaction import Write
from app.identity.permissions import Permission, allow
from app.places.queries import PlaceKey, place_ids
from app.workers import queries
from app.workers.drafts import Outcome, WorkerDraft
from app.workers.fields import INTENTION, RECORD
from app.workers.id_number import birth_date

#: Rows a step: large enough for the database, small enough for memory and for progress to move.
CHUNK = 4_000


@dataclass(slots=True)
class _Row:
    """A worker as it is to be stored."""

    id: UUID
    draft: WorkerDraft
    id_index: bytes
    #: Values of RECORD and of INTENTION.
    record: list[Any]
    intention: list[Any]
    #: What is stored now. None: a new worker.
    before: queries.Stored | None = None
    kept: tuple[str, ...] = ()
    #: Something in workers, in intentions is other than before. Consents are no part of it: whether a row that says yes
    #: gave one would tell who took it back.
    changes_record: bool = False
    changes_intention: bool = False

    @property
    def outcome(self) -> Outcome:
        changed = self.changes_record or self.changes_intention
        what = "new" if self.before is None else "updated" if changed else "unchanged"
        return Outcome(what, self.id, self.kept, _earlier(self, self.before) if self.before and changed else None)


class _Paper(NamedTuple):
    """The signed papers a list speaks of: who saw them (None: nobody), of which day, stated in which list."""

    witness: str | None
    signed_on: date | None
    list_id: UUID | None


class _Step(NamedTuple):
    """Some rows, and the columns to be written for them; {}: nothing to write."""

    rows: list[_Row]
    new_workers: Columns
    new_intentions: Columns
    changed_workers: Columns
    changed_intentions: Columns

    @property
    def outcomes(self) -> list[Outcome]:
        return [row.outcome for row in self.rows]


def store_workers(
    tx: Write,
    drafts: Iterable[WorkerDraft],
    *,
    list_id: UUID | None = None,
    witness: str | None = None,
    signed_on: date | None = None,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> list[Outcome]:
    """Store the drafts in the care of the actor's station, and say what became of each, in order.

    `witness` saw the signed papers which rows with consent speak of; without one no consent is stored. What the worker
    stated personally stays (Outcome.kept), a withdrawn consent is not revived. `progress(done, drawn)` after each step:
    how many are stored, and how many the drafts have given so far.
    Raises ValueError when two drafts name one ID number, or a home is in no division.
    """
    allow(tx.actor, Permission.WRITE_WORKERS)
    chunks = _chunks(drafts)
    first = next(chunks, [])
    if list_id is not None:
        queries.take_turns(tx)
    drawn: set[str] = set()
    outcomes: list[Outcome] = []
    for became in _written(tx, _named_once(chain([first], chunks), drawn), _Paper(witness, signed_on, list_id)):
        outcomes += became
        progress(len(outcomes), len(drawn))
    return outcomes


def foresee_workers(
    tx: Write, drafts: Iterable[WorkerDraft], *, progress: Callable[[int, int], None] = lambda done, total: None
) -> list[Outcome]:
    """What `store_workers` would make of each draft, in order, without writing a worker; raises what it raises. Homes
    that are new become public places: the caller takes the transaction back."""
    allow(tx.actor, Permission.WRITE_WORKERS)
    drawn: set[str] = set()
    homes: dict[PlaceKey, UUID] = {}
    outcomes: list[Outcome] = []
    for chunk in _named_once(_chunks(drafts), drawn):
        homes |= _homes(tx, {draft.home for draft in chunk} - homes.keys())
        known = _look_up(tx, chunk)
        outcomes += [_row(draft, index, homes[draft.home], before).outcome for draft, index, before in known]
        progress(len(outcomes), len(drawn))
    return outcomes


def _chunks(drafts: Iterable[WorkerDraft]) -> Iterator[list[WorkerDraft]]:
    source = iter(drafts)
    while chunk := list(islice(source, CHUNK)):
        yield chunk


def _named_once(chunks: Iterable[list[WorkerDraft]], drawn: set[str]) -> Iterator[list[WorkerDraft]]:
    """The chunks, their ID numbers added to those drawn before."""
    for chunk in chunks:
        before = len(drawn)
        drawn.update(draft.id_number for draft in chunk)
        if len(drawn) < before + len(chunk):
            raise ValueError("two drafts name one ID number")
        yield chunk


def _written(tx: Write, chunks: Iterable[list[WorkerDraft]], paper: _Paper) -> Iterator[list[Outcome]]:
    """What became of each chunk, after it is written; its rows are let go of. Only one thread at a time has the
    session: the writer from `submit` to `result`, this one otherwise."""
    homes: dict[PlaceKey, UUID] = {}
    built: _Step | None = None
    writing: tuple[_Step, Future[None]] | None = None
    with ThreadPoolExecutor(1) as writer:
        for chunk in chunks:
            if writing is not None:
                writing[1].result()
                yield writing[0].outcomes
                writing = None
            homes |= _homes(tx, {draft.home for draft in chunk} - homes.keys())
            known = _look_up(tx, chunk)  # ID numbers stand once in a list: what is not yet written is not among them
            if built is not None:
                writing = built, writer.submit(_write, tx, built, paper)
            built = _build(tx.actor, known, homes)
        if writing is not None:
            writing[1].result()
            yield writing[0].outcomes
    if built is not None:
        _write(tx, built, paper)
        yield built.outcomes


def public_home(stated: PlaceKey) -> PlaceKey:
    """The public place that stands for a home: places are read by everybody, so it names no village, no door and no
    point nearer than a kilometre. The address itself stays in the worker's own row."""
    if stated.lon is None or stated.lat is None:
        return stated._replace(detail="")
    return stated._replace(detail="", lon=round(stated.lon, 2), lat=round(stated.lat, 2))


def _homes(tx: Write, stated: Iterable[PlaceKey]) -> dict[PlaceKey, UUID]:
    """The id of the public place for each home as stated."""
    stood_for = {home: public_home(home) for home in stated}
    ids = place_ids(tx.session, stood_for.values())
    if unknown := {home.code for home in stood_for.values() if home not in ids}:
        raise ValueError(f"no division {sorted(unknown)}")
    return {said: ids[home] for said, home in stood_for.items()}


def _look_up(tx: Write, drafts: Sequence[WorkerDraft]) -> list[tuple[WorkerDraft, bytes, queries.Stored | None]]:
    """Each draft with the blind index of its ID number and what is stored of that worker."""
    indexes = [blind_index(draft.id_number, "id_number") for draft in drafts]
    stored = queries.stored_workers(tx, indexes, RECORD, INTENTION)
    return [(draft, index, stored.get(index)) for draft, index in zip(drafts, indexes, strict=True)]


def _build(
    actor: Actor,
    known: Sequence[tuple[WorkerDraft, bytes, queries.Stored | None]],
    homes: Mapping[PlaceKey, UUID],
) -> _Step:
    """What is to be written, with nothing asked of the database."""
    rows = [_row(draft, index, homes[draft.home], before) for draft, index, before in known]
    new = [row for row in rows if row.before is None]
    changed = [row for row in rows if row.before is not None and (row.changes_record or row.changes_intention)]
    wanting = [row for row in changed if row.changes_intention]
    return _Step(
        rows,
        _new_workers(actor, new),
        _new_intentions(actor, new),
        _changed_workers(changed),
        _changed_intentions(wanting),
    )


def _write(tx: Write, step: _Step, paper: _Paper) -> None:
    if step.new_workers:
        queries.insert_workers(tx, step.new_workers)
        queries.insert_intentions(tx, step.new_intentions)
    if step.changed_workers:
        queries.update_workers(tx, step.changed_workers)
    if step.changed_intentions:
        queries.update_intentions(tx, step.changed_intentions)
    if paper.witness is not None:
        _consent(tx, [row for row in step.rows if row.draft.consent], paper.witness, paper)


_stated_record = attrgetter(*(field.stated_by for field in RECORD))
_stated_intention = attrgetter(*(field.stated_by for field in INTENTION))
_plain_record = attrgetter(*(field.column for field in RECORD[3:]))
_plain_intention = attrgetter(*(field.column for field in INTENTION))
_PHONE = 2
_INTENTION = tuple(field.column for field in INTENTION)
_UNCHANGED = object()


def _row(draft: WorkerDraft, id_index: bytes, home_id: UUID, before: queries.Stored | None) -> _Row:
    phone_index = blind_index(draft.phone, "phone") if draft.phone else None
    record = [home_id, draft.home.code, phone_index, *as_stored(RECORD[3:], _plain_record(draft))]
    intention = as_stored(INTENTION, _plain_intention(draft))
    if before is None:
        return _Row(uuid4(), draft, id_index, record, intention)
    row = _Row(before.worker.id, draft, id_index, record, intention, before)
    _merge(row, before)
    return row


def _merge(row: _Row, before: queries.Stored) -> None:
    """Lay what was stated over what is stored: blanks keep it, and so does the worker's own word."""
    kept: list[str] = []
    own = frozenset(before.worker.own_word)
    record, wish = before.worker[queries.STORED_HEAD :], before.intention[1:]
    row.changes_record = lay(RECORD, _stated_record(row.draft), row.record, record, own, kept)
    row.changes_intention = lay(INTENTION, _stated_intention(row.draft), row.intention, wish, own, kept)
    row.kept = tuple(dict.fromkeys(kept))


def _earlier(row: _Row, before: queries.Stored) -> bytes:
    """What the row changes, as it was; the phone in plain, since keys may have changed when it is wanted again."""
    was = earlier(RECORD, before.worker[queries.STORED_HEAD :], row.record)
    was |= earlier(INTENTION, before.intention[1:], row.intention)
    if was.pop("phone_index", _UNCHANGED) is not _UNCHANGED:
        sealed = before.worker.phone_sealed
        was["phone"] = unseal_text(sealed, "workers.phone_sealed", row.id) if sealed else None
    return orjson.dumps(was)


def restore_workers(tx: Write, before: Mapping[UUID, bytes]) -> None:
    """Give workers of the actor's station back what `Outcome.before` says of them."""
    allow(tx.actor, Permission.WRITE_WORKERS)
    records, intentions = dict[UUID, dict[str, Any]](), dict[UUID, dict[str, Any]]()
    for worker_id, was in before.items():
        values: dict[str, Any] = orjson.loads(was)
        intentions[worker_id] = {name: values.pop(name) for name in _INTENTION if name in values}
        records[worker_id] = values | (_phone(worker_id, values["phone"]) if "phone" in values else {})
    queries.lay_over(tx, records, intentions)


def _phone(worker_id: UUID, phone: str | None) -> dict[str, str | None]:
    """Both columns of a phone, as JSON holds bytes for PostgreSQL."""
    if phone is None:
        return {"phone_sealed": None, "phone_index": None}
    sealed, index = seal_phone(worker_id, phone), blind_index(phone, "phone")
    return {"phone_sealed": f"\\x{sealed.hex()}", "phone_index": f"\\x{index.hex()}"}


def _new_workers(actor: Actor, rows: list[_Row]) -> Columns:
    if not rows:
        return {}
    return {
        "id": Values("uuid", [row.id for row in rows]),
        "station_id": Values("uuid", [actor.organisation_id] * len(rows)),
        "division_code": Values("text", [actor.division] * len(rows)),
        "id_sealed": Values("bytea", [seal_id_number(row.id, row.draft.id_number) for row in rows]),
        "id_index": Values("bytea", [row.id_index for row in rows]),
        "birth_date": Values("date", [birth_date(row.draft.id_number) for row in rows]),
        "phone_sealed": Values("bytea", [_sealed_phone(row) for row in rows]),
        **columns(RECORD, [row.record for row in rows]),
    }


def _new_intentions(actor: Actor, rows: list[_Row]) -> Columns:
    return {
        "worker_id": Values("uuid", [row.id for row in rows]),
        "station_id": Values("uuid", [actor.organisation_id] * len(rows)),
        **columns(INTENTION, [row.intention for row in rows]),
    }


def _changed_workers(rows: list[_Row]) -> Columns:
    if not rows:
        return {}
    return {
        "id": Values("uuid", [row.id for row in rows]),
        "phone_sealed": Values("bytea", [_sealed_phone(row) for row in rows]),
        **columns(RECORD, [row.record for row in rows]),
    }


def _changed_intentions(rows: list[_Row]) -> Columns:
    if not rows:
        return {}
    return {
        "worker_id": Values("uuid", [row.id for row in rows]),
        **columns(INTENTION, [row.intention for row in rows]),
    }


def _consent(tx: Write, rows: list[_Row], witness: str, paper: _Paper) -> None:
    agreed = queries.with_matching_consent(tx, [row.id for row in rows if row.before is not None])
    lacking = [row for row in rows if row.id not in agreed]
    if lacking:
        queries.add_paper_consents(
            tx, [row.id for row in lacking], witness=witness, signed_on=paper.signed_on, list_id=paper.list_id
        )


def seal_id_number(worker_id: UUID, number: str) -> bytes:
    """The ID number as it is kept beside that worker."""
    return seal_text(number, "workers.id_sealed", worker_id)


def seal_phone(worker_id: UUID, phone: str) -> bytes:
    """The phone as it is kept beside that worker."""
    return seal_text(phone, "workers.phone_sealed", worker_id)


def _sealed_phone(row: _Row) -> bytes | None:
    before: bytes | None = row.before.worker.phone_sealed if row.before is not None else None
    if row.draft.phone is None or (row.before is not None and row.record[_PHONE] == row.before.worker.phone_index):
        return before
    return seal_phone(row.id, row.draft.phone)
