"""Cells of ID numbers: what Excel did to them.

Excel keeps 15 digits of a number: an ID typed into a number cell is lost (SECURITY T18). Such a value is refused as
`id_number_mangled`; nothing is restored by guessing.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date

from app.lists.values.text import Cell, as_text
from app.workers.id_number import as_18, fault_of

_SCIENTIFIC = re.compile(r"\d([.,]\d*)?[eE]\+?1[4-8]")


def parse_id_number(cell: Cell, today: date) -> tuple[str | None, str | None]:
    """(18 characters, None), (None, reason) with id_number_mangled or a fault of app.workers.id_number, or (None, None)
    when blank."""
    if isinstance(cell, float) and (not cell.is_integer() or abs(cell) >= 1e15):
        return None, "id_number_mangled"
    text = as_text(cell)
    if _SCIENTIFIC.fullmatch(text if text.isascii() else unicodedata.normalize("NFKC", text)):
        return None, "id_number_mangled"
    number = as_18(text)
    if not number:
        return None, None
    fault = fault_of(number, today)
    if fault == "id_number_checksum" and number.endswith("000"):
        return None, "id_number_mangled"
    return (number, None) if fault is None else (None, fault)
