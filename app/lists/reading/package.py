"""Checks of an .xlsx package before anything parses it: size, parts, what unpacking really yields, DTDs, far cells,
external links, DDE. Unpacks in pieces and keeps nothing."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from dataclasses import dataclass, field

from app.lists.reading.limits import MARGIN_ROWS, Limits
from app.lists.reading.refusal import FileRefused

_PIECE = 1 << 20
_OVERLAP = 1024
#: Declarations in UTF-8 and in both orders of UTF-16; XML's keywords have one case.
_DTD = tuple(
    word.encode(encoding)
    for word in ("<!DOCTYPE", "<!ENTITY", "<!ELEMENT")
    for encoding in ("utf-8", "utf-16-le", "utf-16-be")
)
#: A cell with content (not closed at once) whose row has six digits or more, or whose column lies beyond CV.
_FAR = re.compile(rb'r=["\'](?:([A-Z]{1,4}(\d{6,}))|((?:C[W-Z]|[D-Z][A-Z]|[A-Z]{3,4})\d+))["\'][^>/]*>')
#: program|topic!item at the start of a formula or after an operator; a bar inside quotes is ordinary text.
_DDE = re.compile(
    rb"<(?:\w+:)?f(?:\s[^>]*)?>([^<]{0,200}?(?<=[>=(,+\-*/;@\s])[A-Za-z][\w.]{0,30}\|[^<|]{0,200}!|[^<]{0,40}?\bDDE(?:AUTO)?\s*\()",
    re.IGNORECASE,
)
_OUTSIDE = re.compile(rb"<(?:\w+:)?f[^>]*>[^<]{0,500}?\[(?:\d+\]|[^\]<]{1,200}\.xl\w+\])")
#: A formula without a stored result; the cell's reference is the nearest one before it.
_UNCACHED = re.compile(
    rb'<c r="([A-Z]{1,3}\d+)"[^>]*>\s*<f(?:[^>]*/>|[^>]*>[^<]*</f>)\s*(?:<v>\s*</v>|<v\s*/>)?\s*</c>'
)
#: What Excel and WPS write beside each sheet (one sheet a village): it is not counted, within what a sheet may have.
_HANGS_ON_A_SHEET = re.compile(
    r"/_rels/[^/]*\.rels$|^xl/(?:printerSettings|drawings|comments|threadedComments)/?[^/]*$"
)
_PARTS_OF_A_SHEET = 5
#: Uncached formulas remembered at most; more are plain blanks.
MOST_UNCACHED = 20_000


@dataclass(slots=True)
class PackageReport:
    """What the checks learnt: per sheet part, the cells whose formula has no stored value."""

    uncached: dict[str, list[str]] = field(default_factory=dict)


def check_package(content: bytes, limits: Limits) -> PackageReport:
    """Raises FileRefused for anything the product does not read."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            names = package.infolist()
            _check_directory(names, len(content), limits)
            _check_kind({info.filename for info in names})
            return _check_parts(package, names, limits)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError, KeyError) as error:
        raise FileRefused("broken_file") from error
    except RuntimeError as error:  # zipfile says so for entries that need a password
        raise FileRefused("encrypted") from error


def _check_directory(names: list[zipfile.ZipInfo], packed: int, limits: Limits) -> None:
    own = sum(not _HANGS_ON_A_SHEET.search(info.filename) for info in names)
    if own > limits.parts or len(names) > _PARTS_OF_A_SHEET * limits.parts:
        raise FileRefused("too_many_parts")
    if any(info.flag_bits & 1 for info in names):
        raise FileRefused("encrypted")
    declared = sum(info.file_size for info in names)
    if declared > limits.unpacked_bytes or declared > limits.ratio * max(packed, 50_000):
        raise FileRefused("zip_bomb")


def _check_kind(names: set[str]) -> None:
    if "xl/workbook.xml" in names or any(name.startswith("xl/worksheets/") for name in names):
        if "xl/workbook.bin" in names:
            raise FileRefused("other_spreadsheet", "xlsb")
        if any(name.startswith("xl/externalLinks/externalLink") for name in names):
            raise FileRefused("external_link")
        return
    if any(name.startswith("word/") for name in names):
        raise FileRefused("not_a_list", "Word 文档")
    if any(name.startswith("ppt/") for name in names):
        raise FileRefused("not_a_list", "PowerPoint")
    if "content.xml" in names:
        raise FileRefused("other_spreadsheet", "ods")
    raise FileRefused("not_a_list", "zip 压缩包")


def _check_parts(package: zipfile.ZipFile, names: list[zipfile.ZipInfo], limits: Limits) -> PackageReport:
    report = PackageReport()
    left = min(limits.unpacked_bytes, limits.ratio * max(sum(info.compress_size for info in names), 50_000))
    for info in names:
        is_sheet = info.filename.startswith("xl/worksheets/") and info.filename.endswith(".xml")
        is_xml = info.filename.endswith((".xml", ".rels", ".vml"))
        scan = _SheetScan(limits) if is_sheet else None
        with package.open(info) as part:
            tail = b""
            while piece := part.read(_PIECE):
                left -= len(piece)
                if left < 0:
                    raise FileRefused("zip_bomb")
                text = tail + piece
                if is_xml and any(word in text for word in _DTD):
                    raise FileRefused("dtd")
                if scan:
                    scan.take(text)
                tail = text[-_OVERLAP:]
        if scan and scan.uncached:
            report.uncached[info.filename] = scan.uncached
    return report


class _SheetScan:
    """Looks for far cells, DDE, links and uncached formulas in the pieces of one sheet's XML."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.uncached: list[str] = []
        self._known: set[str] = set()

    def take(self, text: bytes) -> None:
        """text: the last bytes of the piece before and the new piece."""
        for match in _FAR.finditer(text):
            if match[3]:
                raise FileRefused("too_many_columns", match[3].decode())
            if int(match[2]) > self.limits.rows + MARGIN_ROWS:
                raise FileRefused("far_cell", match[1].decode())
        if b"<f" in text or b":f>" in text or b":f " in text:
            self._formulas(text)

    def _formulas(self, text: bytes) -> None:
        dde = _DDE.search(text)
        if dde:
            raise FileRefused("dde", dde[1].decode("utf-8", "replace")[:40])
        if _OUTSIDE.search(text):
            raise FileRefused("external_link")
        for match in _UNCACHED.finditer(text):
            cell = match[1].decode()
            if cell not in self._known and len(self.uncached) < MOST_UNCACHED:
                self._known.add(cell)
                self.uncached.append(cell)
