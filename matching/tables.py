"""What goes into the engine: plain NumPy arrays with names, shapes and units, checked once when a table is made.

A *term* is a canonical occupation or skill, given by its index in the likeness matrix (occupations first, then
skills). A *division* is a province, prefecture or county, given by its index in `Geography`. A *day* counts days
since 1970-01-01. -1 pads lists of terms and divisions; `NO_DAY` stands for a date nobody stated.
"""

from dataclasses import dataclass, field
from enum import IntEnum, IntFlag
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from matching.geo import Point, unit_vectors

Ints: TypeAlias = NDArray[np.int32]
Longs: TypeAlias = NDArray[np.int64]
Shorts: TypeAlias = NDArray[np.int16]
Bytes: TypeAlias = NDArray[np.uint8]
Bits: TypeAlias = NDArray[np.uint64]
Flags: TypeAlias = NDArray[np.bool_]
Reals: TypeAlias = NDArray[np.float64]

#: No date was stated.
NO_DAY = np.iinfo(np.int32).min
#: The employer states no upper age.
NO_MAX_AGE = 999


class TableError(ValueError):
    """A table's columns do not fit together."""


class Scope(IntFlag):
    """The zones around home that a worker allows; every vacancy lies in exactly one of the four single zones."""

    COUNTY = 1
    REST_OF_PREFECTURE = 2
    REST_OF_PROVINCE = 4
    OUTSIDE_PROVINCE = 8
    OWN_PREFECTURE = 3
    OWN_PROVINCE = 7
    ANYWHERE = 15


class LabourAbility(IntEnum):
    """How much work a person can do (普通 / 半劳力 / 弱劳力)."""

    FULL = 0
    HALF = 1
    WEAK = 2


class Tier(IntEnum):
    """The pairing between a home and a workplace at a date; the most specific one that holds."""

    NONE = 0
    MARKET = 1
    FORMER = 2
    PROVINCE = 3
    PREFECTURE = 4
    COUNTY = 5
    #: An agreement between places of one province (省内协作, 6+6).
    AGREEMENT = 6


@dataclass(frozen=True)
class Weights:
    """How much each part of a score counts. Not negative; together 1."""

    skill: float = 0.40
    distance: float = 0.20
    pairing: float = 0.28
    pay: float = 0.12

    def __post_init__(self) -> None:
        values = (self.skill, self.distance, self.pairing, self.pay)
        if not all(0.0 <= value <= 1.0 for value in values) or abs(sum(values) - 1.0) > 1e-9:
            raise TableError(f"weights {values}: each must lie in [0, 1] and together they must be 1")


@dataclass(frozen=True)
class Profile:
    """A dated way of scoring. Scores made under one version can be made again as long as it is kept."""

    version: str = "2022.1"
    #: The first day it is meant for (ISO date): the 2022 collaboration notice.
    since: str = "2022-01-01"
    weights: Weights = field(default_factory=Weights)
    #: Value of each `Tier`, in the order of its numbers.
    tier_values: tuple[float, ...] = (0.0, 0.30, 0.45, 0.65, 0.85, 1.0, 0.65)
    #: The skill part when nobody stated an occupation or skill, or nobody understood it.
    neutral_skill: float = 0.30
    #: The pay part when the worker names no least pay.
    neutral_pay: float = 0.50
    #: The reach of a worker whom nobody has asked, in km.
    default_reach_km: float = 1500.0
    #: Of the skill part, the share of the occupation; the rest is the required skills'.
    occupation_share: float = 0.60
    #: Nothing is suggested whose skill part is below.
    floor: float = 0.25
    #: Days that may lie between being available and starting.
    start_within_days: int = 30

    def __post_init__(self) -> None:
        if len(self.tier_values) != len(Tier) or not all(0.0 <= value <= 1.0 for value in self.tier_values):
            raise TableError(f"tier_values {self.tier_values}: one value in [0, 1] for each of {len(Tier)} tiers")


PROFILE_2022_1 = Profile()


