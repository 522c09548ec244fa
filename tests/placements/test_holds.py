"""Answers that wait before they count: a new device, a signed paper, one device for several people."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from app.db.base import today
from tests import people
from tests.messages.outbox import carry_out
from tests.placements.scene import Scene, Somebody

SCAN = b"\x89PNG\r\n\x1a\n" + b"0" * 400
EMPLOYER = people.bearer("employer")


def paper(scene: Scene, address: str, *, name: str = "station", scan: bytes | None = None, **fields: Any) -> Any:
    plain = {"witness": "经办人", "signed_on": today().isoformat(), "disclose": "true"}
    return scene.of(name).post(
        address, data=plain | fields, files={"paper": ("签字.png", scan or SCAN + uuid4().bytes)}
    )


def let_pass(scene: Scene, worker: Somebody) -> None:
    scene.run("update placements set held_until = now() - interval '1 s' where worker_id = %s", worker.worker_id)


def tomorrow() -> datetime:
    return datetime.now(UTC) + timedelta(days=1)


def test_what_a_new_device_gives_waits_unseen_and_then_counts(scene: Scene) -> None:
    worker, vacancy = scene.worker(gives_from=tomorrow()), scene.vacancy()
    placement = scene.interested(worker, vacancy)
    assert (placement["state"], placement["held_until"] is not None) == ("held", True)
    assert scene.of("employer").get(f"/v1/placements/{placement['id']}").status_code == 404
    let_pass(scene, worker)
    assert scene.state(worker, placement["id"]) == "introduced"


def test_what_waits_is_taken_back_without_waiting(scene: Scene) -> None:
    worker, vacancy = scene.worker(gives_from=tomorrow()), scene.vacancy()
    placement = scene.interested(worker, vacancy)["id"]
    assert scene.act(worker.bearer, placement, "end").json()["state"] == "closed"
    left = scene.run("select from placements where held_until is not null and worker_id = %s", worker.worker_id)
    assert left == []
    assert scene.state(worker, placement) == "closed"


def test_an_acceptance_of_a_new_device_takes_its_place_when_its_time_comes(scene: Scene) -> None:
    worker, vacancy = scene.worker(), scene.vacancy(headcount=1)
    placement = scene.offered(worker, vacancy)
    new = scene.session(worker.worker_id, gives_from=tomorrow())
    held = scene.act(new.bearer, placement, "accept").json()
    assert (held["state"], "生效" in held["next"], scene.filled(vacancy)) == ("offered", True, 0)
    let_pass(scene, worker)
    assert (scene.state(worker, placement), scene.filled(vacancy)) == ("accepted", 1)


def test_an_acceptance_whose_place_went_meanwhile_stays_an_offer(scene: Scene) -> None:
    slow, fast, vacancy = scene.worker(), scene.worker(), scene.vacancy(headcount=1)
    one, two = scene.offered(slow, vacancy), scene.offered(fast, vacancy)
    scene.act(scene.session(slow.worker_id, gives_from=tomorrow()).bearer, one, "accept")
    assert scene.act(fast.bearer, two, "accept").status_code == 200
    let_pass(scene, slow)
    assert (scene.state(slow, one), scene.filled(vacancy)) == ("offered", 1)


def test_a_signed_paper_is_kept_sealed_and_counts_after_72_hours(scene: Scene) -> None:
    worker, vacancy = scene.worker(), scene.vacancy()
    [suggestion] = scene.suggest(worker, vacancy)
    scan = SCAN + uuid4().bytes
    answer = paper(scene, f"/v1/suggestions/{suggestion}/answer", scan=scan)
    assert answer.status_code == 200, answer.text
    held = answer.json()["placement"]
    hours = datetime.fromisoformat(held["held_until"]) - datetime.fromisoformat(held["answered_at"])
    assert (held["state"], round(hours / timedelta(hours=1))) == ("held", 72)
    [(sealed,)] = scene.run(
        "select a.scan_sealed from papers a join placements p on p.id = a.placement_id where p.worker_id = %s",
        worker.worker_id,
    )
    assert scan not in bytes(sealed)
    let_pass(scene, worker)
    assert scene.state(worker, held["id"]) == "introduced"


def test_an_acceptance_on_paper_waits_too(scene: Scene) -> None:
    worker, vacancy = scene.worker(), scene.vacancy()
    placement = scene.offered(worker, vacancy)
    answer = paper(scene, f"/v1/placements/{placement}/accept")
    assert (answer.status_code, answer.json()["state"], scene.filled(vacancy)) == (200, "offered", 0)
    let_pass(scene, worker)
    assert (scene.state(worker, placement), scene.filled(vacancy)) == ("accepted", 1)


def test_a_scan_serves_one_answer(scene: Scene) -> None:
    scan = SCAN + uuid4().bytes
    for expected in (200, 422):
        [suggestion] = scene.suggest(worker := scene.worker(), scene.vacancy())
        assert paper(scene, f"/v1/suggestions/{suggestion}/answer", scan=scan).status_code == expected
    assert scene.run("select from placements where worker_id = %s", worker.worker_id) == []


@pytest.mark.parametrize(
    ("fields", "scan"),
    [
        ({"signed_on": "2000-01-01"}, None),
        ({"signed_on": "2100-01-01"}, None),
        ({"witness": ""}, None),
        ({"answer": "not_this_one"}, None),
        ({"extra": "x"}, None),
        ({"disclose": "maybe"}, None),
        ({}, b"MZ not a picture"),
    ],
)
def test_a_paper_that_is_none_is_refused(scene: Scene, fields: dict[str, str], scan: bytes | None) -> None:
    [suggestion] = scene.suggest(scene.worker(), scene.vacancy())
    assert paper(scene, f"/v1/suggestions/{suggestion}/answer", scan=scan, **fields).status_code == 422


def test_sampled_papers_are_checked_by_somebody_else_and_a_false_one_never_was(scene: Scene) -> None:
    placements = {}
    for _ in range(11):
        worker, vacancy = scene.worker(), scene.vacancy()
        [suggestion] = scene.suggest(worker, vacancy)
        answer = paper(scene, f"/v1/suggestions/{suggestion}/answer").json()["placement"]
        placements[answer["id"]] = worker
    asked = [one for one in scene.of("head").get("/v1/answer-checks").json()["items"] if one["placement"] in placements]
    assert asked
    check = asked[0]
    assert scene.of("station").get("/v1/answer-checks").status_code == 403
    assert (
        scene.of("other_station").post(f"/v1/answer-checks/{check['id']}", json={"outcome": "genuine"}).status_code
        == 403
    )
    scan = scene.of("head").get(f"/v1/papers/{check['paper']}")
    assert (scan.headers["content-type"], scan.content[: len(SCAN)]) == ("image/png", SCAN)
    decided = scene.of("head").post(f"/v1/answer-checks/{check['id']}", json={"outcome": "not_genuine"})
    assert decided.status_code == 204
    assert scene.state(placements[check["placement"]], check["placement"]) == "closed"
    again = scene.of("auditor").post(f"/v1/answer-checks/{check['id']}", json={"outcome": "genuine"})
    assert again.status_code == 404


def test_a_device_that_answers_for_a_third_person_holds_all_three(scene: Scene) -> None:
    device = uuid4()
    answers, numbers = [], [f"137{next(scene.numbers):08d}" for _ in range(3)]
    for number, expected in zip(numbers, ("introduced", "introduced", "held"), strict=True):
        worker = scene.worker(device=device, phone=number)
        answers.append((worker, scene.interested(worker, scene.vacancy())))
        assert answers[-1][1]["state"] == expected
    assert [scene.state(worker, answer["id"]) for worker, answer in answers] == ["held"] * 3
    asked = {one["placement"] for one in scene.of("head").get("/v1/answer-checks?limit=100").json()["items"]}
    assert {answer["id"] for _, answer in answers} <= asked
    told = [message.phone for message in carry_out() if "替包括您在内" in message.text]
    assert set(numbers) <= set(told)


def test_one_persons_several_answers_from_a_device_are_that_persons(scene: Scene) -> None:
    worker = scene.worker(device=uuid4())
    states = [scene.interested(worker, scene.vacancy())["state"] for _ in range(4)]
    assert states == ["introduced"] * 4


@pytest.mark.parametrize(
    "name", ["station", "head", "other_station", "employer", "destination", "coordinator", "operator", "auditor"]
)
def test_no_office_answers_without_the_workers_word(scene: Scene, name: str) -> None:
    worker, vacancy = scene.worker(), scene.vacancy()
    placement = scene.offered(worker, vacancy)
    [suggestion] = scene.suggest(worker, scene.vacancy())
    answers = [
        scene.of(name).post(f"/v1/suggestions/{suggestion}/answer", json={"answer": "interested", "disclose": True}),
        scene.of(name).post(f"/v1/suggestions/{suggestion}/answer", json={"answer": "not_this_one"}),
        scene.of(name).post(f"/v1/placements/{placement}/accept"),
    ]
    assert {answer.status_code for answer in answers} <= {403, 404, 422}
    if name in ("station", "head"):
        assert [answer.json()["code"] for answer in answers] == [
            "own_word_needed",
            "only_the_worker_says_no",
            "own_word_needed",
        ]
    assert (scene.state(worker, placement), scene.filled(vacancy)) == ("offered", 0)
