"""The shapes of requests and answers about vacancies."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Self

from pydantic import Field, StringConstraints

from app.edge.form_fields import Line, Yuan
from app.edge.public_ids import VacancyId
from app.edge.strict import In, Out
from app.places.point_input import PointIn
from app.vacancies.approval import confirm_by
from app.vacancies.choices import RefusalCode, VacancyKind, VacancyState
from app.vacancies.usecases import VacancyDetail, VacancyFound

Words = Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000)]
#: One text, or its pieces.
ManyWords = Words | Annotated[list[Line], Field(max_length=30)]
Heads = Annotated[int, Field(ge=1, le=100_000)]
#: Mobile, landline, perhaps with an extension.
Phone = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^[0-9+()（）转 \-]{5,30}$")]
#: The law: nobody under 16.
Years = Annotated[int, Field(ge=16, le=80)]


class VacancyIn(In):
    """An offer: the fields of a vacancy list, pay in yuan a month."""

    employer: Line
    title: Line
    headcount: Heads
    wage_min: Yuan
    #: Left out: pay is open-ended, or one sum.
    wage_max: Yuan | None = None
    workplace: Line
    workplace_point: PointIn | None = None
    uscc: Line | None = None
    requirements: Words | None = None
    skills: ManyWords | None = None
    #: Certificates that are a must.
    certificates: ManyWords | None = None
    age_min: Years | None = None
    age_max: Years | None = None
    lodging: bool | None = None
    board: bool | None = None
    social_insurance: Words | None = None
    contract: Words | None = None
    kind: VacancyKind = VacancyKind.ENTERPRISE
    #: Shown to nobody but the poster.
    contact: Line | None = None
    phone: Phone | None = None
    start_date: date | None = None
    #: The last day. Left out: 30 days from today.
    valid_until: date | None = None
    external_ref: Line | None = None
    remarks: Annotated[dict[Line, Words], Field(max_length=50)] | None = None


class VacancyPatch(In):
    """What changes; null: no longer stated."""

    employer: Line | None = None
    title: Line | None = None
    headcount: Heads | None = None
    wage_min: Yuan | None = None
    wage_max: Yuan | None = None
    workplace: Line | None = None
    workplace_point: PointIn | None = None
    uscc: Line | None = None
    requirements: Words | None = None
    skills: ManyWords | None = None
    certificates: ManyWords | None = None
    age_min: Years | None = None
    age_max: Years | None = None
    lodging: bool | None = None
    board: bool | None = None
    social_insurance: Words | None = None
    contract: Words | None = None
    kind: VacancyKind | None = None
    contact: Line | None = None
    phone: Phone | None = None
    start_date: date | None = None
    valid_until: date | None = None
    external_ref: Line | None = None
    remarks: Annotated[dict[Line, Words], Field(max_length=50)] | None = None


class VacancyBriefOut(Out):
    """A vacancy in a list."""

    id: VacancyId
    title: str
    employer: str
    workplace: str
    #: The division of the workplace.
    division: str
    wage_min: int
    wage_max: int
    openings: int
    lodging: bool | None
    valid_until: date
    kind: VacancyKind
    #: Canonical occupation. None: the title was not understood.
    occupation: str | None
    state: VacancyState
    #: From the point asked about.
    km: float | None

    @classmethod
    def of(cls, found: VacancyFound) -> Self:
        """From what the use case found."""
        return cls(**_brief(found), km=None if found.km is None else round(found.km, 1))


class VacancyOut(Out):
    """A vacancy."""

    id: VacancyId
    title: str
    employer: str
    workplace: str
    #: The division of the workplace.
    division: str
    wage_min: int
    wage_max: int
    #: Pay as written.
    wage: str
    headcount: int
    openings: int
    lodging: bool | None
    board: bool | None
    valid_until: date
    kind: VacancyKind
    #: Canonical occupation. None: the title was not understood.
    occupation: str | None
    state: VacancyState
    #: The company whose account offers it for the employer. None: the employer's own, or an office's.
    recruiter: str | None
    uscc: str | None
    requirements: str | None
    skills: str | None
    #: Canonical terms understood.
    skill_terms: list[str]
    certificates: str | None
    certificate_terms: list[str]
    age_min: int | None
    age_max: int | None
    social_insurance: str | None
    contract: str | None
    start_date: date | None
    #: This and the next three are for the poster alone; None for everybody else.
    external_ref: str | None
    contact: str | None
    phone: str | None
    remarks: dict[str, Any] | None
    #: Confirmed by its poster until this day; then it leaves the market.
    confirm_by: date
    #: The poster is to confirm it now, problem code `stale`; nobody else is told.
    stale: bool
    #: Why the receiving side refused it; for the poster.
    refusal: RefusalCode | None
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, detail: VacancyDetail) -> Self:
        """From what the use case found."""
        row = detail.vacancy
        same = ("board", "headcount", "uscc", "requirements", "age_min", "age_max", "social_insurance", "contract")
        return cls(
            **_brief(VacancyFound(row)),
            **{name: getattr(row, name) for name in (*same, "start_date", "created_at", "updated_at")},
            recruiter=detail.recruiter,
            wage=row.wage_text,
            skills=row.skills_text,
            skill_terms=row.skills,
            certificates=row.certificates_text,
            certificate_terms=row.certificates,
            external_ref=row.external_ref if detail.is_own else None,
            contact=detail.contact.name if detail.contact else None,
            phone=detail.phone,
            remarks=row.remarks if detail.is_own else None,
            confirm_by=confirm_by(row),
            stale=detail.is_stale,
            refusal=RefusalCode(row.rejected_code) if row.state == "refused" and row.rejected_code else None,
        )


class RefusalIn(In):
    """Why an offer is not approved."""

    reason: RefusalCode


class VacancyDecisionOut(Out):
    """What the receiving side decided."""

    id: VacancyId
    state: VacancyState
    reason: RefusalCode | None


def _brief(found: VacancyFound) -> dict[str, Any]:
    row = found.vacancy
    return {
        "id": row.id,
        "title": row.title,
        "employer": row.employer,
        "workplace": row.workplace_text,
        "division": row.workplace_code,
        "wage_min": row.wage_lo,
        "wage_max": row.wage_hi,
        "openings": row.openings,
        "lodging": row.lodging,
        "valid_until": row.valid_until,
        "kind": VacancyKind(row.kind),
        "occupation": row.occupation,
        "state": VacancyState(row.state),
    }
