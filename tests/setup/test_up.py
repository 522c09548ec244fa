"""`eastwest up` as a newcomer meets it: one journey through starts, deaths and stops of real processes."""

from __future__ import annotations

import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import urllib.request
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.devdb import private_cluster
from tests.conftest import DATA, ROOT

EASTWEST = [sys.executable, "-m", "app.cli"]


class Service:
    """An `eastwest up` under a $DATA of its own."""

    def __init__(self, data: Path) -> None:
        self.data = data
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.environment = {k: v for k, v in os.environ.items() if k != "DATABASE_URL"}
        self.environment |= {"DATA": str(data), "PORT": str(self.port), "EASTWEST_ENV": "development"}
        self.cluster = private_cluster(data)
        self.started: list[subprocess.Popen[str]] = []

    def up(self) -> subprocess.Popen[str]:
        """Start it and wait until it says that it serves."""
        command = [*EASTWEST, "up", "--no-demo"]
        process = subprocess.Popen(
            command, cwd=ROOT, env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        self.started.append(process)
        assert process.stdout is not None
        said = []
        for line in process.stdout:
            said.append(line)
            if "/ serving:" in line:
                return process
        raise AssertionError("".join(said))

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """The command line in another shell."""
        return subprocess.run(
            [*EASTWEST, *arguments], cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False
        )

    def answers(self, path: str = "/readyz") -> bool:
        """Whether it answers within a minute; it is asked again and again."""
        for _ in range(600):
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=5) as answer:
                    return bool(answer.status == 200)
            except OSError:
                select.select([], [], [], 0.1)
        return False


def children(pid: int) -> list[int]:
    """The children of a process."""
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def all_end(pids: list[int]) -> bool:
    """Whether the processes end within 20 seconds."""
    for pid in pids:
        try:
            handle = os.pidfd_open(pid)
        except ProcessLookupError:
            continue
        with os.fdopen(handle):
            if not select.select([handle], [], [], 20)[0]:
                return False
    return True


@pytest.fixture
def service() -> Iterator[Service]:
    data = DATA / f"test-up-{uuid.uuid4().hex[:8]}"
    data.mkdir()
    found = Service(data)
    yield found
    for process in found.started:
        with process:
            process.terminate()
    found.cluster.destroy()
    shutil.rmtree(data)


def test_up_serves_survives_deaths_and_leaves_nothing_running(
    service: Service, kill_hard: Callable[[int], None]
) -> None:
    first = service.up()
    assert service.answers()

    # another shell finds the database by $DATA alone
    checked = service.run("db", "check")
    assert (checked.returncode, checked.stdout) == (0, "一切正常 / all is well\n"), checked.stderr
    # and a second `up` is told why not
    refused = service.run("up", "--no-demo")
    assert refused.returncode == 1
    assert f"PORT={service.port + 1}" in refused.stderr

    for child in children(first.pid):
        kill_hard(child)
    assert service.answers()
    kill_hard(service.cluster.server_pid)
    assert service.answers()

    kept = children(first.pid)
    first.send_signal(signal.SIGINT)
    assert first.wait(30) == 0
    assert all_end(kept)
    assert not service.cluster.is_running()

    # the second start finds everything done; killed hard, it leaves only the database
    second = service.up()
    kept = children(second.pid)
    kill_hard(second.pid)
    second.wait()
    assert all_end(kept)
    assert service.cluster.is_running()

    # which the third start knows to be its own to stop
    third = service.up()
    third.terminate()
    third.wait(30)
    assert not service.cluster.is_running()
