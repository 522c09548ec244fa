"""The edge behind a real server, spoken to byte by byte."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO

import pytest


@dataclass
class Service:
    """A running process, the port it serves, and what it says."""

    process: subprocess.Popen[str]
    port: int
    said: IO[str]

    def connect(self) -> socket.socket:
        """A new connection."""
        return socket.create_connection(("127.0.0.1", self.port), timeout=20)

    def ask(self, request: bytes) -> bytes:
        """Everything that is answered until the connection closes."""
        with self.connect() as connection:
            connection.sendall(request)
            return everything(connection)

    def wait_for(self, words: str) -> str:
        """What it says up to the line with these words."""
        heard = ""
        for line in self.said:
            heard += line
            if words in line:
                break
        return heard


def everything(connection: socket.socket) -> bytes:
    """What comes until the other side closes, or breaks off because it wants to hear no more."""
    answer = b""
    try:
        while part := connection.recv(65536):
            answer += part
    except ConnectionResetError:
        pass
    return answer


@contextmanager
def running() -> Iterator[Service]:
    """The trial application behind uvicorn; nothing asked of it here needs a database."""
    command = [sys.executable, "-m", "uvicorn", "--factory", "tests.edge.trial_app:trial_app", "--port", "0"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=dict(os.environ)) as process:
        assert process.stderr is not None
        found = Service(process, 0, process.stderr)
        port = re.search(r"http://127\.0\.0\.1:(\d+)", found.wait_for("Uvicorn running on"))
        assert port is not None
        found.port = int(port[1])
        yield found
        process.kill()


@pytest.fixture(scope="module")
def service() -> Iterator[Service]:
    """One for all tests that leave it running."""
    with running() as found:
        yield found


def head(path: str, *more: str, method: str = "POST") -> bytes:
    """The head of a request after which the connection is to close."""
    lines = [f"{method} {path} HTTP/1.1", "Host: localhost", "Content-Type: application/json", *more]
    return "\r\n".join([*lines, "Connection: close", "", ""]).encode()


def chunk(content: bytes) -> bytes:
    """One chunk of a chunked body."""
    return b"%x\r\n%s\r\n" % (len(content), content)


CHUNKED = "Transfer-Encoding: chunked"


def test_a_chunked_body_is_read_strictly_and_bounded(service: Service) -> None:
    taken = service.ask(head("/v1/things", CHUNKED) + chunk(b'{"name"') + chunk(b': "x"}') + chunk(b""))
    assert taken.startswith(b"HTTP/1.1 200 ")
    broken = service.ask(head("/v1/things", CHUNKED) + chunk(b'{"name": NaN}') + chunk(b""))
    assert broken.startswith(b"HTTP/1.1 400 ")
    endless = service.ask(head("/v1/things", CHUNKED) + chunk(b'{"name": "') + chunk(b"a" * 100_000) * 20)
    assert endless.startswith(b"HTTP/1.1 413 ")
    assert b"application/problem+json" in endless


@pytest.mark.parametrize(
    "request_bytes",
    [
        head("/v1/things", "Content-Length: ten") + b"{}",
        head("/v1/things", "Content-Length: -1") + b"{}",
        head("/v1/things", "Content-Length: 2", "Content-Length: 3") + b"{}",
        head("/v1/things", CHUNKED) + b"zz\r\n{}\r\n0\r\n\r\n",
        head("/v1/things", "A\0B: 1"),
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"GET\r\n\r\n",
        b"GET /v1/things HTTP/9.9\r\n\r\n",
        head("/v1/things?q=%00", method="GET"),
        head("/v1/th\xffings", method="GET"),
    ],
)
def test_bytes_that_are_no_proper_request_are_400(service: Service, request_bytes: bytes) -> None:
    assert service.ask(request_bytes).startswith(b"HTTP/1.1 400 ")


def test_a_stop_lets_the_request_in_hand_finish_takes_no_other_and_no_line_names_anybody() -> None:
    body = b'{"name": "x"}'
    with running() as service:
        service.ask(head("/v1/things?q=%E7%94%B0%E5%B0%8F%E8%8D%89&phone=13800001111", method="GET"))
        with service.connect() as connection:
            connection.sendall(head("/v1/things", f"Content-Length: {len(body)}") + body[:5])
            assert service.ask(head("/healthz", method="GET")).startswith(b"HTTP/1.1 200 ")
            service.process.send_signal(signal.SIGTERM)
            lines = service.wait_for("Shutting down")
            connection.sendall(body[5:])
            assert everything(connection).startswith(b"HTTP/1.1 200 ")
        lines += service.said.read()
        assert service.process.wait(20) in (0, -signal.SIGTERM)
        with pytest.raises(ConnectionRefusedError):
            service.connect()
    assert "createThing" in lines
    assert "13800001111" not in lines
    assert "/v1/" not in lines
