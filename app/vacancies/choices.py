"""Closed sets of words about a vacancy, as lists and forms state them and the database keeps them."""

from __future__ import annotations

from enum import StrEnum


class VacancyKind(StrEnum):
    """Through which channel: an enterprise, a workshop 帮扶车间, 以工代赈, 公益性岗位, 家政."""

    ENTERPRISE = "enterprise"
    WORKSHOP = "workshop"
    WORK_RELIEF = "work_relief"
    PUBLIC_WELFARE = "public_welfare"
    HOUSEHOLD = "household"


class VacancyState(StrEnum):
    """Waiting for approval, on the market, taken from it, not approved."""

    PENDING = "pending"
    OPEN = "open"
    CLOSED = "closed"
    REFUSED = "refused"


class RefusalCode(StrEnum):
    """Why the receiving side does not let an offer onto the market."""

    EMPLOYER_UNKNOWN = "employer_unknown"
    NOT_TRUE = "not_true"
    PAY_OR_HOURS = "pay_or_hours"
    UNLAWFUL = "unlawful"
    INCOMPLETE = "incomplete"


#: Kinds whose hours are not those of a full month: a sum a month says nothing about an hour.
PART_TIME_KINDS = frozenset({VacancyKind.PUBLIC_WELFARE, VacancyKind.WORK_RELIEF})
