"""From yes to settled: who moves what, what each side sees, and what it does to places."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from app.edge.public_ids import show
from tests import people
from tests.placements.scene import Scene

EMPLOYER = people.bearer("employer")


def test_from_yes_to_settled(scene: Scene) -> None:
    worker, vacancy = scene.worker(), scene.vacancy(headcount=2)
    placement = scene.interested(worker, vacancy)
    assert (placement["state"], placement["turn"]) == ("introduced", "employer")
    assert scene.act(EMPLOYER, placement["id"], "offer").json()["turn"] == "worker"
    accepted = scene.act(worker.bearer, placement["id"], "accept").json()
    assert (accepted["state"], scene.filled(vacancy)) == ("accepted", 1)
    assert scene.act(worker.bearer, placement["id"], "confirm", step="departed").json()["state"] == "departed"
    for step in ("onboarded", "settled"):
        one_side = scene.act(EMPLOYER, placement["id"], "confirm", step=step).json()
        assert one_side["state"] != step
        assert scene.act(worker.bearer, placement["id"], "confirm", step=step).json()["state"] == step


def test_without_disclosure_the_employer_sees_a_card_and_no_name(scene: Scene) -> None:
    worker, vacancy = scene.worker(), scene.vacancy()
    placement = scene.interested(worker, vacancy, disclose=False)
    seen = scene.of("employer").get(f"/v1/placements/{placement['id']}").json()
    assert (seen["state"], seen["worker_id"], seen["disclosed"]) == ("interested", None, False)
    assert set(seen["card"]) == {"score", "age", "province", "skills"}
    assert scene.of("employer").get(f"/v1/placements/{placement['id']}/contact").status_code == 404


def test_name_and_phone_are_open_while_the_disclosure_lives_and_the_worker_sees_the_look(scene: Scene) -> None:
    worker, vacancy = scene.worker(name="刘一手", phone="13900001111"), scene.vacancy()
    placement = scene.interested(worker, vacancy)["id"]
    contact = f"/v1/placements/{placement}/contact"
    assert scene.of("employer").get(contact).json() == {"name": "刘一手", "phone": "13900001111"}
    looks = scene.run("select action from audit_entries where worker_id = %s", worker.worker_id)
    assert ("placement.contact",) in looks
    assert scene.of("other_employer").get(contact).status_code == 404
    assert scene.act(worker.bearer, placement, "end").json()["state"] == "closed"
    assert scene.of("employer").get(contact).status_code == 404
    assert scene.of("employer").get(f"/v1/placements/{placement}").status_code == 404


@pytest.mark.parametrize("purpose", ["matching", "disclosure"])
def test_a_withdrawal_ends_what_was_disclosed_at_once(scene: Scene, purpose: str) -> None:
    worker, vacancy = scene.worker(), scene.vacancy()
    placement = scene.interested(worker, vacancy)["id"]
    withdrawal = f"/v1/workers/{scene.client(worker.bearer).get(f'/v1/placements/{placement}').json()['worker_id']}"
    assert scene.of("station").delete(f"{withdrawal}/consents/{purpose}").status_code == 204
    assert scene.of("employer").get(f"/v1/placements/{placement}/contact").status_code == 404
    assert scene.of("station").get(f"/v1/placements/{placement}").status_code == 404
    assert scene.state(worker, placement) == "closed"


def test_an_expired_disclosure_shows_nothing_and_is_over(scene: Scene) -> None:
    worker, vacancy = scene.worker(), scene.vacancy()
    placement = scene.interested(worker, vacancy)["id"]
    scene.run("update placements set disclosure_until = now() - interval '1 s' where worker_id = %s", worker.worker_id)
    assert scene.of("employer").get(f"/v1/placements/{placement}/contact").status_code == 404
    assert scene.state(worker, placement) == "closed"


def test_three_times_the_headcount_are_introduced_and_the_next_one_waits_its_turn(scene: Scene) -> None:
    vacancy = scene.vacancy(headcount=1)
    workers = [scene.worker() for _ in range(4)]
    answers = [scene.interested(worker, vacancy) for worker in workers]
    assert [answer["state"] for answer in answers] == ["introduced"] * 3 + ["waiting"]
    assert "排队" in answers[3]["next"]
    assert scene.of("employer").get(f"/v1/placements/{answers[3]['id']}/contact").status_code == 404
    assert scene.act(EMPLOYER, answers[0]["id"], "decline", code="start_date").status_code == 204
    assert [scene.state(w, a["id"]) for w, a in zip(workers, answers, strict=True)] == [
        "closed",
        "introduced",
        "introduced",
        "introduced",
    ]


def test_an_employer_nobody_verified_is_told_of_nobody(scene: Scene) -> None:
    worker, vacancy = scene.worker(), scene.vacancy(poster="other_employer")
    other = people.actor("other_employer").organisation_id
    scene.run("update organisations set uscc = null where id = %s", other)
    placement = scene.interested(worker, vacancy)
    assert placement["state"] == "waiting"
    assert scene.of("other_employer").get(f"/v1/placements/{placement['id']}").status_code == 404
    assert scene.of("other_employer").get("/v1/placements").json()["items"] == []
    scene.settle()


def test_the_last_place_goes_once_and_the_other_is_told_it_is_filled(scene: Scene) -> None:
    vacancy = scene.vacancy(headcount=1)
    first, second = scene.worker(), scene.worker()
    one, two = scene.offered(first, vacancy), scene.offered(second, vacancy)
    assert scene.act(first.bearer, one, "accept").status_code == 200
    refused = scene.act(second.bearer, two, "accept")
    assert (refused.status_code, refused.json()["code"]) == (409, "vacancy_closed")
    assert scene.filled(vacancy) == 1


def test_an_acceptance_ends_the_workers_other_introductions(scene: Scene) -> None:
    worker, waiting = scene.worker(), scene.worker()
    taken, other = scene.vacancy(), scene.vacancy(headcount=1)
    for _ in range(2):
        scene.interested(scene.worker(), other)
    introduced = scene.interested(worker, other)["id"]
    queued = scene.interested(waiting, other)["id"]
    assert scene.act(worker.bearer, scene.offered(worker, taken), "accept").status_code == 200
    assert scene.state(worker, introduced) == "closed"
    assert scene.state(waiting, queued) == "introduced"


def test_one_person_with_two_records_takes_one_place(scene: Scene) -> None:
    here = scene.worker(number=70_001)
    there = scene.worker("other_station", number=70_001)
    one, two = scene.offered(here, scene.vacancy()), scene.offered(there, scene.vacancy(), station="other_station")
    assert scene.act(here.bearer, one, "accept").status_code == 200
    assert scene.state(there, two) == "closed"
    again = scene.suggest(there, scene.vacancy(), station="other_station")[0]
    refused = scene.client(there.bearer).post(f"/v1/suggestions/{again}/answer", json={"answer": "interested"})
    assert (refused.status_code, refused.json()["code"]) == (409, "already_placed")


def test_an_ended_job_gives_its_place_back(scene: Scene) -> None:
    worker, vacancy = scene.worker(), scene.vacancy(headcount=1)
    placement = scene.offered(worker, vacancy)
    scene.act(worker.bearer, placement, "accept")
    assert scene.act(EMPLOYER, placement, "end").status_code == 422
    assert scene.act(EMPLOYER, placement, "end", code="contract_over").json()["state"] == "ended"
    assert scene.filled(vacancy) == 0
    assert scene.act(worker.bearer, scene.offered(worker, scene.vacancy()), "accept").status_code == 200


def test_an_offer_stands_though_the_vacancy_is_closed(scene: Scene) -> None:
    worker, vacancy = scene.worker(), scene.vacancy()
    placement = scene.offered(worker, vacancy)
    assert scene.of("employer").post(f"/v1/vacancies/{show('v', vacancy)}/close").status_code == 200
    assert scene.act(worker.bearer, placement, "accept").status_code == 200
    assert scene.filled(vacancy) == 1


def test_the_workers_reason_is_the_workers_alone(scene: Scene) -> None:
    worker, vacancy = scene.worker(), scene.vacancy()
    placement = scene.offered(worker, vacancy)
    scene.act(worker.bearer, placement, "accept")
    assert scene.act(worker.bearer, placement, "end", code="pay").status_code == 200
    for name in ("employer", "station", "auditor"):
        seen = scene.of(name).get(f"/v1/placements/{placement}").json()
        assert (seen["state"], seen["employer_code"]) == ("ended", None)
        assert "pay" not in str(seen)


def test_yes_to_a_job_that_was_filled_meanwhile_costs_nothing(scene: Scene) -> None:
    worker, vacancy = scene.worker(), scene.vacancy()
    [suggestion] = scene.suggest(worker, vacancy)
    scene.run("update vacancies set filled = headcount where id = %s", vacancy)
    answer = scene.client(worker.bearer).post(f"/v1/suggestions/{suggestion}/answer", json={"answer": "interested"})
    assert (answer.status_code, answer.json()["code"]) == (409, "vacancy_closed")
    assert scene.run("select from placements where worker_id = %s", worker.worker_id) == []
    assert scene.run("select from consents where worker_id = %s and purpose = 'disclosure'", worker.worker_id) == []


def test_saying_yes_twice_is_saying_it_once(scene: Scene) -> None:
    worker, vacancy = scene.worker(), scene.vacancy()
    first = scene.interested(worker, vacancy, disclose=False)
    assert scene.interested(worker, vacancy, disclose=False)["id"] == first["id"]
    disclosed = scene.interested(worker, vacancy)
    assert (disclosed["id"], disclosed["state"]) == (first["id"], "introduced")


def test_an_idempotent_answer_is_given_again(scene: Scene) -> None:
    worker, vacancy = scene.worker(), scene.vacancy()
    [suggestion] = scene.suggest(worker, vacancy)
    body, once = {"answer": "interested", "disclose": True}, {"Idempotency-Key": uuid4().hex}
    client = scene.client(worker.bearer)
    first = client.post(f"/v1/suggestions/{suggestion}/answer", json=body, headers=once)
    again = client.post(f"/v1/suggestions/{suggestion}/answer", json=body, headers=once)
    assert (first.status_code, first.content) == (again.status_code, again.content)


def test_what_was_declined_by_the_employer_leaves_the_stations_sight_like_what_the_worker_took_back(
    scene: Scene,
) -> None:
    vacancy = scene.vacancy()
    turned_down, taken_back = scene.worker(), scene.worker()
    one, two = (scene.interested(worker, vacancy)["id"] for worker in (turned_down, taken_back))
    scene.act(EMPLOYER, one, "decline", code="filled")
    scene.act(taken_back.bearer, two, "end")
    seen = [scene.of("station").get(f"/v1/placements/{placement}") for placement in (one, two)]
    assert [answer.status_code for answer in seen] == [404, 404]
    assert seen[0].content == seen[1].content


def test_every_state_says_what_happens_next_in_both_languages(scene: Scene) -> None:
    worker, vacancy = scene.worker(), scene.vacancy()
    placement = scene.interested(worker, vacancy)["id"]
    address, client = f"/v1/placements/{placement}", scene.client(worker.bearer)
    assert "用人单位" in client.get(address).json()["next"]
    assert "employer" in client.get(address, headers={"Accept-Language": "en"}).json()["next"]


def test_a_silent_employer_is_found_after_five_days(scene: Scene) -> None:
    from app.db.transaction import read
    from app.placements.queries import silent_employers

    worker, vacancy = scene.worker(), scene.vacancy()
    scene.interested(worker, vacancy)
    scene.run(
        "update placements set disclosed_at = now() - %s where worker_id = %s", timedelta(days=6), worker.worker_id
    )
    with read(people.actor("station")) as tx:
        assert worker.worker_id in {row.worker_id for row in tx.session.scalars(silent_employers())}


def test_an_offer_is_taken_back_while_the_worker_has_not_answered(scene: Scene) -> None:
    worker, vacancy = scene.worker(), scene.vacancy()
    placement = scene.offered(worker, vacancy)
    back = scene.act(EMPLOYER, placement, "take-offer-back")
    assert (back.status_code, back.json()["state"], back.json()["offered_at"]) == (200, "introduced", None)
    assert scene.act(worker.bearer, placement, "accept").json()["code"] == "not_this_step"
    scene.act(EMPLOYER, placement, "offer")
    assert scene.act(worker.bearer, placement, "accept").status_code == 200
    assert scene.act(EMPLOYER, placement, "take-offer-back").json()["code"] == "not_this_step"


def test_who_accepted_learns_whom_to_call_and_nobody_before(scene: Scene) -> None:
    worker, vacancy = scene.worker(), scene.vacancy(contact="王经理", phone="020-12345678")
    placement = scene.offered(worker, vacancy)
    address = f"/v1/placements/{placement}/agreed"
    assert scene.client(worker.bearer).get(address).json()["code"] == "not_this_step"
    scene.act(worker.bearer, placement, "accept")
    agreed = scene.client(worker.bearer).get(address).json()
    assert (agreed["contact"], agreed["phone"], agreed["wage_max"]) == ("王经理", "020-12345678", 7000)
    assert scene.of("station").get(address).json() == agreed
    assert scene.of("other_station").get(address).status_code == 404
    assert scene.of("employer").get(address).status_code == 403


def test_who_waits_is_told_for_what(scene: Scene) -> None:
    unverified = scene.interested(scene.worker(), scene.vacancy(poster="destination"))
    assert (unverified["state"], unverified["waits_for"]) == ("waiting", "verification")
    assert "核验" in unverified["next"]
    busy = scene.vacancy(headcount=1)
    states = [scene.interested(scene.worker(), busy) for _ in range(4)]
    assert [one["waits_for"] for one in states] == [None, None, None, "turn"]


def test_a_company_posted_for_by_another_learns_of_nobody_before_an_office_let_it(scene: Scene) -> None:
    vacancy = scene.vacancy()
    scene.run("update vacancies set employer = '别家电子厂' where id = %s", vacancy)
    placement = scene.interested(scene.worker(), vacancy)
    assert (placement["state"], placement["waits_for"]) == ("waiting", "verification")
    scene.run("update vacancies set decided_at = now() where id = %s", vacancy)
    assert scene.interested(scene.worker(), vacancy)["state"] == "introduced"
