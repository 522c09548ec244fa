"""One-time codes and phones: the functions of codes.sql, and what the door alone may read."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import func, select, text, update

from app.db.keys import keys
from app.db.transaction import Read, Write
from app.identity.codes_model import Code, Phone

#: How long a code is good, from the moment it is made.
GOOD_FOR = timedelta(minutes=5)


class Record(NamedTuple):
    """A worker's record that has a certain phone."""

    worker_id: UUID
    station_id: UUID
    person_id: UUID
    id_sealed: bytes
    #: None: no consent to matching stands.
    consented_at: datetime | None
    created_at: datetime
    #: The record the person chose, with this phone or not. None: none chosen.
    holding_id: UUID | None


class Standing(NamedTuple):
    """How far a worker's phone is trusted."""

    #: Workers of the station who have it, this one included.
    shared: int
    verified_at: datetime | None
    held_until: datetime | None
    checked_at: datetime | None


def hash_of(purpose: str, worker_id: UUID | None, subject: str, number: bytes, code: str) -> bytes:
    """What is kept of a code: keyed, since a million guesses are nothing, and good for this one act only."""
    words = "|".join(("code", purpose, str(worker_id or ""), number.hex(), code, subject))
    return hmac.digest(keys().index, words.encode(), hashlib.sha256)


def order(
    tx: Write,
    *,
    code_id: UUID,
    message_id: UUID,
    purpose: str,
    worker_id: UUID | None,
    subject: str,
    number: bytes,
    phone_sealed: bytes,
    words_sealed: bytes | None,
) -> bool:
    """Order a code and its message; False: this phone has had its codes for today."""
    values = {
        "code": code_id,
        "message": message_id,
        "purpose": purpose,
        "worker": worker_id,
        "subject": subject,
        "number": number,
        "phone": phone_sealed,
        "words": words_sealed,
    }
    call = "select app.order_code(:code, :message, :purpose, :worker, :subject, :number, :phone, :words)"
    return bool(tx.session.scalar(text(call), values))


def try_code(tx: Write, purpose: str, worker_id: UUID | None, subject: str, number: bytes, code: str) -> UUID | None:
    """Count a try; the code's id when it was right."""
    values = {
        "purpose": purpose,
        "worker": worker_id,
        "subject": subject,
        "number": number,
        "guess": hash_of(purpose, worker_id, subject, number, code),
    }
    found: UUID | None = tx.session.scalar(
        text("select app.try_code(:purpose, :worker, :subject, :number, :guess)"), values
    )
    return found


def spend_code(tx: Write, code_id: UUID) -> bool:
    """Use a code up in the transaction of the act; False: another was quicker."""
    return bool(tx.session.scalar(text("select app.spend_code(:code)"), {"code": code_id}))


def live_code(tx: Write, code_id: UUID) -> Code | None:
    """A code that is still wanted, locked. For the door."""
    query = select(Code).where(Code.id == code_id, Code.ended_at.is_(None)).with_for_update()
    return tx.session.scalars(query).one_or_none()


def keep_hash(tx: Write, code: Code, digits: str) -> None:
    """The code is made: from now on it is good."""
    tx.session.execute(
        update(Code)
        .where(Code.id == code.id)
        .values(
            hash=hash_of(code.purpose, code.worker_id, code.subject, code.number, digits),
            expires_at=func.now() + GOOD_FOR,
        )
    )


def records_of(tx: Read, number: bytes) -> list[Record]:
    """Everybody with this phone. For the door."""
    found = tx.session.execute(text("select * from app.workers_of_phone(:number)"), {"number": number})
    return [Record(*row) for row in found]


def verify_phone(tx: Write, record: Record, number: bytes) -> None:
    """A code sent to this phone came back. For the door."""
    tx.session.execute(
        text("select app.verify_phone(:worker, :station, :number)"),
        {"worker": record.worker_id, "station": record.station_id, "number": number},
    )


def held_until(tx: Read, worker_ids: Sequence[UUID], number: bytes) -> datetime | None:
    """Until when what these workers give waits, their phone having been changed by a station. For the door."""
    return tx.session.scalar(
        select(func.max(Phone.held_until)).where(Phone.worker_id.in_(worker_ids), Phone.number == number)
    )


def stored_phone(tx: Read, worker_id: UUID) -> tuple[bytes, bytes] | None:
    """A worker's phone as kept, and its index, where row security shows the worker; None: no worker, or no phone."""
    found = tx.session.execute(
        text("select phone_sealed, phone_index from workers where id = :worker and phone_index is not null"),
        {"worker": worker_id},
    ).one_or_none()
    return None if found is None else (found.phone_sealed, found.phone_index)


def standing(tx: Read, worker_id: UUID, number: bytes) -> Standing | None:
    """How far a worker's stored phone is trusted; None: it is not the actor's to know."""
    found = tx.session.execute(
        text("select * from app.phone_standing(:worker, :number)"), {"worker": worker_id, "number": number}
    ).one_or_none()
    return None if found is None else Standing(*found)


def check_phone(tx: Write, worker_id: UUID, number: bytes) -> bool:
    """The head has looked into a shared phone; False: no such worker with this phone."""
    return bool(
        tx.session.scalar(text("select app.check_phone(:worker, :number)"), {"worker": worker_id, "number": number})
    )
