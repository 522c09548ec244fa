"""The shapes of requests and answers about workers. What a worker said is given back in the words it was said in."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any, Literal, Self

from pydantic import Field, StringConstraints

from app.edge.form_fields import Line, Yuan
from app.edge.public_ids import WorkerId
from app.edge.strict import In, Out
from app.places.point_input import PointIn
from app.workers.choices import Education, EmploymentStatus, LabourAbility
from app.workers.model import Consent, Intention
from app.workers.queries import Shown
from app.workers.usecases import WorkerBrief, WorkerDetail, WorkerSheet

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=2, max_length=50)]
Words = Annotated[str, StringConstraints(strip_whitespace=True, max_length=500)]
#: One text, or its pieces.
ManyWords = Words | Annotated[list[Line], Field(max_length=30)]
#: As it is written; what it is worth is told when it is read.
Number = Annotated[str, StringConstraints(min_length=1, max_length=40)]


class ConsentPurpose(StrEnum):
    """What a worker can agree to, and take back."""

    MATCHING = "matching"
    DISCLOSURE = "disclosure"


class PaperIn(In):
    """A signed paper for matching: who saw it, and the day on it."""

    purpose: Literal["matching"] = "matching"
    witness: Line
    signed_on: date


class IntentionIn(In):
    """What a worker wants. What is left out was not stated."""

    willing_to_go_out: bool | None = None
    desired_occupations: ManyWords | None = None
    desired_places: ManyWords | None = None
    min_wage: Yuan | None = None
    reach_km: Annotated[float, Field(gt=0, le=6000)] | None = None
    #: "不超过": the reach is a limit, not a preference.
    reach_is_limit: bool = False
    available_from: date | None = None
    #: In work, and asks for another job all the same.
    in_work_asks: bool = False
    training_wanted: Words | None = None


class WorkerIn(IntentionIn):
    """A worker as a station enters them: the fields of a worker list."""

    name: Name
    id_number: Number
    home_address: Line
    home_point: PointIn | None = None
    phone: Number | None = None
    groups: Annotated[list[Line], Field(max_length=20)] | None = None
    education: Education | None = None
    labour_ability: LabourAbility | None = None
    employment_status: EmploymentStatus | None = None
    skills: ManyWords | None = None
    certificates: ManyWords | None = None
    household: Line | None = None
    remarks: Annotated[dict[Line, Words], Field(max_length=50)] | None = None
    consent: PaperIn | None = None


class WorkerPatch(In):
    """What changes; null: no longer known. The ID number never changes: another number is another worker."""

    name: Name | None = None
    home_address: Line | None = None
    home_point: PointIn | None = None
    phone: Number | None = None
    groups: Annotated[list[Line], Field(max_length=20)] | None = None
    education: Education | None = None
    labour_ability: LabourAbility | None = None
    employment_status: EmploymentStatus | None = None
    skills: ManyWords | None = None
    certificates: ManyWords | None = None
    household: Line | None = None
    remarks: Annotated[dict[Line, Words], Field(max_length=50)] | None = None


class IntentionOut(Out):
    """What the worker wants, in their words, and as it was understood."""

    willing_to_go_out: bool | None
    desired_occupations: str | None
    #: Canonical occupations.
    occupations: list[str]
    desired_places: str | None
    #: "any", or no farther than the own "county" or "province".
    scope: str
    #: Division codes of any level.
    destinations: list[str]
    not_destinations: list[str]
    min_wage: int | None
    reach_km: float | None
    reach_is_limit: bool
    available_from: date | None
    in_work_asks: bool
    training_wanted: str | None

    @classmethod
    def of(cls, row: Intention | Shown) -> Self:
        """From the stored intention."""
        same = (name for name in cls.model_fields if name not in ("desired_occupations", "desired_places"))
        return cls(
            desired_occupations=row.occupations_text,
            desired_places=row.places_text,
            **{name: getattr(row, name) for name in same},
        )


GivenBy = Literal["worker", "paper", "list"]


def how_given(row: Consent | Shown) -> GivenBy:
    """How a consent came. A list's own column says no more than that: no paper is claimed that nobody dated."""
    if row.given_by == "paper" and row.list_id is not None and row.signed_on is None:
        return "list"
    return "worker" if row.given_by == "worker" else "paper"


class ConsentOut(Out):
    """A consent that stands."""

    purpose: str
    given_by: GivenBy = Field(
        description="list：清单“同意”栏，没有签字日期 / a list's column, without a day of signing"
    )
    witness: str | None
    signed_on: date | None
    given_at: datetime

    @classmethod
    def of(cls, row: Consent | Shown) -> Self:
        """From the stored consent."""
        same = {name: getattr(row, name) for name in ("purpose", "witness", "signed_on", "given_at")}
        return cls.model_validate(same | {"given_by": how_given(row)})


class StatementOut(Out):
    """A statement about a signed paper was taken down. The worker's own later word outranks it."""

    worker_id: WorkerId
    purpose: str
    witness: str
    signed_on: date


class HomeOut(Out):
    """The division somebody comes from."""

    division: str
    name: str


class WorkerOut(Out):
    """A worker, as their own station sees them."""

    id: WorkerId
    name: str
    #: The place of issue; the rest is hidden.
    id_number: str
    phone: str | None
    home_address: str
    home: HomeOut
    groups: list[str]
    education: str | None
    labour_ability: str | None
    employment_status: str | None
    skills: str | None
    #: Canonical terms understood from the skills.
    skill_terms: list[str]
    certificates: str | None
    certificate_terms: list[str]
    household: str | None
    remarks: dict[str, Any]
    intention: IntentionOut
    consents: list[ConsentOut]
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, detail: WorkerDetail | WorkerSheet) -> Self:
        """From what the use case found."""
        row = detail.worker
        return cls(
            id=row.id,
            name=row.name,
            id_number=detail.masked_id_number,
            phone=detail.phone,
            home_address=row.home_text,
            home=HomeOut(division=row.home_code, name=detail.home_name),
            groups=row.groups,
            education=row.education,
            labour_ability=row.labour_ability,
            employment_status=row.employment_status,
            skills=row.skills_text,
            skill_terms=row.skills,
            certificates=row.certificates_text,
            certificate_terms=row.certificates,
            household=row.household,
            remarks=row.remarks,
            intention=IntentionOut.of(detail.intention),
            consents=[ConsentOut.of(consent) for consent in detail.consents],
            created_at=row.created_at,
            updated_at=row.updated_at,
        )


class WorkerBriefOut(Out):
    """A worker in a list: enough to pick from, no number."""

    id: WorkerId
    name: str
    #: The division they come from.
    division: str
    employment_status: str | None
    desired_occupations: str | None
    #: Consent to matching stands.
    consented: bool
    updated_at: datetime

    @classmethod
    def of(cls, brief: WorkerBrief) -> Self:
        """From what the use case found."""
        return cls(
            id=brief.worker.id,
            name=brief.worker.name,
            division=brief.worker.home_code,
            employment_status=brief.worker.employment_status,
            desired_occupations=brief.desired_occupations,
            consented=brief.consented,
            updated_at=brief.worker.updated_at,
        )
