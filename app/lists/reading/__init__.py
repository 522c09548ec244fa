"""Foreign files → sheets of rows. The file is opened in a child process with limits; rows come back as a stream.

`stream(content)` gives SheetStart and lists of rows in turn; `sheets_of(…)` each sheet with its rows.
"""

from app.lists.reading.limits import DEFAULT, Limits
from app.lists.reading.parent import Cell, Row, SheetStart, sheets_of, stream
from app.lists.reading.refusal import FileRefused

__all__ = [
    "DEFAULT",
    "Cell",
    "FileRefused",
    "Limits",
    "Row",
    "SheetStart",
    "sheets_of",
    "stream",
]
