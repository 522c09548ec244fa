"""The shape of the answers about duties: offices, dates, colours; never a person's name."""

from __future__ import annotations

from datetime import date
from typing import Self

from pydantic import Field

from app.db.base import today
from app.duties.colours import Colour, Duty, DutyKind, colour_of, days_overdue
from app.duties.usecases import OfficeDuties
from app.edge.language import Language
from app.edge.public_ids import OrganisationId, show
from app.edge.strict import Out

_SUBJECTS = {
    DutyKind.CONFIRM_VACANCY: "v",
    DutyKind.DECIDE_VACANCY: "v",
    DutyKind.ASK_EMPLOYER: "pm",
    DutyKind.FIRST_THREE: "w",
}
_WORDS = {
    DutyKind.CONFIRM_VACANCY: (
        "确认岗位仍然有效，否则将下架",
        "confirm that the vacancy stands, or it leaves the market",
    ),
    DutyKind.DECIDE_VACANCY: ("审核待发布的岗位", "decide on the vacancy that waits"),
    DutyKind.ASK_EMPLOYER: ("单位收到介绍后未答复，请催问", "the employer has not answered the introduction: ask"),
    DutyKind.FIRST_THREE: ("推荐首批三个岗位", "offer the first three jobs"),
}


class DutyOut(Out):
    """Something an office owes."""

    kind: DutyKind
    owner: OrganisationId
    #: The id of the vacancy, placement or worker record.
    subject: str
    due: date
    #: Negative: days left.
    days_overdue: int
    colour: Colour
    what: str = Field(description="应办事项 / what to do")
    #: Of the offer it is about. None: it is about no offer.
    title: str | None
    employer: str | None

    @classmethod
    def of(cls, duty: Duty, language: Language) -> Self:
        """As of today."""
        return cls(
            kind=duty.kind,
            owner=duty.owner,
            subject=show(_SUBJECTS[duty.kind], duty.subject),
            due=duty.due,
            days_overdue=days_overdue(duty.due, today()),
            colour=colour_of(duty.due, today()),
            what=_WORDS[duty.kind][language == "en"],
            title=duty.title,
            employer=duty.employer,
        )


class DutyCountOut(Out):
    """So many duties of a kind and colour."""

    kind: DutyKind
    colour: Colour
    number: int


class OfficeDutiesOut(Out):
    """What an office owes, in numbers."""

    office: OrganisationId
    name: str
    counts: list[DutyCountOut]

    @classmethod
    def of(cls, found: OfficeDuties) -> Self:
        """From the use case's answer."""
        counts = [DutyCountOut(kind=kind, colour=colour, number=n) for (kind, colour), n in found.counts.items()]
        return cls(office=found.office, name=found.name, counts=counts)


class OfficesDutiesOut(Out):
    """The offices of a division that owe something."""

    items: list[OfficeDutiesOut]
