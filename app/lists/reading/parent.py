"""This side of the reading child: starts it, feeds it the file, and takes its rows with a limit on silence."""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from app.lists.reading.limits import DEFAULT, Limits
from app.lists.reading.refusal import FileRefused

Cell = str | int | float | bool | None
Row = list[Cell]
_ROOT = Path(__file__).resolve().parents[3]
_PIECE = 1 << 18


@dataclass(frozen=True, slots=True)
class SheetStart:
    """A sheet begins; its rows follow, the first with number 1."""

    name: str
    #: JSON lists bring their header; in other files it is a line of the sheet.
    header: tuple[str, ...] | None = None
    visible: bool = True
    #: Cells (row, column counted from 0) whose formula has no stored value.
    uncached: frozenset[tuple[int, int]] = frozenset()


def sheets_of(events: Iterable[SheetStart | list[Row]]) -> Iterator[tuple[SheetStart, Iterator[Row]]]:
    """Each sheet with its rows; every sheet's rows are taken before the next one is asked for."""
    waiting: list[SheetStart] = []
    flow = iter(events)

    def rows() -> Iterator[Row]:
        for event in flow:
            if isinstance(event, SheetStart):
                waiting.append(event)
                return
            yield from event

    for event in flow:
        if isinstance(event, SheetStart):
            waiting.append(event)
        while waiting:
            of_sheet = rows()
            yield waiting.pop(), of_sheet
            for _ in of_sheet:
                pass


def stream(content: bytes, limits: Limits = DEFAULT) -> Iterator[SheetStart | list[Row]]:
    """SheetStart, then its rows in pieces, then the next sheet …; FileRefused at whatever point it turns out.

    Cells of vertically merged ranges all carry the range's value.
    """
    if not content:
        raise FileRefused("empty_file")
    if len(content) > limits.file_bytes:
        raise FileRefused("too_large")
    merged = _Merged([])
    for event in _events(content, limits):
        if isinstance(event, list):
            yield merged.fill(event)
        elif "sheet" in event:
            merged = _Merged(event["merged"])
            header = event["header"]
            yield SheetStart(
                event["sheet"],
                None if header is None else tuple(str(name) for name in header),
                event["visible"],
                frozenset((row, column) for row, column in event["uncached"]),
            )
        elif "refused" in event:
            raise FileRefused(event["refused"], event["value"])
        else:
            return
    raise FileRefused("too_much_work")  # the child ended before its closing line: killed by its limits


def _events(content: bytes, limits: Limits) -> Iterator[list[Row] | dict[str, Any]]:
    child = subprocess.Popen(
        [sys.executable, "-m", "app.lists.reading.child"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=_ROOT,
        env={"PYTHONPATH": str(_ROOT), "PYTHONDONTWRITEBYTECODE": "1", "LC_ALL": "C.UTF-8"},
    )
    try:
        _feed(child, content, limits)
        for line in _lines(child, limits.silence_seconds):
            yield orjson.loads(line)
    finally:
        child.kill()
        if child.stdout:
            child.stdout.close()
        child.wait()


def _feed(child: subprocess.Popen[bytes], content: bytes, limits: Limits) -> None:
    """The child reads all of its input before it writes, so a plain write cannot lock."""
    if child.stdin is None:
        return
    try:
        child.stdin.write(json.dumps(limits.as_dict()).encode() + b"\n")
        child.stdin.write(content)
        child.stdin.close()
    except BrokenPipeError:
        child.stdin = None


def _lines(child: subprocess.Popen[bytes], silence: float) -> Iterator[bytes]:
    if child.stdout is None:
        return
    handle = child.stdout.fileno()
    poll = select.poll()
    poll.register(handle, select.POLLIN | select.POLLHUP)
    pieces: list[bytes] = []
    while True:
        if not poll.poll(silence * 1000):
            raise FileRefused("too_much_work")
        piece = os.read(handle, _PIECE)
        if not piece:
            return
        *whole, rest = piece.split(b"\n")
        for line in whole:
            pieces.append(line)
            yield b"".join(pieces)
            pieces.clear()
        if rest:
            pieces.append(rest)


class _Merged:
    """Gives every cell of a vertically merged range the value that the file keeps in its first cell only."""

    def __init__(self, ranges: list[list[int]]) -> None:
        self._starting: dict[int, list[tuple[int, int]]] = {}
        for top, bottom, column in ranges:
            self._starting.setdefault(top, []).append((bottom, column))
        self._open: dict[int, tuple[int, Cell]] = {}
        self._row = 0

    def fill(self, rows: list[Row]) -> list[Row]:
        """The next rows of the sheet, filled in place."""
        if not self._starting:
            return rows
        for row in rows:
            for bottom, column in self._starting.get(self._row, ()):
                if column < len(row):
                    self._open[column] = (bottom, row[column])
            for column, (bottom, value) in list(self._open.items()):
                if self._row > bottom:
                    del self._open[column]
                elif column < len(row) and row[column] in ("", None):
                    row[column] = value
            self._row += 1
        return rows
