"""Finding and keeping lists, their rows and their problems."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import BigInteger, Select, Subquery, Uuid, cast, delete, func, select, update
from sqlalchemy.orm import Session, defer

from app.db.bulk import Values, columns_of, insert_rows
from app.db.sealing import seal
from app.db.turns import take_turn
from app.edge.public_ids import find
from app.lists.model import ListProblem, ListRow, PostedList
from app.lists.problems import Problem

#: Rows and problems written by one statement.
_STEP = 10_000
#: More than a sheet can have.
_MOST_ROWS = 10_000_000
_PROBLEM = {
    "row": "int", "sheet": "text", "code": "text", "message_zh": "text", "message_en": "text", "value": "text",
    "blocks": "bool",
}  # fmt: skip


@dataclass(slots=True)
class KeptRows:
    """The data rows of a list as they are kept, column by column: an item a row in each."""

    #: Which sheet, from 0.
    sheet: list[int] = field(default_factory=list)
    row: list[int] = field(default_factory=list)
    #: "": not known before it is stored.
    outcome: list[str] = field(default_factory=list)
    raw_sealed: list[bytes] = field(default_factory=list)
    #: Public ids of what rows became, by the row's place; rows that became nothing have none.
    records: dict[int, tuple[str, ...]] = field(default_factory=dict)
    #: By the row's place, for each record it updated what stood there before, as JSON.
    before: dict[int, dict[str, orjson.Fragment]] = field(default_factory=dict)

    def became(self, place: int, what: str, record: str, stood: bytes | None) -> None:
        """A draft of this row was stored; a row of several jobs counts once: as new, else as updated."""
        before = self.outcome[place]
        self.outcome[place] = min(before or what, what, key=_FIRST.__getitem__)
        self.records[place] = (*self.records.get(place, ()), record)
        if stood is not None:
            self.before.setdefault(place, {})[record] = orjson.Fragment(stood)

    def before_sealed(self, place: int, list_id: UUID) -> bytes | None:
        """What stood in the records of a row, as it is kept."""
        before = self.before.get(place)
        if before is None:
            return None
        return seal(orjson.dumps(before), before_place(self.sheet[place], self.row[place]), list_id)


def before_place(sheet: int, row: int) -> str:
    """What the ciphertext of a row's earlier values is bound to."""
    return f"list_rows.before_sealed|{sheet}|{row}"


_FIRST = {"new": 0, "updated": 1, "unchanged": 2}


def find_list(session: Session, kind: str, list_id: UUID, *, with_file: bool = False) -> PostedList | None:
    """A list of a kind; None when the actor may not see it. The file's ciphertext only when asked for."""
    query = select(PostedList).where(PostedList.id == list_id, PostedList.kind == kind)
    return session.scalars(query if with_file else query.options(defer(PostedList.file_sealed))).one_or_none()


def find_list_of_any_kind(session: Session, list_id: UUID, *, with_file: bool = False) -> PostedList | None:
    """A list; None when the actor may not see it. The file's ciphertext only when asked for."""
    query = select(PostedList).where(PostedList.id == list_id)
    return session.scalars(query if with_file else query.options(defer(PostedList.file_sealed))).one_or_none()


def claim(session: Session, list_id: UUID) -> bool:
    """Be the only transaction at work at a list, and whether there still is work: a job that was taken for dead may
    have finished. An advisory lock, since the row itself must stay free for progress."""
    take_turn(session, str(list_id))
    state = session.scalar(select(PostedList.state).where(PostedList.id == list_id))
    return state in ("reading", "storing")


def lists_of_kinds(kinds: Sequence[str]) -> Select[PostedList]:
    """All lists of these kinds in the actor's sight."""
    return select(PostedList).options(defer(PostedList.file_sealed)).where(PostedList.kind.in_(kinds))


def recent_lists(session: Session, kinds: Sequence[str], limit: int = 20) -> Sequence[PostedList]:
    """The latest lists of these kinds in the actor's sight, newest first."""
    return session.scalars(lists_of_kinds(kinds).order_by(PostedList.created_at.desc()).limit(limit)).all()


def waiting_lists(session: Session) -> Sequence[PostedList]:
    """The lists in the actor's sight that are read and not stored yet, newest first."""
    query = lists_of_kinds(("worker", "vacancy")).where(PostedList.state == "ready")
    return session.scalars(query.order_by(PostedList.created_at.desc())).all()


def problems_of(list_id: UUID) -> Select[ListProblem]:
    """A list's problems, in the order of the sheet."""
    return select(ListProblem).where(ListProblem.list_id == list_id)


