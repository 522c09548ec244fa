"""Couples and groups who ask to go together: the same workplace or the same town, several seats, several vacancies.

Groups choose before the others, at the prices that the plan without groups has found: those say what a seat is worth to
everybody else, so a group takes seats where it costs the others least. All members sit or none does.
"""

from dataclasses import dataclass
from enum import IntEnum
from typing import NamedTuple

import numpy as np

from matching.plan_search import PricedSearch
from matching.rank import People
from matching.tables import Longs, TableError, VacancyTable

#: A larger group is a coach party, not companions; placing it exactly would take too long.
MOST_COMPANIONS = 12
_NEVER = -(1 << 50)


class Together(IntEnum):
    """What a group asks to share."""

    WORKPLACE = 0
    TOWN = 1


@dataclass(frozen=True)
class Companions:
    """Groups of n workers, numbered from 0, and what v vacancies share."""

    #: int64[n]: number of the group, -1: goes alone.
    group: Longs
    #: `Together` of each group.
    wish: tuple[Together, ...]
    #: int64[v]: number of the workplace, and of the town.
    workplace: Longs
    town: Longs

    def __post_init__(self) -> None:
        sizes = np.bincount(self.group[self.group >= 0], minlength=len(self.wish))
        if len(sizes) > len(self.wish):
            raise TableError(f"group {len(sizes) - 1}: there are {len(self.wish)} wishes")
        if len(sizes) and int(sizes.max()) > MOST_COMPANIONS:
            row = int(sizes.argmax())
            raise TableError(f"group {row} has {sizes[row]} members: at most {MOST_COMPANIONS} go as companions")

    def shared(self, number: int) -> Longs:
        """int64[v]: what the members of a group must have in common."""
        return self.workplace if self.wish[number] == Together.WORKPLACE else self.town


def workplaces(vacancies: VacancyTable) -> Longs:
    """int64[v] numbers: one employer at one point is one workplace; an unknown employer shares nothing."""
    unknown = np.where(vacancies.employer < 0, np.arange(len(vacancies)), -1)
    keys = np.column_stack([vacancies.employer, unknown, vacancies.lat_deg, vacancies.lon_deg])
    return np.unique(keys, axis=0, return_inverse=True)[1].reshape(-1).astype(np.int64)


class Seated(NamedTuple):
    """Where groups sit."""

    #: int64[n]: row of the vacancy; -1: none, or no member of a group that had to be placed.
    assigned: Longs
    #: Groups without a place together.
    left_out: tuple[int, ...]


def seat_together(
    search: PricedSearch, people: People, companions: Companions, openings: Longs, prices: Longs, bonus: Longs,
    fixed: Longs,
) -> Seated:  # fmt: skip
    """Seat groups one after another, the one with most to gain first; `openings` (int64[v]) is left untouched.

    `bonus`: int64[n] points for placing each worker. `fixed`: int64[n] answered assignments (-1: none): who has
    answered stays, and the others of the group go to the same place or nowhere.
    """
    left, assigned = openings.copy(), np.full(len(companions.group), -1)
    open_groups = []
    for number in range(len(companions.wish)):
        everybody = np.flatnonzero(companions.group == number)
        members = everybody[fixed[everybody] < 0]
        anchors = fixed[everybody[fixed[everybody] >= 0]]
        if len(members):
            gain, _ = _best_seats(search, people, companions.shared(number), members, anchors, left, prices, bonus)
            open_groups.append((-gain, number, members, anchors))
    left_out = []
    for _, number, members, anchors in sorted(open_groups, key=lambda one: one[:2]):
        gain, seats = _best_seats(search, people, companions.shared(number), members, anchors, left, prices, bonus)
        if gain <= 0:
            left_out.append(number)
            continue
        assigned[members] = seats
        np.subtract.at(left, seats, 1)
    return Seated(assigned, tuple(sorted(left_out)))


def _best_seats(
    search: PricedSearch, people: People, shared: Longs, members: Longs, anchors: Longs, left: Longs, prices: Longs,
    bonus: Longs,
) -> tuple[int, Longs]:  # fmt: skip
    """The greatest Σ (score + bonus - price) over seats in one shared place, and the seats; 0 where there is none."""
    nobody = np.full(len(members), -1)
    allowed = left > 0
    if len(anchors):
        allowed &= shared == shared[anchors[0]] if len(set(shared[anchors].tolist())) == 1 else False
    rows = np.flatnonzero(allowed)
    if not len(rows):
        return 0, nobody
    scores = search.scores_with_all(people, members, rows)
    nets = np.where(scores >= 0, scores + bonus[members, None] - prices[rows], _NEVER)
    places, place = np.unique(shared[rows], return_inverse=True)
    best = np.full((len(members), len(places)), _NEVER)
    for m in range(len(members)):
        np.maximum.at(best[m], place, nets[m])
    bounds = np.where((best > _NEVER).all(axis=0), best.sum(axis=0, dtype=np.float64), -np.inf)
    gain, seats = 0, nobody
    for at in np.argsort(-bounds, kind="stable").tolist():
        if bounds[at] <= gain:
            break
        here = np.flatnonzero(place == at)
        value, chosen = _fitted(nets[:, here], left[rows[here]], gain)
        if value > gain:
            gain, seats = value, rows[here[chosen]]
    return gain, seats


def _fitted(nets: Longs, left: Longs, above: int) -> tuple[int, Longs]:
    """The best seats in one place by trying all that could still be better; int64[members] columns of `nets`.

    Each member needs to look at no more vacancies than there are members: the others cannot take more than that.
    """
    members = len(nets)
    options = np.argsort(-nets, axis=1, kind="stable")[:, :members]
    most = np.append(np.cumsum(nets.max(axis=1)[::-1])[::-1], 0).tolist()
    free, seats = left.tolist(), [-1] * members
    best, found = above, np.full(members, -1)

    def seat(member: int, value: int) -> None:
        nonlocal best, found
        if value + most[member] <= best:
            return
        if member == members:
            best, found = value, np.array(seats)
            return
        for column in options[member].tolist():
            if free[column] > 0 and nets[member, column] > _NEVER:
                free[column] -= 1
                seats[member] = column
                seat(member + 1, value + int(nets[member, column]))
                free[column] += 1

    seat(0, 0)
    return best, found
