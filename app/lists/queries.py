"""Finding and keeping lists, their rows and their problems."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import Select, delete, func, select, update
from sqlalchemy.orm import Session, defer

from app.db.bulk import Values, insert_rows
from app.lists.model import ListProblem, ListRow, PostedList
from app.lists.problems import Problem

#: Rows and problems written by one statement.
_STEP = 10_000


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

    def became(self, place: int, what: str, record: str) -> None:
        """A draft of this row was stored; a row of several jobs counts once: as new, else as updated."""
        before = self.outcome[place]
        self.outcome[place] = min(before or what, what, key=_FIRST.__getitem__)
        self.records[place] = (*self.records.get(place, ()), record)


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
    session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(str(list_id), 0))))
    state = session.scalar(select(PostedList.state).where(PostedList.id == list_id))
    return state in ("reading", "storing")


def lists_of_kind(kind: str) -> Select[PostedList]:
    """All lists of a kind in the actor's sight."""
    return select(PostedList).options(defer(PostedList.file_sealed)).where(PostedList.kind == kind)


def recent_lists(session: Session, kinds: Sequence[str], limit: int = 20) -> Sequence[PostedList]:
    """The latest lists of these kinds in the actor's sight, newest first."""
    query = select(PostedList).options(defer(PostedList.file_sealed)).where(PostedList.kind.in_(kinds))
    return session.scalars(query.order_by(PostedList.created_at.desc()).limit(limit)).all()


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


def set_state(session: Session, list_id: UUID, **values: Any) -> None:
    """Change columns of a list."""
    session.execute(update(PostedList).where(PostedList.id == list_id).values(updated_at=func.now(), **values))


def replace_problems(session: Session, list_id: UUID, organisation_id: UUID, problems: Sequence[Problem]) -> None:
    """Make these the list's problems."""
    session.execute(delete(ListProblem).where(ListProblem.list_id == list_id))
    for start in range(0, len(problems), _STEP):
        step = problems[start : start + _STEP]
        columns = {
            "row": Values("int", [problem.row for problem in step]),
            "sheet": Values("text", [problem.sheet for problem in step]),
            "header": Values("text", [problem.column for problem in step]),
            "code": Values("text", [problem.code for problem in step]),
            "message_zh": Values("text", [problem.message_zh for problem in step]),
            "message_en": Values("text", [problem.message_en for problem in step]),
            "value": Values("text", [problem.value for problem in step]),
            "blocks": Values("bool", [problem.blocks for problem in step]),
        }
        insert_rows(session, "list_problems", columns | _owned(list_id, organisation_id, len(step)))


def replace_rows(session: Session, list_id: UUID, organisation_id: UUID, rows: KeptRows) -> None:
    """Make these the list's kept rows."""
    session.execute(delete(ListRow).where(ListRow.list_id == list_id))
    for start in range(0, len(rows.row), _STEP):
        step = slice(start, start + _STEP)
        places = range(start, min(start + _STEP, len(rows.row)))
        columns = {
            "row": Values("int", rows.row[step]),
            "sheet": Values("int", rows.sheet[step]),
            "outcome": Values("text", rows.outcome[step]),
            "raw_sealed": Values("bytea", rows.raw_sealed[step]),
            "records": Values("text[]", [rows.records.get(place, ()) for place in places]),
        }
        insert_rows(session, "list_rows", columns | _owned(list_id, organisation_id, len(places)))


def _owned(list_id: UUID, organisation_id: UUID, count: int) -> dict[str, Values]:
    return {
        "list_id": Values("uuid", [list_id] * count),
        "organisation_id": Values("uuid", [organisation_id] * count),
    }
