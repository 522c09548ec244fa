"""The compiled search against the readable definition, and what a ranking must never do."""

import doctest
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import matching
from matching import TableError, rank, rank_by_definition
from matching.shortfall import failed_by_vacancy
from tests.matching.markets import World, worlds

floors = st.sampled_from([0.0, 0.25, 0.6])


def found(ranked: matching.Ranked) -> list[list[tuple[int, int]]]:
    """(row, micro-points) of each worker, without the padding."""
    return [
        [(int(row), int(score)) for row, score in zip(rows, scores, strict=True) if row >= 0]
        for rows, scores in zip(ranked.vacancy, ranked.score, strict=True)
    ]


@given(world=worlds(), floor=floors, distinct=st.booleans(), top=st.integers(1, 5), after=st.integers(0, 3))
def test_the_search_finds_what_scoring_every_pair_by_hand_finds(
    world: World, floor: float, distinct: bool, top: int, after: int
) -> None:
    ranked = rank(world.workers, world.vacancies, world.market, top=top, after=after, distinct=distinct, floor=floor)
    by_hand = rank_by_definition(
        world.workers, world.vacancies, world.market, top=top, after=after, distinct=distinct, floor=floor
    )
    assert found(ranked) == by_hand


@given(world=worlds(), seed=st.integers(0, 2**32 - 1), distinct=st.booleans())
def test_prices_order_by_score_minus_price_and_leave_the_score_alone(world: World, seed: int, distinct: bool) -> None:
    prices = np.random.default_rng(seed).choice(np.array([0, 0, 50_000, 50_000, 3_000_000]), len(world.vacancies))
    ranked = rank(world.workers, world.vacancies, world.market, prices=prices, distinct=distinct)
    assert found(ranked) == rank_by_definition(
        world.workers, world.vacancies, world.market, prices=prices, distinct=distinct
    )


@settings(max_examples=30)
@given(world=worlds(max_vacancies=25))
def test_the_compiled_filter_names_the_limits_that_the_readable_one_names(world: World) -> None:
    for i in range(len(world.workers)):
        failed = failed_by_vacancy(world.workers, i, world.vacancies, world.market, floor=0.0)
        for j, bits in enumerate(failed):
            named = matching.failed_limits(world.workers.row(i), world.vacancies.row(j), world.market)
            assert {limit for limit in matching.Limit if bits >> limit & 1} == named


@given(world=worlds())
def test_parts_are_those_of_the_definition_and_add_up_to_the_score(world: World) -> None:
    ranked = rank(world.workers, world.vacancies, world.market, top=5)
    weights = world.market.profile.weights
    for i, j in np.argwhere(ranked.vacancy >= 0):
        score = matching.score_one(world.workers.row(i), world.vacancies.row(int(ranked.vacancy[i, j])), world.market)
        parts = ranked.parts[i, j]
        assert tuple(parts) == (score.skill, score.distance, score.pairing, score.pay)
        assert ranked.km[i, j] == score.km
        assert np.all((parts >= 0) & (parts <= 1))
        total = parts @ [weights.skill, weights.distance, weights.pairing, weights.pay]
        assert abs(total * 1_000_000 - ranked.score[i, j]) <= 0.5 + 1e-6


@given(world=worlds())
def test_distinct_jobs_are_never_twice_the_same_employer_and_occupation(world: World) -> None:
    ranked = rank(world.workers, world.vacancies, world.market, top=5, distinct=True)
    for rows in ranked.vacancy:
        jobs = [
            (int(world.vacancies.employer[row]), int(world.vacancies.occupation[row]))
            for row in rows
            if row >= 0 and world.vacancies.employer[row] >= 0
        ]
        assert len(jobs) == len(set(jobs))


@given(world=worlds(), certificate=st.integers(0, 3))
def test_one_more_certificate_never_takes_a_job_away(world: World, certificate: int) -> None:
    before = rank(world.workers, world.vacancies, world.market, top=100)
    held = world.workers.certificates | np.uint64(1 << certificate)
    after = rank(replace(world.workers, certificates=held), world.vacancies, world.market, top=100)
    for rows_before, rows_after in zip(before.vacancy, after.vacancy, strict=True):
        assert set(rows_before) - {-1} <= set(rows_after)


def test_paging_on_gives_the_next_ones() -> None:
    world = plain_world()
    first = rank(world.workers, world.vacancies, world.market, top=3)
    following = rank(world.workers, world.vacancies, world.market, top=3, after=3)
    together = rank(world.workers, world.vacancies, world.market, top=6)
    assert np.concatenate([first.vacancy, following.vacancy], axis=1).tolist() == together.vacancy.tolist()


def test_threads_change_nothing() -> None:
    world = plain_world()
    alone = rank(world.workers, world.vacancies, world.market)
    shared = rank(world.workers, world.vacancies, world.market, threads=2)
    assert alone.vacancy.tolist() == shared.vacancy.tolist()
    assert alone.score.tolist() == shared.score.tolist()


def test_an_empty_market_answers_with_padding() -> None:
    world = plain_world(vacancies=0)
    ranked = rank(world.workers, world.vacancies, world.market)
    assert (ranked.vacancy == -1).all()
    assert (ranked.seq == -1).all()


def test_a_term_the_market_does_not_have_is_named() -> None:
    world = plain_world()
    stranger = replace(world.workers, occupations=np.full_like(world.workers.occupations, 77))
    with pytest.raises(TableError, match=r"workers\.occupations holds 77"):
        rank(stranger, world.vacancies, world.market)


def test_negative_prices_are_refused() -> None:
    world = plain_world()
    with pytest.raises(TableError, match="prices"):
        rank(world.workers, world.vacancies, world.market, prices=np.full(len(world.vacancies), -1))


def test_the_example_in_the_package_runs() -> None:
    assert doctest.testmod(matching).failed == 0


def plain_world(vacancies: int = 40) -> World:
    """Twenty ordinary workers and vacancies without a limit in force."""
    rng = np.random.default_rng(3)
    geography = matching.Geography.of(prefecture=[-1, -1], province=[0, 1])
    market = matching.Market(
        geography,
        rng.integers(0, 6, (2, 2)).astype(np.uint8),
        np.maximum(rng.integers(0, 90, (6, 6)), 100 * np.eye(6, dtype=int)).astype(np.uint8),
        3,
    )
    people = matching.WorkerTable.of(
        home=rng.integers(0, 2, 20),
        lat_deg=rng.uniform(25, 27, 20),
        lon_deg=rng.uniform(105, 107, 20),
        occupations=rng.integers(0, 3, (20, 1)),
        skills=rng.integers(3, 6, (20, 2)),
        min_wage=rng.integers(3, 5, 20) * 1000,
    )
    offers = matching.VacancyTable.of(
        occupation=rng.integers(0, 3, vacancies),
        skills=rng.integers(3, 6, (vacancies, 2)),
        lat_deg=rng.uniform(22, 24, vacancies),
        lon_deg=rng.uniform(112, 115, vacancies),
        division=rng.integers(0, 2, vacancies),
        wage_lo=np.full(vacancies, 5000),
        wage_hi=rng.integers(5, 9, vacancies) * 1000,
        employer=rng.integers(0, 9, vacancies),
    )
    return World(people, offers, market)
