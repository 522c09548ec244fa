"""Whatever goes wrong has a status, a code and a sentence; and what is said of somebody is said nowhere else."""

from __future__ import annotations

import json
import time

import pytest

from app.devdb import Cluster
from app.main import create_app
from tests import people
from tests.client import TestClient
from tests.edge.trial_app import trial_app


@pytest.mark.parametrize(
    ("sqlstate", "status"),
    {
        "22001": 422,
        "22003": 422,
        "23505": 409,
        "23503": 409,
        "40001": 503,
        "40P01": 503,
        "42501": 403,
        "53100": 507,
        "53300": 503,
        "55P03": 503,
        "57014": 503,
    }.items(),
)
def test_each_refusal_of_the_database_has_its_status(db_client: TestClient, sqlstate: str, status: int) -> None:
    answer = db_client.get(f"/v1/statements/{sqlstate}")
    assert answer.status_code == status
    assert ("retry-after" in answer.headers) is (status == 503)
    assert "田小草" not in answer.text


def test_a_connection_that_breaks_is_503_and_the_next_request_is_served(served: TestClient) -> None:
    assert served.get("/v1/statements/57P01").status_code == 503
    assert served.get("/readyz").status_code == 200


@pytest.mark.parametrize("address", ["/v1/broken", "/v1/statements/42P01"])
def test_what_nobody_foresaw_is_a_bare_500_and_a_line_without_anybodys_data(
    db_client: TestClient, address: str, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = db_client.get(address)
    assert (answer.status_code, answer.json()["code"]) == (500, "unexpected")
    line = json.loads(capsys.readouterr().err.splitlines()[0])
    assert line["event"] == "unexpected error"
    assert line["request_id"] == answer.headers["x-request-id"]
    assert any("trial_app.py" in frame for frame in line["frames"])
    assert "田小草" not in json.dumps(line, ensure_ascii=False) + answer.text


def test_a_line_names_the_operation_and_no_query_path_or_person(
    client: TestClient, capsys: pytest.CaptureFixture[str]
) -> None:
    client.get("/v1/things?q=田小草", headers={"authorization": "Bearer secret"})
    line = json.loads(capsys.readouterr().err)
    assert set(line) == {"event", "level", "timestamp", "request_id", "method", "operation", "status", "milliseconds"}
    assert (line["operation"], line["method"], line["status"]) == ("listThings", "GET", 200)


def test_what_is_absent_what_is_foreign_and_what_is_no_id_have_the_same_bytes(client: TestClient) -> None:
    answers = [
        client.get(f"/v1/things/{thing_id}")
        for thing_id in ("v_" + "9" * 32, "v_" + "8" * 32, "w_" + "9" * 32, "nothing", "%2e%2e")
    ] + [client.get("/v1/no-such-address")]
    assert {(answer.status_code, answer.content) for answer in answers} == {(404, answers[0].content)}


def test_without_a_token_or_with_a_wrong_one_it_is_401(db_client: TestClient) -> None:
    for authorization in ({}, {"authorization": "Bearer nothing"}, {"authorization": "Basic YTpi"}):
        answer = db_client.get("/v1/mine", headers=authorization)
        assert (answer.status_code, answer.json()["code"]) == (401, "not_signed_in")
        assert answer.headers["www-authenticate"] == "Bearer"
    assert db_client.get("/v1/mine", headers={"authorization": f"Bearer {people.bearer('head')}"}).json()["name"] == (
        "head"
    )


def test_401_comes_before_what_is_wrong_with_the_body(db_client: TestClient) -> None:
    assert db_client.post("/v1/effects", json={}).status_code == 401


def test_a_405_names_every_method_of_the_address(client: TestClient) -> None:
    assert client.delete("/v1/things").headers["allow"] == "GET, POST"
    assert client.put("/v1/things/v_" + "0" * 32).headers["allow"] == "GET, PATCH"


@pytest.mark.parametrize(
    ("asked", "given"),
    {
        "": "zh",
        "zh-CN": "zh",
        "en": "en",
        "en-US,en;q=0.9": "en",
        "zh-CN,zh;q=0.9,en;q=0.8": "zh",
        "en;q=0.3, zh;q=0.2": "en",
        "en;q=0": "zh",
        "ug, en;q=0.5": "en",
        "fr": "zh",
        "*": "zh",
        ";;;,=": "zh",
        "en;q=nonsense": "zh",
    }.items(),
)
def test_the_language_is_chinese_unless_english_is_asked_for_first(client: TestClient, asked: str, given: str) -> None:
    answer = client.get("/v1/nothing", headers={"accept-language": asked})
    assert answer.headers["content-language"] == given
    assert answer.json()["detail"].isascii() is (given == "en")
    assert "Accept-Language" in answer.headers["vary"]


def test_a_field_says_where_which_rule_and_what_to_do(client: TestClient) -> None:
    body = {"name": "x" * 41, "size": 0, "parts": [{"count": 101}]}
    answer = client.post("/v1/things", json=body)
    assert answer.json()["errors"] == [
        {"loc": ["body", "name"], "code": "too_long", "message": "最多 40 个字。"},
        {"loc": ["body", "size"], "code": "too_small", "message": "不能小于 1。"},
        {"loc": ["body", "parts", 0, "count"], "code": "too_big", "message": "不能大于 100。"},
    ]


def test_while_the_database_is_away_it_is_503_and_alive_and_afterwards_all_is_well(
    own_cluster: Cluster, thawed: None
) -> None:
    mine = {"authorization": f"Bearer {people.bearer('station')}"}
    with TestClient(trial_app()) as client:
        assert client.get("/v1/mine", headers=mine).status_code == 200
        own_cluster.stop("immediate")
        for answer in [client.get("/v1/mine", headers=mine), client.get("/v1/mine", headers=mine)]:
            assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
            assert answer.headers["retry-after"] == "2"
        assert client.get("/healthz").status_code == 200
        assert client.get("/readyz").json() == {
            "status": "away", "checks": {"database": "away", "migrations": "away"}
        }  # fmt: skip
        own_cluster.start()
        assert client.get("/v1/mine", headers=mine).status_code == 200
        assert client.get("/readyz").json()["status"] == "ok"


def test_a_service_started_while_the_database_is_away_becomes_ready_by_itself(
    own_cluster: Cluster, thawed: None
) -> None:
    own_cluster.stop("immediate")
    with TestClient(create_app()) as client:
        away = client.get("/readyz")
        assert (away.status_code, set(away.json()["checks"].values())) == (503, {"away"})
        assert client.get("/v1/scoring").status_code == 503
        own_cluster.start()
        deadline = time.monotonic() + 60
        while client.get("/readyz").status_code != 200:
            assert time.monotonic() < deadline
        assert client.get("/v1/scoring").status_code == 200


def test_a_choice_among_words_is_listed_in_the_language_of_the_sentence(client: TestClient) -> None:
    said = [
        client.get("/v1/things", params={"colour": "green"}, headers={"accept-language": language}).json()["errors"][0]
        for language in ("zh", "en")
    ]
    assert [error["message"] for error in said] == ["只能是 'red'、'blue'。", "Must be one of 'red' or 'blue'."]
