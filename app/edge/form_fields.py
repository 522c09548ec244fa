"""What forms have in common: fields of a body, and what is said of a wrong one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

from pydantic import Field, StringConstraints

from app.errors import FieldError, Invalid

Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Yuan = Annotated[int, Field(ge=1, le=1_000_000)]


def joined(words: str | list[str] | None) -> str | None:
    """One text, or its pieces, as one text. None: nothing stated."""
    return ("、".join(words) if isinstance(words, list) else words) or None


def wrong(field: str, code: str, zh: str, en: str) -> Invalid:
    """To be raised: one field of the body is wrong."""
    return Invalid(errors=(FieldError(("body", field), code, zh, en),))


def faults_of(*checks: Callable[[], object]) -> tuple[FieldError, ...]:
    """What every one of the checks finds wrong, each fault once."""
    found: dict[FieldError, None] = {}
    for check in checks:
        try:
            check()
        except Invalid as problem:
            found |= dict.fromkeys(problem.errors)
    return tuple(found)


def not_null(field: str) -> Invalid:
    """To be raised: a field that nothing can be without was sent as null."""
    return wrong(field, "missing", "必填，不能为空。", "This is required and cannot be null.")
