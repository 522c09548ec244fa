"""What changed on the market, told to every process; and what matching everybody at once found."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Index,
    Integer,
    Uuid,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, CreatedAt, Id


class MarketChange(Base):
    """A vacancy that was added or changed; kept for an hour (app.tell_market writes and forgets)."""

    __tablename__ = "market_changes"
    __table_args__ = (Index("ix_market_changes_xact", "xact"), Index("ix_market_changes_at", "at"))
    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    #: The transaction that made it. Who knows which transactions it has seen misses none, in whatever order they
    #: committed; a running number would hide those that took theirs early and committed late.
    xact: Mapped[int] = mapped_column(BigInteger, server_default="0")
    #: The vacancy's. None: something that concerns every vacancy (pairings, orders).
    seq: Mapped[int | None] = mapped_column(BigInteger)
    at: Mapped[CreatedAt]


class MatchRun(Base):
    """Everybody matched against the whole market once."""

    __tablename__ = "match_runs"
    id: Mapped[Id]
    scoring: Mapped[str] = mapped_column(ForeignKey("scoring_profiles.version"))
    #: Vacancies a worker at most.
    top: Mapped[int]
    started_at: Mapped[CreatedAt]
    finished_at: Mapped[datetime | None]


class MatchResult(Base):
    """The best vacancies of one worker in the latest run that reached them; goes when consent to matching does."""

    __tablename__ = "match_results"
    __table_args__ = (
        ForeignKeyConstraint(["station_id", "worker_id"], ["workers.station_id", "workers.id"], ondelete="CASCADE"),
        CheckConstraint("cardinality(vacancies) = cardinality(scores)", name="pairs"),
        Index("ix_match_results_station", "station_id", "worker_id"),
        Index("ix_match_results_run", "run_id"),
    )
    worker_id: Mapped[UUID] = mapped_column(primary_key=True)
    station_id: Mapped[UUID]
    run_id: Mapped[UUID]
    #: Best first, and their scores in micro-points.
    vacancies: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    scores: Mapped[list[int]] = mapped_column(ARRAY(Integer))
