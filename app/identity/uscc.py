"""统一社会信用代码 (GB 32100, MOD 31-3): 18 characters, the last of them a check character."""

from __future__ import annotations

import unicodedata

_CHARACTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_VALUES = {character: value for value, character in enumerate(_CHARACTERS)}
_WEIGHTS = tuple(pow(3, place, 31) for place in range(17))


def check_character(first17: str) -> str:
    """The 18th character; KeyError for a character outside the standard's alphabet."""
    return _CHARACTERS[-sum(weight * _VALUES[one] for weight, one in zip(_WEIGHTS, first17, strict=True)) % 31]


def as_uscc(text: str) -> str | None:
    """The code in capitals without blanks and dashes; None: it is none."""
    code = "".join(unicodedata.normalize("NFKC", text).split()).upper().replace("-", "")
    if len(code) != 18 or any(character not in _VALUES for character in code):
        return None
    return code if check_character(code[:17]) == code[17] else None