@dataclass(frozen=True)
class Geography:
    """Every division there is: d of them, any level, each naming the prefecture and province it lies in."""

    #: int32[d]: index of the prefecture a county lies in (its own index for a prefecture), -1: none.
    prefecture: Ints
    #: int32[d]: index of the province it lies in (its own index for a province).
    province: Ints
    #: bool[d]: a dated order closes this division, and everything inside it, as a destination.
    closed: Flags

    def __post_init__(self) -> None:
        d = len(self.province)
        _check(self, d, prefecture=(-1, d), province=(0, d), closed=None)

    @classmethod
    def of(cls, prefecture: ArrayLike, province: ArrayLike, closed: ArrayLike | None = None) -> "Geography":
        """Columns in any integer type; `closed` absent: no destination is closed."""
        n = len(np.asarray(province))
        return cls(_ints(prefecture), _ints(province), _flags(closed, n, default=False))

    def __len__(self) -> int:
        return len(self.province)

    def lies_in(self, division: int, area: int) -> bool:
        """Whether a division is the area itself or a place inside it."""
        return area in (division, int(self.prefecture[division]), int(self.province[division]))

    def is_closed(self, division: int) -> bool:
        """Whether an order closes the division or a place it lies in."""
        around = (division, int(self.prefecture[division]), int(self.province[division]))
        return any(place >= 0 and bool(self.closed[place]) for place in around)

    def zone(self, home: int, division: int) -> Scope:
        """The one zone around `home` in which a division lies."""
        if self.lies_in(division, home):
            return Scope.COUNTY
        if self.prefecture[division] >= 0 and self.prefecture[division] == self.prefecture[home]:
            return Scope.REST_OF_PREFECTURE
        same_province = self.province[division] == self.province[home]
        return Scope.REST_OF_PROVINCE if same_province else Scope.OUTSIDE_PROVINCE


@dataclass(frozen=True)
class Market:
    """What all workers and vacancies of one ranking share."""

    geography: Geography
    #: uint8[d, d]: the `Tier` between a home division (row) and a vacancy's division (column) on `today`.
    tiers: Bytes
    #: uint8[t, t], hundredths: how far term x (row) serves where term y (column) is asked; 100 on the diagonal.
    likeness: Bytes
    #: The first so many terms are occupations, the others skills.
    occupations: int
    #: The day for which is asked.
    today: int = 0
    profile: Profile = PROFILE_2022_1

    def __post_init__(self) -> None:
        d, t = len(self.geography), len(self.likeness)
        if self.tiers.shape != (d, d) or self.tiers.dtype != np.uint8:
            raise TableError(f"tiers {self.tiers.dtype}{self.tiers.shape}: expected uint8[{d}, {d}]")
        if self.tiers.size and int(self.tiers.max()) >= len(Tier):
            raise TableError(f"tiers hold {int(self.tiers.max())}: the greatest tier is {len(Tier) - 1}")
        if self.likeness.shape != (t, t) or self.likeness.dtype != np.uint8:
            raise TableError(f"likeness {self.likeness.dtype}{self.likeness.shape}: expected a square uint8 matrix")
        if self.likeness.size and int(self.likeness.max()) > 100:
            raise TableError(f"likeness holds {int(self.likeness.max())}: hundredths end at 100")
        if not 0 <= self.occupations <= t:
            raise TableError(f"occupations {self.occupations}: there are {t} terms")


@dataclass(frozen=True)
class VacancyRow:
    """One vacancy, as the readable definition reads it; columns as in `VacancyTable`."""

    occupation: int
    skills: tuple[int, ...]
    point: Point
    division: int
    wage_lo: int
    wage_hi: int
    certificates: int
    open: bool
    valid_until_day: int
    openings: int
    age_min: int
    age_max: int
    hazardous: bool
    light_work: bool
    start_day: int
    employer: int
    seq: int


