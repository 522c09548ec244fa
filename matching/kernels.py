"""Compiled twins of score.py and eligibility.py, and the exhaustive search over all pairs.

Functions are named as their readable twins where they have one, and do the same operations on the same doubles in the
same order (no fast-math), so that scores agree to the micro-point; tests/matching holds them together. Everything
compiled stays in this one file: Numba's cache watches only the file a function is written in, and would go on serving
machine code made from an older version of an imported helper.

One worker, one vacancy and the rules travel as records (rows of structured arrays): a pointer each, where tuples of
arrays would cost a reference count per array and call. `error_model="numpy"` leaves out the test for division by
zero, which would keep loops from vectorising.
"""

from collections.abc import Callable, Sequence
from math import asin, floor, isnan, sqrt
from typing import Any, NamedTuple, TypeAlias, TypeVar, cast

import numpy as np
from llvmlite import ir  # type: ignore[import-untyped]  # comes without types
from numba import njit, types
from numba.extending import intrinsic
from numba.np.arrayobj import populate_array
from numba.np.numpy_support import from_dtype
from numpy.typing import NDArray

from matching.eligibility import HAZARDOUS_AGE, WORKING_AGE, Limit
from matching.geo import EARTH_RADIUS_KM
from matching.tables import (
    NO_DAY,
    Bits,
    Bytes,
    Flags,
    Ints,
    LabourAbility,
    Longs,
    Market,
    Reals,
    Scope,
    Shorts,
    Tier,
    VacancyTable,
    WorkerTable,
)

Singles = NDArray[np.float32]
#: Structured arrays, and rows of them, with the fields of the dtypes below.
Records: TypeAlias = NDArray[np.void]
Single: TypeAlias = np.float32
Record: TypeAlias = Any
#: A number of whatever width the caller has; the compiler makes a version for each.
Number: TypeAlias = Any
F = TypeVar("F", bound=Callable[..., Any])

#: Below every reachable score minus price.
NO_SCORE = np.iinfo(np.int64).min

# Numba freezes globals; plain integers keep it from boxing enumerations.
_CONSENT, _IN_WORK, _OPEN = 1 << Limit.CONSENT, 1 << Limit.IN_WORK, 1 << Limit.OPEN
_IN_DATE, _OPENINGS, _MIN_WAGE = 1 << Limit.IN_DATE, 1 << Limit.OPENINGS, 1 << Limit.MIN_WAGE
_DESTINATIONS, _SCOPE, _WILLING = 1 << Limit.DESTINATIONS, 1 << Limit.SCOPE, 1 << Limit.WILLING
_CLOSED, _REACH, _CERTIFICATES = 1 << Limit.CLOSED_DESTINATION, 1 << Limit.REACH, 1 << Limit.CERTIFICATES
_WORKING_AGE, _EMPLOYER_AGE = 1 << Limit.WORKING_AGE, 1 << Limit.EMPLOYER_AGE
_HAZARDOUS, _ABILITY = 1 << Limit.HAZARDOUS_AGE, 1 << Limit.LABOUR_ABILITY
_START, _DECLINED, _SKILL = 1 << Limit.START, 1 << Limit.DECLINED, 1 << Limit.SKILL
_ZONE_COUNTY, _ZONE_PREFECTURE = int(Scope.COUNTY), int(Scope.REST_OF_PREFECTURE)
_ZONE_PROVINCE, _ZONE_OUTSIDE = int(Scope.REST_OF_PROVINCE), int(Scope.OUTSIDE_PROVINCE)
_ANYWHERE = int(Scope.ANYWHERE)
_FULL_ABILITY = int(LabourAbility.FULL)
_NO_DAY = int(NO_DAY)
_WORKING, _ADULT = WORKING_AGE, HAZARDOUS_AGE
_RADIUS = EARTH_RADIUS_KM

#: Required skills that one bounding loop adds up; lists are padded to a multiple.
_SKILLS_AT_ONCE = 5
#: The bound of a vacancy that is out.
_OUT = np.iinfo(np.int32).min
#: Vacancies bounded together before the survivors are scored exactly.
_BLOCK = 2048


def compiled(function: F) -> F:
    """Machine code on first call, kept on disk, free of the interpreter lock while it runs."""
    return cast(F, njit(cache=True, nogil=True, error_model="numpy")(function))


#: A part of compiled functions needs none of the ways in from Python, which take as long to compile as itself.
_INSIDE: dict[str, Any] = {"nogil": True, "error_model": "numpy", "no_cpython_wrapper": True, "no_cfunc_wrapper": True}


def part(function: F) -> F:
    """A part of compiled functions, not called from Python."""
    return cast(F, njit(**_INSIDE)(function))


def merged(function: F) -> F:
    """A part that is always merged into its caller: a call would count references to every array it is given."""
    return cast(F, njit(forceinline=True, **_INSIDE)(function))


# ---- records --------------------------------------------------------------------------------------------------------

#: The rules of one ranking.
RULES = np.dtype(
    [
        ("w_skill", "f8"),
        ("w_distance", "f8"),
        ("w_pairing", "f8"),
        ("w_pay", "f8"),
        ("tier_values", "f8", (len(Tier),)),
        ("neutral_skill", "f8"),
        ("neutral_pay", "f8"),
        ("default_reach_km", "f8"),
        ("occupation_share", "f8"),
        ("floor", "f8"),
        ("today", "i8"),
        ("start_within_days", "i8"),
    ]
)

_VACANCY_FIELDS = [
    ("seq", "i8"),
    ("certificates", "u8"),
    ("occupation", "i4"),
    ("division", "i4"),
    ("wage_lo", "i4"),
    ("wage_hi", "i4"),
    ("valid_until_day", "i4"),
    ("start_day", "i4"),
    ("employer", "i4"),
    ("openings", "i4"),
    ("age_min", "i2"),
    ("age_max", "i2"),
    ("open", "b1"),
    ("hazardous", "b1"),
    ("light_work", "b1"),
]
_WORKER_FIELDS = [
    ("certificates", "u8"),
    ("reach_km", "f8"),
    ("home", "i4"),
    ("min_wage", "i4"),
    ("available_day", "i4"),
    ("age", "i2"),
    ("scope", "u1"),
    ("labour_ability", "u1"),
    ("reach_is_limit", "b1"),
    ("willing", "b1"),
    ("in_work_not_asking", "b1"),
    ("consent", "b1"),
]
_POINT_FIELDS = [("x", "f8"), ("y", "f8"), ("z", "f8")]
_DECLINED_FIELDS = [("declined_from", "i8"), ("declined_to", "i8")]
#: What every worker's record begins with; lists follow, as wide as the table's. The name of their first number keeps
#: Numba from taking the whole record for a subtype of this one, which it warns of.
WORKER = np.dtype([*_POINT_FIELDS, *_DECLINED_FIELDS, *_WORKER_FIELDS, ("first_listed", "i4")], align=True)


def width_for(longest: int, step: int) -> int:
    """A list width out of a few (step, twice that, …), since every width is compiled anew."""
    width = step
    while width < longest:
        width *= 2
    return width


def vacancy_records(table: VacancyTable) -> Records:
    """One record a vacancy, with the columns of the table, its point as x, y, z and `skills` as a nested list."""
    nested = [("skills", "i4", (width_for(table.skills.shape[1], 5),))]
    return _packed(table, np.dtype([*_POINT_FIELDS, *_VACANCY_FIELDS, *nested], align=True))


#: A worker's lists, and the least width of each.
_LISTS = {"occupations": 4, "skills": 8, "destinations": 4}


def _worker_dtype(*widths: int) -> np.dtype[Any]:
    lists = [(name, "i4", (width,)) for name, width in zip(_LISTS, widths, strict=True)]
    return np.dtype([*_POINT_FIELDS, *_DECLINED_FIELDS, *_WORKER_FIELDS, *lists], align=True)


def worker_records(table: WorkerTable) -> Records:
    """One record a worker, with the columns of the table, its point as x, y, z and the offsets of what was declined."""
    widths = (width_for(getattr(table, name).shape[1], step) for name, step in _LISTS.items())
    records = _packed(table, _worker_dtype(*widths))
    records["declined_from"], records["declined_to"] = table.declined_start[:-1], table.declined_start[1:]
    return records


def _packed(table: VacancyTable | WorkerTable, dtype: np.dtype[Any]) -> Records:
    records = np.zeros(len(table), dtype)
    records["x"], records["y"], records["z"] = table.points.T
    for name in dtype.names or ():
        if not hasattr(table, name):
            continue
        column = getattr(table, name)
        if column.ndim == 2:
            records[name] = -1
            records[name][:, : column.shape[1]] = column
        else:
            records[name] = column
    return records


def stacked(groups: Sequence[Records], declined: Sequence[Longs]) -> tuple[Records, Longs]:
    """Workers of several tables one behind the other, lists as wide as the widest; and what they declined."""
    if not groups:
        return np.zeros(0, _worker_dtype(4, 8, 4)), np.zeros(0, np.int64)
    widths = [[group.dtype[name].shape[0] for name in _LISTS] for group in groups]
    together = np.zeros(sum(map(len, groups)), _worker_dtype(*(max(column) for column in zip(*widths, strict=True))))
    first = offset = 0
    for group, seqs in zip(groups, declined, strict=True):
        mine = together[first : first + len(group)]
        for name in group.dtype.names or ():
            if name in _LISTS:
                mine[name] = -1
                mine[name][:, : group.dtype[name].shape[0]] = group[name]
            else:
                mine[name] = group[name]
        mine["declined_from"] += offset
        mine["declined_to"] += offset
        first, offset = first + len(group), offset + len(seqs)
    return together, np.concatenate(declined)


def rules_of(market: Market, floor: float) -> Records:
    """The profile's numbers, the day, and the floor that holds for this ranking, as one record in an array."""
    profile, weights = market.profile, market.profile.weights
    rules = np.zeros(1, RULES)
    for name in ("tier_values", "neutral_skill", "neutral_pay", "default_reach_km", "occupation_share"):
        rules[name] = getattr(profile, name)
    rules["w_skill"], rules["w_distance"] = weights.skill, weights.distance
    rules["w_pairing"], rules["w_pay"] = weights.pairing, weights.pay
    rules["floor"], rules["today"], rules["start_within_days"] = floor, market.today, profile.start_within_days
    return rules


class Places(NamedTuple):
    """What the kernels know of divisions: d of them."""

    prefecture: Ints
    province: Ints
    #: bool[d]: closed by an order for itself or for a place it lies in.
    closed: Flags


def places_of(market: Market) -> Places:
    """Divisions with orders carried down to the places inside."""
    geography = market.geography
    inherited = geography.closed[geography.province] | geography.closed
    inherited |= (geography.prefecture >= 0) & geography.closed[geography.prefecture]
    return Places(geography.prefecture, geography.province, inherited)


# ---- one pair -------------------------------------------------------------------------------------------------------


@part
def kilometres(a: Record, b: Record) -> float:
    """Twin of geo.kilometres, between two records with x, y, z."""
    x, y, z = a.x - b.x, a.y - b.y, a.z - b.z
    half_chord = 0.5 * sqrt(x * x + y * y + z * z)
    return 2.0 * _RADIUS * asin(min(1.0, half_chord))


@part
def nearness(km: float, reach_km: float) -> float:
    """Twin of geo.nearness."""
    share = km / reach_km
    return 1.0 / (1.0 + share * share)


@merged
def known_terms(occupations: Ints, skills: Ints, likeness: Bytes, by_wish: Bytes, by_any: Bytes) -> bool:
    """Fill go (uint8[occupations]) and g (uint8[terms + 1], the last for padding); False: nothing is known."""
    by_wish[:] = 0
    by_any[:] = 0
    known = False
    for term in occupations:
        if term >= 0:
            known = True
            row = likeness[term]
            for t in range(len(by_wish)):
                by_wish[t] = max(by_wish[t], row[t])
            for t in range(len(row)):
                by_any[t] = max(by_any[t], row[t])
    for term in skills:
        if term >= 0:
            known = True
            row = likeness[term]
            for t in range(len(row)):
                by_any[t] = max(by_any[t], row[t])
    return known


@part
def skill_part(vacancy: Record, rules: Record, known: bool, by_wish: Bytes, by_any: Bytes) -> float:
    """Twin of score.skill_part, from the filled go and g."""
    if not known:
        return float(rules.neutral_skill)
    occupation = rules.neutral_skill if vacancy.occupation < 0 else by_wish[vacancy.occupation] / 100.0
    asked = 0
    served = 0
    for skill in vacancy.skills:
        if skill >= 0:
            asked += 1
            served += by_any[skill]
    if asked == 0:
        return float(occupation)
    required = served / (100.0 * asked)
    return float(rules.occupation_share * occupation + (1.0 - rules.occupation_share) * required)


