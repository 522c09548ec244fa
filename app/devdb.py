"""A private PostgreSQL cluster in one folder: no port, no system cluster touched, standard library only.

`./dev run` keeps one under $DATA/pg, the tests one under $DATA/test. Inside its socket folder (mode 0700) everybody is
trusted; outside it nobody can connect. PostgreSQL refuses to run as root, so root runs it as the `postgres` user.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import pwd
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from urllib.parse import quote

SUPERUSER = "postgres"
DATABASE = "eastwest"
OLDEST = 15

#: Kept in the cluster's own configuration, not on the command line: a standby made from it needs them too.
SETTINGS = """\
listen_addresses = ''
unix_socket_directories = '{socket}'
unix_socket_permissions = 0700
shared_buffers = 256MB
max_connections = 100
jit = off
timezone = 'UTC'
log_timezone = 'UTC'
lc_messages = 'C'
log_min_messages = warning
"""
#: For tests: a crash may lose the cluster, and nothing is lost with it.
UNSAFE = """\
fsync = off
full_page_writes = off
synchronous_commit = off
wal_level = minimal
max_wal_senders = 0
"""


class DevDbError(RuntimeError):
    """The private cluster cannot be had; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Programs:
    """PostgreSQL's programs (initdb, pg_ctl, psql, pg_dump …) and what their environment needs."""

    folder: Path
    environment: dict[str, str] = field(default_factory=dict)

    def path(self, name: str) -> str:
        """The full path of one program."""
        return str(self.folder / name)

    def environ(self) -> dict[str, str]:
        """The environment to start them in: ours without PG* variables, which would redirect them."""
        ours = {k: v for k, v in os.environ.items() if not k.startswith("PG")}
        return ours | {"LC_ALL": "C.UTF-8" if sys.platform != "darwin" else "C"} | self.environment


@cache
def find_programs(data: Path, only: int | None = None) -> Programs:
    """The newest PostgreSQL >= 15 with PostGIS on this machine, or the one major version that can read a cluster
    already made. Raises DevDbError naming what to install."""
    for programs in _candidates(data):
        major = _major_with_postgis(programs)
        if major >= OLDEST and only in (None, major):
            return programs
    if only is not None:
        raise DevDbError(
            f"{data} 里的数据库由 PostgreSQL {only} 所建，本机没有：请安装 postgresql-{only}-postgis-3。"
            f" / The cluster in {data} was made by PostgreSQL {only}, which is not installed with PostGIS."
        )
    raise DevDbError(
        "没有找到 PostgreSQL ≥ 15 和 PostGIS：请运行 ./dev run（会自动安装），或设置 DATABASE_URL。"
        " / PostgreSQL >= 15 with PostGIS not found: run ./dev run, which installs it, or set DATABASE_URL."
    )


@cache
def find_client(data: Path) -> Programs:
    """PostgreSQL's client programs (pg_dump, pg_restore) alone, for a server elsewhere. Raises DevDbError."""
    for programs in (*_candidates(data), *(Programs(Path(p)) for p in os.environ.get("PATH", "").split(":"))):
        if os.access(programs.path("pg_dump"), os.X_OK):
            return programs
    raise DevDbError("没有找到 pg_dump：请安装 postgresql-client。 / pg_dump not found: install postgresql-client")


def _candidates(data: Path) -> Iterator[Programs]:
    if given := os.environ.get("PGBIN"):
        yield Programs(Path(given))
    for pattern in ("usr/lib/postgresql/*/bin", "opt/homebrew/opt/postgresql@*/bin", "usr/local/opt/postgresql@*/bin"):
        for folder in sorted(Path("/").glob(pattern), key=_version_in_path, reverse=True):
            yield Programs(folder)
    packages = data / "packages"
    for folder in sorted(packages.glob("usr/lib/postgresql/*/bin"), key=_version_in_path, reverse=True):
        yield Programs(folder, _unpacked_environment(packages))


def _version_in_path(folder: Path) -> int:
    numbers = re.findall(r"\d+", str(folder.parent.name))
    return int(numbers[-1]) if numbers else 0


def _unpacked_environment(packages: Path) -> dict[str, str]:
    """What packages unpacked into a folder, not installed, need to find their libraries and map projections."""
    libraries = [d for pattern in ("usr/lib/*-linux-gnu*", "lib/*-linux-gnu*") for d in packages.glob(pattern)]
    libraries += [d / name for d in libraries for name in ("blas", "lapack") if (d / name).is_dir()]
    proj = str(packages / "usr/share/proj")
    return {"LD_LIBRARY_PATH": ":".join(map(str, libraries)), "PROJ_DATA": proj, "PROJ_LIB": proj}


def _major_with_postgis(programs: Programs) -> int:
    """The major version, or 0 when this is no server with PostGIS."""
    if not os.access(programs.path("initdb"), os.X_OK):
        return 0
    answer = subprocess.run(
        [programs.path("pg_config"), "--version", "--sharedir"],
        env=programs.environ(),
        capture_output=True,
        text=True,
        check=False,
    )
    if answer.returncode != 0:
        return 0
    version, share = answer.stdout.splitlines()[:2]
    major = re.search(r"\d+", version)
    return int(major[0]) if major and (Path(share) / "extension/postgis.control").exists() else 0


