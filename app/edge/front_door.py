"""The front door: bodies bounded and strict before anything else sees them (SECURITY decision 6, T17).

JSON is read once here, strictly, and handed on as it came; multipart is counted while it streams. What is refused is
refused with 400, 413 or 415 and never repeated. Larger JSON is checked in a thread: others are served meanwhile.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from email.message import Message as ContentType
from typing import Any, NoReturn
from urllib.parse import unquote_to_bytes

from anyio.to_thread import run_sync
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.edge.body_digest import watched
from app.edge.language import of_scope
from app.edge.problems import problem_response
from app.errors import Malformed, ProductError, TooLarge, UnsupportedMedia

DEEPEST = 64
_WITH_BODY = frozenset({"POST", "PUT", "PATCH", "DELETE"})
#: Headers that must not come twice: whoever reads the other one sees another request.
_ONCE = frozenset({b"content-type", b"content-length", b"authorization", b"idempotency-key", b"if-match", b"host"})
#: Checked in the event loop up to this size, in a thread above it.
_QUICK = 16_384


class NotJson(Malformed):
    """The body is not strict JSON in UTF-8."""

    code, zh = "malformed_json", "请求体不是规范的 UTF-8 JSON。"


def strict_json(raw: bytes) -> Any:
    """The value of a body. Raises ValueError: bad UTF-8, NaN, Infinity, 1e400, a key twice, NUL, a lone surrogate, more
    than DEEPEST levels."""
    try:
        value = json.loads(
            raw.decode("utf-8"), parse_constant=_refuse, parse_float=_finite, object_pairs_hook=_each_key_once
        )
    except RecursionError:
        raise ValueError("too deep") from None
    _check_depth(value)
    if b"\\u" in raw:  # without an escape no text can hold what UTF-8 and JSON themselves forbid
        _check_texts(value)
    return value


def _refuse(constant: str) -> NoReturn:
    raise ValueError("not a number of JSON")


def _finite(text: str) -> float:
    number = float(text)
    if number in (float("inf"), float("-inf")):
        raise ValueError("too large a number")
    return number


def _each_key_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a key twice")
    return members


def _check_depth(value: Any) -> None:
    level = [value]
    for _ in range(DEEPEST):
        level = [inner for outer in level if isinstance(outer, list | dict) for inner in _members(outer)]
        if not level:
            return
    if any(isinstance(value, list | dict) for value in level):
        raise ValueError("too deep")


def _members(outer: list[Any] | dict[str, Any]) -> Iterable[Any]:
    return outer if isinstance(outer, list) else outer.values()


def _check_texts(value: Any) -> None:
    if isinstance(value, str):
        if "\0" in value:
            raise ValueError("NUL")
        value.encode("utf-8")  # a lone surrogate is a UnicodeEncodeError, which is a ValueError
    elif isinstance(value, list | dict):
        for inner in value:
            _check_texts(inner)
        if isinstance(value, dict):
            for inner in value.values():
                _check_texts(inner)


class FrontDoor:
    """ASGI: requests whose body, address or headers cannot be trusted go no further."""

    def __init__(self, app: ASGIApp, *, max_body: int, max_list_file: int, list_paths: frozenset[str]) -> None:
        self.app = app
        #: Bytes of an ordinary body; of a list file, sent to one of the paths of lists.
        self.max_body, self.max_list_file, self.list_paths = max_body, max_list_file, list_paths

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse, or pass on."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        try:
            onward = await self._checked(scope, receive)
        except ProductError as error:
            await problem_response(error, of_scope(scope))(scope, receive, send)
        else:
            await self.app(scope, onward, send)

    async def _checked(self, scope: Scope, receive: Receive) -> Receive:
        headers = _headers(scope)
        _check_address(scope)
        most = self._most(scope)
        length = headers.get(b"content-length", b"0")
        if not (length.isascii() and length.isdigit()):
            raise Malformed
        if len(length) > 18 or int(length) > most:
            raise _too_large(most)
        has_body = int(length) > 0 or b"transfer-encoding" in headers
        if not has_body or scope["method"] not in _WITH_BODY:
            return receive
        if headers.get(b"content-encoding", b"identity").lower() != b"identity":
            raise UnsupportedMedia
        content_type = _content_type(headers.get(b"content-type", b""))
        onward = await self._checked_body(content_type, receive, most)
        if b"idempotency-key" not in headers:
            return onward
        return watched(onward, scope, _parameter(content_type, "boundary").encode())

    async def _checked_body(self, content_type: ContentType, receive: Receive, most: int) -> Receive:
        kind, charset = content_type.get_content_type(), _parameter(content_type, "charset").lower()
        if kind == "multipart/form-data":
            return _counting(receive, most)
        if kind == "application/x-www-form-urlencoded":
            body = await _whole(receive, min(most, self.max_body))
            if b"\0" in unquote_to_bytes(body) or not _is_utf8(unquote_to_bytes(body)):
                raise Malformed
            return _replayed(body, receive)
        if kind != "application/json" and not (kind.startswith("application/") and kind.endswith("+json")):
            raise UnsupportedMedia
        if charset not in ("", "utf-8", "utf8"):
            raise UnsupportedMedia
        body = await _whole(receive, most)
        try:
            if body:
                await _check_json(body)
        except ValueError:
            raise NotJson from None
        return _replayed(body, receive)

    def _most(self, scope: Scope) -> int:
        # the envelope of a multipart body comes on top of its file
        return self.max_list_file + 65_536 if scope["path"].rstrip("/") in self.list_paths else self.max_body


async def _check_json(body: bytes) -> None:
    if len(body) <= _QUICK:
        strict_json(body)
    else:
        await run_sync(strict_json, body)


def _headers(scope: Scope) -> dict[bytes, bytes]:
    headers: dict[bytes, bytes] = {}
    for name, value in scope["headers"]:
        if name in headers and name in _ONCE:
            raise Malformed
        if any(byte < 32 and byte != 9 for byte in value) or 127 in value:
            raise Malformed
        headers[name] = value
    return headers


def _check_address(scope: Scope) -> None:
    query = unquote_to_bytes(scope["query_string"])
    path = unquote_to_bytes(scope.get("raw_path") or scope["path"].encode())
    for text in (path, query):
        if b"\0" in text or not _is_utf8(text):
            raise Malformed


def _is_utf8(text: bytes) -> bool:
    try:
        text.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _content_type(header: bytes) -> ContentType:
    """The header, read; an empty one is octets."""
    read = ContentType()
    read["content-type"] = header.decode("latin-1") or "application/octet-stream"
    return read


def _parameter(content_type: ContentType, name: str) -> str:
    """A parameter of the type; empty when it is not given, or given in a way no charset and no boundary is."""
    found = content_type.get_param(name, "")
    return found if isinstance(found, str) else "?"


async def _whole(receive: Receive, most: int) -> bytes:
    """The whole body. Raises TooLarge as soon as it is more than `most` bytes."""
    parts: list[bytes] = []
    size, more = 0, True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Malformed  # nobody is there to read it
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > most:
            raise _too_large(most)
        more = message.get("more_body", False)
    return b"".join(parts)


def _too_large(most: int) -> TooLarge:
    """The refusal, with what is taken at most; what still comes is not read."""
    megabytes = f"{max(1, most // 1_000_000)} MB"
    return TooLarge(
        zh=f"内容过大：最多 {megabytes}。清单请分成几份上传，或只留下要用的表。",
        en=f"The request is too large: at most {megabytes}. Split a list into several, or leave only the sheet needed.",
        headers={"Connection": "close"},
    )


def _replayed(body: bytes, receive: Receive) -> Receive:
    """A channel that gives the body once more, then goes on as before."""
    given = False

    async def again() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return again


def _counting(receive: Receive, most: int) -> Receive:
    """The same channel, which refuses when more than `most` bytes have come."""
    size = 0

    async def counted() -> Message:
        nonlocal size
        message = await receive()
        size += len(message.get("body", b""))
        if size > most:
            raise HTTPException(413, headers={"Connection": "close"})  # what reads forms lets no other error through
        return message

    return counted
