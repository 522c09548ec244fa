"""Who read or changed what: entries are added, never altered (the runtime role may only insert).

Actions are "thing.act". Those that show a person's details are counted by the day (rules.sql, app.raise_alarms names
them), and the worker sees each of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import BigInteger, Identity, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, CreatedAt
from app.db.transaction import Read


class AuditEntry(Base):
    """One read of personal detail, or one change."""

    __tablename__ = "audit_entries"
    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    at: Mapped[CreatedAt] = mapped_column(index=True)
    role: Mapped[str]
    organisation_id: Mapped[UUID | None] = mapped_column(index=True)
    token_id: Mapped[UUID | None]
    #: The member of staff. None: a worker, a system's key, or a token of the command line.
    user_id: Mapped[UUID | None]
    #: What was done: "worker.read", "list.store" …
    action: Mapped[str]
    #: The worker concerned; None: no single worker.
    worker_id: Mapped[UUID | None] = mapped_column(index=True)
    #: The thing concerned, as its public id.
    subject: Mapped[str | None]
    #: Why: the purpose stated, or the route.
    purpose: Mapped[str | None]


#: How a statement begins that adds an entry. No RETURNING: the insert-only roles may read nothing back.
ADD_ENTRY = "insert into audit_entries (role, organisation_id, token_id, user_id, action, worker_id, subject, purpose)"
_ADD = text(f"{ADD_ENTRY} values (:role, :organisation, :token, :user, :action, :worker, :subject, :purpose)")


def record(
    tx: Read, action: str, *, worker_id: UUID | None = None, subject: str | None = None, purpose: str | None = None
) -> None:
    """Add an entry in the actor's name. The reading transaction must commit for it to stay: use a Write."""
    tx.session.execute(_ADD, entry(tx, action, worker_id=worker_id, subject=subject, purpose=purpose))


def record_each(tx: Read, action: str, worker_ids: Sequence[UUID], *, subject: str, purpose: str | None = None) -> None:
    """An entry for each of several workers, so that each finds it among the looks at them."""
    entries = [entry(tx, action, worker_id=worker, subject=subject, purpose=purpose) for worker in worker_ids]
    if entries:
        tx.session.execute(_ADD, entries)


def entry(
    tx: Read, action: str, *, worker_id: UUID | None = None, subject: str | None = None, purpose: str | None = None
) -> dict[str, object]:
    """The values of an entry in the actor's name, for a statement that adds it along with what it reads."""
    return {
        "role": tx.actor.role.value,
        "organisation": tx.actor.organisation_id,
        "token": tx.actor.token_id,
        "user": tx.actor.user_id,
        "action": action,
        "worker": worker_id,
        "subject": subject,
        "purpose": purpose,
    }
