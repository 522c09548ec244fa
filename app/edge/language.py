"""In which language to answer: Chinese, or English for who asks for it first."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from starlette.types import Scope

Language = Literal["zh", "en"]


def preferred(accept_language: str) -> Language:
    """`en` when English is asked for before Chinese (RFC 9110 §12.5.4), else `zh`."""
    weights = {"zh": 0.0, "en": 0.0}
    for part in accept_language.split(","):
        tag, _, parameter = part.strip().partition(";")
        name = tag.split("-")[0].strip().lower()
        if name in weights:
            weights[name] = max(weights[name], _weight(parameter))
    return "en" if weights["en"] > weights["zh"] else "zh"


def _weight(parameter: str) -> float:
    name, _, value = parameter.strip().partition("=")
    if not name:
        return 1.0
    try:
        return min(max(float(value), 0.0), 1.0)
    except ValueError:
        return 0.0


def of_headers(headers: Iterable[tuple[bytes, bytes]]) -> Language:
    """The language the headers of a request ask for."""
    return preferred(",".join(value.decode("latin-1") for name, value in headers if name == b"accept-language"))


def of_scope(scope: Scope) -> Language:
    """The language an ASGI request asks for."""
    return of_headers(scope.get("headers", ()))
