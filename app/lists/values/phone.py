"""Phone numbers: one or several in a cell, with spaces, dashes, +86; landlines are kept as contacts only."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from app.lists.values.text import INVISIBLE

_MOBILE = re.compile(r"(?<!\d)(?:(?:\+|00)?86[ \-]?)?(1[3-9]\d(?:[ \-]*\d){8})(?!\d)")
_LANDLINE = re.compile(
    r"(?<!\d)(?:\(?0\d{2,3}\)?[ \-]*)?[2-8]\d{6,7}(?:\s*(?:-|转)\s*\d{1,5})?(?!\d)|(?<!\d)[48]00(?:-?\d){7}(?!\d)"
)
_ELEVEN = re.compile(r"1[3-9]\d{9}")


@dataclass(frozen=True, slots=True)
class Phones:
    """What a cell holds: mobile numbers of 11 digits, landlines as written, and the other words (a contact's name)."""

    mobiles: tuple[str, ...]
    landlines: tuple[str, ...]
    rest: str


def parse_phones(text: str) -> tuple[Phones, str | None]:
    """(numbers, None), or (numbers, 'bad_phone') when words or digits stand there and no number is usable."""
    if _ELEVEN.fullmatch(text):
        return Phones((text,), (), ""), None
    folded = INVISIBLE.sub("", unicodedata.normalize("NFKC", text)).replace("—", "-").replace("–", "-").strip()
    mobiles = tuple(dict.fromkeys(re.sub(r"\D", "", m) for m in _MOBILE.findall(folded)))
    remaining = _MOBILE.sub(" ", folded)
    landlines = tuple(dict.fromkeys(m.group().strip() for m in _LANDLINE.finditer(remaining)))
    rest = " ".join(re.sub(r"[、,;/|:()]", " ", _LANDLINE.sub(" ", remaining)).split())
    usable = mobiles or landlines or not folded
    return Phones(mobiles, landlines, rest), None if usable else "bad_phone"
