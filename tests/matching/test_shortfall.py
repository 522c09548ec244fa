"""What keeps a worker from three jobs, and what would open."""

from dataclasses import replace

import numpy as np
from hypothesis import given

from matching import Limit, Opening, Removed, rank, shortfall
from matching.shortfall import TELLABLE, failed_by_vacancy, main_limits
from matching.tables import VacancyTable, WorkerTable
from tests.matching.markets import World, worlds
from tests.matching.test_eligibility import EAST_COUNTY, EAST_PROVINCE, GEOGRAPHY, HOME, PROVINCE, a_market

MARKET = a_market(GEOGRAPHY)


def one_worker(**columns: object) -> WorkerTable:
    return WorkerTable.of(
        home=[HOME],
        lat_deg=[26.6],
        lon_deg=[106.7],
        occupations=[[0]],
        **{name: [value] for name, value in columns.items()},  # type: ignore[arg-type]
    )


def vacancies(wage_hi: list[int], **columns: object) -> VacancyTable:
    n = len(wage_hi)
    return VacancyTable.of(
        occupation=np.zeros(n),
        lat_deg=np.full(n, 23.1),
        lon_deg=np.full(n, 113.3),
        division=np.full(n, EAST_COUNTY),
        wage_lo=np.full(n, 3000),
        wage_hi=wage_hi,
        **columns,  # type: ignore[arg-type]
    )


def test_nothing_is_said_when_three_were_found() -> None:
    assert shortfall(one_worker(), 0, vacancies([5000] * 3), MARKET, found=3) is None


def test_the_highest_lower_pay_that_opens_enough_is_named() -> None:
    told = shortfall(one_worker(min_wage=4500), 0, vacancies([5000, 3800, 3800, 4200, 3300]), MARKET, found=1)
    assert told is not None
    assert told.missing == 2
    assert told.limits == (Removed(Limit.MIN_WAGE, 4, Opening("min_wage", 3800, 3)),)


def test_a_vacancy_removed_by_two_limits_counts_for_neither() -> None:
    told = shortfall(one_worker(min_wage=4500, destinations=[PROVINCE]), 0, vacancies([4000]), MARKET, found=0)
    assert told is not None
    assert told.limits == ()


def test_the_province_that_would_open_most_is_named() -> None:
    told = shortfall(one_worker(destinations=[PROVINCE]), 0, vacancies([4000, 4000]), MARKET, found=0)
    assert told is not None
    assert told.limits == (Removed(Limit.DESTINATIONS, 2, Opening("destination", EAST_PROVINCE, 2)),)


def test_the_one_certificate_that_would_open_most_is_named() -> None:
    required = [0b01, 0b10, 0b10, 0b11]
    told = shortfall(one_worker(), 0, vacancies([4000] * 4, certificates=required), MARKET, found=0)
    assert told is not None
    assert told.limits == (Removed(Limit.CERTIFICATES, 4, Opening("certificate", 1, 2)),)


def test_a_longer_reach_is_told_in_whole_kilometres() -> None:
    told = shortfall(one_worker(reach_km=100, reach_is_limit=True), 0, vacancies([4000]), MARKET, found=0)
    assert told is not None
    [removed] = told.limits
    assert removed.limit is Limit.REACH
    assert removed.would_open is not None
    nearer = one_worker(reach_km=removed.would_open.value, reach_is_limit=True)
    assert rank(nearer, vacancies([4000]), MARKET).vacancy[0, 0] == 0


def test_declined_vacancies_show_nowhere() -> None:
    declined = replace(one_worker(), declined_start=np.array([0, 1]), declined=np.array([0]))
    told = shortfall(declined, 0, vacancies([4000]), MARKET, found=0)
    assert told is not None
    assert told.limits == ()


def test_the_occupations_that_would_open_most_are_named() -> None:
    market = replace(MARKET, likeness=np.diag(np.full(6, 100, np.uint8)), occupations=6)
    there = replace(vacancies([4000] * 10), occupation=np.array([1, 2, 2, 3, 3, 3, 4, 4, 4, 4], np.int32))
    told = shortfall(one_worker(), 0, there, market, found=0)
    assert told is not None
    most, *others = (Opening("occupation", term, term) for term in (4, 3, 2))
    assert told.limits == (Removed(Limit.SKILL, 10, most, tuple(others)),)


