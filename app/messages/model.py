"""Messages to phones: what was ordered, and what became of it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, CreatedAt, Id


class Message(Base):
    """A message to one phone. Numbers and words are blanked after 7 days; those with a code as soon as it is sent."""

    __tablename__ = "messages"
    __table_args__ = (
        CheckConstraint(
            "kind in ('sign_in','answer','phone','new_device','phone_changed','asked_again','notice')", name="kind"
        ),
        CheckConstraint("state in ('queued','sent','failed','not_sent','dropped')", name="state"),
    )
    id: Mapped[Id]
    kind: Mapped[str]
    #: Keyed blind index of the phone.
    number: Mapped[bytes | None]
    phone_sealed: Mapped[bytes | None]
    #: The worker whose stored phone the ciphertext is. None: it was sealed for this message.
    sealed_of: Mapped[UUID | None]
    #: What the text is to name, where the text is made when it is sent: job and act of an answer code.
    words_sealed: Mapped[bytes | None]
    #: The text as it is sent, kept for repeats. None: not made yet, or blanked.
    text_sealed: Mapped[bytes | None]
    #: The one-time code it carries. The code itself is made when the message is, by the worker process.
    code_id: Mapped[UUID | None]
    #: dropped: nobody with this phone is known, or it was no longer wanted. not_sent: there is no sender.
    state: Mapped[str] = mapped_column(server_default="queued")
    tries: Mapped[int] = mapped_column(server_default="0")
    #: After this moment it is of no use. None: it keeps.
    wanted_until: Mapped[datetime | None]
    created_at: Mapped[CreatedAt] = mapped_column(index=True)
    sent_at: Mapped[datetime | None]
