"""Finding organisations and the actor behind a token."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.actor import Actor, Role
from app.db.transaction import HERE_WORDS
from app.identity.model import Organisation


def hash_of(token: str) -> bytes:
    """What the tokens table keeps instead of the token."""
    return hashlib.sha256(token.encode()).digest()


#: One statement for who is asking and where: a token nobody knows gives a row without a role.
_ENTRANT = text(f"select {HERE_WORDS} as here, a.* from (select) one left join app.actor_of_token(:hash) a on true")


class Entered(NamedTuple):
    """The actor behind a token, and for a system's key when it was last seen."""

    actor: Actor
    here: str
    key_id: UUID | None
    key_used_at: datetime | None


def entrant_of_token(session: Session, token: str) -> Entered | None:
    """The actor a live token proves, and the transaction's place; None when it is unknown, expired or revoked, only
    good for refreshing, or of somebody who left."""
    found = session.execute(_ENTRANT, {"hash": hash_of(token)}).one()
    if found.role is None:
        return None
    actor = Actor(
        Role(found.role),
        found.organisation_id,
        found.division_code,
        found.worker_id,
        found.token_id,
        found.user_id,
        found.gives_from,
        None if found.scopes is None else frozenset(found.scopes),
    )
    return Entered(actor, found.here, found.key_id, found.key_used_at)


def actor_of_token(session: Session, token: str) -> Actor | None:
    """The actor a live token proves."""
    found = entrant_of_token(session, token)
    return found.actor if found else None


def find_organisation(session: Session, kind: str, division_code: str | None, name: str | None) -> Organisation | None:
    """The organisation of a kind in a division; by name when one is given."""
    query = select(Organisation).where(Organisation.kind == kind, Organisation.division_code == division_code)
    if name is not None:
        query = query.where(Organisation.name == name)
    return session.scalars(query.order_by(Organisation.created_at).limit(1)).one_or_none()