@dataclass(frozen=True)
class VacancyTable:
    """n vacancies, in any order; `seq` says which was inserted earlier."""

    #: int32[n]: occupation as a term; -1: nobody understood it.
    occupation: Ints
    #: int32[n, w]: required skills as terms, padded with -1.
    skills: Ints
    #: float64[n], degrees WGS84: the public place of work.
    lat_deg: Reals
    lon_deg: Reals
    #: int32[n]: the division of the workplace.
    division: Ints
    #: int32[n], yuan a month; open-ended pay has both alike.
    wage_lo: Ints
    wage_hi: Ints
    #: uint64[n]: bit c is set when certificate c is required by law or by the employer's own "must".
    certificates: Bits
    #: bool[n]: neither closed nor withdrawn.
    open: Flags
    #: int32[n]: last day of validity; `NO_DAY`: without end.
    valid_until_day: Ints
    #: int32[n]: places left.
    openings: Ints
    #: int16[n]: the employer's lawful stated range, both ends included.
    age_min: Shorts
    age_max: Shorts
    #: bool[n]: hazardous work, from 18 on.
    hazardous: Flags
    #: bool[n]: suits weak or half labour ability.
    light_work: Flags
    #: int32[n]: when work starts; `NO_DAY`: at once.
    start_day: Ints
    #: int32[n]: who hires; -1: unknown and like nobody else.
    employer: Ints
    #: int64[n]: the sequence number given at insertion, never reused.
    seq: Longs
    #: float64[n, 3]: the place on the unit sphere.
    points: Reals

    def __post_init__(self) -> None:
        _check(
            self,
            len(self.occupation),
            skills=(-1, None),
            occupation=(-1, None),
            lat_deg=(-90, 91),
            lon_deg=(-180, 181),
            division=(0, None),
            wage_lo=(0, None),
            wage_hi=(0, None),
            certificates=None,
            open=None,
            valid_until_day=None,
            openings=None,
            age_min=(0, None),
            age_max=(0, None),
            hazardous=None,
            light_work=None,
            start_day=None,
            employer=(-1, None),
            seq=(0, None),
        )
        ascend = bool(np.all(self.seq[1:] > self.seq[:-1]))
        if not ascend and len(np.unique(self.seq)) < len(self.seq):
            raise TableError("seq: a sequence number was given twice")
        if bool(np.any(self.wage_lo > self.wage_hi)):
            raise TableError(f"wage_lo above wage_hi at row {int(np.argmax(self.wage_lo > self.wage_hi))}")

    @classmethod
    def of(
        cls,
        *,
        occupation: ArrayLike,
        lat_deg: ArrayLike,
        lon_deg: ArrayLike,
        division: ArrayLike,
        wage_lo: ArrayLike,
        wage_hi: ArrayLike,
        skills: ArrayLike | None = None,
        certificates: ArrayLike | None = None,
        open: ArrayLike | None = None,  # noqa: A002 - the column's name
        valid_until_day: ArrayLike | None = None,
        openings: ArrayLike | None = None,
        age_min: ArrayLike | None = None,
        age_max: ArrayLike | None = None,
        hazardous: ArrayLike | None = None,
        light_work: ArrayLike | None = None,
        start_day: ArrayLike | None = None,
        employer: ArrayLike | None = None,
        seq: ArrayLike | None = None,
    ) -> "VacancyTable":
        """Columns in any numeric type; an absent column restricts nothing."""
        n = len(np.asarray(occupation))
        lat, lon = _reals(lat_deg), _reals(lon_deg)
        return cls(
            occupation=_ints(occupation),
            skills=_lists(skills, n),
            lat_deg=lat,
            lon_deg=lon,
            division=_ints(division),
            wage_lo=_ints(wage_lo),
            wage_hi=_ints(wage_hi),
            certificates=_bits(certificates, n),
            open=_flags(open, n, default=True),
            valid_until_day=_ints_or(valid_until_day, n, NO_DAY),
            openings=_ints_or(openings, n, 1),
            age_min=_shorts_or(age_min, n, 16),
            age_max=_shorts_or(age_max, n, NO_MAX_AGE),
            hazardous=_flags(hazardous, n, default=False),
            light_work=_flags(light_work, n, default=False),
            start_day=_ints_or(start_day, n, NO_DAY),
            employer=_ints_or(employer, n, -1),
            seq=np.arange(n, dtype=np.int64) if seq is None else _column(seq, np.int64),
            points=unit_vectors(lat, lon),
        )

    @classmethod
    def trusted(cls, **columns: NDArray[Any]) -> "VacancyTable":
        """All columns, of rows that were checked when they came: nothing is looked at again."""
        table = object.__new__(cls)
        for name in cls.__dataclass_fields__:
            object.__setattr__(table, name, columns[name])
        return table

    def only(self, rows: NDArray[np.intp]) -> "VacancyTable":
        """These rows, in their order."""
        return VacancyTable.trusted(**{name: getattr(self, name)[rows] for name in self.__dataclass_fields__})

    def __len__(self) -> int:
        return len(self.occupation)

    def row(self, i: int) -> VacancyRow:
        """Vacancy i in Python's own types."""
        return VacancyRow(
            occupation=int(self.occupation[i]),
            skills=_stated(self.skills[i]),
            point=_point(self.points[i]),
            division=int(self.division[i]),
            wage_lo=int(self.wage_lo[i]),
            wage_hi=int(self.wage_hi[i]),
            certificates=int(self.certificates[i]),
            open=bool(self.open[i]),
            valid_until_day=int(self.valid_until_day[i]),
            openings=int(self.openings[i]),
            age_min=int(self.age_min[i]),
            age_max=int(self.age_max[i]),
            hazardous=bool(self.hazardous[i]),
            light_work=bool(self.light_work[i]),
            start_day=int(self.start_day[i]),
            employer=int(self.employer[i]),
            seq=int(self.seq[i]),
        )


