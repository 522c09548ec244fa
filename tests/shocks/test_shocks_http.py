"""Coordinators keep the shocks of their side; offices read them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from app.db.base import today
from tests.client import TestClient
from tests.signed_in import Clients, faults

ORDER = "毕节市应急管理局令〔2026〕3号"


def form(**stated: Any) -> dict[str, Any]:
    plain = {"division": "520526", "kind": "disaster", "side": "destination", "effect": "close"}
    return plain | {"since": str(today()), "document": ORDER} | stated


def post(client: TestClient, **stated: Any) -> dict[str, Any]:
    answer = client.post("/v1/shocks", json=form(**stated))
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_a_coordinator_records_a_shock_of_its_side_and_offices_read_it(of: Clients) -> None:
    shock = post(of("coordinator"))
    assert (shock["division"], shock["effect"], shock["until"], shock["document"]) == ("520526", "close", None, ORDER)
    for who in ("station", "head", "other_station", "destination", "auditor", "coordinator"):
        assert of(who).get(f"/v1/shocks/{shock['id']}").json() == shock
        assert [one["id"] for one in of(who).get("/v1/shocks").json()["items"]] == [shock["id"]]


@pytest.mark.parametrize("who", ["employer", "operator"])
def test_who_has_no_part_in_it_reads_none(of: Clients, who: str) -> None:
    shock = post(of("coordinator"))
    assert of(who).get("/v1/shocks").status_code == 403
    assert of(who).get(f"/v1/shocks/{shock['id']}").status_code == 403


@pytest.mark.parametrize("who", ["station", "head", "destination", "employer", "auditor", "operator"])
def test_only_a_coordinator_keeps_them(of: Clients, who: str) -> None:
    shock = post(of("coordinator"))
    assert of(who).post("/v1/shocks", json=form()).status_code == 403
    assert of(who).patch(f"/v1/shocks/{shock['id']}", json={"document": "x"}).status_code == 403


def test_another_side_is_not_ones_own(of: Clients) -> None:
    assert of("coordinator").post("/v1/shocks", json=form(division="440106")).status_code == 403


@pytest.mark.parametrize(
    ("stated", "field", "code"),
    [
        ({"document": ""}, "document", "too_short"),
        ({"until": str(today() - timedelta(days=1))}, "until", "bad_range"),
        ({"division": "529999"}, "division", "unknown_division"),
        ({"side": "origin"}, "effect", "bad_effect"),
        ({"effect": "aid"}, "effect", "bad_effect"),
        ({"effect": "reduce"}, "percent", "bad_percent"),
        ({"percent": 30}, "percent", "bad_percent"),
    ],
)
def test_what_does_not_fit_is_refused(of: Clients, stated: dict[str, Any], field: str, code: str) -> None:
    found = faults(of("coordinator").post("/v1/shocks", json=form(**stated)))
    assert list(found) == [field]
    assert found[field] == code or code == "too_short"


def test_a_missing_document_is_refused(of: Clients) -> None:
    body = form()
    del body["document"]
    assert list(faults(of("coordinator").post("/v1/shocks", json=body))) == ["document"]


def test_the_same_twice_on_one_day_is_refused_and_another_kind_is_not(of: Clients) -> None:
    coordinator = of("coordinator")
    until = today() + timedelta(days=9)
    post(coordinator, until=str(until))
    again = coordinator.post("/v1/shocks", json=form(since=str(until)))
    assert (again.status_code, again.json()["code"]) == (409, "shock_overlaps")
    post(coordinator, since=str(until + timedelta(days=1)))
    post(coordinator, kind="epidemic")
    post(coordinator, effect="reduce", percent=30)


def test_a_shock_is_ended_by_its_last_day(of: Clients) -> None:
    coordinator = of("coordinator")
    shock = post(coordinator, since=str(today() - timedelta(days=5)))
    address = f"/v1/shocks/{shock['id']}"
    tag = coordinator.get(address).headers["etag"]
    ended = coordinator.patch(address, json={"until": str(today() - timedelta(days=1))}, headers={"if-match": tag})
    assert (ended.status_code, ended.json()["until"]) == (200, str(today() - timedelta(days=1)))
    assert coordinator.patch(address, json={"until": None}, headers={"if-match": tag}).status_code == 412
    assert faults(coordinator.patch(address, json={"document": None})) == {"document": "missing"}
    assert faults(coordinator.patch(address, json={"effect": "aid"})) == {"effect": "bad_effect"}
    on = {"on": str(today())}
    assert coordinator.get("/v1/shocks", params=on).json()["items"] == []
    assert len(coordinator.get("/v1/shocks").json()["items"]) == 1


def test_they_are_found_by_place_and_side(of: Clients) -> None:
    coordinator = of("coordinator")
    shock, aid = post(coordinator), post(coordinator, side="origin", effect="aid", percent=50, division="520500")

    def found(**wanted: str) -> list[str]:
        return [one["id"] for one in coordinator.get("/v1/shocks", params=wanted).json()["items"]]

    assert found(division="520526") == [shock["id"]]
    assert set(found(division="520000")) == {shock["id"], aid["id"]}
    assert found(division="440000") == []
    assert found(side="origin") == [aid["id"]]
    assert coordinator.get("/v1/shocks", params={"division": "529999"}).status_code == 422


def test_the_same_request_again_records_one(of: Clients) -> None:
    coordinator = of("coordinator")
    key = {"Idempotency-Key": "one shock"}
    first, second = (coordinator.post("/v1/shocks", json=form(), headers=key) for _ in range(2))
    assert first.json() == second.json()
