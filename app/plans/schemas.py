"""The shapes of plans."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import Field, StringConstraints

from app.edge.language import Language
from app.edge.public_ids import ListId, PublicId, VacancyId, WorkerId, show
from app.edge.strict import In, Out
from app.plans.model import Assignment, Plan, VacancyFill
from app.plans.priorities import PriorityProfile
from app.plans.queries import Assigned
from app.shocks.effects import sentence
from app.vacancies.model import Vacancy

PlanId = Annotated[UUID, PublicId("pn")]
Code = Annotated[str, StringConstraints(pattern=r"^\d{6}$")]
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]


class PairIn(In):
    """A pairing: the western party's people."""

    west: Code
    east: Code | None = None


class PlanIn(In):
    """For whom; nothing named: everybody in the office's care."""

    lists: list[ListId] = Field(default_factory=list, max_length=50)
    divisions: list[Code] = Field(default_factory=list, max_length=200)
    pairings: list[PairIn] = Field(default_factory=list, max_length=50)

    def scope(self) -> dict[str, Any]:
        """As it is kept."""
        return {
            "lists": [show("l", one) for one in self.lists],
            "divisions": list(self.divisions),
            "pairings": [pair.model_dump() for pair in self.pairings],
        }


class ReasonOut(Out):
    """Why there is no plan."""

    code: str
    message: str


class PlanOut(Out):
    """A plan: how far it is, how good it is. Counts, never names."""

    id: PlanId
    state: str
    scope: dict[str, Any]
    options: dict[str, Any]
    progress: dict[str, Any]
    #: workers, placed, value, bound, certificate (value ÷ bound), priority, companions, changes, congestion; shocks:
    #: for each whom it affects, where they are planned now, and the adjustment of the target that follows, proposed.
    outcome: dict[str, Any]
    reason: ReasonOut | None
    created_at: datetime
    finished_at: datetime | None
    published_at: datetime | None

    @classmethod
    def of(cls, plan: Plan, language: Language) -> Self:
        """From the row."""
        reason: dict[str, Any] = dict(plan.reason)
        same = ("id", "state", "scope", "options", "progress", "outcome", "created_at", "finished_at", "published_at")
        return cls(
            **{name: getattr(plan, name) for name in same},
            reason=ReasonOut(code=reason["code"], message=reason[language]) if reason else None,
        )


class PlannedJobOut(Out):
    """A job of a plan."""

    id: VacancyId
    title: str
    employer: str
    workplace: str
    wage_min: int
    wage_max: int
    openings: int

    @classmethod
    def of(cls, row: Vacancy) -> Self:
        """From the row."""
        return cls(
            id=row.id,
            title=row.title,
            employer=row.employer,
            workplace=row.workplace_text,
            wage_min=row.wage_lo,
            wage_max=row.wage_hi,
            openings=row.openings,
        )


class AssignmentOut(Out):
    """Worker → job, why, and what changing it would cost."""

    worker_id: WorkerId
    name: str
    #: None: no place within the openings, or closed since.
    vacancy: PlannedJobOut | None
    score: float
    price: float
    why: str
    runner_up: PlannedJobOut | None
    #: Points the plan would lose with the runner-up.
    runner_up_cost: float | None
    overridden: bool
    override_reason: str | None
    published: bool
    #: The shock that hits where the worker was published until now, with its document; this job is the next best.
    diverted_by: str | None

    @classmethod
    def of(cls, found: Assigned, language: Language) -> Self:
        """From what was found, in one language."""
        row = found.assignment
        return cls(
            worker_id=row.worker_id,
            name=found.worker.name,
            vacancy=PlannedJobOut.of(found.vacancy) if found.vacancy else None,
            score=_points(row.score),
            price=_points(row.price),
            why=why(row, found, language),
            runner_up=PlannedJobOut.of(found.runner_up) if found.runner_up else None,
            runner_up_cost=None if row.runner_up_cost is None else _points(row.runner_up_cost),
            overridden=row.overridden,
            override_reason=row.override_reason,
            published=row.published,
            diverted_by=sentence(found.diverted_by)[language == "en"] if found.diverted_by else None,
        )


def _points(micro: int) -> float:
    return round(micro / 10_000, 1)


def why(row: Assignment, found: Assigned, language: Language) -> str:
    """The plan's reason in plain words."""
    english = language == "en"
    if row.overridden:
        return f"decided by a person: {row.override_reason}" if english else f"人工决定：{row.override_reason}"
    if found.vacancy is None:
        return "nothing that suits has a place left" if english else "合适的岗位都坐满了，或没有合适的"
    left = found.vacancy.openings
    if row.price > 0:
        if english:
            return f"many want this one, {left} places; best for all here"
        return f"很多人想去这一家，余量 {left}；全局看放在这里最好"
    return f"{left} places left, nobody is crowded out" if english else f"这一家余量 {left}，不挤占别人"


class AssignmentsOut(Out):
    """A page of a plan."""

    items: list[AssignmentOut]
    #: The worker after whom to go on. None: this was the last page.
    next: WorkerId | None


class OverrideIn(In):
    """Somebody decides otherwise, and why."""

    vacancy_id: VacancyId | None
    reason: Words


class PublishedOut(Out):
    """What publishing did."""

    plan: PlanOut
    published: int
    #: Their vacancy left the market while the plan was made: they keep their ordinary three.
    fallen_out: int


class FollowedOut(Out):
    """How often the advice was followed."""

    published: int
    overridden: int
    taken: int
    other: int


class CompanionsIn(In):
    """People who ask to go together."""

    workers: Annotated[list[WorkerId], Field(min_length=2, max_length=10)]
    wish: Literal["workplace", "town"]


class CompanionsOut(Out):
    """The group as it was taken down."""

    workers: list[WorkerId]
    wish: str


class FillOut(Out):
    """How full a vacancy gets when everybody goes where the last plan sends them, and what keeps the rest empty."""

    vacancy_id: VacancyId
    openings: int
    filled: int
    limit: str | None
    kept_away: int
    pay_under_by: int
    made_at: datetime

    @classmethod
    def of(cls, row: VacancyFill) -> Self:
        """From the row."""
        return cls.model_validate({name: getattr(row, name) for name in cls.model_fields})


class PriorityOut(Out):
    """Classes added by each ground, between workers competing for one opening; a class is 0.10 of a score."""

    version: str
    since: date
    key_county: int
    relocated: int
    monitored: int
    shock: int

    @classmethod
    def of(cls, profile: PriorityProfile) -> Self:
        """From the profile."""
        return cls(**{name: getattr(profile, name) for name in cls.model_fields})
