"""What workers see and correct for themselves, over HTTP."""

from __future__ import annotations

from datetime import timedelta

import pytest
from fastapi import FastAPI
from sqlalchemy import Connection, text, update

from app.actor import DOOR
from app.db.transaction import read, write
from app.identity.model import Token
from app.workers.store import store_workers
from tests import people
from tests.signed_in import Clients, faults
from tests.workers.invented import draft, id_number
from tests.workers.own_door import SEEN, actions, client_of, entered, shown


def test_a_worker_sees_the_own_record_with_the_whole_phone(db: Connection, app: FastAPI) -> None:
    worker = entered(1)
    found = client_of(app, worker).get("/v1/me")
    assert found.status_code == 200, found.text
    me = found.json()
    assert (me["id"], me["phone"], me["id_number"]) == (shown(worker), "13900000001", "520526************")
    assert (me["consented"], me["own_word"], me["phone_pending"]) == (True, [], False)
    assert found.headers["cache-control"] == "no-store, private"


def test_only_workers_have_a_door_of_their_own(of: Clients) -> None:
    addresses = ("", "/records", "/consents", "/looks", "/data", "/id-number")
    for role in people.PEOPLE:
        assert [of(role).get(f"/v1/me{address}").status_code for address in addresses] == [403] * len(addresses)


def test_what_the_worker_corrects_no_list_changes_back(db: Connection, app: FastAPI) -> None:
    worker = entered(1)
    me = client_of(app, worker)
    tag = me.get("/v1/me").headers["etag"]
    changed = me.patch("/v1/me", json={"name": "张本人", "skills": ["氩弧焊"]}, headers={"If-Match": tag})
    assert changed.status_code == 200, changed.text
    assert (changed.json()["name"], changed.json()["skills"]) == ("张本人", "氩弧焊")
    assert me.patch("/v1/me", json={"name": "李四"}, headers={"If-Match": tag}).status_code == 412
    with write(people.actor("station")) as tx:
        [outcome] = store_workers(tx, [draft(1, name="张三")], **SEEN)  # type: ignore[arg-type]
    assert (outcome.what, set(outcome.kept)) == ("unchanged", {"name", "skills"})
    assert me.get("/v1/me").json()["name"] == "张本人"
    assert actions(worker) == ["me.change"]


def test_a_name_cannot_be_taken_away(db: Connection, app: FastAPI) -> None:
    me = client_of(app, entered(1))
    assert faults(me.patch("/v1/me", json={"name": None})) == {"name": "missing"}
    assert faults(me.patch("/v1/me", json={"phone_code": "123456"})) == {"phone": "missing"}
    assert faults(me.patch("/v1/me", json={"id_number": id_number(2)})) == {"id_number": "unknown_field"}


def test_what_the_worker_wants_no_list_changes_back(db: Connection, app: FastAPI) -> None:
    worker = entered(1, min_wage=4000)
    me = client_of(app, worker)
    wanted = me.put("/v1/me/intention", json={"desired_places": "广东", "min_wage": 5500})
    assert wanted.status_code == 200, wanted.text
    assert wanted.json()["intention"]["destinations"] == ["440000"]
    # stated, and what was stated before and is no longer
    assert set(wanted.json()["own_word"]) == {"desired_places", "min_wage", "desired_occupations"}
    with write(people.actor("station")) as tx:
        [outcome] = store_workers(tx, [draft(1, min_wage=3000, available_from=None)], **SEEN)  # type: ignore[arg-type]
    assert set(outcome.kept) == {"min_wage", "desired_occupations"}
    assert me.get("/v1/me").json()["intention"]["min_wage"] == 5500


def test_wanting_the_same_again_changes_nothing(db: Connection, app: FastAPI) -> None:
    me = client_of(app, entered(1))
    first, again = (me.put("/v1/me/intention", json={"min_wage": 5500}) for _ in range(2))
    assert first.headers["etag"] == again.headers["etag"]
    assert first.json() == again.json()


def test_the_whole_id_number_is_shown_only_shortly_after_signing_in(db: Connection, app: FastAPI) -> None:
    worker = entered(1)
    me = client_of(app, worker)
    assert me.get("/v1/me/id-number").json() == {"id_number": id_number(1)}
    assert actions(worker) == ["me.id_number"]
    with write(DOOR) as tx:
        signed_in = Token.created_at - timedelta(minutes=11)
        tx.session.execute(update(Token).where(Token.worker_id == worker).values(created_at=signed_in))
    refused = me.get("/v1/me/id-number")
    assert (refused.status_code, refused.json()["code"]) == (403, "sign_in_again")


def test_refreshing_a_session_is_no_signing_in(db: Connection, app: FastAPI) -> None:
    worker = entered(1)
    me = client_of(app, worker)
    with write(DOOR) as tx:
        # the refresh token of the same sign-in, older than what it was traded in for
        older = update(Token).where(Token.worker_id == worker, Token.kind == "refresh")
        tx.session.execute(older.values(created_at=Token.created_at - timedelta(minutes=11)))
    assert me.get("/v1/me/id-number").status_code == 403


def test_a_worker_sees_who_looked_and_what_the_office_is_called(of: Clients, app: FastAPI) -> None:
    worker = entered(1)
    of("station").get(f"/v1/workers/{shown(worker)}")
    of("head").get(f"/v1/workers/{shown(worker)}")
    client_of(app, worker).get("/v1/me")
    looks = client_of(app, worker).get("/v1/me/looks", headers={"Accept-Language": "en"}).json()["items"]
    assert [(one["office"], one["role"], one["what"]) for one in looks] == [
        ("威宁县劳务工作站", "head", "looked at your details"),
        ("威宁县劳务工作站", "station", "looked at your details"),
    ]


