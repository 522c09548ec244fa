"""One worker on the way to one vacancy, from "interested" to settled; the papers and checks behind assisted answers."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Table,
    UniqueConstraint,
    Uuid,
    func,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, CreatedAt, Id, Json

#: What goes before acceptance, in order.
OPEN_STATES = ("held", "interested", "waiting", "introduced", "offered")
#: A place is taken.
TAKEN_STATES = ("accepted", "departed", "onboarded", "settled")
#: A place was taken and is free again; over before acceptance, and then the worker's alone to see.
OVER_STATES = ("ended", "closed")
STATES = (*OPEN_STATES, *TAKEN_STATES, *OVER_STATES)


def _one_of(column: str, values: tuple[str, ...]) -> str:
    return f"{column} in ({','.join(map(repr, values))})"


class Placement(Base):
    """A worker and a vacancy, once the worker has said yes. Changed by the functions of placements.sql only."""

    __tablename__ = "placements"
    __table_args__ = (
        ForeignKeyConstraint(["station_id", "worker_id"], ["workers.station_id", "workers.id"], ondelete="CASCADE"),
        ForeignKeyConstraint(["poster_id", "vacancy_id"], ["vacancies.poster_id", "vacancies.id"]),
        UniqueConstraint("station_id", "id"),
        CheckConstraint(_one_of("state", STATES), name="state"),
        CheckConstraint("how in ('own','code','paper')", name="how"),
        CheckConstraint("held_act in ('interested','accept')", name="held_act"),
        CheckConstraint("(held_until is null) = (held_act is null)", name="held"),
        CheckConstraint("state <> 'held' or held_act = 'interested'", name="held_state"),
        CheckConstraint("ended_by in ('worker','employer','time','other_job','check')", name="ended_by"),
        CheckConstraint("(state in ('ended','closed')) = (ended_by is not null)", name="over"),
        CheckConstraint(
            "state not in ('introduced','offered') or (disclose and employer_id is not null"
            " and disclosure_until is not null)",
            name="introduced",
        ),
        CheckConstraint("state <> 'ended' or accepted_at is not null", name="ended"),
        Index(
            "uq_placements_live",
            "worker_id",
            "vacancy_id",
            unique=True,
            postgresql_where=text("state not in ('ended','closed')"),
        ),
        Index("ix_placements_station", "station_id", text("updated_at desc"), text("id desc")),
        Index("ix_placements_worker", "worker_id", text("updated_at desc"), text("id desc")),
        Index("ix_placements_employer", "employer_id", text("updated_at desc"), text("id desc")),
        Index("ix_placements_destination", "destination_id", text("updated_at desc"), text("id desc")),
        Index("ix_placements_vacancy", "poster_id", "vacancy_id"),
        Index("ix_placements_queue", "vacancy_id", "state", "answered_at"),
        Index("ix_placements_held", "held_until", postgresql_where=text("held_until is not null")),
        Index(
            "ix_placements_disclosed",
            "disclosure_until",
            postgresql_where=text("state in ('introduced','offered')"),
        ),
        Index("ix_placements_device", "device_id", "answered_at", postgresql_where=text("device_id is not null")),
    )
    id: Mapped[Id]
    station_id: Mapped[UUID]
    worker_id: Mapped[UUID]
    vacancy_id: Mapped[UUID]
    poster_id: Mapped[UUID]
    #: The verified employer who may see the card. None: there is none yet, and so nobody sees it.
    employer_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisations.id"))
    #: The office that meets the arrival, from acceptance on. None: the destination has none.
    destination_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisations.id"))
    state: Mapped[str]
    #: What the worker was told of the job: it may be closed, and then out of sight.
    title: Mapped[str]
    employer: Mapped[str]
    workplace_text: Mapped[str]
    #: What the employer may know before a disclosure: bands, province, skills (cards.py). Nothing else of the worker.
    card: Mapped[Json]
    #: How the worker's word came: the own session, the code sent to the own phone, a signed paper.
    how: Mapped[str]
    #: The separate yes to name and phone.
    disclose: Mapped[bool]
    #: The device the answer came from. None: none is known.
    device_id: Mapped[UUID | None]
    answered_at: Mapped[CreatedAt]
    #: The worker's word takes effect then; until then it can be taken back unseen. None: nothing waits.
    held_until: Mapped[datetime | None]
    held_act: Mapped[str | None]
    #: Name and phone are open to the employer between these.
    disclosed_at: Mapped[datetime | None]
    disclosure_until: Mapped[datetime | None]
    offered_at: Mapped[datetime | None]
    accepted_at: Mapped[datetime | None]
    departed_at: Mapped[datetime | None]
    #: A start or a settling counts when both sides have said so.
    onboarded_by_worker: Mapped[datetime | None]
    onboarded_by_employer: Mapped[datetime | None]
    settled_by_worker: Mapped[datetime | None]
    settled_by_employer: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[str | None]
    #: The employer's coded reason. The worker's own is in placement_ends.
    employer_code: Mapped[str | None]
    version: Mapped[int] = mapped_column(server_default="1")
    updated_at: Mapped[CreatedAt]


class PlacementEnd(Base):
    """Why the worker ended it, in the worker's own coded word: nobody else reads it."""

    __tablename__ = "placement_ends"
    __table_args__ = (
        ForeignKeyConstraint(["station_id", "worker_id"], ["workers.station_id", "workers.id"], ondelete="CASCADE"),
        Index("ix_placement_ends_worker", "worker_id"),
        Index("ix_placement_ends_station_worker", "station_id", "worker_id"),
    )
    placement_id: Mapped[UUID] = mapped_column(primary_key=True)
    station_id: Mapped[UUID]
    worker_id: Mapped[UUID]
    code: Mapped[str]
    at: Mapped[CreatedAt]


