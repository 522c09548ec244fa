"""Processes that should be there: started, started again when they die, stopped together."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

STOP = {signal.SIGINT, signal.SIGTERM, signal.SIGHUP}
#: Seconds a process gets to finish what it is doing.
GRACE = 15.0
#: A process that lived shorter than this died at its start: it is given time before the next try.
SETTLED = 5.0


class Kept:
    """One process, and what to do when it dies."""

    def __init__(self, name: str, command: list[str], environment: dict[str, str]) -> None:
        self.name = name
        self.command = command
        self.environment = environment
        self.failures = 0
        self.start()

    def start(self) -> None:
        """Start it: in a session of its own, so that Ctrl-C reaches it through us and once."""
        self.started = time.monotonic()
        self.process = subprocess.Popen(
            self.command,
            env=os.environ | self.environment,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=_prepare_child,
        )

    def revive(self) -> None:
        """Start it again when it has died; one that dies at its start waits 1, 2, 4 … 30 seconds."""
        if self.process.poll() is None:
            return
        lived = time.monotonic() - self.started
        if lived < SETTLED and lived < min(30, 2**self.failures):
            return
        self.failures = self.failures + 1 if lived < SETTLED else 0
        code = self.process.returncode
        print(f"{self.name} 已退出（{code}），重新启动 / ended ({code}), starting again", file=sys.stderr)
        self.start()

    def ask_to_stop(self) -> None:
        """Tell it to finish."""
        with contextlib.suppress(ProcessLookupError):
            self.process.terminate()

    def wait_until_stopped(self, deadline: float) -> None:
        """Wait for it until the deadline (monotonic seconds), then kill it."""
        try:
            self.process.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


@contextmanager
def kept(commands: dict[str, list[str]], environment: dict[str, str]) -> Iterator[list[Kept]]:
    """The processes, running until the block ends. Within it the signals to stop wait for `until_told_to_stop`."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, STOP | {signal.SIGCHLD})
    processes = [Kept(name, command, environment) for name, command in commands.items()]
    try:
        yield processes
    finally:
        for process in processes:
            process.ask_to_stop()
        deadline = time.monotonic() + GRACE
        for process in processes:
            process.wait_until_stopped(deadline)
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def until_told_to_stop(processes: list[Kept], every: Callable[[], float]) -> None:
    """Keep the processes alive until a signal says stop. `every` is called again after the seconds it returns, or
    when a process ends."""
    while True:
        got = signal.sigtimedwait(STOP | {signal.SIGCHLD}, every())
        if got is not None and got.si_signo in STOP:
            return
        for process in processes:
            process.revive()


def _prepare_child() -> None:
    """Undo the blocked signals, and die with the parent, even one killed hard (Linux). We have no threads to fear."""
    signal.pthread_sigmask(signal.SIG_SETMASK, [])
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)  # PR_SET_PDEATHSIG
