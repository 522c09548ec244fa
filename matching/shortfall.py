"""Why fewer jobs were found than asked for, and what would open if one wish were relaxed. Never pressing: only data.

A vacancy counts for a limit when that limit alone removes it. What the worker declined is treated as gone, like a job
that was filled: no count here tells anyone that a person said no. What no worker can change (a closed vacancy, a
closed destination, consent) is not listed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from matching.compiled import kernels
from matching.eligibility import Limit
from matching.geo import kilometres
from matching.tables import (
    Geography,
    Ints,
    Longs,
    Market,
    Scope,
    VacancyTable,
    WorkerTable,
    check_vacancies,
    check_workers,
)

#: Limits that come from the worker's wishes and papers, in the order in which equal ones are told.
TELLABLE = (
    Limit.MIN_WAGE,
    Limit.DESTINATIONS,
    Limit.SCOPE,
    Limit.REACH,
    Limit.CERTIFICATES,
    Limit.START,
    Limit.WILLING,
    Limit.LABOUR_ABILITY,
    Limit.EMPLOYER_AGE,
    Limit.HAZARDOUS_AGE,
    Limit.WORKING_AGE,
    Limit.SKILL,
)
#: These, and being in work, which the worker can ask to leave aside.
_OURS = (Limit.IN_WORK, *TELLABLE)
_OURS_BITS = sum(1 << limit for limit in _OURS)
_SCOPES = (Scope.OWN_PREFECTURE, Scope.OWN_PROVINCE, Scope.ANYWHERE)
#: So many other occupations are named.
_OCCUPATIONS = 3


@dataclass(frozen=True)
class Opening:
    """What one relaxed wish would open: the wish's name, its new value, and how many jobs."""

    #: "min_wage" (yuan), "destination" (a division's index), "scope" (`Scope`), "reach_km", "certificate" (bit number),
    #: "occupation" (a term wished for as well).
    wish: str
    value: int
    jobs: int


@dataclass(frozen=True)
class Removed:
    """How many vacancies a limit alone removes."""

    limit: Limit
    removes: int
    would_open: Opening | None
    #: Other values of the same wish, each by itself, those that open most first.
    others: tuple[Opening, ...] = ()


@dataclass(frozen=True)
class Shortfall:
    """How many jobs are missing, and the limits that remove vacancies, those that remove most first."""

    missing: int
    limits: tuple[Removed, ...]


def shortfall(
    workers: WorkerTable,
    i: int,
    vacancies: VacancyTable,
    market: Market,
    *,
    found: int,
    asked: int = 3,
    floor: float | None = None,
) -> Shortfall | None:
    """What keeps worker i from getting `asked` jobs; None when `found` are enough. `floor` absent: the profile's."""
    missing = asked - found
    if missing <= 0:
        return None
    floor = market.profile.floor if floor is None else floor
    failed = failed_by_vacancy(workers, i, vacancies, market, floor)
    removed = []
    for limit in TELLABLE:
        alone = np.flatnonzero(failed == 1 << limit)
        if len(alone) and limit is Limit.SKILL:
            named = _other_occupations(alone, workers, i, vacancies, market, floor)
            removed.append(Removed(limit, len(alone), named[0] if named else None, named[1:]))
        elif len(alone):
            removed.append(
                Removed(limit, len(alone), _would_open(limit, alone, workers, i, vacancies, market, missing))
            )
    return Shortfall(missing, tuple(sorted(removed, key=lambda row: -row.removes)))


def main_limits(workers: WorkerTable, vacancies: VacancyTable, market: Market) -> list[Limit | None]:
    """What above all keeps jobs from each worker: the limit that alone removes most vacancies; when none does alone,
    the one that most vacancies meet among others. None: nothing the worker could change does."""
    check_workers(workers, market)
    check_vacancies(vacancies, market)
    records, floor = kernels.vacancy_records(vacancies), market.profile.floor
    people = kernels.worker_records(workers)
    return [_main_limit(_failed(person, workers.declined, records, market, floor)) for person in people]


def _main_limit(failed: Ints) -> Limit | None:
    """The same of one worker's limits, int32[n]."""
    bits, counts = np.unique(failed[(failed != 0) & (failed & ~_OURS_BITS == 0)], return_counts=True)
    theirs = dict(zip(bits.tolist(), counts.tolist(), strict=True))
    counted = {limit: theirs.get(1 << limit, 0) for limit in _OURS}
    if not any(counted.values()):
        counted = {limit: sum(many for bit, many in theirs.items() if bit >> limit & 1) for limit in _OURS}
    return max(_OURS, key=lambda limit: counted[limit]) if theirs else None


