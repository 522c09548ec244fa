"""Who gets which seat, by auction: the optimum of a list of offers, to within eps a worker, and prices that prove it.

Offers are edges: worker i may go to vacancy[e] for score[e], e in start[i]:start[i + 1]. A worker stays out for
`reserve` (a priority counts as readiness to accept less, so it weighs only against competitors). Forward, workers
without a seat outbid others by what their best offer is better than the second, plus eps. Reverse, vacancies that are
priced but not full, which happens when prices are kept from an earlier plan, come down until they fill or cost nothing.
Then every worker holds within eps of the best there is at these prices, and whatever is not full is free: the two
conditions of optimality (Bertsekas, "Auction algorithms", 1992, for the unequal case).

Both loops stop after a given amount of work and go on where they were, so that progress can be shown and a plan
cancelled.
"""

from typing import NamedTuple

import numpy as np

from matching.kernels import compiled
from matching.tables import Flags, Ints, Longs

#: Edges looked at between two looks at the outside world: about a second.
WORK_AT_ONCE = 100_000_000
_NONE = -(1 << 60)


class Offers(NamedTuple):
    """Edges by worker: e of them, n workers."""

    #: int64[n + 1].
    start: Longs
    #: int32[e]: rows of vacancies, and micro-points.
    vacancy: Ints
    score: Ints

    @classmethod
    def none(cls, workers: int) -> "Offers":
        """No offer for anybody."""
        return cls(np.zeros(workers + 1, np.int64), np.zeros(0, np.int32), np.zeros(0, np.int32))

    @property
    def nbytes(self) -> int:
        """Memory of the edges."""
        return self.start.nbytes + self.vacancy.nbytes + self.score.nbytes

    def repeated(self, times: int) -> "Offers":
        """The same list so many times, as if every worker stood for that many."""
        starts = [self.start[:-1] + copy * len(self.vacancy) for copy in range(times)]
        start = np.concatenate([*starts, [times * len(self.vacancy)]])
        return Offers(start, np.tile(self.vacancy, times), np.tile(self.score, times))

    def with_found(self, workers: Longs, rows: Longs, scores: Longs) -> "Offers":
        """And what a search found for some workers (rising numbers): int64[workers, k], -1 none; known ones stay."""
        start = added_starts(self.start, self.vacancy, workers, rows)
        vacancy, score = np.empty(start[-1], np.int32), np.empty(start[-1], np.int32)
        add_found(self.start, self.vacancy, self.score, workers, rows, scores, start, vacancy, score)
        return Offers(start, vacancy, score)


class Seats(NamedTuple):
    """Who sits where: v vacancies, n workers; seats of vacancy j are first[j]:first[j] + filled[j]."""

    #: int64[v + 1], int64[v].
    first: Longs
    filled: Longs
    #: int32[seats] and int64[seats]: who holds a seat and up to which price; a heap by price while bids come in.
    holder: Ints
    bid: Longs
    #: int64[n]: row of the vacancy, -1: no seat.
    assigned: Longs


class Settled(NamedTuple):
    """What an auction ends with."""

    assigned: Longs
    #: int64[v]: price of one opening; 0 where openings are left.
    prices: Longs


class Auction:
    """One auction, from prices of before or from nothing; `advance` until it says that it is over."""

    def __init__(self, offers: Offers, reserve: Longs, openings: Longs, eps: int, prices: Longs) -> None:
        n = len(reserve)
        self._offers, self._reserve, self._eps = offers, reserve, eps
        self._openings = np.minimum(openings, n)
        # Nobody bids where there is no opening.
        self._prices = np.where(self._openings > 0, prices, 1 << 40)
        first = np.concatenate([[0], np.cumsum(self._openings)])
        self._seats = Seats(
            first, np.zeros(len(openings), np.int64), np.full(first[-1], -1, np.int32), np.zeros(first[-1], np.int64),
            np.full(n, -1, np.int64),
        )  # fmt: skip
        self._waiting, self._state = np.arange(n - 1, -1, -1, dtype=np.int32), np.array([n])
        self._reversing: Reversing | None = None

    def advance(self) -> bool:
        """Go on for about a second; True: settled."""
        if self._state[0] > 0:
            bid(*self._offers, self._reserve, self._openings, self._eps, self._prices, self._seats, self._waiting,
                self._state)  # fmt: skip
            return False
        if self._reversing is None:
            self._reversing = Reversing.of(self._offers, self._reserve, self._openings, self._prices, self._seats)
        reversing = self._reversing
        lower(reversing, self._openings, self._eps, self._prices, self._seats)
        return bool(reversing.state[1] == 0)

    @property
    def waiting(self) -> int:
        """Workers who still have to bid."""
        return int(self._state[0])

    def settled(self) -> Settled:
        """Seats and prices; only once `advance` said True."""
        return Settled(self._seats.assigned, np.where(self._openings > 0, self._prices, 0))


