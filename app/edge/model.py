"""Answers kept so that a repeated request has one effect."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, CreatedAt


class IdempotentAnswer(Base):
    """The first answer to a request with an Idempotency-Key, for 7 days."""

    __tablename__ = "idempotent_answers"
    __table_args__ = (Index("ix_idempotent_answers_until", "until"),)
    #: Keyed hash of actor, route and key: another's key is simply another row.
    key: Mapped[bytes] = mapped_column(primary_key=True)
    #: The token whose answer it is.
    token_id: Mapped[UUID] = mapped_column(index=True)
    #: Hash of the request body.
    request: Mapped[bytes]
    status: Mapped[int]
    #: Ciphertext of headers and body.
    answer_sealed: Mapped[bytes | None]
    until: Mapped[datetime]
    created_at: Mapped[CreatedAt]
