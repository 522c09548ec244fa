"""The shapes of plans."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import Field, StringConstraints

from app.edge.language import Language
from app.edge.public_ids import ListId, PublicId, VacancyId, WorkerId, show
from app.edge.strict import In, Out
from app.plans.deciding import Choice, Choices
from app.plans.fill_words import fill_words
from app.plans.model import Plan, VacancyFill
from app.plans.priorities import PriorityProfile
from app.plans.reasons import POINT, Explained
from app.shocks.effects import sentence
from app.suggestions.explain import in_language
from app.suggestions.rows import LiveVacancy
from app.suggestions.schemas import PartsOut
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
    #: workers, placed, value, bound, certificate (value ÷ bound), priority, companions, changes, congestion; homes: for
    #: each county its workers, those placed, and to which cities (an authority is told of ten people or more); shocks:
    #: for each whom it affects, where they are planned now, and the adjustment of the target that follows, proposed.
    outcome: dict[str, Any]
    reason: ReasonOut | None
    created_at: datetime
    finished_at: datetime | None
    published_at: datetime | None
    #: When it was published and taken back last, and why.
    taken_back_at: datetime | None
    taken_back_reason: str | None

    @classmethod
    def of(cls, plan: Plan, language: Language) -> Self:
        """From the row."""
        reason: dict[str, Any] = dict(plan.reason)
        same = {name: getattr(plan, name) for name in cls.model_fields if name != "reason"}
        return cls(**same, reason=ReasonOut(code=reason["code"], message=reason[language]) if reason else None)


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
    #: Why the job suits, as beside the worker's three; none without a job.
    parts: PartsOut | None
    #: What above all keeps jobs away from somebody whom none suits; what would open is said with the worker's three.
    limit: str | None
    #: What the plan itself said.
    planned: PlannedJobOut | None
    runner_up: PlannedJobOut | None
    #: Names of those with whom the worker asks to go.
    together: list[str]
    #: Points the plan would lose with the runner-up, and what it would mean in words.
    runner_up_cost: float | None
    change: str | None
    overridden: bool
    override_reason: str | None
    published: bool
    #: The worker said yes to it: that stands, whatever is decided here.
    answered: bool
    #: The shock that hits where the worker was published until now, with its document; this job is the next best.
    diverted_by: str | None

    @classmethod
    def of(cls, told: Explained, language: Language) -> Self:
        """From what was found, in one language."""
        found, english = told.assigned, language == "en"
        row = found.assignment
        return cls(
            worker_id=row.worker_id,
            name=found.worker.name,
            vacancy=PlannedJobOut.of(found.vacancy) if found.vacancy else None,
            score=_points(row.score),
            price=_points(row.price),
            why=told.why[english],
            parts=PartsOut.model_validate(in_language(told.job.parts, language)) if told.job else None,
            limit=told.limit.label if told.limit else None,
            planned=PlannedJobOut.of(found.planned) if found.planned else None,
            runner_up=PlannedJobOut.of(found.runner_up) if found.runner_up else None,
            together=found.together[0] if found.together else [],
            runner_up_cost=None if row.runner_up_cost is None else _points(row.runner_up_cost),
            change=told.change[english] if told.change else None,
            overridden=row.overridden,
            override_reason=row.override_reason,
            published=row.published,
            answered=found.is_answered,
            diverted_by=sentence(found.diverted_by)[english] if found.diverted_by else None,
        )


def _points(micro: int) -> float:
    return round(micro / POINT, 1)


class ChoiceOut(Out):
    """A job that suits the worker and has a place left in this plan."""

    id: VacancyId
    title: str
    employer: str
    workplace: str
    wage_min: int
    wage_max: int
    #: Places this plan leaves there.
    left: int
    score: float
    parts: PartsOut

    @classmethod
    def of(cls, choice: Choice, language: Language) -> Self:
        """From what was found, in one language."""
        suits = choice.suits
        job = suits.vacancy
        return cls(
            id=job.id,
            title=job.title,
            employer=job.employer,
            workplace=job.workplace_text,
            wage_min=job.wage_lo,
            wage_max=job.wage_hi,
            left=choice.left,
            score=_points(suits.score),
            parts=PartsOut.model_validate(in_language(suits.parts, language)),
        )


class RefusedOut(Out):
    """A job found by its words that cannot be chosen, and why."""

    id: VacancyId
    title: str
    employer: str
    why: str

    @classmethod
    def of(cls, job: LiveVacancy, why: str) -> Self:
        """From the row."""
        return cls(id=job.id, title=job.title, employer=job.employer, why=why)


class ChoicesOut(Out):
    """What can be decided for a worker instead."""

    worker_id: WorkerId
    name: str
    #: Names of those with whom the worker asks to go: whoever moves one parts them.
    together: list[str]
    #: What stands, what the plan itself said, and its runner-up; each may be chosen while it is in `items`.
    vacancy_id: VacancyId | None
    planned_id: VacancyId | None
    runner_up_id: VacancyId | None
    #: Best first.
    items: list[ChoiceOut]
    refused: list[RefusedOut]

    @classmethod
    def of(cls, found: Choices, language: Language) -> Self:
        """From what was found, in one language."""
        row, english = found.assigned.assignment, language == "en"
        full = "full in this plan" if english else "本方案里已经排满"
        return cls(
            worker_id=row.worker_id,
            name=found.assigned.worker.name,
            together=found.assigned.together[0] if found.assigned.together else [],
            vacancy_id=row.vacancy_id,
            planned_id=row.planned_id,
            runner_up_id=row.runner_up_id,
            items=[ChoiceOut.of(one, language) for one in found.jobs],
            refused=[RefusedOut.of(one, full) for one in found.full]
            + [RefusedOut.of(one, why[english]) for one, why in found.unsuited],
        )


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


class TakeBackIn(In):
    """Why a published plan is taken back."""

    reason: Words


class TakenBackOut(Out):
    """What taking back did."""

    plan: PlanOut
    taken_back: int
    #: They have said yes to their planned job: what was answered stays.
    kept: int


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
    #: None: not reckoned yet.
    filled: int | None
    #: The limit that alone keeps most people away. None: none does, or not reckoned yet.
    limit: str | None
    kept_away: int
    pay_under_by: int
    #: All of it in plain words.
    why: str
    made_at: datetime | None

    @classmethod
    def of(cls, vacancy: Vacancy, row: VacancyFill | None, language: Language) -> Self:
        """Of a vacancy, from the last reckoning, if there was one."""
        return cls(
            vacancy_id=vacancy.id,
            openings=row.openings if row else vacancy.openings,
            filled=row.filled if row else None,
            limit=row.limit if row else None,
            kept_away=row.kept_away if row else 0,
            pay_under_by=row.pay_under_by if row else 0,
            why=fill_words(row)[language == "en"],
            made_at=row.made_at if row else None,
        )


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
