"""Finding organisations and the actor behind a token."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import orjson
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.actor import Actor, Role
from app.db.driver_words import ask
from app.db.transaction import HERE_WORDS
from app.identity.model import Organisation


def hash_of(token: str) -> bytes:
    """What the tokens table keeps instead of the token."""
    return hashlib.sha256(token.encode()).digest()


#: One statement for who is asking and where, as one JSON text: a token nobody knows has no role.
_ENTRANT = f"""
    select json_build_array({HERE_WORDS}, a.role, a.organisation_id, a.division_code, a.worker_id, a.token_id,
                            a.user_id, a.gives_from, a.scopes, a.key_id, a.key_is_due)::text
    from (select) one left join app.actor_of_token(%(hash)s) a on true"""


class Entered(NamedTuple):
    """The actor behind a token, and for a system's key whether its use is to be written down."""

    actor: Actor
    here: str
    key_id: UUID | None
    #: Whether its last use was written down more than a minute ago.
    key_is_due: bool


def entrant_of_token(session: Session, token: str) -> Entered | None:
    """The actor a live token proves, and the transaction's place; None when it is unknown, expired or revoked, only
    good for refreshing, or of somebody who left."""
    found = orjson.loads(ask(session.connection(), _ENTRANT, {"hash": hash_of(token)}))
    here, role, organisation, division, worker, token_id, user, gives_from, scopes, key, key_is_due = found
    if role is None:
        return None
    actor = Actor(
        Role(role),
        _uuid(organisation),
        division,
        _uuid(worker),
        _uuid(token_id),
        _uuid(user),
        None if gives_from is None else datetime.fromisoformat(gives_from),
        None if scopes is None else frozenset(scopes),
    )
    return Entered(actor, here, _uuid(key), bool(key_is_due))


def _uuid(written: str | None) -> UUID | None:
    return None if written is None else UUID(written)


def actor_of_token(session: Session, token: str) -> Actor | None:
    """The actor a live token proves."""
    found = entrant_of_token(session, token)
    return found.actor if found else None


def is_division(session: Session, code: str) -> bool:
    """Whether a division has this code (the table is the places room's, above this one)."""
    return session.scalar(text("select true from divisions where code = :code"), {"code": code}) is True


def find_organisation(session: Session, kind: str, division_code: str | None, name: str | None) -> Organisation | None:
    """The organisation of a kind in a division; by name when one is given."""
    query = select(Organisation).where(Organisation.kind == kind, Organisation.division_code == division_code)
    if name is not None:
        query = query.where(Organisation.name == name)
    return session.scalars(query.order_by(Organisation.created_at).limit(1)).one_or_none()
