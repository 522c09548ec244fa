"""The outermost layer: a request id, one log line, one count, and 500 for what nobody foresaw."""

from __future__ import annotations

import secrets
import time
import traceback
from pathlib import Path

from fastapi.routing import APIRoute
from prometheus_client import CollectorRegistry, Counter, Histogram
from sqlalchemy.exc import DBAPIError
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from structlog.contextvars import bound_contextvars

from app.edge.language import of_scope
from app.edge.logs import log
from app.edge.openapi import operation_id
from app.edge.problems import Unexpected, problem_response

REGISTRY = CollectorRegistry()
REQUESTS = Counter("eastwest_requests", "Requests answered", ("operation", "status"), registry=REGISTRY)
SECONDS = Histogram(
    "eastwest_request_seconds",
    "Seconds until the answer began",
    ("operation",),
    buckets=(0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10),
    registry=REGISTRY,
)
#: Asked every few seconds by machines: counted, not logged.
_QUIET = frozenset({"getHealth", "getReadiness", "getMetrics"})


class Access:
    """ASGI: what came, what became of it, how long it took. Never who, never with what."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began = time.perf_counter()
        request_id = secrets.token_hex(8)
        status, seconds = 0, 0.0

        async def answer(message: Message) -> None:
            nonlocal status, seconds
            if message["type"] == "http.response.start":
                status, seconds = message["status"], time.perf_counter() - began
                MutableHeaders(raw=message["headers"])["X-Request-Id"] = request_id
            await send(message)

        with bound_contextvars(request_id=request_id):
            try:
                await self.app(scope, receive, answer)
            except Exception as error:
                report(error)
                if status == 0:
                    await problem_response(Unexpected(), of_scope(scope))(scope, receive, answer)
            _note(scope, status, seconds)


def _note(scope: Scope, status: int, seconds: float) -> None:
    route = scope.get("route")
    operation = operation_id(route) if isinstance(route, APIRoute) else "unknown"
    REQUESTS.labels(operation, str(status)).inc()
    SECONDS.labels(operation).observe(seconds)
    if operation not in _QUIET:
        log().info(
            "answered", method=scope["method"], operation=operation, status=status, milliseconds=round(seconds * 1e3, 1)
        )


def report(error: BaseException) -> None:
    """Log where an error arose and of what kind: its text may repeat somebody's data, and is left out."""
    found = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in found[:-3] if "site-packages" not in frame.filename]
    frames = [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in [*ours[-9:], *found[-3:]]]
    sqlstate = getattr(error.orig, "sqlstate", None) if isinstance(error, DBAPIError) else None
    log().error("unexpected error", error=type(error).__name__, sqlstate=sqlstate, frames=frames)
