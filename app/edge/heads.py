"""HEAD is GET without the body (RFC 9110): asked for as GET, and what follows the headers is kept back."""

from __future__ import annotations

from starlette.types import ASGIApp, Message, Receive, Scope, Send


class Heads:
    """Answers HEAD wherever GET is answered."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self.app(scope, receive, send)
            return

        async def headers_only(message: Message) -> None:
            if message["type"] == "http.response.body":
                message = {"type": "http.response.body", "body": b"", "more_body": message.get("more_body", False)}
            await send(message)

        scope["method"] = "GET"  # not in a copy: the log asks the scope afterwards which operation it was
        try:
            await self.app(scope, receive, headers_only)
        finally:
            scope["method"] = "HEAD"
