"""The process that opens foreign files: run as `python -m app.lists.reading.child`, with limits on memory and time.

Standard input: one JSON line of limits, then the file. Standard output, one JSON value a line:
{"sheet": name, "header": [...] or null, "visible": bool, "merged": [[row, last row, column], ...], "uncached":
[[row, column], ...]}, then [[cell, ...], ...] in pieces of 500 rows, ..., and at last {"end": true} or
{"refused": code, "value": text}.
Imports only what it needs; nothing of the product beyond this folder.
"""

from __future__ import annotations

import io
import re
import resource
import sys
import zipfile
from typing import Any, BinaryIO

import orjson
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError, SheetVisibleEnum

from app.lists.reading.compound import MAGIC as COMPOUND
from app.lists.reading.compound import check_compound
from app.lists.reading.limits import MARGIN_ROWS, Limits
from app.lists.reading.package import check_package
from app.lists.reading.refusal import FileRefused
from app.lists.reading.texts import csv_rows, decode, json_rows

_ROWS_A_PIECE = 500
_SIGNATURES = (
    (b"%PDF", "PDF"), (b"\x89PNG", "图片 image"), (b"\xff\xd8\xff", "图片 image"), (b"GIF8", "图片 image"),
    (b"Rar!", "rar 压缩包"), (b"7z\xbc\xaf", "7z 压缩包"), (b"\x1f\x8b", "gzip 压缩包"), (b"MZ", "程序 program"),
    (b"{\\rtf", "RTF 文档"), (b"SQLite format", "SQLite"), (b"BM", "图片 image"), (b"RIFF", "媒体文件 media"),
)  # fmt: skip
_MARKUP = re.compile(rb"^\s*(?:<\?xml|<!doctype|<html|<table|<meta|<head|<!--)", re.IGNORECASE)


def main(source: BinaryIO, target: BinaryIO) -> None:
    """Read one file from source and write its rows, or why it is refused, to target."""
    limits = Limits(**orjson.loads(source.readline()))
    _restrict(limits)
    content = source.read(limits.file_bytes + 1)
    try:
        _read(content, limits, target)
        _write(target, {"end": True})
    except FileRefused as refused:
        _write(target, {"refused": refused.code, "value": refused.value})
    except MemoryError:
        _write(target, {"refused": "too_much_work", "value": ""})
    target.flush()


