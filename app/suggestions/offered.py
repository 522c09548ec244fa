"""The vacancies of the live market as they come and go: the engine's table, growing, and the ids behind its rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, overload
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from matching.tables import VacancyTable

_COLUMNS = tuple(VacancyTable.__dataclass_fields__)


class Ids(Sequence[UUID]):
    """Vacancy ids, 16 bytes each: as objects a million of them would take 100 MB."""

    def __init__(self, raw: NDArray[np.uint8]) -> None:
        self._raw = raw

    @classmethod
    def of(cls, ids: Sequence[UUID]) -> Ids:
        """From ids."""
        return cls(np.frombuffer(b"".join(one.bytes for one in ids), np.uint8).reshape(-1, 16))

    @property
    def raw(self) -> NDArray[np.uint8]:
        """uint8[n, 16]."""
        return self._raw

    def __len__(self) -> int:
        return len(self._raw)

    @overload
    def __getitem__(self, at: int) -> UUID: ...
    @overload
    def __getitem__(self, at: slice) -> Ids: ...
    def __getitem__(self, at: int | slice) -> UUID | Ids:
        return Ids(self._raw[at]) if isinstance(at, slice) else UUID(bytes=self._raw[at].tobytes())

    def __iter__(self) -> Iterator[UUID]:
        return (self[at] for at in range(len(self)))


class Offered:
    """Rows as the index numbers them. One writer; a table that was handed out keeps its length."""

    def __init__(self, columns: Mapping[str, NDArray[Any]], ids: NDArray[np.uint8], rows: int) -> None:
        self._columns = dict(columns)
        self._ids = ids
        self._rows = rows

    @classmethod
    def of(cls, table: VacancyTable, ids: Sequence[UUID]) -> Offered:
        """A table and the ids of its rows, with some room behind them."""
        offered = cls({name: getattr(table, name) for name in _COLUMNS}, Ids.of(ids).raw, len(table))
        offered._make_room(len(table) + len(table) // 32 + 64)
        return offered

    def arrays(self) -> tuple[dict[str, NDArray[Any]], NDArray[np.uint8]]:
        """Columns and ids with the room behind them: what a file keeps."""
        return self._columns, self._ids

    @property
    def table(self) -> VacancyTable:
        """All rows, closed ones included."""
        return VacancyTable.trusted(**{name: column[: self._rows] for name, column in self._columns.items()})

    @property
    def ids(self) -> Ids:
        """The vacancy behind each row."""
        return Ids(self._ids[: self._rows])

    def append(self, more: VacancyTable, ids: Sequence[UUID]) -> None:
        """Rows behind all others."""
        first, self._rows = self._rows, self._rows + len(more)
        self._make_room(self._rows)
        self._ids[first : self._rows] = Ids.of(ids).raw
        self._put(slice(first, self._rows), more)

    def replace(self, rows: NDArray[np.int64], newer: VacancyTable) -> None:
        """Newer versions of rows."""
        self._make_room(self._rows)
        self._put(rows, newer)

    def close(self, row: int) -> None:
        """A row that is no longer on the market."""
        self._make_room(self._rows)
        self._columns["open"][row] = False

    def _put(self, rows: slice | NDArray[np.int64], table: VacancyTable) -> None:
        width = table.skills.shape[1]
        if width > self._columns["skills"].shape[1]:
            wider = np.full((len(self._columns["skills"]), width), -1, np.int32)
            wider[:, : self._columns["skills"].shape[1]] = self._columns["skills"]
            self._columns["skills"] = wider
        for name, column in self._columns.items():
            if name == "skills":
                column[rows] = -1
                column[rows, :width] = table.skills
            else:
                column[rows] = getattr(table, name)

    def _make_room(self, rows: int) -> None:
        """Room for so many rows; what was mapped for reading only is copied at the first change."""
        if rows > len(self._ids):
            room = max(rows, len(self._ids) * 9 // 8)
            self._ids = _grown(self._ids, room)
            self._columns = {name: _grown(column, room) for name, column in self._columns.items()}
        for name, column in self._columns.items():
            if not column.flags.writeable:
                self._columns[name] = column.copy()


def _grown(column: NDArray[Any], room: int) -> NDArray[Any]:
    grown = np.zeros((room, *column.shape[1:]), column.dtype)
    grown[: len(column)] = column
    return grown
