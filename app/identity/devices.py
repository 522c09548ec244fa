"""The devices workers sign in on: known by an opaque token, new ones wait before they give, old ones are told."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select

from app.actor import Role
from app.db.sealing import blind_index, seal_text, unseal_text
from app.db.transaction import Read, Write
from app.errors import DeviceOnHold, NotAllowed, NotFound
from app.identity import devices_queries as queries
from app.identity.audit import record
from app.identity.devices_model import Device, DeviceUse
from app.messages.usecases import send

#: How long a new device may withdraw, and not give.
HOLD = timedelta(hours=24)
NEW_DEVICE = (
    "【东西部劳务协作】您的账号在一台新设备上登录。24小时内该设备不能替您同意任何事项。如果不是您本人，请在原来的设备上"
    "退出该设备，或拨打12333、联系工作站。"
)


@dataclass(frozen=True, slots=True)
class Known:
    """A device at a sign-in."""

    id: UUID
    #: To be sent back at the next sign-in.
    token: str
    #: What gives waits until then. None: no hold.
    gives_from: datetime | None


def recognise(tx: Write, person_id: UUID, token: str | None, phone: str, *, strange: bool) -> Known:
    """The device a person signs in on, known or new. A new one after the first waits, and the phones of the others and
    this one are told. `strange`: the phone is not that of the record the person chose; then a first one waits too."""
    known, token = _device(tx, token)
    uses = queries.uses_of(tx, person_id)
    there = [use for use in uses if use.removed_at is None]
    use = next((use for use in uses if use.device_id == known.id), None)
    if use is None or use.removed_at is not None:
        waits = bool(there) or strange
        use = _new_use(tx, use, person_id, known.id, waits=waits)
        if waits:
            _tell(tx, there, phone)
    use.last_at = func.now()
    use.number = blind_index(phone, "phone")
    use.phone_sealed = seal_text(phone, "device_uses.phone_sealed", use.id)
    tx.session.flush()
    tx.session.refresh(use)  # the times are the database's
    return Known(known.id, token, use.gives_from)


def check_is_worker(tx: Read) -> None:
    """Devices are a worker's. Raises NotAllowed."""
    if tx.actor.role is not Role.WORKER:
        raise NotAllowed


def is_on_hold(tx: Read) -> bool:
    """Whether the session is a new device's that may not give yet, by the database's clock."""
    held = tx.actor.gives_from
    return held is not None and bool(tx.session.scalar(select(func.now() < held)))


def remove_device(tx: Write, device_id: UUID) -> None:
    """The worker takes a device out, and its sessions end. One that is on hold itself may take out only itself."""
    if device_id != queries.device_of(tx) and is_on_hold(tx):
        raise DeviceOnHold
    if not queries.remove_device(tx, device_id):
        raise NotFound
    record(tx, "device.remove", worker_id=tx.actor.worker_id)


def _device(tx: Write, token: str | None) -> tuple[Device, str]:
    known = queries.find_device(tx, _hash(token)) if token else None
    if known is not None and token is not None:
        return known, token
    token = f"ewd_{secrets.token_urlsafe(32)}"
    made = Device(hash=_hash(token))
    tx.session.add(made)
    tx.session.flush()  # its uses refer to it
    return made, token


def _new_use(tx: Write, before: DeviceUse | None, person_id: UUID, device_id: UUID, *, waits: bool) -> DeviceUse:
    use = before or DeviceUse(person_id=person_id, device_id=device_id)
    use.first_at, use.removed_at = func.now(), None
    use.gives_from = func.now() + HOLD if waits else None
    tx.session.add(use)
    tx.session.flush()  # its id seals the phone
    return use


def _tell(tx: Write, others: Sequence[DeviceUse], phone: str) -> None:
    sealed = [(use.phone_sealed, use.id) for use in others]
    phones = [unseal_text(phone, "device_uses.phone_sealed", use) for phone, use in sealed if phone is not None]
    for told in dict.fromkeys([*phones, phone]):
        send(tx, told, NEW_DEVICE, "new_device")


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
