"""One effect for each Idempotency-Key (SECURITY T19), in the transaction of the effect itself.

A room's POST that creates takes `tx: OnceTx` (identity/door.py) instead of `WriteTx`, and its router is made with
`APIRouter(..., route_class=OnceRoute)`. Nothing else changes:

    router = APIRouter(prefix="/v1", route_class=OnceRoute)

    @router.post("/vacancies", status_code=201)
    def post_vacancy(body: VacancyIn, tx: OnceTx, response: Response) -> VacancyOut: ...

Before the route runs, its key is inserted: of fifty at once one goes on, the others wait for it to commit and get its
answer. After the route, before the commit, the answer is sealed into that row; so answer and effect are there together
or not at all. An answer that is an error leaves neither. The same key with another body is 409.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Any
from uuid import UUID

import orjson
from anyio.to_thread import run_sync
from fastapi import Depends, Header, Request
from fastapi.routing import APIRoute
from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session
from starlette.responses import Response

from app.db.keys import keys
from app.db.sealing import seal, unseal
from app.db.transaction import Write
from app.edge.body_digest import BodyDigest
from app.edge.model import IdempotentAnswer
from app.errors import IdempotencyKeyReused

#: How long an answer is kept.
KEPT = timedelta(days=7)
_PLACE = "idempotent_answers.answer_sealed"
#: Headers that belong to the answer, not to its journey.
_KEPT_HEADERS = frozenset({"content-type", "location", "etag", "content-language", "cache-control"})


class Replay(Exception):
    """The request was answered before: here is that answer."""

    def __init__(self, answer: Response) -> None:
        self.answer = answer


@dataclass(slots=True)
class Attempt:
    """A request that carries an Idempotency-Key."""

    #: Method, address and key.
    name: bytes
    #: SHA-256 of the body.
    body: bytes
    session: Session | None = None
    key: bytes = b""

    def claim(self, tx: Write) -> None:
        """Take the key for this transaction. Raises Replay or IdempotencyKeyReused when it was taken before."""
        token = tx.actor.token_id
        assert token is not None
        self.key = hmac.digest(keys().marks, b"once|" + token.bytes + b"|" + self.name, hashlib.sha256)
        if not self._take(tx.session, token):
            raise Replay(self._first_answer(tx.session))
        self.session = tx.session

    def keep(self, answer: Response) -> None:
        """Seal the answer beside its effect."""
        assert self.session is not None
        kept = {name: value for name, value in answer.headers.items() if name in _KEPT_HEADERS}
        sealed = seal(orjson.dumps(kept) + b"\n" + bytes(answer.body), _PLACE, _row(self.key))
        self.session.execute(
            update(IdempotentAnswer)
            .where(IdempotentAnswer.key == self.key)
            .values(status=answer.status_code, answer_sealed=sealed)
        )

    def _take(self, session: Session, token: UUID) -> bool:
        # row security shows only this token's; what another request is deleting already is left to it
        over = select(IdempotentAnswer.key).where(IdempotentAnswer.until < func.now()).with_for_update(skip_locked=True)
        session.execute(delete(IdempotentAnswer).where(IdempotentAnswer.key.in_(over)))
        taken = session.scalars(
            insert(IdempotentAnswer)
            .values(key=self.key, token_id=token, request=self.body, status=0, until=func.now() + KEPT)
            .on_conflict_do_nothing()
            .returning(IdempotentAnswer.key)
        )
        return taken.one_or_none() is not None

    def _first_answer(self, session: Session) -> Response:
        first = session.scalars(select(IdempotentAnswer).where(IdempotentAnswer.key == self.key)).one()
        if not hmac.compare_digest(first.request, self.body):
            raise IdempotencyKeyReused
        assert first.answer_sealed is not None
        headers, _, body = unseal(first.answer_sealed, _PLACE, _row(self.key)).partition(b"\n")
        return Response(body, first.status, {**orjson.loads(headers), "Idempotent-Replay": "true"})


def _row(key: bytes) -> UUID:
    return UUID(bytes=key[:16])


KeyHeader = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=255,
        pattern=r"^[\x21-\x7e]+$",
        description="同键同内容只生效一次 / same key and body: one effect, the first answer again",
    ),
]


async def attempt(request: Request, key: KeyHeader = None) -> Attempt | None:
    """The attempt a request makes; None without a key."""
    if key is None:
        return None
    name = f"{request.method} {request.url.path}?{request.url.query} {key}".encode()
    found = request.state.attempt = Attempt(name, await _digest(request))
    return found


MaybeAttempt = Annotated[Attempt | None, Depends(attempt)]


async def _digest(request: Request) -> bytes:
    """SHA-256 of what was sent, taken by the front door."""
    found: BodyDigest | None = getattr(request.state, "body_digest", None)
    if found is None:  # there is no body
        return hashlib.sha256().digest()
    if not found.is_whole:
        await request.form()  # an upload nobody has read yet; it is kept for who does
    return found.digest()


class OnceRoute(APIRoute):
    """A route whose answer is kept in its own transaction when the request carries an Idempotency-Key."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The usual handler, then the sealing of its answer: dependencies of scope "function" are still open."""
        handle = super().get_route_handler()

        async def once(request: Request) -> Response:
            try:
                answer = await handle(request)
            except Replay as replay:
                return replay.answer
            finally:
                await request.close()  # an upload that was read here, and by no route
            claimed: Attempt | None = getattr(request.state, "attempt", None)
            if claimed is not None and claimed.session is not None:
                await run_sync(claimed.keep, answer)
            return answer

        return once
