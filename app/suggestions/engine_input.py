"""Rows in, the engine's arrays out. No SQL, no scoring."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np

from app.edge.language import Language
from app.suggestions.rows import DivisionRow, OpenVacancy, SeekingWorker
from app.vacancies.choices import VacancyKind
from app.workers import choices
from app.workers.id_number import LEGAL_AGE, age_on
from matching.lexicon import Lexicon
from matching.tables import (
    NO_DAY,
    NO_MAX_AGE,
    Geography,
    LabourAbility,
    Scope,
    VacancyTable,
    WorkerTable,
)

_EPOCH = date(1970, 1, 1)
#: Kinds of post that exist for people who cannot do a full day's heavy work.
LIGHT_WORK = frozenset({VacancyKind.WORKSHOP, VacancyKind.WORK_RELIEF, VacancyKind.PUBLIC_WELFARE})
SCOPES = {"any": Scope.ANYWHERE, "county": Scope.COUNTY, "province": Scope.OWN_PROVINCE}
#: Labour ability as lists state it; whatever else is stated is full ability.
ABILITIES: dict[str | None, LabourAbility] = {
    choices.LabourAbility.WEAK: LabourAbility.WEAK,
    choices.LabourAbility.NONE: LabourAbility.WEAK,
}


def day_of(when: date | None) -> int:
    """Days since 1970-01-01; NO_DAY for a date nobody stated."""
    return NO_DAY if when is None else (when - _EPOCH).days


#: Yuan a month above which pay is no longer told apart: what the index has room for.
MOST_PAY = 65_535


class CertificateBits:
    """What vacancies ask for as bits: a certificate, or a choice the law leaves ("one of these licences").

    Bits go to what is asked for most; should more than 64 things be asked for, the rarest share the last bit, which
    only who holds all of them has: never somebody without a certificate.
    """

    def __init__(self, lexicon: Lexicon, vacancies: Sequence[OpenVacancy], order: Sequence[Sequence[str]] = ()) -> None:
        self._lexicon = lexicon
        self._book = lexicon.certificate_book
        self._kinds = {row.id: row.kind for row in self._book}
        self._order = [frozenset(one) for one in order]
        self._bit = {one: min(place, 63) for place, one in enumerate(self._order)}
        #: What was worked out when so many things were asked for: most workers hold the same few certificates.
        self._held: dict[tuple[int, frozenset[str]], int] = {}
        self.learn(vacancies)

    def learn(self, vacancies: Sequence[OpenVacancy]) -> None:
        """Give bits to what nobody has asked for before; bits once given stay."""
        asked = Counter(one for row in vacancies for one in self._asked(row) if one not in self._bit)
        for one in sorted(asked, key=lambda one: (-asked[one], sorted(one))):
            self._bit[one] = min(len(self._order), 63)
            self._order.append(one)

    @property
    def order(self) -> list[list[str]]:
        """What the bits stand for, for whoever goes on from here."""
        return [sorted(one) for one in self._order]

    def required(self, vacancy: OpenVacancy) -> int:
        """The bits a vacancy filters by: the employer's must and the law's."""
        return _bits(self._bit[one] for one in self._asked(vacancy))

    def held(self, certificates: Sequence[str]) -> int:
        """The bits of what a worker holds, with all it covers."""
        case = (len(self._order), frozenset(certificates))
        if case not in self._held:
            self._held[case] = self._worked_out(certificates)
        return self._held[case]

    def _worked_out(self, certificates: Sequence[str]) -> int:
        mask = self._book.mask([one for one in certificates if one in self._kinds])
        lacking = {self._bit[one] for one in self._order if not mask & _bits(map(self._book.bit, one))}
        return _bits(set(self._bit.values()) - lacking)

    def name(self, bit: int, language: Language) -> str:
        """What a bit asks for: a certificate, or the choice."""
        rows = [self._book.row(one) for one in sorted(self._order[bit])]
        return " / ".join(row.name_en if language == "en" else row.name for row in rows)

    def _asked(self, vacancy: OpenVacancy) -> set[frozenset[str]]:
        """Each thing asked for, as the certificates of which one is enough. Health certificates are never a filter."""
        must = {frozenset((one,)) for one in vacancy.certificates if self._kinds.get(one, "health") != "health"}
        rule = self._lexicon.required_by_law(vacancy.occupation) if vacancy.occupation else None
        lawful = frozenset(one for one in (rule.certificates if rule else ()) if self._kinds[one] != "health")
        return must | {lawful} if lawful else must


def _bits(places: Iterable[int]) -> int:
    return sum(1 << place for place in set(places))


@dataclass(frozen=True)
class Divisions:
    """Every division there is, in one order, with the engine's geography."""

    rows: Sequence[DivisionRow]
    #: Those that a dated order closes as destinations, with all inside them.
    closed: frozenset[str] = frozenset()

    @cached_property
    def index(self) -> Mapping[str, int]:
        """Code -> place in the engine's tables."""
        return {row.code: i for i, row in enumerate(self.rows)}

    @cached_property
    def geography(self) -> Geography:
        """Who lies in whom, and what is closed."""
        prefecture = [self._above(row, 2) for row in self.rows]
        province = [self._above(row, 1) for row in self.rows]
        return Geography.of(prefecture, province, [row.code in self.closed for row in self.rows])

    @cached_property
    def provinces(self) -> Sequence[str]:
        """The codes of all provinces."""
        return [row.code for row in self.rows if row.level == 1]

    def _above(self, row: DivisionRow, level: int) -> int:
        while row.level > level and row.parent is not None:
            row = self.rows[self.index[row.parent]]
        return self.index[row.code] if row.level == level else -1

    def wished(self, wanted: Sequence[str], unwanted: Sequence[str]) -> list[int]:
        """Places as indices. "Not X" alone becomes every other place on X's level, and the provinces beside it."""
        if wanted or not unwanted:
            return [self.index[code] for code in wanted if code in self.index]
        return sorted(self._without(frozenset(unwanted)))

    def _without(self, unwanted: frozenset[str]) -> Iterable[int]:
        split = {above for code in unwanted if code in self.index for above in self._ancestors(code)}
        for i, row in enumerate(self.rows):
            beside = row.parent is None or row.parent in split
            if beside and row.code not in unwanted and row.code not in split:
                yield i

    def _ancestors(self, code: str) -> Iterable[str]:
        parent = self.rows[self.index[code]].parent
        while parent is not None:
            yield parent
            parent = self.rows[self.index[parent]].parent


