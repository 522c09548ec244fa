"""Who is paired with whom, from when to when, by which document."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, CreatedAt, Id


class Pairing(Base):
    """A dated relation between an eastern and a western division."""

    __tablename__ = "pairings"
    __table_args__ = (
        CheckConstraint("kind in ('current','former','market','province_internal')", name="kind"),
        CheckConstraint("level in ('province','prefecture','county')", name="level"),
        CheckConstraint("until is null or until >= since", name="dates"),
        Index("uq_pairings_parties", "kind", "east_name", "west_code", "since", "document", unique=True),
    )
    id: Mapped[Id]
    kind: Mapped[str]
    #: The level of the western party.
    level: Mapped[str]
    #: None: a zone without a code and without a known city.
    east_code: Mapped[str | None] = mapped_column(ForeignKey("divisions.code"), index=True)
    east_name: Mapped[str]
    west_code: Mapped[str] = mapped_column(ForeignKey("divisions.code"), index=True)
    west_name: Mapped[str]
    since: Mapped[date]
    #: The last day it held. None: still in force.
    until: Mapped[date | None]
    #: A zone without a code stands for its city.
    coarse: Mapped[bool] = mapped_column(server_default="false")
    document: Mapped[str]
    #: high: read in a dated public text; medium: secondary; low: memory only.
    confidence: Mapped[str]
    #: The document that ends it. None: it stands, or ended as its own document says.
    until_document: Mapped[str | None]
    #: The authority that recorded or last changed it. None: reference data.
    recorded_by: Mapped[UUID | None] = mapped_column(ForeignKey("organisations.id"), index=True)
    version: Mapped[int] = mapped_column(server_default="1")
    created_at: Mapped[CreatedAt]

    @property
    def is_reference(self) -> bool:
        """Whether it came with the product, whoever ended it since: ids of such rows are made from what they say."""
        return self.id.version == 5
