"""Finding seals, entries, alarms and exports."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, func, or_, select, text
from sqlalchemy.orm import Session, aliased

from app.actor import Actor
from app.db.transaction import Read, Write
from app.identity.audit import AuditEntry
from app.identity.model import Organisation, User
from app.oversight.chain import SEALED
from app.oversight.model import Alarm, AuditSeal, Export
from app.places.areas import area
from app.workers.model import Intention, Worker

_COLUMNS = [getattr(AuditEntry, name) for name in SEALED]


def last_seal(session: Session) -> AuditSeal | None:
    """The head of the chain."""
    return session.scalars(select(AuditSeal).order_by(AuditSeal.number.desc()).limit(1)).one_or_none()


def seals(session: Session) -> Iterator[AuditSeal]:
    """The chain, from its first seal."""
    return iter(session.scalars(select(AuditSeal).order_by(AuditSeal.number)).yield_per(20))


def all_seals() -> Select[AuditSeal]:
    """The chain, to be paged."""
    return select(AuditSeal)


def unsealed(session: Session, after: AuditSeal | None, most: int) -> Sequence[Row[Any]]:
    """Entries no seal covers, by id: those after its last, and those it had not seen yet."""
    new = AuditEntry.id > (after.up_to if after else 0)
    wanted = or_(new, AuditEntry.id == func.any(after.gaps)) if after and after.gaps else new
    return session.execute(select(*_COLUMNS).where(wanted).order_by(AuditEntry.id).limit(most)).all()


def entries(session: Session, ids: Sequence[int]) -> dict[int, Row[Any]]:
    """The entries with these ids that are there."""
    query = select(*_COLUMNS).where(AuditEntry.id == func.any(list(ids)))
    return {row.id: row for row in session.execute(query)}


def ids_up_to(session: Session, most: int) -> Iterable[int]:
    """The ids of all entries up to one."""
    return session.scalars(select(AuditEntry.id).where(AuditEntry.id <= most).execution_options(yield_per=10_000))


def audit_entries(
    worker_id: UUID | None,
    action: str | None,
    since: datetime | None,
    *,
    before: datetime | None = None,
    by: str | None = None,
    but_of: Actor | None = None,
) -> Select[AuditEntry]:
    """The audit log: about a worker, of an action, since a moment and before one, by whom (a part of the name of a
    member of staff or of an office), without what one actor did."""
    query = select(AuditEntry)
    if worker_id is not None:
        query = query.where(AuditEntry.worker_id == worker_id)
    if action is not None:
        query = query.where(AuditEntry.action == action)
    if since is not None:
        query = query.where(AuditEntry.at >= since)
    if before is not None:
        query = query.where(AuditEntry.at < before)
    if by is not None:
        staff = select(User.id).where(User.name.contains(by, autoescape=True))
        offices = select(Organisation.id).where(Organisation.name.contains(by, autoescape=True))
        query = query.where(or_(AuditEntry.user_id.in_(staff), AuditEntry.organisation_id.in_(offices)))
    if but_of is not None:
        column, own = (AuditEntry.user_id, but_of.user_id) if but_of.user_id else (AuditEntry.token_id, but_of.token_id)
        query = query.where(column.is_distinct_from(own))
    return query


def names_in(session: Session, entries: Sequence[AuditEntry]) -> dict[UUID, str]:
    """How the offices and members of staff of these entries are called."""
    staff = select(User.id, User.name).where(User.id.in_({entry.user_id for entry in entries} - {None}))
    ids = {entry.organisation_id for entry in entries} - {None}
    offices = select(Organisation.id, Organisation.name).where(Organisation.id.in_(ids))
    return {row.id: row.name for query in (staff, offices) for row in session.execute(query)}


def raise_alarms(session: Session) -> int:
    """Raise what is due (rules.sql): how many alarms are new or have grown."""
    return int(session.execute(text("select app.raise_alarms()")).scalar_one())


def alarms() -> Select[Alarm]:
    """The alarms in the actor's sight."""
    return select(Alarm)


def exports() -> Select[Export]:
    """The exports in the actor's sight."""
    return select(Export)


def find_export(session: Session, export_id: UUID) -> Export | None:
    """An export of the actor's station."""
    return session.scalars(select(Export).where(Export.id == export_id)).one_or_none()


def asked_today(tx: Read) -> int:
    """How many people the station's exports of this day hold."""
    people = func.coalesce(func.sum(func.cardinality(Export.worker_ids)), 0)
    query = select(people).where(
        Export.organisation_id == tx.actor.organisation_id, Export.asked_at >= func.date_trunc("day", func.now())
    )
    return int(tx.session.scalars(query).one())


def decide_export(tx: Write, export_id: UUID, *, allowed: bool) -> bool:
    """The head's decision (rules.sql). False: none that waits for this head."""
    found = tx.session.execute(
        text("select app.decide_export(:export, :allowed)"), {"export": export_id, "allowed": allowed}
    )
    return bool(found.scalar_one())


def fetch_export(tx: Write, export_id: UUID) -> bool:
    """Take the one fetching of the file (rules.sql). False: nothing to be fetched by this person."""
    return bool(tx.session.execute(text("select app.fetch_export(:export)"), {"export": export_id}).scalar_one())


def own_workers(session: Session, ids: Sequence[UUID]) -> set[UUID]:
    """Those of the ids that are workers of the station."""
    return set(session.scalars(select(Worker.id).where(Worker.id.in_(ids))))


def matching_workers(session: Session, *, occupation: str | None, home: str | None, most: int) -> Sequence[UUID]:
    """The station's workers who wish for an occupation, from a division of any level; one more than `most` at most."""
    query = select(Worker.id).order_by(Worker.id).limit(most + 1)
    if occupation is not None:
        wish = aliased(Intention)
        query = query.join(wish, wish.worker_id == Worker.id).where(wish.occupations.any_() == occupation)
    if home is not None:
        query = query.where(Worker.home_code.between(*area(home)))
    return session.scalars(query).all()


def exported_workers(session: Session, ids: Sequence[UUID]) -> Sequence[tuple[Worker, Intention]]:
    """Workers and what they want, by name."""
    query = select(Worker, Intention).join(Intention, Intention.worker_id == Worker.id).where(Worker.id.in_(ids))
    return [(worker, wish) for worker, wish in session.execute(query.order_by(Worker.name, Worker.id))]


def organisation_name(session: Session, organisation_id: UUID) -> str:
    """The name of the actor's own organisation."""
    return session.scalars(select(Organisation.name).where(Organisation.id == organisation_id)).one()
