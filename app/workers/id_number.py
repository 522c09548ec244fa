"""Resident ID numbers (GB 11643): what makes one right, whom it dates, how much of it staff may see."""

from __future__ import annotations

import unicodedata
from datetime import date

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
#: The first two digits: the provinces of GB/T 2260, and the codes of residents of Taiwan, Hong Kong and Macao.
_PROVINCES = {
    f"{n}"
    for ends in ((11, 15), (21, 23), (31, 37), (41, 46), (50, 54), (61, 65), (71, 71), (81, 83))
    for n in range(ends[0], ends[1] + 1)
}


def check_character(first17: str) -> str:
    """The 18th character by ISO 7064 MOD 11-2 of seventeen digits."""
    return _CHECKS[sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, first17, strict=True)) % 11]


def birth_date(number: str) -> date | None:
    """The day of birth inside an 18-character number; None when those digits are no day."""
    try:
        return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None


def age_on(day: date, born: date) -> int:
    """Whole years."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def as_18(number: str) -> str:
    """The number as one writes it today: half-width, upper X, an old 15-digit one lengthened. Judges nothing."""
    plain = "".join(unicodedata.normalize("NFKC", number).split()).upper()
    if len(plain) == 15 and plain.isascii() and plain.isdigit():
        first17 = f"{plain[:6]}19{plain[6:]}"
        return first17 + check_character(first17)
    return plain


def is_id_number(number: str, today: date) -> bool:
    """Whether 18 characters are one: digits, province, a day of birth that has been, the check character."""
    if len(number) != 18 or not (number[:17].isascii() and number[:17].isdigit()):
        return False
    born = birth_date(number)
    if born is None or not date(1900, 1, 1) <= born <= today:
        return False
    return number[:2] in _PROVINCES and number[17] == check_character(number[:17])


def masked(number: str) -> str:
    """The place of issue and nothing more: the last four digits serve as a proof elsewhere (SECURITY T8)."""
    return number[:6] + "*" * (len(number) - 6)
