"""The devices workers sign in on."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, CreatedAt, Id


class Device(Base):
    """A browser or a phone, known by an opaque token it was given at its first sign-in."""

    __tablename__ = "devices"
    id: Mapped[Id]
    #: SHA-256 of the token: 256 random bits, so no salt is needed.
    hash: Mapped[bytes] = mapped_column(unique=True)
    created_at: Mapped[CreatedAt]


class DeviceUse(Base):
    """One person on one device; a family may share it."""

    __tablename__ = "device_uses"
    __table_args__ = (UniqueConstraint("person_id", "device_id"),)
    id: Mapped[Id]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("persons.id", ondelete="CASCADE"))
    device_id: Mapped[UUID] = mapped_column(ForeignKey("devices.id", ondelete="CASCADE"), index=True)
    #: The phone of the last sign-in on it: told of a new device.
    number: Mapped[bytes | None]
    phone_sealed: Mapped[bytes | None]
    first_at: Mapped[CreatedAt]
    last_at: Mapped[CreatedAt]
    #: What gives waits until then. None: the person's first device.
    gives_from: Mapped[datetime | None]
    #: Taken out by the person: the next sign-in on it is a new device again.
    removed_at: Mapped[datetime | None]
