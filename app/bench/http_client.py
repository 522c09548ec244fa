"""The load: so many connections, each with requests one after the other; in a process of its own.

Reads one JSON object from standard input, writes one to standard output. Small on purpose: it shares the machine with
what it measures.
"""

from __future__ import annotations

import asyncio
import json
import re
import sys
import time
from collections.abc import Sequence
from typing import cast

import uvloop

_LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)


class Caller(asyncio.Protocol):
    """One connection: sends a request when the answer to the last one is whole."""

    def __init__(self, requests: Sequence[bytes], status: bytes, done: asyncio.Future[None]) -> None:
        self.requests = requests
        self.status = status
        self.done = done
        self.seconds: list[float] = []
        self.head = b""
        self._have = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""
        self.transport = cast(asyncio.Transport, transport)  # uvloop's is none by class
        self._send()

    def data_received(self, data: bytes) -> None:
        """Part of an answer, or the rest of it."""
        self._have = self._have + data if self._have else data
        end = self._have.find(b"\r\n\r\n")
        if end < 0:
            return
        length = _LENGTH.search(self._have, 0, end)
        if len(self._have) < end + 4 + (int(length[1]) if length else 0):
            return
        self.seconds.append(time.perf_counter() - self.began)
        if not self._have.startswith(self.status):
            self._fail(f"expected {self.status!r}, got {self._have[:400]!r}")
            return
        self.head, self._have = self._have, b""
        self._send()

    def connection_lost(self, exc: Exception | None) -> None:
        """The server went away."""
        self._fail("the connection was closed")

    def _send(self) -> None:
        if len(self.seconds) == len(self.requests):
            self.done.set_result(None)
            self.transport.abort()
            return
        self.began = time.perf_counter()
        self.transport.write(self.requests[len(self.seconds)])

    def _fail(self, why: str) -> None:
        if not self.done.done():
            self.done.set_exception(RuntimeError(why))


async def load(port: int, plans: Sequence[Sequence[bytes]], status: bytes) -> list[Caller]:
    """Every plan on a connection of its own, all at once."""
    loop = asyncio.get_running_loop()
    callers = [Caller(plan, status, loop.create_future()) for plan in plans]
    for caller in callers:
        await loop.create_connection(lambda caller=caller: caller, "127.0.0.1", port)  # type: ignore[misc]
    await asyncio.gather(*(caller.done for caller in callers))
    return callers


def main() -> None:
    """{"port", "plans": [[request]], "status": 200} → {"seconds": [...], "cpu": seconds, "wall": seconds}."""
    job = json.load(sys.stdin)
    plans = [[text.encode() for text in plan] for plan in job["plans"]]
    began, cpu = time.perf_counter(), time.process_time()
    callers = uvloop.run(load(job["port"], plans, f"HTTP/1.1 {job['status']}".encode()))
    answer = {
        "seconds": [second for caller in callers for second in caller.seconds],
        "cpu": time.process_time() - cpu,
        "wall": time.perf_counter() - began,
        "last": callers[0].head.decode("latin-1"),
    }
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    main()
