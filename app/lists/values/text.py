"""A cell as text: Excel's text protection off, odd spaces and widths made plain."""

from __future__ import annotations

import re
import unicodedata

Cell = str | int | float | bool | None

#: Characters nobody sees: zero-width, direction and soft-hyphen marks, byte-order mark, control codes except line ends.
INVISIBLE = re.compile(
    "[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]"
)
#: An apostrophe or grave accent before the first character makes Excel keep text; it is not data.
PROTECTION = "'’‘`"


def as_text(cell: Cell) -> str:
    """The cell as its reader sees it, without protection and outer blanks; whole numbers lose their '.0'."""
    if isinstance(cell, str):
        if cell.isalnum():  # nothing to take off: the common case
            return cell
        text = cell.strip(" \t\r\n\u3000\xa0")
        if text[:1] in PROTECTION and len(text) > 1:
            text = text[1:].strip(" \t\r\n\u3000\xa0")
        return INVISIBLE.sub("", text) if not text.isprintable() else text
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    return str(cell)


def plain(text: str) -> str:
    """For parsers: NFKC (full-width digits, ℃ …), no invisible characters, no blanks at all, lower case."""
    folded = INVISIBLE.sub("", unicodedata.normalize("NFKC", text))
    return "".join(folded.split()).lower()


_UNITS = {"十": 10, "百": 100, "千": 1000, "万": 10_000}
_ONES = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_CHINESE_NUMBER = re.compile(
    "[零〇一二两三四五六七八九十百千万]*[十百千万][零〇一二两三四五六七八九十百千万]*"
    "|[一二两三四五六七八九](?=[名人位月日号岁])"
)


def chinese_number(text: str) -> int | None:
    """三千五 → 3500, 一万二 → 12000, 二十 → 20, 十 → 10; None when it is not one number."""
    total = section = digit = 0
    last_unit = 1
    pending = False
    for char in text:
        if char in _ONES:
            if pending and digit:
                return None
            digit, pending = _ONES[char], True
            if char in "零〇":
                last_unit = 10
            continue
        unit = _UNITS.get(char)
        if unit is None:
            return None
        if unit == 10_000:
            section = (section + digit) or 1
            total, section = (total + section) * unit, 0
        else:
            section += (digit if pending and digit else 1) * unit
        last_unit, digit, pending = unit, 0, False
    if pending and digit:
        section += digit * (last_unit // 10 if last_unit >= 100 else 1)
    return total + section


def with_arabic(text: str) -> str:
    """Chinese numbers with a unit (十 百 千 万) or before a counted thing in figures: 三千五 → 3500, 三名 → 3名;
    四五千 and 一天 stay."""

    def figure(match: re.Match[str]) -> str:
        word = match.group()
        if word in ("百", "千", "万"):
            return word
        value = chinese_number(word)
        return word if value is None else str(value)

    return _CHINESE_NUMBER.sub(figure, text)
