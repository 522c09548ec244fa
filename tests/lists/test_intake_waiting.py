"""While a list is being stored its station goes on working: nobody waits for the list's transaction."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from app.actor import Actor
from app.db.transaction import own, write
from app.edge.public_ids import show
from app.lists.intake import read_posted_list, take_in
from app.lists.upload import Posted
from app.lists.usecases import post_list
from app.main import create_app
from app.workers.store import store_workers
from tests.client import TestClient
from tests.lists.workbooks import WORKER_HEADER, csv
from tests.workers.invented import draft, form, id_number


def worker_list(*numbers: int, trade: str = "普工") -> bytes:
    """A list of the n-th invented people."""
    rows = [("张三", id_number(n), f"139{n:08d}", "贵州省毕节市威宁县迤那镇", trade, "同意") for n in numbers]
    return csv(WORKER_HEADER, *rows)


@pytest.fixture
def http(fresh_database: str, thawed: None, bearers: dict[str, str]) -> Iterator[TestClient]:
    """The station at its desk; a wait for a lock would end in 503 after ten seconds."""
    headers = {"Authorization": f"Bearer {bearers['station']}"}
    with TestClient(create_app(), headers=headers) as client:
        yield client


@contextmanager
def held_open(station: Actor, content: bytes) -> Iterator[UUID]:
    """A list whose rows are written and whose transaction has not ended; it ends with the block."""
    written, go_on = Event(), Event()

    def wait(done: int, total: int) -> None:
        if total:
            written.set()
            go_on.wait(120)

    with write(station) as tx:
        number = post_list(tx, "worker", Posted("list.csv", content), store=True, division=None, witness="经办人").id
    with ThreadPoolExecutor(1) as job:
        stored: Future[None] = job.submit(read_posted_list, station, number, wait)
        try:
            assert written.wait(120)
            yield number
        finally:
            go_on.set()
            stored.result()


def state_of(http: TestClient, number: UUID) -> dict[str, Any]:
    """What the station reads of its list."""
    answer = http.get(f"/v1/worker-lists/{show('l', number)}")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_a_station_works_on_while_its_list_is_stored(http: TestClient, actors: dict[str, Actor]) -> None:
    station = actors["station"]
    take_in(station, "worker", Posted("first.csv", worker_list(1, 2)), witness="经办人")
    known = [worker["id"] for worker in http.get("/v1/workers").json()["items"]]
    with held_open(station, worker_list(2, 3, 4, trade="电焊工")) as number:
        listed = http.get("/v1/workers").json()["items"]
        state = state_of(http, number)
        opened = [http.get(f"/v1/workers/{worker}").status_code for worker in known]
        suggested = [http.get(f"/v1/workers/{worker}/suggestions").status_code for worker in known]
        entered = http.post("/v1/workers", json=form(9))
        posted = http.post("/v1/worker-lists", files={"file": ("next.csv", worker_list(5))})
    assert [worker["id"] for worker in listed] == known  # nothing of the list before all of it
    assert (state["state"], state["progress"]["stage"]) == ("storing", "storing")
    assert (opened, suggested) == ([200, 200], [200, 200])
    assert (entered.status_code, posted.status_code) == (201, 202)
    counts = state_of(http, number)["counts"]
    assert (counts["new"], counts["updated"]) == (2, 1)


def test_a_second_list_waits_for_the_first_longer_than_a_request_would(
    fresh_database: str, actors: dict[str, Actor]
) -> None:
    def store_second() -> str:
        with write(actors["station"]) as tx:
            tx.session.execute(text("set local lock_timeout = '20ms'"))
            return store_workers(tx, [draft(2)], list_id=uuid4())[0].what

    with ThreadPoolExecutor(1) as other, own() as watcher:
        with write(actors["station"]) as first:
            store_workers(first, [draft(1)], list_id=uuid4())
            second = other.submit(store_second)
            waits = "select true from pg_locks where not granted and clock_timestamp() - waitstart > '60ms'"
            while not watcher.scalar(text(waits)) and not second.done():
                pass
        assert second.result() == "new"
