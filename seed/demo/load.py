"""Loading the demo market through the same intake as anyone's lists; safe to run twice."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import NamedTuple, cast
from uuid import UUID, uuid5

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app.actor import Actor, Role
from app.db.base import today
from app.db.queue import enqueue
from app.db.transaction import own, read, write
from app.identity.organisations import set_phone
from app.identity.usecases import ensure_organisation, issue_token
from app.lists.intake import take_in
from app.lists.upload import Posted
from app.places.model import Division
from app.workers.model import Worker
from seed.demo.answers import let_some_answer
from seed.demo.complaint import let_somebody_complain
from seed.demo.lists import EMPLOYER_AT, DemoList, demo_lists
from seed.demo.staff import EMPLOYER, hire_staff

#: Names the orders to serve a demo station: one waits at a time.
_STATIONS = UUID("6a1d9f3e-2f0b-4f0e-9f37-0f6d5d1f6a01")
#: Every demo station's: no number within an area begins with 0.
PHONE = "0857-0123456"
#: So long ago the demo's papers were signed.
SIGNED_BEFORE = timedelta(days=20)
#: The station whose people are shown.
SHOWN = "520526"


class DemoSignIn(NamedTuple):
    """A demo sign-in: role, place, token."""

    role: str
    place: str
    token: str


def load_demo(progress: Callable[[int, int], None] = lambda done, total: None) -> None:
    """Load all demo lists, and hire the demo's staff. What is there already changes nothing."""
    hire_staff()
    lists = list(demo_lists(today()))
    for done, demo in enumerate(lists, start=1):
        posted = Posted(demo.filename, demo.content)
        take_in(_poster(demo), demo.kind, posted, witness="演示经办人", signed_on=today() - SIGNED_BEFORE)
        progress(done, len(lists))
    for demo in lists:
        if demo.kind == "worker":
            head = office(Role.HEAD, demo.division)
            with write(head) as tx:
                set_phone(tx, cast(UUID, head.organisation_id), PHONE)
            with suppress(IntegrityError), write(_poster(demo)) as tx:  # it may wait already
                enqueue(tx, "serve_station", uuid5(_STATIONS, demo.division))
    let_some_answer(office(Role.STATION, SHOWN), office(Role.EMPLOYER, EMPLOYER_AT, EMPLOYER))
    let_somebody_complain(office(Role.STATION, SHOWN))


def _poster(demo: DemoList) -> Actor:
    return office(demo.role, demo.division, EMPLOYER if demo.role is Role.EMPLOYER else None)


def office(role: Role, division: str, name: str | None = None) -> Actor:
    """The office of a role in a division, or the organisation of a name; made when it is missing."""
    with own() as owner:
        place = owner.scalar(select(Division.name).where(Division.code == division)) or ""
        organisation = ensure_organisation(owner, role, division, name, place)
        return Actor(role, organisation.id, division)


def sign_ins() -> list[DemoSignIn]:
    """A fresh token for one office of each side."""
    made = []
    for role, division, place in ((Role.STATION, SHOWN, "威宁县"), (Role.DESTINATION, "440106", "广州市天河区")):
        actor = office(role, division)
        with own() as owner:
            organisation = ensure_organisation(owner, role, actor.division, None)
            made.append(DemoSignIn(role.value, place, issue_token(owner, role, organisation=organisation)[0]))
    return made


def some_workers(most: int = 20) -> list[UUID]:
    """Demo workers with a certificate, of the station shown; none before loading."""
    with read(office(Role.STATION, SHOWN)) as tx:
        query = select(Worker.id).where(Worker.certificates_text.is_not(None)).order_by(Worker.created_at, Worker.id)
        return list(tx.session.scalars(query.limit(most)))
