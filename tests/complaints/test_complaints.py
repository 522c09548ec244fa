"""A worker complains past the own station; who reads what, and what is left of a complaint without a name."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from fastapi import FastAPI
from sqlalchemy import Connection, text

from app.actor import Actor, Role
from app.complaints.usecases import answer_complaint, complaint_to_answer, who_reads
from app.db.transaction import read, write
from app.identity.organisations import make_organisation
from app.places.queries import PlaceKey
from app.vacancies.store import store_vacancies
from tests import people
from tests.client import TestClient
from tests.signed_in import Clients, faults
from tests.vacancies.invented import draft as job
from tests.workers.own_door import actions, client_of, entered

WORDS = "老板要我先交 500 元押金"


def a_job(who: str = "destination", county: str = "440106") -> UUID:
    """An open vacancy in a county, by an office of its province."""
    with write(people.actor(who)) as tx:
        return store_vacancies(tx, [job(1, workplace=PlaceKey(county))])[0].vacancy_id


#: Near home: a county of the authority's prefecture, which has no station for those who come to work.
NEAR = ("station", "520502")


def a_station_in(county: str) -> Actor:
    """A new office that looks after those who come to work there."""
    with write(people.actor("operator")) as tx:
        office = make_organisation(tx, "destination", "七星关区驻外劳务工作站", county, None)
        return Actor(Role.DESTINATION, office.id, county)


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


def test_a_complaint_about_a_job_goes_to_the_station_there_and_its_answer_comes_back(of: Clients, app: FastAPI) -> None:
    worker, vacancy = entered(1), a_job()
    me = client_of(app, worker)
    made = complain(me, vacancy_id=f"v_{vacancy.hex}")
    assert made["hotlines"] == ["12333", "12348"]
    [found] = items(of("destination"))
    assert (found["id"], found["words"], found["state"]) == (made["id"], None, "received")
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


def words_for(client: TestClient, complaint: str) -> str | None:
    found: str | None = client.get(f"/v1/complaints/{complaint}").json()["words"]
    return found


def looks_at(complaint: str) -> list[tuple[str, str]]:
    """Who looked at a complaint, and how, from the log."""
    query = text(
        "select role, action from audit_entries where subject = :of and action <> 'complaint.make' order by id"
    )
    with read(people.actor("auditor")) as tx:
        return [(role, action) for role, action in tx.session.execute(query, {"of": complaint})]


def test_a_complaint_about_home_is_read_by_the_authority_that_answers_it_once_it_is_in_hand(
    of: Clients, app: FastAPI
) -> None:
    authority, me = of("coordinator"), client_of(app, entered(1))
    made = complain(me, kind="pressed")["id"]
    [case] = items(authority)
    assert (case["id"], case["kind"], case["words"], case["division"]) == (made, "pressed", None, "520500")
    assert items(of("destination")) == []
    assert words_for(authority, made) is None
    authority.patch(f"/v1/complaints/{made}", json={"state": "in_hand"})
    assert words_for(authority, made) == WORDS
    assert [one["words"] for one in items(authority)] == [None]  # a list is no reading
    answered = authority.patch(f"/v1/complaints/{made}", json={"state": "answered", "answer": "已说明：不得强迫。"})
    assert answered.json()["words"] is None
    assert items(me, "/v1/me/complaints")[0]["answer"] == "已说明：不得强迫。"
    assert looks_at(made) == [
        ("coordinator", "complaint.read"),
        ("coordinator", "complaint.in_hand"),
        ("coordinator", "complaint.read"),
        ("coordinator", "complaint.contact"),
        ("coordinator", "complaint.answered"),
    ]


def whom_for(client: TestClient, complaint: str) -> dict[str, Any] | None:
    found: dict[str, Any] | None = client.get(f"/v1/complaints/{complaint}").json()["complainant"]
    return found


def test_who_complains_by_name_can_be_called_while_it_is_in_hand_and_sees_each_look(of: Clients, app: FastAPI) -> None:
    worker = entered(1)
    me, office = client_of(app, worker), of("destination")
    made = complain(me, vacancy_id=f"v_{a_job().hex}")["id"]
    mine = me.get("/v1/me").json()
    assert (whom_for(office, made), words_for(office, made)) == (None, None)
    office.patch(f"/v1/complaints/{made}", json={"state": "in_hand"})
    assert whom_for(office, made) == {"name": mine["name"], "phone": mine["phone"]}
    assert words_for(office, made) == WORDS
    assert [one["complainant"] for one in items(office)] == [None]
    assert whom_for(of("auditor"), made) is None
    assert actions(worker).count("complaint.contact") == 2
    office.patch(f"/v1/complaints/{made}", json={"state": "answered", "answer": "已责令退还。"})
    assert whom_for(office, made) is None


def test_who_complains_without_a_name_is_nobody_to_call(of: Clients, app: FastAPI) -> None:
    vacancy = a_job()
    complain(client_of(app, entered(1)), vacancy_id=f"v_{vacancy.hex}", anonymous=True)
    [case] = items(of("destination"))
    of("destination").patch(f"/v1/complaints/{case['id']}", json={"state": "in_hand"})
    assert (whom_for(of("destination"), case["id"]), words_for(of("destination"), case["id"])) == (None, WORDS)


def test_a_job_where_there_is_no_station_is_the_authoritys_to_answer(of: Clients, app: FastAPI) -> None:
    made = complain(client_of(app, entered(1)), vacancy_id=f"v_{a_job(*NEAR).hex}")["id"]
    of("coordinator").patch(f"/v1/complaints/{made}", json={"state": "in_hand"})
    assert words_for(of("coordinator"), made) == WORDS


def test_where_a_station_answers_the_authority_sees_the_case_and_no_more(of: Clients, app: FastAPI) -> None:
    station = a_station_in("520502")
    made = complain(client_of(app, entered(1)), vacancy_id=f"v_{a_job(*NEAR).hex}")["id"]
    [case] = items(of("coordinator"))
    assert (case["id"], case["words"]) == (made, None)
    refused = of("coordinator").patch(f"/v1/complaints/{made}", json={"state": "in_hand"})
    assert (refused.status_code, refused.json()["code"]) == (403, "complaint_elsewhere")
    with write(station) as tx:
        answer_complaint(tx, complaint_to_answer(tx, UUID(made[3:])), "in_hand", None)
    assert words_for(of("coordinator"), made) is None


def test_a_worker_is_told_beforehand_who_will_read(of: Clients, app: FastAPI) -> None:
    worker, near, far = entered(1), a_job(*NEAR), a_job()
    with read(Actor(Role.WORKER, worker_id=worker)) as tx:
        told = who_reads(tx, [near, far, uuid4()])
    authority, station = (people.PEOPLE[name][2] for name in ("coordinator", "destination"))
    assert (told.about_home, told.about_jobs) == (authority, {near: authority, far: station})


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
