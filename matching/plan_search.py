"""The best vacancies net of prices, fast where prices are high everywhere: the planner's own search.

An index prunes by score, which is the wrong measure once most openings have a price. Here vacancies lie in groups of
one occupation in one province, each with its greatest pay and least price; a worker looks into the few groups whose
best net score could still matter, and `least` says from the start what matters. What is filtered and scored exactly is
left to the same compiled twins as everywhere (kernels.py), so that answers equal `matching.rank(prices=…)`.
"""

import inspect
import zlib
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from matching import kernels
from matching.index import Index
from matching.kernels import NO_SCORE, Record, Records, Single, Singles, compiled
from matching.rank import People, in_shares
from matching.tables import Bytes, Flags, Ints, Longs, Market, VacancyTable, check_vacancies

#: Bounds may be low by this many micro-points before the scores they bound are rounded.
_MARGIN = 8
#: What is out has this bound or, after adding two of them and a price, one not above half of it.
_OUT, _NOT_OUT = -600_000_000, -300_000_000
#: Groups are taken by falling bound while that lies so far above the bar, at most so many; the others as they lie.
_FAR_ABOVE, _LIKELY = 60_000, 40
#: An empty array whose type changes with kernels.py: Numba's cache watches this file only, but keeps code by type.
MADE_WITH = np.zeros(0, [(f"kernels_{zlib.crc32(inspect.getsource(kernels).encode()):08x}", "u1")])


class Groups(NamedTuple):
    """Vacancies with openings, sorted by group: s slots, g groups, p places (divisions with vacancies)."""

    #: Records as from `kernels.vacancy_records`, and the row of each slot.
    records: Records
    row: Longs
    #: int32[s]: place, and wage_lo + wage_hi.
    place: Ints
    pay: Ints
    #: int32[g + 1] first slot; int32[g] occupation (the last: not understood), province number, greatest pay.
    first: Ints
    occupation: Ints
    province: Ints
    most_pay: Ints
    #: int32[p] division; int32[provinces + 1] first place. Places lie by province.
    division: Ints
    first_place: Ints
    #: uint8[d, p]: tier between a home and a place.
    tiers: Bytes
    #: float32[4, p]: middle of the workplaces as x, y, z, and how far they lie from it (chords).
    spheres: Singles
    #: uint8[t, occupations + 1]: how far a term serves the most similar skill that an occupation asks for.
    reach_of_term: Bytes


def neighbours_together(people: People, chosen: Longs) -> Longs:
    """The chosen workers in an order in which one after another may go to the same places and sees them alike."""
    records = people.records[chosen]
    wishes = [records["destinations"][:, at] for at in range(records["destinations"].shape[1])]
    return chosen[np.lexsort((*wishes, np.nan_to_num(records["reach_km"]), records["x"], records["home"]))]


