"""More than 60 people looked at in a day raises an alarm; the work goes on, and everybody looked at can see it."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Connection, select, text

from app.actor import Actor, Role
from app.db.transaction import read, write
from app.edge.public_ids import show
from app.identity.audit import AuditEntry, record
from app.oversight import queries
from app.workers.store import store_workers
from tests import people
from tests.oversight.conftest import Clients
from tests.workers.invented import draft


def taken_in(many: int, who: str = "station") -> list[UUID]:
    """Workers in a station's care."""
    with write(people.actor(who)) as tx:
        stored = store_workers(tx, [draft(n) for n in range(many)], witness="王站长", signed_on=None)
    return [one.worker_id for one in stored]


def look_at(of: Clients, who: str, workers: list[UUID]) -> set[int]:
    client = of(who)
    return {client.get(f"/v1/workers/{show('w', worker)}").status_code for worker in workers}


def alarms_of(of: Clients, who: str) -> list[tuple[str, int]]:
    return [(one["kind"], one["people"]) for one in of(who).get("/v1/alarms").json()["items"]]


def test_sixty_people_a_day_raise_no_alarm_however_often_they_are_looked_at(of: Clients) -> None:
    workers = taken_in(60)
    look_at(of, "station", workers + workers[:10])
    assert alarms_of(of, "head") == []


def test_the_sixty_first_is_answered_and_raises_an_alarm_to_the_head_and_the_auditor(of: Clients) -> None:
    workers = taken_in(61)
    assert look_at(of, "station", workers) == {200}
    assert alarms_of(of, "head") == alarms_of(of, "auditor") == [("bulk_reading", 61)]


def test_each_of_the_sixty_one_sees_the_look_in_their_own_log(of: Clients) -> None:
    workers = taken_in(61)
    look_at(of, "station", workers)
    for worker in workers:
        with read(Actor(Role.WORKER, worker_id=worker)) as tx:
            seen = tx.session.scalars(select(AuditEntry).where(AuditEntry.action == "worker.read")).all()
        assert [(one.worker_id, one.token_id) for one in seen] == [(worker, people.actor("station").token_id)]


def test_an_alarm_is_one_a_day_and_grows(of: Clients) -> None:
    workers = taken_in(63)
    for upto in (61, 63):
        look_at(of, "station", workers[:upto])
        assert alarms_of(of, "head") == [("bulk_reading", upto)]


def test_two_people_of_a_station_are_counted_apart(of: Clients) -> None:
    workers = taken_in(61)
    look_at(of, "station", workers[:31])
    look_at(of, "head", workers[31:])
    assert alarms_of(of, "auditor") == []


def test_a_change_shows_the_person_and_counts_as_a_look(of: Clients) -> None:
    [worker] = taken_in(1)
    assert of("station").patch(f"/v1/workers/{show('w', worker)}", json={}).status_code == 200
    with read(people.actor("auditor")) as tx:
        actions = tx.session.scalars(select(AuditEntry.action).where(AuditEntry.worker_id == worker)).all()
    assert actions.count("worker.read") == 1


def test_paging_through_everybody_raises_an_alarm(of: Clients) -> None:
    with write(people.actor("station")) as tx:
        for _ in range(20):
            record(tx, "worker.list", purpose="100")
    assert alarms_of(of, "head") == []
    taken_in(1)
    of("station").get("/v1/workers?limit=100")
    assert alarms_of(of, "head") == [("list_crawl", 2001)]


def test_the_day_is_beijings_and_yesterday_does_not_count(db: Connection) -> None:
    with read(people.actor("auditor")) as tx:
        day, zone = tx.session.execute(
            text("select current_date = (now() at time zone 'Asia/Shanghai')::date, current_setting('timezone')")
        ).one()
        assert (day, zone) == (True, "Asia/Shanghai")
        assert queries.raise_alarms(tx.session) == 0


def test_nobody_else_reads_alarms(of: Clients) -> None:
    look_at(of, "station", taken_in(61))
    for who in ("station", "destination", "employer", "coordinator", "operator"):
        assert of(who).get("/v1/alarms").status_code == 403, who
