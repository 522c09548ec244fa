"""A person goes: what of lists, placements and openings stays, and what does not."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from app.db.sealing import blind_index
from tests import people
from tests.placements.conftest import scene
from tests.placements.scene import Scene, Somebody
from tests.workers.invented import id_number
from tests.workers.own_door import shown

__all__ = ["scene"]


def gone(scene: Scene, somebody: Somebody) -> None:
    answer = scene.client(somebody.bearer).request("DELETE", "/v1/me", json={"confirm": "删除"})
    assert answer.status_code == 204, answer.text


def accepted(scene: Scene, somebody: Somebody, vacancy: Any) -> str:
    placement = scene.offered(somebody, vacancy)
    assert scene.act(somebody.bearer, placement, "accept").json()["state"] == "accepted"
    return placement


def test_an_opening_taken_by_who_goes_is_free_again(scene: Scene) -> None:
    worker, vacancy = scene.worker(), scene.vacancy()
    accepted(scene, worker, vacancy)
    gone(scene, worker)
    assert scene.filled(vacancy) == 0


def test_what_was_disclosed_ends_at_once(scene: Scene) -> None:
    worker, vacancy = scene.worker(), scene.vacancy()
    placement = scene.offered(worker, vacancy)
    gone(scene, worker)
    for address in ("", "/contact"):
        assert scene.of("employer").get(f"/v1/placements/{placement}{address}").status_code == 404
    assert scene.run("select from workers where id = %s", worker.worker_id) == []


def test_a_job_that_was_taken_stays_without_a_name(scene: Scene) -> None:
    worker, vacancy = scene.worker(number=7001, name="刘一去", phone="13700009999"), scene.vacancy()
    placement = accepted(scene, worker, vacancy)
    scene.act(worker.bearer, placement, "confirm", step="departed")
    for bearer in (people.bearer("employer"), worker.bearer):
        scene.act(bearer, placement, "confirm", step="onboarded")
    gone(scene, worker)
    assert scene.filled(vacancy) == 1
    record = scene.of("station").get(f"/v1/workers/{shown(worker.worker_id)}").json()
    assert (record["name"], record["phone"], record["home_address"]) == ("（已注销）", None, "")
    assert record["id_number"] == "*" * 18
    assert record["intention"]["min_wage"] is None
    dump = str(scene.run("select w, i from workers w join intentions i on i.worker_id = w.id"))
    assert "刘一去" not in dump
    left = scene.run("select from workers where id_index = %s", blind_index(id_number(7001), "id_number"))
    assert left == []
    told = scene.run(
        "select from messages where number in (%s) or sealed_of = %s",
        blind_index("13700009999", "phone"),
        worker.worker_id,
    )
    assert told == []


def test_kept_copies_of_list_rows_go_and_those_of_others_stay(scene: Scene) -> None:
    worker, neighbour = scene.worker(), scene.worker()
    station = people.actor("station").organisation_id
    posted = uuid4()
    scene.run(
        "insert into lists (id, kind, organisation_id, division_code, role, filename, file_sealed, store, state,"
        " keep_until) values (%s, 'worker', %s, '520526', 'station', 'f', 'sealed', true, 'stored', now() + '1 day')",
        *(posted, station),
    )
    for row, one in enumerate((worker, neighbour), 2):
        scene.run(
            "insert into list_rows (list_id, sheet, row, organisation_id, outcome, raw_sealed, records)"
            " values (%s, 1, %s, %s, 'new', 'sealed', %s)",
            *(posted, row, station, [shown(one.worker_id)]),
        )
    gone(scene, worker)
    assert scene.run("select row from list_rows where list_id = %s", posted) == [(3,)]
    assert scene.run("select file_sealed from lists where id = %s", posted) == [(None,)]


def test_declines_go_with_the_person(scene: Scene) -> None:
    worker, vacancy = scene.worker(), scene.vacancy()
    [suggestion] = scene.suggest(worker, vacancy)
    answered = scene.client(worker.bearer).post(
        f"/v1/suggestions/{suggestion}/answer", json={"answer": "not_this_one"}
    )
    assert answered.status_code == 200, answered.text
    gone(scene, worker)
    assert scene.run("select from declines where worker_id = %s", worker.worker_id) == []


def test_nobody_elses_sessions_end(scene: Scene) -> None:
    worker, neighbour = scene.worker(), scene.worker()
    gone(scene, worker)
    assert scene.client(neighbour.bearer).get("/v1/me").status_code == 200
