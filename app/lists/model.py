"""One upload: the file, its rows, and what became of each."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Index,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, CreatedAt, Id, Json, Texts


class PostedList(Base):
    """A worker list or a vacancy list (清单) as somebody posted it."""

    __tablename__ = "lists"
    __table_args__ = (
        CheckConstraint("kind in ('worker','vacancy')", name="kind"),
        CheckConstraint("state in ('reading','ready','storing','stored','refused','failed')", name="state"),
        UniqueConstraint("organisation_id", "id"),
        Index("ix_lists_organisation_created", "organisation_id", text("created_at desc"), text("id desc")),
    )
    id: Mapped[Id]
    kind: Mapped[str]
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"))
    #: The division whose upper levels complete short addresses.
    division_code: Mapped[str]
    #: The actor who uploaded it: role, token, and the member of staff, if it was one; problems.xlsx goes to nobody
    #: else.
    role: Mapped[str]
    token_id: Mapped[UUID | None]
    user_id: Mapped[UUID | None]
    filename: Mapped[str]
    #: The file as ciphertext, until `keep_until`.
    file_sealed: Mapped[bytes | None]
    #: Store as soon as it is read.
    store: Mapped[bool]
    state: Mapped[str]
    #: {"stage", "done", "total"}, written on a connection of its own while storing runs.
    progress: Mapped[Json] = mapped_column(server_default="{}")
    sheets: Mapped[list[Any]] = mapped_column(JSONB, server_default="[]")
    #: What was understood of each column, and how.
    columns: Mapped[list[Any]] = mapped_column(JSONB, server_default="[]")
    #: The clerk's corrections: header -> field.
    overrides: Mapped[Json] = mapped_column(server_default="{}")
    counts: Mapped[Json] = mapped_column(server_default="{}")
    #: What the clerk states of the signed papers: {"witness", "signed_on"}; "no_papers": there are none.
    attested: Mapped[Json] = mapped_column(server_default="{}")
    #: Why the file was refused or storing failed: {"code", "zh", "en"}.
    reason: Mapped[Json] = mapped_column(server_default="{}")
    created_at: Mapped[CreatedAt]
    updated_at: Mapped[CreatedAt]
    keep_until: Mapped[datetime]


def _of_our_list() -> ForeignKeyConstraint:
    """Rows and problems belong to a list of the same organisation: another's id opens nothing."""
    return ForeignKeyConstraint(
        ["organisation_id", "list_id"], ["lists.organisation_id", "lists.id"], ondelete="CASCADE"
    )


class ListRow(Base):
    """What became of one data row."""

    __tablename__ = "list_rows"
    __table_args__ = (
        CheckConstraint("outcome in ('new','updated','unchanged','duplicate','rejected')", name="outcome"),
        _of_our_list(),
        Index("ix_list_rows_organisation", "organisation_id"),
    )
    list_id: Mapped[UUID] = mapped_column(primary_key=True)
    sheet: Mapped[int] = mapped_column(primary_key=True)
    #: The sheet's own number; 1 is its first line.
    row: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[UUID]
    outcome: Mapped[str]
    #: The row as written, as ciphertext; forbidden columns blanked.
    raw_sealed: Mapped[bytes]
    #: Public ids of the workers or vacancies it became.
    records: Mapped[Texts]
    #: What stood in those it updated, by public id, as ciphertext. None: it updated none.
    before_sealed: Mapped[bytes | None]


class ListProblem(Base):
    """What is wrong in a row."""

    __tablename__ = "list_problems"
    __table_args__ = (
        _of_our_list(),
        Index("ix_list_problems_organisation", "organisation_id"),
        Index("ix_list_problems_list", "list_id", "id"),
    )
    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    list_id: Mapped[UUID]
    organisation_id: Mapped[UUID]
    sheet: Mapped[str]
    row: Mapped[int]
    #: The column's header as the sheet has it.
    header: Mapped[str]
    code: Mapped[str]
    message_zh: Mapped[str]
    message_en: Mapped[str]
    #: The cell, ID numbers and phones masked.
    value: Mapped[str]
    blocks: Mapped[bool]
