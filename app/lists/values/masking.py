"""Values as problems show them: ID numbers and phones masked, long text cut."""

from __future__ import annotations

import re

#: Runs that could be an ID number or a phone, with the separators people put inside.
_LONG = re.compile(r"(?<![0-9A-Za-z])\d(?:[ \-]?\d){10,20}[\dXx]?")
_PHONE = re.compile(r"(?<!\d)(\d{3})\d{4,5}(\d{3,4})(?!\d)")
SHOWN = 60


def mask_id(text: str) -> str:
    """The first six digits (the place of issue); nothing that identifies or proves. 6.2E+17 is no number any more."""
    if "E+" in text.upper():
        return text[:SHOWN]
    return text[:6] + "*" * max(0, min(len(text), 18) - 6) if text else ""


def mask_phone(text: str) -> str:
    """139****5678, every number in the text."""
    return mask(text)


def mask(text: str) -> str:
    """Any text: runs of 11 digits shown as a phone, longer ones as an ID number; at most 60 characters."""

    def cover(match: re.Match[str]) -> str:
        run = "".join(match.group().split()).replace("-", "")
        if len(run) <= 12:
            return f"{run[:3]}****{run[-4:]}"
        return mask_id(run)

    covered = _PHONE.sub(r"\1****\2", _LONG.sub(cover, text[: SHOWN * 3]))
    return covered if len(covered) <= SHOWN else covered[: SHOWN - 1] + "…"