class Reversing(NamedTuple):
    """Offers by vacancy, what workers have, and the ring of vacancies that are priced but not full."""

    #: int64[v + 1]; int32[e] worker and score.
    first: Longs
    worker: Ints
    score: Ints
    #: int64[n]: net of the price.
    profit: Longs
    ring: Ints
    in_ring: Flags
    #: int64[2]: where the ring begins, and how many are in it.
    state: Longs

    @classmethod
    def of(cls, offers: Offers, reserve: Longs, openings: Longs, prices: Longs, seats: Seats) -> "Reversing":
        """Turn the offers round."""
        first = np.concatenate([[0], np.cumsum(np.bincount(offers.vacancy, minlength=len(openings)))])
        worker, score = np.empty_like(offers.vacancy), np.empty_like(offers.score)
        turn_round(*offers, first[:-1].copy(), worker, score)
        profit = reserve.copy()
        fill_profits(*offers, seats.assigned, prices, profit)
        unfilled = np.flatnonzero((seats.filled < openings) & (prices > 0))
        ring, in_ring = np.zeros(len(openings), np.int32), np.zeros(len(openings), np.bool_)
        ring[: len(unfilled)], in_ring[unfilled] = unfilled, True
        return cls(first, worker, score, profit, ring, in_ring, np.array([0, len(unfilled)]))


