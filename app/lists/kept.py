"""The copy of a list that is kept: every line as read, columns that may not be kept blanked, in our own compact form.

Written while the list is read, read again for a corrected column mapping and for problems.xlsx. It is our own writing
and comes back from our own ciphertext only: an upload never reaches `stream_kept`.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import orjson

from app.lists.reading import Row, SheetStart

_LINES_A_PIECE = 500


class KeptCopy:
    """Takes a list's sheets and lines in their order; `finish` gives the bytes."""

    def __init__(self) -> None:
        self._packer = zlib.compressobj(1)
        self._pieces: list[bytes] = []
        self._lines: list[tuple[Any, ...]] = []

    def sheet(self, start: SheetStart) -> None:
        """A sheet begins."""
        self._flush()
        self._write(
            {
                "sheet": start.name,
                "header": start.header,
                "visible": start.visible,
                "uncached": [list(cell) for cell in start.uncached],
            }
        )

    def line(self, cells: tuple[Any, ...]) -> None:
        """The next line of the sheet, data or not."""
        self._lines.append(cells)
        if len(self._lines) == _LINES_A_PIECE:
            self._flush()

    def finish(self) -> bytes:
        """The whole copy; nothing may be added afterwards."""
        self._flush()
        self._pieces.append(self._packer.flush())
        return b"".join(self._pieces)

    def _flush(self) -> None:
        if self._lines:
            self._write(self._lines)
            self._lines = []

    def _write(self, value: Any) -> None:
        self._pieces.append(self._packer.compress(orjson.dumps(value) + b"\n"))


def stream_kept(kept: bytes) -> Iterator[SheetStart | list[Row]]:
    """The same events as reading.stream, from a kept copy."""
    unpacker = zlib.decompressobj()
    rest = b""
    for at in range(0, len(kept), 1 << 16):
        *lines, rest = (rest + unpacker.decompress(kept[at : at + (1 << 16)])).split(b"\n")
        yield from map(_event, lines)
    yield from map(_event, (line for line in (rest + unpacker.flush()).split(b"\n") if line))


#: A cell of a kept copy: sheet, row (1 is its first line), column (from 0).
Place = tuple[str, int, int]


def rewritten(kept: bytes, said: Mapping[Place, str]) -> bytes:
    """The copy with other words in some of its cells."""
    copy, sheet, number = KeptCopy(), "", 0
    for event in stream_kept(kept):
        if isinstance(event, SheetStart):
            sheet, number = event.name, 0
            told = {(row - 1, column) for name, row, column in said if name == sheet}
            copy.sheet(replace(event, uncached=event.uncached - told))
            continue
        for row in event:
            number += 1
            copy.line(tuple(said.get((sheet, number, at), cell) for at, cell in enumerate(row)))
    return copy.finish()


def _event(line: bytes) -> SheetStart | list[Row]:
    value: Any = orjson.loads(line)
    if isinstance(value, list):
        return value
    header = value["header"]
    return SheetStart(
        value["sheet"],
        None if header is None else tuple(header),
        value["visible"],
        frozenset((row, column) for row, column in value["uncached"]),
    )
