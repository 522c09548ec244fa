"""What workers agree to and take back for themselves; taken back looks like never given."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from fastapi import FastAPI
from httpx import Response
from sqlalchemy import Connection, text

from app.actor import Actor, Role
from app.db.base import BEIJING
from app.db.transaction import read, write
from app.workers.store import store_workers
from tests import people
from tests.client import TestClient
from tests.signed_in import Clients
from tests.workers.invented import draft, form
from tests.workers.own_door import SEEN, client_of, entered, shown

LIVE = "select count(*) from consents where worker_id = :worker and purpose = 'matching'"


def live(worker: UUID, who: str = "station") -> int:
    """How many consents to matching a station sees of a worker."""
    with read(people.actor(who)) as tx:
        return int(tx.session.execute(text(LIVE), {"worker": worker}).scalar_one())


def agrees(worker: UUID, vacancy: UUID) -> None:
    """The worker agreed to a disclosure."""
    station = people.actor("station").organisation_id
    with write(Actor(Role.WORKER, worker_id=worker)) as tx:
        tx.session.execute(
            text(
                "insert into consents (id, station_id, worker_id, purpose, vacancy_id, given_by)"
                " values (:id, :station, :worker, 'disclosure', :vacancy, 'worker')"
            ),
            {"id": uuid4(), "station": station, "worker": worker, "vacancy": vacancy},
        )


def standing(me: TestClient) -> list[tuple[str, bool]]:
    """The worker's consents: purpose, and whether it stands."""
    items = me.get("/v1/me/consents").json()["items"]
    return [(one["purpose"], one["withdrawn_at"] is None) for one in items]


def test_the_worker_agrees_and_takes_back_in_one_call_each(db: Connection, app: FastAPI) -> None:
    worker = entered(1, consent=False)
    me = client_of(app, worker)
    given = me.post("/v1/me/consents", json={})
    assert (given.status_code, given.json()["given_by"]) == (201, "worker")
    assert live(worker) == 1
    assert me.delete("/v1/me/consents/matching").status_code == 204
    assert live(worker) == 0
    assert standing(me) == [("matching", False)]


def test_agreeing_twice_is_agreeing_once(db: Connection, app: FastAPI) -> None:
    worker = entered(1)
    me = client_of(app, worker)
    first, again = (me.post("/v1/me/consents", json={"purpose": "matching"}) for _ in range(2))
    assert first.json() == again.json()
    assert live(worker) == 1


def test_taking_back_what_was_never_given_looks_the_same(db: Connection, app: FastAPI) -> None:
    never, given = client_of(app, entered(1, consent=False)), client_of(app, entered(2))
    one, other = (me.delete("/v1/me/consents/matching") for me in (never, given))
    assert (one.status_code, one.content) == (other.status_code, other.content) == (204, b"")


def test_a_new_device_takes_back_at_once_and_gives_only_after_its_day(db: Connection, app: FastAPI) -> None:
    worker = entered(1)
    until = datetime.now(UTC) + timedelta(hours=20)
    me = client_of(app, worker, gives_from=until)
    assert me.delete("/v1/me/consents/matching").status_code == 204
    held = me.post("/v1/me/consents", json={})
    assert (held.status_code, held.json()["code"]) == (409, "device_on_hold")
    assert until.astimezone(BEIJING).isoformat(timespec="seconds") in held.json()["detail"]
    assert live(worker) == 0
    over = client_of(app, worker, gives_from=datetime.now(UTC) - timedelta(hours=1))
    assert over.post("/v1/me/consents", json={}).status_code == 201


def test_a_disclosure_is_taken_back_for_one_vacancy_or_for_all(db: Connection, app: FastAPI) -> None:
    worker, vacancies = entered(1), (uuid4(), uuid4(), uuid4())
    me = client_of(app, worker)
    for vacancy in vacancies:
        agrees(worker, vacancy)
    assert me.delete(f"/v1/me/consents/disclosure?vacancy_id=v_{vacancies[0].hex}").status_code == 204
    assert sorted(standing(me)) == [("disclosure", False), *[("disclosure", True)] * 2, ("matching", True)]
    assert me.delete("/v1/me/consents/disclosure").status_code == 204
    assert sorted(standing(me)) == [("disclosure", False)] * 3 + [("matching", True)]


def test_there_is_nothing_else_to_take_back(db: Connection, app: FastAPI) -> None:
    assert client_of(app, entered(1)).delete("/v1/me/consents/everything").status_code == 404


# A person's own word binds every record


def test_what_the_worker_takes_back_ends_at_every_station(db: Connection, app: FastAPI) -> None:
    here, there = entered(1), entered(1, "other_station")
    client_of(app, here).delete("/v1/me/consents/matching")
    assert (live(here), live(there, "other_station")) == (0, 0)


