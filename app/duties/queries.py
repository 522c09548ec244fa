"""Duties are kept nowhere: they follow from what stands in vacancies, placements, consents and suggestions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CompoundSelect,
    Date,
    DateTime,
    Select,
    Text,
    Uuid,
    cast,
    column,
    func,
    literal,
    null,
    select,
    tuple_,
    union_all,
)

from app.actor import Role
from app.db.transaction import Read
from app.duties.colours import LISTED_BEFORE, TERMS, Colour, Duty, DutyKind, due_between
from app.edge.paging import BadCursor, Window
from app.identity.model import Organisation
from app.placements.model import Placement
from app.places.areas import area
from app.vacancies.model import Vacancy

_STATIONS = frozenset({Role.STATION, Role.HEAD})


def _row(kind: DutyKind, owner: Any, clock: Any, subject: Any, offer: type[Any] | None) -> Select[Any]:
    """Duties of a kind: whose, from which clock, about what, about which offer."""
    return select(
        literal(kind.value).label("kind"),
        cast(owner, Uuid).label("owner"),
        cast(clock + TERMS[kind], Date).label("due"),
        cast(subject, Uuid).label("subject"),
        (offer.title if offer else cast(null(), Text)).label("title"),
        (offer.employer if offer else cast(null(), Text)).label("employer"),
    )


def _of(tx: Read) -> CompoundSelect[Any] | Select[Any]:
    """The duties of the actor's office; of every office for the auditor."""
    actor, kinds = tx.actor, []
    confirm = _row(DutyKind.CONFIRM_VACANCY, Vacancy.poster_id, Vacancy.confirmed_at, Vacancy.id, Vacancy).where(
        Vacancy.state == "open", Vacancy.valid_until >= func.current_date(), Vacancy.filled < Vacancy.headcount
    )
    silent = _row(DutyKind.ASK_EMPLOYER, Placement.station_id, Placement.disclosed_at, Placement.id, Placement).where(
        Placement.state == "introduced"
    )
    if actor.role is Role.AUDITOR:
        return union_all(confirm, silent)
    office = literal(actor.organisation_id, Uuid)
    kinds.append(confirm.where(Vacancy.poster_id == actor.organisation_id))
    if actor.role in _STATIONS:
        waiting = func.app.waiting_for_first_three().table_valued(
            column("worker_id", Uuid), column("since", DateTime(timezone=True))
        )
        kinds += [silent, _row(DutyKind.FIRST_THREE, office, waiting.c.since, waiting.c.worker_id, None)]
    elif actor.division:
        pending = _row(DutyKind.DECIDE_VACANCY, office, Vacancy.updated_at, Vacancy.id, Vacancy)
        kinds.append(pending.where(Vacancy.state == "pending", Vacancy.workplace_code.between(*area(actor.division))))
    return union_all(*kinds)


def duties_page(
    tx: Read, at: Window, today: date, kind: DutyKind | None, colour: Colour | None
) -> tuple[Sequence[Duty], str | None]:
    """A page of duties, those longest due first."""
    found = _of(tx).subquery()
    key = tuple_(found.c.due, found.c.kind, found.c.subject)
    query = select(found).where(found.c.due <= today + LISTED_BEFORE)
    if kind is not None:
        query = query.where(found.c.kind == kind.value)
    if colour is not None:
        query = query.where(found.c.due.between(*due_between(colour, today)))
    after = at.after()
    if after is not None:
        if len(after) != 3:
            raise BadCursor
        start = (literal(after[0], Date), literal(after[1], Text), literal(UUID(str(after[2])), Uuid))
        query = query.where(key > tuple_(*start))
    order = (found.c.due, found.c.kind, found.c.subject)
    rows = tx.session.execute(query.order_by(*order).limit(at.limit + 1)).all()
    duties = [Duty(DutyKind(r.kind), r.owner, r.due, r.subject, r.title, r.employer) for r in rows]
    if len(duties) <= at.limit:
        return duties, None
    last = duties[at.limit - 1]
    return duties[: at.limit], at.seal((last.due, last.kind.value, last.subject))


def office_duties(tx: Read) -> Sequence[tuple[UUID, str, str, date, int]]:
    """Of each office of a coordinator's division: its id and name, a kind of duty, a due day and how many."""
    counted = func.app.duties_by_office().table_valued(
        column("office", Uuid), column("kind", Text), column("due", Date), column("duties")
    )
    query = (
        select(counted.c.office, Organisation.name, counted.c.kind, counted.c.due, counted.c.duties)
        .join(Organisation, Organisation.id == counted.c.office)
        .order_by(Organisation.name, counted.c.office, counted.c.kind, counted.c.due)
    )
    return [(row[0], row[1], row[2], row[3], row[4]) for row in tx.session.execute(query)]