def vacancy_table(
    rows: Sequence[OpenVacancy],
    divisions: Divisions,
    lexicon: Lexicon,
    bits: CertificateBits,
    employers: dict[str, int] | None = None,
) -> VacancyTable:
    """Open vacancies as the engine reads them. `employers` numbers those known so far and takes in the new ones."""
    employers = {} if employers is None else employers
    occupations = [_term(lexicon, row.occupation) for row in rows]
    return VacancyTable.of(
        occupation=_array(occupations),
        skills=_padded([[t for one in row.skills if (t := _term(lexicon, one)) >= 0] for row in rows]),
        lat_deg=[row.lat for row in rows],
        lon_deg=[row.lon for row in rows],
        division=_array([divisions.index[row.workplace_code] for row in rows]),
        wage_lo=_array([min(row.wage_lo, MOST_PAY) for row in rows]),
        wage_hi=_array([min(row.wage_hi, MOST_PAY) for row in rows]),
        certificates=np.array([bits.required(row) for row in rows], np.uint64),
        valid_until_day=_array([day_of(row.valid_until) for row in rows]),
        openings=_array([row.openings for row in rows]),
        age_min=_array([row.age_min or LEGAL_AGE for row in rows]),
        age_max=_array([row.age_max or NO_MAX_AGE for row in rows]),
        hazardous=np.array([_is_hazardous(lexicon, row.occupation) for row in rows], bool),
        light_work=np.array([row.kind in LIGHT_WORK for row in rows], bool),
        start_day=_array([day_of(row.start_date) for row in rows]),
        employer=_array([employers.setdefault(row.employer, len(employers)) for row in rows]),
        seq=np.array([row.seq for row in rows], np.int64),
    )


