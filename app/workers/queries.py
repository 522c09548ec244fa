"""Finding workers of the actor's station, and writing many at once. Row security adds the station to each of these."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from types import SimpleNamespace
from typing import Any, NamedTuple
from uuid import UUID, uuid4

import orjson
from sqlalchemy import ColumnElement, Row, Select, Subquery, and_, bindparam, exists, select, text
from sqlalchemy.orm import load_only, with_expression

from app.db.bulk import Columns, Values, insert_rows, overlay_rows, rows_with, update_rows
from app.db.driver_words import ask
from app.db.stated import Field
from app.db.transaction import Read, Write
from app.db.turns import take_turn
from app.identity.audit import ADD_ENTRY
from app.workers.fields import INTENTION, RECORD
from app.workers.model import Consent, Intention, Worker

#: Of a consent: it is to matching, and stands.
MATCHING_STANDS = and_(Consent.purpose == "matching", Consent.withdrawn_at.is_(None))
#: Columns of `stored_workers` before those that were asked for.
_HEAD = ("id", "id_index", "own_word", "phone_sealed")
STORED_HEAD = len(_HEAD)


def take_turns(tx: Write) -> None:
    """Wait until no other list of this station is being stored, however long: two lists may name the same people.
    Forms wait for no list, see `take_turn_for`.

    Until the end of the transaction indexes are used where there are any: while a table is filled its statistics still
    say that it is empty, and with a plan for an empty table 50,000 rows took ten minutes instead of seconds. Plans are
    made for the keys at hand: a general one looks through the array of keys row by row instead of hashing it.
    """
    tx.session.execute(
        text(
            "select set_config('enable_seqscan', 'off', true), set_config('lock_timeout', '0', true),"
            " set_config('plan_cache_mode', 'force_custom_plan', true),"
            " pg_advisory_xact_lock(hashtextextended('workers:' || :station, 0))"
        ),
        {"station": str(tx.actor.organisation_id)},
    )


def take_turn_for(tx: Write, id_index: bytes) -> None:
    """Wait until no other form of this station enters the same person. A list that does is met at the unique index."""
    take_turn(tx.session, f"worker:{tx.actor.organisation_id}:{id_index.hex()}")


class Stored(NamedTuple):
    """A worker as stored: _HEAD and the columns asked for, and those of the intention."""

    worker: Row[Any]
    intention: Row[Any]


def stored_workers(
    tx: Write, id_indexes: Sequence[bytes], record: Iterable[Field], intention: Iterable[Field]
) -> dict[bytes, Stored]:
    """The station's workers with these ID numbers, by blind index, locked."""
    shown = ", ".join((*_HEAD, *(field.column for field in record)))
    workers = rows_with(
        tx.session,
        f"select {shown} from workers where station_id = %(station)s and id_index = any({{keys}})"
        " for no key update",  # suggestions may refer to them meanwhile
        "bytea",
        id_indexes,
        station=tx.actor.organisation_id,
    ).all()
    # not joined: for a new station the planner expects one row, and walks all its intentions for each worker
    wanted = ", ".join(("worker_id", *(field.column for field in intention)))
    wishes = rows_with(
        tx.session,
        f"select {wanted} from intentions where worker_id = any({{keys}})",
        "uuid",
        [row.id for row in workers],
    )
    by_worker = {row[0]: row for row in wishes}
    return {row.id_index: Stored(row, by_worker[row.id]) for row in workers}


def insert_workers(tx: Write, columns: Columns) -> None:
    """Add workers; the columns are the table's."""
    insert_rows(tx.session, "workers", columns)


def insert_intentions(tx: Write, columns: Columns) -> None:
    """Add intentions; the columns are the table's."""
    insert_rows(tx.session, "intentions", columns)


def update_workers(tx: Write, columns: Columns) -> None:
    """Change workers, found by the column `id`: a new version, changed now."""
    update_rows(tx.session, "workers", "id", columns, also="version = t.version + 1, updated_at = now()")


def update_intentions(tx: Write, columns: Columns) -> None:
    """Change intentions, found by the column `worker_id`."""
    update_rows(tx.session, "intentions", "worker_id", columns, also="updated_at = now()")


def lay_over(
    tx: Write, records: Mapping[UUID, Mapping[str, Any]], intentions: Mapping[UUID, Mapping[str, Any]]
) -> None:
    """Change some columns of each of these workers, and of what they want."""
    columns = ("phone_sealed", *(field.column for field in RECORD))
    overlay_rows(tx.session, "workers", "id", records, columns, also="version = t.version + 1, updated_at = now()")
    wishes = [field.column for field in INTENTION]
    overlay_rows(tx.session, "intentions", "worker_id", intentions, wishes, also="updated_at = now()")


