"""A worker complains past the own station; who reads what, and what is left of a complaint without a name."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from fastapi import FastAPI
from sqlalchemy import Connection, text

from app.db.transaction import read, write
from app.vacancies.store import store_vacancies
from tests import people
from tests.client import TestClient
from tests.signed_in import Clients, faults
from tests.vacancies.invented import draft as job
from tests.workers.own_door import actions, client_of, entered

WORDS = "老板要我先交 500 元押金"


def a_job() -> UUID:
    """An open vacancy in the destination's district."""
    with write(people.actor("destination")) as tx:
        return store_vacancies(tx, [job(1)])[0].vacancy_id


def complain(me: TestClient, **said: Any) -> dict[str, Any]:
    answer = me.post("/v1/me/complaints", json={"kind": "asked_for_money", "words": WORDS} | said)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


def items(client: TestClient, address: str = "/v1/complaints") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = client.get(address).json()["items"]
    return found


def whose() -> list[UUID | None]:
    """Whose complaints the auditor finds."""
    with read(people.actor("auditor")) as tx:
        return list(tx.session.scalars(text("select worker_id from complaints")))


def test_a_complaint_about_a_job_goes_to_the_station_there_and_its_answer_comes_back(
    of: Clients, app: FastAPI
) -> None:
    worker, vacancy = entered(1), a_job()
    me = client_of(app, worker)
    made = complain(me, vacancy_id=f"v_{vacancy.hex}")
    assert made["hotlines"] == ["12333", "12348"]
    [found] = items(of("destination"))
    assert (found["id"], found["words"], found["state"]) == (made["id"], WORDS, "received")
    address = f"/v1/complaints/{made['id']}"
    tag = of("destination").get(address).headers["etag"]
    taken = of("destination").patch(address, json={"state": "in_hand"}, headers={"If-Match": tag})
    assert taken.json()["state"] == "in_hand"
    assert of("destination").patch(address, json={"state": "in_hand"}, headers={"If-Match": tag}).status_code == 412
    of("destination").patch(address, json={"state": "answered", "answer": "已责令退还。"})
    [mine] = items(me, "/v1/me/complaints")
    assert (mine["state"], mine["answer"], mine["words"]) == ("answered", "已责令退还。", WORDS)
    again = of("destination").patch(address, json={"state": "in_hand"})
    assert (again.status_code, again.json()["code"]) == (409, "complaint_answered")


def test_a_complaint_about_home_goes_to_the_authority_which_sees_the_case_and_not_the_words(
    of: Clients, app: FastAPI
) -> None:
    made = complain(client_of(app, entered(1)), kind="pressed")
    [case] = items(of("coordinator"))
    assert (case["id"], case["kind"], case["words"], case["division"]) == (made["id"], "pressed", None, "520500")
    assert items(of("destination")) == []
    answered = of("coordinator").patch(
        f"/v1/complaints/{made['id']}", json={"state": "answered", "answer": "已向该站说明：不得强迫。"}
    )
    assert answered.json()["answer"] == "已向该站说明：不得强迫。"


def test_the_own_station_learns_of_no_complaint(of: Clients, app: FastAPI) -> None:
    me = client_of(app, entered(1))
    complaint = complain(me, vacancy_id=f"v_{a_job().hex}")["id"]
    for role in ("station", "head", "other_station", "employer", "operator"):
        assert of(role).get("/v1/complaints").status_code == 403
        assert of(role).get(f"/v1/complaints/{complaint}").status_code == 403


def test_the_auditor_reads_all_and_answers_none(of: Clients, app: FastAPI) -> None:
    complaint = complain(client_of(app, entered(1)))["id"]
    assert of("auditor").get(f"/v1/complaints/{complaint}").json()["words"] == WORDS
    assert of("auditor").patch(f"/v1/complaints/{complaint}", json={"state": "in_hand"}).status_code == 403


def test_what_another_office_was_given_is_not_there(of: Clients, app: FastAPI) -> None:
    complaint = complain(client_of(app, entered(1)))["id"]
    foreign = of("destination").get(f"/v1/complaints/{complaint}")
    absent = of("destination").get(f"/v1/complaints/cm_{'0' * 32}")
    assert (foreign.status_code, foreign.content) == (404, absent.content)


def test_another_workers_complaints_are_not_there(db: Connection, app: FastAPI) -> None:
    complain(client_of(app, entered(1)))
    assert items(client_of(app, entered(2)), "/v1/me/complaints") == []


def test_a_complaint_without_a_name_leads_back_to_nobody(of: Clients, app: FastAPI) -> None:
    worker = entered(1)
    me = client_of(app, worker)
    key = {"Idempotency-Key": "k1"}
    answer = me.post(
        "/v1/me/complaints",
        json={"kind": "unsafe", "words": WORDS, "anonymous": True},
        headers=key,
    )
    assert (answer.status_code, answer.json()["id"], answer.headers.get("location")) == (201, None, None)
    assert whose() == [None]
    assert actions(worker) == []
    with read(people.actor("auditor")) as tx:
        assert tx.session.scalar(text("select count(*) from audit_entries where action like 'complaint%'")) == 0
    # nothing was kept of the session's key: it is free
    assert me.post("/v1/me/complaints", json={"kind": "other"}, headers=key).status_code == 201
    assert [one["kind"] for one in items(me, "/v1/me/complaints")] == ["other"]
    assert {case["kind"] for case in items(of("coordinator"))} == {"unsafe", "other"}


def test_the_same_request_again_is_one_complaint(db: Connection, app: FastAPI) -> None:
    me = client_of(app, entered(1))
    for anonymous in (True, False):
        body = {"kind": "unsafe", "words": WORDS, "anonymous": anonymous}
        first, again = (
            me.post("/v1/me/complaints", json=body, headers={"Idempotency-Key": f"k{anonymous}"}) for _ in range(2)
        )
        assert (first.status_code, first.json()) == (again.status_code, again.json())
    assert len(whose()) == 2


def test_a_complaint_says_what_and_about_a_job_one_can_see(db: Connection, app: FastAPI) -> None:
    me = client_of(app, entered(1))
    assert faults(me.post("/v1/me/complaints", json={"words": WORDS})) == {"kind": "missing"}
    assert faults(me.post("/v1/me/complaints", json={"kind": "noise"})) == {"kind": "not_allowed_value"}
    absent = me.post("/v1/me/complaints", json={"kind": "other", "vacancy_id": f"v_{uuid4().hex}"})
    assert absent.status_code == 404


def test_an_answer_has_words_and_taking_in_hand_has_none(of: Clients, app: FastAPI) -> None:
    complain(client_of(app, entered(1)), vacancy_id=f"v_{a_job().hex}")
    [found] = items(of("destination"))
    for body in ({"state": "answered"}, {"state": "in_hand", "answer": "好"}):
        assert faults(of("destination").patch(f"/v1/complaints/{found['id']}", json=body)) == {"answer": "missing"}


def test_the_words_are_ciphertext(db: Connection, app: FastAPI) -> None:
    complain(client_of(app, entered(1)))
    with read(people.actor("auditor")) as tx:
        [sealed] = tx.session.scalars(text("select words_sealed from complaints")).all()
    assert WORDS.encode() not in sealed


def test_who_is_deleted_leaves_complaints_without_a_name(db: Connection, app: FastAPI) -> None:
    me = client_of(app, entered(1))
    complain(me)
    me.request("DELETE", "/v1/me", json={"confirm": "delete"})
    assert whose() == [None]
