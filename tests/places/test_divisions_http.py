"""GET /v1/divisions."""

from __future__ import annotations

from typing import Any

import pytest

from app.main import create_app
from tests.client import TestClient


@pytest.fixture(scope="module")
def app_client() -> TestClient:
    return TestClient(create_app(rooms=("places",)))


@pytest.fixture
def client(db: object, app_client: TestClient) -> TestClient:
    return app_client


def get(client: TestClient, address: str, **query: str | int) -> Any:
    answer = client.get(address, params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_a_name_finds_its_division(client: TestClient) -> None:
    [weining] = get(client, "/v1/divisions", q="威宁")["items"]
    assert weining | {"lon": 0, "lat": 0} == {
        "code": "520526",
        "name": "威宁彝族回族苗族自治县",
        "short_name": "威宁",
        "full_name": "贵州省毕节市威宁彝族回族苗族自治县",
        "level": "county",
        "parent": "520500",
        "lon": 0,
        "lat": 0,
        "key_county": True,
    }
    assert 103.5 < weining["lon"] < 105
    assert 26 < weining["lat"] < 27.6


def test_an_address_is_read_and_the_rest_is_given_back(client: TestClient) -> None:
    found = get(client, "/v1/divisions", q="贵州毕节威宁县迤那镇中海村")
    assert [item["code"] for item in found["items"]] == ["520526"]
    assert found["match"] == {
        "code": "520526",
        "full_name": "贵州省毕节市威宁彝族回族苗族自治县",
        "rest": "迤那镇中海村",
        "sure": "county",
        "how": "abbreviated",
        "candidates": [],
    }


def test_an_ambiguous_name_gives_its_candidates(client: TestClient) -> None:
    found = get(client, "/v1/divisions", q="朝阳区三里屯")
    assert [item["code"] for item in found["items"]] == ["110105", "220104"]
    assert found["match"]["code"] is None
    assert found["match"]["candidates"] == ["110105", "220104"]
    assert get(client, "/v1/divisions", q="朝阳区三里屯", near="110101")["match"]["code"] == "110105"


def test_a_former_name_finds_its_heir(client: TestClient) -> None:
    found = get(client, "/v1/divisions", q="水城县")
    assert [item["code"] for item in found["items"]] == ["520204"]
    assert found["match"]["how"] == "former"
    names = get(client, "/v1/divisions/520204")["former_names"]
    assert {"水城县", "水城特区"} == {name["county"] for name in names}
    assert all(name["source"] for name in names)


def test_a_code_begins_a_search(client: TestClient) -> None:
    found = get(client, "/v1/divisions", q="5205", limit=3)
    assert [item["code"] for item in found["items"]] == ["520500", "520502", "520521"]
    more = get(client, "/v1/divisions", q="5205", limit=100, cursor=found["next"])
    assert [item["code"] for item in more["items"]][:2] == ["520523", "520524"]
    assert more["next"] is None


def test_what_is_named_exactly_comes_before_what_is_named_alike(client: TestClient) -> None:
    items = get(client, "/v1/divisions", q="东区", limit=100)["items"]
    names = [item["name"] for item in items]
    assert names[:2] == ["东区"] * 2
    assert {"城东区", "湘东区"} < set(names[2:])
    assert len({item["code"] for item in items}) == len(items)


def test_all_divisions_can_be_read_page_by_page(client: TestClient) -> None:
    codes: list[str] = []
    cursor: dict[str, str] = {}
    while True:
        page = get(client, "/v1/divisions", level="prefecture", limit=100, **cursor)
        codes += [item["code"] for item in page["items"]]
        if page["next"] is None:
            break
        cursor = {"cursor": page["next"]}
    assert len(codes) == len(set(codes)) == 333
    assert codes == sorted(codes)


def test_the_counties_of_a_prefecture_are_listed(client: TestClient) -> None:
    found = get(client, "/v1/divisions", parent="520500")
    assert len(found["items"]) == 8
    assert found["match"] is None


def test_one_division_says_since_when_it_is_a_key_county(client: TestClient) -> None:
    assert get(client, "/v1/divisions/520526")["key_county_since"] == "2021-08-27"
    assert get(client, "/v1/divisions/440106")["key_county_since"] is None


def test_reference_data_may_be_kept_and_is_revalidated(client: TestClient) -> None:
    first = client.get("/v1/divisions/520526")
    assert first.headers["cache-control"] == "public, max-age=300"
    again = client.get("/v1/divisions/520526", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("code", ["999999", "威宁", "52052", "520526x", "%25", "_"])
def test_an_unknown_code_is_not_found(client: TestClient, code: str) -> None:
    answer = client.get(f"/v1/divisions/{code}")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


@pytest.mark.parametrize("q", ["%", "_", "\\", "'", "某某", "   ", "（", "a" * 200])
def test_odd_words_find_nothing_or_everything_but_never_fail(client: TestClient, q: str) -> None:
    found = get(client, "/v1/divisions", q=q)
    assert found["match"] is None if not q.strip() else found["items"] == []


@pytest.mark.parametrize("query", [{"near": "x"}, {"parent": "5205"}, {"level": "4"}, {"q": "a" * 201}, {"limit": "0"}])
def test_wrong_questions_are_refused(client: TestClient, query: dict[str, str]) -> None:
    assert client.get("/v1/divisions", params=query).status_code == 422
