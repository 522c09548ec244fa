"""Processes that are kept: revived, stopped, and never left behind."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import threading
from collections.abc import Callable

import pytest

from app.cli.processes import kept, until_told_to_stop
from app.cli.up import GIVES_UP, NotUp, _Service

SLEEPER = [sys.executable, "-c", "import signal; signal.pause()"]
#: Keeps one sleeper, prints its process id, and keeps it until told to stop.
KEEPER = """
from app.cli.processes import kept, until_told_to_stop
with kept({"sleeper": [__import__("sys").executable, "-c", "import signal; signal.pause()"]}, {}) as processes:
    print(processes[0].process.pid, flush=True)
    until_told_to_stop(processes, lambda: 5.0)
print("stopped", flush=True)
"""


def ended(pid: int, within: float = 10.0) -> bool:
    """Whether the process ends in so many seconds."""
    try:
        handle = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([handle], [], [], within)[0])
    finally:
        os.close(handle)


def test_a_process_that_dies_is_started_again(kill_hard: Callable[[int], None]) -> None:
    with kept({"sleeper": SLEEPER}, {}) as processes:
        first = processes[0].process.pid
        deeds = iter(["kill", "wait", "stop"])

        def every() -> float:
            deed = next(deeds)
            if deed == "kill":
                kill_hard(first)
            elif deed == "stop":  # to this thread: the test runner has others, which do not block the signal
                signal.pthread_kill(threading.get_ident(), signal.SIGTERM)
            return 2.0

        until_told_to_stop(processes, every)
        assert processes[0].process.pid != first
        assert processes[0].process.poll() is None


def test_they_stop_when_the_block_ends() -> None:
    with kept({"one": SLEEPER, "two": SLEEPER}, {}) as processes:
        assert len(processes) == 2
    assert all(process.process.returncode == -signal.SIGTERM for process in processes)


def test_the_signals_mean_again_what_they_meant() -> None:
    before = signal.pthread_sigmask(signal.SIG_BLOCK, [])
    with kept({"sleeper": SLEEPER}, {}):
        assert signal.SIGTERM in signal.pthread_sigmask(signal.SIG_BLOCK, [])
    assert signal.pthread_sigmask(signal.SIG_BLOCK, []) == before


def test_ctrl_c_stops_what_is_kept() -> None:
    with subprocess.Popen([sys.executable, "-c", KEEPER], stdout=subprocess.PIPE, text=True) as keeper:
        assert keeper.stdout is not None
        sleeper = int(keeper.stdout.readline())
        keeper.send_signal(signal.SIGINT)
        assert keeper.stdout.readline() == "stopped\n"
        assert keeper.wait(10) == 0
    assert ended(sleeper)


def test_nothing_outlives_a_keeper_that_was_killed_hard(kill_hard: Callable[[int], None]) -> None:
    with subprocess.Popen([sys.executable, "-c", KEEPER], stdout=subprocess.PIPE, text=True) as keeper:
        assert keeper.stdout is not None
        sleeper = int(keeper.stdout.readline())
        kill_hard(keeper.pid)
        assert ended(sleeper)


def test_an_api_that_never_starts_is_given_up_with_a_word() -> None:
    with kept({"api": [sys.executable, "-c", "raise SystemExit(1)"]}, {}) as processes:
        service = _Service("", "127.0.0.1", 1, demo=False, database=lambda: None)  # nothing listens there
        processes[0].failures = GIVES_UP
        with pytest.raises(NotUp, match="does not start"):
            service._look_after(processes)
