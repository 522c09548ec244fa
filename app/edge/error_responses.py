"""Exceptions -> answers: each branch of the tree its status, each SQLSTATE its meaning, everything else a bare 500."""

from __future__ import annotations

from collections.abc import Callable

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.routing import iter_route_contexts
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route, compile_path

from app.edge.field_messages import field_errors
from app.edge.language import of_scope
from app.edge.problems import MethodNotAllowed, Unexpected, problem_response
from app.errors import (
    Conflict,
    DiskFull,
    Invalid,
    Malformed,
    NotAllowed,
    NotFound,
    NotSignedIn,
    ProductError,
    TooLarge,
    TooManyRequests,
    Unavailable,
    UnsupportedMedia,
)

#: SQLSTATE (or its class) -> what it means to the caller. The longest that fits counts.
_SQLSTATES: dict[str, type[ProductError]] = {
    "08": Unavailable,  # connection lost
    "22": Invalid,  # the value does not fit the column
    "23": Conflict,  # another row stands against it
    "25P03": Unavailable,  # idle in transaction
    "25P04": Unavailable,  # transaction timeout
    "40": Unavailable,  # serialization, deadlock: once more
    "42501": NotAllowed,  # row security refused the write
    "53": Unavailable,
    "53100": DiskFull,
    "55P03": Unavailable,  # lock timeout
    "57": Unavailable,  # shutting down, starting up, cancelled
    "58030": Unavailable,  # input/output error
}
_STATUSES: dict[int, type[ProductError]] = {
    400: Malformed,
    401: NotSignedIn,
    403: NotAllowed,
    404: NotFound,
    405: MethodNotAllowed,
    413: TooLarge,
    415: UnsupportedMedia,
    422: Invalid,
    429: TooManyRequests,
    503: Unavailable,
}


def of_database(error: DBAPIError) -> ProductError:
    """What an error of the driver means to the caller."""
    state = getattr(error.orig, "sqlstate", None)
    if state:
        for length in (5, 2):
            if kind := _SQLSTATES.get(state[:length]):
                return kind()
        return Unexpected()
    if error.connection_invalidated or isinstance(error, OperationalError | InterfaceError):
        return Unavailable()
    # psycopg itself refuses what no column can hold (NUL in a text, a date before year 1)
    return Invalid() if type(error.orig).__name__ == "DataError" else Unexpected()


def of_validation(error: RequestValidationError, content_type: str, wants_form: bool) -> ProductError:
    """422 with its fields; 404 when the address itself names nothing; 415 when the body is of another kind."""
    errors = error.errors()
    if any(part["loc"][:1] == ("path",) for part in errors):
        return NotFound()
    is_form = content_type.startswith(("multipart/form-data", "application/x-www-form-urlencoded"))
    if content_type and (isinstance(error.body, bytes) or is_form != wants_form) and _in_body(errors):
        return UnsupportedMedia()
    return Invalid(errors=field_errors(errors))


def _in_body(errors: object) -> bool:
    assert isinstance(errors, list | tuple)
    return any(part["loc"][:1] == ("body",) for part in errors)


def of_status(error: HTTPException) -> ProductError:
    """What the framework's own refusals mean."""
    return _STATUSES.get(error.status_code, Unexpected)(headers=error.headers)


def install(app: FastAPI) -> None:
    """Give the application its exception handlers."""

    async def product(request: Request, error: Exception) -> Response:
        assert isinstance(error, ProductError)
        return problem_response(error, of_scope(request.scope))

    async def validation(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        content_type = request.headers.get("content-type", "").lower()
        return problem_response(of_validation(error, content_type, _wants_form(request)), of_scope(request.scope))

    async def framework(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        if error.status_code == 405:
            methods = ", ".join(sorted(methods_at(app, request.url.path)))
            return problem_response(MethodNotAllowed(headers={"Allow": methods}), of_scope(request.scope))
        return problem_response(of_status(error), of_scope(request.scope))

    async def database(request: Request, error: Exception) -> Response:
        assert isinstance(error, DBAPIError)
        found = of_database(error)
        if isinstance(found, Unexpected):
            raise error
        return problem_response(found, of_scope(request.scope))

    async def pool(request: Request, error: Exception) -> Response:
        return problem_response(Unavailable(), of_scope(request.scope))

    app.add_exception_handler(ProductError, product)
    app.add_exception_handler(RequestValidationError, validation)
    app.add_exception_handler(HTTPException, framework)
    app.add_exception_handler(DBAPIError, database)
    app.add_exception_handler(PoolTimeout, pool)


def methods_at(app: FastAPI, address: str) -> set[str]:
    """What may be asked of an address: the framework names the methods of one of its routes only. An address that is
    written out, such as …/template.xlsx, is no thing of that name."""
    known = _methods_by_format(app)
    if address in known:
        return known[address]
    return {method for path, methods in known.items() if compile_path(path)[0].match(address) for method in methods}


def _methods_by_format(app: FastAPI) -> dict[str, set[str]]:
    """Each address as the document writes it, and its methods."""
    known: dict[str, set[str]] = {}
    for route in iter_route_contexts(app.routes):
        if route.path_format:
            known.setdefault(route.path_format, set()).update(route.methods or ())
    return known


def keep_addresses_apart(app: FastAPI) -> None:
    """Answer 405 where an address that is written out has no such method, though one with a parameter would match."""
    known = _methods_by_format(app)
    templates = [compile_path(path)[0] for path in known if "{" in path]
    for address in sorted(path for path in known if "{" not in path):
        if any(template.match(address) for template in templates):
            refuse, others = _refusing(", ".join(sorted(known[address]))), sorted(_METHODS - known[address])
            app.router.routes.insert(0, Route(address, refuse, methods=others, include_in_schema=False))


_METHODS = {"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"}


def _refusing(known: str) -> Callable[[Request], Response]:
    def refuse(request: Request) -> Response:
        raise MethodNotAllowed(headers={"Allow": known})

    return refuse


def _wants_form(request: Request) -> bool:
    field = getattr(request.scope.get("route"), "body_field", None)
    return type(getattr(field, "field_info", None)).__name__ in ("Form", "File")