@part
def pay_part(min_wage: Number, wage_lo: Number, wage_hi: Number, neutral_pay: float) -> float:
    """Twin of score.pay_part."""
    if min_wage == 0:
        return neutral_pay
    middle = (wage_lo + wage_hi) * 0.5
    return float(min(1.0, max(0.0, (middle / min_wage - 1.0) / 0.5)))


@part
def micropoints(rules: Record, skill: Number, distance: Number, pairing: Number, pay: Number) -> int:
    """Twin of score.micropoints."""
    total = rules.w_skill * skill + rules.w_distance * distance + rules.w_pairing * pairing + rules.w_pay * pay
    whole: int = floor(total * 1_000_000 + 0.5)
    return whole


@merged
def failed_alone(worker: Record) -> int:
    """Bits of the limits that concern the worker alone."""
    failed = 0
    if not worker.consent:
        failed |= _CONSENT
    if worker.in_work_not_asking:
        failed |= _IN_WORK
    if worker.age < _WORKING:
        failed |= _WORKING_AGE
    return failed


@part
def failed_places(worker: Record, places: Places, failed: Ints) -> None:
    """Bits of the limits about where the work is, for every division: into int32[d]."""
    home, own_prefecture, own_province = worker.home, places.prefecture[worker.home], places.province[worker.home]
    prefecture, province, closed = places.prefecture, places.province, places.closed
    scope = np.int32(worker.scope)
    away = np.int32(0 if worker.willing else _WILLING)
    away |= np.int32(0 if worker.labour_ability == _FULL_ABILITY else _ABILITY)
    named = False
    for area in worker.destinations:
        named = named or area >= 0
    unwished = np.int32(_DESTINATIONS if named else 0)
    for d in range(len(failed)):
        inside = (d == home) | (prefecture[d] == home) | (province[d] == home)
        around = np.int32(_ZONE_PROVINCE if province[d] == own_province else _ZONE_OUTSIDE)
        around = np.int32(_ZONE_PREFECTURE) if (own_prefecture >= 0) & (prefecture[d] == own_prefecture) else around
        around = np.int32(_ZONE_COUNTY) if inside else around
        bits = np.int32(0) if inside else away
        bits |= np.int32(0 if scope & around else _SCOPE)
        bits |= np.int32(_CLOSED if closed[d] else 0)
        failed[d] = bits | unwished
    for area in worker.destinations:
        if area >= 0:
            for d in range(len(failed)):
                inside = (d == area) | (prefecture[d] == area) | (province[d] == area)
                failed[d] &= np.int32(~_DESTINATIONS if inside else -1)


@part
def failed_offer(worker: Record, vacancy: Record, rules: Record, declined: Longs) -> int:
    """Bits of the limits about the vacancy itself: state, dates, pay, certificates, age, ability."""
    failed = 0
    if not vacancy.open:
        failed |= _OPEN
    if vacancy.valid_until_day != _NO_DAY and vacancy.valid_until_day < rules.today:
        failed |= _IN_DATE
    if vacancy.openings <= 0:
        failed |= _OPENINGS
    if vacancy.wage_hi < worker.min_wage:
        failed |= _MIN_WAGE
    if vacancy.certificates & ~worker.certificates:
        failed |= _CERTIFICATES
    if not vacancy.age_min <= worker.age <= vacancy.age_max:
        failed |= _EMPLOYER_AGE
    if vacancy.hazardous and worker.age < _ADULT:
        failed |= _HAZARDOUS
    if worker.labour_ability != _FULL_ABILITY and not vacancy.light_work:
        failed |= _ABILITY
    if worker.available_day != _NO_DAY and vacancy.start_day != _NO_DAY:
        available, start = max(worker.available_day, rules.today), max(vacancy.start_day, rules.today)
        if abs(start - available) > rules.start_within_days:
            failed |= _START
    for d in range(worker.declined_from, worker.declined_to):
        if declined[d] == vacancy.seq:
            failed |= _DECLINED
    return failed


@part
def is_too_far(worker: Record, km: float) -> bool:
    """Whether a reach given as a limit is exceeded."""
    return bool(worker.reach_is_limit and not isnan(worker.reach_km) and not km <= worker.reach_km)


@part
def score_one(
    worker: Record, vacancy: Record, rules: Record, tier: int, known: bool, by_wish: Bytes, by_any: Bytes, parts: Reals
) -> int:
    """Twin of score.score_one: micro-points; and skill, distance, pairing, pay, km into float64[5] `parts`."""
    parts[4] = kilometres(worker, vacancy)
    parts[0] = skill_part(vacancy, rules, known, by_wish, by_any)
    parts[1] = nearness(parts[4], rules.default_reach_km if isnan(worker.reach_km) else worker.reach_km)
    parts[2] = rules.tier_values[tier]
    parts[3] = pay_part(worker.min_wage, vacancy.wage_lo, vacancy.wage_hi, rules.neutral_pay)
    return micropoints(rules, parts[0], parts[1], parts[2], parts[3])


# ---- every vacancy of one worker, or given pairs --------------------------------------------------------------------


@compiled
def score_all(
    worker: Record,
    vacancies: Records,
    rules: Record,
    places: Places,
    tiers: Bytes,
    likeness: Bytes,
    occupations: int,
    declined: Longs,
    failed: Ints,
    scores: Longs,
) -> None:
    """Bits of all failed limits into int32[n] and micro-points into int64[n], for one worker and every vacancy."""
    by_wish, by_any = np.zeros(occupations, np.uint8), np.zeros(len(likeness) + 1, np.uint8)
    known = known_terms(worker.occupations, worker.skills, likeness, by_wish, by_any)
    of_place = np.zeros(len(places.province), np.int32)
    failed_places(worker, places, of_place)
    parts = np.zeros(5)
    alone = failed_alone(worker)
    for j in range(len(vacancies)):
        vacancy = vacancies[j]
        tier = tiers[worker.home, vacancy.division]
        scores[j] = score_one(worker, vacancy, rules, tier, known, by_wish, by_any, parts)
        bits = alone | of_place[vacancy.division] | failed_offer(worker, vacancy, rules, declined)
        if is_too_far(worker, parts[4]):
            bits |= _REACH
        if parts[0] < rules.floor:
            bits |= _SKILL
        failed[j] = bits


@compiled
def describe(
    workers: Records,
    vacancies: Records,
    rules: Records,
    tiers: Bytes,
    likeness: Bytes,
    occupations: int,
    rows: Longs,
    parts: Reals,
) -> None:
    """The parts of given pairs: int64[n, k] rows of vacancies (-1: none) -> float64[n, k, 5]."""
    by_wish, by_any = np.zeros(occupations, np.uint8), np.zeros(len(likeness) + 1, np.uint8)
    for i in range(len(workers)):
        worker = workers[i]
        known = known_terms(worker.occupations, worker.skills, likeness, by_wish, by_any)
        for r in range(rows.shape[1]):
            if rows[i, r] >= 0:
                vacancy = vacancies[rows[i, r]]
                tier = tiers[worker.home, vacancy.division]
                score_one(worker, vacancy, rules[0], tier, known, by_wish, by_any, parts[i, r])


# ---- the best k -----------------------------------------------------------------------------------------------------


@part
def is_same_job(a: Record, b: Record) -> bool:
    """Same employer and occupation; an unknown employer is like nobody else."""
    return bool(a.employer >= 0 and a.employer == b.employer and a.occupation == b.occupation)


@part
def goes_before(vacancies: Records, row: int, key: int, other: int, other_key: int) -> bool:
    """Whether a vacancy ranks before another, or before an empty place."""
    if other < 0 or key != other_key:
        return other < 0 or key > other_key
    return bool(vacancies[row].seq < vacancies[other].seq)


@part
def keep(
    rows: Longs, keys: Longs, scores: Longs, row: int, key: int, score: int, vacancies: Records, distinct: bool
) -> None:
    """Put a vacancy into its place among the best so far: int64[k] each, key descending, then earlier seq.

    With `distinct` the better of two vacancies with one employer and occupation stays. That is exact although rows
    come one by one: what falls off the end does so behind k other jobs, and those only get better.
    """
    place = len(rows) - 1
    if distinct:
        for r in range(len(rows)):
            if rows[r] >= 0 and is_same_job(vacancies[rows[r]], vacancies[row]):
                place = r
                break
    if not goes_before(vacancies, row, key, rows[place], keys[place]):
        return
    while place > 0 and goes_before(vacancies, row, key, rows[place - 1], keys[place - 1]):
        rows[place], keys[place], scores[place] = rows[place - 1], keys[place - 1], scores[place - 1]
        place -= 1
    rows[place], keys[place], scores[place] = row, key, score


# Each loop sees one block: slices of n vacancies. Unsigned subscripts spare the test for negative ones, which would
# keep the loop from vectorising.


@part
def _bound_skills(
    s0: Ints, s1: Ints, s2: Ints, s3: Ints, s4: Ints, of_skill: Singles, per_skill: Singles, out: Singles
) -> None:
    """Add the weighted share of five required skills; padding points at a zero."""
    for q in range(len(out)):
        total = of_skill[np.uint32(s0[q])] + of_skill[np.uint32(s1[q])] + of_skill[np.uint32(s2[q])]
        total += of_skill[np.uint32(s3[q])] + of_skill[np.uint32(s4[q])]
        out[q] += total * per_skill[q]


@part
def _bound_occupation(occupation: Ints, of_occupation: Singles, out: Singles) -> None:
    """The weighted share of the occupation: alone at even subscripts, beside required skills at odd ones."""
    for q in range(len(out)):
        out[q] = of_occupation[np.uint32(occupation[q])]


@part
def _bound_distance(
    x: Singles, y: Singles, z: Singles, home: Record, weight: float, reach_km: float, out: Singles
) -> None:
    """Add the weighted distance part or a little more: chords are shortened by what single precision may add."""
    hx, hy, hz = np.float32(home.x), np.float32(home.y), np.float32(home.z)
    scale = np.float32((_RADIUS / reach_km) * (_RADIUS / reach_km) * (1.0 - 1e-6))
    w = np.float32(weight)
    for q in range(len(out)):
        dx, dy, dz = x[q] - hx, y[q] - hy, z[q] - hz
        chord = max(np.float32(0.0), np.sqrt(dx * dx + dy * dy + dz * dz) - np.float32(4e-7))
        square = chord * chord
        angle = square * (np.float32(1.0) + square * (np.float32(1 / 12) + square * np.float32(1 / 90)))
        out[q] += w / (np.float32(1.0) + angle * scale)


@part
def _bound_place(division: Ints, of_division: Singles, out: Singles) -> None:
    """Add the weighted pairing part; minus infinity where the worker may not or does not want to go."""
    for q in range(len(out)):
        out[q] += of_division[np.uint32(division[q])]


@part
def _bound_pay(double_middle: Ints, wage_hi: Ints, min_wage: int, weight: float, neutral: float, out: Singles) -> None:
    """Add the weighted pay part; minus infinity where the pay does not reach the least asked for."""
    if min_wage == 0:
        for q in range(len(out)):
            out[q] += np.float32(weight * neutral)
        return
    per_yuan, w = np.float32(1.0 / min_wage), np.float32(weight)
    least = np.int32(min_wage)
    for q in range(len(out)):
        over = np.float32(double_middle[q]) * per_yuan - np.float32(2.0)
        value = out[q] + w * min(np.float32(1.0), max(np.float32(0.0), over))
        out[q] = value if wage_hi[q] >= least else np.float32(-np.inf)


@part
def _bound_certificates(certificates: Bits, missing: int, out: Singles) -> None:
    """Minus infinity where a certificate is missing."""
    for q in range(len(out)):
        out[q] = out[q] if (certificates[q] & missing) == 0 else np.float32(-np.inf)


@part
def _bound_price(prices: Longs, out: Singles) -> None:
    """Subtract the price of the opening, in micro-points."""
    for q in range(len(out)):
        out[q] -= np.float32(prices[q] * 1e-6)


@part
def _in_whole_points(out: Singles, whole: Ints) -> None:
    """Bounds in micro-points; the lowest integer for minus infinity.

    Integers, because their maximum vectorises: that of reals would have to mind what is not a number.
    """
    for q in range(len(out)):
        whole[q] = np.int32(out[q] * np.float32(1e6)) if out[q] > np.float32(-2000.0) else np.int32(_OUT)


@part
def _greatest(whole: Ints) -> int:
    greatest = np.int32(_OUT)
    for q in range(len(whole)):
        greatest = max(greatest, whole[q])
    return int(greatest)


@part
def _place_of(value: int, whole: Ints) -> int:
    """The last place that holds a value known to be there."""
    wanted = np.int32(value)
    place = np.int32(0)
    for q in range(len(whole)):
        place = max(place, np.int32(q) if whole[q] == wanted else np.int32(0))
    return int(place)


@part
def _least_bound(key: int) -> int:
    """The bound under which nothing can enter a list that ends with this key; a little low, for single precision."""
    if key == NO_SCORE:
        return _OUT + 1
    return key - 5 - (abs(key) >> 16)


