"""What is refused before a page is reached, or where there is none, is answered with a page too when a person asks:
a file that is too large, a mistyped address, too many requests."""

from __future__ import annotations

from http import HTTPStatus

import orjson
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.console.door import recognised
from app.console.pages import language_of, render
from app.edge.language import Language, of_scope
from app.edge.problems import MEDIA_TYPE, Unexpected, problem_response

#: What programs read stays as it is.
_PROGRAMS = ("/v1/", "/docs", "/openapi.json", "/metrics", "/healthz", "/readyz")
_OF_THE_DOCUMENT = frozenset({"content-type", "content-length", "content-language"})


class RefusalPages:
    """ASGI: a problem document on its way to a browser becomes the page that says the same."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on; turn a problem into a page."""
        if scope["type"] != "http" or not _is_a_persons(scope):
            await self.app(scope, receive, send)
            return
        asked = _in_their_language(scope)
        answer = _Answer(scope, receive, send)
        try:
            await self.app(asked, receive, answer)
        except Exception:
            await answer.fault(of_scope(asked))
            raise  # a fault of ours: the log shows where


class _Answer:
    """The answer on its way: a problem becomes a page, everything else passes."""

    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.scope, self.receive, self.send = scope, receive, send
        self.refusal: Message | None = None
        self.has_begun = False

    async def __call__(self, message: Message) -> None:
        """Take a message of the answer."""
        if message["type"] == "http.response.start" and _is_problem(message):
            self.refusal = message
        elif self.refusal is None:
            self.has_begun = True
            await self.send(message)
        else:  # a problem is one piece
            await self._page(self.refusal["status"], self.refusal["headers"], message["body"])

    async def fault(self, language: Language) -> None:
        """What is shown when there is no answer."""
        if not self.has_begun:
            problem = problem_response(Unexpected(), language)
            await self._page(problem.status_code, problem.raw_headers, bytes(problem.body))

    async def _page(self, status: int, headers: list[tuple[bytes, bytes]], body: bytes) -> None:
        self.has_begun = True
        problem, request = orjson.loads(body), Request(self.scope)
        await recognised(request, status)
        said = {"code": problem["code"], "message": problem["detail"], "fields": []}
        page: Response = render(request, "problem.html", status=status, **said)
        if status == HTTPStatus.METHOD_NOT_ALLOWED and self.scope["method"] == "GET":  # a form's address, opened
            page = RedirectResponse(self.scope["path"].rpartition("/")[0] or "/", HTTPStatus.SEE_OTHER)
        for name, value in MutableHeaders(raw=headers).items():
            if name not in _OF_THE_DOCUMENT:
                page.headers[name] = value
        await page(self.scope, self.receive, self.send)


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
