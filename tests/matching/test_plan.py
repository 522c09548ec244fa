"""The plan keeps to openings and limits, is as good as an exact solver's, and proves how good it is."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching import WorkerTable, rank_by_definition
from matching.plan import Outside, Plan, PlanCancelled, PlanError, Planner, Progress
from matching.plan_search import PricedSearch
from matching.rank import People
from tests.matching.markets import World
from tests.matching.plans import (
    EPS,
    allowed_scores,
    crowded_worlds,
    greatest_value,
    holds,
    plain_world,
    planner_of,
    reordered,
)


def classes_of(world: World, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 3, len(world.workers))


def is_close(plan: Plan, value: int, workers: int, eps: int = EPS) -> bool:
    return value - workers * eps <= plan.value <= value


@given(crowded_worlds, st.integers(0, 9))
@settings(max_examples=60)
def test_a_plan_is_as_good_as_an_exact_solvers(world: World, seed: int) -> None:
    planner, classes = planner_of(world), classes_of(world, seed)
    plan = planner.plan(priorities=classes, eps=EPS, target=1.0)
    best = greatest_value(allowed_scores(world), planner.open_places(), classes)
    assert is_close(plan, best, len(world.workers))
    assert best <= plan.bound


@given(crowded_worlds)
@settings(max_examples=60)
def test_only_pairs_that_may_be_matched_are_planned_within_openings(world: World) -> None:
    planner = planner_of(world)
    plan, scores = planner.plan(eps=EPS), allowed_scores(world)
    placed = np.flatnonzero(plan.assigned >= 0)
    assert holds(plan.assigned, planner.open_places())
    assert np.array_equal(plan.score[placed], scores[placed, plan.assigned[placed]])
    assert np.all(plan.score[placed] >= 0)
    assert plan.value == plan.score.sum()


@given(crowded_worlds)
@settings(max_examples=40)
def test_whatever_is_not_full_costs_nothing_and_everybody_gets_the_best_net_of_prices(world: World) -> None:
    planner = planner_of(world)
    plan, scores = planner.plan(eps=EPS, target=1.0), allowed_scores(world)
    openings = planner.open_places()
    taken = np.bincount(plan.assigned[plan.assigned >= 0], minlength=len(openings))
    assert np.all(plan.prices[taken < openings] == 0)
    nets = np.where((scores >= 0) & (openings > 0), scores - plan.prices, -(10**9))
    best = np.maximum(nets.max(axis=1, initial=-(10**9)), 0)
    got = np.where(plan.assigned >= 0, plan.score - plan.prices[plan.assigned], 0) if len(openings) else best * 0
    assert np.all(got >= best - 2 * EPS)


@given(crowded_worlds)
@settings(max_examples=30)
def test_nothing_costs_anything_where_everybody_finds_room_at_the_best(world: World) -> None:
    planner = planner_of(world)
    room = np.where(planner.open_places() > 0, len(world.workers), 0)
    plan = planner.plan(room)
    assert not plan.prices.any()
    assert plan.certificate == 1.0
    assert plan.value == np.maximum(allowed_scores(world)[:, room > 0], 0).max(axis=1, initial=0).sum()


def test_prices_of_before_far_beyond_any_score_come_down() -> None:
    planner = planner_of(plain_world([34.0, 34.5, 35.0], [34.1, 34.9], [1, 1]))
    plan = planner.plan(prices=np.full(2, 50_000_000), target=1.0)
    assert plan.certificate > 0.9999


@given(crowded_worlds)
@settings(max_examples=30)
def test_the_order_of_workers_changes_no_value_beyond_eps(world: World) -> None:
    order = np.random.default_rng(7).permutation(len(world.workers))
    classes = classes_of(world)
    one = planner_of(world).plan(priorities=classes, eps=EPS, target=1.0)
    shuffled = replace(world, workers=reordered(world.workers, order))
    other = planner_of(shuffled).plan(priorities=classes[order], eps=EPS, target=1.0)
    assert abs(one.value - other.value) <= EPS * len(world.workers)


@given(crowded_worlds, st.integers(0, 2**31))
@settings(max_examples=30)
def test_any_prices_of_before_lead_to_as_good_a_plan(world: World, seed: int) -> None:
    planner = planner_of(world)
    prices = np.random.default_rng(seed).integers(0, 900_000, len(world.vacancies))
    plan = planner.plan(prices=prices, eps=EPS, target=1.0)
    nobody = np.zeros(len(world.workers), np.int64)
    assert is_close(plan, greatest_value(allowed_scores(world), planner.open_places(), nobody), len(world.workers))


@given(crowded_worlds)
@settings(max_examples=30)
def test_the_same_question_gets_the_same_plan_whatever_the_threads(world: World) -> None:
    one = Planner(world.workers, world.vacancies, world.market, threads=1).plan(eps=EPS)
    two = Planner(world.workers, world.vacancies, world.market, threads=2).plan(eps=EPS)
    assert np.array_equal(one.assigned, two.assigned)
    assert np.array_equal(one.prices, two.prices)


@given(crowded_worlds, st.integers(1, 5), st.integers(0, 2**31))
@settings(max_examples=60)
def test_the_search_net_of_prices_is_the_definitions(world: World, k: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    prices = rng.choice(np.array([0, 0, 50_000, 300_000, 900_000]), len(world.vacancies))
    floor = float(rng.choice([0.0, 0.25]))
    search = PricedSearch(world.vacancies, world.market, floor)
    rows, scores = search.best(People.of(world.workers), k, prices)
    expected = rank_by_definition(
        world.workers, world.vacancies, world.market, top=k, floor=floor, prices=prices.astype(np.int64)
    )
    assert found(rows, scores) == expected


@given(crowded_worlds, st.integers(0, 2**31))
@settings(max_examples=40)
def test_under_fewer_openings_the_plan_is_as_good_as_an_exact_solvers(world: World, seed: int) -> None:
    planner, rng = planner_of(world), np.random.default_rng(seed)
    openings = planner.open_places() * (rng.random(len(world.vacancies)) < 0.5)
    plan = planner.plan(openings, eps=EPS, target=1.0)
    best = greatest_value(allowed_scores(world), openings, np.zeros(len(world.workers), np.int64))
    assert holds(plan.assigned, openings)
    assert is_close(plan, best, len(world.workers))
    assert best <= plan.bound


@given(crowded_worlds, st.integers(0, 2**31))
@settings(max_examples=40)
def test_fixed_stays_fixed_and_takes_its_opening(world: World, seed: int) -> None:
    planner, rng = planner_of(world), np.random.default_rng(seed)
    openings, fixed = planner.open_places(), np.full(len(world.workers), -1)
    left = openings.copy()
    for i in range(len(world.workers)):
        free = np.flatnonzero(left > 0)
        if len(free) and rng.random() < 0.4:
            fixed[i] = rng.choice(free)
            left[fixed[i]] -= 1
    plan = planner.plan(fixed=fixed, eps=EPS, target=1.0)
    answered = fixed >= 0
    assert np.array_equal(plan.assigned[answered], fixed[answered])
    assert holds(plan.assigned, openings)
    scores = np.where(answered[:, None], -1, allowed_scores(world))
    best = greatest_value(scores, left, np.zeros(len(fixed), np.int64))
    assert is_close(plan, best, len(world.workers))


@given(crowded_worlds, st.integers(0, 2**31))
@settings(max_examples=40)
def test_priority_moves_nobody_who_has_no_competitor(world: World, seed: int) -> None:
    planner = planner_of(world)
    plenty = np.where(world.vacancies.open & (world.vacancies.openings > 0), 1_000, 0)
    classes = classes_of(world, seed)
    without = planner.plan(plenty, eps=EPS, target=1.0)
    assert np.array_equal(planner.plan(plenty, priorities=classes, eps=EPS, target=1.0).assigned, without.assigned)
    for i in range(len(world.workers)):
        first = rank_by_definition(only_worker(world.workers, i), world.vacancies, world.market, top=1)[0]
        assert (without.score[i] if first else -1) == (first[0][1] if first else -1)


def test_among_two_who_suit_alike_the_one_with_priority_gets_the_one_opening() -> None:
    world = rivals_for_one_opening()
    for favoured in (0, 1):
        plan = planner_of(world).plan(priorities=np.array([favoured == 0, favoured == 1]).astype(np.int64))
        assert plan.assigned.tolist() == [0 if i == favoured else -1 for i in range(2)]


def test_more_openings_are_never_worth_less() -> None:
    world = rivals_for_one_opening()
    planner = planner_of(world)
    assert planner.plan(np.array([2])).placed == 2
    assert planner.plan(np.array([0])).placed == 0


def test_a_published_assignment_stays_when_another_is_hardly_better() -> None:
    world = two_alike()
    planner = planner_of(world)
    best = planner.plan(eps=1, target=1.0).assigned
    swapped = best[::-1].copy()
    assert np.array_equal(planner.plan(standing=swapped).assigned, swapped)
    assert np.array_equal(planner.plan(standing=swapped, stability=0, eps=1, target=1.0).assigned, best)


@given(crowded_worlds, st.integers(0, 2**31))
@settings(max_examples=30)
def test_stability_is_part_of_what_is_maximised(world: World, seed: int) -> None:
    planner, rng, stability = planner_of(world), np.random.default_rng(seed), 70_000
    standing = rng.integers(-1, max(1, len(world.vacancies)), len(world.workers))
    standing = np.where(standing < len(world.vacancies), standing, -1)
    plan = planner.plan(standing=standing, stability=stability, eps=EPS, target=1.0)
    scores, kept = allowed_scores(world), np.flatnonzero(standing >= 0)
    scores[kept, standing[kept]] += np.where(scores[kept, standing[kept]] >= 0, stability, 0)
    best = greatest_value(scores, planner.open_places(), np.zeros(len(standing), np.int64))
    assert best - EPS * len(standing) <= plan.objective <= best <= plan.bound


def test_cancel_stops_and_progress_is_told() -> None:
    world, told = two_alike(), list[Progress]()
    with pytest.raises(PlanCancelled):
        planner_of(world).plan(outside=Outside(cancelled=lambda: True))
    planner_of(world).plan(outside=Outside(progress=told.append))
    assert {"search", "auction"} == {one.step for one in told}


@pytest.mark.parametrize(
    ("wish", "says"),
    [
        (lambda: {"fixed": np.array([0, 0])}, "vacancy 0: 2 have answered for 1 openings"),
        (lambda: {"openings": np.array([1])}, "openings"),
        (lambda: {"openings": np.array([1, -1])}, "none below 0"),
        (lambda: {"fixed": np.array([5, -1])}, "fixed"),
        (lambda: {"priorities": np.array([1])}, "priorities"),
        (lambda: {"prices": np.array([-1, 0])}, "prices"),
    ],
)
def test_a_contradiction_names_place_and_value(wish: Callable[[], dict[str, np.ndarray]], says: str) -> None:
    with pytest.raises(PlanError, match=says):
        planner_of(two_alike()).plan(**wish())  # type: ignore[arg-type]


def test_nobody_and_nothing_make_an_empty_plan() -> None:
    world = two_alike()
    nobody = replace(world, workers=reordered(world.workers, np.zeros(0, int)))
    plan = planner_of(nobody).plan()
    assert (plan.placed, plan.value, plan.certificate) == (0, 0, 1.0)


def found(rows: np.ndarray, scores: np.ndarray) -> list[list[tuple[int, int]]]:
    """Without the padding."""
    both = np.stack([rows, scores], axis=2).tolist()
    return [[(row, score) for row, score in one if row >= 0] for one in both]


def only_worker(workers: WorkerTable, i: int) -> WorkerTable:
    return reordered(workers, np.array([i]))


def two_alike() -> World:
    """Two workers of one county, two vacancies with one opening each; each is a little nearer to one of them."""
    return plain_world(lat=[26.60, 26.80], vacancy_lat=[23.0, 23.9], openings=[1, 1])


def rivals_for_one_opening() -> World:
    return plain_world(lat=[26.6, 26.6], vacancy_lat=[23.0], openings=[1])