def worker_table(
    rows: Sequence[SeekingWorker],
    divisions: Divisions,
    lexicon: Lexicon,
    bits: CertificateBits,
    today: date,
    left_out: Sequence[Sequence[int]] | None = None,
) -> WorkerTable:
    """Workers as the engine reads them: no name, no sex, no digit of an ID number. `left_out`: for each, the sequence
    numbers of vacancies that are to count as if they were not there."""
    gone = left_out if left_out is not None else [()] * len(rows)
    return WorkerTable.trusted(
        home=np.array([divisions.index[row.home_code] for row in rows], np.int32),
        lat_deg=np.array([row.lat for row in rows], np.float64),
        lon_deg=np.array([row.lon for row in rows], np.float64),
        occupations=_padded([[t for one in row.occupations if (t := _term(lexicon, one)) >= 0] for row in rows]),
        skills=_padded([[t for one in row.skills if (t := _term(lexicon, one)) >= 0] for row in rows]),
        min_wage=np.array([min(row.min_wage or 0, MOST_PAY) for row in rows], np.int32),
        reach_km=np.array([np.nan if row.reach_km is None else max(1.0, row.reach_km) for row in rows], np.float64),
        reach_is_limit=np.array([row.reach_is_limit for row in rows], bool),
        destinations=_padded([divisions.wished(row.destinations, row.not_destinations) for row in rows]),
        scope=np.array([SCOPES[row.scope] for row in rows], np.uint8),
        certificates=np.array([bits.held(row.certificates) for row in rows], np.uint64),
        age=np.array([age_on(today, row.birth_date) for row in rows], np.int16),
        labour_ability=np.array([ABILITIES.get(row.labour_ability, LabourAbility.FULL) for row in rows], np.uint8),
        available_day=np.array([day_of(row.available_from) for row in rows], np.int32),
        willing=np.array([row.willing_to_go_out is not False for row in rows], bool),
        in_work_not_asking=np.array([_stays_in_work(row) for row in rows], bool),
        consent=np.ones(len(rows), bool),
        declined_start=np.cumsum([0, *map(len, gone)]),
        declined=np.array([seq for seqs in gone for seq in sorted(seqs)], np.int64),
    )


def _stays_in_work(worker: SeekingWorker) -> bool:
    return worker.employment_status == choices.EmploymentStatus.EMPLOYED and not worker.in_work_asks


def _is_hazardous(lexicon: Lexicon, occupation: str | None) -> bool:
    """Work the law keeps for adults: whatever needs a statutory certificate."""
    rule = lexicon.required_by_law(occupation) if occupation else None
    book = lexicon.certificate_book
    return rule is not None and any(book.row(one).kind == "statutory" for one in rule.certificates)


def _term(lexicon: Lexicon, term: str | None) -> int:
    """The term's index; -1 when there is none or the lexicon no longer knows it."""
    try:
        return lexicon.index(term) if term else -1
    except KeyError:
        return -1


def _array(values: Sequence[int]) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return np.array(values, np.int64)


def _padded(lists: Sequence[Sequence[int]]) -> np.ndarray[tuple[int, int], np.dtype[np.int32]]:
    """int32[n, longest list], padded with -1."""
    width = max((len(one) for one in lists), default=0) or 1
    table = np.full((len(lists), width), -1, np.int32)
    for row, values in zip(table, lists, strict=True):
        row[: len(values)] = values
    return table