def first_problems(session: Session, list_id: UUID, limit: int = 1000) -> Sequence[ListProblem]:
    """The first problems of a list."""
    return session.scalars(problems_of(list_id).order_by(ListProblem.id).limit(limit)).all()


def first_record(session: Session, list_id: UUID) -> str | None:
    """The public id of the first worker or vacancy a stored list became."""
    became = select(ListRow.records[1]).where(ListRow.list_id == list_id, func.cardinality(ListRow.records) > 0)
    return session.scalar(became.order_by(ListRow.sheet, ListRow.row).limit(1))


def workers_in(list_id: UUID) -> Subquery:
    """worker_id of each worker a stored list became, and the place in it: sheet after sheet, row after row."""
    worker_id = cast(func.substr(func.unnest(ListRow.records), 3), Uuid).label("worker_id")
    place = (cast(ListRow.sheet, BigInteger) * _MOST_ROWS + ListRow.row).label("place")
    rows = select(worker_id, place).where(ListRow.list_id == list_id).subquery()
    return select(rows.c.worker_id, func.min(rows.c.place).label("place")).group_by(rows.c.worker_id).subquery()


def set_state(session: Session, list_id: UUID, **values: Any) -> None:
    """Change columns of a list."""
    session.execute(update(PostedList).where(PostedList.id == list_id).values(updated_at=func.now(), **values))


def has_file(session: Session, list_id: UUID) -> bool:
    """Whether the list's file is still kept."""
    return bool(session.scalar(select(PostedList.file_sealed.is_not(None)).where(PostedList.id == list_id)))


def has_stored_since(session: Session, posted: PostedList) -> bool:
    """Whether another list of the same kind was stored after this one was read."""
    later = select(PostedList.id).where(
        PostedList.kind == posted.kind, PostedList.state == "stored", PostedList.updated_at > posted.updated_at
    )
    return session.scalar(later.limit(1)) is not None


def changed_rows(session: Session, list_id: UUID) -> Iterable[ListRow]:
    """The rows of a stored list that became something new or changed something."""
    query = select(ListRow).options(defer(ListRow.raw_sealed)).where(ListRow.list_id == list_id)
    return session.scalars(query.where(ListRow.outcome.in_(("new", "updated"))).order_by(ListRow.sheet, ListRow.row))


def in_later_lists(session: Session, posted: PostedList, records: Sequence[UUID]) -> set[UUID]:
    """Those of the records that a list names which was stored after this one."""
    kind = "w" if posted.kind == "worker" else "v"
    later = select(PostedList.id).where(
        PostedList.kind == posted.kind, PostedList.state == "stored", PostedList.updated_at > posted.updated_at
    )
    named = select(func.unnest(ListRow.records)).where(ListRow.list_id.in_(session.scalars(later).all()))
    return {find(kind, record) for record in session.scalars(named)}.intersection(records)


def forget_rows(session: Session, list_id: UUID) -> None:
    """What became of a list's rows is no longer so."""
    session.execute(delete(ListRow).where(ListRow.list_id == list_id))


def replace_problems(session: Session, list_id: UUID, organisation_id: UUID, problems: Sequence[Problem]) -> None:
    """Make these the list's problems."""
    session.execute(delete(ListProblem).where(ListProblem.list_id == list_id))
    for start in range(0, len(problems), _STEP):
        step = problems[start : start + _STEP]
        columns = columns_of(step, _PROBLEM) | {"header": Values("text", [problem.column for problem in step])}
        insert_rows(session, "list_problems", columns | _owned(list_id, organisation_id, len(step)))


def replace_rows(session: Session, list_id: UUID, organisation_id: UUID, rows: KeptRows) -> None:
    """Make these the list's kept rows."""
    forget_rows(session, list_id)
    for start in range(0, len(rows.row), _STEP):
        step = slice(start, start + _STEP)
        places = range(start, min(start + _STEP, len(rows.row)))
        columns = {
            "row": Values("int", rows.row[step]),
            "sheet": Values("int", rows.sheet[step]),
            "outcome": Values("text", rows.outcome[step]),
            "raw_sealed": Values("bytea", rows.raw_sealed[step]),
            "records": Values("text[]", [rows.records.get(place, ()) for place in places]),
            "before_sealed": Values("bytea", [rows.before_sealed(place, list_id) for place in places]),
        }
        insert_rows(session, "list_rows", columns | _owned(list_id, organisation_id, len(places)))


def _owned(list_id: UUID, organisation_id: UUID, count: int) -> dict[str, Values]:
    return {
        "list_id": Values("uuid", [list_id] * count),
        "organisation_id": Values("uuid", [organisation_id] * count),
    }
