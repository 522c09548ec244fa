"""What watches the watchers: seals over the audit log, alarms, and exports that two people answer for."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, CheckConstraint, ForeignKey, Index, UniqueConstraint, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, CreatedAt, Id


class AuditSeal(Base):
    """A link of the chain over the audit log: what was there, entry by entry, when it was sealed."""

    __tablename__ = "audit_seals"
    #: 1, 2, 3 …: two that seal at once cannot both add the next.
    number: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    #: The greatest id of an entry that this or an earlier seal knows.
    up_to: Mapped[int] = mapped_column(BigInteger)
    #: Ids below `up_to` not seen so far: of transactions rolled back, or still running.
    gaps: Mapped[list[int]] = mapped_column(ARRAY(BigInteger))
    #: The id (8 bytes, big-endian) and keyed digest (16 bytes) of every entry it covers, by id.
    entries: Mapped[bytes]
    #: The hash of the seal before; 32 zero bytes for the first.
    previous: Mapped[bytes] = mapped_column(unique=True)
    #: HMAC-SHA256, with a key outside the database, over all of the above.
    hash: Mapped[bytes]
    sealed_at: Mapped[CreatedAt]


class Alarm(Base):
    """Somebody looked at more people in one day than the work needs."""

    __tablename__ = "alarms"
    __table_args__ = (
        CheckConstraint("kind in ('bulk_reading','list_crawl')", name="kind"),
        UniqueConstraint("kind", "reader", "day"),
        Index("ix_alarms_organisation_id", "organisation_id"),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=text("gen_random_uuid()"))
    kind: Mapped[str]
    organisation_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisations.id"))
    #: The member of staff, or the token where there is none.
    reader: Mapped[UUID]
    #: In Beijing.
    day: Mapped[date]
    #: How many different people (bulk_reading), or lines of lists (list_crawl), so far that day.
    people: Mapped[int]
    raised_at: Mapped[CreatedAt]


class Export(Base):
    """A file of workers that one person asks for and another allows."""

    __tablename__ = "exports"
    __table_args__ = (
        CheckConstraint("state in ('asked','approved','rejected','fetched')", name="state"),
        CheckConstraint("cardinality(worker_ids) between 1 and 200", name="size"),
        CheckConstraint("decided_by <> asked_by", name="two_people"),
        CheckConstraint("state = 'asked' or decided_by is not null", name="decided"),
        Index("ix_exports_organisation_asked", "organisation_id", "asked_at"),
    )
    id: Mapped[Id]
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"))
    worker_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    reason: Mapped[str]
    state: Mapped[str] = mapped_column(server_default="asked")
    #: The member of staff, or the token where there is none; so is `decided_by`.
    asked_by: Mapped[UUID]
    asked_token: Mapped[UUID]
    asked_at: Mapped[CreatedAt]
    decided_by: Mapped[UUID | None]
    decided_at: Mapped[datetime | None]
    #: Until when the file can be fetched, once.
    expires_at: Mapped[datetime | None]
    fetched_at: Mapped[datetime | None]
