"""One-time codes, what the door counts, and how far a worker's phone is trusted."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, CreatedAt, Id


class Code(Base):
    """A one-time code, ordered for one purpose and one phone. Ordered for unknown phones too: the same work."""

    __tablename__ = "codes"
    __table_args__ = (
        CheckConstraint("purpose in ('sign_in','answer','phone')", name="purpose"),
        CheckConstraint("(purpose = 'sign_in') = (worker_id is null)", name="worker"),
        CheckConstraint("tries <= 5", name="tries"),
        Index("ix_codes_number", "number", "purpose", "created_at"),
        Index(
            "uq_codes_live",
            "number",
            "purpose",
            "worker_id",
            "subject",
            unique=True,
            postgresql_where=text("ended_at is null"),
            postgresql_nulls_not_distinct=True,
        ),
    )
    id: Mapped[Id]
    purpose: Mapped[str]
    #: Keyed blind index of the phone it goes to.
    number: Mapped[bytes]
    #: Whose act it proves. None: sign-in, which does not know yet.
    worker_id: Mapped[UUID | None]
    #: What the act is about: a suggestion's id. Empty: nothing more.
    subject: Mapped[str] = mapped_column(server_default="")
    #: Keyed hash over purpose, phone, worker, subject and code. None: not made yet, so nothing matches.
    hash: Mapped[bytes | None]
    tries: Mapped[int] = mapped_column(server_default="0")
    created_at: Mapped[CreatedAt]
    expires_at: Mapped[datetime]
    #: When, and under which token, the right code was given; it is spent in the transaction of the act itself.
    matched_at: Mapped[datetime | None]
    matched_by: Mapped[UUID | None]
    #: Spent, or followed by a newer one.
    ended_at: Mapped[datetime | None]


class DoorCount(Base):
    """How often something happened at the door in one minute, for every process alike."""

    __tablename__ = "door_counts"
    __table_args__ = (CheckConstraint("n >= 0", name="n"),)
    what: Mapped[str] = mapped_column(primary_key=True)
    #: Keyed hash of an address; empty: everybody together.
    key: Mapped[bytes] = mapped_column(primary_key=True)
    slot: Mapped[datetime] = mapped_column(primary_key=True)
    n: Mapped[int]


class Phone(Base):
    """What is known of a worker's phone beyond its digits. No row: typed by a clerk, never verified, never changed."""

    __tablename__ = "phones"
    __table_args__ = (
        ForeignKeyConstraint(["station_id", "worker_id"], ["workers.station_id", "workers.id"], ondelete="CASCADE"),
        Index("ix_phones_station", "station_id", "worker_id"),
    )
    worker_id: Mapped[UUID] = mapped_column(primary_key=True)
    station_id: Mapped[UUID]
    #: Keyed blind index. None: the station took the phone out.
    number: Mapped[bytes | None]
    #: When a code sent to it first came back.
    verified_at: Mapped[datetime | None]
    #: Changed by the station: until then answers wait.
    held_until: Mapped[datetime | None]
    #: Shared by three or more: the station's head has looked into it, and who that was (token).
    checked_at: Mapped[datetime | None]
    checked_by: Mapped[UUID | None]
