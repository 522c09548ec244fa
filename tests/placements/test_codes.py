"""A station records "interested" and "accept" with the code sent to the worker's own phone, and in no other way."""

from __future__ import annotations

import pytest

from tests import people
from tests.messages.outbox import carry_out, code_sent
from tests.placements.scene import Scene

EMPLOYER = people.bearer("employer")


def phone(scene: Scene) -> str:
    return f"138{next(scene.numbers):08d}"


def test_with_the_code_the_workers_yes_counts_at_once(scene: Scene) -> None:
    number = phone(scene)
    worker, vacancy = scene.worker(phone=number), scene.vacancy()
    [suggestion] = scene.suggest(worker, vacancy)
    address = f"/v1/suggestions/{suggestion}/answer"
    sent = scene.of("station").post(f"{address}-code", json={"disclose": True})
    assert (sent.status_code, sent.json()) == (202, {"sent": True})
    body = {"answer": "interested", "disclose": True, "one_time_code": code_sent(number)}
    answer = scene.of("station").post(address, json=body)
    assert (answer.status_code, answer.json()["placement"]["state"]) == (200, "introduced"), answer.text
    placement = answer.json()["placement"]["id"]
    assert scene.act(EMPLOYER, placement, "offer").status_code == 200
    assert scene.of("station").post(f"/v1/placements/{placement}/answer-code").status_code == 202
    accepted = scene.of("station").post(f"/v1/placements/{placement}/accept", json={"one_time_code": code_sent(number)})
    assert (accepted.status_code, accepted.json()["state"], scene.filled(vacancy)) == (200, "accepted", 1)


def test_a_code_is_good_for_its_own_act_alone(scene: Scene) -> None:
    number = phone(scene)
    worker = scene.worker(phone=number)
    one, two = scene.suggest(worker, scene.vacancy(), scene.vacancy())
    scene.of("station").post(f"/v1/suggestions/{one}/answer-code", json={"disclose": False})
    code = code_sent(number)
    for suggestion, disclose in ((two, False), (one, True)):
        body = {"answer": "interested", "disclose": disclose, "one_time_code": code}
        refused = scene.of("station").post(f"/v1/suggestions/{suggestion}/answer", json=body)
        assert (refused.status_code, scene.run("select from placements where worker_id = %s", worker.worker_id)) == (
            refused.status_code,
            [],
        )
        assert refused.status_code in (403, 409, 422)
    body = {"answer": "interested", "disclose": False, "one_time_code": code}
    assert scene.of("station").post(f"/v1/suggestions/{one}/answer", json=body).status_code == 200


def test_the_message_names_the_company_that_hires_for_the_employer(scene: Scene) -> None:
    number = phone(scene)
    vacancy = scene.vacancy(employer="别家电子厂")
    scene.run("update vacancies set state = 'open' where id = %s", vacancy)
    [suggestion] = scene.suggest(scene.worker(phone=number), vacancy)
    scene.of("station").post(f"/v1/suggestions/{suggestion}/answer-code", json={"disclose": True})
    [sent] = [message.text for message in carry_out() if message.phone == number]
    assert f"并同意把姓名电话告诉代招的{people.PEOPLE['employer'][2]}" in sent


def test_a_phone_that_three_workers_share_answers_for_none_of_them(scene: Scene) -> None:
    number = phone(scene)
    *_, worker = (scene.worker(phone=number) for _ in range(3))
    [suggestion] = scene.suggest(worker, scene.vacancy())
    refused = scene.of("station").post(f"/v1/suggestions/{suggestion}/answer-code")
    assert (refused.status_code, refused.json()["code"]) == (409, "phone_cannot_answer")


@pytest.mark.parametrize("name", ["other_station", "employer", "destination", "auditor"])
def test_nobody_else_has_a_code_sent(scene: Scene, name: str) -> None:
    [suggestion] = scene.suggest(scene.worker(), scene.vacancy())
    assert scene.of(name).post(f"/v1/suggestions/{suggestion}/answer-code").status_code in (403, 404)


def test_a_worker_needs_no_code(scene: Scene) -> None:
    worker = scene.worker()
    [suggestion] = scene.suggest(worker, scene.vacancy())
    assert scene.client(worker.bearer).post(f"/v1/suggestions/{suggestion}/answer-code").status_code == 403