class PricedSearch:
    """Vacancies made ready for a plan; for any number of threads at a time."""

    def __init__(self, vacancies: VacancyTable, market: Market, floor: float = 0.0) -> None:
        check_vacancies(vacancies, market)
        self._market, self._vacancies = market, vacancies
        self._groups = _grouped(vacancies, market)
        self.rules, self.places = kernels.rules_of(market, floor), kernels.places_of(market)
        self._index, self._floor = Index.build(vacancies, market), floor

    @cached_property
    def records(self) -> Records:
        """All vacancies as the kernels read them, made when first asked for."""
        return kernels.vacancy_records(self._vacancies)

    @property
    def nbytes(self) -> int:
        """Memory of the groups and the index."""
        return self._index.nbytes + sum(array.nbytes for array in self._groups)

    def best(
        self, people: People, k: int, prices: Longs, *, chosen: Longs | None = None, least: Longs | None = None,
        distinct: bool = False, among: Groups | None = None, threads: int = 1,
    ) -> tuple[Longs, Longs]:  # fmt: skip
        """The k best by score - price of each chosen worker: rows (-1: none) and micro-points, int64[chosen, k].

        `prices`: int64[vacancies] from 0. `chosen`: rows of workers, absent: all. `least`: int64[chosen], nothing with
        a lower score - price is wanted. `distinct`: one vacancy per employer and occupation. `among`: look only there.
        """
        chosen = np.arange(len(people)) if chosen is None else chosen
        if among is None and not prices[self._groups.row].any():
            alone = People(people.records[chosen], people.declined)
            return self._index.best(alone, k, distinct=distinct, floor=self._floor, threads=threads)
        least = np.full(len(chosen), NO_SCORE) if least is None else least
        rows, keys, scores = (np.empty((len(chosen), k), np.int64) for _ in range(3))
        groups, market = among or self._groups, self._market
        price = prices[groups.row].astype(np.int32)
        least_price = np.minimum.reduceat(price, groups.first[:-1])

        def search(first: int, end: int) -> None:
            search_priced(
                people.records, chosen, first, end, groups, price, least_price, self.rules, self.places,
                market.likeness, market.occupations, people.declined, least, distinct, rows, keys, scores, MADE_WITH,
            )  # fmt: skip

        in_shares(search, len(chosen), threads)
        return rows, scores

    def among(self, wanted: Flags) -> Groups:
        """Only the wanted ones, bool[vacancies]."""
        groups = self._groups
        kept = wanted[groups.row]
        count = np.add.reduceat(kept, groups.first[:-1], dtype=np.int32)
        some = count > 0
        return groups._replace(
            records=groups.records[kept],
            row=groups.row[kept],
            place=groups.place[kept],
            pay=groups.pay[kept],
            first=np.append(0, np.cumsum(count[some])).astype(np.int32),
            occupation=groups.occupation[some],
            province=groups.province[some],
            most_pay=groups.most_pay[some],
        )

    def scores_of(self, people: People, chosen: Longs, rows: Longs) -> Longs:
        """Micro-points of each chosen worker with one vacancy (row), int64[chosen]; -1 where they may not go there."""
        scores = np.full(len(chosen), -1)
        market = self._market
        score_pairs(
            people.records, chosen, self.records, rows, self.rules, self.places, market.tiers, market.likeness,
            market.occupations, people.declined, scores, MADE_WITH,
        )  # fmt: skip
        return scores

    def scores_with_all(self, people: People, chosen: Longs, rows: Longs) -> Longs:
        """Micro-points of each chosen worker with each of some vacancies, int64[chosen, rows]; -1: may not go there."""
        market, records = self._market, self.records[rows]
        failed, scores = np.empty(len(rows), np.int32), np.empty((len(chosen), len(rows)), np.int64)
        for c, i in enumerate(chosen.tolist()):
            kernels.score_all(
                people.records[i], records, self.rules[0], self.places, market.tiers, market.likeness,
                market.occupations, people.declined, failed, scores[c],
            )  # fmt: skip
            scores[c, failed != 0] = -1
        return scores


