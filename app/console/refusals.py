"""What is refused before a page is reached, or where there is none, is answered with a page too when a person asks:
a file that is too large, a mistyped address, too many requests."""

from __future__ import annotations

import orjson
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.console.pages import language_of, render
from app.edge.problems import MEDIA_TYPE

#: What programs read stays as it is.
_PROGRAMS = ("/v1/", "/docs", "/openapi.json", "/metrics", "/healthz", "/readyz")


class RefusalPages:
    """ASGI: a problem document on its way to a browser becomes the page that says the same."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on; turn a problem into a page."""
        if scope["type"] != "http" or not _is_a_persons(scope):
            await self.app(scope, receive, send)
            return
        refusal: Message | None = None

        async def turned(message: Message) -> None:
            nonlocal refusal
            if message["type"] == "http.response.start" and _is_problem(message):
                refusal = message
            elif refusal is None:
                await send(message)
            else:  # a problem is one piece
                await _page(scope, refusal, message["body"])(scope, receive, send)

        await self.app(_in_their_language(scope), receive, turned)


def _is_a_persons(scope: Scope) -> bool:
    asked = Headers(scope=scope)
    return not scope["path"].startswith(_PROGRAMS) and "text/html" in asked.get("accept", "")


def _in_their_language(scope: Scope) -> Scope:
    """The request, asking for the language that was chosen on the pages."""
    headers = MutableHeaders(raw=list(scope["headers"]))
    headers["accept-language"] = language_of(Request(scope))
    return {**scope, "headers": headers.raw}


def _is_problem(start: Message) -> bool:
    return MutableHeaders(raw=start["headers"]).get("content-type", "").startswith(MEDIA_TYPE)


def _page(scope: Scope, start: Message, body: bytes) -> ASGIApp:
    problem = orjson.loads(body)
    said = {"code": problem["code"], "message": problem["detail"], "fields": []}
    page = render(Request(scope), "problem.html", status=start["status"], **said)
    for name, value in MutableHeaders(raw=start["headers"]).items():
        if name not in ("content-type", "content-length", "content-language"):
            page.headers[name] = value
    return page
