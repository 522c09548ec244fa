"""What only the worker's own session asks: own records at every station, who looked, everything there is."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Select, func, insert, select, text, update

from app.db.sealing import seal_text
from app.db.transaction import Read, Write, name_actor
from app.identity.audit import AuditEntry
from app.workers.fields import INTENTION
from app.workers.model import Consent, Intention, Worker

#: Placements that end with a deletion; who has begun to work goes on working.
_NO_JOB_YET = ["held", "interested", "waiting", "introduced", "offered", "accepted", "departed"]
_NOWHERE: dict[str, object] = {"occupations": [], "destinations": [], "not_destinations": []}
#: What stands for the ID number of who is gone.
_NO_NUMBER = "*" * 18


@dataclass(frozen=True, slots=True)
class OwnRecord:
    """One station's record of the person who asks."""

    worker_id: UUID
    station: str
    division_code: str
    created_at: datetime
    #: Chosen by the person, at some time.
    holds: bool


def own_worker(tx: Read, *, locked: bool = False) -> Worker:
    """The record the session acts for."""
    query = select(Worker).where(Worker.id == tx.actor.worker_id)
    return tx.session.scalars(query.with_for_update() if locked else query).one()


def own_intention(tx: Read) -> Intention:
    """What the worker wants."""
    return tx.session.scalars(select(Intention).where(Intention.worker_id == tx.actor.worker_id)).one()


def own_consents(tx: Read) -> Sequence[Consent]:
    """All the worker ever agreed to on this record, the newest first; those taken back too."""
    query = select(Consent).where(Consent.worker_id == tx.actor.worker_id)
    return tx.session.scalars(query.order_by(Consent.given_at.desc(), Consent.id)).all()


def add_own_consent(tx: Write, worker: Worker) -> None:
    """The worker agrees to matching; where that stands already, nothing is added."""
    standing = select(Consent.id).where(
        Consent.worker_id == worker.id, Consent.purpose == "matching", Consent.withdrawn_at.is_(None)
    )
    if tx.session.scalar(standing) is None:
        values = {"station_id": worker.station_id, "worker_id": worker.id, "purpose": "matching", "given_by": "worker"}
        tx.session.execute(insert(Consent).values(values))


def withdraw_own_consent(tx: Write, purpose: str, vacancy_id: UUID | None) -> None:
    """Take back what stands for a purpose, at every station; for disclosure maybe for one vacancy only."""
    tx.session.execute(
        text("select app.withdraw_my_consent(:purpose, :vacancy)"), {"purpose": purpose, "vacancy": vacancy_id}
    )


def own_records(tx: Read) -> Sequence[OwnRecord]:
    """The person's records, the oldest first."""
    return [OwnRecord(**row) for row in tx.session.execute(text("select * from app.my_records()")).mappings()]


def choose_record(tx: Write, worker_id: UUID) -> bool:
    """Let this record hold; False when it is none of the person's."""
    return bool(tx.session.scalar(text("select app.choose_record(:chosen)"), {"chosen": worker_id}))


def now(tx: Read) -> datetime:
    """The database's clock."""
    return tx.session.scalars(select(func.now())).one()


def signed_in_at(tx: Read) -> datetime | None:
    """When the person behind this session last proved who they are."""
    found: datetime | None = tx.session.scalar(text("select app.signed_in_at()"))
    return found


def looks() -> Select[AuditEntry]:
    """What offices did with the person's records; what the person did is left out."""
    return select(AuditEntry).where(AuditEntry.worker_id.is_not(None), AuditEntry.role != "worker")


def office_names(tx: Read, ids: Sequence[UUID]) -> Mapping[UUID, str]:
    """How these offices are called."""
    if not ids:
        return {}
    rows = tx.session.execute(text("select id, name from app.office_names(:ids)"), {"ids": list(ids)})
    return {row.id: row.name for row in rows}


class Office(NamedTuple):
    """The worker's own station, and its telephone. None: it has not said."""

    name: str
    phone: str | None


def my_office(tx: Read) -> Office:
    """Whom the worker calls."""
    return Office._make(tx.session.execute(text("select name, phone from app.my_office()")).one())


def end_on_record(tx: Read) -> None:
    """End what has not become a job yet, so that its opening is free again; blank what is wanted and was declined."""
    me = {"me": tx.actor.worker_id}
    ends = "select app.worker_ends(id) from placements where worker_id = :me and state = any(:states) order by id"
    tx.session.execute(text(ends), me | {"states": _NO_JOB_YET})
    tx.session.execute(text("delete from declines where worker_id = :me"), me)
    blank = {field.column: field.blank for field in INTENTION} | {"scope": "any", "reach_is_limit": False}
    tx.session.execute(update(Intention).where(Intention.worker_id == tx.actor.worker_id).values(blank | _NOWHERE))


def forget(tx: Write, worker_ids: Sequence[UUID]) -> None:
    """Delete the person's records and all that hangs on them (app.forget_me), and what this session was answered."""
    tx.session.execute(text("delete from idempotent_answers where token_id = :token"), {"token": tx.actor.token_id})
    blanks = {str(one): seal_text(_NO_NUMBER, "workers.id_sealed", one).hex() for one in worker_ids}
    tx.session.execute(text("select app.forget_me(cast(:blanks as jsonb))"), {"blanks": json.dumps(blanks)})


@contextmanager
def as_record(tx: Read, worker_id: UUID) -> Iterator[Read]:
    """Within the block the transaction acts for another record of the same person; `own_records` has proved that."""
    other = replace(tx.actor, worker_id=worker_id)
    name_actor(tx.session.connection(), other)
    yield Read(tx.session, other)
    name_actor(tx.session.connection(), tx.actor)


class _Holding(NamedTuple):
    """A table that says something of workers, and the columns the worker may read."""

    table: str
    columns: list[str]


_HOLDINGS = text("""
    select c.relname::text as "table", array_agg(a.attname::text order by a.attnum) as columns
    from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    where c.relnamespace = 'public'::regnamespace and c.relkind = 'r'
      and has_column_privilege(c.oid, a.attnum, 'select')
      and (c.relname = 'workers' or exists (
        select from pg_attribute w where w.attrelid = c.oid and w.attname = 'worker_id' and not w.attisdropped))
    group by c.relname
    order by c.relname""")


def everything(tx: Read) -> dict[str, list[dict[str, Any]]]:
    """Every row that is about the record the session acts for, by table, as far as the worker may read it.

    Found in the catalogue, so that a table made later is not forgotten.
    """
    holdings = [_Holding(row.table, row.columns) for row in tx.session.execute(_HOLDINGS)]
    return {one.table: _rows_of(tx, one) for one in holdings if set(one.columns) & {"worker_id", "id"}}


def _rows_of(tx: Read, holding: _Holding) -> list[dict[str, Any]]:
    key = "id" if holding.table == "workers" else "worker_id"
    shown = ", ".join(f'"{column}"' for column in holding.columns)
    query = text(f'select {shown} from "{holding.table}" where {key} = :me')
    return [dict(row) for row in tx.session.execute(query, {"me": tx.actor.worker_id}).mappings()]
