"""The shape of a list's answers: CONTRACT §3."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any, Self

from pydantic import Field

from app.edge.language import Language
from app.edge.public_ids import ListId
from app.edge.strict import In, Out
from app.lists.model import ListProblem, PostedList


class ListState(StrEnum):
    """Where a list stands."""

    READING = "reading"
    READY = "ready"
    STORING = "storing"
    STORED = "stored"
    REFUSED = "refused"
    FAILED = "failed"


class ListOrderedOut(Out):
    """The list was taken in; look at Location for what becomes of it."""

    id: ListId
    state: ListState


class ProblemOut(Out):
    """What is wrong in a row, and what to do; ID numbers and phones in `value` are masked."""

    row: int
    sheet: str
    column: str
    code: str
    message: str
    value: str
    blocks: bool

    @classmethod
    def of(cls, problem: ListProblem, language: Language) -> Self:
        """From the row, in one language."""
        return cls(
            row=problem.row,
            sheet=problem.sheet,
            column=problem.header,
            code=problem.code,
            message=problem.message_en if language == "en" else problem.message_zh,
            value=problem.value,
            blocks=problem.blocks,
        )


class ColumnOut(Out):
    """What was understood of a column, and how: exact, alias, fuzzy, content, manual, not_kept, unknown."""

    header: str
    field: str | None
    how: str


class CountsOut(Out):
    """rows = new + updated + unchanged + duplicate + rejected."""

    rows: int = 0
    new: int = 0
    updated: int = 0
    unchanged: int = 0
    duplicate: int = 0
    rejected: int = 0
    warned: int = 0


class ProgressOut(Out):
    """How far the work at the list has come."""

    stage: str
    done: int
    total: int


class ReasonOut(Out):
    """Why a list was refused or failed."""

    code: str
    message: str


class ListOut(Out):
    """A list: what was understood, what is wrong, what became of it."""

    id: ListId
    state: ListState
    file: str
    sheets: list[str]
    columns: list[ColumnOut]
    counts: CountsOut
    #: The first thousand; all of them are paged at …/problems.
    problems: list[ProblemOut]
    progress: ProgressOut
    reason: ReasonOut | None
    created_at: datetime

    @classmethod
    def of(cls, posted: PostedList, problems: list[ListProblem], language: Language) -> Self:
        """From the rows, in one language."""
        reason: dict[str, Any] = dict(posted.reason)
        return cls(
            id=posted.id,
            state=ListState(posted.state),
            file=posted.filename,
            sheets=posted.sheets,
            columns=[ColumnOut.model_validate(column) for column in posted.columns],
            counts=CountsOut.model_validate(
                {name: posted.counts[name] for name in CountsOut.model_fields if name in posted.counts}
            ),
            problems=[ProblemOut.of(problem, language) for problem in problems],
            progress=ProgressOut.model_validate({"stage": posted.state, "done": 0, "total": 0} | posted.progress),
            reason=ReasonOut(code=reason["code"], message=reason[language]) if reason else None,
            created_at=posted.created_at,
        )


class ColumnsIn(In):
    """Corrections: a header as the sheet has it -> the field it holds, or null for "keep as a remark"."""

    columns: dict[str, str | None] = Field(min_length=1, max_length=200)


class StoreIn(In):
    """Who saw the signed papers that the consent column speaks of; nobody named: the organisation that posted the list
    says so."""

    witness: str | None = Field(default=None, min_length=1, max_length=60)
    signed_on: date | None = None
    no_papers: bool = Field(
        default=False,
        description="没有签字材料，“同意”一栏不作数 / no signed papers: the column of consents does not count",
    )
