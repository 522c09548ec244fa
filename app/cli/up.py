"""`eastwest up`: everything the service needs on one machine, until it is told to stop.

The second start is the common one and must be quick: what the stamp in the cluster's folder says is done is not done
again, the API, which takes longest to load, starts while the database does, and nothing heavy is imported here.
"""

from __future__ import annotations

import fcntl
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, TextIO

import typer

from app.cli.processes import Kept, kept, until_told_to_stop
from app.devdb import Cluster, DevDbError, fingerprint, private_cluster

app = typer.Typer()
ROOT = Path(__file__).resolve().parents[2]
#: When this process began, whatever had to be prepared.
BEGAN = time.monotonic()
#: So many times the API may die at its start before it is said that it cannot.
GIVES_UP = 4
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
            _prepare_given(server, data.absolute(), demo=demo)
            _Service(server, host, port, demo=demo, database=lambda: None).keep()
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
    data, stamp = cluster.folder.parent, cluster.home / "prepared"  # a file: known before the server runs
    with _stopping(cluster, note):
        if not (stamp.exists() and _is_prepared(stamp.read_text(), data, demo=demo)):
            _start(cluster, note)
            cluster.ensure_database()
            _prepare(cluster.url(), demo=demo)
            stamp.write_text(_stamp(data, demo=demo))
        _Service(cluster.url(), host, port, demo=demo, database=lambda: _start(cluster, note)).keep()


# What is done once ---


def _prepare(url: str, *, demo: bool) -> None:
    """Tables, security rules, reference data, the demo market; each step is safe to run again. Raises NotUp."""
    filling = "参考数据和示范市场 / reference data and demo market" if demo else "参考数据 / reference data"
    steps = {"表和安全规则 / tables and security": ["db", "migrate"], filling: ["db", "seed", *["--demo"] * demo]}
    for name, step in steps.items():
        typer.echo(f"== {name}")
        done = subprocess.run([*EASTWEST, *step], env=os.environ | {"DATABASE_URL": url}, check=False)
        if done.returncode != 0:
            raise NotUp(f"没有成功 / failed: eastwest {' '.join(step)}")


def _stamp(data: Path, *, demo: bool) -> str:
    """What a database prepared by this checkout is marked with; another one is prepared again."""
    made_of = fingerprint(ROOT / "migrations", ROOT / "seed/reference", data / "keys.json")
    return f"eastwest {made_of} {'with' if demo else 'without'} demo"


def _is_prepared(stamp: str, data: Path, *, demo: bool) -> bool:
    return stamp in {_stamp(data, demo=True), _stamp(data, demo=demo)}


def _prepare_given(url: str, data: Path, *, demo: bool) -> None:
    """Prepare the server that DATABASE_URL names, unless its database says that it was. Raises NotUp."""
    from psycopg import OperationalError  # only here: with a private cluster, loading it would delay the start

    from app.cli.given_server import read_stamp, write_stamp

    try:
        stamp = read_stamp(url)
    except OperationalError as away:
        raise NotUp(f"DATABASE_URL 所指的数据库连接不上，请检查地址和密码 / cannot be reached: {away}") from away
    if not _is_prepared(stamp, data, demo=demo):
        _prepare(url, demo=demo)
        write_stamp(url, _stamp(data, demo=demo))


# What runs ---


class _Service:
    """The API, and once it answers the job worker; `keep` keeps both alive until a signal says stop."""

    def __init__(self, url: str, host: str, port: int, *, demo: bool, database: Callable[[], None]) -> None:
        # a line a request would bury the sign-ins, and the codes of the demo's phones
        self.environment = {"EASTWEST_LOG_LEVEL": os.environ.get("EASTWEST_LOG_LEVEL", "warning"), "DATABASE_URL": url}
        self.listen = ["--host", host, "--port", str(port)]
        self.address = f"http://{host}:{port}"
        self.demo = demo
        #: Starts the database when it does not run: no child of ours, so it is looked after separately.
        self.database = database
        self.answered = False

    def keep(self) -> None:
        """Start and keep them; stops them before it returns."""
        api = [sys.executable, "-P", "-m", "uvicorn", "--factory", "app.main:create_app", *self.listen]
        quiet = ["--no-access-log", "--log-level", "warning", "--timeout-graceful-shutdown", "10"]
        with kept({"api": [*api, *quiet]}, self.environment) as processes:
            self.database()
            until_told_to_stop(processes, lambda: self._look_after(processes))

    def _look_after(self, processes: list[Kept]) -> float:
        """What is to be done now and then; the seconds until it is wanted again."""
        if self.answered:
            self.database()
            return 2.0
        if not self._answers():
            if processes[0].failures >= GIVES_UP:
                raise NotUp("接口启动不了，原因见上面的报错 / the API does not start: the error above says why")
            return 0.05
        self.answered = True
        # not before: it would take half of a small machine from the API's start
        processes.append(Kept("worker", [*EASTWEST, "worker"], self.environment))
        self._announce()
        return 0.0

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.address}/healthz", timeout=2) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    def _announce(self) -> None:
        waited = f"{time.monotonic() - BEGAN:.1f} s"
        typer.echo(f"\n已启动 / serving: {self.address}（{waited}），文档 / docs: {self.address}/docs")
        if self.demo:
            greeting = [sys.executable, "-P", "-m", "seed.demo.greeting", self.address]
            subprocess.run(greeting, env=os.environ | self.environment, check=False)
        typer.echo("按 Ctrl-C 停止 / Ctrl-C stops everything.")


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
