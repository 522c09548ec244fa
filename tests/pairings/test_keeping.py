"""Coordinators of either side keep the pairings, with dates and documents."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import Connection, text

from app.db.base import today
from app.main import create_app
from app.suggestions.market import LiveMarket
from matching.tables import Tier
from tests.client import TestClient
from tests.signed_in import Clients, faults, of

__all__ = ["of"]
AGREEMENT = "毕节市—东莞市协作协议〔2026〕1号"


@pytest.fixture(scope="session")
def app() -> FastAPI:
    """The service with the room of pairings."""
    return create_app(rooms=("pairings",))


def form(**stated: Any) -> dict[str, Any]:
    return {"west": "520526", "east": "441900", "since": "2026-01-01", "document": AGREEMENT} | stated


def post(client: TestClient, **stated: Any) -> dict[str, Any]:
    answer = client.post("/v1/pairings", json=form(**stated))
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


def between(client: TestClient, on: str = "2026-06-01") -> Any:
    asked = {"west": "520526", "east": "441900", "on": on}
    return client.get("/v1/pairings/between", params=asked).json()


def test_a_recorded_pairing_holds_from_its_day_with_its_document(of: Clients) -> None:
    assert between(of("station"))["tier"] == "province"
    made = post(of("coordinator"))
    assert (made["level"], made["kind"], made["confidence"], made["until"]) == ("county", "current", "high", None)
    assert (made["west"]["name"], made["east"]["name"]) == ("威宁彝族回族苗族自治县", "东莞市")
    found = between(of("station"))
    assert (found["tier"], found["documents"][0]["document"]) == ("county", AGREEMENT)
    assert between(of("station"), on="2025-12-31")["tier"] == "province"
    assert of("auditor").get(f"/v1/pairings/{made['id']}").json() == made


def test_the_market_ranks_by_it(of: Clients, db: Connection) -> None:
    def tier() -> Tier:
        snapshot = LiveMarket(listens=False).current()
        index = snapshot.divisions.index
        return Tier(int(snapshot.market.tiers[index["520526"], index["441900"]]))

    before = tier()
    post(of("coordinator"), since=str(today()))
    assert (before, tier()) == (Tier.PROVINCE, Tier.COUNTY)


def test_the_market_hears_of_it(db: Connection, of: Clients) -> None:
    triggers = db.execute(text("select tgrelid::regclass::text from pg_trigger where tgname = 'tell_market'"))
    assert {"vacancies", "pairings", "shocks"} <= set(triggers.scalars())


@pytest.mark.parametrize("who", ["station", "head", "destination", "employer", "auditor", "operator"])
def test_only_coordinators_keep_them(of: Clients, who: str) -> None:
    made = post(of("coordinator"))
    assert of(who).post("/v1/pairings", json=form(since="2027-01-01")).status_code == 403
    assert of(who).patch(f"/v1/pairings/{made['id']}", json={"document": "x"}).status_code == 403


def test_only_pairings_of_which_a_party_is_ones_own(of: Clients) -> None:
    coordinator = of("coordinator")
    assert coordinator.post("/v1/pairings", json=form(west="622926")).status_code == 403
    [foreign, *_] = coordinator.get("/v1/pairings", params={"west": "622900"}).json()["items"]
    assert coordinator.patch(f"/v1/pairings/{foreign['id']}", json={"until": "2026-01-01"}).status_code == 403


@pytest.mark.parametrize(
    ("stated", "field", "code"),
    [
        ({"until": "2025-12-31"}, "until", "bad_range"),
        ({"west": "529999"}, "west", "unknown_division"),
        ({"east": "520500"}, "east", "same_place"),
        ({"east": "520103"}, "kind", "bad_kind"),
        ({"kind": "province_internal"}, "kind", "bad_kind"),
    ],
)
def test_what_does_not_fit_is_refused(of: Clients, stated: dict[str, Any], field: str, code: str) -> None:
    assert faults(of("coordinator").post("/v1/pairings", json=form(**stated))) == {field: code}


@pytest.mark.parametrize("document", [None, "", "  "])
def test_a_missing_document_is_refused(of: Clients, document: str | None) -> None:
    body = form(document=document)
    if document is None:
        del body["document"]
    assert list(faults(of("coordinator").post("/v1/pairings", json=body))) == ["document"]


@pytest.mark.parametrize(
    ("since", "until", "status"),
    [
        ("2026-01-01", None, 409),
        ("2025-01-01", "2026-01-01", 409),
        ("2026-12-31", "2027-06-30", 409),
        ("2025-01-01", "2025-12-31", 201),
        ("2027-01-01", None, 201),
    ],
)
def test_two_of_a_sort_do_not_overlap(of: Clients, since: str, until: str | None, status: int) -> None:
    coordinator = of("coordinator")
    post(coordinator, until="2026-12-31")
    answer = coordinator.post("/v1/pairings", json=form(since=since, until=until))
    assert answer.status_code == status
    assert status == 201 or answer.json()["code"] == "pairing_overlaps"


def test_an_agreement_inside_the_province_stands_beside_others(of: Clients) -> None:
    made = post(of("coordinator"), east="520103", kind="province_internal")
    assert made["tier"] == "agreement"


def test_a_zone_without_a_code_stands_in_its_city(of: Clients) -> None:
    made = post(of("coordinator"), east_name="松山湖高新区")
    assert (made["east"], made["coarse"]) == ({"code": "441900", "name": "松山湖高新区"}, True)


def test_a_pairing_is_ended_by_a_document_and_is_former_from_the_next_day(of: Clients) -> None:
    coordinator = of("coordinator")
    address = f"/v1/pairings/{post(coordinator, since='2025-01-01')['id']}"
    last = today() - timedelta(days=1)
    assert faults(coordinator.patch(address, json={"until": str(last)})) == {"until_document": "missing"}
    tag = coordinator.get(address).headers["etag"]
    ending = {"until": str(last), "until_document": "终止协作的函"}
    ended = coordinator.patch(address, json=ending, headers={"if-match": tag})
    assert (ended.status_code, ended.json()["tier"], ended.json()["until_document"]) == (200, "former", "终止协作的函")
    assert between(coordinator, on=str(last))["tier"] == "county"
    assert coordinator.patch(address, json=ending, headers={"if-match": tag}).status_code == 412
    assert faults(coordinator.patch(address, json={"document": None})) == {"document": "missing"}


def test_a_pairing_of_the_product_is_ended_not_rewritten(of: Clients) -> None:
    coordinator = of("coordinator")
    items = coordinator.get("/v1/pairings", params={"west": "520500", "east": "440100"}).json()["items"]
    row = next(one for one in items if one["level"] == "prefecture" and one["kind"] == "current")
    address = f"/v1/pairings/{row['id']}"
    rewritten = coordinator.patch(address, json={"document": "另一份文件"})
    assert (rewritten.status_code, rewritten.json()["code"]) == (409, "reference_pairing")
    ending = {"until": str(date(2026, 6, 30)), "until_document": "调整方案"}
    assert coordinator.patch(address, json=ending).json()["until"] == "2026-06-30"
    assert coordinator.patch(address, json={"document": "另一份文件"}).status_code == 409
