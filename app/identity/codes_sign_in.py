"""Workers sign in by a code sent to their phone. No answer, and no time it takes, tells whether a phone is known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.actor import DOOR, Role
from app.db.sealing import blind_index, unseal_text
from app.db.transaction import Write, write
from app.errors import IdLastFourNeeded, WrongCode
from app.identity import codes_limits as limits
from app.identity import codes_queries as queries
from app.identity import devices
from app.identity.codes import SIGN_IN, order_code
from app.identity.codes_queries import Record
from app.identity.schemas import TokensOut
from app.identity.sessions import open_session


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A worker's new session."""

    tokens: TokensOut
    #: To be sent back at the next sign-in from here.
    device: str
    #: What gives waits until then. None: no hold.
    gives_from: datetime | None


@dataclass(frozen=True, slots=True)
class Claim:
    """What somebody brings who says they are a worker."""

    phone: str
    code: str
    id_last_four: str | None
    device: str | None
    #: Where it came from: the network address.
    address: str


def request_code(phone: str, address: str) -> None:
    """Order a code for a phone, known or not: the worker process finds out. More than three a day that
    opened nothing are let fall."""
    with write(DOOR) as tx:
        order_code(tx, SIGN_IN, None, "", phone)
        limits.take(tx, limits.ASKED_HERE, _key(address))


def sign_in(claim: Claim) -> SignedIn:
    """Open the worker's session. Raises WrongCode, IdLastFourNeeded, TooManyRequests, SignInPaused.

    Two transactions: the try is counted and kept before anybody learns what it was worth.
    """
    number, here = blind_index(claim.phone, "phone"), _key(claim.address)
    with write(DOOR) as tx:
        # the code's row first, then the counts, as below: two sign-ins cannot wait for each other
        code_id = queries.try_code(tx, SIGN_IN, None, "", number, claim.code)
        limits.take(tx, limits.FAILED_HERE, here)
        limits.take(tx, limits.FAILED)
    if code_id is None:
        raise WrongCode
    with write(DOOR) as tx:
        person = _person(queries.records_of(tx, number), claim.id_last_four)
        session = _opened(tx, code_id, person, claim) if person else None
        if person is None or session is not None:  # asked for more, or right: no failure
            limits.give_back(tx, limits.FAILED_HERE, here)
            limits.give_back(tx, limits.FAILED)
    if person is None:
        raise IdLastFourNeeded
    if session is None:
        raise WrongCode
    return session


def _opened(tx: Write, code_id: UUID, records: Sequence[Record], claim: Claim) -> SignedIn | None:
    """The session of the person with these records; None: another spent the code first."""
    if not queries.spend_code(tx, code_id):
        return None
    number = blind_index(claim.phone, "phone")
    held = queries.held_until(tx, [record.worker_id for record in records], number)
    for record in records:
        queries.verify_phone(tx, record, number)
    worker_id = holding(records)
    strange = worker_id not in {record.worker_id for record in records}
    device = devices.recognise(tx, records[0].person_id, claim.device, claim.phone, strange=strange)
    gives_from = max(filter(None, (held, device.gives_from)), default=None)
    tokens = open_session(tx, worker_id=worker_id, role=Role.WORKER, gives_from=gives_from, device_id=device.id)
    return SignedIn(tokens, device.token, gives_from)


def holding(records: Sequence[Record]) -> UUID:
    """The record a person acts by: the chosen one; else the newest that consents; else the newest."""
    if records[0].holding_id is not None:
        return records[0].holding_id
    consenting = [(record.consented_at, record.worker_id) for record in records if record.consented_at is not None]
    return max(consenting)[1] if consenting else max((record.created_at, record.worker_id) for record in records)[1]


def _person(records: Sequence[Record], id_last_four: str | None) -> Sequence[Record] | None:
    """The records of the one person meant; None: the ID number must tell. Raises WrongCode when it tells nobody."""
    people = {record.person_id for record in records}
    if len(people) > 1:
        if id_last_four is None:
            return None
        people = {record.person_id for record in records if _ends_with(record, id_last_four)}
    if len(people) != 1:
        raise WrongCode
    return [record for record in records if record.person_id in people]


def _ends_with(record: Record, last_four: str) -> bool:
    return unseal_text(record.id_sealed, "workers.id_sealed", record.worker_id)[-4:] == last_four.upper()


def _key(address: str) -> bytes:
    return blind_index(address, "address")
