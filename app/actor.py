"""Who is asking: the actor in whose name a transaction runs."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class Role(StrEnum):
    """The roles of SECURITY's matrix, and the product's own two machines."""

    STATION = "station"
    HEAD = "head"
    DESTINATION = "destination"
    EMPLOYER = "employer"
    COORDINATOR = "coordinator"
    WORKER = "worker"
    OPERATOR = "operator"
    AUDITOR = "auditor"
    #: The live market: reads open vacancies, nothing personal.
    ENGINE = "engine"
    #: Nobody yet: sign-in, public reference data, health.
    VISITOR = "visitor"

    @property
    def audience(self) -> str:
        """The database audience: which policies apply. A head sees what the station's clerks see."""
        return "station" if self is Role.HEAD else self.value


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody with a role, for an organisation, or a worker for themself."""

    role: Role
    organisation_id: UUID | None = None
    #: The division (adcode) the organisation cares for.
    division: str | None = None
    worker_id: UUID | None = None
    #: The token that proved it; audit entries name it.
    token_id: UUID | None = None


ENGINE = Actor(Role.ENGINE)
VISITOR = Actor(Role.VISITOR)
