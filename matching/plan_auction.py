"""Who gets which seat, by auction: the optimum over all pairs, to within eps a worker, and prices that prove it.

A worker knows a list of offers, and a bound: nothing beyond the list is better, net of today's prices. Forward, workers
without a seat outbid others by what their best offer is better than the second, plus eps. Prices only rise meanwhile,
so the bound stays true, and only who has used up the list, so that something better may lie beyond it, asks for a new
search. A worker stays out for `reserve` (a priority counts as readiness to accept less, so it weighs only against
competitors). Reverse, prices come down to what the next one would pay, and those of vacancies that are not full, which
happens when prices are kept from before, until they fill; a step at a time, because lists know only some of those who
would come at a much lower price. In the end every worker holds within eps of the best there is at these prices, and
whatever is not full is free: the two conditions of optimality (Bertsekas, "Auction algorithms", 1992, for the unequal
case).

Both loops stop after a given amount of work and go on where they were, so that progress can be shown and a plan
cancelled.
"""

from typing import NamedTuple

import numpy as np

from matching.kernels import compiled
from matching.tables import Flags, Ints, Longs

#: Offers looked at between two looks at the outside world: about a second.
WORK_AT_ONCE = 100_000_000
#: A bid goes at most so far beyond the price, eps aside, and a price comes down at most as far in an early round.
STEP = 80_000
#: Worse than anything: no offer.
NOTHING = -(1 << 60)


class Lists(NamedTuple):
    """What workers know: n workers, k offers each."""

    #: int32[n, k]: rows of vacancies, then -1; and micro-points.
    vacancy: Ints
    score: Ints
    #: int64[n]: no vacancy that is not in the list has a greater score - price.
    beyond: Longs

    @classmethod
    def empty(cls, workers: int, k: int) -> "Lists":
        """Nobody knows anything."""
        lists = np.full((workers, k), -1, np.int32), np.zeros((workers, k), np.int32)
        return cls(*lists, np.full(workers, -NOTHING))


class Seats(NamedTuple):
    """Who sits where: v vacancies, n workers; seats of vacancy j are first[j]:first[j] + filled[j]."""

    #: int64[v + 1], int64[v].
    first: Longs
    filled: Longs
    #: int32[seats] and int64[seats]: who holds a seat and up to which price; a heap by price while bids come in.
    holder: Ints
    bid: Longs
    #: int32[n]: row of the vacancy, -1: no seat.
    assigned: Ints


