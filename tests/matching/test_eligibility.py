"""Who may be matched at all, one limit after another."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from matching import NO_DAY, Geography, LabourAbility, Limit, Market, Scope, failed_limits
from matching.tables import VacancyRow, VacancyTable, WorkerRow, WorkerTable

TODAY = 20_000
#: Divisions: a western county in a prefecture of a province, its neighbours, and an eastern county.
HOME, NEXT_COUNTY, FAR_COUNTY, EAST_COUNTY, PREFECTURE, PROVINCE, EAST_PROVINCE = range(7)
GEOGRAPHY = Geography.of(
    prefecture=[PREFECTURE, PREFECTURE, -1, -1, PREFECTURE, -1, -1],
    province=[PROVINCE, PROVINCE, PROVINCE, EAST_PROVINCE, PROVINCE, PROVINCE, EAST_PROVINCE],
)


def failed(worker: Mapping[str, object] | None = None, vacancy: Mapping[str, object] | None = None) -> set[Limit]:
    """The limits failed by an ordinary pair with these differences."""
    return set(failed_limits(a_worker(**(worker or {})), a_vacancy(**(vacancy or {})), a_market()))


def a_market(geography: Geography = GEOGRAPHY) -> Market:
    d = len(geography)
    return Market(geography, np.zeros((d, d), np.uint8), np.full((1, 1), 100, np.uint8), 1, TODAY)


def a_worker(**columns: object) -> WorkerRow:
    table = WorkerTable.of(home=[HOME], lat_deg=[26.6], lon_deg=[106.7], occupations=[[0]], min_wage=[4500])
    return replace(table.row(0), **columns)  # type: ignore[arg-type]


def a_vacancy(**columns: object) -> VacancyRow:
    table = VacancyTable.of(
        occupation=[0], lat_deg=[23.1], lon_deg=[113.3], division=[EAST_COUNTY], wage_lo=[4000], wage_hi=[6000]
    )
    return replace(table.row(0), **columns)  # type: ignore[arg-type]


def test_an_ordinary_pair_fails_nothing() -> None:
    assert failed() == set()


def test_without_consent_nothing_is_matched() -> None:
    assert failed({"consent": False}) == {Limit.CONSENT}


def test_people_in_work_are_matched_only_when_they_ask() -> None:
    assert failed({"in_work_not_asking": True}) == {Limit.IN_WORK}


def test_closed_expired_and_filled_vacancies_are_out() -> None:
    assert failed(vacancy={"open": False}) == {Limit.OPEN}
    assert failed(vacancy={"valid_until_day": TODAY - 1}) == {Limit.IN_DATE}
    assert failed(vacancy={"valid_until_day": TODAY}) == set()
    assert failed(vacancy={"openings": 0}) == {Limit.OPENINGS}


def test_the_top_of_the_pay_range_must_reach_the_least_asked_for() -> None:
    assert failed({"min_wage": 6000}) == set()
    assert failed({"min_wage": 6001}) == {Limit.MIN_WAGE}


def test_named_destinations_hold_at_every_level() -> None:
    assert failed({"destinations": (EAST_PROVINCE,)}) == set()
    assert failed({"destinations": (PROVINCE, EAST_COUNTY)}) == set()
    assert failed({"destinations": (PROVINCE,)}) == {Limit.DESTINATIONS}
    assert failed({"destinations": (PREFECTURE,)}, {"division": NEXT_COUNTY}) == set()


def test_scope_allows_zones_around_home() -> None:
    assert failed({"scope": Scope.OWN_PROVINCE}) == {Limit.SCOPE}
    assert failed({"scope": Scope.OWN_PROVINCE}, {"division": FAR_COUNTY}) == set()
    assert failed({"scope": Scope.OWN_PREFECTURE}, {"division": FAR_COUNTY}) == {Limit.SCOPE}
    assert failed({"scope": Scope.OWN_PREFECTURE}, {"division": NEXT_COUNTY}) == set()
    assert failed({"scope": Scope.OUTSIDE_PROVINCE}, {"division": HOME}) == {Limit.SCOPE}


def test_who_does_not_want_to_go_out_is_offered_the_own_county() -> None:
    assert failed({"willing": False}) == {Limit.WILLING}
    assert failed({"willing": False}, {"division": NEXT_COUNTY}) == {Limit.WILLING}
    assert failed({"willing": False}, {"division": HOME}) == set()


def test_an_order_closes_the_places_inside_the_closed_one() -> None:
    closed = replace(GEOGRAPHY, closed=np.arange(len(GEOGRAPHY)) == EAST_PROVINCE)
    assert failed_limits(a_worker(), a_vacancy(), a_market(closed)) == {Limit.CLOSED_DESTINATION}
    assert failed_limits(a_worker(), a_vacancy(division=HOME), a_market(closed)) == frozenset()


def test_a_reach_only_filters_when_it_was_given_as_a_limit() -> None:
    assert failed({"reach_km": 300.0}) == set()
    assert failed({"reach_km": 300.0, "reach_is_limit": True}) == {Limit.REACH}
    assert failed({"reach_km": 900.0, "reach_is_limit": True}) == set()


def test_every_required_certificate_must_be_held() -> None:
    assert failed({"certificates": 0b001}, {"certificates": 0b011}) == {Limit.CERTIFICATES}
    assert failed({"certificates": 1 << 63 | 0b011}, {"certificates": 1 << 63 | 0b001}) == set()


def test_working_age_is_16_and_hazardous_work_18() -> None:
    assert failed({"age": 15}, {"age_min": 0}) == {Limit.WORKING_AGE}
    assert failed({"age": 17}) == set()
    assert failed({"age": 17}, {"hazardous": True}) == {Limit.HAZARDOUS_AGE}
    assert failed({"age": 18}, {"hazardous": True}) == set()


def test_the_employers_age_range_includes_both_ends() -> None:
    employer = {"age_min": 18, "age_max": 45}
    assert failed({"age": 45}, employer) == set()
    assert failed({"age": 46}, employer) == {Limit.EMPLOYER_AGE}


def test_weak_and_half_labour_ability_get_light_posts_in_the_own_county() -> None:
    light_at_home = {"light_work": True, "division": HOME}
    for ability in (LabourAbility.HALF, LabourAbility.WEAK):
        assert failed({"labour_ability": ability}, light_at_home) == set()
        assert failed({"labour_ability": ability}, {"division": HOME}) == {Limit.LABOUR_ABILITY}
        assert failed({"labour_ability": ability}, {"light_work": True}) == {Limit.LABOUR_ABILITY}


def test_start_and_availability_lie_within_thirty_days() -> None:
    assert failed({"available_day": TODAY}, {"start_day": TODAY + 30}) == set()
    assert failed({"available_day": TODAY}, {"start_day": TODAY + 31}) == {Limit.START}
    assert failed({"available_day": TODAY + 31}, {"start_day": TODAY - 500}) == {Limit.START}
    assert failed({"available_day": NO_DAY}, {"start_day": TODAY + 300}) == set()


def test_what_was_declined_is_not_offered_again() -> None:
    assert failed({"declined": frozenset({7})}, {"seq": 7}) == {Limit.DECLINED}
    assert failed({"declined": frozenset({7})}, {"seq": 8}) == set()
