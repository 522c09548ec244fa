"""Keys of an organisation's systems: named, limited to scopes, replaced without a pause, revoked at once.

A key's secret is a token: shown once, kept as a hash. When it was last used is known to the minute.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import func, select, text

from app.actor import Role
from app.db.transaction import Read, Write
from app.edge.form_fields import wrong
from app.edge.paging import Window, read_page
from app.edge.public_ids import show
from app.errors import NotFound
from app.identity.audit import record
from app.identity.model import ApiKey
from app.identity.permissions import MAY, SCOPES, Permission, allow
from app.identity.queries import hash_of
from app.identity.sessions import new_secret


@dataclass(frozen=True, slots=True)
class MadeKey:
    """A key and its secret, which is shown this once."""

    key: ApiKey
    secret: str


def role_of_systems(role: Role) -> Role:
    """What a system of one's organisation acts as: a head's is a clerk."""
    return Role.STATION if role is Role.HEAD else role


def list_keys(tx: Read, at: Window) -> tuple[Sequence[ApiKey], str | None]:
    """The organisation's keys; an operator and the auditor see everybody's. No secret is among what is kept."""
    allow(tx.actor, Permission.READ_KEYS)
    return read_page(tx.session, select(ApiKey), at, ApiKey.created_at, ApiKey.id)


def make_key(tx: Write, name: str, scopes: Sequence[str], days: int) -> MadeKey:
    """A key for a system, limited to scopes. Raises Invalid for a scope no system of this role may have."""
    allow(tx.actor, Permission.MAKE_KEYS)
    role = role_of_systems(tx.actor.role)
    may_have = SCOPES & MAY[role]
    if not scopes or not set(scopes) <= may_have:
        known = "、".join(sorted(may_have))
        raise wrong(
            "scopes", "bad_scope", f"权限范围只能取：{known}。", f"Scopes are some of: {', '.join(sorted(may_have))}."
        )
    row = ApiKey(
        organisation_id=tx.actor.organisation_id,
        role=role.value,
        name=name,
        scopes=sorted(set(scopes)),
        made_by=tx.actor.user_id or tx.actor.token_id,
        expires_at=func.now() + timedelta(days=days),
    )
    tx.session.add(row)
    tx.session.flush()  # its secret names it
    record(tx, "key.make", subject=show("k", row.id), purpose=" ".join(row.scopes))
    return _with_secret(tx, row.id, timedelta(0))


def rotate_key(tx: Write, key_id: UUID, keep_old: timedelta) -> MadeKey:
    """A new secret; the old one stays good for a while, so that the system can change over. Raises NotFound."""
    allow(tx.actor, Permission.MAKE_KEYS)
    made = _with_secret(tx, key_id, keep_old)
    record(tx, "key.rotate", subject=show("k", key_id))
    return made


def revoke_key(tx: Write, key_id: UUID) -> None:
    """No request of this key is answered from now on. Raises NotFound."""
    allow(tx.actor, Permission.REVOKE_KEYS)
    if not tx.session.scalar(text("select app.revoke_key(:key)"), {"key": key_id}):
        raise NotFound
    record(tx, "key.revoke", subject=show("k", key_id))


def _with_secret(tx: Write, key_id: UUID, keep_old: timedelta) -> MadeKey:
    secret = new_secret("ewk")
    statement = text("select app.add_secret(:key, :hash, :keep)")
    if not tx.session.scalar(statement, {"key": key_id, "hash": hash_of(secret), "keep": keep_old}):
        raise NotFound
    key = tx.session.scalars(select(ApiKey).where(ApiKey.id == key_id).execution_options(populate_existing=True)).one()
    return MadeKey(key, secret)
