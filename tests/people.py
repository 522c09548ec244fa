"""Who the tests act as: one organisation and one actor of each role, in every clone, with tokens."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from uuid import UUID, uuid5

from app.actor import Actor, Role
from app.db.transaction import own
from app.identity.model import Organisation, Token

NAMES = UUID("6b1f1a4e-0f57-4d0e-9b0a-2f6f0a1c9d11")
#: A token that does not expire while the tests live.
FAR = datetime(2100, 1, 1, tzinfo=UTC)
APPROVED = datetime(2026, 1, 1, tzinfo=UTC)

#: name of the actor -> role, kind of organisation, its name, its division
PEOPLE: dict[str, tuple[Role, str, str, str | None]] = {
    "station": (Role.STATION, "station", "威宁县劳务工作站", "520526"),
    "head": (Role.HEAD, "station", "威宁县劳务工作站", "520526"),
    "other_station": (Role.STATION, "station", "东乡县劳务工作站", "622926"),
    "destination": (Role.DESTINATION, "destination", "天河区驻外劳务工作站", "440106"),
    "employer": (Role.EMPLOYER, "employer", "示例电子（东莞）有限公司", None),
    "other_employer": (Role.EMPLOYER, "employer", "示例家政（青岛）有限公司", None),
    "coordinator": (Role.COORDINATOR, "authority", "毕节市人力资源和社会保障局", "520500"),
    "operator": (Role.OPERATOR, "operator", "eastwest 运维", None),
    "auditor": (Role.AUDITOR, "audit", "eastwest 审计", None),
}

#: The licence numbers of the employers, which stand approved.
USCC = {
    "示例电子（东莞）有限公司": "91441900MA5EXAMP0P",
    "示例家政（青岛）有限公司": "91370200MA5EXAMP10",
}


def organisation_id(kind: str, name: str) -> UUID:
    """The id under which the tests' organisation stands in every clone."""
    return uuid5(NAMES, f"{kind}:{name}")


def actor(name: str) -> Actor:
    """The actor of that name in PEOPLE."""
    role, kind, organisation, division = PEOPLE[name]
    return Actor(role, organisation_id(kind, organisation), division, token_id=uuid5(NAMES, f"token:{name}"))


def bearer(name: str) -> str:
    """The token of the actor of that name."""
    return f"ew_test_{name}"


def settle() -> None:
    """Put the organisations and tokens into the database of the settings, as its owner."""
    with own() as session:
        for kind, name, division in {(kind, name, division) for _, kind, name, division in PEOPLE.values()}:
            session.add(
                Organisation(
                    id=organisation_id(kind, name),
                    kind=kind,
                    name=name,
                    division_code=division,
                    uscc=USCC.get(name),
                    approved_at=APPROVED if name in USCC else None,
                )
            )
        session.flush()
        for name in PEOPLE:
            who = actor(name)
            session.add(
                Token(
                    id=who.token_id,
                    hash=hashlib.sha256(bearer(name).encode()).digest(),
                    role=who.role.value,
                    organisation_id=who.organisation_id,
                    division_code=who.division,
                    expires_at=FAR,
                )
            )
