"""What every address does alike: tags, caches, compression, documents, counts."""

from __future__ import annotations

import gc
import re

import pytest

from app.settings import settings
from tests.client import TestClient
from tests.edge.trial_app import trial_app

THING = "/v1/things/v_" + "0" * 31 + "1"


def test_one_thing_has_a_tag_and_who_names_it_gets_304(client: TestClient) -> None:
    first = client.get(THING)
    tag = first.headers["etag"]
    for seen in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        again = client.get(THING, headers={"if-none-match": seen})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
        assert "content-type" not in again.headers
    for other in ('"other"', tag.strip('"'), ""):
        assert client.get(THING, headers={"if-none-match": other}).status_code == 200


def test_head_is_get_without_its_body(client: TestClient) -> None:
    for address in (THING, "/v1/nothing", "/v1/things?limit=50"):
        whole, head = client.get(address), client.head(address)
        assert (head.status_code, head.content) == (whole.status_code, b"")
        same = ("content-type", "content-length", "etag", "cache-control")
        assert [head.headers.get(name) for name in same] == [whole.headers.get(name) for name in same]
    tag = client.get(THING).headers["etag"]
    assert client.head(THING, headers={"if-none-match": tag}).status_code == 304
    assert client.head("/v1/things/nowhere/at/all").status_code == 404


def test_a_change_to_what_is_no_longer_so_is_412(client: TestClient) -> None:
    tag = client.get(THING).headers["etag"]
    body = {"name": "柜子"}
    assert client.patch(THING, json=body).status_code == 200
    assert client.patch(THING, json=body, headers={"if-match": tag}).status_code == 200
    assert client.patch(THING, json=body, headers={"if-match": "*"}).status_code == 200
    stale = client.patch(THING, json=body, headers={"if-match": '"other"'})
    assert (stale.status_code, stale.json()["code"]) == (412, "precondition_failed")


def test_an_answer_is_personal_unless_its_route_says_otherwise(client: TestClient) -> None:
    for answer in (client.get(THING), client.post("/v1/things", json={"name": "x"}), client.get("/v1/nothing")):
        assert answer.headers["cache-control"] == "no-store, private"
    mine = client.get("/v1/me/things")
    assert mine.headers["cache-control"] == "private, no-cache"
    assert client.get("/v1/me/things", headers={"if-none-match": mine.headers["etag"]}).status_code == 304


def test_reference_data_may_be_kept_and_has_a_tag_of_its_bytes(client: TestClient) -> None:
    answer = client.get("/v1/colours")
    assert answer.headers["cache-control"] == "public, max-age=300"
    assert client.get("/v1/colours", headers={"if-none-match": answer.headers["etag"]}).status_code == 304


def test_answers_above_a_kilobyte_are_compressed_for_who_takes_it(client: TestClient) -> None:
    long, short = "/v1/things?limit=50", "/v1/things?limit=1"
    assert client.get(long).headers["content-encoding"] == "gzip"
    assert "Accept-Encoding" in client.get(long).headers["vary"]
    assert "content-encoding" not in client.get(long, headers={"accept-encoding": "identity"}).headers
    assert "content-encoding" not in client.get(short).headers


def test_the_document_has_camel_case_operations_named_enums_and_typed_problems(client: TestClient) -> None:
    document = client.get("/openapi.json").json()
    operations = [operation for path in document["paths"].values() for operation in path.values()]
    names = [operation["operationId"] for operation in operations]
    assert all(re.fullmatch(r"[a-z]+([A-Z][a-z0-9]+)+", name) for name in names)
    assert len(names) == len(set(names))
    assert {"listThings", "createThing", "getThing", "updateThing"} <= set(names)
    assert document["components"]["schemas"]["Colour"]["enum"] == ["red", "blue"]
    assert "HTTPValidationError" not in str(document)
    for operation in operations:
        problem = operation["responses"]["400"]["content"]["application/problem+json"]["schema"]
        assert problem == {"$ref": "#/components/schemas/Problem"}


def test_the_bare_address_leads_to_the_document(client: TestClient) -> None:
    answer = client.get("/", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (307, "/docs")


def test_the_page_of_the_document_needs_nothing_from_elsewhere(client: TestClient) -> None:
    page = client.get("/docs")
    assert page.status_code == 200
    assert "listThings" in page.text
    assert not re.search(r"(src|href)=['\"]?(https?:)?//", page.text)
    assert "script" not in page.text
    assert client.get("/v1/nothing").json()["type"] == "/docs#not_found"
    assert "id='not_found'" in page.text


def test_requests_are_counted_by_operation_and_status_and_by_nothing_else(client: TestClient) -> None:
    client.get("/v1/things?q=田小草")
    client.get("/v1/不在")
    metrics = client.get("/metrics")
    assert 'eastwest_requests_total{operation="listThings",status="200"}' in metrics.text
    assert 'eastwest_requests_total{operation="unknown",status="404"}' in metrics.text
    assert 'eastwest_request_seconds_bucket{le="0.01",operation="listThings"}' in metrics.text
    assert "田小草" not in metrics.text


def test_the_service_lives_and_is_ready(served: TestClient) -> None:
    assert served.get("/healthz").json() == {"status": "ok"}
    assert served.get("/readyz").json() == {"status": "ok", "checks": {"database": "ok", "migrations": "ok"}}


def test_it_is_not_ready_when_the_database_was_never_migrated(empty_database: str, client: TestClient) -> None:
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["checks"]["migrations"]) == (503, "away")


def test_what_start_up_made_is_left_out_of_later_collections(served: TestClient) -> None:
    assert gc.get_freeze_count() > 100_000
    assert gc.get_threshold() == (50_000, 20, 50)


def test_while_reloading_nothing_is_frozen(fresh_database: str, thawed: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings(), "reload", True)
    with TestClient(trial_app()):
        assert gc.get_freeze_count() == 0
