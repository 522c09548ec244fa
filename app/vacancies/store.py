"""Storing many vacancies at once: what a list does, and what a form does with one.

Set-based, in steps of CHUNK, inside the caller's one transaction: all or nothing. An unchanged vacancy is not touched,
and one that its poster closed stays closed: the same file again changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from operator import attrgetter
from typing import Any
from uuid import UUID, uuid4

import orjson

from app.db.base import BEIJING, today
from app.db.bulk import Values
from app.db.sealing import seal_text, unseal_text
from app.db.stated import as_stored, columns, earlier, lay
from app.db.transaction import Write
from app.identity.permissions import Permission, allow
from app.places.queries import PlaceKey, place_ids
from app.vacancies import queries
from app.vacancies.approval import Company, after_change, names_another, stands_as
from app.vacancies.drafts import Outcome, VacancyDraft, identities
from app.vacancies.fields import RECORD

CHUNK = 10_000
#: How long a vacancy without a last day stands.
STANDS = timedelta(days=30)
#: A list that names an unchanged vacancy again confirms it, not twice a day: the same file again touches nothing.
CONFIRMED_ANEW = timedelta(days=1)
_stated = attrgetter(*(field.stated_by for field in RECORD))
_plain = attrgetter(*(field.column for field in RECORD[2:]))
_AT = {field.column: position for position, field in enumerate(RECORD)}


@dataclass(slots=True)
class _Row:
    """A vacancy as it is to be stored."""

    id: UUID
    draft: VacancyDraft
    identity: str
    #: Values of RECORD.
    record: list[Any]
    #: What is stored now. None: a new vacancy.
    before: queries.Stored | None = None
    changes_record: bool = False
    changes_contact: bool = False
    #: What it then stands as: open or pending, or closed as it was.
    state: str = ""
    #: The poster is not let to offer this company's jobs yet.
    for_another: bool = False
    kept: tuple[str, ...] = ()

    @property
    def outcome(self) -> Outcome:
        changed = self.changes_record or self.changes_contact
        what = "new" if self.before is None else "updated" if changed else "unchanged"
        before = _earlier(self, self.before) if self.before and changed else None
        return Outcome(what, self.id, self.kept, for_another=self.for_another, before=before)


def store_vacancies(
    tx: Write,
    drafts: Sequence[VacancyDraft],
    *,
    list_id: UUID | None = None,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> list[Outcome]:
    """Store the drafts as offers of the actor's organisation, and say what became of each, in order.

    `progress(done, total)` after each step. Raises ValueError when a workplace is in no division.
    """
    allow(tx.actor, Permission.POST_VACANCIES)
    return _store(tx, drafts, identities(drafts), list_id, progress)


def store_one(tx: Write, draft: VacancyDraft, name: str) -> Outcome:
    """Store one draft under an identity that is free."""
    [outcome] = _store(tx, [draft], [name], None, lambda done, total: None)
    return outcome


def _store(
    tx: Write,
    drafts: Sequence[VacancyDraft],
    names: Sequence[str],
    list_id: UUID | None,
    progress: Callable[[int, int], None],
) -> list[Outcome]:
    queries.take_turns(tx)
    places = place_ids(tx.session, (draft.workplace for draft in drafts))
    if unknown := {draft.workplace.code for draft in drafts if draft.workplace not in places}:
        raise ValueError(f"no division {sorted(unknown)}")
    outcomes: list[Outcome] = []
    for start in range(0, len(drafts), CHUNK):
        step = slice(start, start + CHUNK)
        outcomes += _store_step(tx, drafts[step], names[step], places, list_id)
        progress(len(outcomes), len(drafts))
    elsewhere = queries.offered_elsewhere(tx, [one.vacancy_id for one in outcomes])
    return [replace(one, elsewhere=True) if one.vacancy_id in elsewhere else one for one in outcomes]


def _store_step(
    tx: Write,
    drafts: Sequence[VacancyDraft],
    names: Sequence[str],
    places: Mapping[PlaceKey, UUID],
    list_id: UUID | None,
) -> list[Outcome]:
    stored = queries.stored_vacancies(tx, names, RECORD)
    day, stands, is_another = today(), stands_as(tx), names_another(tx)
    rows = [
        _row(draft, name, places[draft.workplace], stored.get(name), day)
        for draft, name in zip(drafts, names, strict=True)
    ]
    for row in rows:
        company = Company(row.record[_AT["employer"]], row.record[_AT["uscc"]])
        standing = stands(row.record[_AT["workplace_code"]], company, row.draft)
        row.for_another = is_another(company)
        row.state = after_change(row.before.vacancy.state, standing) if row.before else standing
    _insert(tx, [row for row in rows if row.before is None], list_id)
    changed = [row for row in rows if row.before is not None and row.changes_record]
    if changed:
        queries.update_vacancies(
            tx,
            {
                "id": Values("uuid", [row.id for row in changed]),
                "state": Values("text", [row.state for row in changed]),
                **columns(RECORD, [row.record for row in changed]),
            },
        )
    anew = datetime.now(BEIJING) - CONFIRMED_ANEW
    again = [row.id for row in rows if row.before and not row.changes_record and row.before.vacancy.confirmed_at < anew]
    if again:
        queries.confirm_vacancies(tx, again)
    _write_contacts(tx, [row for row in rows if row.changes_contact])
    return [row.outcome for row in rows]


def _row(draft: VacancyDraft, name: str, place: UUID, before: queries.Stored | None, day: date) -> _Row:
    record = [place, draft.workplace.code, *as_stored(RECORD[2:], _plain(draft))]
    if before is None:
        row = _Row(uuid4(), draft, name, record)
        record[_AT["valid_until"]] = draft.valid_until or day + STANDS
        row.changes_contact = draft.contact is not None or draft.phone is not None
        return row
    row = _Row(before.vacancy.id, draft, name, record, before)
    _merge(row, before, day)
    return row


def _merge(row: _Row, before: queries.Stored, day: date) -> None:
    """Lay what was stated over what is stored."""
    old = before.vacancy[queries.STORED_HEAD :]
    stated = list(_stated(row.draft))
    if row.draft.headcount < before.vacancy.filled:
        stated[_AT["headcount"]] = None
        row.kept = ("headcount",)
    if row.draft.valid_until is None and before.vacancy.valid_until < day:
        row.record[_AT["valid_until"]] = stated[_AT["valid_until"]] = day + STANDS  # posted again: renewed
    if row.draft.age_min is not None or row.draft.age_max is not None:
        stated[_AT["age_min"]] = stated[_AT["age_max"]] = True
    row.changes_record = lay(RECORD, stated, row.record, old, frozenset(), [])
    row.changes_contact = (row.draft.contact or before.contact) != before.contact or (
        row.draft.phone is not None and row.draft.phone != _opened(before)
    )


def _earlier(row: _Row, before: queries.Stored) -> bytes:
    """What the row changes, as it was; the contact as a whole."""
    was = earlier(RECORD, before.vacancy[queries.STORED_HEAD :], row.record)
    if row.changes_record:
        was["state"] = before.vacancy.state
    if row.changes_contact:
        was["contact"] = [before.contact, _opened(before)]
    return orjson.dumps(was)


def restore_vacancies(tx: Write, before: Mapping[UUID, bytes]) -> None:
    """Give the actor's own vacancies back what `Outcome.before` says of them. One that waits for approval since goes on
    waiting."""
    allow(tx.actor, Permission.POST_VACANCIES)
    records = {vacancy_id: orjson.loads(was) for vacancy_id, was in before.items()}
    contacts = {vacancy_id: was.pop("contact") for vacancy_id, was in records.items() if "contact" in was}
    queries.lay_over(tx, {vacancy_id: was for vacancy_id, was in records.items() if was})
    if contacts:
        queries.write_contacts(
            tx,
            {
                "vacancy_id": Values("uuid", list(contacts)),
                "poster_id": Values("uuid", [tx.actor.organisation_id] * len(contacts)),
                "name": Values("text", [name for name, _ in contacts.values()]),
                "phone_sealed": Values(
                    "bytea", [seal_phone(one, phone) if phone else None for one, (_, phone) in contacts.items()]
                ),
            },
        )


def _insert(tx: Write, rows: list[_Row], list_id: UUID | None) -> None:
    if rows:
        queries.insert_vacancies(
            tx,
            {
                "id": Values("uuid", [row.id for row in rows]),
                "poster_id": Values("uuid", [tx.actor.organisation_id] * len(rows)),
                "identity": Values("text", [row.identity for row in rows]),
                "list_id": Values("uuid", [list_id] * len(rows)),
                "state": Values("text", [row.state for row in rows]),
                **columns(RECORD, [row.record for row in rows]),
            },
        )


def _write_contacts(tx: Write, rows: list[_Row]) -> None:
    if rows:
        queries.write_contacts(
            tx,
            {
                "vacancy_id": Values("uuid", [row.id for row in rows]),
                "poster_id": Values("uuid", [tx.actor.organisation_id] * len(rows)),
                "name": Values("text", [row.draft.contact or (row.before and row.before.contact) for row in rows]),
                "phone_sealed": Values("bytea", [_sealed(row) for row in rows]),
            },
        )


def _opened(before: queries.Stored) -> str | None:
    return open_phone(before.vacancy.id, before.phone_sealed)


def _sealed(row: _Row) -> bytes | None:
    if row.draft.phone is not None:
        return seal_phone(row.id, row.draft.phone)
    return row.before.phone_sealed if row.before is not None else None


def seal_phone(vacancy_id: UUID, phone: str) -> bytes:
    """A contact's phone as it is kept beside that vacancy."""
    return seal_text(phone, "vacancy_contacts.phone_sealed", vacancy_id)


def open_phone(vacancy_id: UUID, sealed: bytes | None) -> str | None:
    """The contact's phone again."""
    return unseal_text(sealed, "vacancy_contacts.phone_sealed", vacancy_id) if sealed else None
