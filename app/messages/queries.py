"""Messages: ordering them, taking one up, saying what became of it."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import and_, func, select, text, update

from app.db.transaction import Read, Write
from app.messages.model import Message


def queue(
    tx: Write, message_id: UUID, kind: str, number: bytes, phone_sealed: bytes, text_sealed: bytes | None
) -> None:
    """Add a message without a code, and the job that sends it (codes.sql)."""
    tx.session.execute(
        text("select app.queue_message(:id, :kind, :number, :phone, :text)"),
        {"id": message_id, "kind": kind, "number": number, "phone": phone_sealed, "text": text_sealed},
    )


def waiting(tx: Write, message_id: UUID) -> tuple[Message, bool] | None:
    """A message that is still to be sent, locked, and whether it is too late for it."""
    late = func.coalesce(Message.wanted_until < func.now(), False)
    query = select(Message, late).where(Message.id == message_id, Message.state == "queued").with_for_update()
    found = tx.session.execute(query).one_or_none()
    return None if found is None else (found[0], found[1])


def end(tx: Write, message_id: UUID, state: str) -> None:
    """Say what became of a message; the words of one with a code go at once."""
    tx.session.execute(
        update(Message)
        .where(Message.id == message_id, Message.state == "queued")
        .values(state=state, sent_at=func.now() if state == "sent" else None)
    )
    tx.session.execute(
        update(Message)
        .where(and_(Message.id == message_id, Message.code_id.is_not(None)))
        .values(text_sealed=None, words_sealed=None, phone_sealed=None)
    )


def counts(tx: Read) -> dict[str, int]:
    """How many messages of the last day are in each state."""
    rows = tx.session.execute(text("select state, n from app.message_counts()"))
    return {row.state: row.n for row in rows}
