"""kill -9 while a list is being stored: afterwards it is stored wholly, by itself, and again changes nothing."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import date
from uuid import UUID

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

from app.actor import Actor
from app.db.transaction import engine, read, write
from app.devdb import Cluster
from app.jobs.worker import NICE
from app.lists.intake import take_in
from app.lists.model import PostedList
from app.lists.upload import Posted
from app.lists.usecases import order, post_list
from app.workers.model import Worker
from seed.demo.people import id_number

ROWS = 6_000
#: Seconds after which a list that is not stored counts as lost.
PATIENCE = 120


def long_list() -> Posted:
    """A worker list that takes some seconds to store."""
    lines = ["姓名,身份证号,联系电话,家庭住址,意向岗位,本人同意"]
    for serial in range(ROWS):
        born = date(1970 + serial % 30, 1 + serial // 1000, 1 + serial % 28)
        number = id_number("520526", born, serial % 1000)
        name = f"王小{'一二三四五六七八九'[serial % 9]}"
        lines.append(f"{name},{number},139{serial:08d},贵州省毕节市威宁县迤那镇,缝纫工,同意")
    return Posted("long.csv", "\n".join(lines).encode())


def worker_process() -> subprocess.Popen[bytes]:
    """The process that does the jobs."""
    return subprocess.Popen([sys.executable, "-P", "-m", "app.cli", "worker"], env=dict(os.environ))


@contextmanager
def working() -> Iterator[subprocess.Popen[bytes]]:
    """A worker process for a while."""
    process = worker_process()
    try:
        yield process
    finally:
        process.terminate()
        process.wait()


def posted_by(station: Actor) -> UUID:
    with write(station) as tx:
        posted = post_list(tx, "worker", long_list(), store=True, division=None)
        order(tx, "read_list", posted)
        return posted.id


def state_of(station: Actor, list_id: UUID) -> tuple[str, str]:
    with read(station) as tx:
        found = tx.session.execute(
            select(PostedList.state, PostedList.progress).where(PostedList.id == list_id)
        ).one()
        return found.state, str(found.progress.get("stage"))


def until(reached: Callable[[], bool]) -> None:
    """Look until it is so; a database that is away is looked for again."""
    end = time.monotonic() + PATIENCE
    while True:
        with suppress(OperationalError):
            if reached():
                return
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.02)


def counted(station: Actor) -> int:
    with read(station) as tx:
        return tx.session.scalar(select(func.count()).select_from(Worker)) or 0


@pytest.mark.parametrize("killed", ["worker", "database"])
def test_a_list_survives_kill_9_while_it_is_stored(
    killed: str, own_cluster: Cluster, actors: dict[str, Actor], kill_hard: Callable[[int], None]
) -> None:
    station = actors["station"]
    list_id = posted_by(station)
    with working() as process:
        until(lambda: state_of(station, list_id) == ("storing", "storing"))
        assert os.getpriority(os.PRIO_PROCESS, process.pid) == min(os.nice(0) + NICE, 19)  # pages come first
        kill_hard(process.pid if killed == "worker" else own_cluster.server_pid)
        if killed == "database":
            own_cluster.start()
            engine().dispose()
            until(lambda: state_of(station, list_id)[0] in ("reading", "storing", "stored"))
        assert counted(station) in (0, ROWS)
        with working():
            until(lambda: state_of(station, list_id)[0] == "stored")
    assert counted(station) == ROWS
    again = take_in(station, "worker", long_list())
    with read(station) as tx:
        counts = tx.session.scalars(select(PostedList.counts).where(PostedList.id == again)).one()
    assert counts["unchanged"] == ROWS
