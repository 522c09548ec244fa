"""Mobile numbers of the Chinese mainland: the only ones a code or a call for a worker can go to."""

from __future__ import annotations

import re
import unicodedata

#: 11 digits, with blanks and dashes after the third, maybe after +86.
_MOBILE = re.compile(r"(?<!\d)(?:(?:\+|00)?86[ \-]?)?(1[3-9]\d(?:[ \-]*\d){8})(?!\d)", re.ASCII)


def as_mobile(text: str) -> str | None:
    """Its 11 digits, without +86, spaces and dashes; None: it is no mobile number."""
    if not (text.isascii() and text.isalnum()):
        text = re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", text))
    found = _MOBILE.fullmatch(text)
    return found[1] if found else None


def mobiles_in(text: str) -> tuple[tuple[str, ...], str]:
    """The mobile numbers among the words of a half-width text, and the text without them."""
    found = tuple(dict.fromkeys(re.sub(r"\D", "", digits) for digits in _MOBILE.findall(text)))
    return found, _MOBILE.sub(" ", text)
