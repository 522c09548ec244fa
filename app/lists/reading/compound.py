"""The old Excel container (.xls, .et): what stream it holds, and links or DDE in its workbook stream.

Reads just enough of the compound file format to find one stream; everything is bounded by the file's own size.
"""

from __future__ import annotations

import struct

from app.lists.reading.refusal import FileRefused

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_END = 0xFFFFFFF0
_NOT_EXCEL = {"WordDocument": "Word 文档", "PowerPoint Document": "PowerPoint", "VisioDocument": "Visio"}
_SUPBOOK, _FILEPASS, _EOF = 0x01AE, 0x002F, 0x000A


def check_compound(content: bytes) -> None:
    """Raises FileRefused unless this is an unprotected old workbook without external links."""
    streams = _directory(content)
    if "EncryptedPackage" in streams:
        raise FileRefused("encrypted")
    for name, kind in _NOT_EXCEL.items():
        if name in streams:
            raise FileRefused("not_a_list", kind)
    book = streams.get("Workbook") or streams.get("Book")
    if book is None:
        raise FileRefused("not_a_list", "OLE")
    _check_records(_stream(content, *book))


def _directory(content: bytes) -> dict[str, tuple[int, int]]:
    """Stream name -> (first sector, bytes)."""
    try:
        size = 1 << struct.unpack_from("<H", content, 30)[0]
        first = struct.unpack_from("<I", content, 48)[0]
    except struct.error as error:
        raise FileRefused("broken_file") from error
    if size not in (512, 4096):
        raise FileRefused("broken_file")
    entries = _chain(content, first, size)
    found = {}
    for start in range(0, len(entries) - 127, 128):
        length = struct.unpack_from("<H", entries, start + 64)[0]
        if 2 <= length <= 64:
            name = entries[start : start + length - 2].decode("utf-16-le", "replace")
            sector, nbytes = struct.unpack_from("<II", entries, start + 116)
            found[name] = (sector, nbytes)
    return found


def _fat(content: bytes, size: int) -> list[int]:
    sectors = list(struct.unpack_from("<109I", content, 76)) if len(content) >= 512 else []
    fat: list[int] = []
    for sector in sectors:
        if sector >= _END:
            break
        block = content[(sector + 1) * size : (sector + 2) * size]
        fat.extend(struct.unpack(f"<{len(block) // 4}I", block[: len(block) // 4 * 4]))
    return fat


def _chain(content: bytes, sector: int, size: int) -> bytes:
    fat = _fat(content, size)
    pieces = []
    for _ in range(len(fat) + 1):
        if sector >= _END or sector >= len(fat):
            break
        pieces.append(content[(sector + 1) * size : (sector + 2) * size])
        sector = fat[sector]
    return b"".join(pieces)


def _stream(content: bytes, sector: int, nbytes: int) -> bytes:
    size = 1 << struct.unpack_from("<H", content, 30)[0]
    return _chain(content, sector, size)[:nbytes]


def _check_records(stream: bytes) -> None:
    """SUPBOOK records name other workbooks (external links) or programs (DDE, OLE links)."""
    at = 0
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        body = stream[at + 4 : at + 4 + length]
        if kind == _FILEPASS:
            raise FileRefused("encrypted")
        if kind == _SUPBOOK and len(body) >= 4 and struct.unpack_from("<H", body, 2)[0] not in (0x0401, 0x3A01):
            raise FileRefused("dde" if b"\x03" in body[4:] else "external_link", "DDE")
        if kind == _EOF and at > 0:
            return  # links stand in the workbook's globals, before the first sheet
        at += 4 + length
