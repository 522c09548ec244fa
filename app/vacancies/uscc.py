"""统一社会信用代码 (GB 32100): 18 characters, the last of them a check character."""

from __future__ import annotations

import unicodedata

_CHARACTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def as_uscc(text: str) -> str | None:
    """The code in capitals without blanks; None: it is none."""
    code = "".join(unicodedata.normalize("NFKC", text).split()).upper()
    if len(code) != 18 or any(character not in _CHARACTERS for character in code):
        return None
    weighed = sum(_CHARACTERS.index(character) * pow(3, place, 31) for place, character in enumerate(code[:17]))
    return code if _CHARACTERS[-weighed % 31] == code[17] else None
