"""The devices of persons, for the door; and a worker's own, through the functions of codes.sql."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select, text

from app.db.transaction import Read, Write
from app.db.turns import take_turn
from app.identity.devices_model import Device, DeviceUse


class OwnDevice(NamedTuple):
    """A device of the worker who asks."""

    id: UUID
    first_at: datetime
    last_at: datetime
    gives_from: datetime | None
    #: The one the worker asks from.
    is_this: bool


def find_device(tx: Read, token_hash: bytes) -> Device | None:
    """The device with this token. For the door."""
    return tx.session.scalars(select(Device).where(Device.hash == token_hash)).one_or_none()


def uses_of(tx: Write, person_id: UUID) -> Sequence[DeviceUse]:
    """Where a person signed in, taken-out devices included. Another sign-in of theirs waits. For the door."""
    take_turn(tx.session, f"devices:{person_id}")
    return tx.session.scalars(select(DeviceUse).where(DeviceUse.person_id == person_id)).all()


def device_of(tx: Read) -> UUID | None:
    """The device a worker is signed in on; None for everybody else, and when the sign-in named none."""
    if tx.actor.worker_id is None:
        return None
    found: UUID | None = tx.session.scalar(text("select app.my_device()"))
    return found


def my_devices(tx: Read) -> list[OwnDevice]:
    """The devices of the worker who asks, the last used first."""
    found = tx.session.execute(text("select * from app.my_devices() order by last_at desc, device_id"))
    return [OwnDevice(*row) for row in found]


def remove_device(tx: Write, device_id: UUID) -> bool:
    """Take a device of the asking worker out, with its sessions; False: they have no such device."""
    return bool(tx.session.scalar(text("select app.remove_device(:device)"), {"device": device_id}))
