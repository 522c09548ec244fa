"""Mobile numbers of the Chinese mainland: the only ones a code or a call for a worker can go to."""

from __future__ import annotations

import re
import unicodedata

_MOBILE = re.compile(r"(?:\+?86|0086)?(1[3-9][0-9]{9})")


def as_mobile(text: str) -> str | None:
    """Its 11 digits, without +86, spaces and dashes; None: it is no mobile number."""
    found = _MOBILE.fullmatch(re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", text)))
    return found[1] if found else None