@dataclass(frozen=True)
class WorkerRow:
    """One worker, as the readable definition reads it; columns as in `WorkerTable`."""

    home: int
    point: Point
    occupations: tuple[int, ...]
    skills: tuple[int, ...]
    min_wage: int
    reach_km: float
    reach_is_limit: bool
    destinations: tuple[int, ...]
    scope: Scope
    certificates: int
    age: int
    labour_ability: LabourAbility
    available_day: int
    willing: bool
    in_work_not_asking: bool
    consent: bool
    declined: frozenset[int]


@dataclass(frozen=True)
class WorkerTable:
    """n workers. Nothing here names a person: no name, sex, ID digits or household register."""

    #: int32[n]: division of the home.
    home: Ints
    #: float64[n], degrees WGS84: the public point of the home village or county.
    lat_deg: Reals
    lon_deg: Reals
    #: int32[n, w]: wished occupations as terms, padded with -1.
    occupations: Ints
    #: int32[n, w]: skills, experience and certificates as terms, padded with -1.
    skills: Ints
    #: int32[n], yuan a month; 0: no wish stated.
    min_wage: Ints
    #: float64[n], km; nan: nobody has asked yet, which is not zero.
    reach_km: Reals
    #: bool[n]: the reach was given as "不超过" and filters; otherwise it only orders.
    reach_is_limit: Flags
    #: int32[n, w]: divisions of any level the worker would go to, padded with -1; none: anywhere.
    destinations: Ints
    #: uint8[n]: allowed zones, see `Scope`.
    scope: Bytes
    #: uint64[n]: bit c is set when certificate c is held and in date.
    certificates: Bits
    #: int16[n], years.
    age: Shorts
    #: uint8[n]: see `LabourAbility`.
    labour_ability: Bytes
    #: int32[n]: free from; `NO_DAY`: not stated.
    available_day: Ints
    #: bool[n]: 外出意愿; False allows the own county only.
    willing: Flags
    #: bool[n]: in work and has not asked for another job.
    in_work_not_asking: Flags
    #: bool[n]: consent to matching stands today.
    consent: Flags
    #: int64[n + 1] and int64[...]: the `seq` of vacancies declined by worker i are
    #: declined[declined_start[i]:declined_start[i + 1]].
    declined_start: Longs
    declined: Longs
    #: float64[n, 3]: the home on the unit sphere.
    points: Reals

    def __post_init__(self) -> None:
        n = len(self.home)
        _check(
            self,
            n,
            home=(0, None),
            lat_deg=(-90, 91),
            lon_deg=(-180, 181),
            occupations=(-1, None),
            skills=(-1, None),
            min_wage=(0, None),
            reach_is_limit=None,
            destinations=(-1, None),
            scope=(0, 16),
            certificates=None,
            age=(0, None),
            labour_ability=(0, len(LabourAbility)),
            available_day=None,
            willing=None,
            in_work_not_asking=None,
            consent=None,
        )
        if len(self.reach_km) != n or bool(np.any(self.reach_km < 1.0)) or bool(np.any(np.isinf(self.reach_km))):
            raise TableError("reach_km: one finite number of at least 1, or nan, for each worker")
        start = self.declined_start
        ascending = len(start) == n + 1 and start[0] == 0 and bool(np.all(start[1:] >= start[:-1]))
        if not ascending or start[-1] != len(self.declined):
            raise TableError("declined_start: n + 1 ascending offsets into declined, from 0 to its end")

    @classmethod
    def of(
        cls,
        *,
        home: ArrayLike,
        lat_deg: ArrayLike,
        lon_deg: ArrayLike,
        occupations: ArrayLike,
        skills: ArrayLike | None = None,
        min_wage: ArrayLike | None = None,
        reach_km: ArrayLike | None = None,
        reach_is_limit: ArrayLike | None = None,
        destinations: ArrayLike | None = None,
        scope: ArrayLike | None = None,
        certificates: ArrayLike | None = None,
        age: ArrayLike | None = None,
        labour_ability: ArrayLike | None = None,
        available_day: ArrayLike | None = None,
        willing: ArrayLike | None = None,
        in_work_not_asking: ArrayLike | None = None,
        consent: ArrayLike | None = None,
        declined_start: ArrayLike | None = None,
        declined: ArrayLike | None = None,
    ) -> "WorkerTable":
        """Columns in any numeric type; an absent column restricts nothing (age 30, consent given, willing)."""
        n = len(np.asarray(home))
        lat, lon = _reals(lat_deg), _reals(lon_deg)
        return cls(
            home=_ints(home),
            lat_deg=lat,
            lon_deg=lon,
            occupations=_lists(occupations, n),
            skills=_lists(skills, n),
            min_wage=_ints_or(min_wage, n, 0),
            reach_km=np.full(n, np.nan) if reach_km is None else _reals(reach_km),
            reach_is_limit=_flags(reach_is_limit, n, default=False),
            destinations=_lists(destinations, n),
            scope=_column(np.full(n, Scope.ANYWHERE) if scope is None else scope, np.uint8),
            certificates=_bits(certificates, n),
            age=_shorts_or(age, n, 30),
            labour_ability=_column(np.zeros(n) if labour_ability is None else labour_ability, np.uint8),
            available_day=_ints_or(available_day, n, NO_DAY),
            willing=_flags(willing, n, default=True),
            in_work_not_asking=_flags(in_work_not_asking, n, default=False),
            consent=_flags(consent, n, default=True),
            declined_start=_column(np.zeros(n + 1) if declined_start is None else declined_start, np.int64),
            declined=_column(np.zeros(0) if declined is None else declined, np.int64),
            points=unit_vectors(lat, lon),
        )

    @classmethod
    def trusted(cls, **columns: NDArray[Any]) -> "WorkerTable":
        """All columns but the points, of the types above, of rows the database checked: nothing is looked at again."""
        table = object.__new__(cls)
        for name, column in columns.items():
            object.__setattr__(table, name, column)
        object.__setattr__(table, "points", unit_vectors(table.lat_deg, table.lon_deg))
        return table

    def __len__(self) -> int:
        return len(self.home)

    def row(self, i: int) -> WorkerRow:
        """Worker i in Python's own types."""
        return WorkerRow(
            home=int(self.home[i]),
            point=_point(self.points[i]),
            occupations=_stated(self.occupations[i]),
            skills=_stated(self.skills[i]),
            min_wage=int(self.min_wage[i]),
            reach_km=float(self.reach_km[i]),
            reach_is_limit=bool(self.reach_is_limit[i]),
            destinations=_stated(self.destinations[i]),
            scope=Scope(int(self.scope[i])),
            certificates=int(self.certificates[i]),
            age=int(self.age[i]),
            labour_ability=LabourAbility(int(self.labour_ability[i])),
            available_day=int(self.available_day[i]),
            willing=bool(self.willing[i]),
            in_work_not_asking=bool(self.in_work_not_asking[i]),
            consent=bool(self.consent[i]),
            declined=frozenset(self.declined[self.declined_start[i] : self.declined_start[i + 1]].tolist()),
        )