@compiled
def bid(
    start: Longs, vacancy: Ints, score: Ints, reserve: Longs, openings: Longs, eps: int, prices: Longs, seats: Seats,
    waiting: Ints, state: Longs,
) -> None:  # fmt: skip
    """Workers on the stack `waiting[:state[0]]` bid, last first, until all sit or stay out, or the work is enough."""
    top, work = state[0], 0
    first, filled, holder, bids, assigned = seats.first, seats.filled, seats.holder, seats.bid, seats.assigned
    while top > 0 and work < WORK_AT_ONCE:
        top -= 1
        i = waiting[top]
        best, second, j = _NONE, reserve[i], -1
        for e in range(start[i], start[i + 1]):
            net = np.int64(score[e]) - prices[vacancy[e]]
            if net > best:
                second = max(second, best)
                best, j = net, vacancy[e]
            else:
                second = max(second, net)
        work += 1 + start[i + 1] - start[i]
        if j < 0 or best <= reserve[i]:
            continue
        offer, base = prices[j] + best - second + eps, first[j]
        if filled[j] < openings[j]:
            at = filled[j]
            filled[j] += 1
            while at > 0 and bids[base + (at - 1) // 2] > offer:
                up = (at - 1) // 2
                bids[base + at], holder[base + at] = bids[base + up], holder[base + up]
                at = up
        else:
            outbid = holder[base]
            assigned[outbid] = -1
            waiting[top] = outbid
            top += 1
            at = 0
            while 2 * at + 1 < openings[j]:
                below = 2 * at + 1
                if below + 1 < openings[j] and bids[base + below + 1] < bids[base + below]:
                    below += 1
                if bids[base + below] >= offer:
                    break
                bids[base + at], holder[base + at] = bids[base + below], holder[base + below]
                at = below
        bids[base + at], holder[base + at] = offer, i
        assigned[i] = j
        if filled[j] == openings[j]:
            prices[j] = max(prices[j], bids[base])
    state[0] = top


@compiled
def lower(reversing: Reversing, openings: Longs, eps: int, prices: Longs, seats: Seats) -> None:
    """Vacancies of the ring lower their price to what fills their free seats, or to nothing.

    Whoever comes from another priced vacancy leaves a seat free there, which puts that one into the ring. Everybody
    who moves gains eps, so it ends.
    """
    first, worker, score, profit, ring, in_ring, state = reversing
    begin, size, work, v = state[0], state[1], 0, len(ring)
    most = 0
    for j in range(v):
        most = max(most, openings[j])
    # The best free + 1 offers, as a heap with the least on top.
    gains, takers = np.zeros(most + 1, np.int64), np.zeros(most + 1, np.int32)
    while size > 0 and work < WORK_AT_ONCE:
        j = ring[begin]
        begin, size = (begin + 1) % v, size - 1
        in_ring[j] = False
        free = openings[j] - seats.filled[j]
        if free == 0 or prices[j] == 0:
            continue
        work += first[j + 1] - first[j]
        count = 0
        for e in range(first[j], first[j + 1]):
            i = worker[e]
            gain = np.int64(score[e]) - profit[i]
            if gain <= 0 or seats.assigned[i] == j:
                continue
            if count <= free:
                at = count
                count += 1
                while at > 0 and gains[(at - 1) // 2] > gain:
                    gains[at], takers[at] = gains[(at - 1) // 2], takers[(at - 1) // 2]
                    at = (at - 1) // 2
                gains[at], takers[at] = gain, i
            elif gain > gains[0]:
                at = 0
                while 2 * at + 1 < count:
                    below = 2 * at + 1
                    if below + 1 < count and gains[below + 1] < gains[below]:
                        below += 1
                    if gains[below] >= gain:
                        break
                    gains[at], takers[at] = gains[below], takers[below]
                    at = below
                gains[at], takers[at] = gain, i
        # One more is interested than there are seats: the price at which that one would rather not.
        contested = count > free
        price = min(prices[j], max(0, gains[0] - eps)) if contested else 0
        for s in range(seats.first[j], seats.first[j] + seats.filled[j]):
            profit[seats.holder[s]] += prices[j] - price
        prices[j] = price
        for t in range(1 if contested else 0, count):
            i = takers[t]
            left = seats.assigned[i]
            if gains[t] - price < eps and (left >= 0 or gains[t] <= price):
                continue
            if left >= 0:
                last = seats.first[left] + seats.filled[left] - 1
                for s in range(seats.first[left], last):
                    if seats.holder[s] == i:
                        seats.holder[s] = seats.holder[last]
                seats.filled[left] -= 1
                if prices[left] > 0 and not in_ring[left]:
                    ring[(begin + size) % v] = left
                    in_ring[left] = True
                    size += 1
            seats.holder[seats.first[j] + seats.filled[j]] = i
            seats.filled[j] += 1
            seats.assigned[i] = j
            profit[i] += gains[t] - price
        if seats.filled[j] < openings[j] and prices[j] > 0:
            ring[(begin + size) % v] = j
            in_ring[j] = True
            size += 1
    state[0], state[1] = begin, size


@compiled
def turn_round(
    start: Longs, vacancy: Ints, score: Ints, place: Longs, by_vacancy: Ints, score_by_vacancy: Ints
) -> None:
    """Sort offers by vacancy; `place` is where each vacancy's begin and is used up."""
    for i in range(len(start) - 1):
        for e in range(start[i], start[i + 1]):
            at = place[vacancy[e]]
            by_vacancy[at], score_by_vacancy[at] = i, score[e]
            place[vacancy[e]] = at + 1


@compiled
def fill_profits(start: Longs, vacancy: Ints, score: Ints, assigned: Longs, prices: Longs, profit: Longs) -> None:
    """What each seated worker has, net of the price; the others' stays."""
    for i in range(len(profit)):
        for e in range(start[i], start[i + 1]):
            if vacancy[e] == assigned[i]:
                profit[i] = np.int64(score[e]) - prices[vacancy[e]]


@compiled
def fill_scores(start: Longs, vacancy: Ints, score: Ints, assigned: Longs, scores: Longs) -> None:
    """The score of each seat into int64[n]; 0 where there is none."""
    for i in range(len(assigned)):
        scores[i] = 0
        for e in range(start[i], start[i + 1]):
            if vacancy[e] == assigned[i]:
                scores[i] = score[e]


@compiled
def fill_known_nets(start: Longs, vacancy: Ints, score: Ints, prices: Longs, best: Longs, second: Longs) -> None:
    """The best and second best known score - price of each worker; far below zero where there is none."""
    for i in range(len(best)):
        best[i], second[i] = _NONE, _NONE
        for e in range(start[i], start[i + 1]):
            net = np.int64(score[e]) - prices[vacancy[e]]
            if net > best[i]:
                best[i], second[i] = net, best[i]
            elif net > second[i]:
                second[i] = net


@compiled
def _is_known(vacancy: Ints, first: int, end: int, row: int) -> bool:
    known = False
    for e in range(first, end):
        known = known or vacancy[e] == row
    return known


@compiled
def added_starts(start: Longs, vacancy: Ints, workers: Longs, rows: Longs) -> Longs:
    """Where each worker's offers begin when those found and not yet known are added."""
    counts = np.zeros(len(start), np.int64)
    for i in range(len(start) - 1):
        counts[i + 1] = start[i + 1] - start[i]
    for c in range(len(workers)):
        i = workers[c]
        for r in range(rows.shape[1]):
            if rows[c, r] >= 0 and not _is_known(vacancy, start[i], start[i + 1], rows[c, r]):
                counts[i + 1] += 1
    return np.cumsum(counts)


@compiled
def add_found(
    start: Longs, vacancy: Ints, score: Ints, workers: Longs, rows: Longs, scores: Longs, new_start: Longs,
    new_vacancy: Ints, new_score: Ints,
) -> None:  # fmt: skip
    """Copy the known offers and put what was found behind them."""
    c = 0
    for i in range(len(start) - 1):
        at = new_start[i]
        for e in range(start[i], start[i + 1]):
            new_vacancy[at], new_score[at] = vacancy[e], score[e]
            at += 1
        if c < len(workers) and workers[c] == i:
            for r in range(rows.shape[1]):
                if rows[c, r] >= 0 and not _is_known(vacancy, start[i], start[i + 1], rows[c, r]):
                    new_vacancy[at], new_score[at] = rows[c, r], scores[c, r]
                    at += 1
            c += 1
