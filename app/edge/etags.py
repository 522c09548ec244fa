"""ETag, If-Match, If-None-Match: which version a caller has seen.

A room says `mark(response, version)` in the GET of one thing and `must_match(request, version)` in its PATCH; `version`
is whatever changes with what is shown (an updated_at). The caching layer turns a GET that finds its tag into 304.
Tags are compared without `W/`: they name versions of things, not bytes, and compression may weaken them on the way.
"""

from __future__ import annotations

import hashlib
import re

from starlette.requests import Request
from starlette.responses import Response

from app.errors import PreconditionFailed

_TAG = re.compile(r'(?:W/)?"([\x21\x23-\x7e\x80-\xff]*)"')


def etag(*version: object) -> str:
    """The tag of a version; it does not tell what the version is made of."""
    text = "|".join(map(str, version))
    return f'"{hashlib.blake2b(text.encode(), digest_size=12).hexdigest()}"'


def etag_of_body(body: bytes) -> str:
    """The tag of an answer without a version of its own."""
    return f'"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'


def mark(response: Response, *version: object) -> None:
    """Give the answer the tag of its version."""
    response.headers["ETag"] = etag(*version)


def names(header: str, tag: str) -> bool:
    """Whether an If-Match or If-None-Match header names the tag, or any (`*`)."""
    return header.strip() == "*" or tag.removeprefix("W/").strip('"') in _TAG.findall(header)


def must_match(request: Request, *version: object) -> None:
    """Pass when the caller sent no If-Match, or one that names this version. Raises PreconditionFailed."""
    wanted = request.headers.get("if-match")
    if wanted is not None and not names(wanted, etag(*version)):
        raise PreconditionFailed
