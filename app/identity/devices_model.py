"""The devices workers sign in on."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey
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
    person_id: Mapped[UUID] = mapped_column(ForeignKey("persons.id", ondelete="CASCADE"), primary_key=True)
    device_id: Mapped[UUID] = mapped_column(
        ForeignKey("devices.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    first_at: Mapped[CreatedAt]
    last_at: Mapped[CreatedAt]
    #: What gives waits until then. None: the person's first device.
    gives_from: Mapped[datetime | None]
    #: Taken out by the person: the next sign-in on it is a new device again.
    removed_at: Mapped[datetime | None]
