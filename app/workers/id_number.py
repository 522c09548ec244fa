"""Resident ID numbers (GB 11643): what makes one right, whom it dates, how much of it staff may see."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from functools import lru_cache
from operator import mul

LEGAL_AGE = 16
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
#: What the code of the digit 0 adds to a weighted sum of character codes.
_ZEROS = ord("0") * sum(_WEIGHTS)
#: The first two digits: the provinces of GB/T 2260, and the codes of residents of Taiwan, Hong Kong and Macao.
_PROVINCES = frozenset(
    f"{n}"
    for first, last in ((11, 15), (21, 23), (31, 37), (41, 46), (50, 54), (61, 65), (71, 71), (81, 83))
    for n in range(first, last + 1)
)
_EIGHTEEN = re.compile(r"[1-9]\d{16}[\dX]", re.ASCII)
_OLD = re.compile(r"\d{15}", re.ASCII)
#: Written for X: Cyrillic Х, signs of multiplication, a star.
_CROSSES = str.maketrans("Х×✕*", "XXXX")


def check_character(first17: str) -> str:
    """The 18th character by ISO 7064 MOD 11-2 of seventeen ASCII digits."""
    return _CHECKS[(sum(map(mul, _WEIGHTS, first17.encode())) - _ZEROS) % 11]


def birth_date(number: str) -> date | None:
    """The day of birth inside an 18-character number; None when those digits are no day."""
    return _day(number[6:14])


@lru_cache(50_000)
def _day(digits: str) -> date | None:
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None


def age_on(day: date, born: date) -> int:
    """Whole years."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def as_18(text: str) -> str:
    """The number as one writes it today: half-width, without blanks and marks, X for any cross, an old one of 15
    digits lengthened. Judges nothing."""
    number = text.upper()
    if not (number.isascii() and number.isalnum()):
        number = unicodedata.normalize("NFKC", number).upper().translate(_CROSSES)
        number = re.sub(r"[\W_]", "", number)
    if _OLD.fullmatch(number):
        first17 = f"{number[:6]}19{number[6:]}"
        return first17 + check_character(first17)
    return number


def fault_of(number: str, today: date) -> str | None:
    """What is wrong with a number as `as_18` writes it: id_number_checksum (.length, .province, .date), or under_age
    for a right one of somebody not yet 16. None: nothing."""
    if not _EIGHTEEN.fullmatch(number):
        return "id_number_checksum.length"
    if check_character(number[:17]) != number[17]:
        return "id_number_checksum"
    if number[:2] not in _PROVINCES:
        return "id_number_checksum.province"
    born = birth_date(number)
    if born is None or born > today or born.year < 1900:
        return "id_number_checksum.date"
    return "under_age" if age_on(today, born) < LEGAL_AGE else None


def masked(number: str) -> str:
    """The place of issue and nothing more: the last four digits serve as a proof elsewhere (SECURITY T8)."""
    return number[:6] + "*" * (len(number) - 6)
