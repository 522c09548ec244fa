"""Taking a stored list back, as if it had never been stored, while nothing that came of it has been answered.

The workers it brought go, its vacancies are closed; what it changed is as before, the consents it stated are gone. The
list itself is a preview again: it can be corrected and stored anew, or dropped.

Answered is: a worker in it signed in or said yes, somebody said yes to a vacancy in it. A no is none: it is told to
nobody, and whoever can say one has signed in. Nor can a list be taken back over what somebody changed or decided on
since, or over a later list that names the same records: that one goes first.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import NamedTuple
from uuid import UUID

import orjson
from sqlalchemy.exc import IntegrityError

from app.db.queue import enqueue
from app.db.sealing import unseal
from app.db.transaction import Read, Write
from app.edge.public_ids import find, show
from app.errors import Conflict, FieldError
from app.identity.audit import record
from app.lists import queries
from app.lists.fields import ListKind
from app.lists.model import PostedList
from app.lists.usecases import the_list
from app.vacancies import queries as vacancies
from app.vacancies.store import restore_vacancies
from app.workers import queries as workers
from app.workers.store import restore_workers

#: So many of those in the way are named.
NAMED = 20
_WHY = {
    "acted": ("本人已经登录或答复", "has signed in or answered since"),
    "answered": ("已经有人愿意来", "somebody said yes to it"),
    "changed": ("后来有人改过或审核过", "was changed or decided on since"),
    "not_kept": ("保存时没有留下原来的内容", "was stored before earlier values were kept"),
    "later_list": ("后来的清单里也有，请先撤销那一份", "stands in a later list too: undo that one first"),
}


class NotStored(Conflict):
    """The list is not stored: there is nothing to take back."""

    code, zh = "list_not_stored", "清单还没有保存，没有什么可以撤销。"


class ListAnswered(Conflict):
    """What came of this list has been answered or changed since, so it can no longer be taken back."""

    code, zh = "list_answered", "这份清单带来的内容后来有人答复或改动过，不能再撤销。"


@dataclass
class _Touched:
    """What storing the list did: the records it brought, and what stood in those it changed."""

    #: Each new or updated record with its sheet (from 0) and row.
    place: dict[UUID, tuple[int, int]] = field(default_factory=dict)
    before: dict[UUID, bytes] = field(default_factory=dict)
    #: Updated by a list that kept nothing of what stood there.
    lost: list[UUID] = field(default_factory=list)


def undo_list(tx: Write, kind: ListKind, list_id: UUID) -> PostedList:
    """Take a stored list back. Raises NotStored, ListAnswered naming what is in the way."""
    posted = the_list(tx, kind, list_id)
    (workers if kind == "worker" else vacancies).take_turns(tx)
    tx.session.refresh(posted, ["state", "updated_at"], with_for_update=True)
    if posted.state != "stored":
        raise NotStored
    if not queries.has_file(tx.session, list_id):
        raise ListAnswered  # somebody in it had themselves deleted
    touched = _touched(tx, posted)
    brought = _undo_workers(tx, posted, touched) if kind == "worker" else _undo_vacancies(tx, posted, touched)
    queries.forget_rows(tx.session, list_id)
    queries.set_state(tx.session, list_id, state="ready")
    record(tx, "list.undo", subject=show("l", list_id), purpose=f"{brought} + {len(touched.before)}")
    tx.session.refresh(posted, ["state", "updated_at"])
    return posted


def _touched(tx: Write, posted: PostedList) -> _Touched:
    found = _Touched()
    for row in queries.changed_rows(tx.session, posted.id):
        place = queries.before_place(row.sheet, row.row)
        before = orjson.loads(unseal(row.before_sealed, place, posted.id)) if row.before_sealed else {}
        for shown in row.records:
            number = find(shown[0], shown)
            found.place[number] = row.sheet, row.row
            if shown in before:
                found.before[number] = orjson.dumps(before[shown])
            elif row.outcome == "updated" and not before:
                found.lost.append(number)
    return found


def _undo_workers(tx: Write, posted: PostedList, touched: _Touched) -> int:
    """How many workers went."""
    stored = posted.updated_at
    brought = workers.brought_at(tx, list(touched.place), stored)
    written = sorted({*brought, *touched.before})
    held = sorted({*written, *workers.agreed_in(tx, posted.id)})
    workers.hold(tx, held)
    changed = workers.changed_since(tx, written, brought, posted.id, stored)
    refuse = _Refusing(tx, posted, touched, workers.names_of)
    refuse.over(_in_the_way(tx, posted, touched, changed, held))
    refuse.over(dict.fromkeys(workers.take_back(tx, posted.id, brought, held), "acted"))
    restore_workers(tx, touched.before)
    with suppress(IntegrityError), tx.session.begin_nested():  # it may wait already
        enqueue(tx, "serve_station", posted.id)  # the station is counted anew
    return len(brought)


def _undo_vacancies(tx: Write, posted: PostedList, touched: _Touched) -> int:
    """How many vacancies were closed."""
    stored = posted.updated_at
    brought = vacancies.brought_at(tx, posted.id, stored)
    written = sorted({*brought, *touched.before})
    changed = vacancies.changed_since(tx, written, stored)
    refuse = _Refusing(tx, posted, touched, vacancies.titles_of)
    refuse.over(dict.fromkeys(vacancies.answered_since(tx, written, stored), "answered"))
    refuse.over(_in_the_way(tx, posted, touched, changed, written))
    vacancies.take_back(tx, brought, posted.id)
    restore_vacancies(tx, touched.before)
    return len(brought)


def _in_the_way(
    tx: Write, posted: PostedList, touched: _Touched, changed: Sequence[UUID], held: Sequence[UUID]
) -> dict[UUID, str]:
    later = queries.in_later_lists(tx.session, posted, held)
    return (
        dict.fromkeys(touched.lost, "not_kept") | dict.fromkeys(later, "later_list") | dict.fromkeys(changed, "changed")
    )


class _Refusing(NamedTuple):
    """Names what is in the way, as the clerk knows it: row, person or job."""

    tx: Write
    posted: PostedList
    touched: _Touched
    names_of: Callable[[Read, Sequence[UUID]], dict[UUID, str]]

    def over(self, why: Mapping[UUID, str]) -> None:
        """Raise ListAnswered when there is something."""
        if not why:
            return
        rows = sorted((self.touched.place.get(one, (0, 0)), one) for one in why)[:NAMED]
        names = self.names_of(self.tx, [one for _, one in rows])
        raise ListAnswered(errors=tuple(self._error(place, names.get(one, ""), why[one]) for place, one in rows))

    def _error(self, place: tuple[int, int], name: str, why: str) -> FieldError:
        sheet, row = place
        zh, en = _WHY[why]
        return FieldError(("rows", self.posted.sheets[sheet], row), why, f"{name}：{zh}。", f"{name}: {en}.")
