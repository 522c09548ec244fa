"""What a plan that is made comes to: its figures, and the rows that are kept of it."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import asdict
from typing import Any

import numpy as np

from app.plans import price_queries, queries
from app.plans.question import Question
from app.plans.shocked import LEAST_TOLD, shocked
from matching.eligibility import Limit
from matching.plan import Plan
from matching.plan_figures import Congestion, congestion, runners_up, suggestions
from matching.plan_reports import Fill, changes, fill, priority_effects
from matching.shortfall import TELLABLE
from matching.tables import Longs

#: An order keeps everybody away, whatever else does.
_SHUT = (Limit.CLOSED_DESTINATION.label, 0, 0)


def figures(question: Question, made: Plan, seconds: float, *, least: int = LEAST_TOLD) -> dict[str, Any]:
    """What the plan is worth, in counts: nobody can be told from them. `least`: as in `shocked`."""
    openings, moved = _offered(question), changes(question.standing, made)
    return {
        "workers": len(question.candidates.workers),
        "vacancies": int(np.count_nonzero(openings)),
        "openings": int(openings.sum()),
        "placed": made.placed,
        "answered": int(np.count_nonzero(question.fixed >= 0)),
        "value": made.value,
        "bound": made.bound,
        "certificate": round(made.certificate, 6),
        "rounds": len(made.rounds),
        "seconds": round(seconds, 2),
        "priority": _priority(question, made),
        "companions": {
            "groups": len(question.companions.wish) if question.companions else 0,
            "left_out": len(made.left_out),
            "lost": round(made.lost_to_companions, 6),
        },
        "changes": {
            "kept": len(moved.kept),
            "moved": len(moved.moved),
            "lost": len(moved.lost),
            "new": len(moved.new),
        },
        "homes": _by_home(question, made, least),
        "shocks": shocked(
            question.snapshot, question.candidates.workers, question.standing, question.suited, made, least=least
        ),
        "congestion": congestion_shares(question, made),
    }


def _by_home(question: Question, made: Plan, least: int) -> list[dict[str, Any]]:
    """For each home county of `least` people or more: how many have a place, and to which city how many go. Fewer than
    `least` to a city are not told apart."""
    workers = question.candidates.workers
    cities = _cities(question)
    people = Counter(worker.home_code for worker in workers)
    going: dict[str, Counter[str]] = defaultdict(Counter)
    for worker, row in zip(workers, made.assigned.tolist(), strict=True):
        if row >= 0:
            going[worker.home_code][cities[row]] += 1
    return [
        {
            "home": home,
            "workers": many,
            "placed": going[home].total(),
            "to": [[city, there] for city, there in going[home].most_common() if there >= least],
        }
        for home, many in people.most_common()
        if many >= least
    ]


def _cities(question: Question) -> list[str]:
    """The prefecture of each vacancy; where there is none, the province."""
    rows, geography = question.snapshot.divisions.rows, question.snapshot.market.geography
    above = np.where(geography.prefecture >= 0, geography.prefecture, geography.province)
    return [rows[at].code for at in above[question.snapshot.vacancies.division].tolist()]


def _offered(question: Question) -> Longs:
    """int64[v]: openings, but for those of places that an order closes."""
    geography, division = question.snapshot.market.geography, question.snapshot.vacancies.division
    closed = [at for at in np.unique(division).tolist() if geography.is_closed(at)]
    return np.where(np.isin(division, closed), 0, question.openings)


def congestion_shares(question: Question, made: Plan) -> dict[str, dict[str, float]]:
    """Shares when everybody chooses alone, and by the plan."""
    return {
        when: {name: round(value, 4) for name, value in asdict(_crowding(question, plan)).items()}
        for when, plan in (("before", None), ("after", made))
    }


def _crowding(question: Question, plan: Plan | None) -> Congestion:
    rows, scores = suggestions(question.planner, plan)
    return congestion(rows, scores, _offered(question))


def _priority(question: Question, made: Plan) -> list[dict[str, int]]:
    """What priority changed and whom it cost, class by class; nothing when everybody is of one class."""
    if len(np.unique(question.priorities)) < 2:
        return []
    without = question.planner.plan(
        question.openings, prices=made.prices, standing=question.standing, fixed=question.fixed
    )
    return [asdict(effect) for effect in priority_effects(made, without, question.priorities)]


def assignment_rows(question: Question, made: Plan) -> list[queries.AssignmentRow]:
    """What the plan says of each worker, best and runner-up."""
    ids, worth = question.snapshot.ids, [*made.prices.tolist(), 0]  # the last is no vacancy's
    others, costs = runners_up(question.planner, made)
    return [
        queries.AssignmentRow(
            worker.id,
            worker.station_id,
            ids[row] if row >= 0 else None,
            int(score),
            worth[row],
            ids[row] if row >= 0 else None,
            worth[row],
            ids[other] if other >= 0 else None,
            int(cost) if row >= 0 and other >= 0 else None,
            worth[other],
        )
        for worker, row, score, other, cost in zip(
            question.candidates.workers, made.assigned.tolist(), made.score, others.tolist(), costs, strict=True
        )
    ]


def price_rows(question: Question, made: Plan) -> list[price_queries.PriceRow]:
    """What the plan makes of each vacancy."""
    full = fill(question.planner, made, question.openings)
    empty = {int(row): at for at, row in enumerate(full.row)}
    shut = _offered(question) < question.openings
    return [
        price_queries.PriceRow(
            vacancy,
            int(made.prices[row]),
            int(question.openings[row]),
            int(full.filled[row]),
            *(_SHUT if shut[row] else _kept_away(full, empty[row]) if row in empty else (None, 0, 0)),
        )
        for row, vacancy in enumerate(question.snapshot.ids)
    ]


def _kept_away(full: Fill, at: int) -> tuple[str | None, int, int]:
    """The limit that alone keeps most people from a vacancy, how many, and by how much its pay is too low; nothing
    under ten. That people do other work is said only where no other limit is. A no of theirs is none (SECURITY T4)."""
    many = {limit: int(full.only_by[at, limit]) for limit in TELLABLE}
    told = {limit: count for limit, count in many.items() if count >= LEAST_TOLD}
    if not told:
        return None, 0, 0
    limit = max(told, key=lambda one: (one is not Limit.SKILL, told[one]))
    under = int(full.pay_under_by[at]) if many[Limit.MIN_WAGE] >= LEAST_TOLD else 0
    return limit.label, round(told[limit] / 5) * 5, under
