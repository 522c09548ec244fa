"""What a worker complains of, past every office that could be part of it."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, func
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, Id


class Complaint(Base):
    """One complaint. Whoever sends it without a name is not kept: no worker, no token, no time of day."""

    __tablename__ = "complaints"
    __table_args__ = (
        CheckConstraint(
            "kind in ('asked_for_money','pay_late','id_card_kept','pressed','unsafe','other')", name="kind"
        ),
        CheckConstraint("state in ('received','in_hand','answered')", name="state"),
        CheckConstraint("side in ('home','destination')", name="side"),
        CheckConstraint("(state = 'answered') = (answer_sealed is not null)", name="answer"),
        Index("ix_complaints_worker", "worker_id"),
        Index("ix_complaints_assigned_to", "assigned_to"),
        Index("ix_complaints_overseen_by", "overseen_by"),
    )
    id: Mapped[Id]
    kind: Mapped[str]
    #: None: sent without a name.
    worker_id: Mapped[UUID | None]
    #: What happened, in the worker's words, as ciphertext. None: the kind says it all.
    words_sealed: Mapped[bytes | None]
    #: The job it is about, when it is about one.
    vacancy_id: Mapped[UUID | None]
    #: The place that looks into it: of the job, or the prefecture the worker comes from.
    division_code: Mapped[str]
    side: Mapped[str]
    #: The destination station it is given to. None: there is none, or it is about home.
    assigned_to: Mapped[UUID | None]
    #: The authority of the place, which sees the case and not the person.
    overseen_by: Mapped[UUID | None]
    state: Mapped[str] = mapped_column(server_default="received")
    #: What the office said, as ciphertext.
    answer_sealed: Mapped[bytes | None]
    #: The day it came, in Beijing: a moment would point at a session.
    received_on: Mapped[date] = mapped_column(server_default=func.current_date())
    changed_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(server_default="1")
    #: Tells a repeated request from a second one without naming the session: keyed digest of its Idempotency-Key.
    repeat_key: Mapped[bytes | None] = mapped_column(unique=True)