def _grouped(vacancies: VacancyTable, market: Market) -> Groups:
    live = np.flatnonzero(vacancies.open & (vacancies.openings > 0))
    provinces, province_number = np.unique(market.geography.province, return_inverse=True)
    occupation = np.where(vacancies.occupation < 0, market.occupations, vacancies.occupation)[live]
    province = province_number[vacancies.division[live]]
    heads = province * (market.occupations + 1) + occupation
    order = np.lexsort((live, vacancies.division[live], heads))
    live, heads = live[order], heads[order]
    starts = np.flatnonzero(np.diff(heads, prepend=-1))
    division = np.unique(vacancies.division[live])
    division = division[np.argsort(province_number[division], kind="stable")]
    place_of = np.zeros(len(market.geography), np.int32)
    place_of[division] = np.arange(len(division))
    place = place_of[vacancies.division[live]]
    pay = (vacancies.wage_lo + vacancies.wage_hi)[live].astype(np.int32)
    return Groups(
        records=kernels.vacancy_records(vacancies)[live],
        row=live,
        place=place,
        pay=pay,
        first=np.append(starts, len(live)).astype(np.int32),
        occupation=(heads[starts] % (market.occupations + 1)).astype(np.int32),
        province=(heads[starts] // (market.occupations + 1)).astype(np.int32),
        most_pay=np.maximum.reduceat(pay, starts) if len(pay) else pay,
        division=division.astype(np.int32),
        first_place=np.searchsorted(province_number[division], np.arange(len(provinces) + 1)).astype(np.int32),
        tiers=np.ascontiguousarray(market.tiers[:, division]),
        spheres=_spheres(place, len(division), vacancies.points[live]),
        reach_of_term=_reach_of_terms(vacancies, live, market),
    )


def _spheres(place: NDArray[Any], places: int, points: NDArray[np.float64]) -> Singles:
    """Around the workplaces of each place; rounding makes no sphere too small."""
    count = np.maximum(1, np.bincount(place, minlength=places))
    middle = np.stack([np.bincount(place, points[:, axis], places) / count for axis in range(3)])
    middle = middle.astype(np.float32).astype(np.float64)
    away = np.sqrt(((points - middle[:, place].T) ** 2).sum(axis=1))
    radius = np.zeros(places)
    np.maximum.at(radius, place, away)
    return np.vstack([middle, radius + 1e-6]).astype(np.float32)


def _reach_of_terms(vacancies: VacancyTable, live: Longs, market: Market) -> Bytes:
    reach = np.zeros((len(market.likeness), market.occupations + 1), np.uint8)
    occupation = np.where(vacancies.occupation < 0, market.occupations, vacancies.occupation)[live]
    asked = np.zeros((market.occupations + 1, len(market.likeness)), np.bool_)
    for column in vacancies.skills[live].T:
        asked[occupation[column >= 0], column[column >= 0]] = True
    for number in np.flatnonzero(asked.any(axis=1)):
        reach[:, number] = market.likeness[:, asked[number]].max(axis=1)
    return reach


@compiled
def _most(into: Bytes, other: Bytes) -> None:
    """The greater of both, term by term."""
    for t in range(len(into)):
        into[t] = max(into[t], other[t])


@compiled
def _bound_occupations(
    worker: Record, rules: Record, known: bool, by_wish: Bytes, by_skill: Bytes, reach_of_term: Bytes, bound: Ints
) -> None:
    """What the skill part gives at most in each occupation, in micro-points; _OUT below the floor."""
    if not known:
        neutral = np.int32(np.ceil(rules.w_skill * rules.neutral_skill * 1e6)) + np.int32(1)
        bound[:] = neutral if rules.neutral_skill >= rules.floor else np.int32(_OUT)
        return
    by_skill[:] = 0
    for term in worker.occupations:
        if term >= 0:
            _most(by_skill, reach_of_term[term])
    for term in worker.skills:
        if term >= 0:
            _most(by_skill, reach_of_term[term])
    own = np.float32(rules.w_skill * 1e4 * rules.occupation_share)
    skills = np.float32(rules.w_skill * 1e4 * (1.0 - rules.occupation_share))
    alone = np.float32(rules.w_skill * 1e4)
    least = np.float32(np.floor(rules.floor * rules.w_skill * 1e6) - 1.0)
    for o in range(len(by_wish)):
        wish, skill = np.float32(by_wish[o]), np.float32(by_skill[o])
        points = max(wish * own + skill * skills, wish * alone) + np.float32(2.0)
        bound[o] = np.int32(points) if points >= least else np.int32(_OUT)
    unread = np.float32(rules.neutral_skill * 100.0)
    points = max(unread * own + np.float32(by_skill[-1]) * skills, unread * alone) + np.float32(2.0)
    bound[-1] = np.int32(points) if points >= least else np.int32(_OUT)


@compiled
def _bound_places(
    worker: Record, rules: Record, middle_x: Singles, middle_y: Singles, middle_z: Singles, radius: Singles,
    tier_row: Bytes, tier_points: Ints, barred: Ints, division: Ints, bound: Ints,
) -> None:  # fmt: skip
    """What distance and pairing give at most at each place, in micro-points; _OUT where the worker may not go."""
    x, y, z = np.float32(worker.x), np.float32(worker.y), np.float32(worker.z)
    reach_km = rules.default_reach_km if np.isnan(worker.reach_km) else worker.reach_km
    scale = np.float32((kernels._RADIUS / reach_km) ** 2 * (1.0 - 1e-6))
    distance = np.float32(rules.w_distance * 1e6)
    for p in range(len(bound)):
        dx, dy, dz = middle_x[p] - x, middle_y[p] - y, middle_z[p] - z
        chord = max(np.float32(0.0), np.sqrt(dx * dx + dy * dy + dz * dz) - radius[p] - np.float32(1e-6))
        square = chord * chord
        near = distance / (np.float32(1.0) + square * (np.float32(1.0) + square * np.float32(1 / 12)) * scale)
        bound[p] = np.int32(near) + tier_points[np.uint32(tier_row[p])]
    for p in range(len(bound)):
        bound[p] = bound[p] if barred[np.uint32(division[p])] == 0 else np.int32(_OUT)


@compiled
def _bound_provinces(of_place: Ints, first_place: Ints, bound: Ints) -> None:
    """The best place of each province."""
    for q in range(len(bound)):
        most = np.int32(_OUT)
        for p in range(np.uint32(first_place[q]), np.uint32(first_place[q + 1])):
            most = max(most, of_place[p])
        bound[q] = most


@compiled
def _bound_groups(
    of_occupation: Ints, of_province: Ints, occupation: Ints, province: Ints, most_pay: Ints, least_price: Ints,
    per_yuan: Single, par: Single, pay_points: Single, bound: Ints,
) -> None:  # fmt: skip
    """What a group gives at most, net of its least price; far below zero where it is out."""
    for g in range(len(bound)):
        pay = min(np.float32(1.0), max(np.float32(0.0), np.float32(most_pay[g]) * per_yuan + par))
        sure = of_occupation[np.uint32(occupation[g])] + of_province[np.uint32(province[g])]
        bound[g] = sure + np.int32(pay_points * pay) + np.int32(_MARGIN) - least_price[g]


@compiled
def _bound_slots(
    of_place: Ints, place: Ints, pay_of: Ints, price: Ints, first: np.uint32, end: np.uint32, skill: int,
    per_yuan: Single, par: Single, pay_points: Single, bound: Ints,
) -> None:  # fmt: skip
    """What each slot of a group gives at most, net of its price."""
    for slot in range(first, end):
        pay = min(np.float32(1.0), max(np.float32(0.0), np.float32(pay_of[slot]) * per_yuan + par))
        sure = skill + of_place[np.uint32(place[slot])]
        bound[slot - first] = sure + np.int32(pay_points * pay) + np.int32(_MARGIN) - price[slot]


@compiled
def _same_places(a: Record, b: Record) -> bool:
    """Whether two workers may go to the same places and see them alike."""
    same_reach = a.reach_km == b.reach_km or (np.isnan(a.reach_km) and np.isnan(b.reach_km))
    same_wish = a.scope == b.scope and a.willing == b.willing and a.labour_ability == b.labour_ability
    same = a.home == b.home and a.x == b.x and a.y == b.y and a.z == b.z and same_reach and same_wish
    for d in range(len(a.destinations)):
        same = same and a.destinations[d] == b.destinations[d]
    return bool(same)


@compiled
def search_priced(
    workers: Records, chosen: Longs, first_chosen: int, end_chosen: int, groups: Groups, price: Ints,
    least_price: Ints, rules_: Records, places: Any, likeness: Bytes, occupations: int, declined: Longs,
    least_wanted: Longs, distinct: bool, rows: Longs, keys: Longs, scores: Longs, made_with: Any,
) -> None:  # fmt: skip
    """The best k by score - price of the workers chosen[first:end], into int64[chosen, k] each; exact."""
    rules, spheres = rules_[0], groups.spheres
    k, n_groups = rows.shape[1], len(groups.occupation)
    by_wish, by_any = np.zeros(occupations, np.uint8), np.zeros(len(likeness) + 1, np.uint8)
    by_skill = np.zeros(occupations + 1, np.uint8)
    of_occupation = np.zeros(occupations + 1, np.int32)
    of_place = np.zeros(len(groups.division), np.int32)
    of_province = np.zeros(len(groups.first_place) - 1, np.int32)
    of_group, of_here, here = np.zeros(n_groups, np.int32), np.zeros(n_groups, np.int32), np.zeros(n_groups, np.int32)
    of_slot = np.zeros(np.max(np.diff(groups.first)) if n_groups else 0, np.int32)
    barred = np.zeros(len(places.province), np.int32)
    parts = np.zeros(5)
    pay_points = np.float32(rules.w_pay * 1e6)
    tier_points = np.zeros(len(rules.tier_values), np.int32)
    for tier in range(len(tier_points)):
        tier_points[tier] = np.int32(rules.w_pairing * rules.tier_values[tier] * 1e6) + np.int32(2)
    for c in range(first_chosen, end_chosen):
        worker = workers[chosen[c]]
        for r in range(k):
            rows[c, r], keys[c, r], scores[c, r] = -1, NO_SCORE, 0
        known = kernels.known_terms(worker.occupations, worker.skills, likeness, by_wish, by_any)
        _bound_occupations(worker, rules, known, by_wish, by_skill, groups.reach_of_term, of_occupation)
        if c == first_chosen or not _same_places(worker, workers[chosen[c - 1]]):
            kernels.failed_places(worker, places, barred)
            _bound_places(
                worker, rules, spheres[0], spheres[1], spheres[2], spheres[3], groups.tiers[worker.home], tier_points,
                barred, groups.division, of_place,
            )  # fmt: skip
            _bound_provinces(of_place, groups.first_place, of_province)
        if kernels.failed_alone(worker):
            continue
        unpaid = worker.min_wage == 0
        per_yuan = np.float32(0.0) if unpaid else np.float32(1.0) / np.float32(worker.min_wage)
        par = np.float32(rules.neutral_pay) if unpaid else np.float32(-2.0)
        _bound_groups(
            of_occupation, of_province, groups.occupation, groups.province, groups.most_pay, least_price, per_yuan, par,
            pay_points, of_group,
        )  # fmt: skip
        least = max(least_wanted[c], np.int64(_NOT_OUT))
        candidates = 0
        for g in range(n_groups):
            here[candidates], of_here[candidates] = g, of_group[g]
            candidates += int(of_group[g] >= least)
        likely, at = _LIKELY, 0
        while at < candidates:
            if likely > 0:
                greatest = kernels._greatest(of_here[:candidates])
                likely = likely - 1 if greatest > least + _FAR_ABOVE else 0
                now = kernels._place_of(greatest, of_here[:candidates])
            else:
                now = at
                at += 1
            if of_here[now] < least:
                continue
            of_here[now] = _OUT
            group = here[now]
            skill = of_occupation[groups.occupation[group]]
            first, end = np.uint32(groups.first[group]), np.uint32(groups.first[group + 1])
            _bound_slots(
                of_place, groups.place, groups.pay, price, first, end, skill, per_yuan, par, pay_points, of_slot
            )
            for slot in range(first, end):
                bound = of_slot[slot - first]
                if bound < least:
                    continue
                vacancy = groups.records[slot]
                part = kernels.skill_part(vacancy, rules, known, by_wish, by_any)
                if bound - skill + np.int64(rules.w_skill * 1e6 * part) < least or part < rules.floor:
                    continue
                if kernels.failed_offer(worker, vacancy, rules, declined):
                    continue
                tier = groups.tiers[worker.home, groups.place[slot]]
                score = kernels.score_one(worker, vacancy, rules, tier, known, by_wish, by_any, parts)
                if kernels.is_too_far(worker, parts[4]) or score - price[slot] < least:
                    continue
                kernels.keep(rows[c], keys[c], scores[c], slot, score - price[slot], score, groups.records, distinct)
                least = max(least, keys[c, k - 1])
        for r in range(k):
            if rows[c, r] >= 0:
                rows[c, r] = groups.row[rows[c, r]]


@compiled
def score_pairs(
    workers: Records, chosen: Longs, vacancies: Records, rows: Longs, rules_: Records, places: Any, tiers: Bytes,
    likeness: Bytes, occupations: int, declined: Longs, scores: Longs, made_with: Any,
) -> None:  # fmt: skip
    """Micro-points of the pairs (chosen[c], rows[c]) that may be matched; the others' stay as they are."""
    rules = rules_[0]
    by_wish, by_any = np.zeros(occupations, np.uint8), np.zeros(len(likeness) + 1, np.uint8)
    barred = np.zeros(len(places.province), np.int32)
    parts = np.zeros(5)
    for c in range(len(chosen)):
        worker, vacancy = workers[chosen[c]], vacancies[rows[c]]
        if kernels.failed_alone(worker) or kernels.failed_offer(worker, vacancy, rules, declined):
            continue
        kernels.failed_places(worker, places, barred)
        if barred[vacancy.division]:
            continue
        known = kernels.known_terms(worker.occupations, worker.skills, likeness, by_wish, by_any)
        tier = tiers[worker.home, vacancy.division]
        score = kernels.score_one(worker, vacancy, rules, tier, known, by_wish, by_any, parts)
        if parts[0] >= rules.floor and not kernels.is_too_far(worker, parts[4]):
            scores[c] = score
