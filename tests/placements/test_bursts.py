"""However many act at the same moment: never more placed than places, one place a person, none after a withdrawal."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.placements.burst import ACTS, Floor, drawn
from tests.placements.scene import Scene


@pytest.fixture(scope="module")
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(8) as threads:
        yield threads


@pytest.fixture
def floor(scene: Scene) -> Iterator[Floor]:
    with scene.superuser() as watch:
        watch.autocommit = True
        yield Floor.lay(scene, watch)


def test_bursts_of_everything_leave_every_rule_standing(floor: Floor, pool: ThreadPoolExecutor) -> None:
    for seed in range(40):
        acts = drawn(seed)
        floor.burst(acts, seed, pool)
        assert floor.faults() == {}, (seed, acts)
    assert {"interested: introduced", "offer: offered", "accept: accepted"} <= set(floor.seen), floor.seen


def test_plans_made_and_published_meanwhile_take_no_place(floor: Floor, pool: ThreadPoolExecutor) -> None:
    for seed in range(8):
        acts = drawn(seed, plans_every=3)
        floor.burst(acts, seed, pool)
        assert floor.faults() == {}, (seed, acts)
    assert {"plan: ready", "publish: published", "accept: accepted"} <= set(floor.seen), floor.seen


@given(
    bursts=st.lists(st.lists(st.sampled_from(ACTS), min_size=2, max_size=8), min_size=1, max_size=6),
    seed=st.integers(0, 10_000),
)
@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_any_bursts_leave_every_rule_standing(
    floor: Floor, pool: ThreadPoolExecutor, bursts: list[list[str]], seed: int
) -> None:
    for number, acts in enumerate(bursts):
        floor.burst(acts, seed + number, pool)
        assert floor.faults() == {}, acts


def test_sixteen_accept_the_same_two_places_at_once(scene: Scene) -> None:
    vacancy = scene.vacancy(headcount=10)
    workers = [scene.worker() for _ in range(16)]
    placements = [scene.offered(worker, vacancy) for worker in workers]
    scene.run("update vacancies set headcount = 2 where id = %s", vacancy)
    with ThreadPoolExecutor(8) as pool:
        answers = list(
            pool.map(lambda one: scene.act(one[0].bearer, one[1], "accept"), zip(workers, placements, strict=True))
        )
    assert sorted({answer.status_code for answer in answers}) == [200, 409]
    assert [answer.status_code for answer in answers].count(200) == scene.filled(vacancy) == 2
