"""The minute after a start, while the engine compiles and the market is read: a page that needs them says so at once,
and comes by itself when they are there."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from app.console.pages import onward, render
from app.errors import Unavailable
from app.suggestions import routes
from app.suggestions.market import LiveMarket

router = APIRouter(prefix="/warming", include_in_schema=False)


class StillWarming(Unavailable):
    """The engine is being started: the page comes by itself in a moment."""

    code, zh = "still_warming", "系统刚启动，正在准备，马上就好。"


def market_of(request: Request) -> LiveMarket:
    """The process's market for a page. Raises StillWarming when only looking would have to wait for it."""
    market = routes.market_of(request)
    if request.method == "GET" and not market.is_warm.is_set():
        raise StillWarming
    return market


def warming_page(request: Request) -> Response:
    """What is shown meanwhile; it asks again every second."""
    back = f"{request.url.path}?{request.url.query}".rstrip("?")
    answer = render(request, "warming.html", status=503, back=back)
    answer.headers["Retry-After"] = "2"
    return answer


@router.get("")
def is_warm(request: Request, back: Annotated[str, Query(pattern=r"^/([^/\\].*)?$", max_length=1000)]) -> Response:
    """Back to the page once it would not have to wait."""
    if routes.market_of(request).is_warm.is_set():
        return onward(request, back)
    return Response(status_code=204)
