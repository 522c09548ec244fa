"""A page's table as a workbook: dated, its first line fixed, its columns as wide as their words."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO

import xlsxwriter
from starlette.responses import Response

from app.db.base import today
from app.lists.clerk_sheet import safe_text
from app.lists.routes import workbook

_LEAST, _MOST = 10, 60


def table_workbook(
    name: str, heads: Sequence[str], rows: Sequence[Sequence[str | float | None]], *, note: str = ""
) -> Response:
    """The answer that the browser saves as NAME-DAY.xlsx; the note stands below the table."""
    target = BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_formulas": False}) as book:
        sheet = book.add_worksheet()
        sheet.freeze_panes(1, 0)
        sheet.write_row(0, 0, heads, book.add_format({"bold": True, "bg_color": "#D9E1F2"}))
        for at, row in enumerate(rows, 1):
            sheet.write_row(at, 0, [safe_text(cell) if isinstance(cell, str) else cell for cell in row])
        if note:
            sheet.write_string(len(rows) + 2, 0, safe_text(note))
        for column, head in enumerate(heads):
            widest = max(_width(cell) for cell in (head, *(row[column] for row in rows)))
            sheet.set_column(column, column, min(max(widest + 2, _LEAST), _MOST))
    return workbook(target.getvalue(), f"{name}-{today():%Y%m%d}.xlsx")


def _width(cell: str | float | None) -> int:
    """In digits: a Chinese letter is as wide as two."""
    return sum(2 if char > "\u2e80" else 1 for char in str(cell or ""))
