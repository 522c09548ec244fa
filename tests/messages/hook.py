"""A provider's side of the webhook: a real HTTP server on this machine that answers as it is told."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple


class Received(NamedTuple):
    """One request that came."""

    headers: dict[str, str]
    body: bytes


class Hook:
    """What came, and what is answered: a status each time, the last one for ever; or something worse."""

    def __init__(self) -> None:
        self.received: list[Received] = []
        self.answers: list[int | Callable[[BaseHTTPRequestHandler], None]] = [200]
        self.url = ""
        #: Lets go of answers that hang.
        self.over = threading.Event()

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        """Take a request down, and answer it."""
        body = handler.rfile.read(int(handler.headers["Content-Length"]))
        self.received.append(Received({name.lower(): value for name, value in handler.headers.items()}, body))
        what = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if callable(what):
            what(handler)
        else:
            handler.send_response(what)
            if what in (301, 302, 307, 308):
                handler.send_header("Location", self.url)
            handler.send_header("Content-Length", "0")
            handler.end_headers()

    def hang(self, handler: BaseHTTPRequestHandler) -> None:
        """Never answer."""
        self.over.wait(30)

    def hang_up(self, handler: BaseHTTPRequestHandler) -> None:
        """Close without a word."""
        handler.close_connection = True

    def stall(self, handler: BaseHTTPRequestHandler) -> None:
        """Say yes, and then take for ever over the rest."""
        handler.send_response(200)
        handler.send_header("Content-Length", "1000")
        handler.end_headers()
        self.over.wait(30)


@contextmanager
def listening() -> Iterator[Hook]:
    """A hook that listens for a while."""
    hook = Hook()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            hook.answer(self)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    hook.url = f"http://127.0.0.1:{server.server_address[1]}/sms"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield hook
    finally:
        hook.over.set()
        server.shutdown()
        thread.join()
        server.server_close()
