"""The private cluster: one server however many ask, found again, stopped, started after a hard death."""

from __future__ import annotations

import os
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.devdb import Cluster, DevDbError, fingerprint, private_cluster, private_url
from tests.conftest import DATA, ROOT


@pytest.fixture
def data() -> Iterator[Path]:
    """A $DATA of this test's own, under a name too long for a socket, which its server is removed from afterwards."""
    folder = DATA / f"test-{uuid.uuid4().hex[:8]}-{'long-name-' * 10}"
    folder.mkdir()
    yield folder
    private_cluster(folder).destroy()
    for path in folder.iterdir():
        path.unlink()
    folder.rmdir()


def test_many_who_start_it_at_once_get_one_server(data: Path) -> None:
    command = [sys.executable, "-m", "app.devdb", "start", str(data)]
    starters = [subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) for _ in range(4)]
    answers = {starter.communicate()[0] for starter in starters}
    assert [starter.returncode for starter in starters] == [0, 0, 0, 0]
    assert answers == {private_url(data) + "\n"}
    assert private_cluster(data).sql("select 1") == "1"


def test_it_starts_again_after_a_hard_death_though_its_pid_file_names_another(
    data: Path, kill_hard: Callable[[int], None]
) -> None:
    cluster = private_cluster(data)
    assert cluster.start()
    kill_hard(cluster.server_pid)
    assert not cluster.is_running()
    pid_file = cluster.pgdata / "postmaster.pid"
    pid_file.write_text("\n".join([str(os.getppid()), *pid_file.read_text().split("\n")[1:]]))
    assert cluster.start()
    assert cluster.sql("select 1") == "1"


def test_another_shell_finds_it_whatever_its_temporary_folder(
    data: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    private_cluster(data).start()
    here = private_url(data)
    there = subprocess.run(
        [sys.executable, "-m", "app.devdb", "url", str(data)],
        cwd=ROOT,
        env=os.environ | {"TMPDIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert there.stdout.strip() == here


def test_a_cluster_that_does_not_run_is_not_found_and_the_message_says_what_to_do(data: Path) -> None:
    with pytest.raises(DevDbError, match=r"\./dev run"):
        private_url(data)


def test_nobody_listens_on_a_port(data: Path) -> None:
    cluster = private_cluster(data)
    cluster.start()
    assert cluster.sql("show listen_addresses") == ""
    assert cluster.socket.stat().st_mode & 0o077 == 0


def test_stopping_twice_is_no_fault(data: Path) -> None:
    cluster = private_cluster(data)
    cluster.start()
    cluster.stop()
    cluster.stop()
    assert not cluster.is_running()


def test_the_socket_path_is_short_however_long_the_folder(tmp_path: Path) -> None:
    cluster = Cluster(tmp_path / ("很长的文件夹名" * 12) / "pg")
    assert len(os.fsencode(cluster.socket / ".s.PGSQL.5432")) < 107


def test_a_fingerprint_changes_with_a_file_and_not_with_the_place(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "one.sql").write_text("select 1")
    assert fingerprint(tmp_path / "a") == fingerprint(tmp_path / "b")
    (tmp_path / "b" / "one.sql").write_text("select 2")
    assert fingerprint(tmp_path / "a") != fingerprint(tmp_path / "b")