#: Who has a place, by the hidden person: two records of one person cannot both take one. Owner's functions only.
placed_persons = Table(
    "placed_persons",
    Base.metadata,
    Column("person_id", Uuid, ForeignKey("persons.id", ondelete="CASCADE"), primary_key=True),
    Column("placement_id", Uuid, ForeignKey("placements.id", ondelete="CASCADE"), nullable=False, unique=True),
)


class Paper(Base):
    """A signed paper for one answer, as it was scanned; kept for sampling."""

    __tablename__ = "papers"
    __table_args__ = (
        ForeignKeyConstraint(
            ["station_id", "placement_id"], ["placements.station_id", "placements.id"], ondelete="CASCADE"
        ),
        CheckConstraint("act in ('interested','accept')", name="act"),
        Index("ix_papers_station_placement", "station_id", "placement_id"),
    )
    id: Mapped[Id]
    station_id: Mapped[UUID]
    placement_id: Mapped[UUID]
    act: Mapped[str]
    witness: Mapped[str]
    signed_on: Mapped[date]
    media_type: Mapped[str]
    #: Ciphertext of the scan.
    scan_sealed: Mapped[bytes]
    #: SHA-256 of the scan, keyed: the same paper twice is seen.
    scan_index: Mapped[bytes]
    taken_by: Mapped[UUID]
    taken_at: Mapped[CreatedAt]


class AnswerCheck(Base):
    """A question to a station about an answer: a sampled paper, or one device that answered for several workers."""

    __tablename__ = "answer_checks"
    __table_args__ = (
        ForeignKeyConstraint(
            ["station_id", "placement_id"], ["placements.station_id", "placements.id"], ondelete="CASCADE"
        ),
        CheckConstraint("kind in ('paper','device')", name="kind"),
        CheckConstraint("outcome in ('genuine','not_genuine')", name="outcome"),
        CheckConstraint("(outcome is null) = (decided_at is null)", name="decided"),
        UniqueConstraint("placement_id", "kind"),
        Index("ix_answer_checks_station", "station_id", "asked_at"),
        Index("ix_answer_checks_open", "asked_at", postgresql_where=text("outcome is null")),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    station_id: Mapped[UUID]
    placement_id: Mapped[UUID]
    kind: Mapped[str]
    #: The paper to look at. None: a device's.
    paper_id: Mapped[UUID | None]
    asked_at: Mapped[CreatedAt]
    outcome: Mapped[str | None]
    decided_at: Mapped[datetime | None]
    #: The token of who decided: never the one that took the paper.
    decided_by: Mapped[UUID | None]
