"""Companions go together or not at all, and the plan says what that costs."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching import TableError
from matching.plan import Plan
from matching.plan_companions import MOST_COMPANIONS, Companions, Together, workplaces
from tests.matching.markets import World
from tests.matching.plans import EPS, allowed_scores, crowded_worlds, holds, plain_world, planner_of, reordered


def companions_of(world: World, seed: int) -> Companions:
    """Couples and threes among the first workers, each with one of the two wishes."""
    rng = np.random.default_rng(seed)
    group, number = np.full(len(world.workers), -1), 0
    at = 0
    while at + 3 <= len(world.workers) and number < 3:
        size = int(rng.integers(2, 4))
        group[at : at + size] = number
        at, number = at + size, number + 1
    wish = tuple(Together(int(one)) for one in rng.integers(0, 2, number))
    return Companions(group, wish, workplaces(world.vacancies), world.vacancies.division.astype(np.int64))


def is_together(plan: Plan, companions: Companions, number: int) -> bool:
    """All placed with the same key, or none placed and said so."""
    seats = plan.assigned[companions.group == number]
    if number in plan.left_out:
        return bool(np.all(seats < 0))
    return bool(np.all(seats >= 0)) and len(set(companions.shared(number)[seats].tolist())) == 1


@given(crowded_worlds, st.integers(0, 2**31))
@settings(max_examples=80)
def test_companions_are_never_split(world: World, seed: int) -> None:
    planner, companions = planner_of(world), companions_of(world, seed)
    plan = planner.plan(companions=companions, eps=EPS, target=1.0)
    assert all(is_together(plan, companions, number) for number in range(len(companions.wish)))
    assert holds(plan.assigned, planner.open_places())
    scores, placed = allowed_scores(world), np.flatnonzero(plan.assigned >= 0)
    assert np.array_equal(plan.score[placed], scores[placed, plan.assigned[placed]])
    assert plan.value == plan.score.sum() <= plan.bound


@given(crowded_worlds, st.integers(0, 2**31))
@settings(max_examples=40)
def test_what_companions_cost_is_stated(world: World, seed: int) -> None:
    planner, companions = planner_of(world), companions_of(world, seed)
    together = planner.plan(companions=companions, eps=EPS, target=1.0)
    alone = planner.plan(eps=EPS, target=1.0)
    assert together.bound == alone.bound
    assert together.certificate + together.lost_to_companions == pytest.approx(
        max(alone.certificate, together.certificate)
    )


@given(crowded_worlds, st.integers(2, 4))
@settings(max_examples=40)
def test_a_group_with_nobody_beside_it_is_placed_whenever_it_can_be(world: World, size: int) -> None:
    if len(world.workers) < size or not len(world.vacancies):
        return
    few = World(reordered(world.workers, np.arange(size)), world.vacancies, world.market)
    towns = world.vacancies.division.astype(np.int64)
    companions = Companions(np.zeros(size, np.int64), (Together.TOWN,), workplaces(world.vacancies), towns)
    planner = planner_of(few)
    scores, openings = allowed_scores(few), planner.open_places()
    best = 0
    for seats in product(range(len(openings)), repeat=size) if len(openings) ** size <= 4_000 else ():
        if len({int(towns[seat]) for seat in seats}) == 1 and np.all(
            np.bincount(seats, minlength=len(openings)) <= openings
        ):
            values = [int(scores[i, seat]) for i, seat in enumerate(seats)]
            best = max(best, sum(values)) if min(values) >= 0 else best
    if len(openings) ** size <= 4_000:
        value = planner.plan(companions=companions, eps=1, target=1.0).value
        assert (value > 0) == (best > 0)
        assert value <= best


def test_a_couple_takes_two_seats_in_one_town_rather_than_the_two_best_ones() -> None:
    # The nearest seat of all stands alone in its town; the other town has two.
    world = plain_world(lat=[26.6, 26.6], vacancy_lat=[26.0, 23.0, 22.9], openings=[1, 1, 1], towns=[2, 3, 3])
    couple = Companions(np.array([0, 0]), (Together.TOWN,), workplaces(world.vacancies), np.array([2, 3, 3]))
    planner = planner_of(world)
    assert set(planner.plan().assigned.tolist()) == {0, 1}
    plan = planner.plan(companions=couple)
    assert set(plan.assigned.tolist()) == {1, 2}
    assert plan.left_out == ()
    assert 0 < plan.lost_to_companions < 0.1


def test_a_couple_that_finds_no_place_together_is_left_out_and_said_so() -> None:
    world = plain_world(lat=[26.6, 26.6, 26.7], vacancy_lat=[26.0, 23.0], openings=[1, 1], towns=[2, 3])
    couple = Companions(np.array([0, 0, -1]), (Together.TOWN,), workplaces(world.vacancies), np.array([2, 3]))
    plan = planner_of(world).plan(companions=couple)
    assert plan.left_out == (0,)
    assert plan.assigned.tolist() == [-1, -1, 0]


def test_who_has_answered_draws_the_others_of_the_group_to_the_same_town() -> None:
    world = plain_world(lat=[26.6, 26.6], vacancy_lat=[26.0, 23.0, 22.9], openings=[5, 1, 1], towns=[2, 3, 3])
    couple = Companions(np.array([0, 0]), (Together.TOWN,), workplaces(world.vacancies), np.array([2, 3, 3]))
    plan = planner_of(world).plan(companions=couple, fixed=np.array([2, -1]))
    assert plan.assigned.tolist() == [2, 1]


def test_one_employer_at_one_point_is_one_workplace() -> None:
    world = plain_world(lat=[26.6], vacancy_lat=[26.0, 26.0, 26.0], openings=[1, 1, 1])
    numbers = workplaces(world.vacancies)
    # Nobody knows the employers: three workplaces.
    assert len(set(numbers.tolist())) == 3


def test_a_coach_party_is_refused_with_its_size() -> None:
    n = MOST_COMPANIONS + 1
    with pytest.raises(TableError, match=f"group 0 has {n} members"):
        Companions(np.zeros(n, np.int64), (Together.TOWN,), np.zeros(1, np.int64), np.zeros(1, np.int64))
