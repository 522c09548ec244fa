"""Passwords: which ones are taken, how they are hashed, and that hashing never crowds out the rest of the service.

Argon2id with RFC 9106's second recommended cost (64 MiB, three passes). It runs in few threads of its own, outside the
turn a request has in the database: a flood of sign-ins keeps those threads busy and nothing else.
"""

from __future__ import annotations

import asyncio
import unicodedata
from collections.abc import Callable
from functools import cache
from typing import TypeVar

from anyio import CapacityLimiter
from anyio.to_thread import run_sync
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from app.edge.form_fields import wrong
from app.errors import Invalid, Unavailable
from app.settings import settings

T = TypeVar("T")
#: At a time in one process: 64 MiB and a core each.
AT_ONCE = 2
#: Seconds somebody waits for a thread.
PATIENCE = 10.0
SHORTEST, LONGEST = 12, 128
#: What the demo market's staff sign in with, in development only; no password anywhere else.
DEMO = "eastwest-demo-2026"
#: Long enough, and tried first all the same.
_TRIED_FIRST = frozenset(
    {"123456789012", "1234567890123", "12345678901234", "123456123456", "111111111111", "qwertyuiop123", "qwertyuiopas"}
    | {
        "password1234",
        "passwordpassword",
        "administrator",
        "a123456789012",
        "woaini1314520",
        "1q2w3e4r5t6y",
        "eastwesteastwest",
    }
)

_hasher = PasswordHasher(time_cost=3, memory_cost=65_536, parallelism=4)


def normal(password: str) -> str:
    """One form for what may be typed in several (NFC): the same keys make the same password everywhere."""
    return unicodedata.normalize("NFC", password)


def check_new(password: str, login: str) -> None:
    """Pass when a password may be used. Raises Invalid naming what is wrong with it, never the password."""
    text = normal(password)
    if fault := _fault(text, login):
        raise fault
    if text == DEMO and settings().env == "production":
        raise wrong(
            "password",
            "password_known",
            "这是公开的演示密码，请换一个。",
            "This is the demo's password: choose another.",
        )


def _fault(text: str, login: str) -> Invalid | None:
    if len(text) < SHORTEST:
        return wrong(
            "password", "password_short", f"密码至少 {SHORTEST} 个字符。", f"At least {SHORTEST} characters are needed."
        )
    if len(text) > LONGEST:
        return wrong("password", "too_long", f"密码最多 {LONGEST} 个字符。", f"At most {LONGEST} characters.")
    folded = text.casefold()
    if folded in _TRIED_FIRST or len(set(folded)) < 5 or (len(login) > 3 and login.partition("@")[0] in folded):
        return wrong(
            "password",
            "password_known",
            "这个密码太容易被猜到，请换一个。",
            "This password is guessed first: choose another.",
        )
    return None


def hash_of_password(password: str) -> str:
    """What is kept instead of it."""
    return _hasher.hash(normal(password))


def is_password(password: str, kept: str | None) -> bool:
    """Whether it is the one kept. None, nobody known: the same work, and no."""
    try:
        return _hasher.verify(kept or _nobodys(), normal(password)) and kept is not None
    except (VerificationError, InvalidHashError):
        return False


@cache
def _nobodys() -> str:
    return _hasher.hash("nobody's password")


@cache
def _threads(loop: asyncio.AbstractEventLoop) -> CapacityLimiter:
    return CapacityLimiter(AT_ONCE)


async def apart(work: Callable[..., T], *arguments: object) -> T:
    """Hash in one of the few threads. Raises Unavailable when none comes free in time."""
    limiter = _threads(asyncio.get_running_loop())
    try:
        async with asyncio.timeout(PATIENCE):
            await limiter.acquire_on_behalf_of(borrower := object())
    except TimeoutError:
        raise Unavailable from None
    try:
        return await run_sync(work, *arguments)
    finally:
        limiter.release_on_behalf_of(borrower)