class Bounds(NamedTuple):
    """What the bounding loops read, by column: n vacancies."""

    #: int32[n]: twice the occupation (behind the last one when nobody understood it), plus 1 beside required skills.
    occupation: Ints
    #: int32[w, n], w a multiple of five; padding points at the zero behind the last term.
    skills: Ints
    #: float32[n]: one over the number of required skills, 0 when there are none.
    per_skill: Singles
    x: Singles
    y: Singles
    z: Singles
    division: Ints
    double_middle: Ints
    wage_hi: Ints
    certificates: Bits


def bounds_of(table: VacancyTable, market: Market) -> Bounds:
    """The columns for the bounding loops."""
    asked = (table.skills >= 0).sum(axis=1)
    skills = np.full((-(-table.skills.shape[1] // _SKILLS_AT_ONCE) * _SKILLS_AT_ONCE, len(table)), len(market.likeness))
    skills[: table.skills.shape[1]] = np.where(table.skills < 0, len(market.likeness), table.skills).T
    occupation = np.where(table.occupation < 0, market.occupations, table.occupation)
    x, y, z = np.ascontiguousarray(table.points.T, dtype=np.float32)
    return Bounds(
        occupation=(2 * occupation + (asked > 0)).astype(np.int32),
        skills=skills.astype(np.int32),
        per_skill=np.divide(1.0, asked, out=np.zeros(len(asked)), where=asked > 0).astype(np.float32),
        x=x,
        y=y,
        z=z,
        division=table.division,
        double_middle=table.wage_lo + table.wage_hi,
        wage_hi=table.wage_hi,
        certificates=table.certificates,
    )


@part
def _shares_of_skill(
    rules: Record, known: bool, by_wish: Bytes, by_any: Bytes, of_occupation: Singles, of_skill: Singles
) -> None:
    """What an occupation (alone, and beside required skills) and a required skill add to the weighted skill part."""
    weight = rules.w_skill
    if not known:
        of_occupation[:] = weight * rules.neutral_skill
        of_skill[:] = 0.0
        return
    for t in range(len(by_any)):
        of_skill[t] = weight * (1.0 - rules.occupation_share) * 0.01 * by_any[t]
    for t in range(len(by_wish) + 1):
        value = rules.neutral_skill if t == len(by_wish) else by_wish[t] * 0.01
        of_occupation[2 * t] = weight * value
        of_occupation[2 * t + 1] = weight * rules.occupation_share * value


@compiled
def search_all(
    workers: Records,
    first_worker: int,
    end_worker: int,
    vacancies: Records,
    bounds: Bounds,
    rules_: Records,
    places: Places,
    tiers: Bytes,
    likeness: Bytes,
    occupations: int,
    declined: Longs,
    prices: Longs,
    distinct: bool,
    rows: Longs,
    keys: Longs,
    scores: Longs,
) -> None:
    """The best k vacancies of workers [first, end), by looking at every one: into int64[workers, k] each.

    Blocks of vacancies are bounded from above by loops that vectorise; only what could still enter the list is
    filtered and scored in double precision. `prices` is int64[n] or empty.
    """
    rules = rules_[0]
    k = rows.shape[1]
    by_wish, by_any = np.zeros(occupations, np.uint8), np.zeros(len(likeness) + 1, np.uint8)
    of_skill = np.zeros(len(by_any), np.float32)
    of_occupation = np.zeros(2 * (occupations + 1), np.float32)
    of_division = np.zeros(len(places.province), np.float32)
    barred = np.zeros(len(places.province), np.int32)
    tier_values = np.zeros(len(rules.tier_values), np.float32)
    for tier in range(len(tier_values)):
        tier_values[tier] = rules.w_pairing * rules.tier_values[tier]
    sums, whole = np.zeros(_BLOCK, np.float32), np.zeros(_BLOCK, np.int32)
    parts = np.zeros(5)
    for i in range(first_worker, end_worker):
        worker = workers[i]
        for r in range(k):
            rows[i, r], keys[i, r], scores[i, r] = -1, NO_SCORE, 0
        if failed_alone(worker):
            continue
        known = known_terms(worker.occupations, worker.skills, likeness, by_wish, by_any)
        _shares_of_skill(rules, known, by_wish, by_any, of_occupation, of_skill)
        failed_places(worker, places, barred)
        tier_row = tiers[worker.home]
        for d in range(len(barred)):
            of_division[d] = np.float32(-np.inf) if barred[d] else tier_values[tier_row[d]]
        reach_km = rules.default_reach_km if isnan(worker.reach_km) else worker.reach_km
        missing = ~worker.certificates
        for first in range(0, len(vacancies), _BLOCK):
            end = min(first + _BLOCK, len(vacancies))
            out, bound = sums[: end - first], whole[: end - first]
            _bound_occupation(bounds.occupation[first:end], of_occupation, out)
            for a in range(0, len(bounds.skills), _SKILLS_AT_ONCE):
                five = bounds.skills[a : a + _SKILLS_AT_ONCE, first:end]
                _bound_skills(five[0], five[1], five[2], five[3], five[4], of_skill, bounds.per_skill[first:end], out)
            _bound_distance(
                bounds.x[first:end], bounds.y[first:end], bounds.z[first:end], worker, rules.w_distance, reach_km, out
            )
            _bound_place(bounds.division[first:end], of_division, out)
            _bound_pay(
                bounds.double_middle[first:end],
                bounds.wage_hi[first:end],
                worker.min_wage,
                rules.w_pay,
                rules.neutral_pay,
                out,
            )
            _bound_certificates(bounds.certificates[first:end], missing, out)
            if len(prices):
                _bound_price(prices[first:end], out)
            _in_whole_points(out, bound)
            # The likeliest first, so that the least worth having rises early; then whatever is left, in order.
            q = 0
            likely = 4 * k if rows[i, k - 1] < 0 else 0
            while q < len(bound):
                least = _least_bound(keys[i, k - 1])
                if likely > 0:
                    likely -= 1
                    chosen = _place_of(_greatest(bound), bound)
                elif q == 0 and _greatest(bound) < least:
                    break
                else:
                    chosen = q
                    q += 1
                if bound[chosen] < least:
                    continue
                bound[chosen] = _OUT
                row = first + chosen
                vacancy = vacancies[row]
                if failed_offer(worker, vacancy, rules, declined):
                    continue
                tier = tier_row[vacancy.division]
                score = score_one(worker, vacancy, rules, tier, known, by_wish, by_any, parts)
                if parts[0] < rules.floor or is_too_far(worker, parts[4]):
                    continue
                price = prices[row] if len(prices) else 0
                keep(rows[i], keys[i], scores[i], row, score - price, score, vacancies, distinct)


# ---- the pruned search ----------------------------------------------------------------------------------------------
#
# Vacancies lie in cells: one occupation in one division. Cells of one occupation in one province form a group. A
# bound from above is known for every occupation (skill), province and division (distance, pairing), group and cell
# (pay); all bounds are whole micro-points, a little high where single precision might be a little low. The search
# goes to the highest bound first and stops as soon as the next one cannot beat the last of the list.

#: Bounds may be low by this many micro-points before the scores they bound are rounded.
_MARGIN = 8
#: A cell's place in its group goes into the low bits beside its bound, so that one maximum finds both.
_CELL_BITS, _CELL_MASK = 10, 1023
_OCCUPATION_BITS, _OCCUPATION_MASK = 11, 2047
_PROVINCE_BITS, _PROVINCE_MASK = 6, 63
#: In the place of a bound: the group is not to be looked at (again).
_SHUT = -(1 << 30)
#: Prices count for bounds up to here, more than any score.
_MOST_PRICE = 1 << 20
MOST_CELLS, MOST_OCCUPATIONS = 1 << _CELL_BITS, 1 << _OCCUPATION_BITS
#: Greatest wage, and wage_lo + wage_hi.
MOST_WAGE = 65_535
MOST_PAY = (1 << 17) - 1
#: Cells of a group or a stretch that are taken by falling bound; the others as they lie.
_LIKELY_CELLS = 48
#: What it costs to look at a trade, or at one of its groups, counted in cells whose bound is worked out.
_TRADE, _GROUP = 40, 30
#: Days as they are kept in a slot.
NO_SLOT_DAY = 65_535
#: Bits of a slot's flags: open with places left; the rest counts required skills.
_LIVE, _ASKED = 128, 127
_ONE_OVER = np.array([0.0, *(1.0 / asked for asked in range(1, _ASKED + 1))])

#: Where an employer offers work.
SITES = np.dtype([*_POINT_FIELDS, ("employer", "i4")])
#: What a vacancy demands of a person besides skills; many vacancies share one.
DEMANDS = np.dtype(
    [("certificates", "u8"), ("age_min", "i2"), ("age_max", "i2"), ("hazardous", "b1"), ("light_work", "b1")],
    align=True,
)


_SLOT_FIELDS = [
    ("row", "u4"),
    ("site", "u4"),
    ("wage_lo", "u2"),
    ("wage_hi", "u2"),
    ("valid_until", "u2"),
    ("start", "u2"),
    ("demand", "u2"),
    ("flags", "u1"),
]
#: What every slot begins with; required skills follow, as many as the index was built for.
SLOT = np.dtype(_SLOT_FIELDS)
_SLOT_BYTES = int(SLOT.itemsize)


def slot_dtype(width: int) -> np.dtype[Any]:
    """One vacancy in the index, packed: 19 bytes and two for each required skill."""
    return np.dtype([*_SLOT_FIELDS, ("skills", "u2", (width,))])


#: Where a cell's vacancies stand: first slot, end slot, first later slot or -1. One line of memory, read when a cell
#: is opened; what bounds it stands in columns instead.
CELLS = np.dtype([("first", "i4"), ("end", "i4"), ("late", "i4")])

_CELL_BYTES, _SITE_BYTES, _DEMAND_BYTES = int(CELLS.itemsize), int(SITES.itemsize), int(DEMANDS.itemsize)

#: One of the best so far.
BEST = np.dtype([(name, "i8") for name in ("key", "score", "slot", "row", "occupation", "place", "employer")])
_BEST_BYTES = int(BEST.itemsize)

# Rows of the index's tables of numbers.
CELL_PLACE, CELL_PAY, CELL_OCCUPATION = range(3)
USED_SLOTS, USED_SITES, USED_CELLS, USED_DEMANDS, USED_ROWS, ASCENDING, GREATEST = range(7)
GROUP_FIRST, GROUP_CELLS, GROUP_ROOM, GROUP_PAY = range(4)
PLACE_DIVISION, PLACE_PREFECTURE, PLACE_PROVINCE, PLACE_CLOSED = range(4)


class Grid(NamedTuple):
    """The index as the kernels read it: v slots, c cells, g groups, p places (divisions by province), q provinces."""

    #: Records of `slot_dtype`: sorted by cell and falling pay, behind them what was inserted later.
    slots: Records
    sites: Records
    demands: Records
    #: int32[later slots]: the next later slot of the same cell, -1: none. Counted from the first later slot.
    later: Ints
    #: Records of `CELLS`; and int32[3, c]: place (p: not in use), greatest wage_lo + wage_hi, occupation.
    cells: Records
    cell_bounds: Ints
    #: int32[4, g], g = occupation * q + province: first cell, cells, room for cells, greatest wage_lo + wage_hi.
    groups: Ints
    #: float32[4, p] and float32[4, q]: x, y, z and radius (a chord) of a sphere around all workplaces; a radius below
    #: zero: there are none.
    spheres: Singles
    province_spheres: Singles
    #: int32[4, p]: division, its prefecture or -1, its province (a division), closed.
    places: Ints
    #: int32[q + 1]: places of province number q.
    province_first: Ints
    #: int32[d]: the place of each division, and the number of its province.
    place_of: Ints
    province_number: Ints
    #: uint8[d, q]: value order of the best tier between a home and any place of a province.
    best_tier: Bytes
    #: uint8[t, o + 1]: how far a term serves the most similar skill that an occupation asks for.
    reach_of_term: Bytes
    #: int64[rows]: sequence number of each row.
    seq: Longs
    #: int32[rows]: the slot of each row's current version, -1: not in the market.
    slot_of: Ints
    #: bool[o + 1, t]: which skills an occupation was ever asked together with.
    asked: Flags
    #: int64[7]: slots, sites, cells, demands and rows in use; how many rows, the first ones, lie in the order of their
    #: sequence numbers; the greatest of these ever given, -1: none.
    state: Longs
    #: int32[power of two]: numbers of demands by their hash, -1: none.
    demand_table: Ints


class Job(NamedTuple):
    """One call of the search as the kernel reads it."""

    #: Records as from `worker_records`, and where their lists lie: `lists_of`.
    workers: Records
    lists: Longs
    #: One record of `RULES`.
    rules: Records
    #: int64[workers]: the order in which to take them.
    order: Longs
    declined: Longs
    #: int64[rows] or empty.
    prices: Longs
    #: int64[workers, k]: the answer. The parts, float64[workers, k * 5], may be empty.
    rows: Longs
    scores: Longs
    parts: Reals
    tiers: Bytes
    likeness: Bytes
    #: int32 by cell, group and occupation: the lowest price there; empty without prices.
    cell_prices: Ints
    group_prices: Ints
    occupation_prices: Ints


def lists_of(records: Records) -> Longs:
    """int64[6]: offset in a record and width of occupations, skills and destinations."""
    fields: Any = records.dtype.fields
    return np.array(
        [
            number
            for name in ("occupations", "skills", "destinations")
            for number in (fields[name][1], fields[name][0].shape[0])
        ]
    )


def addresses(arrays: Grid | Job) -> Longs:
    """Address, length and width (of a record: bytes) of each array, int64[3 * fields]: how a kernel finds them.

    Forty arrays as arguments cost several microseconds a call and a reference count wherever they are passed on;
    one array of addresses costs neither. Whoever calls keeps the arrays alive.
    """
    block = np.zeros(3 * len(arrays), np.int64)
    for at, array in enumerate(arrays):
        if not array.flags.c_contiguous:
            raise ValueError(f"{type(arrays).__name__}.{arrays._fields[at]} is not contiguous")
        width = array.shape[1] if array.ndim == 2 else array.itemsize
        block[3 * at : 3 * at + 3] = array.ctypes.data, array.shape[0], width
    return block


def _view(context: Any, builder: Any, array: Any, address: Any, shape: list[Any]) -> Any:
    """An array over memory at an address (LLVM values); nobody counts references to it."""
    view = context.make_array(array)(context, builder)
    itemsize = context.get_constant(types.intp, context.get_abi_sizeof(context.get_data_type(array.dtype)))
    strides = [itemsize] if len(shape) == 1 else [builder.mul(shape[1], itemsize), itemsize]
    data = builder.inttoptr(address, view.data.type)
    populate_array(view, data=data, shape=shape, strides=strides, itemsize=itemsize, meminfo=None)  # type: ignore[no-untyped-call]
    return view._getvalue()


def _table(number: type[np.generic], dimensions: int = 1) -> Any:
    """`read(block, at)`: the array that entry `at` of `addresses` tells of."""
    array = types.Array(from_dtype(np.dtype(number)), dimensions, "C")

    def read(typing_context: Any, block: Any, at: Any) -> Any:
        def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            entry = builder.mul(arguments[1], context.get_constant(types.intp, 3))
            numbers = context.make_array(signature.args[0])(context, builder, arguments[0]).data
            places = [builder.add(entry, context.get_constant(types.intp, more)) for more in range(1 + dimensions)]
            address, *shape = [builder.load(builder.gep(numbers, [place])) for place in places]
            return _view(context, builder, array, address, shape)

        return array(block, types.intp), generate

    return intrinsic(read)


def _list(number: type[np.generic]) -> Any:
    """`read(address, length)`: an array in memory we know of."""
    array = types.Array(from_dtype(np.dtype(number)), 1, "C")

    def read(typing_context: Any, address: Any, length: Any) -> Any:
        def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            return _view(context, builder, array, arguments[0], [arguments[1]])

        return array(types.intp, types.intp), generate

    return intrinsic(read)


def _one(dtype: np.dtype[Any]) -> Any:
    """`read(address)`: the record there."""
    record = from_dtype(dtype)

    def read(typing_context: Any, address: Any) -> Any:
        def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            return builder.inttoptr(arguments[0], context.get_value_type(record))

        return record(types.intp), generate

    return intrinsic(read)


_ints, _longs = _table(np.int32), _table(np.int64)
_int_rows, _long_rows, _real_rows = _table(np.int32, 2), _table(np.int64, 2), _table(np.float64, 2)
_single_rows, _byte_rows, _flag_rows = _table(np.float32, 2), _table(np.uint8, 2), _table(np.bool_, 2)
_int_list, _long_list, _byte_list, _term_list = _list(np.int32), _list(np.int64), _list(np.uint8), _list(np.uint16)
_worker, _rules, _slot, _site = _one(WORKER), _one(RULES), _one(SLOT), _one(SITES)
_demand, _cell, _best = _one(DEMANDS), _one(CELLS), _one(BEST)


def _apart(loop: str) -> tuple[Any, Any]:
    """`read` and `write` for one loop: what it writes is nowhere among what it reads.

    A loop that reads at subscripts it has just read is compiled one element at a time, since what it writes might
    change what it reads next; nobody but us can know that it does not. Each loop has its own pair, and must not read
    by it what it writes by it.
    """

    def scope(builder: Any) -> Any:
        module = builder.module
        return module.add_metadata([module.add_metadata([loop, module.add_metadata(["eastwest"])])])

    def place(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        array = context.make_array(signature.args[0])(context, builder, arguments[0])
        at = arguments[1]
        if signature.args[1] == types.int32:
            at = builder.sext(at, context.get_value_type(types.intp))  # a processor gathers by such subscripts at once
        elif signature.args[1] == types.uint8:
            at = builder.zext(at, context.get_value_type(types.intp))
        return builder.gep(array.data, [at])

    def read(typing_context: Any, array: Any, at: Any) -> Any:
        def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            value = builder.load(place(context, builder, signature, arguments))
            value.set_metadata("alias.scope", scope(builder))
            return value

        return array.dtype(array, at if at in (types.int32, types.uint8) else types.uint64), generate

    def write(typing_context: Any, array: Any, at: Any, value: Any) -> Any:
        def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            stored = builder.store(arguments[2], place(context, builder, signature, arguments))
            stored.set_metadata("noalias", scope(builder))
            return context.get_dummy_value()

        return types.void(array, types.uint64, array.dtype), generate

    return intrinsic(read), intrinsic(write)


_read_place, _write_place = _apart("places")
_read_group, _write_group = _apart("groups")
_read_cell, _write_cell = _apart("cells")
_read_sweep, _write_sweep = _apart("sweep")


def _fetch_soon(typing_context: Any, address: Any) -> Any:
    """Ask for a line of memory that will be read in a moment."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        pointer, number = ir.IntType(8).as_pointer(), ir.IntType(32)
        prefetch = builder.module.declare_intrinsic(
            "llvm.prefetch", [pointer], ir.FunctionType(ir.VoidType(), [pointer, number, number, number])
        )
        for_reading, keep, data = (ir.Constant(number, value) for value in (0, 3, 1))
        builder.call(prefetch, [builder.inttoptr(arguments[0], pointer), for_reading, keep, data])
        return context.get_dummy_value()

    return types.void(types.intp), generate


_soon: Any = intrinsic(_fetch_soon)


(
    _G_SLOTS, _G_SITES, _G_DEMANDS, _G_LATER, _G_CELLS, _G_CELL_BOUNDS, _G_GROUPS, _G_SPHERES, _G_PROVINCE_SPHERES,
    _G_PLACES, _G_PROVINCE_FIRST, _G_PLACE_OF, _G_PROVINCE_NUMBER, _G_BEST_TIER, _G_REACH_OF_TERM, _G_SEQ, _G_SLOT_OF,
    _G_ASKED, _G_STATE, _G_DEMAND_TABLE,
) = range(20)  # fmt: skip
_G_FIELDS = len(Grid._fields)
(
    _J_WORKERS, _J_LISTS, _J_RULES, _J_ORDER, _J_DECLINED, _J_PRICES, _J_ROWS, _J_SCORES, _J_PARTS, _J_TIERS,
    _J_LIKENESS, _J_CELL_PRICES, _J_GROUP_PRICES, _J_OCCUPATION_PRICES,
) = range(14)  # fmt: skip
_J_FIELDS = len(Job._fields)


@merged
def _is_earlier(row: Number, other: Number, ascending: Number, seq: Longs) -> bool:
    """Whether a row was inserted before another; rows below `ascending` lie in that order."""
    if row < ascending and other < ascending:
        return bool(row < other)
    return bool(seq[row] < seq[other])


@merged
def _enter(
    best_at: Number,
    k: Number,
    key: Number,
    score: Number,
    slot: Number,
    row: Number,
    occupation: Number,
    place: Number,
    employer: Number,
    ascending: Number,
    seq: Longs,
    distinct: bool,
) -> None:
    """Twin of `keep`, for slots: k records of `BEST` from an address on; `seq` by row."""
    at = k - 1
    if distinct and employer >= 0:
        for r in range(k):
            other = _best(best_at + r * _BEST_BYTES)
            if other.slot >= 0 and other.employer == employer and other.occupation == occupation:
                at = r
                break
    last = _best(best_at + at * _BEST_BYTES)
    if last.slot >= 0 and (key < last.key or (key == last.key and _is_earlier(last.row, row, ascending, seq))):
        return
    while at > 0:
        before, here = _best(best_at + (at - 1) * _BEST_BYTES), _best(best_at + at * _BEST_BYTES)
        if before.slot >= 0 and (
            key < before.key or (key == before.key and _is_earlier(before.row, row, ascending, seq))
        ):
            break
        here.key, here.score, here.slot, here.row = before.key, before.score, before.slot, before.row
        here.occupation, here.place, here.employer = before.occupation, before.place, before.employer
        at -= 1
    new = _best(best_at + at * _BEST_BYTES)
    new.key, new.score, new.slot, new.row = key, score, slot, row
    new.occupation, new.place, new.employer = occupation, place, employer


@part
def _slot_skill(
    slot: Record,
    skills: NDArray[np.uint16],
    occupation: Number,
    rules: Record,
    known: bool,
    by_wish: Bytes,
    by_any: Bytes,
) -> float:
    """Twin of `skill_part`, for a slot whose occupation is known from its cell (the last: nobody understood it)."""
    if not known:
        return float(rules.neutral_skill)
    own = rules.neutral_skill if occupation == len(by_wish) else by_wish[occupation] / 100.0
    asked = slot.flags & _ASKED
    if asked == 0:
        return float(own)
    served = 0
    for skill in skills:
        served += by_any[skill]
    required = served / (100.0 * asked)
    return float(rules.occupation_share * own + (1.0 - rules.occupation_share) * required)


@merged
def _slot_fails(worker: Record, slot: Record, demand: Record, rules: Record) -> bool:
    """Whether `failed_offer` would name a limit, pay and what was declined aside."""
    if not slot.flags & _LIVE or demand.certificates & ~worker.certificates:
        return True
    if slot.valid_until != NO_SLOT_DAY and np.int64(slot.valid_until) < rules.today:
        return True
    if not demand.age_min <= worker.age <= demand.age_max or (demand.hazardous and worker.age < _ADULT):
        return True
    if worker.labour_ability != _FULL_ABILITY and not demand.light_work:
        return True
    if worker.available_day != _NO_DAY and slot.start != NO_SLOT_DAY:
        available, start = max(np.int64(worker.available_day), rules.today), max(np.int64(slot.start), rules.today)
        if abs(start - available) > rules.start_within_days:
            return True
    return False


@merged
def _same_outlook(a: Record, b: Record) -> bool:
    """Whether distance and pairing are alike for two workers, wherever they want to go."""
    same_reach = a.reach_km == b.reach_km or (isnan(a.reach_km) and isnan(b.reach_km))
    same_home = a.home == b.home and a.x == b.x and a.y == b.y and a.z == b.z
    return bool(same_home and same_reach and a.reach_is_limit == b.reach_is_limit)


@merged
def _minds_places_inside_provinces(worker: Record, destinations: Ints, places: Ints, place_of: Ints) -> bool:
    """Whether some of a province's places may be allowed to a worker and others not, closed ones aside."""
    if worker.scope != _ANYWHERE or not worker.willing or worker.labour_ability != _FULL_ABILITY:
        return True
    finer = False
    for area in destinations:
        if area >= 0:
            finer = finer or places[PLACE_PROVINCE, place_of[area]] != area
    return bool(finer)


@merged
def _bound_spheres(
    first: Number,
    end: Number,
    spheres: Singles,
    x: Number,
    y: Number,
    z: Number,
    scale: Number,
    least_points: Number,
    distance_points: Number,
    out: Ints,
) -> None:
    """What the distance part gives at most inside spheres [first, end); -1 below `least_points` and where none is."""
    for p in range(np.uint64(first), np.uint64(end)):
        dx, dy, dz = spheres[0, p] - x, spheres[1, p] - y, spheres[2, p] - z
        chord = np.sqrt(dx * dx + dy * dy + dz * dz) - spheres[3, p] - np.float32(1e-6)
        chord = max(np.float32(0.0), chord)
        square = chord * chord
        share = square * (np.float32(1.0) + square * np.float32(1 / 12)) * scale
        near = distance_points / (np.float32(1.0) + share)
        there = (near >= least_points) & (spheres[3, p] >= np.float32(0.0))
        out[p] = np.int32(near) if there else np.int32(-1)


@merged
def _fill_places(
    first: Number,
    end: Number,
    worker: Record,
    destinations: Ints,
    minds: bool,
    home_prefecture: Number,
    home_province: Number,
    tier_row: Bytes,
    places: Ints,
    spheres: Singles,
    scale: Number,
    least_points: Number,
    distance_points: Number,
    tier_points: Ints,
    of_tier: Ints,
    of_place: Ints,
) -> Number:
    """What distance and pairing give at most at places [first, end), -1 where the worker may not go: the maximum."""
    x, y, z = np.float32(worker.x), np.float32(worker.y), np.float32(worker.z)
    _bound_spheres(first, end, spheres, x, y, z, scale, least_points, distance_points, of_place)
    division, prefecture, closed = places[PLACE_DIVISION], places[PLACE_PREFECTURE], places[PLACE_CLOSED]
    for p in range(np.uint64(first), np.uint64(end)):
        tier = _read_place(tier_row, division[p])
        _write_place(of_tier, p - np.uint64(first), tier_points[np.uint64(tier)])
    best = np.int32(-1)
    for p in range(np.uint64(first), np.uint64(end)):
        points = of_place[p] + of_tier[p - np.uint64(first)]
        points = points if (of_place[p] >= np.int32(0)) & (closed[p] == np.int32(0)) else np.int32(-1)
        of_place[p] = points
        best = max(best, points)
    if not minds:
        return best
    stays = not worker.willing or worker.labour_ability != _FULL_ABILITY
    named, everywhere = False, False
    for area in destinations:
        named = named or area >= 0
        everywhere = everywhere or area == places[PLACE_PROVINCE, first]
    best = np.int32(-1)
    for p in range(np.uint64(first), np.uint64(end)):
        around = _ZONE_PROVINCE if places[PLACE_PROVINCE, p] == home_province else _ZONE_OUTSIDE
        if home_prefecture >= 0 and prefecture[p] == home_prefecture:
            around = _ZONE_PREFECTURE
        if division[p] == worker.home or prefecture[p] == worker.home or places[PLACE_PROVINCE, p] == worker.home:
            around = _ZONE_COUNTY
        wished = everywhere or not named
        for area in destinations:
            wished = wished or (area >= 0 and (division[p] == area or prefecture[p] == area))
        if not wished or not worker.scope & around or (stays and around != _ZONE_COUNTY):
            of_place[p] = np.int32(-1)
        best = max(best, of_place[p])
    return best


@merged
def _bound_occupations(
    rules: Record, known: bool, by_wish: Bytes, by_skill: Bytes, of_occupation: Ints, priced: bool, left: Ints
) -> None:
    """The most that skill, less the lowest price, gives in each occupation, with its number in the low bits.

    -1: below the floor. The last occupation is that of vacancies nobody understood. `of_occupation` holds prices.
    """
    last = np.uint64(len(left) - 1)
    if known:
        floor_points = np.int32(np.floor(rules.floor * rules.w_skill * 1e6) - 1.0)
        alone = np.int32(np.ceil(rules.w_skill * 1e4))
        beside = np.int32(np.ceil(rules.w_skill * 1e4 * rules.occupation_share))
        skills = np.int32(np.ceil(rules.w_skill * 1e4 * (1.0 - rules.occupation_share)))
        for o in range(last):
            own = np.int32(by_wish[o])
            with_skills = np.int32(np.int32(own * beside) + np.int32(np.int32(by_skill[o]) * skills))
            bound = np.int32(max(with_skills, np.int32(own * alone)) + np.int32(1))
            bound = np.int32(-1) if bound < floor_points else bound
            left[o] = np.int32(bound << np.int32(_OCCUPATION_BITS)) | np.int32(o)
        own = np.int32(np.ceil(rules.neutral_skill * 100.0))
        bound = max(own * beside + np.int32(by_skill[last]) * skills, own * alone) + np.int32(1)
        left[last] = np.int32(-1) if bound < floor_points else (bound << _OCCUPATION_BITS) | last
    else:
        enough = rules.neutral_skill >= rules.floor
        bound = np.int32(np.ceil(rules.w_skill * rules.neutral_skill * 1e6)) + np.int32(1)
        for o in range(last + np.uint64(1)):
            left[o] = np.int32((bound << np.int32(_OCCUPATION_BITS)) | np.int32(o)) if enough else np.int32(-1)
    if priced:
        for o in range(last + np.uint64(1)):
            bound = max(np.int32(0), np.int32((left[o] >> np.int32(_OCCUPATION_BITS)) - of_occupation[o]))
            lowered = np.int32((bound << np.int32(_OCCUPATION_BITS)) | np.int32(o))
            left[o] = lowered if left[o] >= np.int32(0) else np.int32(-1)


@merged
def _bound_groups(
    first: Number,
    barred: Number,
    groups: Ints,
    prices: Ints,
    per_yuan: Number,
    par: Number,
    pay_points: Number,
    of_group: Ints,
) -> None:
    """What pay, less the lowest price, gives at most in an occupation's groups from `first` on; `_SHUT`: none there."""
    for q in range(np.uint64(len(of_group))):
        over = np.float32(_read_group(groups[GROUP_PAY], first + q)) * per_yuan + par
        over = min(np.float32(1.0), max(np.float32(0.0), over))
        points = np.int32(np.int32(pay_points * over) + np.int32(1))
        shut = (_read_group(groups[GROUP_CELLS], first + q) == np.int32(0)) | (
            ((barred >> q) & np.uint64(1)) != np.uint64(0)
        )
        _write_group(of_group, q, np.int32(_SHUT) if shut else points)
    if len(prices):
        for q in range(np.uint64(len(of_group))):
            of_group[q] -= prices[first + q]


@merged
def _best_group(base: Number, of_province: Ints, of_group: Ints) -> Number:
    """The greatest bound of a group, `base` added, with the province's number in the low bits; -1: none is left."""
    best = np.int32(-1)
    for q in range(np.uint64(len(of_group))):
        bound = max(np.int32(0), np.int32(np.int32(base + of_province[q]) + of_group[q]))
        bound = np.int32(np.int32(bound << np.int32(_PROVINCE_BITS)) | np.int32(q))
        there = (of_province[q] >= np.int32(0)) & (of_group[q] > np.int32(_SHUT // 2))
        best = max(best, bound if there else np.int32(-1))
    return best


@merged
def _bound_cells(
    first: Number,
    count: Number,
    base: Number,
    cell_place: Ints,
    cell_pay: Ints,
    prices: Ints,
    of_place: Ints,
    per_yuan: Number,
    par: Number,
    pay_points: Number,
    of_cell: Ints,
) -> None:
    """The bound of each of a group's cells, with its place in the group in the low bits; -1: not there."""
    for c in range(np.uint64(count)):
        points = _read_cell(of_place, _read_cell(cell_place, first + c))
        over = np.float32(_read_cell(cell_pay, first + c)) * per_yuan + par
        over = min(np.float32(1.0), max(np.float32(0.0), over))
        bound = np.int32(np.int32(base + points) + np.int32(np.int32(pay_points * over) + np.int32(1)))
        bound = np.int32(np.int32(bound << np.int32(_CELL_BITS)) | np.int32(c))
        _write_cell(of_cell, c, bound if points >= np.int32(0) else np.int32(-1))
    if len(prices):
        for c in range(np.uint64(count)):
            bound = max(np.int32(0), np.int32((of_cell[c] >> np.int32(_CELL_BITS)) - prices[first + c]))
            lowered = np.int32(np.int32(bound << np.int32(_CELL_BITS)) | np.int32(c))
            of_cell[c] = lowered if of_cell[c] >= np.int32(0) else np.int32(-1)


@merged
def _bound_any_cells(
    first: Number,
    count: Number,
    left: Ints,
    cell_occupation: Ints,
    cell_place: Ints,
    cell_pay: Ints,
    occupation_prices: Ints,
    prices: Ints,
    of_place: Ints,
    per_yuan: Number,
    par: Number,
    pay_points: Number,
    of_cell: Ints,
) -> None:
    """As `_bound_cells`, for cells of any occupation, each with the bound that is left for its occupation."""
    for c in range(np.uint64(count)):
        skill = _read_sweep(left, _read_sweep(cell_occupation, first + c)) >> np.int32(_OCCUPATION_BITS)
        points = _read_sweep(of_place, _read_sweep(cell_place, first + c))
        over = np.float32(_read_sweep(cell_pay, first + c)) * per_yuan + par
        over = min(np.float32(1.0), max(np.float32(0.0), over))
        pay = np.int32(np.int32(pay_points * over) + np.int32(1 + _MARGIN))
        bound = np.int32(np.int32(skill + points) + pay)
        bound = np.int32(np.int32(bound << np.int32(_CELL_BITS)) | np.int32(c))
        there = (points >= np.int32(0)) & (skill >= np.int32(0))
        _write_sweep(of_cell, c, bound if there else np.int32(-1))
    if len(prices):
        for c in range(np.uint64(count)):
            price = np.int32(prices[first + c] - occupation_prices[np.uint32(cell_occupation[first + c])])
            bound = max(np.int32(0), np.int32((of_cell[c] >> np.int32(_CELL_BITS)) - price))
            lowered = np.int32(np.int32(bound << np.int32(_CELL_BITS)) | np.int32(c))
            of_cell[c] = lowered if of_cell[c] >= np.int32(0) else np.int32(-1)


@merged
def _greatest_int(values: Ints, count: Number) -> Number:
    """The greatest of the first so many; -1 when there are none."""
    greatest = np.int32(-1)
    for q in range(np.uint64(count)):
        greatest = max(greatest, values[q])
    return greatest


@merged
def _square_of_angle(square: Number) -> Number:
    """The squared angle between two points from the square of their chord (below 0.3), a part in 10^9 low at most.

    Summed in pairs, so that a processor need not wait for one term before the next.
    """
    twice = square * square
    low = 1.0 + square * (1 / 12) + twice * (1 / 90 + square * (1 / 560))
    high = 1 / 3150 + square * (1 / 16632) + twice * (1 / 84084 + square * (1 / 411840))
    return square * (low + twice * twice * high)


def scratch_bytes(grid: Grid, k: int) -> int:
    """Memory that one call of `search_index` writes into."""
    occupations, terms = grid.reach_of_term.shape[1], len(grid.reach_of_term)
    provinces = len(grid.province_first)
    ints = occupations + grid.places.shape[1] + 1 + 2 * provinces + 2 * MOST_CELLS + len(Tier)
    return int(k * _BEST_BYTES + 4 * ints + 3 * occupations + terms + 8)


@merged
def _next_cell(of_cell: Ints, count: Number, by_bound: bool, behind: Number, least: Number) -> Number:
    """The greatest bound with its cell; or of the first cell from `behind` on whose bound reaches `least`. -1: none."""
    if by_bound:
        return _greatest_int(of_cell, count)
    for c in range(behind, count):
        if of_cell[c] >= np.int32(0) and np.int64(of_cell[c] >> np.int32(_CELL_BITS)) >= least:
            return of_cell[c]
    return np.int32(-1)


@merged
def _allowed_provinces(worker: Record, destinations: Ints, province_number: Ints) -> Number:
    """A bit for each province in which the worker may not or does not want to work."""
    named = np.uint64(0)
    for area in destinations:
        if area >= 0:
            named |= np.uint64(1) << np.uint64(province_number[area])
    barred = ~named if named != np.uint64(0) else np.uint64(0)
    home = np.uint64(1) << np.uint64(province_number[worker.home])
    if not worker.scope & _ZONE_OUTSIDE or not worker.willing or worker.labour_ability != _FULL_ABILITY:
        barred |= ~home
    if not worker.scope & (_ZONE_COUNTY | _ZONE_PREFECTURE | _ZONE_PROVINCE):
        barred |= home
    return barred


@merged
def _best_of_provinces(of_province: Ints, barred: Number) -> Number:
    """The most that any allowed province gives; -1: there is none."""
    best = np.int32(-1)
    for q in range(np.uint64(len(of_province))):
        best = max(best, of_province[q] if (barred >> q) & np.uint64(1) == np.uint64(0) else np.int32(-1))
    return best


@merged
def _most_of_terms(wishes: Ints, abilities: Ints, rows: Bytes, most: Bytes) -> None:
    """The greatest of the rows of all terms, number by number."""
    most[:] = 0
    for term in wishes:
        if term >= 0:
            row = rows[term]
            for t in range(np.uint64(len(most))):
                most[t] = max(most[t], row[t])
    for term in abilities:
        if term >= 0:
            row = rows[term]
            for t in range(np.uint64(len(most))):
                most[t] = max(most[t], row[t])


@merged
def _served(skills_at: Number, width: Number, by_any: Bytes) -> Number:
    """How far the worker serves a slot's required skills together, in hundredths; lists are as long as five or more."""
    served = np.int64(0)
    for a in range(0, width, _SKILLS_AT_ONCE):
        five = _term_list(skills_at + 2 * a, _SKILLS_AT_ONCE)
        served += np.int64(by_any[five[0]]) + np.int64(by_any[five[1]]) + np.int64(by_any[five[2]])
        served += np.int64(by_any[five[3]]) + np.int64(by_any[five[4]])
    return served


@compiled
def search_index(call_at: int, first_worker: int, end_worker: int) -> None:
    """The best k vacancies of the workers job.order[first:end]; exact.

    At `call_at` four numbers: where the blocks of `addresses` of grid and job lie, and `scratch_bytes` that nobody
    else uses meanwhile; whether jobs must be distinct. Each argument more costs the caller a tenth of a microsecond.
    """
    call = _long_list(call_at, 4)
    scratch_at, distinct = call[2], call[3] != 0
    grid, job = _long_list(call[0], 3 * _G_FIELDS), _long_list(call[1], 3 * _J_FIELDS)
    rules = _rules(job[3 * _J_RULES])
    order, declined, prices = _longs(job, _J_ORDER), _longs(job, _J_DECLINED), _longs(job, _J_PRICES)
    out_rows, out_scores, out_parts = _long_rows(job, _J_ROWS), _long_rows(job, _J_SCORES), _real_rows(job, _J_PARTS)
    tiers, likeness = _byte_rows(job, _J_TIERS), _byte_rows(job, _J_LIKENESS)
    cell_prices, group_prices = _ints(job, _J_CELL_PRICES), _ints(job, _J_GROUP_PRICES)
    occupation_prices = _ints(job, _J_OCCUPATION_PRICES)
    later, cell_bounds, groups = _ints(grid, _G_LATER), _int_rows(grid, _G_CELL_BOUNDS), _int_rows(grid, _G_GROUPS)
    spheres, province_spheres = _single_rows(grid, _G_SPHERES), _single_rows(grid, _G_PROVINCE_SPHERES)
    places, province_first = _int_rows(grid, _G_PLACES), _ints(grid, _G_PROVINCE_FIRST)
    place_of, province_number = _ints(grid, _G_PLACE_OF), _ints(grid, _G_PROVINCE_NUMBER)
    best_tier, reach_of_term = _byte_rows(grid, _G_BEST_TIER), _byte_rows(grid, _G_REACH_OF_TERM)
    seq, ascending = _longs(grid, _G_SEQ), _longs(grid, _G_STATE)[ASCENDING]
    k = out_rows.shape[1]
    cell_place, cell_pay = cell_bounds[CELL_PLACE], cell_bounds[CELL_PAY]
    cell_occupation = cell_bounds[CELL_OCCUPATION]
    group_first, group_cells = groups[GROUP_FIRST], groups[GROUP_CELLS]
    division = places[PLACE_DIVISION]
    first_later = np.int64(grid[3 * _G_SLOTS + 1] - len(later))
    slots_at, slot_bytes = grid[3 * _G_SLOTS], grid[3 * _G_SLOTS + 2]
    skills_wide = (slot_bytes - _SLOT_BYTES) // 2
    sites_at, demands_at, cells_at = grid[3 * _G_SITES], grid[3 * _G_DEMANDS], grid[3 * _G_CELLS]
    all_cells = np.uint64(grid[3 * _G_CELLS + 1])
    workers_at, worker_bytes, lists_at = job[3 * _J_WORKERS], job[3 * _J_WORKERS + 2], _longs(job, _J_LISTS)
    n_provinces = np.uint64(len(province_first) - 1)
    n_occupations = np.uint64(reach_of_term.shape[1])
    priced = len(prices) > 0

    # One worker's list, and what is known about places and occupations for it; all in one piece of memory.
    best_at = scratch_at
    at_int = best_at + k * _BEST_BYTES
    left = _int_list(at_int, reach_of_term.shape[1])
    at_int += 4 * len(left)
    of_place = _int_list(at_int, len(division) + 1)
    of_place[len(division)] = np.int32(-1)
    at_int += 4 * len(of_place)
    of_province = _int_list(at_int, len(province_first) - 1)
    at_int += 4 * len(of_province)
    of_group = _int_list(at_int, len(province_first) - 1)
    at_int += 4 * len(of_group)
    of_cell, of_tier = _int_list(at_int, MOST_CELLS), _int_list(at_int + 4 * MOST_CELLS, MOST_CELLS)
    at_int += 8 * MOST_CELLS
    tier_points = _int_list(at_int, len(rules.tier_values))
    at_byte = at_int + 4 * len(tier_points)
    by_wish = _byte_list(at_byte, reach_of_term.shape[1] - 1)
    by_skill = _byte_list(at_byte + reach_of_term.shape[1], reach_of_term.shape[1])
    by_any = _byte_list(at_byte + 2 * reach_of_term.shape[1], len(likeness) + 1)
    filled = np.uint64(0)
    for tier in range(len(tier_points)):
        tier_points[tier] = np.int32(rules.w_pairing * 1e6 * rules.tier_values[tier]) + np.int32(2)
    skill_points, near_points, pay_weight = rules.w_skill * 1e6, rules.w_distance * 1e6, rules.w_pay * 1e6
    pay_points, distance_points = np.float32(pay_weight), np.float32(near_points)
    most_pay = np.int32(pay_weight) + np.int32(1)
    by_distance = rules.w_distance > 0.0
    # Looking at trade after trade is given up for a look at all cells when it has cost half as much.
    enough = (np.int64(all_cells) + len(division)) // 2
    per_trade = _TRADE + np.int64(n_provinces) // 2 + np.int64(n_occupations) // 16
    previous, minded = np.int64(-1), False

    for number in range(first_worker, end_worker):
        i = order[number]
        if number + 1 < end_worker:
            coming = workers_at + order[number + 1] * worker_bytes
            _soon(coming)
            _soon(coming + 64)
            _soon(coming + 128)
        worker_at = workers_at + i * worker_bytes
        worker = _worker(worker_at)
        wishes = _int_list(worker_at + lists_at[0], lists_at[1])
        abilities = _int_list(worker_at + lists_at[2], lists_at[3])
        destinations = _int_list(worker_at + lists_at[4], lists_at[5])
        for r in range(k):
            empty = _best(best_at + r * _BEST_BYTES)
            empty.key, empty.score, empty.slot, empty.row = NO_SCORE, 0, -1, -1
        if failed_alone(worker):
            for r in range(k):
                out_rows[i, r], out_scores[i, r] = -1, 0
            continue
        least = np.int64(NO_SCORE)
        last_best = _best(best_at + (k - 1) * _BEST_BYTES)
        reach_km = rules.default_reach_km if isnan(worker.reach_km) else worker.reach_km
        # At the reach the distance part is one half: a place that gives less at best lies beyond.
        hard = bool(worker.reach_is_limit) and not isnan(worker.reach_km)
        least_points = distance_points * np.float32(0.499) if hard else np.float32(-1.0)
        scale = np.float32((_RADIUS / reach_km) * (_RADIUS / reach_km) * (1.0 - 1e-6))
        exact_scale = (_RADIUS / reach_km) * (_RADIUS / reach_km)

        # What each occupation can give at most.
        known = known_terms(wishes, abilities, likeness, by_wish, by_any)
        _most_of_terms(wishes, abilities, reach_of_term, by_skill)
        _bound_occupations(rules, known, by_wish, by_skill, occupation_prices, priced, left)
        beside_share = rules.occupation_share if known else 1.0
        rest_share = (1.0 - rules.occupation_share) * 0.01

        # What each province can give at most; refined to its places when it is first looked at. Neighbours in the
        # order often share this, unless one of them minds places inside provinces.
        minds = _minds_places_inside_provinces(worker, destinations, places, place_of)
        if previous < 0 or minds or minded or not _same_outlook(worker, _worker(workers_at + previous * worker_bytes)):
            filled = np.uint64(0)
            x, y, z = np.float32(worker.x), np.float32(worker.y), np.float32(worker.z)
            _bound_spheres(0, n_provinces, province_spheres, x, y, z, scale, least_points, distance_points, of_province)
            for q in range(n_provinces):
                if of_province[q] >= 0:
                    of_province[q] += tier_points[np.uint32(best_tier[worker.home, q])]
        previous, minded = i, minds
        barred = _allowed_provinces(worker, destinations, province_number)
        best_place = _best_of_provinces(of_province, barred)
        unpaid = worker.min_wage == 0
        exact_per_yuan = 0.0 if unpaid else 1.0 / worker.min_wage
        exact_par = rules.neutral_pay if unpaid else -2.0
        per_yuan, par = np.float32(exact_per_yuan), np.float32(exact_par)

        wished, in_hand, spent = 0, False, np.int64(0)
        occupation, first_group, skill_bound, own_skill = np.uint64(0), np.uint64(0), np.int64(0), 0.0
        first_cell, n_cells = np.uint64(0), np.uint64(0)
        sweeping, wanted = False, np.uint64(0)
        while True:
            if wanted != np.uint64(0):
                here = np.uint64(0)
                while (wanted >> here) & np.uint64(1) == np.uint64(0):
                    here += np.uint64(1)
                wanted &= ~(np.uint64(1) << here)
                filled |= np.uint64(1) << here
                home_place = place_of[worker.home]
                of_province[here] = _fill_places(
                    province_first[here],
                    province_first[here + np.uint64(1)],
                    worker,
                    destinations,
                    minds,
                    places[PLACE_PREFECTURE, home_place],
                    places[PLACE_PROVINCE, home_place],
                    tiers[worker.home],
                    places,
                    spheres,
                    scale,
                    least_points,
                    distance_points,
                    tier_points,
                    of_tier,
                    of_place,
                )
                # A refined province may have lowered what any place can give.
                best_place = _best_of_provinces(of_province, barred)
                continue
            if sweeping:
                first_cell += n_cells
                if first_cell >= all_cells:
                    break
                n_cells = min(np.uint64(MOST_CELLS), all_cells - first_cell)
                _bound_any_cells(
                    first_cell, n_cells, left, cell_occupation, cell_place, cell_pay, occupation_prices, cell_prices,
                    of_place, per_yuan, par, pay_points, of_cell,
                )  # fmt: skip
            elif in_hand:
                best = _best_group(np.int32(skill_bound), of_province, of_group)
                if best < 0 or np.int64(best >> np.int32(_PROVINCE_BITS)) < least:
                    in_hand = False
                    continue
                here = np.uint64(best & np.int32(_PROVINCE_MASK))
                if (filled >> here) & np.uint64(1) == np.uint64(0):
                    wanted = np.uint64(1) << here
                    continue
                of_group[here] = np.int32(_SHUT)
                group = first_group + here
                first_cell, n_cells = np.uint64(group_first[group]), np.uint64(group_cells[group])
                spent += _GROUP + np.int64(n_cells)
                _bound_cells(
                    first_cell, n_cells, np.int32(skill_bound), cell_place, cell_pay, cell_prices, of_place,
                    per_yuan, par, pay_points, of_cell,
                )  # fmt: skip
            else:
                # Own occupations first: they raise the bar soonest.
                own = wished < len(wishes)
                if own:
                    term = wishes[wished]
                    wished += 1
                    if term < 0 or left[term] < 0:
                        continue
                    top = left[term]
                else:
                    top = _greatest_int(left, n_occupations)
                    if top < 0:
                        break
                occupation = np.uint64(top & np.int32(_OCCUPATION_MASK))
                skill_bound = np.int64(top >> np.int32(_OCCUPATION_BITS)) + np.int64(_MARGIN)
                if skill_bound + best_place + most_pay < least:
                    if own:
                        continue
                    break
                spent += per_trade
                if spent > enough and not own:
                    sweeping = True
                    first_cell, n_cells = np.uint64(0), np.uint64(0)
                    for q in range(n_provinces):
                        bit = np.uint64(1) << q
                        if barred & bit != np.uint64(0) or of_province[q] < 0:
                            for p in range(province_first[q], province_first[q + np.uint64(1)]):
                                of_place[p] = np.int32(-1)
                            filled &= ~bit
                        elif filled & bit == np.uint64(0):
                            wanted |= bit
                    continue
                in_hand = True
                left[occupation] = np.int32(-1)
                if priced:
                    skill_bound += occupation_prices[occupation]
                own_skill = rules.neutral_skill
                if known and occupation < n_occupations - np.uint64(1):
                    own_skill = by_wish[occupation] * 0.01
                first_group = occupation * n_provinces
                _bound_groups(first_group, barred, groups, group_prices, per_yuan, par, pay_points, of_group)
                continue

            # The likeliest cells first, so that the least worth having rises early; then whatever is left, in order.
            likely, behind = _LIKELY_CELLS, np.uint64(0)
            top_cell = _greatest_int(of_cell, n_cells)
            while top_cell >= 0:
                worth = np.int64(top_cell >> np.int32(_CELL_BITS)) >= least
                if not worth and likely > 0:
                    break
                best_cell = np.uint64(top_cell & np.int32(_CELL_MASK))
                of_cell[best_cell] = np.int32(-1)
                cell = first_cell + best_cell
                # The next one is on its way while this one is looked at.
                likely -= 1
                top_cell = _next_cell(of_cell, n_cells, likely > 0, behind, least)
                behind = np.uint64(top_cell & np.int32(_CELL_MASK)) if likely <= 0 else behind
                coming_cell = min(first_cell + np.uint64(top_cell & np.int32(_CELL_MASK)), all_cells - np.uint64(1))
                _soon(slots_at + np.int64(_cell(cells_at + np.int64(coming_cell) * _CELL_BYTES).first) * slot_bytes)
                if not worth:
                    continue
                if sweeping:
                    occupation = np.uint64(np.uint32(cell_occupation[cell]))
                    skill_bound = np.int64(left[occupation] >> np.int32(_OCCUPATION_BITS)) + np.int64(_MARGIN)
                    if priced:
                        skill_bound += occupation_prices[occupation]
                    own_skill = rules.neutral_skill
                    if known and occupation < n_occupations - np.uint64(1):
                        own_skill = by_wish[occupation] * 0.01
                place = np.uint64(np.uint32(cell_place[cell]))
                geo = np.int64(of_place[place])
                tier_value = rules.tier_values[tiers[worker.home, division[place]]]
                pairing_points = rules.w_pairing * 1e6 * tier_value
                fixed = np.float64(skill_bound + geo + 1)
                if priced:
                    fixed -= cell_prices[cell]
                span = _cell(cells_at + np.int64(cell) * _CELL_BYTES)
                at, end, follow = np.int64(span.first), np.int64(span.end), np.int64(span.late)
                while True:
                    if at >= end:
                        if follow < 0:
                            break
                        at, end = follow, follow + 1
                        follow = np.int64(later[follow - first_later])
                    number_of_slot = at
                    slot_at = slots_at + at * slot_bytes
                    slot = _slot(slot_at)
                    at += 1
                    wage_lo, wage_hi = np.int64(slot.wage_lo), np.int64(slot.wage_hi)
                    pay = min(1.0, max(0.0, (wage_lo + wage_hi) * exact_per_yuan + exact_par))
                    pay_bound = pay_weight * pay
                    if fixed + pay_bound < least:
                        # Pay falls along a cell; what was inserted later stands one by one.
                        at = end
                        continue
                    if wage_hi < worker.min_wage:
                        continue
                    site_at = sites_at + np.int64(slot.site) * _SITE_BYTES
                    _soon(site_at)
                    asked = slot.flags & _ASKED
                    served = _served(slot_at + _SLOT_BYTES, skills_wide, by_any)
                    skill = own_skill * (beside_share if asked > 0 else 1.0) + rest_share * served * _ONE_OVER[asked]
                    row = np.int64(slot.row)
                    price = prices[row] if priced else np.int64(0)
                    if skill_points * skill + np.float64(geo + _MARGIN - price) + pay_bound < least:
                        continue
                    if skill < rules.floor + 1e-9:
                        skills = _term_list(slot_at + _SLOT_BYTES, skills_wide)
                        if _slot_skill(slot, skills, occupation, rules, known, by_wish, by_any) < rules.floor:
                            continue
                    # Without distance the score is already known, and ties are long: earlier ones have won.
                    late = not by_distance and last_best.slot >= 0
                    late = late and _is_earlier(last_best.row, row, ascending, seq)
                    if late and skill_points * skill + pairing_points + pay_bound - 0.499 - price < least:
                        continue
                    if _slot_fails(worker, slot, _demand(demands_at + np.int64(slot.demand) * _DEMAND_BYTES), rules):
                        continue
                    site = _site(site_at)
                    x, y, z = worker.x - site.x, worker.y - site.y, worker.z - site.z
                    square = x * x + y * y + z * z
                    near = 1.0 / (1.0 + _square_of_angle(square) * exact_scale)
                    points = skill_points * skill + near_points * near + pairing_points + pay_bound + 0.5
                    whole = np.floor(points)
                    score = np.int64(whole)
                    # Near a whole number, far away and at a limit the definition itself must say.
                    fraction = points - whole
                    if square > 0.3 or fraction < 1e-3 or fraction > 0.999 or hard:
                        km = kilometres(worker, site)
                        if is_too_far(worker, km):
                            continue
                        skills = _term_list(slot_at + _SLOT_BYTES, skills_wide)
                        exact_skill = _slot_skill(slot, skills, occupation, rules, known, by_wish, by_any)
                        exact_pay = pay_part(worker.min_wage, wage_lo, wage_hi, rules.neutral_pay)
                        score = np.int64(micropoints(rules, exact_skill, nearness(km, reach_km), tier_value, exact_pay))
                    key = score - price
                    if key < least:
                        continue
                    refused = False
                    for d in range(worker.declined_from, worker.declined_to):
                        refused = refused or declined[d] == seq[row]
                    if refused:
                        continue
                    _enter(
                        best_at, k, key, score, number_of_slot, row, np.int64(occupation), np.int64(place),
                        np.int64(site.employer), ascending, seq, distinct,
                    )  # fmt: skip
                    least = last_best.key

        for r in range(k):
            found = _best(best_at + r * _BEST_BYTES)
            out_rows[i, r], out_scores[i, r] = found.row, found.score
            if len(out_parts) and found.slot >= 0:
                slot_at = slots_at + found.slot * slot_bytes
                slot = _slot(slot_at)
                km = kilometres(worker, _site(sites_at + np.int64(slot.site) * _SITE_BYTES))
                parts = out_parts[i, 5 * r : 5 * r + 5]
                skills = _term_list(slot_at + _SLOT_BYTES, skills_wide)
                parts[0] = _slot_skill(slot, skills, np.uint64(found.occupation), rules, known, by_wish, by_any)
                parts[1] = nearness(km, reach_km)
                parts[2] = rules.tier_values[tiers[worker.home, division[found.place]]]
                wage_lo, wage_hi = np.int64(slot.wage_lo), np.int64(slot.wage_hi)
                parts[3] = pay_part(worker.min_wage, wage_lo, wage_hi, rules.neutral_pay)
                parts[4] = km


@compiled
def price_cells(block: Longs, prices: Longs, cell_prices: Ints, group_prices: Ints, occupation_prices: Ints) -> None:
    """The lowest price of a live vacancy in each cell, group and occupation, at most `_MOST_PRICE`: int32[c], [g], [o].

    `block` holds the addresses of the grid; `prices` is int64[rows].
    """
    later, groups = _ints(block, _G_LATER), _int_rows(block, _G_GROUPS)
    first_later = np.int64(block[3 * _G_SLOTS + 1] - len(later))
    slots_at, slot_bytes = block[3 * _G_SLOTS], block[3 * _G_SLOTS + 2]
    n_provinces = len(group_prices) // len(occupation_prices)
    occupation_prices[:] = _MOST_PRICE
    for group in range(len(group_prices)):
        lowest_of_group = np.int64(_MOST_PRICE)
        first = np.int64(groups[GROUP_FIRST, group])
        for cell in range(first, first + groups[GROUP_CELLS, group]):
            lowest = np.int64(_MOST_PRICE)
            span = _cell(block[3 * _G_CELLS] + cell * _CELL_BYTES)
            for at in range(np.int64(span.first), np.int64(span.end)):
                slot = _slot(slots_at + at * slot_bytes)
                if slot.flags & _LIVE:
                    lowest = min(lowest, prices[slot.row])
            late = np.int64(span.late)
            while late >= 0:
                slot = _slot(slots_at + late * slot_bytes)
                if slot.flags & _LIVE:
                    lowest = min(lowest, prices[slot.row])
                late = np.int64(later[late - first_later])
            cell_prices[cell] = lowest
            lowest_of_group = min(lowest_of_group, lowest)
        group_prices[group] = lowest_of_group
        occupation = group // n_provinces
        occupation_prices[occupation] = min(np.int64(occupation_prices[occupation]), lowest_of_group)


# ---- building and changing the index --------------------------------------------------------------------------------


@part
def _mixed(a: Number, b: Number, c: Number) -> Number:
    """A hash of three words."""
    mixed = a * np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(29)) ^ b) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(32)) ^ c) * np.uint64(0x94D049BB133111EB)
    return mixed ^ (mixed >> np.uint64(31))


@compiled
def number_alike(a: Bits, b: Bits, c: Bits, numbers: Ints, firsts: Ints) -> int:
    """Number rows so that rows alike in three columns share a number.

    Into int32[n] by row; the first row of each number into int32[n]. Answers how many numbers there are.
    """
    table = np.full(1 << 12, -1, np.int32)
    count = 0
    for row in range(len(a)):
        if 2 * count >= len(table):
            table = np.full(4 * len(table), -1, np.int32)
            mask = np.uint64(len(table) - 1)
            for number in range(count):
                old = firsts[number]
                at = _mixed(a[old], b[old], c[old]) & mask
                while table[at] >= 0:
                    at = (at + np.uint64(1)) & mask
                table[at] = number
        mask = np.uint64(len(table) - 1)
        at = _mixed(a[row], b[row], c[row]) & mask
        while True:
            number = table[at]
            if number < 0:
                table[at], firsts[count], numbers[row] = count, row, count
                count += 1
                break
            first = firsts[number]
            if a[first] == a[row] and b[first] == b[row] and c[first] == c[row]:
                numbers[row] = number
                break
            at = (at + np.uint64(1)) & mask
    return count


@compiled
def renumber(rows: Longs, numbers: Ints, firsts: Ints) -> Ints:
    """Number anew in the order of the rows given, in place; the first row of each new number."""
    new, new_firsts = np.full(len(firsts), -1, np.int32), np.empty(len(firsts), np.int32)
    count = 0
    for row in rows:
        old = numbers[row]
        if new[old] < 0:
            new[old] = count
            new_firsts[count] = firsts[old]
            count += 1
        numbers[row] = new[old]
    return new_firsts[:count]


@part
def put_slot(
    slot_at: Number,
    width: Number,
    row: Number,
    site: Number,
    demand: Number,
    wage_lo: Number,
    wage_hi: Number,
    valid_until: Number,
    start: Number,
    skills: Ints,
    j: Number,
    padding: Number,
) -> None:
    """Write a live vacancy into the slot at an address; its required skills, skills[j], move to the front."""
    slot: Record = _slot(slot_at)
    slot.row, slot.site, slot.demand = row, site, demand
    slot.wage_lo, slot.wage_hi = wage_lo, wage_hi
    slot.valid_until = NO_SLOT_DAY if valid_until == _NO_DAY else valid_until
    slot.start = NO_SLOT_DAY if start == _NO_DAY else start
    listed = _term_list(slot_at + _SLOT_BYTES, width)
    for a in range(width):
        listed[a] = padding
    asked = 0
    for a in range(skills.shape[1]):
        if skills[j, a] >= 0:
            listed[asked] = skills[j, a]
            asked += 1
    slot.flags = _LIVE | asked


@part
def demand_number(
    block: Longs, certificates: Number, age_min: Number, age_max: Number, hazardous: Number, light_work: Number
) -> Number:
    """The number of what a vacancy demands, a new one if need be; -1: there is no room for it."""
    state, table, demands_at = _longs(block, _G_STATE), _ints(block, _G_DEMAND_TABLE), block[3 * _G_DEMANDS]
    ages, kind = np.uint64(age_min) << np.uint64(32) | np.uint64(age_max), np.uint64(2 * hazardous + light_work)
    mask = np.uint64(len(table) - 1)
    at = _mixed(certificates, ages, kind) & mask
    while table[at] >= 0:
        known = _demand(demands_at + np.int64(table[at]) * _DEMAND_BYTES)
        same_ages = known.age_min == age_min and known.age_max == age_max
        same_kind = known.hazardous == hazardous and known.light_work == light_work
        if known.certificates == certificates and same_ages and same_kind:
            return np.int64(table[at])
        at = (at + np.uint64(1)) & mask
    count = state[USED_DEMANDS]
    if count == block[3 * _G_DEMANDS + 1] or 2 * count + 2 > len(table):
        return np.int64(-1)
    new = _demand(demands_at + count * _DEMAND_BYTES)
    new.certificates, new.age_min, new.age_max = certificates, age_min, age_max
    new.hazardous, new.light_work = hazardous, light_work
    table[at] = count
    state[USED_DEMANDS] = count + 1
    return count


@compiled
def number_demands_again(block_at: int) -> None:
    """Fill an empty `demand_table`: it has grown."""
    block = _long_list(block_at, 3 * _G_FIELDS)
    state, table = _longs(block, _G_STATE), _ints(block, _G_DEMAND_TABLE)
    mask = np.uint64(len(table) - 1)
    for number in range(state[USED_DEMANDS]):
        known = _demand(block[3 * _G_DEMANDS] + number * _DEMAND_BYTES)
        ages = np.uint64(known.age_min) << np.uint64(32) | np.uint64(known.age_max)
        at = _mixed(known.certificates, ages, np.uint64(2 * known.hazardous + known.light_work)) & mask
        while table[at] >= 0:
            at = (at + np.uint64(1)) & mask
        table[at] = number


@compiled
def fill_slots(
    block_at: int,
    first: int,
    site: Ints,
    padding: int,
    skills: Ints,
    wage_lo: Ints,
    wage_hi: Ints,
    valid_until_day: Ints,
    start_day: Ints,
    certificates: Bits,
    age_min: Shorts,
    age_max: Shorts,
    hazardous: Flags,
    light_work: Flags,
) -> int:
    """Write the vacancies of rows [first, n) into the slots that `slot_of` gives them. Answers where room for demands
    ran out, or n. In the order of rows: of reading and writing one jumps through memory, and writing need not wait.
    """
    block = _long_list(block_at, 3 * _G_FIELDS)
    slot_of, slots_at, slot_bytes = _ints(block, _G_SLOT_OF), block[3 * _G_SLOTS], block[3 * _G_SLOTS + 2]
    for row in range(first, len(site)):
        if slot_of[row] < 0:
            continue
        demand = demand_number(
            block, certificates[row], age_min[row], age_max[row], hazardous[row], light_work[row]
        )  # fmt: skip
        if demand < 0:
            return row
        put_slot(
            slots_at + slot_of[row] * slot_bytes, (slot_bytes - _SLOT_BYTES) // 2, row, site[row], demand,
            wage_lo[row], wage_hi[row], valid_until_day[row], start_day[row], skills, row, padding,
        )  # fmt: skip
    return len(site)


@compiled
def fill_cells(
    keys: Longs,
    pay_shift: int,
    place_bits: int,
    row_bits: int,
    n_provinces: int,
    province_of_place: Ints,
    cells: Records,
    bounds: Ints,
    groups: Ints,
) -> int:
    """Cells and groups from sorted keys (occupation, place, pay falling from 2^17, row); how many cells."""
    count = 0
    last = np.int64(-1)
    for s in range(len(keys)):
        head = keys[s] >> pay_shift
        if head != last:
            last = head
            place = head & ((1 << place_bits) - 1)
            group = (head >> place_bits) * n_provinces + province_of_place[place]
            pay = MOST_PAY - ((keys[s] >> row_bits) & MOST_PAY)
            cells[count].first, cells[count].late = s, -1
            bounds[CELL_PLACE, count], bounds[CELL_PAY, count] = place, pay
            bounds[CELL_OCCUPATION, count] = head >> place_bits
            if groups[GROUP_CELLS, group] == 0:
                groups[GROUP_FIRST, group] = count
            groups[GROUP_CELLS, group] += 1
            groups[GROUP_ROOM, group] += 1
            groups[GROUP_PAY, group] = max(groups[GROUP_PAY, group], pay)
            count += 1
        cells[count - 1].end = s + 1
    return count


@part
def learn_skill(o: Number, skill: Number, asked: Flags, likeness: Bytes, reach_of_term: Bytes) -> None:
    """Note that an occupation asks for a skill, and how far terms serve it."""
    if not asked[o, skill]:
        asked[o, skill] = True
        for term in range(len(likeness)):
            reach_of_term[term, o] = max(reach_of_term[term, o], likeness[term, skill])


@compiled
def learn_skills(occupation: Ints, skills: Ints, asked: Flags, likeness: Bytes, reach_of_term: Bytes) -> None:
    """Note which skills which occupations ask for, bool[o + 1, t], and how far terms serve them."""
    unknown = reach_of_term.shape[1] - 1
    for row in range(len(occupation)):
        for a in range(skills.shape[1]):
            if skills[row, a] >= 0:
                o = occupation[row] if occupation[row] >= 0 else unknown
                learn_skill(o, skills[row, a], asked, likeness, reach_of_term)


@part
def enclose_point(p: Number, px: Number, py: Number, pz: Number, spheres: Singles) -> None:
    """Widen one sphere so that it holds a point; a new one centres there."""
    if spheres[3, p] < 0.0:
        spheres[0, p], spheres[1, p], spheres[2, p], spheres[3, p] = px, py, pz, 0.0
    x, y, z = px - spheres[0, p], py - spheres[1, p], pz - spheres[2, p]
    chord = sqrt(x * x + y * y + z * z)
    if chord > spheres[3, p]:
        spheres[3, p] = chord * (1.0 + 1e-6) + 1e-9


@compiled
def enclose(place: Ints, points: Reals, spheres: Singles) -> None:
    """Widen float32[4, p] spheres so that they hold the points float64[n, 3] of these places."""
    for row in range(len(place)):
        enclose_point(place[row], points[row, 0], points[row, 1], points[row, 2], spheres)


@compiled
def row_of(seq: Longs, rows: int, wanted: int) -> int:
    """The row with a sequence number, or -1."""
    low, high = np.int64(0), np.int64(rows)
    # Most numbers were given without gaps: the first guesses are straight lines, and memory is slow.
    for _ in range(3):
        if high - low > 64 and seq[low] < wanted < seq[high - 1]:
            share = (wanted - seq[low]) / (seq[high - 1] - seq[low])
            guess = low + np.int64(share * (high - 1 - low))
            if seq[guess] < wanted:
                low = guess + 1
                if seq[min(low + 32, high - 1)] >= wanted:
                    high = min(low + 33, high)
            else:
                high = guess + 1
                if seq[max(guess - 32, low)] < wanted:
                    low = max(guess - 32, low)
    while low < high:
        middle = (low + high) // 2
        if seq[middle] < wanted:
            low = middle + 1
        else:
            high = middle
    return int(low) if low < rows and seq[low] == wanted else -1


@part
def close_row(grid: Longs, row: Number) -> None:
    """Take a row out of the market, if it is in. `grid` as from `addresses`."""
    slot_of = _ints(grid, _G_SLOT_OF)
    if slot_of[row] >= 0:
        slot: Record = _slot(grid[3 * _G_SLOTS] + slot_of[row] * grid[3 * _G_SLOTS + 2])
        slot.flags &= _ASKED
        slot_of[row] = -1


@compiled
def close_seq(block_at: int, seq: int, row: int) -> int:
    """Take the vacancy with a sequence number out of the market; its row, -1 when there is none.

    `row`, where it is known; else it is looked for among the rows that ascend.
    """
    block = _long_list(block_at, 3 * _G_FIELDS)
    if row < 0:
        row = row_of(_longs(block, _G_SEQ), _longs(block, _G_STATE)[ASCENDING], seq)
    if row >= 0:
        close_row(block, row)
    return row


@part
def _is_kept_day(day: Number) -> bool:
    return bool(day == _NO_DAY or 0 <= day < NO_SLOT_DAY)


@compiled
def put_vacancies(
    block_at: int,
    rows: Longs,
    any_order: bool,
    first: int,
    likeness: Bytes,
    seq: Longs,
    occupation: Ints,
    skills: Ints,
    points: Reals,
    division: Ints,
    wage_lo: Ints,
    wage_hi: Ints,
    valid_until_day: Ints,
    start_day: Ints,
    employer: Ints,
    certificates: Bits,
    age_min: Shorts,
    age_max: Shorts,
    hazardous: Flags,
    light_work: Flags,
    open_: Flags,
    openings: Ints,
) -> int:
    """Make vacancies [first, n) the current versions of rows; without rows, of new ones.

    Answers how far there was room; -1, before anything is changed, when a number does not fit or, of new rows in no
    `any_order`, a sequence number is not greater than all before. Columns one by one: a tuple of them costs the
    caller four times as much.
    """
    block = _long_list(block_at, 3 * _G_FIELDS)
    state, seqs, slot_of = _longs(block, _G_STATE), _longs(block, _G_SEQ), _ints(block, _G_SLOT_OF)
    place_of, province_number = _ints(block, _G_PLACE_OF), _ints(block, _G_PROVINCE_NUMBER)
    spheres, province_spheres = _single_rows(block, _G_SPHERES), _single_rows(block, _G_PROVINCE_SPHERES)
    asked, reach_of_term = _flag_rows(block, _G_ASKED), _byte_rows(block, _G_REACH_OF_TERM)
    slots_at, slot_bytes, unknown = block[3 * _G_SLOTS], block[3 * _G_SLOTS + 2], reach_of_term.shape[1] - 1
    width, new = (slot_bytes - _SLOT_BYTES) // 2, len(rows) == 0
    greatest = state[GREATEST]
    for j in range(first, len(seq)):
        fits = occupation[j] < unknown and division[j] < len(place_of) and wage_hi[j] <= MOST_WAGE
        for a in range(skills.shape[1]):
            fits = fits and skills[j, a] < len(likeness)
        fits = fits and _is_kept_day(valid_until_day[j]) and _is_kept_day(start_day[j])
        if not fits or (new and not any_order and seq[j] <= greatest):
            return -1
        greatest = max(greatest, seq[j])
    for j in range(first, len(seq)):
        used, wanted = state[USED_SLOTS], 0
        for a in range(skills.shape[1]):
            wanted += skills[j, a] >= 0
        row = state[USED_ROWS] if new else rows[j]
        if row == len(seqs) or used == block[3 * _G_SLOTS + 1] or state[USED_SITES] == block[3 * _G_SITES + 1]:
            return j
        demand = demand_number(block, certificates[j], age_min[j], age_max[j], hazardous[j], light_work[j])
        if demand < 0 or wanted > width:
            return j
        o, place = np.int64(occupation[j]) if occupation[j] >= 0 else unknown, np.int64(place_of[division[j]])
        province, pay = np.int64(province_number[division[j]]), wage_lo[j] + wage_hi[j]
        live = open_[j] and openings[j] > 0
        close_row(block, row)
        if live:
            if not _link_slot(block, state, o, place, province, pay):
                return j
            site = _site(block[3 * _G_SITES] + state[USED_SITES] * _SITE_BYTES)
            site.x, site.y, site.z, site.employer = points[j, 0], points[j, 1], points[j, 2], employer[j]
            put_slot(
                slots_at + used * slot_bytes, width, row, state[USED_SITES], demand, wage_lo[j], wage_hi[j],
                valid_until_day[j], start_day[j], skills, j, len(likeness),
            )  # fmt: skip
            for a in range(skills.shape[1]):
                if skills[j, a] >= 0:
                    learn_skill(o, np.int64(skills[j, a]), asked, likeness, reach_of_term)
            enclose_point(place, points[j, 0], points[j, 1], points[j, 2], spheres)
            enclose_point(province, points[j, 0], points[j, 1], points[j, 2], province_spheres)
            slot_of[row] = used
            state[USED_SLOTS] += 1
            state[USED_SITES] += 1
        if new:
            seqs[row] = seq[j]
            state[USED_ROWS] += 1
            if state[ASCENDING] == row and seq[j] > state[GREATEST]:
                state[ASCENDING] += 1
            state[GREATEST] = max(state[GREATEST], seq[j])
    return len(seq)


@part
def _link_slot(block: Longs, used: Longs, occupation: Number, place: Number, province: Number, pay: Number) -> bool:
    """Hang the next slot into its cell, making one where there is none; False: no room for another cell."""
    bounds, groups, later = _int_rows(block, _G_CELL_BOUNDS), _int_rows(block, _G_GROUPS), _ints(block, _G_LATER)
    cells_at, n_places = block[3 * _G_CELLS], block[3 * _G_PLACES + 2]
    group = occupation * (block[3 * _G_PROVINCE_FIRST + 1] - 1) + province
    first, count = np.int64(groups[GROUP_FIRST, group]), np.int64(groups[GROUP_CELLS, group])
    at = np.int64(-1)
    for c in range(first, first + count):
        if bounds[CELL_PLACE, c] == place:
            at = np.int64(c)
    if at < 0:
        if count == groups[GROUP_ROOM, group]:
            # A group that is full moves to the end, with room for as many again.
            room, end = 2 * count + 2, used[USED_CELLS]
            if end + room > block[3 * _G_CELLS + 1]:
                return False
            for c in range(count):
                old, new = _cell(cells_at + (first + c) * _CELL_BYTES), _cell(cells_at + (end + c) * _CELL_BYTES)
                new.first, new.end, new.late = old.first, old.end, old.late
                for row in range(len(bounds)):
                    bounds[row, end + c] = bounds[row, first + c]
                bounds[CELL_PLACE, first + c] = n_places
            first = end
            groups[GROUP_FIRST, group], groups[GROUP_ROOM, group] = first, room
            used[USED_CELLS] += room
        at = first + count
        empty = _cell(cells_at + at * _CELL_BYTES)
        empty.first, empty.end, empty.late = 0, 0, -1
        bounds[CELL_PLACE, at], bounds[CELL_PAY, at], bounds[CELL_OCCUPATION, at] = place, 0, occupation
        groups[GROUP_CELLS, group] = count + 1
    cell = _cell(cells_at + at * _CELL_BYTES)
    later[used[USED_SLOTS] - (block[3 * _G_SLOTS + 1] - len(later))] = cell.late
    cell.late = used[USED_SLOTS]
    bounds[CELL_PAY, at] = max(bounds[CELL_PAY, at], pay)
    groups[GROUP_PAY, group] = max(groups[GROUP_PAY, group], pay)
    return True
