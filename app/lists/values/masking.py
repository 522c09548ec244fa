"""Values as problems show them: ID numbers and phones masked, long text cut."""

from __future__ import annotations

import re

from app.workers.id_number import masked

#: 12 digits and more, whole or written in groups, could be an ID number; 11 a phone, landlines with their area code.
_LONG = re.compile(r"\d{12,}[Xx]?|(?<!\d)\d{6}[ -]\d{4}[ -]?\d{4}[ -]\d{3}[\dXx]")
_PHONE = re.compile(r"(?<!\d)(1\d\d)[ -]?\d{4}[ -]?(\d{4})(?!\d)|(?<!\d)(0\d{2,3})[ -]?\d{3,4}(\d{4})(?!\d)")
#: A phone with a digit too few or too many.
_NEARLY = re.compile(r"(?<!\d)(\d{3})\d{3,6}(\d{3})(?!\d)")
#: What Excel made of an ID number: its first six digits, the day of birth, the exponent.
_SCIENTIFIC = re.compile(r"(\d[.,]?\d{0,5})\d*([eE]\+?1[4-8])(?!\d)")
SHOWN = 60


def mask_id(text: str) -> str:
    """The first six digits (the place of issue); nothing that identifies or proves. What Excel made of a number
    keeps its form: 6.22926…E+17."""
    scientific = _SCIENTIFIC.fullmatch(text)
    return "…".join(scientific.groups()) if scientific else masked(text[:18])


def mask(text: str) -> str:
    """Any text with the ID numbers and phones in it covered; at most 60 characters."""
    covered = _SCIENTIFIC.sub(r"\1…\2", text[: SHOWN * 3])
    covered = _LONG.sub(lambda match: mask_id(match.group()), covered)
    covered = _PHONE.sub(lambda match: f"{match[1] or match[3]}****{match[2] or match[4]}", covered)
    covered = _NEARLY.sub(r"\1****\2", covered)
    return covered if len(covered) <= SHOWN else covered[: SHOWN - 1] + "…"
