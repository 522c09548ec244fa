"""The clerk's own sheet as a page shows it: its lines with the cells that are wrong, and why."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from app.lists.clerk_sheet import LOOK_AHEAD, SheetProblem, columns_of
from app.lists.fields import ListKind
from app.lists.headers import OUR_COLUMN
from app.lists.kept import Place
from app.lists.problems import IN_PLACE
from app.lists.reading import Cell, Row, SheetStart, sheets_of
from app.lists.values.masking import mask

#: What is the same on every line of a sheet without the column.
_OF_A_COLUMN = ("missing_required", "no_consent")
#: A sheet of no more lines is shown whole.
SHORT = 60
#: Of a longer one these are shown besides those with a problem, so that the clerk recognises it.
FIRST_LINES = 8
#: Lines with problems shown of one list; problems.xlsx has all.
MOST_LINES = 200


class CodedProblem(SheetProblem, Protocol):
    """A problem that also says which one it is."""

    @property
    def code(self) -> str: ...


@dataclass(frozen=True)
class ShownCell:
    """One cell, and what is wrong with it: nothing, a warning, or what keeps the row out."""

    text: str
    #: Its column, from 0.
    column: int
    blocks: bool = False
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class ShownLine:
    """One line of the sheet under its own number; `words` is what is wrong with the line as a whole."""

    row: int
    cells: tuple[ShownCell, ...]
    words: tuple[str, ...] = ()
    blocks: bool = False


@dataclass
class ShownSheet:
    """A sheet: its headers and the lines worth showing."""

    name: str
    headers: tuple[str, ...]
    lines: list[ShownLine] = field(default_factory=list)
    #: Lines with problems that are not shown here, and all others.
    left_out: int = 0
    unshown: int = 0
    #: Of each needed column that the sheet does not have: what to do. Said once, not on each line.
    missing: tuple[str, ...] = ()


def shown_sheets(
    events: Iterable[SheetStart | list[Row]],
    problems: Sequence[CodedProblem],
    *,
    kind: ListKind,
    overrides: Mapping[str, str | None],
    english: bool,
    is_masked: bool = False,
) -> list[ShownSheet]:
    """The sheets of a kept copy (events of `stream_kept`) with their first lines and those with problems; masked:
    without the digits of ID numbers and phones."""
    by_row: dict[tuple[str, int], list[CodedProblem]] = {}
    for problem in problems:
        by_row.setdefault((problem.sheet, problem.row), []).append(problem)
    sheets = []
    for start, rows in sheets_of(events):
        if start.visible:
            sheets.append(_sheet(start, list(rows), by_row, kind, overrides, english))
    return [_with_cells(sheet, _masked if is_masked else _to_type_into) for sheet in sheets]


def differing(events: Iterable[SheetStart | list[Row]], said: Mapping[Place, str]) -> dict[Place, str]:
    """Those of the words said for cells that are not what the cell shows already."""
    lines = {(sheet, row) for sheet, row, _ in said}
    shown = {
        (start.name, number, at): _text(cell)
        for start, rows in sheets_of(events)
        for number, row in enumerate(rows, 1)
        if (start.name, number) in lines
        for at, cell in enumerate(row)
    }
    return {place: words for place, words in said.items() if place in shown and words != shown[place].strip()}


def _with_cells(sheet: ShownSheet, change: Callable[[ShownCell], ShownCell]) -> ShownSheet:
    lines = [replace(line, cells=tuple(map(change, line.cells))) for line in sheet.lines]
    return replace(sheet, lines=lines)


def _masked(cell: ShownCell) -> ShownCell:
    return replace(cell, text=mask(cell.text))


def _to_type_into(cell: ShownCell) -> ShownCell:
    """The uploader's own: no advice for Excel, no number covered that stands in the cell."""
    return replace(cell, words=tuple(_in_place(words, cell.text) for words in cell.words))


def _in_place(words: str, text: str) -> str:
    for advice, instead in IN_PLACE.items():
        words = words.replace(advice, instead)
    covered = mask(text)
    return words.replace(covered, text) if covered else words


def _sheet(
    start: SheetStart,
    rows: list[Row],
    by_row: Mapping[tuple[str, int], Sequence[CodedProblem]],
    kind: ListKind,
    overrides: Mapping[str, str | None],
    english: bool,
) -> ShownSheet:
    columns, head = columns_of(start, rows[:LOOK_AHEAD], kind, overrides)
    ours = [column for column in columns if column.header != OUR_COLUMN]
    sheet = ShownSheet(start.name, tuple(column.header for column in ours))
    places = {column.header: column.index for column in reversed(columns)}
    wrong = [number for number in range(head + 1, len(rows) + 1) if (start.name, number) in by_row]
    first = SHORT if len(rows) - head <= SHORT else FIRST_LINES
    shown = sorted({*range(head + 1, min(head + first, len(rows)) + 1), *wrong[:MOST_LINES]})
    sheet.left_out = max(0, len(wrong) - MOST_LINES)
    sheet.unshown = len(rows) - head - len({*shown, *wrong})
    at = [column.index for column in ours]
    absent = [[p for p in by_row[start.name, number] if _is_absent(p, places)] for number in wrong]
    sheet.missing = tuple(dict.fromkeys(words for found in absent for words in _messages(found, english)))
    sheet.lines = [
        _line(number, rows[number - 1], by_row.get((start.name, number), ()), places, at, english)
        for number in shown
        if any(cell not in (None, "") for cell in rows[number - 1])
    ]
    return sheet


def _line(
    number: int,
    row: Row,
    problems: Sequence[CodedProblem],
    places: Mapping[str, int],
    columns: Sequence[int],
    english: bool,
) -> ShownLine:
    words: dict[int, list[CodedProblem]] = {}
    for problem in problems:
        words.setdefault(places.get(problem.column, -1), []).append(problem)
    cells = tuple(_cell(row[at] if at < len(row) else None, at, words.get(at, ()), english) for at in columns)
    of_line = words.get(-1, ())
    said = [problem for problem in of_line if not _is_absent(problem, places)]
    return ShownLine(number, cells, _messages(said, english), any(problem.blocks for problem in of_line))


def _is_absent(problem: CodedProblem, places: Mapping[str, int]) -> bool:
    """Whether it says that the sheet lacks a column, as it does on every line."""
    return problem.code in _OF_A_COLUMN and problem.column not in places


def _cell(cell: Cell, column: int, problems: Sequence[SheetProblem], english: bool) -> ShownCell:
    return ShownCell(_text(cell), column, any(problem.blocks for problem in problems), _messages(problems, english))


def _text(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "是" if cell else "否"
    return f"{cell:.0f}" if isinstance(cell, float) and cell.is_integer() else str(cell)


def _messages(problems: Sequence[SheetProblem], english: bool) -> tuple[str, ...]:
    return tuple(problem.message_en if english else problem.message_zh for problem in problems)