def check_vacancies(vacancies: VacancyTable, market: Market) -> None:
    """Raise `TableError` when a vacancy names a term or division the market does not have."""
    _below("vacancies.occupation", vacancies.occupation, market.occupations)
    _below("vacancies.skills", vacancies.skills, len(market.likeness))
    _below("vacancies.division", vacancies.division, len(market.geography))


def check_workers(workers: WorkerTable, market: Market) -> None:
    """Raise `TableError` when a worker names a term or division the market does not have."""
    _below("workers.occupations", workers.occupations, market.occupations)
    _below("workers.skills", workers.skills, len(market.likeness))
    _below("workers.home", workers.home, len(market.geography))
    _below("workers.destinations", workers.destinations, len(market.geography))


def _below(name: str, values: Ints, bound: int) -> None:
    if values.size and int(values.max()) >= bound:
        raise TableError(f"{name} holds {int(values.max())}: there are {bound}")


def _check(table: object, n: int, **ranges: tuple[float, float | None] | None) -> None:
    """Every named column has n rows and, where a range is given, values from its start to below its end."""
    for name, span in ranges.items():
        values: NDArray[Any] = getattr(table, name)
        if len(values) != n:
            raise TableError(f"{name} has {len(values)} rows: expected {n}")
        if span is None or not values.size:
            continue
        low, high = span
        if not values.min() >= low or (high is not None and not values.max() < high):
            raise TableError(f"{name} runs from {values.min()} to {values.max()}: expected {low} to below {high}")


