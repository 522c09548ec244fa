"""Organisations and the tokens that prove who somebody is."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, CreatedAt, Id


class Organisation(Base):
    """A station, an employer or an authority: whoever staff act for."""

    __tablename__ = "organisations"
    __table_args__ = (
        CheckConstraint("kind in ('station','destination','employer','authority','operator','audit')", name="kind"),
        UniqueConstraint("kind", "division_code", "name", postgresql_nulls_not_distinct=True),
    )
    id: Mapped[Id]
    kind: Mapped[str]
    name: Mapped[str]
    #: The division it cares for. None: an employer or an operator.
    division_code: Mapped[str | None]
    #: 统一社会信用代码 (GB 32100). None: not verified, and so no disclosure.
    uscc: Mapped[str | None] = mapped_column(unique=True)
    created_at: Mapped[CreatedAt]


class Token(Base):
    """A bearer token, kept as a hash: whoever reads the table cannot sign in with it."""

    __tablename__ = "tokens"
    __table_args__ = (
        CheckConstraint(
            "role in ('station','head','destination','employer','coordinator','worker','operator','auditor')",
            name="role",
        ),
    )
    id: Mapped[Id]
    #: SHA-256 of the token; the token itself is 256 random bits, so no salt is needed.
    hash: Mapped[bytes] = mapped_column(unique=True)
    role: Mapped[str]
    organisation_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisations.id", ondelete="CASCADE"), index=True)
    division_code: Mapped[str | None]
    #: Set for a worker's own token.
    worker_id: Mapped[UUID | None] = mapped_column(index=True)
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    created_at: Mapped[CreatedAt]
