"""Who is asking: the actor in whose name a transaction runs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
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
    #: Sign-in itself: reads what proves who somebody is, and nothing else.
    DOOR = "door"

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
    #: The member of staff. None: a worker, a system's key, or a token of the command line.
    user_id: UUID | None = None
    #: A worker on a device newer than this moment may withdraw, not give (SECURITY T8). None: may do both.
    gives_from: datetime | None = None
    #: The permissions a system's key is limited to. None: whatever the role may.
    scopes: frozenset[str] | None = None


ENGINE = Actor(Role.ENGINE)
VISITOR = Actor(Role.VISITOR)
DOOR = Actor(Role.DOOR)
