"""What may be kept, by whom, and what need not be sent again.

Unless a route says otherwise an answer is personal: `no-store, private`. `public` marks reference data; a GET whose
ETag the caller names in If-None-Match becomes 304. Every answer varies with the language.
"""

from __future__ import annotations

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.edge.etags import etag_of_body, names

PERSONAL = "no-store, private"


def public(response: Response, seconds: int = 300) -> None:
    """Anybody may keep this answer for so many seconds: reference data, the same for all."""
    response.headers["Cache-Control"] = f"public, max-age={seconds}"


def revalidated(response: Response) -> None:
    """The caller may keep this answer but asks before each use (`/v1/me/suggestions`)."""
    response.headers["Cache-Control"] = "private, no-cache"


class Caching:
    """ASGI: cache headers, tags of answers that may be kept, 304."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, with headers."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        start: Message | None = None
        is_read = scope["method"] in ("GET", "HEAD")
        seen = Headers(scope=scope).get("if-none-match") if is_read else None

        async def answer(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start":
                _give_headers(MutableHeaders(raw=message["headers"]))
                start = message
                return
            if start is not None and message["type"] == "http.response.body":
                opening, start = start, None
                if is_read and opening["status"] == 200:
                    opening, message = _shortened(opening, message, seen)
                await send(opening)
            await send(message)

        await self.app(scope, receive, answer)


def _give_headers(headers: MutableHeaders) -> None:
    headers.setdefault("Cache-Control", PERSONAL)
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.add_vary_header("Accept-Language")


def _shortened(opening: Message, body: Message, seen: str | None) -> tuple[Message, Message]:
    headers = MutableHeaders(raw=opening["headers"])
    is_whole = not body.get("more_body", False)
    if "etag" not in headers and is_whole and "no-store" not in headers["cache-control"]:
        headers["ETag"] = etag_of_body(body.get("body", b""))
    tag = headers.get("etag")
    if not (seen and tag and is_whole and names(seen, tag)):
        return opening, body
    for name in ("content-length", "content-type"):
        if name in headers:
            del headers[name]
    return {**opening, "status": 304}, {"type": "http.response.body", "body": b""}
