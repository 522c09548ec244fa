"""Two Ray nodes, one of them killed while everybody is matched: `./dev soak cluster`.

The nodes are started as the README tells a province to, on two addresses of the loopback, with a token that nobody
else has. The result must be complete and equal to what the process pool finds.
"""

from __future__ import annotations

import os
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import numpy as np

from app.bench.market import Size, generate
from app.bench.market_file import market_from_columns
from app.suggestions.everybody import in_processes, shared
from matching.index import Index
from matching.rank import People
from matching.shards import Matched, work

HEAD, SECOND = "127.0.0.2", "127.0.0.3"
#: So many that a part takes some tenths of a second: the second node dies with one in its hands.
SHARDS, WORKERS, VACANCIES, TOP = 24, 600_000, 20_000, 20
#: Ports are Ray's to choose: both nodes live on this machine.
NODE = ("--num-cpus=1", "--object-store-memory=500000000", "--min-worker-port=0", "--max-worker-port=0")


def main() -> None:
    """Run it and say what happened; an assertion fails when anything is missing or different."""
    size = Size(west=(6, 200), east=(6, 200), occupations=100, skills=200)
    loaded = market_from_columns(generate(7, VACANCIES, WORKERS, size), size.occupations)
    index, people = Index.build(loaded.vacancies, loaded.market), People.of(loaded.workers)
    with shared(work(index, people, top=TOP, distinct=True)) as block:
        expected = list(in_processes()(block, SHARDS))
        found = on_two_nodes(block)
    check(found, expected)
    print("complete, and equal to the process pool's")


def on_two_nodes(block: object) -> list[Matched]:
    """All parts from two nodes, of which the second is lost while both are at work."""
    os.environ |= {"RAY_AUTH_MODE": "token", "RAY_AUTH_TOKEN": secrets.token_hex(32)}  # before Ray is imported
    import ray

    from app.suggestions.everybody_on_ray import on_ray

    address = f"{HEAD}:{free_port()}"
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="ray"))
        head = ("--head", f"--port={address.rpartition(':')[2]}", f"--temp-dir={folder}", "--include-dashboard=false")
        stack.enter_context(node(HEAD, *head))
        second = stack.enter_context(node(SECOND, f"--address={address}"))
        stack.callback(ray.shutdown)
        began = time.perf_counter()
        parts = on_ray(address)(block, SHARDS)
        found = [next(parts) for _ in range(4)]
        while ray.available_resources().get("CPU"):  # type: ignore[no-untyped-call]
            found.append(next(parts))  # until both have one in their hands
        kill(second)
        before = len(found)
        found += parts
        assert before < SHARDS
        took = time.perf_counter() - began
        print(f"{WORKERS:,} workers in {took:.1f} s with a node lost after {before} of {SHARDS} parts")
    return found


@contextmanager
def node(address: str, *options: str) -> Iterator[int]:
    """A node of the cluster at an address of its own: the number of its session."""
    command = [str(Path(sys.executable).with_name("ray")), "start", f"--node-ip-address={address}", *options, *NODE]
    with subprocess.Popen([*command, "--disable-usage-stats"], start_new_session=True, stdout=sys.stderr) as starting:
        try:
            assert starting.wait() == 0, f"{address} did not start"
            yield starting.pid
        finally:
            kill(starting.pid)


def kill(session: int) -> None:
    """All processes of a session at once, as when a machine loses its power."""
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(ProcessLookupError):
            if os.getsid(int(process.name)) == session:
                os.kill(int(process.name), signal.SIGKILL)


def free_port() -> int:
    """A port of the head's address that nothing listens on."""
    with socket.create_server((HEAD, 0)) as server:
        return int(server.getsockname()[1])


def check(found: list[Matched], expected: list[Matched]) -> None:
    """Nobody missing, nobody twice, everybody's answer the same."""
    for mine, theirs in zip(together(found), together(expected), strict=True):
        assert np.array_equal(mine, theirs)


def together(parts: list[Matched]) -> list[np.ndarray]:
    """All parts' workers in their order, with rows and scores."""
    workers, rows, scores = (
        np.concatenate([getattr(part, name) for part in parts]) for name in ("workers", "rows", "scores")
    )
    order = np.argsort(workers)
    return [workers[order], rows[order], scores[order]]


if __name__ == "__main__":
    main()