def _restrict(limits: Limits) -> None:
    """No core files, bounded memory and CPU; exceeding them ends this process, which the parent reports."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (int(limits.cpu_seconds), int(limits.cpu_seconds) + 1))
    if sys.platform == "linux":
        resource.setrlimit(resource.RLIMIT_AS, (int(limits.memory_bytes), int(limits.memory_bytes)))


def _read(content: bytes, limits: Limits, target: BinaryIO) -> None:
    if not content.strip(b" \t\r\n\xef\xbb\xbf"):
        raise FileRefused("empty_file")
    if len(content) > limits.file_bytes:
        raise FileRefused("too_large")
    if content.startswith(b"PK"):
        _read_workbook(content, limits, target, check_package(content, limits).uncached)
    elif content.startswith(COMPOUND):
        check_compound(content)
        _read_workbook(content, limits, target, {})
    else:
        _read_text(content, limits, target)


def _read_text(content: bytes, limits: Limits, target: BinaryIO) -> None:
    for signature, kind in _SIGNATURES:
        if content.startswith(signature):
            raise FileRefused("not_a_list", kind)
    if _MARKUP.match(content.removeprefix(b"\xef\xbb\xbf")):
        raise FileRefused("other_spreadsheet", "HTML / XML")
    text = decode(content)
    if text.lstrip("\ufeff \t\r\n")[:1] in ("{", "["):
        header, rows = json_rows(text.lstrip("\ufeff"), limits)
        _write(target, _sheet("JSON", header=header))
        _write_rows(target, iter(rows))
    else:
        _write(target, _sheet("CSV"))
        _write_rows(target, csv_rows(text.lstrip("\ufeff"), limits))


def _read_workbook(content: bytes, limits: Limits, target: BinaryIO, uncached: dict[str, list[str]]) -> None:
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(content)) as workbook:
            parts = _sheet_parts(content) if uncached else {}
            rows = 0
            for meta in workbook.sheets_metadata:
                blanks = uncached.get(parts.get(meta.name, ""), [])
                rows += _read_sheet(workbook, meta.name, meta.visible, limits, target, blanks)
                if rows > limits.rows + MARGIN_ROWS:
                    raise FileRefused("too_many_rows")
    except PasswordError as error:
        raise FileRefused("encrypted") from error
    except (CalamineError, ValueError, OSError, UnicodeError) as error:
        raise FileRefused("broken_file") from error
    except FileRefused:
        raise
    except BaseException as error:  # the Rust reader panics on some damaged files, which is no Exception
        if isinstance(error, KeyboardInterrupt | SystemExit | MemoryError):
            raise
        raise FileRefused("broken_file") from error


def _read_sheet(
    workbook: CalamineWorkbook,
    name: str,
    visible: SheetVisibleEnum,
    limits: Limits,
    target: BinaryIO,
    uncached: list[str],
) -> int:
    """Write one sheet; gives the number of its rows. Chart sheets and the like are none."""
    try:
        sheet = workbook.get_sheet_by_name(name)
    except (CalamineError, ValueError):
        return 0
    if sheet.total_height > limits.rows + MARGIN_ROWS:
        raise FileRefused("too_many_rows")
    if sheet.total_width > limits.columns:
        raise FileRefused("too_many_columns")
    left = sheet.start[1] if sheet.start else 0  # iter_rows leaves out empty columns on the left, not empty rows
    shown = visible == SheetVisibleEnum.Visible
    _write(target, _sheet(name, visible=shown, merged=_vertical(sheet, left), uncached=_places(uncached, left)))
    _write_rows(target, iter(sheet.iter_rows()))
    return sheet.total_height


def _vertical(sheet: CalamineSheet, left: int) -> list[list[int]]:
    """Merged ranges of one column and several rows as [row, last row, column], counted from 0; at most 50,000."""
    ranges = sheet.merged_cell_ranges or []
    return [
        [top, bottom, first - left]
        for (top, first), (bottom, last) in ranges[:50_000]
        if first == last and bottom > top and first >= left
    ]


def _places(cells: list[str], left: int) -> list[list[int]]:
    """B7 → [6, 1 - left]: row and column counted from 0."""
    found = []
    for cell in cells:
        letters = cell.rstrip("0123456789")
        column = 0
        for letter in letters:
            column = column * 26 + ord(letter) - 64
        found.append([int(cell[len(letters) :]) - 1, column - 1 - left])
    return found


def _sheet_parts(content: bytes) -> dict[str, str]:
    """Sheet name -> its part in the package."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        relations = package.read("xl/_rels/workbook.xml.rels").decode("utf-8", "replace")
        book = package.read("xl/workbook.xml").decode("utf-8", "replace")
    targets = {}
    for relation in re.findall(r"<Relationship [^>]*>", relations):
        where, key = re.search(r'Target="([^"]*)"', relation), re.search(r'Id="([^"]*)"', relation)
        if where and key:
            targets[key[1]] = "xl/" + where[1].removeprefix("/xl/").removeprefix("xl/")
    found = {}
    for tag in re.findall(r"<sheet [^>]*>", book):
        name, key = re.search(r'name="([^"]*)"', tag), re.search(r'r:id="([^"]*)"', tag)
        if name and key:
            found[_unescaped(name[1])] = targets.get(key[1], "")
    return found


def _unescaped(text: str) -> str:
    for escaped, char in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&apos;", "'"), ("&amp;", "&")):
        text = text.replace(escaped, char)
    return text


def _sheet(
    name: str,
    *,
    header: list[Any] | None = None,
    visible: bool = True,
    merged: list[list[int]] | None = None,
    uncached: list[list[int]] | None = None,
) -> dict[str, Any]:
    return {
        "sheet": name,
        "header": header,
        "visible": visible,
        "merged": merged or [],
        "uncached": uncached or [],
    }


def _write_rows(target: BinaryIO, rows: Any) -> None:
    piece = []
    for row in rows:
        piece.append(row)
        if len(piece) == _ROWS_A_PIECE:
            _write(target, piece)
            piece = []
    if piece:
        _write(target, piece)


def _write(target: BinaryIO, value: Any) -> None:
    target.write(orjson.dumps(value, default=str))
    target.write(b"\n")


if __name__ == "__main__":
    main(sys.stdin.buffer, sys.stdout.buffer)
