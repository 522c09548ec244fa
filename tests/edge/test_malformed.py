"""The hand-made corpus of malformed requests, over a real socket: refused or answered, never an error of ours, never a
hang, and nothing of the request comes back."""

from __future__ import annotations

import gc
import os
import re
import socket
import threading
import uuid
from collections.abc import Iterator

import pytest
import uvicorn

from app.main import create_app
from tests import people
from tests.database import Server, pointed_at
from tests.edge.malformed import FAMILIES, MARK, TOKEN
from tests.edge.test_served import everything

#: Seconds after which a silent connection counts as a hang; far above what any answer takes on a busy machine.
HANG = 20.0
#: They say more than they send: the server rightly waits, and closes when the client does.
SAYS_MORE = frozenset(
    {
        "length a gigabyte",
        "chunks huge",
        "chunks two gigabytes",
        "chunks bare lf",
        "chunks too short",
        "chunks negative",
    }
)


@pytest.fixture(scope="module")
def port(server: Server, full_template: str) -> Iterator[int]:
    """The service behind uvicorn, on a database of its own."""
    name = f"ew_clone_{os.getpid()}_{uuid.uuid4().hex[:8]}"
    with pointed_at(server.clone(full_template, name)):
        config = uvicorn.Config(create_app(), port=0, log_level="critical", access_log=False, lifespan="off")
        serving = uvicorn.Server(config)
        listening = socket.create_server(("127.0.0.1", 0))
        thread = threading.Thread(target=serving.run, args=([listening],), daemon=True)
        thread.start()
        yield listening.getsockname()[1]
        serving.should_exit = True
        thread.join()
    server.drop(name)


def _answer(port: int, request: bytes, *, hangs_up: bool) -> bytes:
    """Everything that comes back; TimeoutError when nothing does."""
    with socket.create_connection(("127.0.0.1", port), timeout=HANG) as connection:
        try:
            connection.sendall(request.replace(TOKEN, people.bearer("station").encode()))
            if hangs_up:
                connection.shutdown(socket.SHUT_WR)
        except (BrokenPipeError, ConnectionResetError):
            pass  # refused before it was read to the end
        return everything(connection)


def _fault(port: int, name: str, request: bytes) -> str | None:
    try:
        answer = _answer(port, request, hangs_up=name in SAYS_MORE)
    except TimeoutError:
        return "hangs"
    except OSError:
        return None  # closed at once
    status = re.match(rb"HTTP/1\.[01] (\d{3})", answer)
    if answer and status is None:
        return f"no answer of HTTP: {answer[:60]!r}"
    if status and status[1][:1] == b"5":
        return f"{status[1].decode()}: {answer[-200:]!r}"
    if MARK.encode() in answer and status and status[1][:1] != b"2":
        return f"repeats what was sent: {answer[:300]!r}"
    return None


def test_the_corpus_is_large() -> None:
    assert sum(map(len, FAMILIES.values())) >= 300


# a form that breaks off leaves its buffer to the garbage collector: the parser of forms closes it only when it refuses
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("family", FAMILIES)
def test_a_malformed_request_is_answered_calmly(port: int, family: str) -> None:
    faults = {name: found for name, request in FAMILIES[family].items() if (found := _fault(port, name, request))}
    gc.collect()  # here, where it may be said
    assert faults == {}
