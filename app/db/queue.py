"""Ordering background jobs inside the caller's transaction: rolled back, there is no job."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import text

from app.db.transaction import Write


def enqueue(tx: Write, task: str, subject: UUID) -> None:
    """Order `task` for `subject` in the actor's name; the worker picks it up after commit.

    Ordering the same again while it still waits raises an IntegrityError (one waiting job a subject).
    """
    tx.session.execute(text("select app.enqueue(:task, :subject)"), {"task": task, "subject": subject})
