"""How often a password may be tried: counted in the database at its own time, before anything is hashed.

Every try counts as failed until it succeeded, so that those under way count too. Three limits: of one login, of one
address (an office's people share one), and of everybody together: the breaker that also stops a guess at each of a
million logins (SECURITY T8). Logins nobody has are counted like any other.
"""

from __future__ import annotations

import math
from datetime import timedelta
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, delete, func, insert, select, text, update

from app.db.sealing import blind_index
from app.db.transaction import Write
from app.errors import TooManyRequests
from app.identity.model import SignInAttempt

A_LOGIN = (10, timedelta(minutes=15))
AN_ADDRESS = (100, timedelta(minutes=15))
EVERYBODY = (1_000, timedelta(minutes=10))
KEPT = timedelta(days=1)


def count_attempt(tx: Write, login: str, address: str) -> UUID:
    """Count a try; `succeeded` takes it back. `tx` is the door's and commits before the password is looked at.
    Raises TooManyRequests, which is not counted: waiting helps."""
    by_login, by_address = blind_index(login, "login"), blind_index(address, "address")
    # two at once of one login or address wait for each other: none slips past a count; login first, so no deadlock
    for index in (by_login, by_address):
        lock = int.from_bytes(index[:8], signed=True)
        tx.session.execute(text("select pg_advisory_xact_lock(:lock)"), {"lock": lock})
    _forget(tx)
    _refuse_beyond(tx, A_LOGIN, SignInAttempt.login_index == by_login)
    _refuse_beyond(tx, AN_ADDRESS, SignInAttempt.address_index == by_address)
    _refuse_beyond(tx, EVERYBODY)
    attempt = uuid4()
    tx.session.execute(insert(SignInAttempt).values(id=attempt, login_index=by_login, address_index=by_address))
    return attempt


def succeeded(tx: Write, attempt: UUID) -> None:
    """The try was no failure."""
    tx.session.execute(update(SignInAttempt).where(SignInAttempt.id == attempt).values(succeeded=True))


def _refuse_beyond(tx: Write, limit: tuple[int, timedelta], *of: ColumnElement[bool]) -> None:
    most, window = limit
    # the failure that must grow old before there is room again
    oldest = (
        select(func.extract("epoch", SignInAttempt.at + window - func.now()))
        .where(*of, SignInAttempt.succeeded.is_(False), SignInAttempt.at > func.now() - window)
        .order_by(SignInAttempt.at.desc())
        .offset(most - 1)
        .limit(1)
    )
    if (seconds := tx.session.scalar(oldest)) is not None:
        raise TooManyRequests(headers={"Retry-After": str(max(1, math.ceil(seconds)))})


def _forget(tx: Write) -> None:
    over = (
        select(SignInAttempt.id)
        .where(SignInAttempt.at < func.now() - KEPT)
        .limit(100)
        .with_for_update(skip_locked=True)
    )
    tx.session.execute(delete(SignInAttempt).where(SignInAttempt.id.in_(over)))
