"""What a station does for the workers in its care, over HTTP."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import text

from app.db.transaction import read
from app.workers.id_number import check_character
from tests import people
from tests.client import TestClient
from tests.signed_in import Clients, faults
from tests.workers.invented import form, id_number


def enter(client: TestClient, n: int = 1, **stated: Any) -> dict[str, Any]:
    answer = client.post("/v1/workers", json=form(n, **stated))
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


def actions(worker: str) -> list[str]:
    """What the audit says was done with a worker, in order."""
    with read(people.actor("auditor")) as tx:
        query = "select action from audit_entries where subject = :subject order by id"
        return list(tx.session.scalars(text(query), {"subject": worker}))


def test_a_worker_is_entered_and_read_back_in_their_own_words(of: Clients) -> None:
    station = of("station")
    entered = enter(station)
    found = station.get(f"/v1/workers/{entered['id']}").json()
    assert found == entered
    assert found["skills"] == "电焊、氩弧焊"
    assert found["phone"] == "13900000001"
    assert found["home"] == {"division": "520526", "name": "贵州省毕节市威宁彝族回族苗族自治县"}
    assert found["intention"]["destinations"] == ["440000", "330000"]
    assert found["intention"]["occupations"]
    assert found["consents"] == []


def test_the_id_number_is_shown_masked_and_the_phone_only_in_the_detail(of: Clients) -> None:
    station = of("station")
    worker = enter(station, 7)
    assert worker["id_number"] == "520526************"
    listed = station.get("/v1/workers").text
    assert worker["id"] in listed
    assert "13900000001" not in listed
    assert id_number(7) not in station.get(f"/v1/workers/{worker['id']}").text


def test_every_look_at_the_detail_is_written_down(of: Clients) -> None:
    station = of("station")
    worker = enter(station)["id"]
    station.get(f"/v1/workers/{worker}")
    of("head").get(f"/v1/workers/{worker}")
    assert actions(worker) == ["worker.create", "worker.read", "worker.read"]


def test_another_stations_worker_is_not_there_whatever_is_asked(of: Clients) -> None:
    worker = enter(of("station"))["id"]
    other, nobody = of("other_station"), "w_" + "0" * 32
    asked = [
        ("GET", "", None),
        ("PATCH", "", {"name": "李四"}),
        ("PUT", "/intention", {"min_wage": 1}),
        ("POST", "/consents", {"witness": "王", "signed_on": "2026-01-01"}),
        ("DELETE", "/consents/matching", None),
    ]
    for method, rest, body in asked:
        foreign = other.request(method, f"/v1/workers/{worker}{rest}", json=body)
        absent = other.request(method, f"/v1/workers/{nobody}{rest}", json=body)
        assert (foreign.status_code, foreign.content) == (404, absent.content), method
    assert other.get("/v1/workers").json()["items"] == []
    assert of("station").get(f"/v1/workers/{worker}").json()["name"] == "张三丰"


def test_who_is_no_station_has_nothing_to_do_with_workers(of: Clients) -> None:
    worker = enter(of("station"))["id"]
    for role in ("employer", "coordinator", "destination", "operator", "auditor"):
        assert of(role).get(f"/v1/workers/{worker}").status_code == 403
        assert of(role).get("/v1/workers").status_code == 403
        assert of(role).post("/v1/workers", json=form(2)).status_code == 403


def test_the_same_id_number_again_is_a_conflict_that_names_the_field(of: Clients) -> None:
    station = of("station")
    enter(station)
    again = station.post("/v1/workers", json=form(1, name="李四"))
    assert again.status_code == 409
    assert again.json()["code"] == "worker_exists"
    assert again.json()["errors"][0]["loc"] == ["body", "id_number"]


def test_a_person_known_to_another_station_is_entered_like_anybody(of: Clients) -> None:
    enter(of("other_station"), 1)
    known, new = enter(of("station"), 1), enter(of("station"), 2)
    assert known.keys() == new.keys()
    assert {**known, **dict.fromkeys(("id", "created_at", "updated_at"))} == {
        **new,
        **dict.fromkeys(("id", "created_at", "updated_at")),
    }


def test_a_worker_is_changed_by_who_has_read_the_last_version(of: Clients) -> None:
    station = of("station")
    address = f"/v1/workers/{enter(station)['id']}"
    tag = station.get(address).headers["etag"]
    changed = station.patch(address, json={"phone": None, "education": "大专"}, headers={"If-Match": tag})
    assert changed.status_code == 200
    assert changed.json()["phone"] is None
    assert changed.json()["education"] == "大专"
    assert changed.headers["etag"] != tag
    stale = station.patch(address, json={"education": "本科"}, headers={"If-Match": tag})
    assert (stale.status_code, stale.json()["code"]) == (412, "precondition_failed")


def test_a_change_that_changes_nothing_leaves_version_and_time(of: Clients) -> None:
    station = of("station")
    worker = enter(station)
    address = f"/v1/workers/{worker['id']}"
    same = station.patch(address, json={"phone": "13900000001", "skills": "电焊、氩弧焊"})
    assert same.json() == worker
    assert same.headers["etag"] == station.get(address).headers["etag"]


def test_a_moved_home_is_found_again(of: Clients) -> None:
    station = of("station")
    address = f"/v1/workers/{enter(station)['id']}"
    moved = station.patch(address, json={"home_address": "云南省昭通市镇雄县以勒镇"}).json()
    assert moved["home"]["division"] == "530627"


def test_the_intention_is_put_whole(of: Clients) -> None:
    station = of("station")
    address = f"/v1/workers/{enter(station)['id']}"
    wish = {
        "desired_occupations": ["缝纫工"],
        "desired_places": "省内、不去贵阳市",
        "reach_km": 300,
        "reach_is_limit": True,
    }
    found = station.put(f"{address}/intention", json=wish).json()["intention"]
    assert (found["scope"], found["not_destinations"], found["min_wage"]) == ("province", ["520100"], None)
    assert found["reach_is_limit"] is True
    assert station.get(address).json()["intention"] == found


@pytest.mark.parametrize(
    ("words", "wanted", "unwanted"),
    [
        ("福建省平和县", ["350628"], []),
        ("不去呼和浩特", [], ["150100"]),
        ("不去新疆、西藏", [], ["650000", "540000"]),
        ("全国都可以", [], []),
    ],
)
def test_a_form_understands_a_wish_as_a_list_does(
    of: Clients, words: str, wanted: list[str], unwanted: list[str]
) -> None:
    station = of("station")
    address = f"/v1/workers/{enter(station)['id']}"
    found = station.put(f"{address}/intention", json={"desired_places": words}).json()["intention"]
    assert (found["destinations"], found["not_destinations"]) == (wanted, unwanted)


def test_consent_from_paper_stands_until_it_is_taken_back_and_then_looks_as_if_never_given(of: Clients) -> None:
    station = of("station")
    worker = enter(station)["id"]
    address = f"/v1/workers/{worker}"
    before = station.get(address)
    said = station.post(f"{address}/consents", json={"witness": "王站长", "signed_on": "2026-03-01"})
    assert said.status_code == 201
    [consent] = station.get(address).json()["consents"]
    assert (consent["purpose"], consent["given_by"], consent["witness"]) == ("matching", "paper", "王站长")
    assert station.get("/v1/workers").json()["items"][0]["consented"] is True
    assert station.delete(f"{address}/consents/matching").status_code == 204
    after = station.get(address)
    assert (after.content, after.headers["etag"]) == (before.content, before.headers["etag"])
    assert station.delete(f"{address}/consents/matching").status_code == 204


def test_a_paper_older_than_the_withdrawal_does_not_revive_it(of: Clients) -> None:
    station = of("station")
    address = f"/v1/workers/{enter(station)['id']}"
    paper = {"witness": "王站长", "signed_on": "2026-03-01"}
    station.post(f"{address}/consents", json=paper)
    station.delete(f"{address}/consents/matching")
    assert station.post(f"{address}/consents", json=paper).status_code == 201
    assert station.get(address).json()["consents"] == []


def test_a_paper_is_not_signed_tomorrow_and_needs_a_witness(of: Clients) -> None:
    station = of("station")
    address = f"/v1/workers/{enter(station)['id']}/consents"
    assert faults(station.post(address, json={"witness": "王", "signed_on": "2999-01-01"})) == {"signed_on": "bad_date"}
    assert faults(station.post(address, json={"signed_on": "2026-01-01"})) == {"witness": "missing"}


def test_what_is_wrong_is_named_by_field_and_not_repeated(of: Clients) -> None:
    station = of("station")
    wrong = {
        "id_number": (id_number(1)[:17] + ("0" if id_number(1)[17] != "0" else "1"), "id_number_checksum"),
        "phone": ("12345", "bad_phone"),
        "home_address": ("某某省某某县", "unknown_place"),
        "desired_places": ("火星", "unknown_place"),
    }
    for field, (value, code) in wrong.items():
        answer = station.post("/v1/workers", json=form(1, **{field: value}))
        assert faults(answer) == {field: code}
        assert value not in answer.text
    assert faults(station.post("/v1/workers", json=form(1, ethnicity="x"))) == {"ethnicity": "unknown_field"}


def test_nobody_under_sixteen_is_registered(of: Clients) -> None:
    child = "52052620150101100"
    answer = of("station").post("/v1/workers", json=form(1, id_number=child + check_character(child)))
    assert faults(answer) == {"id_number": "under_age"}


def test_workers_are_listed_page_by_page_and_found_by_how_the_name_begins(of: Clients) -> None:
    station = of("station")
    names = ["赵一", "赵二", "钱三", "赵四%"]
    for n, name in enumerate(names):
        enter(station, n + 1, name=name)
    first = station.get("/v1/workers", params={"limit": 3}).json()
    rest = station.get("/v1/workers", params={"limit": 3, "cursor": first["next"]}).json()
    assert len(first["items"]) == 3
    assert rest["next"] is None
    assert {item["name"] for item in first["items"] + rest["items"]} == set(names)
    assert {i["name"] for i in station.get("/v1/workers", params={"q": "赵"}).json()["items"]} == {
        "赵一",
        "赵二",
        "赵四%",
    }
    assert station.get("/v1/workers", params={"q": "%"}).json()["items"] == []
    later = station.get("/v1/workers", params={"updated_since": "2999-01-01T00:00:00+08:00"})
    assert later.json()["items"] == []


def test_the_same_key_enters_a_worker_once(of: Clients) -> None:
    station = of("station")
    once = {"Idempotency-Key": "k-1"}
    first = station.post("/v1/workers", json=form(1), headers=once)
    again = station.post("/v1/workers", json=form(1), headers=once)
    assert (again.status_code, again.json()) == (201, first.json())
    assert len(station.get("/v1/workers").json()["items"]) == 1


def test_a_home_point_is_kept_no_nearer_than_a_kilometre_and_without_the_village(of: Clients) -> None:
    enter(of("station"), home_point={"lon": 104.123456, "lat": 26.987654, "crs": "wgs84"})
    with read(people.actor("station")) as tx:
        rows = tx.session.execute(text("select detail, point_key from places where point_key <> ''")).all()
    assert [tuple(row) for row in rows] == [("", "104.120000,26.990000")]


def test_neither_number_stands_readable_in_the_table(of: Clients) -> None:
    enter(of("station"))
    with read(people.actor("station")) as tx:
        row = tx.session.scalar(text("select w::text from workers w"))
    assert id_number(1) not in str(row)
    assert "13900000001" not in str(row)
