"""CSV and JSON: which encoding, which delimiter, which rows. Strict where being lenient would shift columns."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from typing import Any

from app.lists.reading.limits import MARGIN_ROWS, Limits
from app.lists.reading.refusal import FileRefused

Row = list[Any]
_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_DDE = re.compile(r"^[=+\-@]\s*[A-Za-z][\w.]{0,30}\|.{0,200}!", re.DOTALL | re.ASCII)
_LIST_NAMES = (
    "vacancies", "workers", "items", "rows", "data", "list", "records", "jobs", "positions",
    "岗位", "岗位列表", "岗位清单", "人员", "人员列表", "人员清单", "劳动力", "数据", "列表",
)  # fmt: skip
LONGEST_CELL = 20_000


def decode(content: bytes) -> str:
    """Text out of UTF-8, UTF-16 (with or without byte-order mark), GB18030 (which holds GBK and GB 2312)."""
    for bom, encoding in _BOMS:
        if content.startswith(bom):
            return _decoded(content, encoding) or _refuse("unknown_encoding")
    guess = _utf16_without_bom(content[:4096])
    if guess:
        return _decoded(content, guess) or _refuse("unknown_encoding")
    if b"\0" in content:
        raise FileRefused("nul")
    return _decoded(content, "utf-8") or _decoded(content, "gb18030") or _refuse("unknown_encoding")


def _refuse(code: str) -> str:
    raise FileRefused(code)


def _decoded(content: bytes, encoding: str) -> str | None:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        return None


def _utf16_without_bom(head: bytes) -> str | None:
    """Delimiters and line ends are ASCII: in UTF-16 each comes with a zero byte on one fixed side."""
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if min(even, odd) * 20 > max(even, odd) or max(even, odd) < max(2, len(head) // 100):
        return None
    return "utf-16-le" if odd > even else "utf-16-be"


def csv_rows(text: str, limits: Limits) -> Iterator[Row]:
    """The records of a CSV; a record with line breaks inside quotes counts as one row, as a spreadsheet shows it."""
    if "\0" in text:
        raise FileRefused("nul")
    csv.field_size_limit(LONGEST_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    number = 0
    try:
        for row in reader:
            number += 1
            if len(row) > limits.columns and any(cell.strip() for cell in row[limits.columns :]):
                raise FileRefused("too_many_columns")
            if number > limits.rows + MARGIN_ROWS:
                raise FileRefused("too_many_rows")
            for cell in row:
                if cell[:1] in ("=", "+", "-", "@") and "|" in cell and _DDE.match(cell):
                    raise FileRefused("dde", cell[:40])
            yield row[: limits.columns]
    except csv.Error as error:
        raise FileRefused("unclosed_quote", str(number + 1)) from error


def _delimiter(text: str) -> str:
    """The mark that splits the first lines into most columns, and evenly."""
    lines = [line for line in text[:20_000].splitlines()[:20] if line.strip()]
    best = max((",", "\t", ";", "|"), key=lambda mark: sorted(line.count(mark) for line in lines)[len(lines) // 2 :])
    return best if any(best in line for line in lines) else ","


def json_rows(text: str, limits: Limits) -> tuple[Row, list[Row]]:
    """(header, rows): the keys of all objects in the order met, and a row per object; nested values flattened."""
    document = _strict(text)
    shared: dict[str, Any] = {}
    if isinstance(document, dict):
        shared, document = _inner_list(document)
    if not isinstance(document, list) or not all(isinstance(item, dict) for item in document):
        raise FileRefused("json_shape")
    if len(document) > limits.rows:
        raise FileRefused("too_many_rows")
    objects = [_flat({**shared, **item}) for item in document]
    header = list(dict.fromkeys(key for item in objects for key in item))
    if len(header) > limits.columns:
        raise FileRefused("too_many_columns")
    return header, [[item.get(key) for key in header] for item in objects]


def _inner_list(document: dict[str, Any]) -> tuple[dict[str, Any], Any]:
    names = [name for name in _LIST_NAMES if isinstance(document.get(name), list)]
    if not names:
        names = [name for name, value in document.items() if isinstance(value, list) and value]
    if not names:
        raise FileRefused("json_shape")
    shared = {key: value for key, value in document.items() if key != names[0] and not isinstance(value, list)}
    return shared, document[names[0]]


def _strict(text: str) -> Any:
    try:
        return json.loads(text, object_pairs_hook=_no_duplicates, parse_constant=_no_constants)
    except RecursionError as error:
        raise FileRefused("bad_json", "嵌套过深 / nested too deeply") from error
    except ValueError as error:
        raise FileRefused("bad_json", str(error)) from error


def _no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("duplicate key")
    return found


def _no_constants(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


def _flat(item: dict[str, Any], prefix: str = "", depth: int = 0) -> dict[str, Any]:
    """{"wage": {"min": 1}} → {"wage_min": 1}; lists of plain values are joined by 、."""
    if depth > 3:
        raise FileRefused("bad_json", "嵌套过深 / nested too deeply")
    flat: dict[str, Any] = {}
    for key, value in item.items():
        name = f"{prefix}{key}"
        if "\0" in name or (isinstance(value, str) and "\0" in value):
            raise FileRefused("nul")
        if isinstance(value, dict):
            flat.update(_flat(value, f"{name}_", depth + 1))
        elif isinstance(value, list):
            flat[name] = "、".join(str(part) for part in value if not isinstance(part, dict | list))[:LONGEST_CELL]
        elif isinstance(value, str):
            flat[name] = value[:LONGEST_CELL]
        elif isinstance(value, int) and not isinstance(value, bool) and abs(value) >= 1 << 63:
            flat[name] = str(value)
        else:
            flat[name] = value
    return flat
