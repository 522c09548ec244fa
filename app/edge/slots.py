"""As many requests at a time in the database as it has connections; the rest wait in the event loop.

Without it they would wait in threads: forty threads asking for a connection leave none to finish the requests that
hold one, and everybody waits until the pool gives up.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated

from fastapi import Depends, Request

from app.errors import Unavailable

#: Seconds a request waits for its turn.
PATIENCE = 10.0


async def slot(request: Request) -> AsyncIterator[None]:
    """A turn in the database. Raises Unavailable when none comes free."""
    slots: asyncio.Semaphore = request.app.state.slots
    try:
        async with asyncio.timeout(PATIENCE):
            await slots.acquire()
    except TimeoutError:
        raise Unavailable from None
    try:
        yield
    finally:
        slots.release()


#: Taken before a transaction opens, given back after it is committed.
Slot = Annotated[None, Depends(slot, scope="function")]

#: The same for a route that needs the database now and then: `async with turn(request): …`.
turn = asynccontextmanager(slot)
