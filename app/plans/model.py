"""Plans, what they assign, what they make of openings, and who asks to go together."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, CreatedAt, Id, Json

STATES = ("ordered", "planning", "ready", "published", "replaced", "cancelled", "failed")


class Plan(Base):
    """One plan (对接方案): for whom it was made, how good it is, what became of it."""

    __tablename__ = "plans"
    __table_args__ = (
        CheckConstraint(f"state in ({','.join(map(repr, STATES))})", name="state"),
        CheckConstraint("(taken_back_at is null) = (taken_back_reason is null)", name="taken_back"),
        UniqueConstraint("organisation_id", "id"),
        Index("ix_plans_organisation_created", "organisation_id", text("created_at desc"), text("id desc")),
    )
    id: Mapped[Id]
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id", ondelete="CASCADE"))
    state: Mapped[str] = mapped_column(server_default="ordered")
    #: For whom: {"lists": [...], "divisions": [...], "pairings": [...]}; all empty: everybody in the office's care.
    scope: Mapped[Json]
    #: The weights it was made with: {"priorities": version, "stability": points}.
    options: Mapped[Json]
    #: {"stage", "round", "done", "certificate"} while it is made.
    progress: Mapped[Json] = mapped_column(server_default="{}")
    #: Figures of the finished plan; counts, never names.
    outcome: Mapped[Json] = mapped_column(server_default="{}")
    #: Why there is none: {"code", "zh", "en"}.
    reason: Mapped[Json] = mapped_column(server_default="{}")
    created_at: Mapped[CreatedAt]
    finished_at: Mapped[datetime | None]
    published_at: Mapped[datetime | None]
    #: When it was published and taken back last, and why; it may be published again.
    taken_back_at: Mapped[datetime | None]
    taken_back_reason: Mapped[str | None]
    version: Mapped[int] = mapped_column(server_default="1")


class Assignment(Base):
    """What a plan says of one worker. The engine adds it; the station that cares for the worker decides."""

    __tablename__ = "assignments"
    __table_args__ = (
        ForeignKeyConstraint(["station_id", "worker_id"], ["workers.station_id", "workers.id"], ondelete="CASCADE"),
        Index("ix_assignments_station", "station_id", "plan_id"),
        Index("ix_assignments_worker", "worker_id", postgresql_where=text("published")),
        CheckConstraint("overridden = (override_reason is not null)", name="override"),
    )
    plan_id: Mapped[UUID] = mapped_column(ForeignKey("plans.id", ondelete="CASCADE"), primary_key=True)
    worker_id: Mapped[UUID] = mapped_column(primary_key=True)
    station_id: Mapped[UUID]
    #: What the plan itself says, whatever people decide. None: no place within the openings.
    planned_id: Mapped[UUID | None] = mapped_column(ForeignKey("vacancies.id"))
    planned_price: Mapped[int] = mapped_column(server_default="0")
    #: What stands. None: no place.
    vacancy_id: Mapped[UUID | None] = mapped_column(ForeignKey("vacancies.id"))
    #: Micro-points of the pair; 0 without one.
    score: Mapped[int]
    #: What one of its openings is worth to the others who compete for it.
    price: Mapped[int]
    #: The next best, and what changing to it costs the plan: micro-points.
    runner_up_id: Mapped[UUID | None] = mapped_column(ForeignKey("vacancies.id"))
    runner_up_cost: Mapped[int | None]
    runner_up_price: Mapped[int] = mapped_column(server_default="0")
    #: A person decided otherwise, and why.
    overridden: Mapped[bool] = mapped_column(server_default="false")
    override_reason: Mapped[str | None]
    #: The worker's suggestions follow it.
    published: Mapped[bool] = mapped_column(server_default="false")


class OpeningPrice(Base):
    """What an opening of a vacancy is worth to those who compete for it, from the last plan until the next."""

    __tablename__ = "opening_prices"
    vacancy_id: Mapped[UUID] = mapped_column(ForeignKey("vacancies.id", ondelete="CASCADE"), primary_key=True)
    #: Micro-points.
    price: Mapped[int]
    made_at: Mapped[CreatedAt] = mapped_column(index=True)


class Crowding(Base):
    """How crowded suggestions were at the last prices for everybody; one row."""

    __tablename__ = "crowding"
    made_at: Mapped[CreatedAt] = mapped_column(primary_key=True)
    #: {"before": shares, "after": shares} as in a plan's `congestion`.
    shares: Mapped[Json]


class VacancyFill(Base):
    """How far a published plan fills a vacancy, and which limit keeps people away: for its poster."""

    __tablename__ = "vacancy_fills"
    __table_args__ = (
        ForeignKeyConstraint(["poster_id", "vacancy_id"], ["vacancies.poster_id", "vacancies.id"], ondelete="CASCADE"),
        Index("ix_vacancy_fills_poster", "poster_id"),
    )
    vacancy_id: Mapped[UUID] = mapped_column(primary_key=True)
    poster_id: Mapped[UUID]
    openings: Mapped[int]
    filled: Mapped[int]
    #: The limit that alone keeps most people away. None: none does alone.
    limit: Mapped[str | None]
    #: How many it keeps away, rounded to five; under ten is 0.
    kept_away: Mapped[int]
    #: Yuan a month by which the pay lies under what half of those ask.
    pay_under_by: Mapped[int]
    made_at: Mapped[CreatedAt]


class Companion(Base):
    """A worker who asks to go with others: the same number, the same group."""

    __tablename__ = "companions"
    __table_args__ = (
        ForeignKeyConstraint(["station_id", "worker_id"], ["workers.station_id", "workers.id"], ondelete="CASCADE"),
        CheckConstraint("wish in ('workplace','town')", name="wish"),
        Index("ix_companions_station", "station_id", "group_id"),
    )
    worker_id: Mapped[UUID] = mapped_column(primary_key=True)
    station_id: Mapped[UUID]
    group_id: Mapped[UUID]
    #: The same workplace, or the same town.
    wish: Mapped[str]
    created_at: Mapped[CreatedAt]
