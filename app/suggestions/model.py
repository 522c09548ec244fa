"""A vacancy offered to a worker, with its reasons; and the scoring profile that made it."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, ForeignKeyConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, CreatedAt, Id, Json


class ScoringProfile(Base):
    """Weights, tiers and floor, dated and versioned: every suggestion names the one that made it."""

    __tablename__ = "scoring_profiles"
    version: Mapped[str] = mapped_column(primary_key=True)
    since: Mapped[date]
    weights: Mapped[Json]
    tiers: Mapped[Json]
    neutral_skill: Mapped[float]
    floor: Mapped[float]


class Suggestion(Base):
    """One vacancy offered to one worker."""

    __tablename__ = "suggestions"
    __table_args__ = (
        ForeignKeyConstraint(["station_id", "worker_id"], ["workers.station_id", "workers.id"], ondelete="CASCADE"),
        Index("ix_suggestions_station_worker", "station_id", "worker_id", postgresql_where=text("current")),
        Index("ix_suggestions_worker", "worker_id"),
    )
    id: Mapped[Id]
    station_id: Mapped[UUID]
    worker_id: Mapped[UUID]
    vacancy_id: Mapped[UUID] = mapped_column(ForeignKey("vacancies.id"))
    rank: Mapped[int]
    #: Micro-points: floor(score · 10⁶ + 0.5).
    score: Mapped[int]
    price: Mapped[int] = mapped_column(server_default="0")
    planned: Mapped[bool] = mapped_column(server_default="false")
    #: The parts as the API shows them: value, weight, evidence.
    parts: Mapped[Json]
    scoring: Mapped[str] = mapped_column(ForeignKey("scoring_profiles.version"))
    as_of: Mapped[datetime]
    #: Belongs to the worker's present set.
    current: Mapped[bool] = mapped_column(server_default="true")
    created_at: Mapped[CreatedAt]


class Decline(Base):
    """The worker said "not this one". The worker's own; the engine leaves the pair out, and nobody else can read it
    (SECURITY T4): no reason, no record in the audit, no count."""

    __tablename__ = "declines"
    __table_args__ = (
        ForeignKeyConstraint(["station_id", "worker_id"], ["workers.station_id", "workers.id"], ondelete="CASCADE"),
        Index("ix_declines_station_worker", "station_id", "worker_id"),
    )
    worker_id: Mapped[UUID] = mapped_column(primary_key=True)
    #: The vacancy's sequence number, by which the engine knows it.
    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    station_id: Mapped[UUID]
    at: Mapped[CreatedAt]
