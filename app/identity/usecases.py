"""What is done as the owner of the tables: organisations come into being, people are hired, tokens handed out."""

from __future__ import annotations

import secrets
from datetime import timedelta
from uuid import UUID, uuid4

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from app.actor import Actor, Role
from app.identity.model import Organisation, Password, Token, User
from app.identity.queries import find_organisation, hash_of
from app.identity.sign_in import normal_login

#: The kind of organisation a role acts for; a worker acts for nobody.
KIND = {
    Role.STATION: "station",
    Role.HEAD: "station",
    Role.DESTINATION: "destination",
    Role.EMPLOYER: "employer",
    Role.COORDINATOR: "authority",
    Role.OPERATOR: "operator",
    Role.AUDITOR: "audit",
}
_WORD = {
    "station": "劳务工作站",
    "destination": "驻外劳务工作站",
    "employer": "用人单位",
    "authority": "协作主管部门",
    "operator": "运维",
    "audit": "审计",
}


def ensure_organisation(
    owner: Session, role: Role, division: str | None, name: str | None, division_name: str = ""
) -> Organisation:
    """The role's organisation in a division, made when it is missing. `owner` is an owner's transaction."""
    kind = KIND[role]
    found = find_organisation(owner, kind, division, name)
    if found is None:
        found = Organisation(kind=kind, division_code=division, name=name or f"{division_name}{_WORD[kind]}")
        owner.add(found)
        owner.flush()  # tokens refer to its id
    return found


def hire(owner: Session, organisation_id: UUID, role: Role, login: str, name: str, password_hash: str) -> UUID:
    """Somebody who can sign in, unless the login is taken: then the one who has it. In an owner's transaction."""
    found = owner.scalar(select(User.id).where(User.login == normal_login(login)))
    if found is not None:
        return found
    made = uuid4()
    owner.add(User(id=made, organisation_id=organisation_id, role=role.value, login=normal_login(login), name=name))
    owner.flush()  # the password names them
    owner.execute(insert(Password).values(user_id=made, organisation_id=organisation_id, hash=password_hash))
    return made


def issue_token(
    owner: Session,
    role: Role,
    *,
    organisation: Organisation | None = None,
    worker_id: UUID | None = None,
    lasts: timedelta = timedelta(days=30),
) -> tuple[str, Actor]:
    """A new bearer token and the actor it proves; only its hash is kept."""
    token = f"ew_{secrets.token_urlsafe(32)}"
    row = Token(
        hash=hash_of(token),
        role=role.value,
        organisation_id=organisation.id if organisation else None,
        division_code=organisation.division_code if organisation else None,
        worker_id=worker_id,
        expires_at=func.now() + lasts,
    )
    owner.add(row)
    owner.flush()  # the actor names the token's id
    return token, Actor(role, row.organisation_id, row.division_code, worker_id, row.id)
