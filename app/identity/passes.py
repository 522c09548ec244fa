"""The way a password takes from a request: a turn in the database, hashing without one, a turn again."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from anyio.to_thread import run_sync
from fastapi import Request

from app.edge.slots import turn
from app.identity.passwords import apart, check_new, hash_of_password
from app.identity.sign_in import Claim

T = TypeVar("T")


def address_of(request: Request) -> str:
    """Where a request comes from; behind a proxy, what uvicorn was told to trust."""
    return request.client.host if request.client else ""


async def in_turn(request: Request, work: Callable[..., T], *arguments: object) -> T:
    """Work in the database, in a thread, when there is room."""
    async with turn(request):
        return await run_sync(work, *arguments)


async def looked_at(claimed: Claim, password: str) -> bool:
    """Whether the password fits; hashed where few hash at a time, holding no connection."""
    return await apart(claimed.fits, password)


async def hashed(password: str, login: str) -> str:
    """What is kept of a new password. Raises Invalid for one that is guessed first."""
    check_new(password, login)
    return await apart(hash_of_password, password)
