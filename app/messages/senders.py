"""How a message reaches a phone: the log of a developer's machine, an HTTP hook, or not at all (EASTWEST_SMS)."""

from __future__ import annotations

import hashlib
import hmac
import sys
import time
from collections.abc import Callable
from ipaddress import ip_address
from typing import NamedTuple
from uuid import UUID

import httpx
import orjson

from app.settings import Settings, settings

#: Seconds for the connection, and between two signs of life of the answer.
CONNECT, PATIENCE = 3.0, 8.0
#: Answers of a hook that are worth another try, beside all 5xx.
_LATER = frozenset({408, 409, 425, 429})


class Outgoing(NamedTuple):
    """A message on its way. The id is the same at every try: a hook that has seen it sends it once."""

    id: UUID
    kind: str
    phone: str
    text: str


class Undelivered(Exception):
    """It did not get through this time."""


class Refused(Exception):
    """The hook will not have it, now or later."""


class SenderUnsafe(RuntimeError):
    """The settings of the sender are missing or would show codes to others."""


#: Sends one message, or raises Undelivered or Refused.
Sender = Callable[[Outgoing], None]


def make_sender(of: Settings) -> Sender | None:
    """The sender of the settings; None: there is none. Raises SenderUnsafe."""
    kind = of.sms or ("none" if of.env == "production" else "log")
    if kind == "none":
        return None
    if kind == "log":
        if of.env == "production":
            raise SenderUnsafe("EASTWEST_SMS=log shows codes in the log: set webhook or none in production")
        return to_log
    if not of.sms_url or not of.sms_secret:
        raise SenderUnsafe("EASTWEST_SMS=webhook needs EASTWEST_SMS_URL and EASTWEST_SMS_SECRET")
    if of.env == "production" and not _is_private(of.sms_url):
        raise SenderUnsafe("EASTWEST_SMS_URL must begin with https:// or stay on this machine")
    return Webhook(of.sms_url, of.sms_secret.get_secret_value().encode())


def sender() -> Sender | None:
    """The sender of this process."""
    return make_sender(settings())


def to_log(message: Outgoing) -> None:
    """For developers: the message as it would arrive."""
    # past structlog, whose listed fields let no text through
    sys.stderr.write(f"[SMS {message.kind}] {message.phone}: {message.text}\n")
    sys.stderr.flush()


class Webhook:
    """Posts a message to an address of the operator's, signed, and waits for 2xx.

    Body: JSON {"id", "kind", "phone", "text"}. Headers: Idempotency-Key (the message's id), X-Eastwest-Timestamp
    (seconds since 1970), X-Eastwest-Signature "sha256=" + hex HMAC-SHA256 over timestamp, ".", body.
    """

    def __init__(self, url: str, secret: bytes, *, connect: float = CONNECT, patience: float = PATIENCE) -> None:
        self.url = url
        self.secret = secret
        self.timeout = httpx.Timeout(patience, connect=connect)

    def __call__(self, message: Outgoing) -> None:
        """Post it. Raises Undelivered or Refused."""
        body = orjson.dumps({"id": str(message.id), "kind": message.kind, "phone": message.phone, "text": message.text})
        try:
            # no proxy and no .netrc of the machine's; redirects are not followed: the signature is for this address
            with (
                httpx.Client(timeout=self.timeout, trust_env=False) as client,
                client.stream("POST", self.url, content=body, headers=self._headers(message, body)) as answer,
            ):
                status = answer.status_code
        except httpx.HTTPError as error:
            raise Undelivered(type(error).__name__) from None
        if 200 <= status < 300:
            return
        raise Undelivered(str(status)) if status >= 500 or status in _LATER else Refused(str(status))

    def _headers(self, message: Outgoing, body: bytes) -> dict[str, str]:
        at = str(int(time.time()))
        return {
            "Content-Type": "application/json",
            "Idempotency-Key": str(message.id),
            "X-Eastwest-Timestamp": at,
            "X-Eastwest-Signature": f"sha256={signature(self.secret, at, body)}",
        }


def signature(secret: bytes, at: str, body: bytes) -> str:
    """What the hook computes again to know that it was us, and when."""
    return hmac.new(secret, at.encode() + b"." + body, hashlib.sha256).hexdigest()


def _is_private(url: str) -> bool:
    where = httpx.URL(url)
    if where.scheme == "https":
        return True
    try:
        return ip_address(where.host).is_loopback
    except ValueError:
        return where.host == "localhost"