def test_an_occupation_whose_jobs_another_opens_too_is_not_named_beside_it() -> None:
    likeness = np.diag(np.full(4, 100, np.uint8))
    likeness[1, 2] = 80
    market = replace(MARKET, likeness=likeness, occupations=4)
    there = replace(vacancies([4000] * 6), occupation=np.array([1, 1, 1, 2, 2, 3], np.int32))
    told = shortfall(one_worker(), 0, there, market, found=0)
    assert told is not None
    assert openings_of(told.limits[0]) == (Opening("occupation", 1, 5), Opening("occupation", 3, 1))


@given(world=worlds(max_vacancies=30))
def test_wishing_for_a_named_occupation_too_opens_the_number_that_was_told(world: World) -> None:
    floor = world.market.profile.floor
    for i in range(len(world.workers)):
        told = shortfall(world.workers, i, world.vacancies, world.market, found=0)
        assert told is not None
        for opening in (one for limit in told.limits if limit.limit is Limit.SKILL for one in openings_of(limit)):
            wished = np.pad(world.workers.occupations, ((0, 0), (0, 1)), constant_values=-1)
            wished[i, -1] = opening.value
            wider = replace(world.workers, occupations=wished)
            now, then = (
                rank(workers, world.vacancies, world.market, top=100, floor=floor).vacancy[i]
                for workers in (world.workers, wider)
            )
            assert (then >= 0).sum() - (now >= 0).sum() == opening.jobs


def openings_of(limit: Removed) -> tuple[Opening, ...]:
    return (limit.would_open, *limit.others) if limit.would_open else ()


@given(world=worlds(max_vacancies=30))
def test_accepting_the_named_pay_opens_the_number_that_was_told(world: World) -> None:
    floor = world.market.profile.floor
    for i in range(len(world.workers)):
        found = rank(world.workers, world.vacancies, world.market, top=100, floor=floor).vacancy[i]
        told = shortfall(world.workers, i, world.vacancies, world.market, found=0, asked=2)
        assert told is not None
        for removed in told.limits:
            if removed.would_open and removed.would_open.wish == "min_wage":
                pay = world.workers.min_wage.copy()
                pay[i] = removed.would_open.value
                relaxed = replace(world.workers, min_wage=pay)
                opened = rank(relaxed, world.vacancies, world.market, top=100, floor=floor).vacancy[i]
                assert (opened >= 0).sum() - (found >= 0).sum() == removed.would_open.jobs


def test_what_above_all_keeps_jobs_away_is_the_limit_that_alone_removes_most() -> None:
    choosy = one_worker(min_wage=4500, destinations=[EAST_PROVINCE])
    assert main_limits(choosy, vacancies([4000, 3800, 5000]), MARKET) == [Limit.MIN_WAGE]


def test_without_a_limit_that_alone_removes_any_the_most_frequent_is_named_and_a_filled_job_is_nobody_s_limit() -> None:
    at_home = one_worker(min_wage=4500, destinations=[PROVINCE])
    assert main_limits(at_home, vacancies([4000, 3800, 5000], openings=[1, 1, 0]), MARKET) == [Limit.MIN_WAGE]
    assert main_limits(at_home, vacancies([5000], openings=[0]), MARKET) == [None]


@given(worlds())
def test_a_main_limit_is_told_exactly_when_something_tellable_removes_a_vacancy(world: World) -> None:
    ours = sum(1 << limit for limit in (Limit.IN_WORK, *TELLABLE))
    for i, told in enumerate(main_limits(world.workers, world.vacancies, world.market)):
        failed = failed_by_vacancy(world.workers, i, world.vacancies, world.market, world.market.profile.floor)
        theirs = failed[(failed != 0) & (failed & ~ours == 0)]
        assert (told is not None) == bool(len(theirs))
        assert told is None or (theirs & 1 << told != 0).any()
