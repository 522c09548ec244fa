"""A whole file → columns, rows and problems. One entry for both kinds of list.

`open_list` reads as a stream: constant memory beside the caller's own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from app.lists.cells import Plan, RowCells
from app.lists.collaborators import Places, Words
from app.lists.fields import FIELDS, NOT_KEPT, SERIAL, Field, ListKind, required_fields
from app.lists.headers import Column, Header, find_header, map_columns
from app.lists.kept import KeptCopy, stream_kept
from app.lists.layout import LineSorter
from app.lists.problems import Problem
from app.lists.reading import DEFAULT, Cell, FileRefused, Limits, Row, SheetStart, sheets_of, stream
from app.lists.vacancy_rows import OwnCompany, VacancyReader, VacancyRow
from app.lists.values.text import as_text
from app.lists.worker_rows import WorkerReader, WorkerRow
from app.vacancies.minimum_wages import WageTable

#: Rows looked at before the header of a sheet is decided.
_LOOK_AHEAD = 240
#: How often progress is told, in data rows.
_TELL_EVERY = 1_000
Progress = Callable[[int], None]


@dataclass(slots=True)  # nobody changes one, yet making 100,000 frozen ones takes three times as long
class RowReading:
    """One data row: what became of its words."""

    #: The sheet's own number; 1 is its first line. For JSON the position in the list.
    number: int
    sheet: str
    #: Which sheet, from 0.
    sheet_index: int
    #: The cells as read, columns that may not be kept blanked.
    raw: tuple[Cell, ...]
    #: None when a problem blocks the row.
    worker: WorkerRow | None
    #: Empty when a problem blocks the row; several when it names several jobs.
    vacancies: tuple[VacancyRow, ...]
    problems: tuple[Problem, ...]

    @property
    def is_rejected(self) -> bool:
        """Whether the row cannot be stored."""
        return self.worker is None and not self.vacancies

    @property
    def is_duplicate(self) -> bool:
        """Whether it is rejected for repeating an ID number of this file and for nothing else."""
        return {problem.code for problem in self.problems if problem.blocks} == {"duplicate_in_list"}


@dataclass(slots=True)
class SheetReading:
    """One sheet: where its header stands, how many data rows; `skipped` says why nothing was read."""

    name: str
    index: int
    #: Lines of the header, counted from 1; (0, 0) when it has none of its own.
    header_rows: tuple[int, int] = (0, 0)
    columns: tuple[Column, ...] = ()
    rows: int = 0
    #: Lines that are no data, by kind: blank, total, signature, note, header, title.
    other_lines: Counter[str] = field(default_factory=Counter)
    #: "", "hidden" or "no_header".
    skipped: str = ""

    def as_dict(self) -> dict[str, object]:
        """For the preview."""
        return {
            "name": self.name,
            "header_rows": list(self.header_rows),
            "rows": self.rows,
            "other_lines": dict(self.other_lines),
            "skipped": self.skipped,
        }


class ListReader:
    """Iterate it once for the rows; `sheets`, `columns`, `rows` are complete when the iteration ends."""

    def __init__(
        self,
        events: Iterator[SheetStart | list[Row]],
        *,
        kind: ListKind,
        read_row: Callable[[RowCells], tuple[WorkerRow | None, tuple[VacancyRow, ...]]],
        overrides: Mapping[str, str | None],
        progress: Progress | None,
        limits: Limits,
        keep: KeptCopy | None,
        given: frozenset[str],
    ) -> None:
        self._given = given
        self._keep = keep
        self._events = events
        self._kind: ListKind = kind
        self._other: ListKind = "vacancy" if kind == "worker" else "worker"
        #: A sheet was left out because it is a list of the other kind.
        self._is_of_other_kind = False
        self._read_row = read_row
        self._overrides = overrides
        self._progress = progress
        self._limits = limits
        self.sheets: list[SheetReading] = []
        #: The data row before, for cells that say 同上.
        self._above: Row = []
        #: Data rows so far.
        self.rows = 0

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns of all sheets, each header once."""
        found: dict[str, Column] = {}
        for sheet in self.sheets:
            for column in sheet.columns:
                if column.header or column.field:
                    found.setdefault(column.header, column)
        return tuple(found.values())

    @property
    def missing_columns(self) -> tuple[Field, ...]:
        """Required fields no column was found for."""
        have = {*self._given, *(column.field for column in self.columns)}
        return tuple(field for field in required_fields(self._kind) if field.name not in have)

    def __iter__(self) -> Iterator[RowReading]:
        for start, rows in sheets_of(self._events):
            yield from self._sheet(start, rows)
        if not any(sheet.columns for sheet in self.sheets):
            raise FileRefused(f"looks_like_{self._other}" if self._is_of_other_kind else "no_header")
        if not self.rows:
            raise FileRefused("no_rows")
        if self._progress:
            self._progress(self.rows)

    def _sheet(self, start: SheetStart, rows: Iterator[Row]) -> Iterator[RowReading]:
        sheet = SheetReading(start.name, len(self.sheets))
        self.sheets.append(sheet)
        if self._keep:
            self._keep.sheet(start)
        if not start.visible:
            sheet.skipped = "hidden"
            return
        ahead = [row for _, row in zip(range(_LOOK_AHEAD), rows, strict=False)]
        after = self._understand(start, sheet, ahead)
        if sheet.skipped:
            for row in _chained(ahead, rows):
                self._kept(tuple(row))
            return
        self._above = []
        plan = Plan(self._kind, start.name, sheet.columns, start.uncached)
        sorter = LineSorter(sheet.columns)
        number = after
        for row in ahead[:after]:
            self._kept(tuple(row))
        for row in _chained(ahead[after:], rows):
            number += 1
            kind = sorter.sort(row)
            # before anything else sees the row: these cells are never understood, only named
            for place in plan.blanked:
                if place < len(row):
                    row[place] = ""
            if kind == "data":
                yield self._one(plan, sheet, number, row)
            else:
                sheet.other_lines[kind] += 1
            self._kept(tuple(row))

    def _kept(self, cells: tuple[Cell, ...]) -> None:
        if self._keep:
            self._keep.line(cells)

    def _one(self, plan: Plan, sheet: SheetReading, number: int, row: Row) -> RowReading:
        self.rows += 1
        sheet.rows += 1
        if self.rows > self._limits.rows:
            raise FileRefused("too_many_rows")
        if self._progress and self.rows % _TELL_EVERY == 0:
            self._progress(self.rows)
        self._above = _as_above(plan, row, self._above) if "同上" in row or "〃" in row else row
        cells = RowCells(plan, number, self._above)
        worker, vacancies = self._read_row(cells)
        return RowReading(number, plan.sheet, sheet.index, tuple(row), worker, vacancies, tuple(cells.problems))

    def _understand(self, start: SheetStart, sheet: SheetReading, ahead: list[Row]) -> int:
        """Find the sheet's header and columns; gives how many of the rows ahead come before the data."""
        if start.header is not None:
            labels = [(name,) for name in start.header]
            sheet.columns = map_columns(self._kind, labels, ahead, self._overrides)
            return 0
        header = find_header(self._kind, ahead, self._overrides)
        if not self._overrides and self._is_other(header, ahead):
            self._is_of_other_kind = True
            header = None
        if header is not None:
            sheet.columns, sheet.header_rows = header.columns, (header.first + 1, header.end)
            return header.end
        before = next((other.columns for other in reversed(self.sheets[:-1]) if other.columns), ())
        if before and _continues(before, ahead):
            sheet.columns = before
            return 0
        sheet.skipped = "no_header"
        return 0

    def _is_other(self, header: Header | None, ahead: list[Row]) -> bool:
        """Whether the sheet has every column that the other kind of list needs, and not those that this kind needs."""
        found = {column.field for column in header.columns} if header else set()
        if {field.name for field in required_fields(self._kind)} <= {*found, *self._given}:
            return False
        other = find_header(self._other, ahead, {})
        there = {column.field for column in other.columns} if other else set()
        return {field.name for field in required_fields(self._other)} <= there


