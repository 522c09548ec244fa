"""The staff of an organisation: who is there, who is invited, who takes a place up, who leaves.

A head's and a coordinator's place take two persons (approvals.py). Whoever belongs to another organisation is not
there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid4

from sqlalchemy import func, insert, select, text, update
from sqlalchemy.exc import IntegrityError

from app.actor import Role
from app.db.transaction import Read, Write
from app.edge.paging import Window, read_page
from app.edge.public_ids import show
from app.errors import LoginTaken, NotFound, SecondPersonNeeded
from app.identity.audit import record
from app.identity.model import Invitation, Organisation, Password, User
from app.identity.permissions import Permission, allow
from app.identity.queries import hash_of
from app.identity.sessions import new_secret

LASTS = timedelta(days=7)
#: Who invites -> the place they may give alone.
GIVES = {Role.HEAD: Role.STATION, Role.DESTINATION: Role.DESTINATION, Role.EMPLOYER: Role.EMPLOYER}


@dataclass(frozen=True, slots=True)
class Invited:
    """An invitation and its code, which is shown this once."""

    invitation: Invitation
    code: str


def list_users(tx: Read, at: Window) -> tuple[Sequence[User], str | None]:
    """The staff one looks after; those who left too."""
    allow(tx.actor, Permission.READ_STAFF)
    return read_page(tx.session, select(User), at, User.created_at, User.id)


def get_user(tx: Read, user_id: UUID) -> User:
    """One member of staff. Raises NotFound."""
    allow(tx.actor, Permission.READ_STAFF)
    found = tx.session.get(User, user_id)
    if found is None:
        raise NotFound
    return found


def change_role(tx: Write, user_id: UUID, role: Role) -> User:
    """A head becomes a clerk again, from their next request on; every other change takes two persons. Raises NotFound,
    SecondPersonNeeded."""
    allow(tx.actor, Permission.KEEP_STAFF)
    found = get_user(tx, user_id)
    if found.role == role.value:
        return found
    if role is not Role.STATION or not tx.session.scalar(text("select app.make_clerk(:user)"), {"user": user_id}):
        raise SecondPersonNeeded
    record(tx, "user.role", subject=show("u", user_id), purpose=role.value)
    tx.session.refresh(found)
    return found


def end_user(tx: Write, user_id: UUID) -> None:
    """Somebody leaves: no request of theirs is answered from now on. Raises NotFound."""
    allow(tx.actor, Permission.END_STAFF)
    if not tx.session.scalar(text("select app.end_user(:user)"), {"user": user_id}):
        raise NotFound
    record(tx, "user.left", subject=show("u", user_id))


def list_invitations(tx: Read, at: Window) -> tuple[Sequence[Invitation], str | None]:
    """The organisation's invitations."""
    allow(tx.actor, Permission.READ_STAFF)
    return read_page(tx.session, select(Invitation), at, Invitation.created_at, Invitation.id)


def invite(tx: Write, name: str, role: Role | None = None) -> Invited:
    """Invite somebody to one's own staff. Raises SecondPersonNeeded for a place that takes two persons."""
    allow(tx.actor, Permission.KEEP_STAFF)
    own = GIVES.get(tx.actor.role)
    if own is None or (role or own) is not own:
        raise SecondPersonNeeded
    code = new_secret("ewi")
    row = Invitation(
        organisation_id=tx.actor.organisation_id,
        role=own.value,
        name=name,
        code_hash=hash_of(code),
        invited_by=tx.actor.user_id or tx.actor.token_id,
        expires_at=func.now() + LASTS,
    )
    tx.session.add(row)
    tx.session.flush()  # the answer names its times
    tx.session.refresh(row)
    record(tx, "invitation.make", subject=show("i", row.id), purpose=own.value)
    return Invited(row, code)


def withdraw_invitation(tx: Write, invitation_id: UUID) -> None:
    """The code is good for nothing any more. Raises NotFound, also when it was taken up."""
    allow(tx.actor, Permission.KEEP_STAFF)
    if not tx.session.scalar(text("select app.withdraw_invitation(:id)"), {"id": invitation_id}):
        raise NotFound
    record(tx, "invitation.withdraw", subject=show("i", invitation_id))


def open_invitation(tx: Read, code: str) -> Invitation:
    """The invitation a code names, while it can be taken up. `tx` is the door's. Raises NotFound, whatever is wrong."""
    found = tx.session.scalars(
        select(Invitation)
        .where(
            Invitation.code_hash == hash_of(code),
            Invitation.accepted_at.is_(None),
            Invitation.withdrawn_at.is_(None),
            Invitation.expires_at > func.now(),
        )
        .with_for_update()
    ).one_or_none()
    if found is None:
        raise NotFound
    return found


def take_up(tx: Write, code: str, *, login: str, password_hash: str) -> User:
    """A member of staff begins. `tx` is the door's. Raises NotFound, LoginTaken."""
    invitation = open_invitation(tx, code)
    user = add_user(
        tx,
        invitation.organisation_id,
        Role(invitation.role),
        login=login,
        name=invitation.name,
        password_hash=password_hash,
    )
    tx.session.execute(update(Invitation).where(Invitation.id == invitation.id).values(accepted_at=func.now()))
    record(tx, "invitation.accept", subject=show("i", invitation.id), purpose=show("u", user.id))
    return user


def add_user(tx: Write, organisation_id: UUID, role: Role, *, login: str, name: str, password_hash: str) -> User:
    """A member of staff who can sign in. `tx` is the door's, or an owner's. Raises LoginTaken."""
    user = User(id=uuid4(), organisation_id=organisation_id, role=role.value, login=login, name=name)
    try:
        with tx.session.begin_nested():
            tx.session.add(user)
    except IntegrityError:
        raise LoginTaken from None
    tx.session.execute(insert(Password).values(user_id=user.id, organisation_id=organisation_id, hash=password_hash))
    return user


def organisation_of(tx: Read) -> Organisation | None:
    """The actor's own organisation."""
    return tx.session.get(Organisation, tx.actor.organisation_id) if tx.actor.organisation_id else None


def myself(tx: Read) -> User | None:
    """The member of staff who asks."""
    return tx.session.get(User, tx.actor.user_id) if tx.actor.user_id else None
