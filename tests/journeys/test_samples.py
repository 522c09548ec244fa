"""From two lists to three jobs, over HTTP, with every sample list."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.client import TestClient

SAMPLES = Path(__file__).resolve().parents[1] / "samples"
NAMES = sorted(path.name for path in SAMPLES.iterdir() if not path.name.endswith(".expected.json"))


def kind_of(name: str) -> str:
    return "worker" if name.startswith("workers") else "vacancy"


def upload(http: TestClient, name: str, token: str, **query: str) -> dict[str, Any]:
    """Post a sample and give back the answer."""
    answer = http.post(
        f"/v1/{kind_of(name)}-lists",
        params=query,
        headers={"Authorization": f"Bearer {token}"},
        files={"file": (name, (SAMPLES / name).read_bytes())},
    )
    assert answer.status_code == 202, answer.text
    assert answer.headers["location"] == f"/v1/{kind_of(name)}-lists/{answer.json()['id']}"
    return {"url": answer.headers["location"], **answer.json()}


def read(http: TestClient, url: str, token: str) -> dict[str, Any]:
    answer = http.get(url, headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def bearer_of(name: str, bearers: dict[str, str]) -> str:
    return bearers["other_station" if kind_of(name) == "worker" else "destination"]


@pytest.mark.parametrize("name", NAMES)
def test_each_sample_is_stored_exactly_as_expected_and_again_changes_nothing(
    name: str, http: TestClient, do_jobs: Callable[[], None], bearers: dict[str, str]
) -> None:
    expected = json.loads((SAMPLES / f"{name}.expected.json").read_text())
    token = bearer_of(name, bearers)
    first = upload(http, name, token, store="true")
    do_jobs()
    again = upload(http, name, token, store="true")
    do_jobs()
    found = read(http, first["url"], token)
    counts = found["counts"]
    assert found["state"] == "stored"
    assert counts["rows"] == expected["rows"]
    assert counts["new"] + counts["updated"] + counts["unchanged"] == expected["stored"]
    assert counts["rejected"] + counts["duplicate"] == expected["rejected"]
    problems = [[p["row"], p["column"], p["code"]] for p in found["problems"]]
    blocking = [[p["row"], p["column"], p["code"]] for p in found["problems"] if p["blocks"]]
    assert [one for one in expected["problems"] if one not in problems] == []
    assert [one for one in blocking if one not in expected["problems"]] == []
    second = read(http, again["url"], token)["counts"]
    assert (second["unchanged"], second["new"], second["updated"]) == (expected["stored"], 0, 0)


def test_a_preview_stores_nothing_until_it_is_told_to(
    http: TestClient, do_jobs: Callable[[], None], bearers: dict[str, str]
) -> None:
    name, token = "workers-dongxiang-township.xlsx", bearers["other_station"]
    posted = upload(http, name, token)
    do_jobs()
    assert read(http, posted["url"], token)["state"] == "ready"
    assert read(http, posted["url"], token)["counts"]["new"] == 34
    assert read(http, "/v1/workers", token)["items"] == []
    stored = http.post(f"{posted['url']}/store", headers={"Authorization": f"Bearer {token}"})
    assert stored.status_code == 202
    do_jobs()
    assert read(http, posted["url"], token)["state"] == "stored"
    assert len(read(http, "/v1/workers", token)["items"]) == 34


def test_two_lists_become_three_explained_jobs(
    http: TestClient, do_jobs: Callable[[], None], bearers: dict[str, str]
) -> None:
    station, destination = bearers["station"], bearers["destination"]
    upload(http, "workers-bijie-clean.xlsx", station, store="true")
    upload(http, "vacancies-guangdong-clean.xlsx", destination, store="true")
    do_jobs()
    workers = read(http, "/v1/workers?limit=100", station)["items"]
    assert len(workers) == 60
    answers = [read(http, f"/v1/workers/{worker['id']}/suggestions", station) for worker in workers]
    assert sum(len(answer["items"]) == 3 for answer in answers) > 0
    for answer in answers:
        ids = [item["vacancy"]["id"] for item in answer["items"]]
        jobs = [(item["vacancy"]["employer"], item["vacancy"]["title"]) for item in answer["items"]]
        assert len(set(ids)) == len(ids)
        assert len(set(jobs)) == len(jobs)
        assert len(ids) + (answer["shortfall"] or {"missing": 0})["missing"] == 3
        for item in answer["items"]:
            parts = item["parts"]
            total = sum(part["value"] * part["weight"] for part in parts.values())
            assert abs(total * 100 - item["score"]) < 0.06
            assert all(part["why"] for part in parts.values())


def test_a_clerk_corrects_what_a_column_means_and_no_correction_brings_back_what_may_not_be_kept(
    http: TestClient, do_jobs: Callable[[], None], bearers: dict[str, str]
) -> None:
    token = bearers["other_station"]
    own = {"Authorization": f"Bearer {token}"}
    content = "姓名,身份证号,家庭住址,手艺活,民族\n马海,622926200305184979,锁南镇,电焊工,回族\n".encode()
    posted = http.post("/v1/worker-lists", headers=own, files={"file": ("own.csv", content)})
    url = posted.headers["location"]
    do_jobs()
    corrected = http.put(
        f"{url}/columns", headers=own, json={"columns": {"手艺活": "desired_occupations", "民族": "remarks"}}
    )
    assert corrected.status_code == 202, corrected.text
    do_jobs()
    columns = {column["header"]: column for column in read(http, url, token)["columns"]}
    assert columns["手艺活"] == {"header": "手艺活", "field": "desired_occupations", "how": "manual"}
    assert columns["民族"]["how"] == "not_kept"
    strange = http.put(f"{url}/columns", headers=own, json={"columns": {"没有这一列": "name"}})
    assert (strange.status_code, strange.json()["errors"][0]["code"]) == (422, "unknown_column")
