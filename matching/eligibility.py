"""Who may be matched at all: hard yes or no, never mixed with preference.

Each limit has a name, and a predicate that says when a pair of worker and vacancy *passes* it. `failed_limits` is
the definition that the compiled filter is tested against. Some needs are deliberately no limit: a health certificate
takes days to get and is shown as "to be got", and distance only orders unless the worker said "不超过".
"""

from collections.abc import Callable
from enum import IntEnum
from math import isnan

from matching.geo import kilometres
from matching.tables import NO_DAY, LabourAbility, Market, Scope, VacancyRow, WorkerRow

#: Minimum working age, and for hazardous work (labour law: 16; young workers' protection: 18).
WORKING_AGE = 16
HAZARDOUS_AGE = 18


class Limit(IntEnum):
    """Why a pair may not be matched. The lower-case name is the one in the API."""

    CONSENT = 0
    IN_WORK = 1
    OPEN = 2
    IN_DATE = 3
    OPENINGS = 4
    MIN_WAGE = 5
    DESTINATIONS = 6
    SCOPE = 7
    WILLING = 8
    CLOSED_DESTINATION = 9
    REACH = 10
    CERTIFICATES = 11
    WORKING_AGE = 12
    EMPLOYER_AGE = 13
    HAZARDOUS_AGE = 14
    LABOUR_ABILITY = 15
    START = 16
    DECLINED = 17
    #: No right or wrong of eligibility but the profile's floor under the skill part.
    SKILL = 18

    @property
    def label(self) -> str:
        """The name used in answers: `min_wage`, `destinations`, …"""
        return self.name.lower()


def has_consent(worker: WorkerRow, vacancy: VacancyRow, market: Market) -> bool:
    """The worker's consent to matching stands."""
    return worker.consent


def wants_a_job(worker: WorkerRow, vacancy: VacancyRow, market: Market) -> bool:
    """The worker is out of work, or in work and asking."""
    return not worker.in_work_not_asking


def is_open(worker: WorkerRow, vacancy: VacancyRow, market: Market) -> bool:
    """The vacancy is neither closed nor withdrawn."""
    return vacancy.open


def is_in_date(worker: WorkerRow, vacancy: VacancyRow, market: Market) -> bool:
    """The last day of validity has not passed."""
    return vacancy.valid_until_day == NO_DAY or vacancy.valid_until_day >= market.today


def has_openings(worker: WorkerRow, vacancy: VacancyRow, market: Market) -> bool:
    """A place is left."""
    return vacancy.openings > 0


def pays_enough(worker: WorkerRow, vacancy: VacancyRow, market: Market) -> bool:
    """The pay range reaches what the worker asks at least."""
    return vacancy.wage_hi >= worker.min_wage


def is_wished_destination(worker: WorkerRow, vacancy: VacancyRow, market: Market) -> bool:
    """The worker named no places, or the workplace lies in one of them."""
    named = worker.destinations
    return not named or any(market.geography.lies_in(vacancy.division, area) for area in named)


def is_in_scope(worker: WorkerRow, vacancy: VacancyRow, market: Market) -> bool:
    """The workplace lies in a zone around home (own county, own province, outside …) that the worker allows."""
    return bool(worker.scope & market.geography.zone(worker.home, vacancy.division))


def is_willing_to_go(worker: WorkerRow, vacancy: VacancyRow, market: Market) -> bool:
    """Who does not want to go out is offered the own county only."""
    return worker.willing or market.geography.zone(worker.home, vacancy.division) == Scope.COUNTY


def destination_is_open(worker: WorkerRow, vacancy: VacancyRow, market: Market) -> bool:
    """No dated order closes the place of work."""
    return not market.geography.is_closed(vacancy.division)


def is_within_reach(worker: WorkerRow, vacancy: VacancyRow, market: Market) -> bool:
    """A reach given as "不超过" is kept; any other reach only orders."""
    if not worker.reach_is_limit or isnan(worker.reach_km):
        return True
    return kilometres(worker.point, vacancy.point) <= worker.reach_km


def holds_certificates(worker: WorkerRow, vacancy: VacancyRow, market: Market) -> bool:
    """Every certificate that the law or the employer's own "must" requires is held."""
    return vacancy.certificates & ~worker.certificates == 0


def is_of_working_age(worker: WorkerRow, vacancy: VacancyRow, market: Market) -> bool:
    """16 or older."""
    return worker.age >= WORKING_AGE


def suits_employer_age(worker: WorkerRow, vacancy: VacancyRow, market: Market) -> bool:
    """Inside the employer's lawful stated range."""
    return vacancy.age_min <= worker.age <= vacancy.age_max


def may_do_hazardous_work(worker: WorkerRow, vacancy: VacancyRow, market: Market) -> bool:
    """Hazardous work from 18 on."""
    return not vacancy.hazardous or worker.age >= HAZARDOUS_AGE


def suits_labour_ability(worker: WorkerRow, vacancy: VacancyRow, market: Market) -> bool:
    """Weak and half labour ability: only light posts in the own county."""
    if worker.labour_ability == LabourAbility.FULL:
        return True
    return vacancy.light_work and market.geography.zone(worker.home, vacancy.division) == Scope.COUNTY


def starts_in_time(worker: WorkerRow, vacancy: VacancyRow, market: Market) -> bool:
    """Start and availability, neither before today, lie at most 30 days apart; unstated dates are no hindrance."""
    if NO_DAY in (worker.available_day, vacancy.start_day):
        return True
    available, start = max(worker.available_day, market.today), max(vacancy.start_day, market.today)
    return abs(start - available) <= market.profile.start_within_days


def was_not_declined(worker: WorkerRow, vacancy: VacancyRow, market: Market) -> bool:
    """The worker has not declined this vacancy before."""
    return vacancy.seq not in worker.declined


PREDICATES: dict[Limit, Callable[[WorkerRow, VacancyRow, Market], bool]] = {
    Limit.CONSENT: has_consent,
    Limit.IN_WORK: wants_a_job,
    Limit.OPEN: is_open,
    Limit.IN_DATE: is_in_date,
    Limit.OPENINGS: has_openings,
    Limit.MIN_WAGE: pays_enough,
    Limit.DESTINATIONS: is_wished_destination,
    Limit.SCOPE: is_in_scope,
    Limit.WILLING: is_willing_to_go,
    Limit.CLOSED_DESTINATION: destination_is_open,
    Limit.REACH: is_within_reach,
    Limit.CERTIFICATES: holds_certificates,
    Limit.WORKING_AGE: is_of_working_age,
    Limit.EMPLOYER_AGE: suits_employer_age,
    Limit.HAZARDOUS_AGE: may_do_hazardous_work,
    Limit.LABOUR_ABILITY: suits_labour_ability,
    Limit.START: starts_in_time,
    Limit.DECLINED: was_not_declined,
}


def failed_limits(worker: WorkerRow, vacancy: VacancyRow, market: Market) -> frozenset[Limit]:
    """Every limit the pair fails; empty: the worker may be matched with this vacancy."""
    return frozenset(limit for limit, passes in PREDICATES.items() if not passes(worker, vacancy, market))
