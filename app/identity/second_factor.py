"""A second factor: six digits that an authenticator shows for half a minute (TOTP, RFC 6238; SHA-1, as they all do)."""

from __future__ import annotations

import base64
import hmac
import secrets
from urllib.parse import quote

PERIOD_S = 30
DIGITS = 6


def new_secret() -> bytes:
    """160 random bits."""
    return secrets.token_bytes(20)


def as_text(secret: bytes) -> str:
    """The secret as it is typed into an authenticator."""
    return base64.b32encode(secret).decode()


def as_uri(secret: bytes, login: str) -> str:
    """The secret as an authenticator reads it from a square code."""
    return f"otpauth://totp/eastwest:{quote(login)}?secret={as_text(secret)}&issuer=eastwest"


def code_at(secret: bytes, step: int) -> str:
    """The digits of one half minute, counted from 1970."""
    mac = hmac.digest(secret, step.to_bytes(8), "sha1")
    at = mac[-1] & 15
    return f"{(int.from_bytes(mac[at : at + 4]) & 0x7FFF_FFFF) % 10**DIGITS:0{DIGITS}}"


def step_of(secret: bytes, code: str, now_s: float, after: int) -> int | None:
    """The half minute the code belongs to: this one or a neighbour, later than the last one used. None: wrong, or used
    before."""
    this = int(now_s) // PERIOD_S
    fitting = [
        step
        for step in (this - 1, this, this + 1)
        if hmac.compare_digest(code_at(secret, step).encode(), code.encode())
    ]
    return next((step for step in fitting if step > after), None)
