"""`eastwest up`: everything the service needs on one machine, until it is told to stop.

The second start is the common one and must be quick: what the stamp in the cluster's folder says is done is not done
again, the API, which takes longest to load, starts while the database does, and nothing heavy is imported here.
"""

from __future__ import annotations

import fcntl
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, TextIO

import typer

from app.cli.processes import kept, until_told_to_stop
from app.devdb import Cluster, DevDbError, fingerprint, private_cluster

app = typer.Typer()
ROOT = Path(__file__).resolve().parents[2]
EASTWEST = [sys.executable, "-P", "-m", "app.cli"]


class NotUp(RuntimeError):
    """The service cannot be started; the message says what to do."""


@app.command()
def up(
    demo: Annotated[bool, typer.Option(help="载入虚构的示范市场 / load the invented demo market")] = True,
    port: Annotated[int, typer.Option(envvar="PORT", min=1, max=65535)] = 8000,
    host: Annotated[str, typer.Option(envvar="EASTWEST_HOST")] = "127.0.0.1",
    data: Annotated[Path, typer.Option(envvar="DATA", help="数据所在文件夹 / the data folder")] = ROOT / ".data",
    server: Annotated[str, typer.Option(envvar="DATABASE_URL", help="改用这个数据库 / use this server instead")] = "",
) -> None:
    """启动数据库、接口与后台作业；Ctrl-C 全部停止 / Start database, API and job worker; Ctrl-C stops all of it."""
    os.environ["DATA"] = str(data.absolute())  # for the processes started from here
    for signalled in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(signalled, lambda number, _: sys.exit(128 + number))  # so that what was started is stopped
    try:
        _refuse_busy_port(host, port)
        if server:
            _prepare(server, demo=demo)
            with _serving(server, host, port) as keep:
                keep(_Announcement(host, port, demo=demo))
        else:
            with _the_only_one(data.absolute()) as note:
                _up_with_cluster(private_cluster(data.absolute()), note, host, port, demo=demo)
    except (DevDbError, NotUp) as refused:
        typer.echo(str(refused), err=True)
        raise typer.Exit(1) from refused


def _up_with_cluster(cluster: Cluster, note: TextIO, host: str, port: int, *, demo: bool) -> None:
    if cluster.moved:
        typer.echo(f"postgres 用户进不了 / cannot enter {cluster.folder}", err=True)
        typer.echo(f"数据库改放在 / the database lies in {cluster.home}", err=True)
    with _stopping(cluster, note):
        if not _is_prepared(cluster, demo=demo):
            _start(cluster, note)
            cluster.ensure_database()
            _prepare(cluster.url(), demo=demo)
            _stamp(cluster, demo=demo)
        with _serving(cluster.url(), host, port) as keep:
            _start(cluster, note)
            keep(_Announcement(host, port, demo=demo, also=lambda: _start(cluster, note)))


# What is done once ---


def _prepare(url: str, *, demo: bool) -> None:
    """Tables, security rules, reference data, the demo market; each step is safe to run again. Raises NotUp."""
    for step in (["db", "migrate"], ["db", "seed", *(["--demo"] if demo else [])]):
        done = subprocess.run([*EASTWEST, *step], env=os.environ | {"DATABASE_URL": url}, check=False)
        if done.returncode != 0:
            raise NotUp(f"没有成功 / failed: eastwest {' '.join(step)}")


def _made_of(cluster: Cluster) -> str:
    return fingerprint(ROOT / "migrations", ROOT / "seed/reference", cluster.folder.parent / "keys.json")


def _is_prepared(cluster: Cluster, *, demo: bool) -> bool:
    """Whether the stamp says that this cluster was prepared by the same migrations, reference data and keys."""
    stamp = cluster.home / "prepared.json"
    if not stamp.exists():
        return False
    said = json.loads(stamp.read_text())
    return bool(said["made_of"] == _made_of(cluster) and said["demo"] >= demo)


def _stamp(cluster: Cluster, *, demo: bool) -> None:
    (cluster.home / "prepared.json").write_text(json.dumps({"made_of": _made_of(cluster), "demo": demo}))


# What runs ---


@contextmanager
def _serving(url: str, host: str, port: int) -> Iterator[Callable[[Callable[[], float]], None]]:
    """The API and the job worker, kept alive while `keep(every)` runs and stopped after it."""
    api = [sys.executable, "-P", "-m", "uvicorn", "--factory", "app.main:create_app", "--no-access-log"]
    commands = {
        "api": [*api, "--host", host, "--port", str(port), "--timeout-graceful-shutdown", "10"],
        "worker": [*EASTWEST, "worker"],
    }
    with kept(commands, {"DATABASE_URL": url}) as processes:
        yield lambda every: until_told_to_stop(processes, every)


class _Announcement:
    """Says once that the service answers; called again and again, returns the seconds until it wants the next call."""

    def __init__(self, host: str, port: int, *, demo: bool, also: Callable[[], None] = lambda: None) -> None:
        self.address = f"http://{host}:{port}"
        self.demo = demo
        #: What else is looked after: the database, which is no child of ours.
        self.also = also
        self.since = time.monotonic()
        self.said = False

    def __call__(self) -> float:
        if self.said:
            self.also()
            return 2.0
        if not self._answers():
            return 0.05
        self.said = True
        waited = f"{time.monotonic() - self.since:.1f} s"
        typer.echo(f"\n已启动 / serving: {self.address}（{waited}），文档 / docs: {self.address}/docs")
        if self.demo:
            subprocess.run([sys.executable, "-P", "-m", "seed.demo.greeting", self.address], check=False)
        typer.echo("按 Ctrl-C 停止 / Ctrl-C stops everything.")
        return 0.0

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.address}/healthz", timeout=2) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False


# Who may ---


def _refuse_busy_port(host: str, port: int) -> None:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as busy:
            raise NotUp(
                f"{host}:{port} 不可用（{busy.strerror}）：已在运行？换一个端口：PORT={port + 1} ./dev run"
                f" / cannot be used; already running? Take another port: PORT={port + 1} ./dev run"
            ) from busy


@contextmanager
def _the_only_one(data: Path) -> Iterator[TextIO]:
    """One `up` for a cluster. Yields the note in which `up` keeps the server it started, for one that was killed."""
    data.mkdir(parents=True, exist_ok=True)
    with (data / ".up.lock").open("a+") as note:
        try:
            fcntl.flock(note, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as taken:
            raise NotUp(
                f"{data} 已有服务在运行：请先停止，或另设 DATA。 / is being served already: stop that one, or set DATA"
            ) from taken
        yield note


def _start(cluster: Cluster, note: TextIO) -> None:
    """Start the server unless it runs, and note that it is ours to stop."""
    if cluster.start():
        note.seek(0)
        note.truncate()
        note.write(str(cluster.server_pid))
        note.flush()


@contextmanager
def _stopping(cluster: Cluster, note: TextIO) -> Iterator[None]:
    """Stop the server at the end when it is the one we, or an `up` that was killed, started."""
    try:
        yield
    finally:
        note.seek(0)
        if cluster.is_running() and note.read() == str(cluster.server_pid):
            cluster.stop()
