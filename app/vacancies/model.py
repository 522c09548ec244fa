"""Employers' offers, and the least pay the law allows."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Index,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, CreatedAt, Id, Json, Texts


class Vacancy(Base):
    """A job offer with places in it."""

    __tablename__ = "vacancies"
    __table_args__ = (
        CheckConstraint("state in ('pending','open','closed','refused')", name="state"),
        CheckConstraint("headcount > 0", name="headcount"),
        CheckConstraint("filled >= 0 and filled <= headcount", name="filled"),
        CheckConstraint("wage_lo > 0 and wage_hi >= wage_lo", name="wage"),
        CheckConstraint("kind in ('enterprise','workshop','work_relief','public_welfare','household')", name="kind"),
        UniqueConstraint("poster_id", "identity"),
        UniqueConstraint("poster_id", "id"),
        UniqueConstraint("seq"),
        Index("ix_vacancies_poster_updated", "poster_id", text("updated_at desc"), text("id desc")),
        Index("ix_vacancies_open", "state", "valid_until"),
        Index("ix_vacancies_workplace", "workplace_id"),
        Index("ix_vacancies_pending", "workplace_code", postgresql_where=text("state = 'pending'")),
    )
    id: Mapped[Id]
    #: The order of insertion, never reused: the engine breaks ties by it.
    seq: Mapped[int] = mapped_column(BigInteger, Identity(always=True))
    #: Who posted it and keeps it: an employer, a station or an authority.
    poster_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"))
    #: Makes it the same vacancy in the next list: external_ref, else employer, title, place and n-th occurrence.
    identity: Mapped[str]
    external_ref: Mapped[str | None]
    employer: Mapped[str]
    uscc: Mapped[str | None]
    title: Mapped[str]
    #: Canonical occupation. None: not understood, scored neutral and asked about.
    occupation: Mapped[str | None]
    skills_text: Mapped[str | None]
    skills: Mapped[Texts]
    requirements: Mapped[str | None]
    #: Certificates in the list's words, those that are a must, and those to be got (health).
    certificates_text: Mapped[str | None]
    certificates: Mapped[Texts]
    headcount: Mapped[int]
    #: Places taken. Changed by one conditional UPDATE only.
    filled: Mapped[int] = mapped_column(server_default="0")
    #: Yuan a month; open-ended pay has wage_hi = wage_lo.
    wage_lo: Mapped[int]
    wage_hi: Mapped[int]
    #: Pay as written, and how it became yuan a month.
    wage_text: Mapped[str]
    workplace_id: Mapped[UUID] = mapped_column(ForeignKey("places.id"))
    workplace_code: Mapped[str] = mapped_column(index=True)
    workplace_text: Mapped[str]
    #: The employer's lawful stated range. None: not stated.
    age_min: Mapped[int | None]
    age_max: Mapped[int | None]
    #: None: not stated.
    lodging: Mapped[bool | None]
    board: Mapped[bool | None]
    social_insurance: Mapped[str | None]
    contract: Mapped[str | None]
    kind: Mapped[str] = mapped_column(server_default="enterprise")
    start_date: Mapped[date | None]
    #: The last day it stands; blank in a list = 30 days.
    valid_until: Mapped[date]
    state: Mapped[str] = mapped_column(server_default="open")
    closed_at: Mapped[datetime | None]
    #: When its poster last said that it still stands: it leaves the market 30 days later.
    confirmed_at: Mapped[CreatedAt]
    #: When, and by which office of the receiving side, it was approved or refused. None: its poster needed nobody.
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("organisations.id"))
    #: Why it was refused, of a closed set of codes. None: it was not.
    rejected_code: Mapped[str | None]
    list_id: Mapped[UUID | None]
    remarks: Mapped[Json] = mapped_column(server_default="{}")
    version: Mapped[int] = mapped_column(server_default="1")
    created_at: Mapped[CreatedAt]
    updated_at: Mapped[CreatedAt]

    @property
    def openings(self) -> int:
        """Places left. Taken by one conditional UPDATE in queries.py (filled < headcount), never here."""
        return self.headcount - self.filled


class VacancyContact(Base):
    """Whom to ask about a vacancy: for its poster alone until an introduction."""

    __tablename__ = "vacancy_contacts"
    __table_args__ = (
        ForeignKeyConstraint(["poster_id", "vacancy_id"], ["vacancies.poster_id", "vacancies.id"], ondelete="CASCADE"),
    )
    vacancy_id: Mapped[UUID] = mapped_column(primary_key=True)
    poster_id: Mapped[UUID] = mapped_column(index=True)
    name: Mapped[str | None]
    phone_sealed: Mapped[bytes | None]


class MinimumWage(Base):
    """A province's lawful least pay for one tier, as of a day."""

    __tablename__ = "minimum_wages"
    __table_args__ = (UniqueConstraint("province_code", "region", "tier", "as_of"),)
    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    province_code: Mapped[str] = mapped_column(index=True)
    region: Mapped[str]
    #: 1 is the highest.
    tier: Mapped[int]
    monthly_yuan: Mapped[int]
    #: None: the source gives no hourly figure.
    hourly_yuan: Mapped[float | None]
    as_of: Mapped[date]
    effective_from: Mapped[str | None]
    source: Mapped[str]
    confidence: Mapped[str]