def brought_at(tx: Read, ids: Sequence[UUID], stored: datetime) -> list[UUID]:
    """Those of the workers whom the transaction of that moment added."""
    query = "select id from workers where id = any({keys}) and created_at = %(stored)s"
    return list(rows_with(tx.session, query, "uuid", ids, stored=stored).scalars())


def agreed_in(tx: Read, list_id: UUID) -> Sequence[UUID]:
    """The workers whose standing consent a list stated."""
    return tx.session.scalars(select(Consent.worker_id).where(Consent.list_id == list_id)).all()


def hold(tx: Write, ids: Sequence[UUID]) -> None:
    """Let nobody change these workers, or answer for them, until this transaction ends."""
    rows_with(tx.session, "select from workers where id = any({keys}) order by id for update", "uuid", ids)


def changed_since(
    tx: Read, written: Sequence[UUID], brought: Sequence[UUID], list_id: UUID, stored: datetime
) -> list[UUID]:
    """Those a list wrote whom somebody changed since, and those it brought who agreed otherwise than by it."""
    changed = "select id from workers where id = any({keys}) and updated_at <> %(stored)s"
    agreed = "select worker_id from consents where worker_id = any({keys}) and list_id is distinct from %(list)s"
    return [
        *rows_with(tx.session, changed, "uuid", written, stored=stored).scalars(),
        *rows_with(tx.session, agreed, "uuid", brought, list=list_id).scalars(),
    ]


def take_back(tx: Write, list_id: UUID, brought: Sequence[UUID], touched: Sequence[UUID]) -> Sequence[UUID]:
    """Let the workers whom a list brought go, and the consents it stated (rules.sql); or those who acted since."""
    asked = {"list": list_id, "brought": brought, "touched": touched}
    return tx.session.scalars(text("select app.take_back_workers(:list, :brought, :touched)"), asked).all()


def names_of(tx: Read, ids: Sequence[UUID]) -> dict[UUID, str]:
    """How these workers are called."""
    return {row.id: row.name for row in tx.session.execute(select(Worker.id, Worker.name).where(Worker.id.in_(ids)))}


