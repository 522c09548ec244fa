"""A file of workers: at most 200, no number, no phone, two people, once, within a day; everybody in it can see so."""

from __future__ import annotations

import io
from typing import Any
from uuid import UUID, uuid4

import openpyxl
import pytest
from httpx import Response
from sqlalchemy import Connection, select, text

from app.actor import Actor, Role
from app.db.transaction import read, write
from app.edge.public_ids import show
from app.identity.audit import AuditEntry
from tests import people
from tests.oversight.conftest import Clients
from tests.oversight.test_alarms import taken_in
from tests.workers.invented import draft, id_number

REASON = "对接毕节专场招聘会"


def asked(of: Clients, workers: list[UUID], who: str = "station") -> Response:
    body = {"worker_ids": [show("w", one) for one in workers], "reason": REASON}
    return of(who).post("/v1/exports", json=body)


def decided(of: Clients, export: Response, how: str = "approve", who: str = "head") -> Response:
    return of(who).post(f"/v1/exports/{export.json()['id']}/{how}")


def file_of(of: Clients, export: Response, who: str = "station") -> Response:
    return of(who).get(f"/v1/exports/{export.json()['id']}/file")


def cells(answer: Response) -> list[list[Any]]:
    [sheet] = openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def test_asked_by_one_allowed_by_another_fetched_by_the_first(of: Clients) -> None:
    workers = taken_in(3)
    export = asked(of, workers)
    assert (export.status_code, export.json()["state"], export.json()["people"]) == (201, "asked", 3)
    assert file_of(of, export).status_code == 409
    assert decided(of, export).json()["state"] == "approved"
    answer = file_of(of, export)
    assert answer.status_code == 200
    assert len(cells(answer)) == 2 + 3


def test_the_file_holds_no_number_and_no_phone_and_says_whose_it_is(of: Clients) -> None:
    export = asked(of, taken_in(3))
    decided(of, export)
    words = "\n".join(str(cell) for row in cells(file_of(of, export)) for cell in row)
    for n in range(3):
        assert id_number(n) not in words
        assert f"139{n:08d}" not in words
    assert all(word in words for word in (export.json()["id"], REASON, people.actor("station").token_id.hex))  # type: ignore[union-attr]


def test_each_worker_in_the_file_can_see_that_they_are(of: Clients) -> None:
    workers = taken_in(3)
    export = asked(of, workers)
    decided(of, export)
    file_of(of, export)
    for worker in workers:
        with read(Actor(Role.WORKER, worker_id=worker)) as tx:
            seen = tx.session.scalars(select(AuditEntry).where(AuditEntry.action == "worker.export")).all()
        assert [(one.subject, one.purpose) for one in seen] == [(export.json()["id"], REASON)]


def test_two_hundred_and_one_are_too_many(of: Clients) -> None:
    workers = taken_in(201)
    assert asked(of, workers).json()["code"] == "export_too_large"
    assert asked(of, workers[:200]).status_code == 201


def test_a_filter_that_finds_more_than_two_hundred_is_too_many(of: Clients) -> None:
    taken_in(201)
    body = {"filter": {"division": "520500"}, "reason": REASON}
    assert of("station").post("/v1/exports", json=body).json()["code"] == "export_too_large"
    assert of("station").post("/v1/exports", json=body | {"filter": {"division": "110000"}}).status_code == 422


def test_nobody_approves_an_own_wish(of: Clients) -> None:
    export = asked(of, taken_in(1), "head")
    assert decided(of, export).json()["code"] == "own_wish"
    assert file_of(of, export, "head").status_code == 409


@pytest.mark.parametrize("who", ["station", "other_station", "employer", "coordinator", "operator", "auditor"])
def test_only_the_head_decides(of: Clients, who: str) -> None:
    assert decided(of, asked(of, taken_in(1)), who=who).status_code == 403


def test_a_decision_is_made_once(of: Clients) -> None:
    export = asked(of, taken_in(1))
    decided(of, export, "reject")
    assert decided(of, export).json()["code"] == "already_decided"
    assert file_of(of, export).json()["code"] == "export_not_ready"


def test_an_approval_is_used_once(of: Clients) -> None:
    export = asked(of, taken_in(1))
    decided(of, export)
    assert [file_of(of, export).status_code for _ in range(2)] == [200, 409]
    assert decided(of, export).json()["code"] == "already_decided"


@pytest.mark.parametrize("who", ["head", "other_station"])
def test_the_file_is_for_who_asked(of: Clients, who: str) -> None:
    export = asked(of, taken_in(1))
    decided(of, export)
    assert file_of(of, export, who).status_code == 404
    assert file_of(of, export).status_code == 200


def test_after_a_day_the_file_is_gone(of: Clients, db: Connection) -> None:
    export = asked(of, taken_in(1))
    decided(of, export)
    statement = text("select expires_at - decided_at = interval '24 hours' from exports")
    with read(people.actor("head")) as tx:
        assert tx.session.execute(statement).scalars().all() == [True]


def test_a_station_exports_four_hundred_people_a_day_and_no_more(of: Clients) -> None:
    workers = taken_in(200)
    assert [asked(of, workers, who).status_code for who in ("station", "head", "station")] == [201, 201, 429]
    assert asked(of, workers[:1]).json()["code"] == "export_day_full"


def test_workers_of_others_are_not_there(of: Clients) -> None:
    theirs = taken_in(1, "other_station")
    assert asked(of, theirs).status_code == asked(of, [uuid4()]).status_code == 404


@pytest.mark.parametrize("begins", ["=", "+", "-", "@", "\t", "\r", "＝", "＠"])
def test_no_cell_is_a_formula(of: Clients, begins: str) -> None:
    evil = f'{begins}HYPERLINK("http://x","y")'
    with write(people.actor("station")) as tx:
        from app.workers.store import store_workers

        [one] = store_workers(tx, [draft(1, skills_text=evil, name=f"{begins}1+1")], witness="王", signed_on=None)
    export = of("station").post(
        "/v1/exports", json={"worker_ids": [show("w", one.worker_id)], "reason": f"{begins}1+1 因招聘会"}
    )
    decided(of, export)
    answer = file_of(of, export)
    [sheet] = openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n"}
    assert "'" + evil.replace("\r", "_x000D_") in {str(cell.value) for row in sheet.iter_rows() for cell in row} or (
        "'" + evil in {str(cell.value) for row in sheet.iter_rows() for cell in row}
    )


def test_the_auditor_sees_that_it_was_asked_for_and_nobody_in_it(of: Clients) -> None:
    [worker] = taken_in(1)
    export = asked(of, [worker])
    answer = of("auditor").get(f"/v1/exports/{export.json()['id']}")
    assert answer.json()["reason"] == REASON
    assert worker.hex not in answer.text
