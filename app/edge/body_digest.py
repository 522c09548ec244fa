"""What was sent, in 32 bytes: taken as the body goes by, since a form that was read cannot be read again."""

from __future__ import annotations

import hashlib

from starlette.types import Message, Receive, Scope


class BodyDigest:
    """SHA-256 of a body; of a form without its boundary, which every retry of an upload makes anew."""

    def __init__(self, boundary: bytes = b"") -> None:
        self._hash = hashlib.sha256()
        self._boundary = boundary
        #: The end of what came, which may be the beginning of a boundary.
        self._rest = b""
        #: Whether the whole body has come.
        self.is_whole = False

    def add(self, part: bytes, *, more: bool) -> None:
        """The next part of the body; `more` when it is not the last."""
        if not self._boundary:
            self._hash.update(part)
        else:
            *between, last = (self._rest + part).split(self._boundary)
            for piece in between:
                self._hash.update(piece)
            kept = len(self._boundary) - 1 if more else 0
            cut = max(0, len(last) - kept)
            self._hash.update(last[:cut])
            self._rest = last[cut:]
        self.is_whole = not more

    def digest(self) -> bytes:
        """The 32 bytes."""
        return self._hash.digest()


def watched(receive: Receive, scope: Scope, boundary: bytes = b"") -> Receive:
    """The same channel; what comes through it is found under `body_digest` in the request's state."""
    found = scope.setdefault("state", {})["body_digest"] = BodyDigest(boundary)

    async def watching() -> Message:
        message = await receive()
        if message["type"] == "http.request":
            found.add(message.get("body", b""), more=message.get("more_body", False))
        return message

    return watching
