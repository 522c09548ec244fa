"""What an employer learns before anybody's name: a rounded count, and cards that point to nobody."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.db.transaction import write
from app.edge.public_ids import show
from app.placements.suitable import LEAST, Offered, Reach, rounded
from app.placements.usecases import read_reach
from app.suggestions.market import LiveMarket
from tests import people
from tests.placements.scene import Scene

WELDER: dict[str, Any] = {
    "occupations": ("O054",),
    "skills": ("电焊",),
    "certificates_text": "焊工证",
    "certificates": ("welding",),
}
WELDER |= {"min_wage": 3000}


def test_the_count_is_rounded_and_as_if_nobody_had_declined(scene: Scene) -> None:
    vacancy = scene.vacancy(title="电焊工")
    workers = [scene.worker(**WELDER) for _ in range(13)]
    for worker in workers[:6]:
        [suggestion] = scene.suggest(worker, vacancy)
        said = scene.client(worker.bearer).post(f"/v1/suggestions/{suggestion}/answer", json={"answer": "not_this_one"})
        assert said.status_code == 200
    answer = scene.of("employer").get(f"/v1/vacancies/{show('v', vacancy)}/candidates")
    assert answer.status_code == 200, answer.text
    assert answer.json() == {"suitable": 15, "items": [], "next": None}


def test_a_few_yuan_tell_no_more_of_whom_an_offer_would_reach(scene: Scene) -> None:
    for _ in range(10):
        scene.worker(**WELDER)
    market = LiveMarket(listens=False)
    with write(people.actor("employer")) as tx:
        told = {pay: read_reach(tx, market, Offered("O054", "440104", pay, pay)) for pay in (2500, 2999, 6000, 6499)}
        unknown = read_reach(tx, market, Offered(None, "440104", 6000, 6000))
    market.close()
    assert told[6000] == told[6499]
    assert told[2500] == told[2999] == Reach(0, "few")
    reach = told[6000]
    assert reach is not None
    assert reach.many >= LEAST
    assert reach.pay == "most"
    assert unknown is None


@given(st.integers(0, 10_000))
def test_under_ten_is_nobody_and_all_else_a_multiple_of_five(many: int) -> None:
    told = rounded(many)
    assert told % 5 == 0
    assert (told == 0) == (many < 10)
    assert told == 0 or abs(told - many) <= 2.5


def test_cards_are_of_those_who_said_yes_and_hold_bands(scene: Scene) -> None:
    vacancy = scene.vacancy()
    disclosed, silent = scene.worker(name="陈不见", **WELDER), scene.worker(**WELDER)
    scene.interested(disclosed, vacancy)
    scene.interested(silent, vacancy, disclose=False)
    [suggestion] = scene.suggest(scene.worker(**WELDER), vacancy)
    scene.suggest(scene.worker(**WELDER), vacancy)
    answer = scene.of("employer").get(f"/v1/vacancies/{show('v', vacancy)}/candidates").json()
    assert [(one["state"], one["disclosed"]) for one in answer["items"]] == [
        ("introduced", True),
        ("interested", False),
    ]
    assert all(set(one["card"]) == {"score", "age", "province", "skills"} for one in answer["items"])
    assert all(len(one["card"]["skills"]) <= 5 for one in answer["items"])
    for hidden in ("陈不见", str(disclosed.worker_id), disclosed.worker_id.hex, "迤那镇", "139"):
        assert hidden not in str(answer)
    assert suggestion not in str(answer)


def test_pseudonyms_of_two_vacancies_have_nothing_in_common(scene: Scene) -> None:
    vacancies = scene.vacancies(2)
    workers = [scene.worker() for _ in range(3)]
    names = []
    for vacancy in vacancies:
        for worker in workers:
            scene.interested(worker, vacancy)
        items = scene.of("employer").get(f"/v1/vacancies/{show('v', vacancy)}/candidates").json()["items"]
        names.append({one["pseudonym"] for one in items})
    assert [len(one) for one in names] == [3, 3]
    assert names[0] & names[1] == set()


def test_a_card_that_would_point_to_one_is_made_wider(scene: Scene) -> None:
    rare = scene.worker("other_station", skills=("电焊", "雕漆"), skills_text="雕漆")
    placement = scene.interested(rare, scene.vacancy(), station="other_station")["id"]
    card = scene.of("employer").get(f"/v1/placements/{placement}").json()["card"]
    assert (card["skills"], card["age"], card["province"]) == ([], None, "520000")
    for _ in range(4):
        scene.worker("other_station", skills=("电焊",))
    common = scene.worker("other_station", skills=("电焊", "雕漆"), skills_text="雕漆")
    placement = scene.interested(common, scene.vacancy(), station="other_station")["id"]
    card = scene.of("employer").get(f"/v1/placements/{placement}").json()["card"]
    assert (card["skills"], card["age"] is not None) == (["电焊"], True)


@pytest.mark.parametrize("name", ["station", "other_employer", "destination", "coordinator", "auditor"])
def test_candidates_are_its_own_employers(scene: Scene, name: str) -> None:
    answer = scene.of(name).get(f"/v1/vacancies/{show('v', scene.vacancy())}/candidates")
    assert answer.status_code in (403, 404)


def test_an_employer_nobody_verified_has_no_candidates(scene: Scene) -> None:
    vacancy = scene.vacancy()
    for worker in [scene.worker(**WELDER) for _ in range(12)]:
        scene.interested(worker, vacancy)
    employer = people.actor("employer").organisation_id
    scene.run("update organisations set approved_at = null where id = %s", employer)
    answer = scene.of("employer").get(f"/v1/vacancies/{show('v', vacancy)}/candidates").json()
    scene.settle()
    assert answer == {"suitable": 0, "items": [], "next": None}


def test_candidates_page(scene: Scene) -> None:
    vacancy = scene.vacancy()
    for worker in [scene.worker() for _ in range(5)]:
        scene.interested(worker, vacancy)
    address, seen, cursor = f"/v1/vacancies/{show('v', vacancy)}/candidates", [], ""
    while cursor is not None:
        page = scene.of("employer").get(f"{address}?limit=2{cursor and f'&cursor={cursor}'}").json()
        seen += page["items"]
        cursor = page["next"]
    assert len({one["placement"] for one in seen}) == len(seen) == 5
    assert all(one["answered_on"] <= other["answered_on"] for one, other in pairwise(seen))
