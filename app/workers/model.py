"""People looking for work, what they want, and what they agreed to."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import (
    TIMESTAMP,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    Table,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, query_expression

from app.db.base import Base, CreatedAt, Id, Json, Texts


class Worker(Base):
    """A person looking for work, in the care of one station. No sex, no ethnicity, no geometry is kept."""

    __tablename__ = "workers"
    __table_args__ = (
        UniqueConstraint("station_id", "id_index"),
        UniqueConstraint("station_id", "id"),
        Index(
            "ix_workers_station_updated",
            "station_id",
            text("updated_at desc"),
            text("id desc"),
            postgresql_include=["name"],  # a name is found without a look at the rows: 13 ms of 100,000
        ),
        Index("ix_workers_station_phone", "station_id", "phone_index"),
        # the door and shared phones: no station is known there
        Index("ix_workers_phone", "phone_index"),
    )
    id: Mapped[Id]
    station_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"))
    #: The station's division, copied for policies and counts.
    division_code: Mapped[str] = mapped_column(index=True)
    name: Mapped[str]
    #: Ciphertext; opened to mask it, never shown whole to staff.
    id_sealed: Mapped[bytes]
    #: Keyed blind index of the ID number.
    id_index: Mapped[bytes]
    #: From the ID number: for the legal age only.
    birth_date: Mapped[date]
    #: Ciphertext. None: no usable phone is known.
    phone_sealed: Mapped[bytes | None]
    phone_index: Mapped[bytes | None]
    #: A public place (village, town or county point): no geometry stands beside a person (SECURITY decision 2).
    home_id: Mapped[UUID] = mapped_column(ForeignKey("places.id"))
    #: The home's division, copied from the place.
    home_code: Mapped[str]
    #: The address in the list's own words.
    home_text: Mapped[str]
    groups: Mapped[Texts]
    education: Mapped[str | None]
    #: None: not stated, which is full ability.
    labour_ability: Mapped[str | None]
    employment_status: Mapped[str | None]
    #: What the worker can do, in their own words, and as canonical terms.
    skills_text: Mapped[str | None]
    skills: Mapped[Texts]
    certificates_text: Mapped[str | None]
    certificates: Mapped[Texts]
    household: Mapped[str | None]
    #: Unknown columns of the list, by header: kept, not dropped.
    remarks: Mapped[Json] = mapped_column(server_default="{}")
    #: Fields the worker changed personally: a list no longer overrides them.
    own_word: Mapped[Texts]
    version: Mapped[int] = mapped_column(server_default="1")
    created_at: Mapped[CreatedAt]
    updated_at: Mapped[CreatedAt]
    #: The place among those who were asked for by their places. None: they were not.
    place: Mapped[int | None] = query_expression()


class Intention(Base):
    """What a worker wants: occupations, places, least pay, from when."""

    __tablename__ = "intentions"
    __table_args__ = (
        ForeignKeyConstraint(
            ["station_id", "worker_id"], ["workers.station_id", "workers.id"], ondelete="CASCADE", deferrable=True
        ),
        CheckConstraint("scope in ('any','county','province')", name="scope"),
        Index("ix_intentions_station", "station_id"),
    )
    worker_id: Mapped[UUID] = mapped_column(primary_key=True)
    station_id: Mapped[UUID]
    #: False: own county only. None: not stated, which is yes.
    willing_to_go_out: Mapped[bool | None]
    occupations_text: Mapped[str | None]
    occupations: Mapped[Texts]
    places_text: Mapped[str | None]
    #: Division codes of any level. Empty: anywhere the scope allows.
    destinations: Mapped[Texts]
    #: Division codes the worker does not want.
    not_destinations: Mapped[Texts]
    scope: Mapped[str] = mapped_column(server_default="any")
    #: Yuan a month. None: no wish stated.
    min_wage: Mapped[int | None]
    #: How far the worker will travel. None: nobody has asked, which is not zero.
    reach_km: Mapped[float | None]
    #: True only for "不超过": the reach is then a limit.
    reach_is_limit: Mapped[bool] = mapped_column(server_default="false")
    #: None: at once.
    available_from: Mapped[date | None]
    #: In work, and asks for another job all the same.
    in_work_asks: Mapped[bool] = mapped_column(server_default="false")
    training_wanted: Mapped[str | None]
    updated_at: Mapped[CreatedAt]


class Consent(Base):
    """An agreement of the worker, dated; withdrawn ones stay as rows and count as never given."""

    __tablename__ = "consents"
    __table_args__ = (
        ForeignKeyConstraint(
            ["station_id", "worker_id"], ["workers.station_id", "workers.id"], ondelete="CASCADE", deferrable=True
        ),
        CheckConstraint("purpose in ('matching','disclosure')", name="purpose"),
        CheckConstraint("(purpose = 'disclosure') = (vacancy_id is not null)", name="vacancy"),
        CheckConstraint("given_by in ('worker','paper')", name="given_by"),
        CheckConstraint("given_by <> 'paper' or witness is not null", name="witness"),
        Index(
            "uq_consents_live",
            "station_id",
            "worker_id",
            "purpose",
            "vacancy_id",
            unique=True,
            postgresql_where=text("withdrawn_at is null"),
            postgresql_nulls_not_distinct=True,
        ),
        Index("ix_consents_worker", "worker_id"),
    )
    id: Mapped[Id]
    station_id: Mapped[UUID]
    worker_id: Mapped[UUID]
    purpose: Mapped[str]
    vacancy_id: Mapped[UUID | None]
    given_by: Mapped[str]
    #: Who saw the signed paper.
    witness: Mapped[str | None]
    #: The day on the signed paper.
    signed_on: Mapped[date | None]
    #: The list that stated it.
    list_id: Mapped[UUID | None]
    given_at: Mapped[CreatedAt]
    withdrawn_at: Mapped[datetime | None]


#: One hidden person per ID number behind the stations' own records: no runtime role may read it (SECURITY T27).
persons = Table(
    "persons",
    Base.metadata,
    Column("id", Uuid, primary_key=True, server_default=text("gen_random_uuid()")),
    Column("id_index", LargeBinary, nullable=False, unique=True),
    # When the person took consent to matching back personally: it binds every record, those yet to come included.
    Column("withdrew_at", TIMESTAMP(timezone=True)),
)
person_records = Table(
    "person_records",
    Base.metadata,
    Column("worker_id", Uuid, ForeignKey("workers.id", ondelete="CASCADE"), primary_key=True),
    Column("person_id", Uuid, ForeignKey("persons.id", ondelete="CASCADE"), nullable=False, index=True),
    # The record the person chose among those of several stations.
    Column("holds", Boolean, nullable=False, server_default="false"),
    Index("uq_person_records_holds", "person_id", unique=True, postgresql_where=text("holds")),
)
