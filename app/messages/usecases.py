"""Sending a message to a phone: kept sealed in the caller's transaction, carried out by the worker process."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID, uuid4

from app.actor import DOOR
from app.db.sealing import blind_index, seal_text, unseal_text
from app.db.transaction import Write, write
from app.messages import queries
from app.messages.model import Message
from app.messages.senders import Outgoing, Refused, Sender, sender

#: Makes the text of a message that has none yet, for a phone; None: it is not to be sent.
Compose = Callable[[Write, Message, str], str | None]


def sealed_phone(message_id: UUID, phone: str) -> bytes:
    """A phone as it is kept beside a message."""
    return seal_text(phone, "messages.phone_sealed", message_id)


def send(tx: Write, phone: str, words: str, kind: str = "notice") -> UUID:
    """Order a message without a code ("notice", "new_device", "phone_changed"); rolled back, nothing is sent."""
    message_id = uuid4()
    text_sealed = seal_text(words, "messages.text_sealed", message_id)
    queries.queue(tx, message_id, kind, blind_index(phone, "phone"), sealed_phone(message_id, phone), text_sealed)
    return message_id


def deliver(message_id: UUID, compose: Compose, by: Sender | None = None) -> None:
    """Carry out one message, once: a later call for a sent one does nothing. Raises Undelivered when it is worth
    another try."""
    sends = by or sender()
    with write(DOOR) as tx:
        ready = _prepared(tx, message_id, compose, can_send=sends is not None)
    if ready is None or sends is None:
        return
    try:
        sends(ready)  # in no transaction: a slow hook holds no connection
    except Refused:
        _end(message_id, "failed")
    else:
        _end(message_id, "sent")


def give_up(message_id: UUID) -> None:
    """Nothing more is tried; the metrics tell of it."""
    _end(message_id, "failed")


def _end(message_id: UUID, state: str) -> None:
    with write(DOOR) as tx:
        queries.end(tx, message_id, state)


def _prepared(tx: Write, message_id: UUID, compose: Compose, *, can_send: bool) -> Outgoing | None:
    found = queries.waiting(tx, message_id)
    if found is None:
        return None
    message, is_late = found
    if message.phone_sealed is None or is_late or not can_send:
        queries.end(tx, message_id, "failed" if message.tries else "dropped" if can_send else "not_sent")
        return None
    phone = _phone_of(message, message.phone_sealed)
    words = _text_of(tx, message, phone, compose)
    if words is None:
        queries.end(tx, message_id, "dropped")
        return None
    message.tries += 1
    return Outgoing(message_id, message.kind, phone, words)


def _phone_of(message: Message, sealed: bytes) -> str:
    if message.sealed_of is None:
        return unseal_text(sealed, "messages.phone_sealed", message.id)
    return unseal_text(sealed, "workers.phone_sealed", message.sealed_of)


def _text_of(tx: Write, message: Message, phone: str, compose: Compose) -> str | None:
    """The text of the first try, kept for the next: one that got through after all carries the same code."""
    if message.text_sealed is not None:
        return unseal_text(message.text_sealed, "messages.text_sealed", message.id)
    words = compose(tx, message, phone)
    if words is not None:
        message.text_sealed = seal_text(words, "messages.text_sealed", message.id)
    return words
