"""What goes wrong on a page is answered with a page: what happened, what to do, and a way on."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any
from urllib.parse import quote

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException
from starlette.responses import Response

from app.console.cookies import go_on
from app.console.door import recognised
from app.console.pages import form_page, language_of, onward, render
from app.console.typed import keep_typed
from app.console.warming import StillWarming, warming_page
from app.edge.error_responses import of_database, of_status, of_validation
from app.edge.problems import Unexpected, status_of_kind
from app.errors import FieldError, NotSignedIn, ProductError, Unavailable
from app.identity.passes import in_turn


class PageRoute(APIRoute):
    """A route whose errors are pages."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The usual handler; errors become pages."""
        handle = super().get_route_handler()

        async def page(request: Request) -> Response:
            try:
                return await handle(request)
            except (ProductError, RequestValidationError, HTTPException, DBAPIError, PoolTimeout) as error:
                problem = as_problem(request, error)
                if isinstance(problem, NotSignedIn):
                    return await in_turn(request, go_on, request) or await _to_the_door(request)
                if isinstance(problem, StillWarming):
                    return warming_page(request)
                if isinstance(problem, Unexpected):
                    raise  # a fault of ours: the log must show where
                await recognised(request, status_of_kind(type(problem)))
                return problem_page(request, problem)

        return page


def as_problem(request: Request, error: Exception) -> ProductError:
    """What went wrong, as the tree of errors names it."""
    if isinstance(error, ProductError):
        return error
    if isinstance(error, RequestValidationError):
        return of_validation(error, request.headers.get("content-type", "").lower(), wants_form=True)
    if isinstance(error, HTTPException):
        return of_status(error)
    return of_database(error) if isinstance(error, DBAPIError) else Unavailable()


async def _to_the_door(request: Request) -> Response:
    """Whoever is not signed in is led to the door and back, with what was typed."""
    page = request.url.path if request.method == "GET" else form_page(request)
    is_worker = request.url.path == "/my" or request.url.path.startswith("/my/")
    answer = onward(request, "/sign-in/phone" if is_worker else f"/sign-in?back={quote(page or '/', safe='/')}")
    if page and request.method == "POST":
        await keep_typed(request, answer, page.partition("?")[0], request.url.path)
    return answer


def problem_page(request: Request, problem: ProductError) -> Response:
    """The page of a problem."""
    english = language_of(request) == "en"
    message = problem.message_en if english else problem.message_zh
    fields = [(_place(error, english), error.en if english else error.zh) for error in problem.errors]
    return render(
        request,
        "problem.html",
        status=status_of_kind(type(problem)),
        code=problem.code,
        message=message,
        fields=fields,
        back=form_page(request),
    )


def _place(error: FieldError, english: bool) -> str:
    """The field, or the row of a list's sheet."""
    place = error.loc[-1]
    if error.loc[0] != "rows":
        return str(place)
    return f"row {place}" if english else f"第 {place} 行"
