"""Finding organisations and the actor behind a token."""

from __future__ import annotations

import hashlib

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.actor import Actor, Role
from app.identity.model import Organisation


def hash_of(token: str) -> bytes:
    """What the tokens table keeps instead of the token."""
    return hashlib.sha256(token.encode()).digest()


def actor_of_token(session: Session, token: str) -> Actor | None:
    """The actor a live token proves; None when it is unknown, expired or revoked."""
    found = session.execute(text("select * from app.actor_of_token(:hash)"), {"hash": hash_of(token)}).one_or_none()
    if found is None:
        return None
    return Actor(Role(found.role), found.organisation_id, found.division_code, found.worker_id, found.token_id)


def find_organisation(session: Session, kind: str, division_code: str | None, name: str | None) -> Organisation | None:
    """The organisation of a kind in a division; by name when one is given."""
    query = select(Organisation).where(Organisation.kind == kind, Organisation.division_code == division_code)
    if name is not None:
        query = query.where(Organisation.name == name)
    return session.scalars(query.order_by(Organisation.created_at).limit(1)).one_or_none()
