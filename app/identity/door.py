"""The door: token → actor → transaction, in one database transaction.

`scope="function"` commits before the answer leaves. FastAPI's default commits after it, and a commit that fails then
has already been reported as a success.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated
from uuid import UUID

from fastapi import Depends
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.actor import DOOR, VISITOR
from app.db.transaction import Entrant, Read, Write, read, write
from app.edge.idempotency import MaybeAttempt
from app.edge.slots import Slot
from app.errors import NotSignedIn
from app.identity.queries import entrant_of_token

_bearer = HTTPBearer(auto_error=False, description="`eastwest token`, or /v1/auth/token")
Bearer = Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]


class Knock:
    """A token at the door: called with a session it says who is asking, or raises NotSignedIn."""

    def __init__(self, bearer: HTTPAuthorizationCredentials | None) -> None:
        self.token = bearer.credentials if bearer else ""
        #: A system's key whose use is to be written down.
        self.used_key: UUID | None = None

    def __call__(self, session: Session) -> Entrant:
        found = entrant_of_token(session, self.token) if self.token else None
        if found is None:
            raise NotSignedIn(headers={"WWW-Authenticate": "Bearer"})
        self.used_key = found.key_id if found.key_is_due else None
        return Entrant(found.actor, found.here)


def read_transaction(bearer: Bearer, _: Slot) -> Iterator[Read]:
    """A reading transaction in the caller's name."""
    knock = Knock(bearer)
    try:
        with read(knock) as tx:
            yield tx
    finally:
        _note_use(knock)


def write_transaction(bearer: Bearer, _: Slot) -> Iterator[Write]:
    """A changing transaction in the caller's name."""
    with entered(Knock(bearer)) as tx:
        yield tx


@contextmanager
def entered(knock: Knock) -> Iterator[Write]:
    """The same, opened by the route itself, which then runs in one thread from knock to commit: for what is asked most
    often. Waking three threads for one request costs as much as two statements."""
    try:
        with write(knock) as tx:
            yield tx
    finally:
        _note_use(knock)


async def knock_of(bearer: Bearer, _: Slot) -> Knock:
    """The caller's token, still outside."""
    return Knock(bearer)


def _note_use(knock: Knock) -> None:
    """In a transaction of its own, when the first is over: what was asked for may have been a look or a failure."""
    if knock.used_key is not None:
        with write(DOOR) as tx:
            tx.session.execute(text("select app.key_seen(:key)"), {"key": knock.used_key})


def public_transaction(_: Slot) -> Iterator[Read]:
    """A reading transaction for anybody: reference data only."""
    with read(VISITOR) as tx:
        yield tx


ReadTx = Annotated[Read, Depends(read_transaction, scope="function")]
WriteTx = Annotated[Write, Depends(write_transaction, scope="function")]


def once_transaction(tx: WriteTx, attempt: MaybeAttempt) -> Write:
    """A changing transaction with one effect for each Idempotency-Key: for every POST that creates
    (edge/idempotency.py says what else its router needs)."""
    if attempt is not None:
        attempt.claim(tx)
    return tx


Knocking = Annotated[Knock, Depends(knock_of, scope="function")]
OnceTx = Annotated[Write, Depends(once_transaction, scope="function")]
PublicTx = Annotated[Read, Depends(public_transaction, scope="function")]
