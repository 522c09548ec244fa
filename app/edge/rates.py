"""No token, and no address without one, asks more often than it may (SECURITY T29): 429 says when to come back."""

from __future__ import annotations

import hashlib
import math
import time
from collections import OrderedDict
from collections.abc import Callable

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from app.edge.language import of_scope
from app.edge.problems import problem_response
from app.errors import TooManyRequests

#: So many callers are remembered; the one not heard of for longest is forgotten first.
REMEMBERED = 50_000
#: Asked by machines that must never be turned away.
FREE = frozenset({"/healthz", "/readyz", "/metrics"})


class Buckets:
    """A bucket of requests for each caller: full at first, refilled evenly, a minute's worth at most."""

    def __init__(self, a_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        self.a_minute = a_minute
        self.clock = clock
        #: caller -> requests left, when that was so
        self._left: OrderedDict[bytes, tuple[float, float]] = OrderedDict()

    def take(self, caller: bytes) -> float:
        """Take one request: 0, or the seconds after which there will be one again."""
        now = self.clock()
        left, since = self._left.pop(caller, (float(self.a_minute), now))
        left = min(self.a_minute, left + (now - since) * self.a_minute / 60)
        self._left[caller] = (left - 1 if left >= 1 else left, now)
        if len(self._left) > REMEMBERED:
            self._left.popitem(last=False)
        return 0.0 if left >= 1 else (1 - left) * 60 / self.a_minute


class Rates:
    """ASGI: requests beyond the rate are answered at once, before anything is read."""

    def __init__(self, app: ASGIApp, buckets: Buckets) -> None:
        self.app = app
        self.buckets = buckets

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse, or pass on."""
        if scope["type"] == "http" and scope["path"] not in FREE:
            wait = self.buckets.take(_caller(scope))
            if wait:
                refused = TooManyRequests(headers={"Retry-After": str(math.ceil(wait))})
                await problem_response(refused, of_scope(scope))(scope, receive, send)
                return
        await self.app(scope, receive, send)


def _caller(scope: Scope) -> bytes:
    token = Headers(scope=scope).get("authorization")
    who = token if token is not None else (scope.get("client") or ("",))[0]
    return hashlib.blake2b(who.encode(), digest_size=12).digest()