def failed_by_vacancy(workers: WorkerTable, i: int, vacancies: VacancyTable, market: Market, floor: float) -> Ints:
    """int32[n]: for each vacancy the bits `1 << Limit` of all limits that worker i fails with it."""
    check_workers(workers, market)
    check_vacancies(vacancies, market)
    person = kernels.worker_records(workers)[i]
    return _failed(person, workers.declined, kernels.vacancy_records(vacancies), market, floor)


def _failed(person: np.void, declined: Longs, vacancies: NDArray[np.void], market: Market, floor: float) -> Ints:
    """The same of a worker and vacancies that were checked and packed before."""
    failed, scores = np.zeros(len(vacancies), np.int32), np.zeros(len(vacancies), np.int64)
    kernels.score_all(
        person,
        vacancies,
        kernels.rules_of(market, floor)[0],
        kernels.places_of(market),
        market.tiers,
        market.likeness,
        market.occupations,
        declined,
        failed,
        scores,
    )
    return failed


def _would_open(
    limit: Limit,
    alone: NDArray[np.intp],
    workers: WorkerTable,
    i: int,
    vacancies: VacancyTable,
    market: Market,
    missing: int,
) -> Opening | None:
    """The smallest step that opens as many jobs as are missing, or as many as there are."""
    if limit is Limit.MIN_WAGE:
        pay = np.sort(vacancies.wage_hi[alone])[::-1]
        least = int(pay[min(missing, len(pay)) - 1])
        return Opening("min_wage", least, int((pay >= least).sum()))
    if limit is Limit.DESTINATIONS:
        return _most(market.geography.province[vacancies.division[alone]], "destination")
    if limit is Limit.SCOPE:
        return _wider_scope(Scope(int(workers.scope[i])), alone, int(workers.home[i]), vacancies, market.geography)
    if limit is Limit.REACH:
        return _longer_reach(alone, workers, i, vacancies, missing)
    if limit is Limit.CERTIFICATES:
        return _one_certificate(vacancies.certificates[alone], int(workers.certificates[i]))
    return None


def _most(values: Ints, wish: str) -> Opening:
    """The most frequent value; of equally frequent ones the lowest."""
    distinct, counts = np.unique(values, return_counts=True)
    return Opening(wish, int(distinct[np.argmax(counts)]), int(counts.max()))


def _wider_scope(
    scope: Scope, alone: NDArray[np.intp], home: int, vacancies: VacancyTable, geography: Geography
) -> Opening | None:
    zones = np.array([geography.zone(home, int(vacancies.division[j])) for j in alone])
    for wider in _SCOPES:
        jobs = int(((zones & (wider | scope)) != 0).sum())
        if jobs:
            return Opening("scope", int(wider | scope), jobs)
    return None


def _longer_reach(
    alone: NDArray[np.intp], workers: WorkerTable, i: int, vacancies: VacancyTable, missing: int
) -> Opening:
    home = workers.row(i).point
    far = np.sort([kilometres(home, vacancies.row(int(j)).point) for j in alone])
    reach_km = int(np.ceil(far[min(missing, len(far)) - 1]))
    return Opening("reach_km", reach_km, int((far <= reach_km).sum()))


def _one_certificate(required: NDArray[np.uint64], held: int) -> Opening | None:
    """The one certificate that opens most jobs by itself."""
    lacking = [int(bits) & ~held for bits in required]
    single = np.array([bits.bit_length() - 1 for bits in lacking if bits.bit_count() == 1], np.int32)
    return _most(single, "certificate") if len(single) else None


def _other_occupations(
    alone: NDArray[np.intp], workers: WorkerTable, i: int, vacancies: VacancyTable, market: Market, floor: float
) -> tuple[Opening, ...]:
    """Occupations, each with the jobs that clear the floor once it is wished for as well: its own and those it serves.
    Each is the most frequent among the jobs that those before it leave shut."""
    records, asked = kernels.vacancy_records(vacancies.only(alone)), vacancies.occupation[alone]
    found: list[Opening] = []
    shut = asked >= 0
    while shut.any() and len(found) < _OCCUPATIONS:
        term = _most(asked[shut], "occupation").value
        person = kernels.worker_records(_wishing_also(workers, i, term))[i]
        opens = _failed(person, workers.declined, records, market, floor) == 0
        found.append(Opening("occupation", term, int(opens.sum())))
        shut &= ~opens & (asked != term)
    return tuple(sorted((one for one in found if one.jobs), key=lambda one: -one.jobs))


def _wishing_also(workers: WorkerTable, i: int, term: int) -> WorkerTable:
    """The workers, worker i with one more wished occupation."""
    wished = (*workers.row(i).occupations, term)
    stated = workers.occupations
    occupations = np.full((len(workers), max(len(wished), stated.shape[1])), -1, np.int32)
    occupations[:, : stated.shape[1]] = stated
    occupations[i, : len(wished)] = wished
    return replace(workers, occupations=occupations)