class Auction:
    """One auction, from given prices. Each list may stand for several workers: worker i of n reads list i // copies."""

    def __init__(
        self, lists: Lists, reserve: Longs, openings: Longs, eps: int, prices: Longs, *, slack: int = 0, copies: int = 1
    ) -> None:
        n = copies * len(reserve)
        self._lists, self._reserve, self._copies = lists, reserve, copies
        #: Micro-points by which each bid goes beyond what it must; may be lowered between rounds.
        self.eps = eps
        #: Micro-points that something beyond a list must promise before its worker asks for a search: most such
        #: promises are old bounds that no vacancy keeps any more.
        self.slack = slack
        # One more than there are workers is never full. Nobody bids where there is no opening.
        self._openings = np.minimum(openings, n + 1)
        self._prices = np.where(self._openings > 0, prices, 1 << 40)
        first = np.concatenate([[0], np.cumsum(self._openings)])
        self._seats = Seats(
            first, np.zeros(len(openings), np.int64), np.full(first[-1], -1, np.int32), np.zeros(first[-1], np.int64),
            np.full(n, -1, np.int32),
        )  # fmt: skip
        self._waiting, self._unsure = np.arange(n - 1, -1, -1, dtype=np.int32), np.zeros(n, np.int32)
        # How many are waiting, and how many are unsure.
        self._state = np.array([n, 0])
        self._reversing: Reversing | None = None

    @property
    def assigned(self) -> Ints:
        """int32[n]: row of the vacancy, -1: no seat."""
        return self._seats.assigned

    @property
    def prices(self) -> Longs:
        """int64[v]: price of one opening as it stands."""
        return np.where(self._openings > 0, self._prices, 0)

    @property
    def free(self) -> Longs:
        """int64[v]: openings that nobody holds."""
        free: Longs = self._openings - self._seats.filled
        return free

    @property
    def waiting(self) -> int:
        """Workers who still have to bid."""
        return int(self._state.sum())

    def bid(self) -> bool:
        """Go on bidding for about a second; True: everybody sits, stays out or is unsure."""
        bid(self._lists, self._reserve, self._openings, self.eps, self.slack, self._copies, self._prices, self._seats,
            self._waiting, self._unsure, self._state)  # fmt: skip
        return bool(self._state[0] == 0)

    def unsure(self) -> Longs:
        """The lists, by rising number, beyond which something better may lie now. Who reads them bids again next."""
        asking = np.sort(self._unsure[: self._state[1]])
        self._waiting[: len(asking)] = asking
        self._state[:] = len(asking), 0
        return np.unique(asking // self._copies)

    def lower(self, step: int = STEP) -> bool:
        """Go on lowering prices to what the next one would pay, by a step at most, for about a second; True: done."""
        if self._reversing is None:
            floor = np.maximum(0, self._prices - step - self.eps)
            self._reversing = Reversing.of(self._lists, self._reserve, self._prices, self._seats, floor)
        lower(self._reversing, self._openings, self.eps, self._prices, self._seats)
        done = bool(self._reversing.state[1] == 0)
        if done:
            self._reversing = None
        return done

    def release(self, workers: Longs) -> None:
        """Take their seats from some workers, who bid again; the others hold theirs at today's prices."""
        release(workers, self._prices, self._seats, self._waiting, self._state)


class Reversing(NamedTuple):
    """Offers by vacancy, what workers have, and the ring of vacancies whose price may come down."""

    #: int64[v + 1]; int32[e] worker and score.
    first: Longs
    worker: Ints
    score: Ints
    #: int64[n]: net of the price.
    profit: Longs
    #: int64[v]: no price comes down further now.
    floor: Longs
    ring: Ints
    in_ring: Flags
    #: int64[2]: where the ring begins, and how many are in it.
    state: Longs

    @classmethod
    def of(cls, lists: Lists, reserve: Longs, prices: Longs, seats: Seats, floor: Longs) -> "Reversing":
        """Turn the offers round; everything priced may come down."""
        known = lists.vacancy >= 0
        first = np.concatenate([[0], np.cumsum(np.bincount(lists.vacancy[known], minlength=len(prices)))])
        worker, score = np.empty(first[-1], np.int32), np.empty(first[-1], np.int32)
        turn_round(lists, first[:-1].copy(), worker, score)
        profit = reserve.copy()
        fill_profits(lists, seats.assigned, prices, profit)
        priced = np.flatnonzero((prices > floor) & (seats.first[1:] > seats.first[:-1]))
        ring, in_ring = np.zeros(len(prices), np.int32), np.zeros(len(prices), np.bool_)
        ring[: len(priced)], in_ring[priced] = priced, True
        return cls(first, worker, score, profit, floor, ring, in_ring, np.array([0, len(priced)]))


@compiled
def bid(
    lists: Lists, reserve: Longs, openings: Longs, eps: int, slack: int, copies: int, prices: Longs, seats: Seats,
    waiting: Ints, unsure: Ints, state: Longs,
) -> None:  # fmt: skip
    """Workers on the stack `waiting[:state[0]]` bid, last first, until all sit, stay out or are unsure, or the work is
    enough."""
    top, asking, work = state[0], state[1], 0
    vacancy, score, beyond = lists
    k = vacancy.shape[1]
    first, filled, holder, bids, assigned = seats.first, seats.filled, seats.holder, seats.bid, seats.assigned
    while top > 0 and work < WORK_AT_ONCE:
        top -= 1
        i = waiting[top]
        at_list = i // copies
        least = reserve[at_list]
        best, second, j = np.int64(NOTHING), max(least, beyond[at_list]), np.int32(-1)
        for e in range(k):
            v = vacancy[at_list, e]
            if v < 0:
                break
            net = np.int64(score[at_list, e]) - prices[v]
            if net > best:
                second = max(second, best)
                best, j = net, v
            else:
                second = max(second, net)
        work += k
        if beyond[at_list] > max(best, least) + slack:
            unsure[asking] = i
            asking += 1
            continue
        if best <= least:
            continue
        offer, base = prices[j] + min(STEP, best - min(best, second)) + eps, first[j]
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
    state[0], state[1] = top, asking


@compiled
def unseat(i: int, seats: Seats) -> int:
    """Take a worker's seat, in whose place the last holder's comes. The vacancy that was left; negative: there was
    none. The worker's own row in `assigned` is the caller's to set."""
    left: int = seats.assigned[i]
    if left >= 0:
        last = seats.first[left] + seats.filled[left] - 1
        for s in range(seats.first[left], last):
            if seats.holder[s] == i:
                seats.holder[s] = seats.holder[last]
        seats.filled[left] -= 1
    return left


@compiled
def release(who: Longs, prices: Longs, seats: Seats, waiting: Ints, state: Longs) -> None:
    """Take their seats from some workers, who bid again; the others hold theirs at today's price."""
    for i in who:
        if unseat(i, seats) >= 0:
            seats.assigned[i] = -1
        waiting[state[0]] = i
        state[0] += 1
    for j in range(len(prices)):
        for s in range(seats.first[j], seats.first[j] + seats.filled[j]):
            seats.bid[s] = prices[j]


@compiled
def lower(reversing: Reversing, openings: Longs, eps: int, prices: Longs, seats: Seats) -> None:
    """Vacancies of the ring lower their price to what the next one would pay or fills their free seats, or to a floor.

    Whoever comes from another priced vacancy leaves a seat free there, which puts that one into the ring. Everybody
    who moves gains eps, so it ends.
    """
    first, worker, score, profit, floor, ring, in_ring, state = reversing
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
        if prices[j] <= floor[j]:
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
        price = min(prices[j], max(floor[j], gains[0] - eps)) if contested else floor[j]
        for s in range(seats.first[j], seats.first[j] + seats.filled[j]):
            profit[seats.holder[s]] += prices[j] - price
        prices[j] = price
        for t in range(1 if contested else 0, count):
            i = takers[t]
            left = seats.assigned[i]
            if gains[t] - price < eps and (left >= 0 or gains[t] <= price):
                continue
            unseat(i, seats)
            if left >= 0 and prices[left] > floor[left] and not in_ring[left]:
                ring[(begin + size) % v] = left
                in_ring[left] = True
                size += 1
            seats.holder[seats.first[j] + seats.filled[j]] = i
            seats.filled[j] += 1
            seats.assigned[i] = j
            profit[i] += gains[t] - price
        if seats.filled[j] < openings[j] and prices[j] > floor[j]:
            ring[(begin + size) % v] = j
            in_ring[j] = True
            size += 1
    state[0], state[1] = begin, size


@compiled
def turn_round(lists: Lists, place: Longs, worker: Ints, score: Ints) -> None:
    """Sort offers by vacancy; `place` is where each vacancy's begin and is used up."""
    vacancy, scores, _ = lists
    for i in range(len(vacancy)):
        for e in range(vacancy.shape[1]):
            j = vacancy[i, e]
            if j < 0:
                break
            at = place[j]
            worker[at], score[at] = i, scores[i, e]
            place[j] = at + 1


@compiled
def fill_profits(lists: Lists, assigned: Ints, prices: Longs, profit: Longs) -> None:
    """What each seated worker has, net of the price; the others' stays."""
    vacancy, score, _ = lists
    for i in range(len(profit)):
        for e in range(vacancy.shape[1]):
            if vacancy[i, e] >= 0 and vacancy[i, e] == assigned[i]:
                profit[i] = np.int64(score[i, e]) - prices[vacancy[i, e]]


@compiled
def fill_known(lists: Lists, who: Longs, prices: Longs, best: Longs, second: Longs) -> None:
    """The best and second best known score - price of some workers; far below zero where there is none."""
    vacancy, score, _ = lists
    for c in range(len(who)):
        i = who[c]
        best[c], second[c] = NOTHING, NOTHING
        for e in range(vacancy.shape[1]):
            if vacancy[i, e] < 0:
                break
            net = np.int64(score[i, e]) - prices[vacancy[i, e]]
            if net > best[c]:
                best[c], second[c] = net, best[c]
            elif net > second[c]:
                second[c] = net


@compiled
def put_found(
    lists: Lists, who: Longs, rows: Longs, scores: Longs, prices: Longs, least: Longs, standing: Longs,
    standing_score: Longs,
) -> None:  # fmt: skip
    """New lists for some workers: what a search found, int64[who, k] best first, that leaves out what nets under least.

    A published vacancy, which its worker alone sees with a greater score, keeps a place in the list.
    """
    vacancy, score, beyond = lists
    k = vacancy.shape[1]
    for c in range(len(who)):
        i, at = who[c], k - 1
        bound = least[c]
        if rows[c, k - 1] >= 0:
            bound = scores[c, k - 1] - prices[rows[c, k - 1]]
        for e in range(k):
            vacancy[i, e], score[i, e] = rows[c, e], scores[c, e]
            if at == k - 1 and (rows[c, e] < 0 or rows[c, e] == standing[i]):
                at = e
        if standing[i] >= 0:
            vacancy[i, at], score[i, at] = standing[i], standing_score[i]
        beyond[i] = bound


@compiled
def add_found(
    lists: Lists, who: Longs, rows: Longs, scores: Longs, prices: Longs, least: Longs, assigned: Ints,
    standing: Longs,
) -> None:  # fmt: skip
    """Put what a search among some vacancies found, int64[who, few], into lists, in the place of what is worst there.

    Who sits somewhere, or has a published vacancy, keeps it in the list.
    """
    vacancy, score, beyond = lists
    for c in range(len(who)):
        i, last = who[c], rows.shape[1] - 1
        bound = max(beyond[i], least[c])
        if rows[c, last] >= 0:
            bound = max(beyond[i], scores[c, last] - prices[rows[c, last]])
        for r in range(rows.shape[1]):
            row, net = rows[c, r], scores[c, r] - prices[rows[c, r]]
            place, worst = -1, np.int64(1 << 60)
            for e in range(vacancy.shape[1]):
                known = vacancy[i, e]
                if row < 0 or known == row:
                    place = -1
                    break
                if known < 0:
                    place, worst = e, np.int64(NOTHING)
                    break
                this = np.int64(score[i, e]) - prices[known]
                if this < worst and known != assigned[i] and known != standing[i]:
                    place, worst = e, this
            if place < 0:
                continue
            bound = max(bound, min(net, worst))
            if net > worst:
                vacancy[i, place], score[i, place] = row, scores[c, r]
        beyond[i] = bound
