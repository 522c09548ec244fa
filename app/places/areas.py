"""The codes of everything inside a division: GB/T 2260 numbers places so that they stand together."""

from __future__ import annotations


def area(code: str) -> tuple[str, str]:
    """The first and last code inside: 520500 is 520500 to 520599. app.ctx_area_from and _to say the same in SQL."""
    if code.endswith("0000"):
        return code, code[:2] + "9999"
    return (code, code[:4] + "99") if code.endswith("00") else (code, code)


def lies_in(code: str | None, division: str | None) -> bool:
    """Whether a code names the division or a place inside it; nothing lies in no division."""
    if code is None or division is None:
        return False
    first, last = area(division)
    return first <= code <= last
