"""Who read or changed what: entries are added, never altered (the runtime role may only insert)."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import BigInteger, Identity, insert
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
    #: What was done: "worker.read", "list.store" …
    action: Mapped[str]
    #: The worker concerned; None: no single worker.
    worker_id: Mapped[UUID | None] = mapped_column(index=True)
    #: The thing concerned, as its public id.
    subject: Mapped[str | None]
    #: Why: the purpose stated, or the route.
    purpose: Mapped[str | None]


def record(
    tx: Read, action: str, *, worker_id: UUID | None = None, subject: str | None = None, purpose: str | None = None
) -> None:
    """Add an entry in the actor's name. The reading transaction must commit for it to stay: use a Write."""
    tx.session.execute(
        # inline: no RETURNING, which the insert-only roles may not have
        insert(AuditEntry).inline().values(
            role=tx.actor.role.value,
            organisation_id=tx.actor.organisation_id,
            token_id=tx.actor.token_id,
            action=action,
            worker_id=worker_id,
            subject=subject,
            purpose=purpose,
        )
    )
