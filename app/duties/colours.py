"""What an office owes by a date, and the four colours (PRODUCT principle 3).

A colour is a function of the duty's own clock, of nothing else: not of a person, their answers or their station. The
duty's owner is an office.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID


class DutyKind(StrEnum):
    """What is owed."""

    #: To confirm that an offer still stands (its poster).
    CONFIRM_VACANCY = "confirm_vacancy"
    #: To let an offer onto the market, or not (the office of the place of work).
    DECIDE_VACANCY = "decide_vacancy"
    #: To ask an employer that was silent for days after an introduction (the worker's station).
    ASK_EMPLOYER = "ask_employer"
    #: The first three jobs for somebody who agreed to matching (the station).
    FIRST_THREE = "first_three"


class Colour(StrEnum):
    """How late an office is."""

    RED = "red"
    ORANGE = "orange"
    YELLOW = "yellow"
    GREEN = "green"


#: How long an office has, from the moment its clock starts.
TERMS = {
    DutyKind.CONFIRM_VACANCY: timedelta(days=30),
    DutyKind.DECIDE_VACANCY: timedelta(days=3),
    DutyKind.ASK_EMPLOYER: timedelta(days=5),
    DutyKind.FIRST_THREE: timedelta(days=7),
}
#: A duty is listed so long before it is due.
LISTED_BEFORE = timedelta(days=5)
_YELLOW_FROM = -2
_RED_AFTER = 5


def days_overdue(due: date, today: date) -> int:
    """Days since the day it was due; negative before it."""
    return (today - due).days


def colour_of(due: date, today: date) -> Colour:
    """Green: there is time; yellow: due today or in two days; orange: up to five days late; red: more."""
    late = days_overdue(due, today)
    if late > _RED_AFTER:
        return Colour.RED
    if late > 0:
        return Colour.ORANGE
    return Colour.YELLOW if late >= _YELLOW_FROM else Colour.GREEN


def due_between(colour: Colour, today: date) -> tuple[date, date]:
    """The first and last due day of a colour."""
    days = {
        Colour.RED: (date.min, today - timedelta(days=_RED_AFTER + 1)),
        Colour.ORANGE: (today - timedelta(days=_RED_AFTER), today - timedelta(days=1)),
        Colour.YELLOW: (today, today - timedelta(days=_YELLOW_FROM)),
        Colour.GREEN: (today - timedelta(days=_YELLOW_FROM - 1), date.max),
    }
    return days[colour]


@dataclass(frozen=True, slots=True)
class Duty:
    """Something an office owes."""

    kind: DutyKind
    #: The office.
    owner: UUID
    due: date
    #: The vacancy, placement or worker record it is about.
    subject: UUID
    #: The offer's title and employer. None: the duty is about no offer.
    title: str | None
    employer: str | None
