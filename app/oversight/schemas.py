"""The shapes of alarms, exports, audit entries and seals."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import Field, StringConstraints

from app.edge.form_fields import Line
from app.edge.public_ids import OrganisationId, PublicId, WorkerId
from app.edge.strict import In, Out
from app.identity.audit import AuditEntry
from app.oversight.model import Alarm, AuditSeal, Export

ExportId = Annotated[UUID, PublicId("ex")]
AlarmId = Annotated[UUID, PublicId("al")]
#: A person of an office: the member of staff, or the token where there is none.
ReaderId = Annotated[UUID, PublicId("r")]


class AlarmKind(StrEnum):
    """What was too much."""

    #: More than 60 people looked at in detail on one day.
    BULK_READING = "bulk_reading"
    #: More than 2,000 lines of lists paged through on one day.
    LIST_CRAWL = "list_crawl"


class AlarmOut(Out):
    """Somebody looked at more people in a day than the work needs."""

    id: AlarmId
    kind: AlarmKind
    organisation_id: OrganisationId | None
    reader: ReaderId
    #: The day in Beijing.
    day: date
    #: So far that day.
    people: int
    raised_at: datetime

    @classmethod
    def of(cls, row: Alarm) -> Self:
        """From the stored alarm."""
        return cls.model_validate(row)


class ExportFilterIn(In):
    """Which of the station's workers."""

    #: A canonical occupation they wish for.
    occupation: Line | None = None
    #: The division they come from, of any level.
    division: Annotated[str, StringConstraints(pattern=r"^[0-9]{6}$")] | None = None


class ExportIn(In):
    """A file that is asked for: named workers, or a filter, and what for."""

    kind: Literal["workers"] = "workers"
    worker_ids: Annotated[list[WorkerId], Field(min_length=1, max_length=1000)] | None = None
    filter: ExportFilterIn | None = None
    reason: Annotated[str, StringConstraints(strip_whitespace=True, min_length=4, max_length=200)]


class ExportState(StrEnum):
    """How far it has come."""

    ASKED = "asked"
    APPROVED = "approved"
    REJECTED = "rejected"
    FETCHED = "fetched"


class ExportOut(Out):
    """An export: what for, how many, who asked and decided. Nobody in it is named here."""

    id: ExportId
    kind: Literal["workers"]
    state: ExportState
    #: How many people.
    people: int
    reason: str
    asked_by: ReaderId
    asked_at: datetime
    decided_by: ReaderId | None
    decided_at: datetime | None
    #: Until when the file can be fetched, once.
    expires_at: datetime | None

    @classmethod
    def of(cls, row: Export) -> Self:
        """From the stored export."""
        same = ("id", "reason", "asked_by", "asked_at", "decided_by", "decided_at", "expires_at")
        return cls(
            kind="workers",
            state=ExportState(row.state),
            people=len(row.worker_ids),
            **{name: getattr(row, name) for name in same},
        )


class AuditEntryOut(Out):
    """Who read or changed what, when and why."""

    #: Its place in the log.
    id: int
    at: datetime
    role: str
    organisation_id: OrganisationId | None
    #: The member of staff, or the token where there is none.
    reader: ReaderId | None
    action: str
    worker_id: WorkerId | None
    subject: str | None
    purpose: str | None

    @classmethod
    def of(cls, row: AuditEntry) -> Self:
        """From the stored entry."""
        same = ("id", "at", "role", "organisation_id", "action", "worker_id", "subject", "purpose")
        return cls(reader=row.user_id or row.token_id, **{name: getattr(row, name) for name in same})


class AuditSealOut(Out):
    """A seal over the audit log: keep number and hash elsewhere, `eastwest audit verify --head` compares them."""

    number: int
    #: The greatest entry it or an earlier one knows.
    up_to: int
    hash: str
    sealed_at: datetime

    @classmethod
    def of(cls, row: AuditSeal) -> Self:
        """From the stored seal."""
        return cls(number=row.number, up_to=row.up_to, hash=row.hash.hex(), sealed_at=row.sealed_at)
