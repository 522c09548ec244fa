"""The shape of the answers about occupations."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field

from app.edge.paging import Page
from app.edge.strict import Out


class CertificateKind(StrEnum):
    """What the law asks of who does this work."""

    NONE = "none"
    HEALTH_CERTIFICATE = "health_certificate"
    SPECIAL_OPERATION = "special_operation"
    SPECIAL_EQUIPMENT = "special_equipment"
    DRIVING_LICENCE = "driving_licence"
    OTHER = "other"


class OccupationOut(Out):
    """A canonical occupation with the words people use for it."""

    id: str
    name: str
    code_2022: str | None = Field(description="职业分类大典（2022）代码 / code of the 2022 dictionary")
    industry: str
    aliases: list[str]
    certificate: CertificateKind
    certificate_detail: str | None
    source: str


class OccupationsOut(Page[OccupationOut]):
    """A page of occupations."""
