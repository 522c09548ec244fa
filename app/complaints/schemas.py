"""The shapes of complaints."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import StringConstraints

from app.complaints.usecases import Grievance, Said
from app.edge.public_ids import PublicId, VacancyId
from app.edge.strict import In, Out

ComplaintId = Annotated[UUID, PublicId("cm")]
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]


class ComplaintKind(StrEnum):
    """What went wrong."""

    ASKED_FOR_MONEY = "asked_for_money"
    PAY_LATE = "pay_late"
    ID_CARD_KEPT = "id_card_kept"
    PRESSED = "pressed"
    UNSAFE = "unsafe"
    OTHER = "other"


class ComplaintIn(In):
    """A complaint. Without a name nothing leads back to the worker, and no answer can either."""

    kind: ComplaintKind
    words: Words | None = None
    vacancy_id: VacancyId | None = None
    anonymous: bool = False

    def said(self) -> Said:
        """As the use case takes it."""
        return Said(self.kind.value, self.words, self.vacancy_id, self.anonymous)


class ComplaintAnswerIn(In):
    """What the office does: it takes the complaint in hand, or answers it in words the worker reads."""

    state: Literal["in_hand", "answered"]
    answer: Words | None = None


class ComplaintMadeOut(Out):
    """The complaint was taken down. `id` is null for one without a name."""

    id: ComplaintId | None
    kind: str
    anonymous: bool
    #: Where else one is heard: the labour rights line 12333 and free legal advice 12348.
    hotlines: list[str]


class ComplainantOut(Out):
    """Whom to call about a complaint."""

    name: str
    #: Null: none is known.
    phone: str | None


class ComplaintOut(Out):
    """A complaint as its reader may see it."""

    id: ComplaintId
    kind: str
    #: Null also for who sees the case only; an office reads them one by one, what it has in hand.
    words: str | None
    #: Of a complaint by name, read one by one by the office that has it in hand. Null for everybody else.
    complainant: ComplainantOut | None
    vacancy_id: VacancyId | None
    #: The place that looks into it.
    division: str
    side: str
    state: str
    answer: str | None
    received_on: date
    changed_at: datetime | None

    @classmethod
    def of(cls, grievance: Grievance) -> Self:
        """From what the use case found."""
        row, whom = grievance.complaint, grievance.complainant
        return cls(
            id=row.id,
            kind=row.kind,
            words=grievance.words,
            complainant=ComplainantOut(name=whom.name, phone=whom.phone) if whom else None,
            vacancy_id=row.vacancy_id,
            division=row.division_code,
            side=row.side,
            state=row.state,
            answer=grievance.answer,
            received_on=row.received_on,
            changed_at=row.changed_at,
        )
