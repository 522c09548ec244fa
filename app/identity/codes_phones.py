"""How far a worker's stored phone is trusted (SECURITY T8): typed by a clerk, verified, shared, lately changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select

from app.actor import Role
from app.db.sealing import unseal_text
from app.db.transaction import Read, Write
from app.edge.public_ids import show
from app.errors import NotAllowed, NotFound, PhoneOnHold
from app.identity import codes_queries as queries
from app.identity.audit import record

#: So many workers of one station with one phone: nobody answers by it until the head has looked into it.
MANY = 3


@dataclass(frozen=True, slots=True)
class PhoneStanding:
    """What is known of a worker's phone beyond its digits."""

    #: Workers of the station who have it, this one included.
    shared: int
    #: When a code sent to it first came back. None: typed by a clerk, not verified.
    verified_at: datetime | None
    #: Changed by the station: answers given by it wait until then. None: not changed, or the wait is over.
    held_until: datetime | None
    #: When the station's head looked into a shared one.
    checked_at: datetime | None

    @property
    def needs_check(self) -> bool:
        """Shared by several workers of the station, and the head has not looked into it: nobody gives by it, not in a
        session of their own either, since whoever holds the phone could have opened it."""
        return self.shared >= MANY and self.checked_at is None

    @property
    def may_answer(self) -> bool:
        """Whether an answer can be given by a code sent to it."""
        return self.held_until is None and not self.needs_check


def phone_of(tx: Read, worker_id: UUID) -> str | None:
    """A worker's phone in the clear, for whom row security shows the worker; None: no worker, or no phone."""
    found = queries.stored_phone(tx, worker_id)
    return None if found is None else unseal_text(found[0], "workers.phone_sealed", worker_id)


def phone_standing(tx: Read, worker_id: UUID) -> PhoneStanding | None:
    """How far a worker's stored phone is trusted, for their station and themself; None: no phone, or not theirs."""
    stored = queries.stored_phone(tx, worker_id)
    found = queries.standing(tx, worker_id, stored[1]) if stored else None
    if found is None:
        return None
    now = tx.session.execute(select(func.now())).scalar_one()
    held = found.held_until if found.held_until is not None and found.held_until > now else None
    return PhoneStanding(found.shared, found.verified_at, held, found.checked_at)


def phone_may_answer(tx: Read, worker_id: UUID) -> bool:
    """Whether a code sent to the worker's stored phone can stand for the worker's word."""
    found = phone_standing(tx, worker_id)
    return found is not None and found.may_answer


def check_nobody_shares(tx: Read, worker_id: UUID) -> None:
    """What a worker gives in a session of their own needs a phone that is theirs. Raises PhoneOnHold."""
    found = phone_standing(tx, worker_id)
    if found is not None and found.needs_check:
        raise PhoneOnHold


def check_phone(tx: Write, worker_id: UUID) -> PhoneStanding:
    """The station's head has looked into a phone several workers share: from now on it may answer."""
    if tx.actor.role is not Role.HEAD:
        raise NotAllowed
    stored = queries.stored_phone(tx, worker_id)
    if stored is None or not queries.check_phone(tx, worker_id, stored[1]):
        raise NotFound
    record(tx, "phone.check", worker_id=worker_id, subject=show("w", worker_id))
    found = phone_standing(tx, worker_id)
    assert found is not None
    return found