def agrees(*further: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether the consent to matching stands of a worker the query asks for; and more of that consent is so."""
    return exists().where(Consent.worker_id == Worker.id, MATCHING_STANDS, *further).correlate(Worker)


def with_matching_consent(tx: Read, worker_ids: Sequence[UUID]) -> set[UUID]:
    """Those of the workers whose consent to matching stands."""
    if not worker_ids:
        return set()
    rows = rows_with(
        tx.session,
        "select worker_id from consents"
        " where worker_id = any({keys}) and purpose = 'matching' and withdrawn_at is null",
        "uuid",
        worker_ids,
    )
    return set(rows.scalars())


def add_paper_consents(
    tx: Write, worker_ids: Sequence[UUID], *, witness: str, signed_on: date | None, list_id: UUID | None
) -> None:
    """Add consents to matching from signed papers. A withdrawn one is not revived, and nothing says so."""
    many = len(worker_ids)
    insert_rows(
        tx.session,
        "consents",
        {
            "id": Values("uuid", [uuid4() for _ in worker_ids]),
            "worker_id": Values("uuid", worker_ids),
            "station_id": Values("uuid", [tx.actor.organisation_id] * many),
            "purpose": Values("text", ["matching"] * many),
            "given_by": Values("text", ["paper"] * many),
            "witness": Values("text", [witness] * many),
            "signed_on": Values("date", [signed_on] * many),
            "list_id": Values("uuid", [list_id] * many),
        },
        tail="on conflict do nothing",
    )


def workers(
    *,
    name_prefix: str | None = None,
    name_part: str | None = None,
    updated_since: datetime | None = None,
    only: ColumnElement[bool] | None = None,
    among: Subquery | None = None,
) -> Select[Worker]:
    """The station's workers, what the index holds of them (`load_rest` reads the others): by how the name begins, by
    a part of it, changed at or after a moment, those of whom something is so, `among` those named with their places."""
    query = select(Worker).options(load_only(Worker.id, Worker.updated_at, Worker.name))
    if among is not None:
        query = query.join(among, among.c.worker_id == Worker.id)
        query = query.options(with_expression(Worker.place, among.c.place))
    if only is not None:
        query = query.where(only)
    if name_prefix:
        query = query.where(Worker.name.startswith(name_prefix, autoescape=True))
    if name_part:
        query = query.where(Worker.name.contains(name_part, autoescape=True))
    return query if updated_since is None else query.where(Worker.updated_at >= updated_since)


def load_rest(tx: Read, found: Sequence[Worker]) -> None:
    """Read the columns that were left out."""
    tx.session.scalars(select(Worker).where(Worker.id.in_([worker.id for worker in found]))).all()


def find_worker(tx: Read, worker_id: UUID, *, locked: bool = False) -> Worker | None:
    """A worker of the station; None for everybody else."""
    query = select(Worker).where(Worker.id == worker_id)
    return tx.session.scalars(query.with_for_update() if locked else query).one_or_none()


#: A worker with what they want and the consents that stand, in one round trip: a row for each consent, one at least.
_WHOLE = (
    select(Worker, Intention, Consent)
    .join(Intention, Intention.worker_id == Worker.id)
    .outerjoin(Consent, and_(Consent.worker_id == Worker.id, Consent.withdrawn_at.is_(None)))
    .where(Worker.id == bindparam("wanted"))
    .order_by(Consent.given_at, Consent.id)
)
#: The same as one JSON text, and the look written down in the same statement: a fifth of the CPU time of loading
#: fifty columns into objects. Of whoever is not in the station's care nothing is written down.
_SHEET = f"""
    with look as ({ADD_ENTRY} select %(role)s, %(organisation)s, %(token)s, %(user)s, %(action)s, w.id, %(subject)s,
                         %(purpose)s from workers w where w.id = %(wanted)s)
    select json_build_object('worker', to_json(w), 'intention', to_json(i), 'consents', coalesce(
      (select json_agg(c order by c.given_at, c.id) from consents c
       where c.worker_id = w.id and c.withdrawn_at is null), '[]'))::text
    from workers w join intentions i on i.worker_id = w.id where w.id = %(wanted)s"""


class Shown(SimpleNamespace):
    """A row as PostgreSQL wrote it into JSON: the columns of its table, to be shown and never changed."""


class Sheet(NamedTuple):
    """A worker with intention and standing consents, to be shown."""

    worker: Shown
    intention: Shown
    consents: Sequence[Shown]


def sheet(tx: Read, worker_id: UUID, look: Mapping[str, Any]) -> Sheet | None:
    """A worker of the station; None for everybody else. `look`: an audit entry's values (identity/audit.py)."""
    found = ask(tx.session.connection(), _SHEET, {"wanted": worker_id, **look})
    if found is None:
        return None
    read = orjson.loads(found)
    worker = read["worker"]
    for column in ("id_sealed", "phone_sealed"):
        worker[column] = worker[column] and bytes.fromhex(worker[column][2:])
    worker["id"] = UUID(worker["id"])
    return Sheet(Shown(**worker), Shown(**read["intention"]), [Shown(**consent) for consent in read["consents"]])


def find_whole(tx: Read, worker_id: UUID) -> tuple[Worker, Intention, Sequence[Consent]] | None:
    """A worker of the station with intention and standing consents; None for everybody else."""
    rows = tx.session.execute(_WHOLE, {"wanted": worker_id}).all()
    if not rows:
        return None
    worker, intention, _ = rows[0]
    return worker, intention, [consent for _, _, consent in rows if consent is not None]


def is_known(tx: Read, id_index: bytes) -> bool:
    """Whether the station has a worker with this ID number."""
    query = select(Worker.id).where(Worker.station_id == tx.actor.organisation_id, Worker.id_index == id_index)
    return tx.session.scalar(query) is not None


def intention_of(tx: Read, worker_id: UUID) -> Intention:
    """What a worker wants; every worker has one."""
    return tx.session.scalars(select(Intention).where(Intention.worker_id == worker_id)).one()


def wished_occupations(tx: Read, worker_ids: Sequence[UUID]) -> dict[UUID, str | None]:
    """The occupations these workers wish for, in their words."""
    query = select(Intention.worker_id, Intention.occupations_text).where(Intention.worker_id.in_(worker_ids))
    return {row.worker_id: row.occupations_text for row in tx.session.execute(query)}


def live_consents(tx: Read, worker_id: UUID) -> Sequence[Consent]:
    """The consents of a worker that stand."""
    query = select(Consent).where(Consent.worker_id == worker_id, Consent.withdrawn_at.is_(None))
    return tx.session.scalars(query.order_by(Consent.given_at, Consent.id)).all()


def withdraw_consent(tx: Write, worker_id: UUID, purpose: str) -> None:
    """Withdraw what stands for a purpose; app.withdraw_consent (rules.sql) takes the row out of the station's sight."""
    tx.session.execute(
        text("select app.withdraw_consent(:worker, :purpose)"), {"worker": worker_id, "purpose": purpose}
    )