class Cluster:
    """One private cluster. `folder` is where it was asked for; `home` is where it lies."""

    def __init__(self, folder: Path, *, unsafe: bool = False) -> None:
        self.folder = folder.absolute()
        self.unsafe = unsafe
        self.user = _server_user()
        self.home = self.folder if self.user is None or _can_enter(self.folder) else _fallback_home(self.folder)
        self.pgdata = self.home / "data"
        self.log = self.home / "log"
        self._lock_file = self.folder.with_name(f".{self.folder.name}.lock")

    @property
    def moved(self) -> bool:
        """True when the postgres user cannot enter the folder asked for (a checkout under root's 0700 home)."""
        return self.home != self.folder

    @property
    def socket(self) -> Path:
        """The socket's folder: the running server's own, else the one it will get. A socket path holds 107 bytes."""
        running = self._pid_file()
        if len(running) > 4 and running[4]:
            return Path(running[4])
        tag = hashlib.sha256(str(self.home).encode()).hexdigest()[:10]
        short = Path(tempfile.gettempdir()) / f"eastwest-{os.geteuid()}-{tag}"
        return short if len(str(short)) < 80 else Path("/tmp") / short.name

    def url(self, database: str = DATABASE, user: str = SUPERUSER) -> str:
        """The address of one database of this cluster, for SQLAlchemy."""
        return f"postgresql+psycopg://{user}@/{database}?host={quote(str(self.socket), safe='/')}"

    def is_running(self) -> bool:
        """Whether the server lives and can be reached."""
        return self._pid() is not None and (self.socket / ".s.PGSQL.5432").exists()

    def start(self) -> bool:
        """Bring the cluster up, made first when new; safe when several start it at once. True: this call started it."""
        with self._locked():
            if self.is_running():
                return False
            if self._pid() is not None:  # alive, but its socket was swept from the temporary folder
                self._stop("fast")
            self._make_folders()
            if not (self.pgdata / "PG_VERSION").exists():
                self._initialise()
            self._configure()
            self._forget_dead_server()
            self._start()
        return True

    def stop(self, mode: str = "fast") -> None:
        """Stop the server; nothing happens when it is not running."""
        with self._locked():
            if self._pid() is not None:
                self._stop(mode)

    def destroy(self) -> None:
        """Stop the server and remove its folders."""
        socket = self.socket
        self.stop("immediate")
        shutil.rmtree(self.home, ignore_errors=True)
        shutil.rmtree(socket, ignore_errors=True)
        self._lock_file.unlink(missing_ok=True)

    def sql(self, statement: str, database: str = "postgres") -> str:
        """Run one statement as the superuser; the rows as `|`-separated lines."""
        command = ["psql", "-h", str(self.socket), "-U", SUPERUSER, "-d", database, "-XAtq", "-v", "ON_ERROR_STOP=1"]
        done = self._run(*command, "-c", statement)
        if done.returncode != 0:
            raise DevDbError(done.stdout.strip())
        return done.stdout.strip()

    def ensure_database(self, database: str = DATABASE) -> None:
        """Make the database when it is missing."""
        if self.sql(f"select 1 from pg_database where datname = '{database}'") != "1":
            self.sql(f'create database "{database}"')

    @property
    def server_pid(self) -> int:
        """The postmaster's process id. Raises DevDbError when it is not running."""
        if (pid := self._pid()) is None:
            raise DevDbError(f"{self.home}: 数据库没有运行 / not running")
        return pid

    def _make_folders(self) -> None:
        for folder in (self.home, self.socket):
            folder.mkdir(parents=True, exist_ok=True)
            if self.user:
                os.chown(folder, self.user.pw_uid, self.user.pw_gid)
            folder.chmod(0o700)

    def _initialise(self) -> None:
        draft = self.home / "data.new"
        shutil.rmtree(draft, ignore_errors=True)  # a set-up that was killed half-way
        locale = "C" if sys.platform == "darwin" else "C.UTF-8"
        made = self._run(
            *("initdb", "-D", str(draft), "-U", SUPERUSER, "-A", "trust", "-E", "UTF8", f"--locale={locale}"),
            *("--no-instructions", *(["--no-sync"] if self.unsafe else [])),
        )
        if made.returncode != 0:
            raise DevDbError(f"initdb: {made.stdout.strip()}")
        with (draft / "postgresql.conf").open("a") as conf:
            conf.write("\ninclude 'eastwest.conf'\n")
        draft.rename(self.pgdata)

    def _configure(self) -> None:
        text = SETTINGS.format(socket=str(self.socket).replace("'", "''")) + (UNSAFE if self.unsafe else "")
        conf = self.pgdata / "eastwest.conf"
        conf.write_text(text)
        if self.user:
            os.chown(conf, self.user.pw_uid, self.user.pw_gid)

    def _forget_dead_server(self) -> None:
        """Remove pid files a killed server left: PostgreSQL believes them when another process has the number now."""
        (self.pgdata / "postmaster.pid").unlink(missing_ok=True)
        (self.socket / ".s.PGSQL.5432.lock").unlink(missing_ok=True)

    def _start(self) -> None:
        """Start and wait until it answers; after a kill -9, orphaned backends hold the memory for a moment longer."""
        command = ["pg_ctl", "-D", str(self.pgdata), "-l", str(self.log), "-w", "-t", "120", "start"]
        deadline = time.monotonic() + 15
        while self._run(*command, keep_output=False).returncode != 0:
            if time.monotonic() > deadline or "shared memory block" not in self._log_tail():
                raise DevDbError(f"PostgreSQL 没有启动 / did not start ({self.log}):\n{self._log_tail()}")
            self._forget_dead_server()
            time.sleep(0.2)

    def _stop(self, mode: str) -> None:
        self._run("pg_ctl", "-D", str(self.pgdata), "-m", mode, "-w", "-t", "60", "stop", keep_output=False)

    def _log_tail(self) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-8:]) if self.log.exists() else ""

    def _pid_file(self) -> list[str]:
        with contextlib.suppress(FileNotFoundError, NotADirectoryError):
            return (self.pgdata / "postmaster.pid").read_text().split("\n")
        return []

    def _pid(self) -> int | None:
        """The postmaster's process id when it lives: a pid file alone proves nothing, the number may be another's."""
        lines = self._pid_file()
        if not lines or not lines[0].strip().isdigit():
            return None
        pid = int(lines[0])
        return pid if str(self.pgdata) in _command_line(pid) else None

    def _run(self, program: str, *arguments: str, keep_output: bool = True) -> subprocess.CompletedProcess[str]:
        """Run one of PostgreSQL's programs as the server's user. A pipe to `pg_ctl start` would stay open for ever."""
        made_by = self.pgdata / "PG_VERSION"
        programs = find_programs(self.folder.parent, int(made_by.read_text()) if made_by.exists() else None)
        return subprocess.run(
            [programs.path(program), *arguments],
            env=programs.environ(),
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE if keep_output else subprocess.DEVNULL,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            user=self.user.pw_uid if self.user else None,
            group=self.user.pw_gid if self.user else None,
            extra_groups=[] if self.user else None,
        )

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        self._lock_file.parent.mkdir(parents=True, exist_ok=True)
        with self._lock_file.open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def private_cluster(data: Path) -> Cluster:
    """The cluster of `./dev run` under $DATA."""
    return Cluster(data / "pg")