def test_it_binds_the_record_that_never_had_a_consent_and_the_one_yet_to_come(db: Connection, app: FastAPI) -> None:
    here = entered(1, consent=False)
    client_of(app, here).delete("/v1/me/consents/matching")
    assert live(entered(1)) == 0
    assert live(entered(1, "other_station"), "other_station") == 0


def test_a_changed_id_number_does_not_shake_it_off(db: Connection, app: FastAPI) -> None:
    worker = entered(1)
    client_of(app, worker).delete("/v1/me/consents/matching")
    with write(people.actor("station")) as tx:
        tx.session.execute(text("update workers set id_index = 'another' where id = :id"), {"id": worker})
    with write(people.actor("other_station")) as tx:
        [other] = store_workers(tx, [draft(1)], **SEEN)  # type: ignore[arg-type]
        tx.session.execute(text("update workers set id_index = 'another' where id = :id"), {"id": other.worker_id})
        [again] = store_workers(tx, [draft(1)], **SEEN)  # type: ignore[arg-type]
    assert live(worker) == 0
    assert live(again.worker_id, "other_station") == 0


def test_a_station_that_takes_a_withdrawal_down_binds_its_own_record_only(of: Clients, app: FastAPI) -> None:
    here, there = entered(1), entered(1, "other_station")
    of("station").delete(f"/v1/workers/{shown(here)}/consents/matching")
    assert (live(here), live(there, "other_station")) == (0, 1)


def test_a_paper_signed_later_counts_again(of: Clients, app: FastAPI, db: Connection) -> None:
    worker = entered(1)
    client_of(app, worker).delete("/v1/me/consents/matching")
    address = f"/v1/workers/{shown(worker)}/consents"
    today = {"witness": "王站长", "signed_on": datetime.now(UTC).date().isoformat()}
    assert of("station").post(address, json=today).status_code == 201
    assert live(worker) == 0
    client_of(app, worker).post("/v1/me/consents", json={})
    assert live(worker) == 1


# Twins: one took back, the other never gave


def normalised(answer: Response) -> tuple[int, str, str | None]:
    """An answer without ids, times and what tells the twins' names apart."""
    body = re.sub(r'"(id|worker_id)":"w_[0-9a-f]{32}"', r'"\1":"w"', answer.text)
    body = re.sub(r'"(created_at|updated_at|given_at)":"[^"]+"', r'"\1":"t"', body)
    return answer.status_code, body, answer.headers.get("etag")


@pytest.mark.parametrize("by", ["the worker", "the station"])
def test_to_the_station_taken_back_is_never_given(of: Clients, app: FastAPI, by: str) -> None:
    station = of("station")
    withdrew, never = (station.post("/v1/workers", json=form(n)).json()["id"] for n in (1, 2))
    paper = {"witness": "王站长", "signed_on": "2026-01-05"}
    station.post(f"/v1/workers/{withdrew}/consents", json=paper)
    if by == "the worker":
        client_of(app, UUID(withdrew[2:])).delete("/v1/me/consents/matching")
    else:
        station.delete(f"/v1/workers/{withdrew}/consents/matching")
    asked: list[tuple[str, str, Any]] = [
        ("GET", "/v1/workers/{}", None),
        ("DELETE", "/v1/workers/{}/consents/matching", None),
        ("PATCH", "/v1/workers/{}", {"education": "初中"}),
        ("PUT", "/v1/workers/{}/intention", {"min_wage": 5500}),
        ("GET", "/v1/workers/{}", None),
    ]
    for method, address, body in asked:
        one, other = (station.request(method, address.format(twin), json=body) for twin in (withdrew, never))
        assert normalised(one) == normalised(other), (method, address)
    listed = station.get("/v1/workers").json()["items"]
    assert [item["consented"] for item in listed] == [False, False]


def test_a_withdrawal_moves_no_version_and_no_time(of: Clients, app: FastAPI) -> None:
    worker = entered(1, consent=False)
    station = of("station")
    before = normalised(station.get(f"/v1/workers/{shown(worker)}")), times(worker)
    me = client_of(app, worker)
    me.post("/v1/me/consents", json={})
    me.delete("/v1/me/consents/matching")
    assert (normalised(station.get(f"/v1/workers/{shown(worker)}")), times(worker)) == before


def times(worker: UUID) -> tuple[Any, ...]:
    """What the station's rows say of when they changed."""
    query = "select w.version, w.updated_at, w.xmin, i.updated_at, i.xmin from workers w, intentions i where w.id = :w"
    with read(people.actor("station")) as tx:
        return tuple(tx.session.execute(text(query + " and i.worker_id = w.id"), {"w": worker}).one())
