"""The codes this browser asked for and the digits it tried, so that a page can say what still helps.

Counted in the browser: what the database counts would tell whether somebody else asked for a number's codes.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import NamedTuple

from fastapi import Request
from starlette.responses import Response

from app.console.cookies import CODES_COOKIE, set_cookie
from app.db.sealing import blind_index

#: Codes that opened nothing a number may have in a day, and tries a code is good for (migrations/security/codes.sql).
A_DAY, TRIES = 3, 5
_DAY = 86_400


class Codes(NamedTuple):
    """What became of one number's codes in this browser."""

    #: Seconds since 1970 at which a code was sent, of the last day, the first one first.
    sent: tuple[int, ...] = ()
    #: Digits tried since the last one.
    tried: int = 0

    @property
    def tries_left(self) -> int:
        """How often the last code can still be tried."""
        return max(0, TRIES - self.tried)

    @property
    def again_from(self) -> datetime | None:
        """When a code is sent again. None: at once."""
        return datetime.fromtimestamp(self.sent[0] + _DAY, UTC) if len(self.sent) >= A_DAY else None

    def one_more(self) -> Codes:
        """After a code was asked for."""
        return self if self.again_from else Codes((*self.sent, int(time.time())))

    def opened(self) -> Codes:
        """After the last one opened the door: it does not count."""
        return Codes(self.sent[:-1])

    def one_try(self) -> Codes:
        """After digits that did not open the door."""
        return self._replace(tried=self.tried + 1)


def codes_of(request: Request, phone: str) -> Codes:
    """What the browser says; nothing when it asked for another number last."""
    mark, *figures = request.cookies.get(CODES_COOKIE, "").split(".")
    if mark != _mark(phone) or not all(one.isascii() and one.isdecimal() and len(one) < 12 for one in figures):
        return Codes()
    tried, *sent = map(int, figures)
    return Codes(tuple(one for one in sent if one > time.time() - _DAY), tried)


def keep_codes(request: Request, answer: Response, phone: str, codes: Codes) -> None:
    """For a day, and without the number."""
    words = ".".join(map(str, (_mark(phone), codes.tried, *codes.sent)))
    set_cookie(request, answer, CODES_COOKIE, words, _DAY)


def _mark(phone: str) -> str:
    """What a number is known by in the browser."""
    return blind_index(phone, "codes").hex()
