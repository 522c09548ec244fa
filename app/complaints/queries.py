"""Complaints in the actor's sight. Row security says whose those are, and which columns: see row_security.sql."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Select, func, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import load_only

from app.actor import Role
from app.complaints.model import Complaint
from app.db.transaction import Read, Write
from app.workers.model import Worker

#: Who answers complaints: words and names come one by one, by functions.
OFFICES = frozenset({Role.DESTINATION, Role.COORDINATOR})
#: The case, without the person and the words.
_CASE = (
    Complaint.id,
    Complaint.kind,
    Complaint.vacancy_id,
    Complaint.division_code,
    Complaint.side,
    Complaint.state,
    Complaint.answer_sealed,
    Complaint.received_on,
    Complaint.changed_at,
    Complaint.version,
)


def complaints_for(role: Role) -> Select[Complaint]:
    """The complaints in sight, with the columns the role may read."""
    more = Complaint.assigned_to if role in OFFICES else Complaint.words_sealed
    return select(Complaint).options(load_only(*_CASE, more, raiseload=True))


def find_complaint(tx: Read, complaint_id: UUID, *, locked: bool = False) -> Complaint | None:
    """A complaint in sight; None for everybody else."""
    query = complaints_for(tx.actor.role).where(Complaint.id == complaint_id)
    if locked:
        query = query.with_for_update().execution_options(populate_existing=True)
    return tx.session.scalars(query).one_or_none()


def add_complaint(tx: Write, values: dict[str, Any]) -> None:
    """Keep a complaint; a repeated anonymous one is there already. Its office is found by app.route_complaint."""
    # no arbiter and no RETURNING: who complains without a name may not read it back either
    tx.session.execute(insert(Complaint).inline().values(values).on_conflict_do_nothing())


def set_state(tx: Write, complaint: Complaint, state: str, answer_sealed: bytes | None) -> None:
    """What the office did about it."""
    tx.session.execute(
        update(Complaint)
        .where(Complaint.id == complaint.id)
        .values(state=state, answer_sealed=answer_sealed, changed_at=func.now(), version=Complaint.version + 1)
        .execution_options(synchronize_session=False)
    )
    tx.session.refresh(complaint, [column.key for column in _CASE])


def home_code(tx: Read) -> str:
    """The county the complaining worker comes from."""
    return tx.session.scalars(select(Worker.home_code).where(Worker.id == tx.actor.worker_id)).one()


def workplace_of(tx: Read, vacancy_id: UUID) -> str | None:
    """Where a job is, one of the worker's own also when it is closed; None: there is none in the worker's sight."""
    place: str | None = tx.session.scalar(text("select app.complaint_place(:id)"), {"id": vacancy_id})
    return place


def home_reader(tx: Read, place: str) -> str | None:
    """How the office is called that will read a complaint about home; None: there is no such office."""
    name: str | None = tx.session.scalar(text("select app.complaint_reader('home', :place)"), {"place": place})
    return name


def job_readers(tx: Read, vacancy_ids: Sequence[UUID]) -> dict[UUID, str | None]:
    """Vacancy -> the office that will read a complaint about it; None: there is no such office."""
    query = text(
        "select id, app.complaint_reader('destination', place) as name"
        " from (select id, app.complaint_place(id) as place from unnest(cast(:ids as uuid[])) id) asked"
        " where place is not null"
    )
    return {row.id: row.name for row in tx.session.execute(query, {"ids": list(vacancy_ids)})}


def words_to_answer(tx: Read, complaint_id: UUID) -> bytes | None:
    """The sealed words of a complaint the acting office took in hand; None: none, or not its own to answer."""
    sealed: bytes | None = tx.session.scalar(text("select app.complaint_words(:id)"), {"id": complaint_id})
    return sealed


class Complainant(NamedTuple):
    """Who complained by name."""

    worker_id: UUID
    name: str
    #: Ciphertext of workers.phone_sealed. None: no phone is known.
    phone_sealed: bytes | None


def complainant(tx: Read, complaint_id: UUID) -> Complainant | None:
    """Whom to call about a complaint the acting office has in hand; None: it came without a name, or is not its own."""
    call = text("select worker_id, name, phone_sealed from app.complainant(:id)")
    found = tx.session.execute(call, {"id": complaint_id}).one_or_none()
    return None if found is None else Complainant._make(found)
