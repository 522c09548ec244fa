"""GET /v1/pairings and /v1/pairings/between: dated, with the document behind each."""

from __future__ import annotations

from typing import Any

import pytest

from app.main import create_app
from tests.client import TestClient


@pytest.fixture(scope="module")
def app_client() -> TestClient:
    return TestClient(create_app(rooms=("pairings",)))


@pytest.fixture
def client(db: object, app_client: TestClient) -> TestClient:
    return app_client


def between(client: TestClient, west: str, east: str, on: str | None = "2022-05-01") -> Any:
    answer = client.get("/v1/pairings/between", params={"west": west, "east": east} | ({"on": on} if on else {}))
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_weining_and_guangzhou_are_paired_through_their_prefectures(client: TestClient) -> None:
    found = between(client, "520526", "440106")
    assert (found["tier"], found["value"]) == ("prefecture", 0.85)
    assert [(row["tier"], row["document"]) for row in found["documents"]] == [
        ("prefecture", "广州日报 2025-09-10 广州市党政代表团赴毕节安顺黔南"),
        ("province", "广州日报 2025-09-10; 贵州省东西部协作结对关系调整过渡衔接工作方案 (via 黔东南日报 2021-07-11)"),
    ]
    assert found["west"] == {"code": "520526", "name": "威宁彝族回族苗族自治县"}
    assert found["note"] is None


@pytest.mark.parametrize(
    ("west", "east", "on", "tier"),
    [
        # the contract's example: 威宁 and 顺德 only through the provinces
        ("520526", "440606", "2022-05-01", "province"),
        ("622926", "370112", "2022-05-01", "county"),
        ("622926", "370102", "2022-05-01", "prefecture"),
        ("622926", "370202", "2022-05-01", "province"),
        ("622926", "310101", "2022-05-01", "none"),
        # former pairs: real ones of their level while they stood
        ("522601", "330106", "2018-06-01", "prefecture"),
        ("522601", "330106", "2020-12-31", "prefecture"),
        ("522601", "330106", "2021-01-01", "former"),
        ("522601", "330106", "2022-05-01", "former"),
        ("522601", "330106", "2015-06-01", "none"),
        # 佛山 paired 凉山 until 2020 and 黔东南 since 2021
        ("513431", "440606", "2018-06-01", "prefecture"),
        ("513431", "440606", "2022-06-01", "former"),
        ("522601", "440606", "2018-06-01", "none"),
        ("522601", "440606", "2022-06-01", "prefecture"),
        # a former county pair that lies under a current province pair: the province's is the more specific
        ("511129", "330881", "2018-06-01", "county"),
        ("511129", "330881", "2022-06-01", "province"),
        # a municipality district with a prefecture; a prefecture with a municipality's county
        ("532622", "310106", "2022-06-01", "county"),
        ("532623", "310106", "2022-06-01", "prefecture"),
        ("500243", "371503", "2022-06-01", "county"),
        ("500243", "370102", "2022-06-01", "province"),
        # cities without counties
        ("520622", "441900", "2022-06-01", "county"),
        ("520203", "442000", "2022-06-01", "prefecture"),
        # wider than the row: not inside it
        ("520000", "440000", "2022-06-01", "province"),
        ("520500", "440106", "2022-06-01", "prefecture"),
        ("520000", "440106", "2022-06-01", "province"),
        # counterpart support is no tier
        ("653131", "440304", "2022-06-01", "none"),
        ("540102", "110101", "2022-06-01", "none"),
        # the same place, and the wrong way round
        ("520526", "520526", "2022-06-01", "none"),
        ("440106", "520526", "2022-06-01", "none"),
    ],
)
def test_the_tier_between_two_places_as_of_a_day(client: TestClient, west: str, east: str, on: str, tier: str) -> None:
    found = between(client, west, east, on)
    assert found["tier"] == tier
    assert [row["tier"] for row in found["documents"]][:1] == ([] if tier == "none" else [tier])


def test_a_zone_is_counted_as_its_city_and_says_so(client: TestClient) -> None:
    found = between(client, "622921", "370102")
    assert (found["tier"], found["documents"][0]["coarse"]) == ("county", True)
    assert found["documents"][0]["east"]["name"] == "济南高新技术产业开发区"


def test_answers_about_days_before_2021_say_that_the_list_is_incomplete(client: TestClient) -> None:
    assert "不完整" in between(client, "520526", "440106", "2018-05-01")["note"]
    english = client.get(
        "/v1/pairings/between?west=520526&east=440106&on=2018-05-01", headers={"Accept-Language": "en"}
    )
    assert "incomplete" in english.json()["note"]


def test_without_a_day_it_is_today(client: TestClient) -> None:
    found = between(client, "520526", "440106", None)
    assert (found["tier"], found["note"]) == ("prefecture", None)


def test_an_unknown_division_is_named(client: TestClient) -> None:
    answer = client.get("/v1/pairings/between?west=999999&east=440106")
    assert answer.status_code == 422
    assert [(error["loc"], error["code"]) for error in answer.json()["errors"]] == [
        (["query", "west"], "unknown_division")
    ]


@pytest.mark.parametrize("query", ["west=520526", "west=5205&east=440106", "west=520526&east=440106&on=x", ""])
def test_wrong_questions_are_refused(client: TestClient, query: str) -> None:
    assert client.get(f"/v1/pairings/between?{query}").status_code == 422


def pairings(client: TestClient, **query: str | int) -> Any:
    answer = client.get("/v1/pairings", params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_the_pairings_of_a_county_are_its_own_and_those_above_it(client: TestClient) -> None:
    found = pairings(client, west="622926", on="2022-05-01")["items"]
    assert {(row["east"]["name"], row["tier"]) for row in found} == {
        ("天津市", "province"),
        ("山东省", "province"),
        ("济南市", "prefecture"),
        ("历城区", "county"),
        ("厦门市", "former"),
    }


def test_the_pairings_of_a_prefecture_include_those_of_its_counties(client: TestClient) -> None:
    found = pairings(client, west="622900", east="370000", on="2022-05-01")["items"]
    assert {row["west"]["name"] for row in found} == {
        "甘肃省",
        "临夏回族自治州",
        "临夏市",
        "临夏县",
        "东乡族自治县",
    }


def test_a_former_pairing_is_listed_as_what_it_was_on_the_day(client: TestClient) -> None:
    then, now = (pairings(client, west="522600", east="330100", on=day) for day in ("2018-01-01", "2022-01-01"))
    assert [(row["kind"], row["tier"], row["until"]) for row in then["items"]] == [
        ("former", "prefecture", "2020-12-31")
    ]
    assert [row["tier"] for row in now["items"]] == ["former"]
    assert then["note"]


def test_all_pairings_can_be_read_page_by_page(client: TestClient) -> None:
    ids: list[str] = []
    cursor: dict[str, str] = {}
    while True:
        page = pairings(client, on="2026-06-01", limit=100, **cursor)
        ids += [row["id"] for row in page["items"]]
        if page["next"] is None:
            break
        cursor = {"cursor": page["next"]}
    assert len(ids) == len(set(ids)) == 247
    assert all(one.startswith("p_") for one in ids)
