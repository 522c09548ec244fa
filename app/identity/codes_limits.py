"""How often something may happen at the door: counted in the database at its time, so for all processes together."""

from __future__ import annotations

import math
from datetime import timedelta
from typing import NamedTuple

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert

from app.db.transaction import Write
from app.db.turns import take_turn
from app.errors import ProductError, SignInPaused, TooManyRequests
from app.identity.codes_model import DoorCount


class Limit(NamedTuple):
    """At most so many in a window that ends now. Minutes are counted whole."""

    what: str
    most: int
    window: timedelta
    refusal: type[ProductError] = TooManyRequests


#: Codes one address may ask for. A job fair, and many phones of one carrier, share an address.
ASKED_HERE = Limit("code_asked", 300, timedelta(hours=1))
#: Wrong codes from one address.
FAILED_HERE = Limit("code_failed_here", 100, timedelta(minutes=10))
#: Wrong codes of everybody together: 15 guesses a number a day are too many when somebody tries a million numbers.
FAILED = Limit("code_failed", 1_000, timedelta(minutes=10), SignInPaused)

_MINUTE = timedelta(minutes=1)


def take(tx: Write, limit: Limit, key: bytes = b"") -> None:
    """Count one more. Raises the limit's refusal, with Retry-After, when there have been enough.

    Who counts the same thing waits for this transaction to end: keep it short, and take in one order.
    """
    _in_turn(tx, limit, key)
    minute = func.date_trunc("minute", func.clock_timestamp())
    mine = (DoorCount.what == limit.what) & (DoorCount.key == key)
    recent = mine & (DoorCount.slot > func.clock_timestamp() - limit.window - _MINUTE)
    left = func.extract("epoch", func.min(DoorCount.slot) + limit.window + _MINUTE - func.clock_timestamp())
    count, seconds = tx.session.execute(
        select(func.coalesce(func.sum(DoorCount.n), 0), left).where(recent, DoorCount.n > 0)
    ).one()
    if count >= limit.most:
        raise limit.refusal(headers={"Retry-After": str(max(1, math.ceil(seconds)))})
    added = insert(DoorCount).values(what=limit.what, key=key, slot=minute, n=1)
    tx.session.execute(added.on_conflict_do_update(index_elements=["what", "key", "slot"], set_={"n": DoorCount.n + 1}))


def give_back(tx: Write, limit: Limit, key: bytes = b"") -> None:
    """It was not one after all."""
    mine = (DoorCount.what == limit.what) & (DoorCount.key == key) & (DoorCount.n > 0)
    newest = select(func.max(DoorCount.slot)).where(mine).scalar_subquery()
    tx.session.execute(update(DoorCount).where(mine, DoorCount.slot == newest).values(n=DoorCount.n - 1))


def _in_turn(tx: Write, limit: Limit, key: bytes) -> None:
    take_turn(tx.session, f"{limit.what}:{key.hex()}")
