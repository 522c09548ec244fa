"""What a plan changes, for whom and why openings stay empty: counts that add up."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from matching import Limit, failed_limits
from matching.plan_figures import congestion, runners_up, suggestions
from matching.plan_reports import changes, fill, priority_effects, shock_report
from tests.matching.markets import World
from tests.matching.plans import EPS, crowded_worlds, holds, plain_world, planner_of


@given(crowded_worlds, st.integers(0, 2**31))
@settings(max_examples=40)
def test_every_published_assignment_is_kept_moved_or_lost(world: World, seed: int) -> None:
    rng = np.random.default_rng(seed)
    standing = rng.integers(-1, max(1, len(world.vacancies)), len(world.workers))
    standing = np.where(standing < len(world.vacancies), standing, -1)
    plan = planner_of(world).plan(standing=standing, eps=EPS)
    found = changes(standing, plan)
    assert len(found.kept) + found.changed == np.count_nonzero(standing >= 0)
    assert len(found.kept) + len(found.moved) + len(found.new) == plan.placed


@given(crowded_worlds)
@settings(max_examples=40)
def test_a_replan_of_what_was_planned_changes_nothing(world: World) -> None:
    planner = planner_of(world)
    first = planner.plan(eps=EPS, target=1.0)
    again = planner.plan(standing=first.assigned, prices=first.prices, eps=EPS, target=1.0)
    assert changes(first.assigned, again).changed == 0


@given(crowded_worlds, st.integers(0, 2**31))
@settings(max_examples=40)
def test_a_shock_is_kept_and_whom_it_touches_is_said(world: World, seed: int) -> None:
    planner, rng = planner_of(world), np.random.default_rng(seed)
    before, openings = planner.plan(eps=EPS), planner.open_places()
    lowered = np.where(rng.random(len(openings)) < 0.4, openings // 2, openings)
    after = planner.plan(lowered, standing=before.assigned, prices=before.prices, eps=EPS)
    report = shock_report(before.assigned, before.score, lowered < openings, after)
    assert holds(after.assigned, lowered)
    told = np.sort(np.concatenate([report.elsewhere, report.without, report.stayed]))
    assert np.array_equal(told, report.affected)
    assert np.all(lowered[before.assigned[report.affected]] < openings[before.assigned[report.affected]])


@given(crowded_worlds)
@settings(max_examples=30)
def test_priority_effects_add_up(world: World) -> None:
    planner, classes = planner_of(world), np.arange(len(world.workers)) % 3
    plan, without = planner.plan(priorities=classes, eps=EPS), planner.plan(eps=EPS)
    effects = priority_effects(plan, without, classes)
    assert sum(one.workers for one in effects) == len(world.workers)
    assert all(one.placed_with - one.placed_without == one.gained - one.cost for one in effects)
    assert sum(one.placed_with for one in effects) == plan.placed


@given(crowded_worlds)
@settings(max_examples=30)
def test_what_keeps_openings_empty_is_counted_as_defined(world: World) -> None:
    planner = planner_of(world)
    openings = planner.open_places()
    found = fill(planner, planner.plan(eps=EPS), openings)
    assert np.array_equal(found.left, (openings - found.filled)[found.row])
    for at, row in enumerate(found.row.tolist()):
        failed = [
            failed_limits(world.workers.row(i), world.vacancies.row(row), world.market)
            for i in range(len(world.workers))
        ]
        for limit in Limit:
            assert found.kept_away[at, limit] == sum(limit in one for one in failed)
            assert found.only_by[at, limit] == sum(one == {limit} for one in failed)
        assert found.may_go[at] == sum(not one for one in failed)


def test_pay_under_what_is_asked_is_said_in_yuan() -> None:
    world = plain_world(lat=[26.6] * 3, vacancy_lat=[23.0, 23.0], openings=[1, 1])
    world.workers.min_wage[:] = [6_100, 6_400, 6_400]
    found = fill(planner_of(world), planner_of(world).plan(), np.array([1, 1]))
    assert found.reason(0) == Limit.MIN_WAGE
    assert found.pay_under_by.tolist() == [400, 400]


@given(crowded_worlds, st.booleans())
@settings(max_examples=40)
def test_the_planned_job_stands_first_and_no_employers_job_twice(world: World, distinct: bool) -> None:
    planner = planner_of(world)
    plan = planner.plan(eps=EPS)
    rows, _ = suggestions(planner, plan, distinct=distinct)
    placed = plan.assigned >= 0
    assert np.array_equal(rows[placed, 0], plan.assigned[placed])
    employer, occupation = world.vacancies.employer, world.vacancies.occupation
    for one in rows.tolist():
        listed = [row for row in one if row >= 0]
        assert one == listed + [-1] * (len(one) - len(listed))
        known = [row for row in listed if employer[row] >= 0] if distinct else []
        assert len(listed) == len(set(listed))
        assert len(known) == len({(employer[row], occupation[row]) for row in known})


def test_the_runner_up_is_another_job_and_its_cost_is_said() -> None:
    # The second worker wants the first one's seat too: sending the first elsewhere costs little.
    world = plain_world(lat=[26.6, 26.6], vacancy_lat=[26.0, 23.0], openings=[1, 1])
    planner = planner_of(world)
    plan = planner.plan(eps=1, target=1.0)
    other, cost = runners_up(planner, plan)
    assert sorted(plan.assigned.tolist()) == [0, 1]
    assert other.tolist() == plan.assigned[::-1].tolist()
    assert np.all(cost <= 2)


def test_congestion_counts_crowding_places_and_the_forgotten() -> None:
    rows = np.array([[0, 1], [0, 1], [0, 1], [0, -1]])
    found = congestion(rows, np.full((4, 2), 500_000), np.array([1, 1, 2, 0]))
    assert (found.crowded, found.placed_by_first, found.never_suggested) == (4 / 7, 1 / 4, 1 / 3)
    assert found.mean_first == 500_000


def test_a_plan_places_more_than_plain_first_suggestions_do() -> None:
    world = plain_world(lat=[26.6] * 4, vacancy_lat=[23.0, 22.0], openings=[2, 2])
    planner = planner_of(world)
    plain = congestion(*suggestions(planner, None), planner.open_places())
    planned = congestion(*suggestions(planner, planner.plan()), planner.open_places())
    assert (plain.placed_by_first, planned.placed_by_first) == (0.5, 1.0)
