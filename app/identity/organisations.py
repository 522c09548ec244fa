"""Organisations as they are seen and made; employers take part by registering themselves."""

from __future__ import annotations

import re
from collections.abc import Sequence
from uuid import UUID, uuid4

from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from app.actor import Role
from app.db.transaction import Read, Write
from app.edge.form_fields import wrong
from app.edge.paging import Window, read_page
from app.edge.public_ids import show
from app.errors import EmployerKnown, NotFound, OrganisationKnown
from app.identity.audit import record
from app.identity.model import Organisation, User
from app.identity.permissions import Permission, allow
from app.identity.staff import add_user
from app.identity.uscc import as_uscc

#: A mobile, a landline with its area code and perhaps an extension, or a service number.
_PHONE = re.compile(r"[0-9][0-9 -]{3,18}[0-9]")


def list_organisations(tx: Read, at: Window) -> tuple[Sequence[Organisation], str | None]:
    """One's own; a coordinator's region; all of them for an operator and the auditor."""
    allow(tx.actor, Permission.READ_ORGANISATIONS)
    return read_page(tx.session, select(Organisation), at, Organisation.created_at, Organisation.id)


def get_organisation(tx: Read, organisation_id: UUID) -> Organisation:
    """One of them. Raises NotFound."""
    allow(tx.actor, Permission.READ_ORGANISATIONS)
    found = tx.session.get(Organisation, organisation_id)
    if found is None:
        raise NotFound
    return found


def make_organisation(tx: Write, kind: str, name: str, division: str | None, uscc: str | None) -> Organisation:
    """An operator makes an organisation; who works there takes two other persons. Raises OrganisationKnown."""
    allow(tx.actor, Permission.MAKE_ORGANISATIONS)
    values = {"kind": kind, "name": name, "division": division, "uscc": uscc}
    statement = text("select app.add_organisation(null, :kind, :name, cast(:division as text), cast(:uscc as text))")
    try:
        with tx.session.begin_nested():
            made = tx.session.scalars(statement, values).one()
    except IntegrityError:
        raise OrganisationKnown from None
    record(tx, "organisation.make", subject=show("o", made))
    return get_organisation(tx, made)


def organisation_to_change(tx: Write, organisation_id: UUID) -> Organisation:
    """One's own, for whoever looks after it. Raises NotFound."""
    allow(tx.actor, Permission.KEEP_STAFF)
    return get_organisation(tx, organisation_id)


def set_phone(tx: Write, organisation_id: UUID, phone: str | None) -> Organisation:
    """Under which telephone people reach one's own office. Raises NotFound, Invalid."""
    allow(tx.actor, Permission.KEEP_STAFF)
    if phone is not None and not _PHONE.fullmatch(phone):
        raise wrong(
            "phone",
            "bad_phone",
            f"“{phone}”不是电话号码。请写手机号，或带区号的座机，如 0857-6220000。",
            f"“{phone}” is no telephone number: give a mobile, or a landline with its area code.",
        )
    statement = text("select app.set_phone(:id, cast(:phone as text))")
    if not tx.session.scalar(statement, {"id": organisation_id, "phone": phone}):
        raise NotFound
    record(tx, "organisation.phone", subject=show("o", organisation_id))
    tx.session.expire_all()
    return get_organisation(tx, organisation_id)


def checked_uscc(code: str) -> str:
    """A licence number whose check character fits. Raises Invalid."""
    if found := as_uscc(code):
        return found
    raise wrong(
        "uscc",
        "bad_uscc",
        "统一社会信用代码校验不通过，请对照营业执照改正（18 位）。",
        "Not a unified social credit code: compare it with the licence (18 characters).",
    )


def register_employer(
    tx: Write, *, uscc: str, name: str, division: str, login: str, person: str, password_hash: str
) -> User:
    """An employer takes part by itself: unapproved, so its first vacancy waits and no card is shown to it. `tx` is the
    door's. Raises EmployerKnown: licence numbers are public, and so is who posts."""
    employer = Organisation(id=uuid4(), kind="employer", name=name, division_code=division, uscc=uscc)
    try:
        with tx.session.begin_nested():
            tx.session.add(employer)
    except IntegrityError:
        raise EmployerKnown from None
    # the licence number is part of the login: nobody learns here which logins others have
    user = add_user(
        tx, employer.id, Role.EMPLOYER, login=f"{login}@{uscc.lower()}", name=person, password_hash=password_hash
    )
    record(tx, "employer.register", subject=show("o", employer.id))
    return user
