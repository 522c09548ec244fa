"""Cells of phone numbers: mobile numbers, landlines (kept as contacts only), and the words beside them."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from app.lists.values.text import INVISIBLE
from app.messages.phone import as_mobile, mobiles_in

_LANDLINE = re.compile(
    r"(?<!\d)(?:\(?0\d{2,3}\)?[ \-]*)?[2-8]\d{6,7}(?:\s*(?:-|转)\s*\d{1,5})?(?!\d)|(?<!\d)[48]00(?:-?\d){7}(?!\d)"
)


@dataclass(frozen=True, slots=True)
class Phones:
    """What a cell holds: mobile numbers of 11 digits, landlines as written, and the other words (a contact's name)."""

    mobiles: tuple[str, ...]
    landlines: tuple[str, ...]
    rest: str


def parse_phones(text: str) -> tuple[Phones, str | None]:
    """(numbers, None), or (numbers, 'bad_phone') when words or digits stand there and no number is usable."""
    if (alone := as_mobile(text)) is not None:
        return Phones((alone,), (), ""), None
    folded = INVISIBLE.sub("", unicodedata.normalize("NFKC", text)).replace("—", "-").replace("–", "-").strip()
    mobiles, remaining = mobiles_in(folded)
    landlines = tuple(dict.fromkeys(m.group().strip() for m in _LANDLINE.finditer(remaining)))
    rest = " ".join(re.sub(r"[、,;/|:()]", " ", _LANDLINE.sub(" ", remaining)).split())
    usable = mobiles or landlines or not folded
    return Phones(mobiles, landlines, rest), None if usable else "bad_phone"
