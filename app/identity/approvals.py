"""What takes two persons: a head's, coordinator's or first place on a staff, and a new organisation in a region.

One asks, another decides (a coordinator of the region, or the auditor), the first carries it out, once, within a week.
Who may ask and decide is held by functions of the database, so that no code can leave the second person out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Text, Uuid, bindparam, select, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import IntegrityError, ProgrammingError

from app.actor import Role
from app.db.transaction import Read, Write
from app.edge.paging import Window, read_page
from app.edge.public_ids import show
from app.errors import AlreadyDecided, NotFound, NothingToUse, OrganisationKnown, SecondPersonNeeded
from app.identity.audit import record
from app.identity.model import Approval
from app.identity.permissions import Permission, allow
from app.identity.queries import hash_of
from app.identity.sessions import new_secret

_ASK = text("select app.ask_approval(:kind, :organisation, :division, :what, :why)").bindparams(
    bindparam("organisation", type_=Uuid), bindparam("division", type_=Text), bindparam("what", type_=JSONB)
)


@dataclass(frozen=True, slots=True)
class CarriedOut:
    """What came of an approval: a place (an invitation with its code, or somebody's new role) or an organisation."""

    invitation_id: UUID | None = None
    code: str | None = None
    user_id: UUID | None = None
    organisation_id: UUID | None = None


def list_approvals(tx: Read, at: Window) -> tuple[Sequence[Approval], str | None]:
    """What one asked for, or may decide."""
    allow(tx.actor, Permission.READ_APPROVALS)
    return read_page(tx.session, select(Approval), at, Approval.created_at, Approval.id, newest_first=True)


def get_approval(tx: Read, approval_id: UUID) -> Approval:
    """One of them. Raises NotFound."""
    allow(tx.actor, Permission.READ_APPROVALS)
    found = tx.session.get(Approval, approval_id, populate_existing=True)
    if found is None:
        raise NotFound
    return found


def ask_for_place(
    tx: Write, organisation_id: UUID, role: Role, *, name: str, reason: str, user_id: UUID | None = None
) -> Approval:
    """Ask for a place on a staff; for somebody who is there already, another role. Raises NotFound for an organisation
    one does not answer for."""
    what = {"role": role.value, "name": name} | ({"user": str(user_id)} if user_id else {})
    return _ask(tx, "role_grant", organisation_id, None, what, reason)


def ask_for_organisation(tx: Write, kind: str, name: str, division: str, uscc: str | None, reason: str) -> Approval:
    """Ask for a new organisation in one's region. Raises NotFound for a division outside it."""
    what = {"kind": kind, "name": name, "division": division, "uscc": uscc}
    return _ask(tx, "organisation", None, division, what, reason)


def decide(tx: Write, approval_id: UUID, *, agrees: bool, words: str | None) -> Approval:
    """Agree or refuse, as the second person. Raises NotFound, SecondPersonNeeded, AlreadyDecided."""
    allow(tx.actor, Permission.DECIDE_APPROVAL)
    found = get_approval(tx, approval_id)
    if found.asked_by == (tx.actor.user_id or tx.actor.token_id):
        raise SecondPersonNeeded
    statement = text("select app.decide_approval(:id, :agrees, :words)")
    if not tx.session.scalar(statement, {"id": approval_id, "agrees": agrees, "words": words}):
        raise AlreadyDecided
    record(tx, "approval.decide", subject=show("a", approval_id), purpose="approved" if agrees else "refused")
    return get_approval(tx, approval_id)


def carry_out(tx: Write, approval_id: UUID) -> CarriedOut:
    """Do what was agreed to, once. Raises NotFound, NothingToUse."""
    allow(tx.actor, Permission.ASK_APPROVAL)
    found = get_approval(tx, approval_id)
    made = _found_organisation(tx, found) if found.kind == "organisation" else _give_place(tx, found)
    record(tx, "approval.carry_out", subject=show("a", approval_id))
    return made


def _ask(
    tx: Write,
    kind: str,
    organisation_id: UUID | None,
    division: str | None,
    what: Mapping[str, str | None],
    reason: str,
) -> Approval:
    allow(tx.actor, Permission.ASK_APPROVAL)
    values = {"kind": kind, "organisation": organisation_id, "division": division, "what": what, "why": reason}
    try:
        with tx.session.begin_nested():
            made = tx.session.scalars(_ASK, values).one()
    except ProgrammingError as refused:
        if getattr(refused.orig, "sqlstate", None) == "42501":
            raise NotFound from None
        raise
    record(tx, "approval.ask", subject=show("a", made), purpose=kind)
    return get_approval(tx, made)


def _give_place(tx: Write, approval: Approval) -> CarriedOut:
    code = new_secret("ewi")
    statement = text("select app.grant_place(:id, :hash)")
    made = tx.session.scalar(statement, {"id": approval.id, "hash": hash_of(code)})
    if made is None:
        raise NothingToUse
    return CarriedOut(user_id=made) if "user" in approval.payload else CarriedOut(invitation_id=made, code=code)


def _found_organisation(tx: Write, approval: Approval) -> CarriedOut:
    statement = text("select app.add_organisation(:id, null, null, null, null)")
    try:
        with tx.session.begin_nested():
            made = tx.session.scalar(statement, {"id": approval.id})
    except IntegrityError:
        raise OrganisationKnown from None
    if made is None:
        raise NothingToUse
    return CarriedOut(organisation_id=made)
