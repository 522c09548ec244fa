"""A data row seen through its columns: texts by field, and the problems found in it."""

from __future__ import annotations

from collections.abc import Sequence

from app.lists.fields import FIELDS, ListKind
from app.lists.headers import Column, unit_of_header
from app.lists.problems import BLOCKING, WARNING_REASONS, Problem
from app.lists.reading import Cell, Row
from app.lists.values.masking import mask, mask_id
from app.lists.values.text import as_text

#: Address levels from the widest; a column with the whole address comes last.
_LEVELS = ("province", "prefecture", "county", "township", "village", "group", "")


class Plan:
    """The columns of one sheet, by field."""

    def __init__(
        self,
        kind: ListKind,
        sheet: str,
        columns: Sequence[Column],
        uncached: frozenset[tuple[int, int]] = frozenset(),
    ) -> None:
        self.kind = kind
        self.sheet = sheet
        self.columns = tuple(columns)
        #: Cells (row number, column) whose formula has no stored value.
        self.uncached = frozenset((row + 1, column) for row, column in uncached)
        self.by_field: dict[str, tuple[Column, ...]] = {}
        for column in columns:
            if column.field is not None:
                self.by_field[column.field] = (*self.by_field.get(column.field, ()), column)
        #: Columns whose words are kept as remarks: place and header.
        self.remarks = tuple(
            (column.index, column.header)
            for column in columns
            if column.header and (column.field == "remarks" or (column.field is None and column.how != "not_kept"))
        )
        self.blanked = frozenset(column.index for column in columns if column.how == "not_kept")
        #: Columns in which 同上 means nothing: names, numbers, phones.
        self.own = frozenset(
            column.index for column in columns if column.field in ("name", "id_number", "phone", "external_ref")
        )
        self.units = {column.index: unit_of_header(column.header) for column in columns}
        self.longest = {name: field.longest for name, field in FIELDS[kind].items()}
        #: Fields fed by one column → its place, and how long its text may be.
        self.single = {
            name: (found[0].index, self.longest.get(name, 300))
            for name, found in self.by_field.items()
            if len(found) == 1
        }

    def header(self, field: str, part: str | None = None) -> str:
        """The header of the field's first column, or its label when the sheet has none."""
        for column in self.by_field.get(field, ()):
            if part is None or column.part == part:
                return column.header
        return FIELDS[self.kind][field].label if field in FIELDS[self.kind] else field


class RowCells:
    """One row while it is read."""

    __slots__ = ("number", "plan", "problems", "row")

    def __init__(self, plan: Plan, number: int, row: Row) -> None:
        self.plan = plan
        self.number = number
        self.row = row
        self.problems: list[Problem] = []

    @property
    def is_blocked(self) -> bool:
        return any(problem.blocks for problem in self.problems)

    def at(self, column: Column) -> Cell:
        """The cell of a column; None beyond the row's end."""
        return self.row[column.index] if column.index < len(self.row) else None

    def cell(self, field: str, part: str | None = None) -> Cell:
        """The first cell of a field (of one of its parts)."""
        for column in self.plan.by_field.get(field, ()):
            if part is None or column.part == part:
                return self.at(column)
        return None

    def text(self, field: str) -> str:
        """The field's words, of several columns joined by 、; "" when blank. Too long a text is a problem."""
        plan = self.plan
        alone = plan.single.get(field)
        if alone is not None:
            place, longest = alone
            cell = self.row[place] if place < len(self.row) else None
            if cell is None or cell == "":
                text = ""
            else:
                text = cell if isinstance(cell, str) and cell.isalnum() else as_text(cell)
            if len(text) <= longest and (text or not plan.uncached):
                return text
            columns = plan.by_field[field]
        else:
            if field not in plan.by_field:
                return ""
            columns = plan.by_field[field]
            text = "、".join(dict.fromkeys(words for column in columns if (words := as_text(self.at(column)))))
        longest = plan.longest.get(field, 300)
        if len(text) > longest:
            self.report(field, "too_long", text, extra=str(longest))
            return text[:longest]
        if not text and plan.uncached:
            self._formula(field, columns)
        return text

    def address(self, field: str) -> str:
        """An address out of one column or of several levels; a level the whole address already names is left out."""
        columns = self.plan.by_field.get(field)
        if columns is None or len(columns) == 1:
            return self.text(field)
        by_level = {column.part: as_text(self.at(column)) for column in columns}
        whole = by_level.get("", "")
        upper = [by_level.get(level, "") for level in _LEVELS[:-1]]
        missing = "".join(name for name in upper if name and name not in whole)
        has_upper = any(mark in whole for mark in ("省", "州", "市", "县", "区"))
        text = whole + missing if has_upper else missing + whole
        if len(text) > self.plan.longest[field]:
            self.report(field, "too_long", text, extra=str(self.plan.longest[field]))
        return text[: self.plan.longest[field]]

    def remarks(self) -> dict[str, str]:
        """Words of remark columns and of columns nobody knew, by header."""
        found, row = {}, self.row
        for place, header in self.plan.remarks:
            cell = row[place] if place < len(row) else None
            if cell != "" and (text := as_text(cell)):
                found[header] = text if len(text) <= 2000 else text[:2000]
        return found

    def report(
        self,
        field: str,
        reason: str,
        value: str = "",
        *,
        blocks: bool | None = None,
        column: str | None = None,
        extra: str = "",
        extra_en: str = "",
    ) -> None:
        """Add a problem at the field's column; whether it blocks follows from the code unless said."""
        if blocks is None:
            blocks = reason.partition(".")[0] in BLOCKING and reason not in WARNING_REASONS
        shown = mask_id(value) if field == "id_number" else mask(value)
        where = self.plan.header(field) if column is None else column
        if any((known.column, known.reason, known.value) == (where, reason, shown) for known in self.problems):
            return
        self.problems.append(Problem(self.number, self.plan.sheet, where, reason, shown, blocks, extra, extra_en))

    def missing(self, field: str) -> None:
        """Report a blank required field, with the reason it is blank."""
        columns = self.plan.by_field.get(field, ())
        if not columns:
            self.report(field, "missing_required.no_column")
        elif any((self.number, column.index) in self.plan.uncached for column in columns):
            self.report(field, "missing_required.formula")
        else:
            self.report(field, "missing_required")

    def _formula(self, field: str, columns: tuple[Column, ...]) -> None:
        known = FIELDS[self.plan.kind].get(field)
        if known is None or known.required:
            return
        if any((self.number, column.index) in self.plan.uncached for column in columns):
            self.report(field, "formula_no_value")
