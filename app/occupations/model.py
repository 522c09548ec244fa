"""Occupations of the 2022 dictionary, as the API shows them; matching reads the same files as a lexicon."""

from __future__ import annotations

from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, Texts


class Occupation(Base):
    """A canonical occupation with the words people use for it."""

    __tablename__ = "occupations"
    #: Ours, stable: O001 …
    id: Mapped[str] = mapped_column(primary_key=True)
    #: The dictionary's code. None: it has no single entry there.
    code_2022: Mapped[str | None]
    name: Mapped[str] = mapped_column(unique=True)
    industry: Mapped[str]
    aliases: Mapped[Texts]
    #: none, health_certificate, special_operation, special_equipment, driving_licence, other.
    certificate: Mapped[str]
    certificate_detail: Mapped[str | None]
    source: Mapped[str]