def _column(values: ArrayLike, dtype: Any) -> NDArray[Any]:
    """A contiguous copy-if-needed in the wanted type; a number that does not fit it is an error, not a wrap."""
    given = np.asarray(values)
    column = np.ascontiguousarray(given, dtype=dtype)
    if given.dtype != column.dtype and given.size and not bool(np.all(column == given)):
        raise TableError(f"a column of {given.dtype} holds numbers that are no {np.dtype(dtype)}")
    return column


def _ints(values: ArrayLike) -> Ints:
    return _column(values, np.int32)


def _ints_or(values: ArrayLike | None, n: int, default: int) -> Ints:
    return np.full(n, default, np.int32) if values is None else _ints(values)


def _shorts_or(values: ArrayLike | None, n: int, default: int) -> Shorts:
    return _column(np.full(n, default) if values is None else values, np.int16)


def _reals(values: ArrayLike) -> Reals:
    return np.ascontiguousarray(values, dtype=np.float64)


def _bits(values: ArrayLike | None, n: int) -> Bits:
    return _column(np.zeros(n) if values is None else values, np.uint64)


def _flags(values: ArrayLike | None, n: int, *, default: bool) -> Flags:
    return np.full(n, default) if values is None else _column(values, np.bool_)


def _lists(values: ArrayLike | None, n: int) -> Ints:
    """int32[n, w]; absent: one empty column, so that loops over lists need no special case."""
    if values is None:
        return np.full((n, 1), -1, np.int32)
    lists = _ints(values)
    if lists.ndim != 2 or len(lists) != n:
        raise TableError(f"a list column has shape {lists.shape}: expected [{n}, width], padded with -1")
    return lists if lists.shape[1] else np.full((n, 1), -1, np.int32)


def _stated(padded: Ints) -> tuple[int, ...]:
    return tuple(int(value) for value in padded if value >= 0)


def _point(row: Reals) -> Point:
    return float(row[0]), float(row[1]), float(row[2])
