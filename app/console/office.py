"""Who is signed in, as a page says it: the office, and the member of staff."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from app.actor import Actor
from app.identity.model import Organisation, User


class Office(NamedTuple):
    """An organisation and one of its staff."""

    name: str
    #: None: a system's key or a token of the command line.
    user: str | None
    #: Under which people reach it. None: it has not said.
    phone: str | None


def office_of(session: Session, actor: Actor) -> Office | None:
    """The actor's office; None for a worker."""
    if actor.organisation_id is None:
        return None
    query = (
        select(Organisation.name, User.name, Organisation.phone)
        .outerjoin(User, and_(User.organisation_id == Organisation.id, User.id == actor.user_id))
        .where(Organisation.id == actor.organisation_id)
    )
    found = session.execute(query).one_or_none()
    return None if found is None else Office._make(found)
