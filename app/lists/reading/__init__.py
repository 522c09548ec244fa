"""Foreign files → sheets of rows. The file is opened in a child process with limits; rows come back as a stream.

`stream(content)` gives SheetStart and lists of rows in turn; `read_workbook(content)` collects them.
"""

from app.lists.reading.limits import DEFAULT, Limits
from app.lists.reading.parent import Cell, Row, Sheet, SheetStart, Workbook, read_workbook, stream
from app.lists.reading.refusal import FileRefused

__all__ = [
    "DEFAULT",
    "Cell",
    "FileRefused",
    "Limits",
    "Row",
    "Sheet",
    "SheetStart",
    "Workbook",
    "read_workbook",
    "stream",
]
