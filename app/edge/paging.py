"""Lists page by cursor: `?limit=&cursor=` → `{"items": […], "next": null|"…"}`.

A cursor says after which row to go on; it is sealed with a code of this installation and bound to its address, so that
it can be trusted as far as a WHERE clause and never be built by hand. Rows added meanwhile neither repeat nor skip.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any, Generic, TypeVar
from uuid import UUID

from fastapi import Depends, Query, Request
from sqlalchemy import Select, literal, tuple_
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import ColumnElement

from app.db.keys import keys
from app.edge.strict import Out
from app.errors import FieldError, Invalid

T = TypeVar("T")
_MAC = 12
Limit = Annotated[int, Query(ge=1, le=100, description="每页条数 / items a page")]
CursorText = Annotated[str | None, Query(max_length=600, description="上一页的 next / the last page's `next`")]


class Page(Out, Generic[T]):
    """One page of a list."""

    items: list[T]
    #: The cursor of the next page. None: this is the last.
    next: str | None

    @classmethod
    def model_parametrized_name(cls, params: tuple[Any, ...]) -> str:
        """`Page[WorkerOut]` is called WorkerPage in the document."""
        return f"{params[0].__name__.removesuffix('Out')}Page"


class BadCursor(Invalid):
    """The cursor is not one of this list's: start again without it."""

    code, zh = "bad_cursor", "翻页游标无效，请从第一页重新开始。"


@dataclass(frozen=True, slots=True)
class Window:
    """Which page of which address is asked for."""

    address: str
    limit: int = 50
    cursor: str | None = None

    def after(self) -> list[Any] | None:
        """The values after which the page begins; None at the start. Raises BadCursor."""
        return None if self.cursor is None else _open(self.address, self.cursor)

    def seal(self, values: Sequence[object]) -> str:
        """The cursor of the page after these values: text, numbers, dates, times, ids."""
        return _seal(self.address, values)


def window(request: Request, limit: Limit = 50, cursor: CursorText = None) -> Window:
    """The page a request asks for."""
    return Window(request.url.path, limit, cursor)


Paging = Annotated[Window, Depends(window)]


def read_page(
    session: Session,
    query: Select[T],
    at: Window,
    *columns: ColumnElement[Any] | Any,
    newest_first: bool = False,
    key: Callable[[T], Sequence[object]] | None = None,
) -> tuple[Sequence[T], str | None]:
    """The rows of a page and the next cursor, ordered by columns that together are unique.

    `read_page(session, query, at, Worker.updated_at, Worker.id, newest_first=True)`. `key` gives a row's values of the
    columns when they are no attributes of it.
    """
    after = at.after()
    if after is not None:
        if len(after) != len(columns):
            raise _bad()
        here = tuple_(*columns)
        start = tuple_(*(literal(value, column.type) for value, column in zip(after, columns, strict=True)))
        query = query.where(here < start if newest_first else here > start)
    order = [column.desc() if newest_first else column.asc() for column in columns]
    rows = session.scalars(query.order_by(*order).limit(at.limit + 1)).all()
    if len(rows) <= at.limit:
        return rows, None
    last = rows[at.limit - 1]
    values = key(last) if key else [getattr(last, str(column.key)) for column in columns]
    return rows[: at.limit], at.seal(values)


def _bad() -> BadCursor:
    return BadCursor(errors=(FieldError(("query", "cursor"), BadCursor.code, BadCursor.zh, BadCursor.__doc__ or ""),))


def _code(address: str, body: bytes) -> bytes:
    return hmac.digest(keys().marks, b"cursor|" + address.encode() + b"|" + body, hashlib.sha256)[:_MAC]


def _seal(address: str, values: Sequence[object]) -> str:
    body = json.dumps([_plain(value) for value in values], separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(_code(address, body) + body).decode().rstrip("=")


def _plain(value: object) -> object:
    match value:
        case datetime():
            return {"t": value.isoformat()}
        case date():
            return {"d": value.isoformat()}
        case UUID():
            return {"u": value.hex}
        case _:
            return value


def _open(address: str, cursor: str) -> list[Any]:
    try:
        sealed = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise _bad() from None
    code, body = sealed[:_MAC], sealed[_MAC:]
    if not hmac.compare_digest(code, _code(address, body)):
        raise _bad()
    return [_value(plain) for plain in json.loads(body)]


def _value(plain: object) -> object:
    match plain:
        case {"t": str(text)}:
            return datetime.fromisoformat(text)
        case {"d": str(text)}:
            return date.fromisoformat(text)
        case {"u": str(text)}:
            return UUID(text)
        case _:
            return plain
