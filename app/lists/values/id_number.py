"""Resident ID numbers (GB 11643): 18 characters with check character, or the old 15 digits.

Excel keeps 15 digits of a number: an ID typed into a number cell is lost (SECURITY T18). Such a value is refused as
`id_number_mangled`; nothing is restored by guessing.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from operator import mul

from app.lists.values.text import INVISIBLE, Cell

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
_ZEROS = 48 * sum(_WEIGHTS)
_PROVINCES = frozenset(
    [
        "11",
        "12",
        "13",
        "14",
        "15",
        "21",
        "22",
        "23",
        "31",
        "32",
        "33",
        "34",
        "35",
        "36",
        "37",
        "41",
        "42",
        "43",
        "44",
        "45",
        "46",
        "50",
        "51",
        "52",
        "53",
        "54",
        "61",
        "62",
        "63",
        "64",
        "65",
        "71",
        "81",
        "82",
        "83",
    ]
)
_SCIENTIFIC = re.compile(r"\d([.,]\d*)?[eE]\+?1[4-8]")
_EIGHTEEN = re.compile(r"[1-9]\d{16}[\dX]")
_CYRILLIC_X = str.maketrans({"Х": "X", "х": "X", "×": "X", "✕": "X", "x": "X", "*": "X"})
LEGAL_AGE = 16


def check_character(first17: str) -> str:
    """The 18th character by MOD 11-2."""
    return _CHECKS[(sum(map(mul, _WEIGHTS, first17.encode())) - _ZEROS) % 11]


def birth_date(number: str) -> date | None:
    """The day of birth inside an 18-character number; None when it is no day."""
    try:
        return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None


def age_on(day: date, born: date) -> int:
    """Whole years."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def parse_id_number(cell: Cell, today: date) -> tuple[str | None, str | None]:
    """(18 characters, None), or (None or the number, reason): id_number_mangled, id_number_checksum(.length, .date,
    .province), under_age. Blank gives (None, None). An under-age number is returned beside its reason."""
    if isinstance(cell, float):
        if not cell.is_integer() or abs(cell) >= 1e15:
            return None, "id_number_mangled"
        cell = int(cell)
    text = "" if cell is None else str(cell)
    if not (text.isascii() and text.isalnum()):
        text = INVISIBLE.sub("", unicodedata.normalize("NFKC", text))
        text = re.sub(r"[\s'’‘`\"“”_.·-]", "", text) if not _SCIENTIFIC.search(text) else text.strip(" '’‘`\t")
    if not text:
        return None, None
    if _SCIENTIFIC.fullmatch(text):
        return None, "id_number_mangled"
    return _judge(text.translate(_CYRILLIC_X), today)


def _judge(number: str, today: date) -> tuple[str | None, str | None]:
    if len(number) == 15 and number.isdigit():
        number = number[:6] + "19" + number[6:]
        number += check_character(number)
    if not _EIGHTEEN.fullmatch(number):
        return None, "id_number_checksum.length"
    if check_character(number[:17]) != number[17]:
        return None, "id_number_mangled" if number.endswith("000") else "id_number_checksum"
    if number[:2] not in _PROVINCES:
        return None, "id_number_checksum.province"
    born = birth_date(number)
    if born is None or born > today or born.year < 1900:
        return None, "id_number_checksum.date"
    return number, "under_age" if age_on(today, born) < LEGAL_AGE else None
