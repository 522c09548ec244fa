"""GET /v1/occupations."""

from __future__ import annotations

from typing import Any

import pytest

from app.main import create_app
from tests.client import TestClient


@pytest.fixture(scope="module")
def app_client() -> TestClient:
    return TestClient(create_app(rooms=("occupations",)))


@pytest.fixture
def client(db: object, app_client: TestClient) -> TestClient:
    return app_client


def get(client: TestClient, **query: str | int) -> Any:
    answer = client.get("/v1/occupations", params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.mark.parametrize(("q", "name"), [("平车工", "缝纫工"), ("缝纫", "缝纫工"), ("6-05-01-03", "缝纫工")])
def test_an_occupation_is_found_by_name_alias_and_code(client: TestClient, q: str, name: str) -> None:
    assert name in {row["name"] for row in get(client, q=q, limit=100)["items"]}


def test_the_word_itself_comes_before_words_it_is_part_of(client: TestClient) -> None:
    first = get(client, q="缝纫工", limit=1)
    assert [row["name"] for row in first["items"]] == ["缝纫工"]
    ids = [first["items"][0]["id"]]
    while first["next"]:
        first = get(client, q="缝纫工", limit=1, cursor=first["next"])
        ids += [row["id"] for row in first["items"]]
    assert len(ids) == len(set(ids)) == len(get(client, q="缝纫工", limit=100)["items"])


def test_an_occupation_says_which_certificate_the_law_asks_for(client: TestClient) -> None:
    [forklift] = [
        row for row in get(client, q="叉车", limit=100)["items"] if row["certificate"] == "special_equipment"
    ][:1]
    assert "特种设备" in forklift["certificate_detail"]
    assert forklift["source"]


def test_all_occupations_can_be_read_page_by_page(client: TestClient) -> None:
    ids: list[str] = []
    page = get(client, limit=100)
    while page["next"]:
        ids += [row["id"] for row in page["items"]]
        page = get(client, limit=100, cursor=page["next"])
    ids += [row["id"] for row in page["items"]]
    assert ids == sorted(set(ids))
    assert len(ids) > 250


@pytest.mark.parametrize("q", ["%", "_", "某某某", "'"])
def test_unknown_words_find_nothing(client: TestClient, q: str) -> None:
    assert get(client, q=q)["items"] == []