def test_looks_are_paged_and_nobody_elses(of: Clients, app: FastAPI) -> None:
    worker, other = entered(1), entered(2)
    for _ in range(3):
        of("station").get(f"/v1/workers/{shown(worker)}")
    of("station").get(f"/v1/workers/{shown(other)}")
    me = client_of(app, worker)
    page = me.get("/v1/me/looks?limit=2").json()
    rest = me.get(f"/v1/me/looks?limit=2&cursor={page['next']}").json()
    assert (len(page["items"]), len(rest["items"]), rest["next"]) == (2, 1, None)


# Records at several stations


def test_a_person_sees_the_records_of_all_stations_and_nobody_elses(db: Connection, app: FastAPI) -> None:
    here, there = entered(1), entered(1, "other_station")
    entered(2, "other_station")
    records = client_of(app, here).get("/v1/me/records").json()["items"]
    assert {(one["worker_id"], one["station"], one["in_force"]) for one in records} == {
        (shown(here), "威宁县劳务工作站", True),
        (shown(there), "东乡县劳务工作站", False),
    }


def test_the_chosen_record_is_in_force_from_the_next_request_on(db: Connection, app: FastAPI) -> None:
    here, there = entered(1), entered(1, "other_station", name="张另名")
    me, phone_two = client_of(app, here), client_of(app, here)
    chosen = me.put("/v1/me/record", json={"worker_id": shown(there)})
    assert [one["in_force"] for one in chosen.json()["items"] if one["worker_id"] == shown(there)] == [True]
    assert me.get("/v1/me").json()["name"] == phone_two.get("/v1/me").json()["name"] == "张另名"
    me.put("/v1/me/record", json={"worker_id": shown(here)})
    assert me.get("/v1/me").json()["id"] == shown(here)


def test_another_persons_record_cannot_be_chosen(db: Connection, app: FastAPI) -> None:
    me, other = client_of(app, entered(1)), entered(2, "other_station")
    foreign = me.put("/v1/me/record", json={"worker_id": shown(other)})
    absent = me.put("/v1/me/record", json={"worker_id": "w_" + "0" * 32})
    assert (foreign.status_code, foreign.content) == (404, absent.content)


def test_a_look_at_any_of_the_records_is_seen(of: Clients, app: FastAPI) -> None:
    here, there = entered(1), entered(1, "other_station")
    of("other_station").get(f"/v1/workers/{shown(there)}")
    [look] = client_of(app, here).get("/v1/me/looks").json()["items"]
    assert look["office"] == "东乡县劳务工作站"


def test_another_id_number_is_another_person(db: Connection, app: FastAPI) -> None:
    here, there = entered(1), entered(1, "other_station")
    with write(people.actor("station")) as tx:
        tx.session.execute(text("update workers set id_index = 'another' where id = :id"), {"id": here})
    records = client_of(app, there).get("/v1/me/records").json()["items"]
    assert [one["worker_id"] for one in records] == [shown(there)]


# Download and deletion


def test_the_download_holds_everything_of_every_record(of: Clients, app: FastAPI) -> None:
    here, there = entered(1), entered(1, "other_station", home_text="另一处")
    of("station").get(f"/v1/workers/{shown(here)}")
    answer = client_of(app, here).get("/v1/me/data")
    assert answer.status_code == 200, answer.text
    assert answer.headers["cache-control"] == "no-store, private"
    by_station = {one["station"]: one for one in answer.json()["records"]}
    mine, theirs = by_station["威宁县劳务工作站"], by_station["东乡县劳务工作站"]
    [record] = mine["workers"]
    assert (record["phone"], record["id_number"]) == ("13900000001", "520526************")
    assert [one["action"] for one in mine["audit_entries"]] == ["worker.read"]
    assert theirs["workers"][0]["home_text"] == "另一处"
    assert {"intentions", "consents", "suggestions", "placements", "declines", "complaints"} <= mine.keys()
    assert id_number(1) not in answer.text
    assert "token_id" not in answer.text
    assert shown(there)


def test_deletion_needs_a_second_yes(db: Connection, app: FastAPI) -> None:
    me = client_of(app, entered(1))
    assert me.request("DELETE", "/v1/me", json={}).status_code == 422
    assert me.request("DELETE", "/v1/me", json={"confirm": "maybe"}).status_code == 422
    assert me.get("/v1/me").status_code == 200


@pytest.mark.parametrize("who", ["station", "other_station"])
def test_a_deleted_person_is_gone_everywhere_at_once(of: Clients, app: FastAPI, who: str) -> None:
    workers = {"station": entered(1), "other_station": entered(1, "other_station")}
    me = client_of(app, workers["station"])
    assert me.request("DELETE", "/v1/me", json={"confirm": "删除"}).status_code == 204
    assert me.get("/v1/me").status_code == 401
    gone, absent = (of(who).get(f"/v1/workers/{w}") for w in (shown(workers[who]), "w_" + "0" * 32))
    assert (gone.status_code, gone.content) == (404, absent.content)
    assert of(who).get("/v1/workers").json()["items"] == []
    assert actions(workers["station"])[-1] == "me.delete"


def test_a_list_brings_a_deleted_person_back_without_consent(db: Connection, app: FastAPI) -> None:
    worker = entered(1)
    client_of(app, worker).request("DELETE", "/v1/me", json={"confirm": "delete"})
    again = entered(1)
    assert again != worker
    with read(people.actor("station")) as tx:
        assert tx.session.scalar(text("select count(*) from consents")) == 0
