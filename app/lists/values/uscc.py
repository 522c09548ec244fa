"""The employer's 统一社会信用代码 (GB 32100, MOD 31-3), 18 characters."""

from __future__ import annotations

from app.lists.values.text import plain

_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_VALUES = {char: value for value, char in enumerate(_ALPHABET)}
_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)


def uscc_check_character(first17: str) -> str:
    """The 18th character; KeyError for a character outside the standard's alphabet."""
    total = sum(weight * _VALUES[char] for weight, char in zip(_WEIGHTS, first17, strict=True))
    return _ALPHABET[(31 - total % 31) % 31]


def parse_uscc(text: str) -> tuple[str | None, str | None]:
    """(code, None), (None, 'bad_uscc'), or (None, None) when blank."""
    code = plain(text).upper().replace("-", "")
    if not code or code in ("无", "/", "暂无"):
        return None, None
    if len(code) != 18 or any(char not in _VALUES for char in code) or uscc_check_character(code[:17]) != code[17]:
        return None, "bad_uscc"
    return code, None