def private_url(data: Path) -> str:
    """The owner's address of the running private cluster. Raises DevDbError when it is not running."""
    cluster = private_cluster(data)
    if not cluster.is_running():
        raise DevDbError(
            f"{data} 下没有正在运行的数据库：请先在另一窗口运行 ./dev run，或设置 DATABASE_URL。"
            f" / No database is running under {data}: start ./dev run in another window, or set DATABASE_URL."
        )
    return cluster.url()


def fingerprint(*places: Path) -> str:
    """Changes when one of the files does, or a file in one of the folders: what was made of them is then made anew."""
    digest = hashlib.sha256()
    for place in places:
        for path in sorted(place.rglob("*")) if place.is_dir() else [place]:
            if path.is_file() and "__pycache__" not in path.parts:
                digest.update(str(path.relative_to(place)).encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:12]


def _server_user() -> pwd.struct_passwd | None:
    """Whom to run the server as: None for ourselves, the postgres user when we are root."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name)
    raise DevDbError("root 不能运行 PostgreSQL，需有 postgres 用户 / root may not run PostgreSQL: add a postgres user")


def _can_enter(folder: Path) -> bool:
    """Whether any user may pass through every existing parent of the folder."""
    return all(parent.stat().st_mode & 0o001 for parent in folder.parents if parent.exists())


def _fallback_home(folder: Path) -> Path:
    return Path("/var/lib") / f"eastwest-{hashlib.sha256(str(folder).encode()).hexdigest()[:10]}"


def _command_line(pid: int) -> str:
    """How a process was started; empty when there is none."""
    if Path("/proc/self").exists():
        with contextlib.suppress(OSError):
            return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        return ""
    return subprocess.run(["ps", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False).stdout


def main(arguments: list[str]) -> int:
    """`python -m app.devdb programs|start|stop|status|url DATA`: for ./dev and for people."""
    if len(arguments) != 2 or arguments[0] not in {"programs", "start", "stop", "status", "url"}:
        print(main.__doc__, file=sys.stderr)
        return 2
    action, data = arguments[0], Path(arguments[1])
    try:
        if action == "programs":
            print(find_programs(data).folder)
        elif action == "start":
            private_cluster(data).start()
            print(private_cluster(data).url())
        elif action == "stop":
            private_cluster(data).stop()
        elif action == "status":
            print("running" if private_cluster(data).is_running() else "stopped")
        else:
            print(private_url(data))
    except DevDbError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
