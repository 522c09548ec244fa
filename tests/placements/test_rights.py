"""What the database itself refuses about placements and declines, whatever the application asks."""

from __future__ import annotations

from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.db.transaction import read, write
from app.edge.public_ids import find
from tests import people
from tests.placements.scene import Scene


def refused(actor_name: str, statement: str, **values: object) -> bool:
    """Whether a role's own statement is refused, or moves nothing."""
    try:
        with write(people.actor(actor_name)) as tx:
            done = tx.session.execute(text(statement), values)
            return done.returns_rows and all(word in ("absent", None, False) for (word,) in done)
    except DBAPIError:
        return True


@pytest.mark.parametrize("name", ["station", "employer", "auditor", "destination"])
def test_no_role_moves_a_placement_by_hand(scene: Scene, name: str) -> None:
    worker, vacancy = scene.worker(), scene.vacancy()
    scene.interested(worker, vacancy)
    assert refused(name, "update placements set state = 'accepted'")
    assert refused(name, "delete from placements")


@pytest.mark.parametrize("name", ["station", "head", "employer", "auditor", "coordinator", "destination", "operator"])
def test_nobody_but_the_worker_and_the_engine_reads_what_was_declined(scene: Scene, name: str) -> None:
    worker = scene.worker()
    [suggestion] = scene.suggest(worker, scene.vacancy())
    scene.client(worker.bearer).post(f"/v1/suggestions/{suggestion}/answer", json={"answer": "not_this_one"})
    assert refused(name, "select seq from declines")
    assert refused(name, "select app.left_out(:worker)", worker=worker.worker_id)


def test_a_station_cannot_say_that_a_code_was_given(scene: Scene) -> None:
    worker, vacancy = scene.worker(), scene.vacancy()
    [suggestion] = scene.suggest(worker, vacancy)
    call = text("select word from app.say_interested(:s, true, :manner, '{}', 'x', current_date)")
    for manner in ("own", "code"):
        with write(people.actor("station")) as tx:
            [word] = tx.session.scalars(call, {"s": find("s", suggestion), "manner": manner}).all()
        assert word in ("absent", "no_word")
    with pytest.raises(DBAPIError), write(people.actor("station")) as tx:  # a yes on paper without its paper
        tx.session.execute(call, {"s": find("s", suggestion), "manner": "paper"})
    assert scene.run("select from placements where worker_id = %s", worker.worker_id) == []


def test_a_contact_is_its_employers_alone(scene: Scene) -> None:
    worker, vacancy = scene.worker(), scene.vacancy()
    placement = find("pm", scene.interested(worker, vacancy)["id"])
    ask = "select name from app.disclosed_contact(:placement)"
    for name in ("station", "auditor", "destination"):
        assert refused(name, ask, placement=placement)
    with read(people.actor("other_employer")) as tx:
        assert tx.session.execute(text(ask), {"placement": placement}).all() == []
    with read(people.actor("employer")) as tx:
        assert len(tx.session.execute(text(ask), {"placement": placement}).all()) == 1
        assert tx.session.execute(text(ask), {"placement": uuid4()}).all() == []


def test_a_station_sees_no_former_suggestion(scene: Scene) -> None:
    worker = scene.worker()
    first, second = scene.vacancies(2)
    scene.suggest(worker, first)
    scene.suggest(worker, second)
    mine = text("select vacancy_id from suggestions where worker_id = :worker")
    with read(people.actor("station")) as tx:
        assert tx.session.scalars(mine, {"worker": worker.worker_id}).all() == [second]
    with read(worker.actor) as tx:
        assert set(tx.session.scalars(mine, {"worker": worker.worker_id})) == {first, second}


def test_a_headcount_below_the_places_taken_is_refused(scene: Scene) -> None:
    vacancy = scene.vacancy(headcount=3)
    for worker in (scene.worker(), scene.worker()):
        assert scene.act(worker.bearer, scene.offered(worker, vacancy), "accept").status_code == 200
    address = f"/v1/vacancies/v_{vacancy.hex}"
    refusal = scene.of("employer").patch(address, json={"headcount": 1})
    assert (refusal.status_code, refusal.json()["code"]) == (409, "headcount_below_filled")
    assert scene.of("employer").patch(address, json={"headcount": 2}).status_code == 200