def _continues(columns: tuple[Column, ...], rows: list[Row]) -> bool:
    """Whether a sheet without a header goes on with the columns of the one before: ID numbers stand in their column."""
    place = next((column.index for column in columns if column.field == "id_number"), None)
    if place is None:
        return False
    held = [as_text(row[place]) for row in rows[:10] if place < len(row) and row[place]]
    return any(len(text) >= 15 and text[:15].isdigit() for text in held)


def _as_above(plan: Plan, row: Row, above: Row) -> Row:
    """The row with 同上 and 〃 replaced by the cell above, but for what is each person's own."""
    return [
        above[i] if cell in ("同上", "〃") and i < len(above) and i not in plan.own else cell
        for i, cell in enumerate(row)
    ]


def _chained(ahead: list[Row], rows: Iterator[Row]) -> Iterator[Row]:
    yield from ahead
    yield from rows


def open_list(
    content: bytes,
    filename: str = "",
    *,
    kind: ListKind,
    division: str,
    today: date,
    places: Places,
    words: Words,
    wages: WageTable,
    columns: Mapping[str, str | None] | None = None,
    own: OwnCompany | None = None,
    progress: Progress | None = None,
    limits: Limits = DEFAULT,
    keep: KeptCopy | None = None,
    is_kept: bool = False,
) -> ListReader:
    """A reader over the file's rows. FileRefused may be raised at any point of the iteration.

    keep: takes the copy to be kept while the rows are read. is_kept: content is such a copy, not a foreign file.
    columns: the clerk's corrections, header → field ("home_address", "groups@监测对象", "not_kept", None: a remark).
    own: whose list it is when it has no column of employers (an employer posting its own vacancies).
    The file's name plays no part in how it is read.
    """
    check_overrides(kind, columns or {})
    workers = WorkerReader(division=division, today=today, places=places, words=words)
    vacancies = VacancyReader(division=division, today=today, places=places, words=words, wages=wages, own=own)

    def read_row(cells: RowCells) -> tuple[WorkerRow | None, tuple[VacancyRow, ...]]:
        return (workers.read(cells), ()) if kind == "worker" else (None, vacancies.read(cells))

    return ListReader(
        stream_kept(content) if is_kept else stream(content, limits),
        kind=kind,
        read_row=read_row,
        overrides=columns or {},
        progress=progress,
        limits=limits,
        keep=keep,
        given=frozenset(["employer"] if own else []),
    )


def check_overrides(kind: ListKind, columns: Mapping[str, str | None]) -> None:
    """ValueError naming the fields that this kind of list does not have."""
    known = {*FIELDS[kind], SERIAL, NOT_KEPT}
    wrong = sorted({name for name in columns.values() if name and name.partition("@")[0] not in known})
    if wrong:
        raise ValueError("、".join(wrong))
