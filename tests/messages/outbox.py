"""What would arrive on phones: messages are carried out here, and their texts kept."""

from __future__ import annotations

import re

from sqlalchemy import select

from app.actor import DOOR
from app.db.transaction import read
from app.identity.codes import compose
from app.messages.model import Message
from app.messages.senders import Outgoing
from app.messages.usecases import deliver


def carry_out() -> list[Outgoing]:
    """Send every waiting message, the oldest first, as the worker process would; what arrived."""
    with read(DOOR) as tx:
        waiting = tx.session.scalars(select(Message.id).where(Message.state == "queued").order_by(Message.created_at))
        ids = waiting.all()
    arrived: list[Outgoing] = []
    for message_id in ids:
        deliver(message_id, compose, arrived.append)
    return arrived


def code_in(message: Outgoing) -> str:
    """The one-time code in a text."""
    [code] = re.findall(r"码 ([0-9]{6})，", message.text)
    return str(code)


def code_sent(phone: str) -> str:
    """Carry out what waits, and read the code in the last message that came to a phone."""
    return code_in([message for message in carry_out() if message.phone == phone][-1])
