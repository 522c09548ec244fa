"""Making a plan, as a background job: read for whom, solve, keep. Nothing is published here.

A job that dies is taken up again and starts from the beginning: what it writes, it writes at the end, whole.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import numpy as np
from sqlalchemy import select

from app.actor import ENGINE, Actor
from app.db.transaction import read, write
from app.places.model import KeyCounty
from app.plans import price_queries, queries
from app.plans.candidates import Candidates, Whom, read_candidates
from app.plans.priorities import priority_class, profile_on
from app.plans.shocked import LEAST_TOLD, shocked
from app.suggestions.market import Snapshot, build
from matching.eligibility import Limit
from matching.plan import Outside, Plan, PlanCancelled, Planner, Progress
from matching.plan_companions import Companions, Together, workplaces
from matching.plan_figures import Congestion, congestion, runners_up, suggestions
from matching.plan_reports import Fill, changes, fill, priority_effects
from matching.shortfall import TELLABLE
from matching.tables import Longs

#: Seconds between two notes of how far it is.
NOTED_EVERY = 1.0
#: How long prices for everybody stand.
PRICED_EVERY = timedelta(hours=1)
#: Why there is no plan, when nobody is told of numbers.
_NOBODY = {
    "code": "nobody",
    "zh": "没有可安排的人：所选范围里没有同意推荐、还没有上岗的人。请换个范围，或请工作站先征得同意。",
    "en": "Nobody to plan for: no consenting worker without a job in this scope. Widen it, or let stations ask first.",
}
_WISHES = {"workplace": Together.WORKPLACE, "town": Together.TOWN}


@dataclass(frozen=True)
class Question:
    """Everything a plan is made of, as arrays."""

    candidates: Candidates
    snapshot: Snapshot
    planner: Planner
    openings: Longs
    priorities: Longs
    fixed: Longs
    standing: Longs
    #: How well what stands suited when it was published.
    suited: Longs
    companions: Companions | None
    prices: Longs


def make_plan(actor: Actor, plan_id: UUID) -> None:
    """Make an ordered plan in the name of whoever ordered it."""
    started = time.monotonic()
    with write(actor) as tx:
        plan = queries.claim(tx, plan_id)
        whom = queries.whom(tx, plan) if plan is not None else None
    if plan is None or whom is None:
        return
    question = read_question(whom)
    if isinstance(question, dict):
        _fail(actor, plan_id, _closer(actor, whom) if question["code"] == "nobody" else question)
        return
    watch = _Watch(actor, plan.id)
    try:
        made = _solve(question, watch)
    except PlanCancelled:
        return
    watch.note(Progress("figures", 0, "", 0.0, made.certificate))
    least = 1 if actor.role.audience == "station" else LEAST_TOLD
    outcome = figures(question, made, time.monotonic() - started, least=least)
    with write(ENGINE) as engine:
        queries.keep_assignments(engine, plan_id, _rows(question, made))
    with write(actor) as tx:
        queries.finish(tx, plan_id, outcome)


@dataclass(frozen=True)
class Priced:
    """A plan for everybody that was made for its prices."""

    question: Question
    made: Plan
    seconds: float

    def figures(self) -> dict[str, Any]:
        """What it is worth; with as much work again as the plan, so only for who asks."""
        return figures(self.question, self.made, self.seconds)


def price_when_due() -> None:
    """`price_openings`, once an hour whoever asks and however often."""
    with read(ENGINE) as engine:
        found = price_queries.crowding(engine)
    if found is None or found.made_at < datetime.now(UTC) - PRICED_EVERY:
        price_openings()


def price_openings() -> Priced | None:
    """Plan for everybody who consents, and keep what it makes of openings until the next time: their prices, how full
    they get, what keeps the rest empty, how crowded suggestions are. Assigns nobody. None when there is nothing to
    plan: then no opening is worth anything to anybody."""
    started = time.monotonic()
    question = read_question(Whom())
    priced, rows, shares = None, [], {}
    if isinstance(question, Question):
        made = _solve(question, None)
        rows, shares = _prices(question, made), _congestion(question, made)
        priced = Priced(question, made, time.monotonic() - started)
    with write(ENGINE) as engine:
        price_queries.keep_prices(engine, rows, shares)
    return priced


def read_question(whom: Whom) -> Question | dict[str, str]:
    """What a plan for these is made of; or why there can be none."""
    with read(ENGINE) as engine:
        snapshot = build(engine)
        candidates = read_candidates(engine.session, whom)
        kept = price_queries.kept_prices(engine.session)
        key_counties = frozenset(engine.session.scalars(select(KeyCounty.code)))
    return _nothing_to_plan(candidates, snapshot) or ask(candidates, snapshot, kept, key_counties)


def give_up(actor: Actor, plan_id: UUID) -> None:
    """It failed too often."""
    zh, en = "方案计算多次失败，请联系运维。", "Making the plan failed several times: tell the operator."
    _fail(actor, plan_id, {"code": "plan_failed", "zh": zh, "en": en})


def _fail(actor: Actor, plan_id: UUID, reason: dict[str, str]) -> None:
    with write(actor) as tx:
        queries.set_state(tx, plan_id, "failed", reason=reason)


def _nothing_to_plan(candidates: Candidates, snapshot: Snapshot) -> dict[str, str] | None:
    """Why there can be no plan; None when there can."""
    if not candidates.workers:
        return _NOBODY
    if not len(snapshot.vacancies):
        zh = "市场上没有开放的岗位：请先上传岗位清单，或请用人单位发布、确认岗位。"
        en = "No vacancy is open: upload a list of vacancies first, or ask employers to post and confirm theirs."
        return {"code": "no_vacancy", "zh": zh, "en": en}
    return None


def _closer(actor: Actor, whom: Whom) -> dict[str, str]:
    """Why there is nobody to plan for, in a station's own numbers; an authority is told none."""
    if actor.role.audience != "station":
        return _NOBODY
    with read(actor) as tx:
        people, agreed = queries.counted(tx, whom)
    if not people:
        zh = "所选范围里没有人：清单还没有存入，或所选地区没有本站的人。请先存入清单，或换个范围。"
        en = (
            "Nobody is in this scope: the list is not stored yet, or nobody of yours lives there. Store it or widen it."
        )
    elif not agreed:
        zh = f"所选范围里有 {people} 人，还没有人同意推荐：请先征得本人同意、登记签字材料，再算一次。"
        en = f"None of the {people} people in this scope has agreed to matching: ask them, note the paper, plan again."
    else:
        zh = f"所选范围里有 {people} 人，{agreed} 人同意推荐，都已经有岗位，或由别的工作站负责：不用再安排。"
        en = f"All {agreed} of the {people} people in this scope who agreed have a job, or another station has them."
    return {"code": "nobody", "zh": zh, "en": en}


def ask(candidates: Candidates, snapshot: Snapshot, kept: dict[UUID, int], key_counties: frozenset[str]) -> Question:
    """The engine's arrays of a plan: openings, classes, what is answered, what stands, who goes together."""
    people = candidates.workers
    table = snapshot.table_of(people, candidates.left_out)
    planner = Planner(table, snapshot.vacancies, snapshot.market, floor=snapshot.market.profile.floor)
    row_of = {vacancy: row for row, vacancy in enumerate(snapshot.ids)}
    openings = planner.open_places()
    profile = profile_on(snapshot.today)
    classes = [
        priority_class(worker, groups, profile, key_counties, snapshot.shocks)
        for worker, groups in zip(people, candidates.groups, strict=True)
    ]
    fixed = _within(openings, [row_of.get(candidates.answered.get(worker.id, worker.id), -1) for worker in people])
    published = [candidates.published.get(worker.id, (worker.id, 0)) for worker in people]
    standing = np.array([row_of.get(vacancy, -1) for vacancy, _ in published])
    return Question(
        candidates=candidates,
        snapshot=snapshot,
        planner=planner,
        openings=openings,
        priorities=np.array(classes, np.int64),
        fixed=fixed,
        standing=standing.astype(np.int64),
        suited=np.array([score for _, score in published], np.int64),
        companions=_together(candidates, snapshot, fixed),
        prices=np.array([kept.get(vacancy, 0) for vacancy in snapshot.ids], np.int64),
    )


def _within(openings: Longs, answered: Sequence[int]) -> Longs:
    """Answered ones keep their vacancy as far as it has openings; more may have said yes than there are places."""
    left = openings.copy()
    fixed = np.full(len(answered), -1, np.int64)
    for worker, row in enumerate(answered):
        if row >= 0 and left[row] > 0:
            left[row] -= 1
            fixed[worker] = row
    return fixed


def _together(candidates: Candidates, snapshot: Snapshot, fixed: Longs) -> Companions | None:
    """Groups of whom all are here and none has answered; whoever answered goes where they said."""
    members: dict[UUID, list[int]] = {}
    wishes: dict[UUID, str] = {}
    for at, worker in enumerate(candidates.workers):
        if worker.id in candidates.companions and fixed[at] < 0:
            group, wish = candidates.companions[worker.id]
            members.setdefault(group, []).append(at)
            wishes[group] = wish
    groups = [group for group, rows in members.items() if len(rows) > 1]
    if not groups:
        return None
    number = np.full(len(candidates.workers), -1, np.int64)
    for at, group in enumerate(groups):
        number[members[group]] = at
    town = snapshot.vacancies.division.astype(np.int64)
    return Companions(number, tuple(_WISHES[wishes[group]] for group in groups), workplaces(snapshot.vacancies), town)


def _solve(question: Question, watch: _Watch | None) -> Plan:
    return question.planner.plan(
        question.openings,
        priorities=question.priorities,
        prices=question.prices if question.prices.any() else None,
        standing=question.standing,
        fixed=question.fixed,
        companions=question.companions,
        outside=Outside(watch.note, watch.is_cancelled) if watch else None,
    )


class _Watch:
    """Notes how far the work is, and hears whether it is still wanted: at most once a second."""

    def __init__(self, actor: Actor, plan_id: UUID) -> None:
        self.actor, self.plan_id = actor, plan_id
        self._last = 0.0
        self._cancelled = False
        self._stage, self._round, self._certificate = "", 0, 0.0

    def note(self, progress: Progress) -> None:
        """Write the progress down, in a transaction of its own. A search belongs to the round that asked for it, and
        what was proven once stays proven: of both the engine tells only as a round begins."""
        if progress.stage != self._stage:
            self._stage, self._round, self._certificate = progress.stage, 0, 0.0
        self._round = max(self._round, progress.round)
        self._certificate = max(self._certificate, progress.certificate)
        if time.monotonic() - self._last < NOTED_EVERY:
            return
        self._last = time.monotonic()
        noted = asdict(replace(progress, round=self._round, certificate=self._certificate))
        with write(self.actor) as tx:
            self._cancelled = not queries.note_progress(tx, self.plan_id, noted)

    def is_cancelled(self) -> bool:
        """Whether somebody called it off."""
        return self._cancelled


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
        "shocks": shocked(
            question.snapshot, question.candidates.workers, question.standing, question.suited, made, least=least
        ),
        "congestion": _congestion(question, made),
    }


def _offered(question: Question) -> Longs:
    """int64[v]: openings, but for those of places that an order closes."""
    geography, division = question.snapshot.market.geography, question.snapshot.vacancies.division
    closed = [at for at in np.unique(division).tolist() if geography.is_closed(at)]
    return np.where(np.isin(division, closed), 0, question.openings)


def _congestion(question: Question, made: Plan) -> dict[str, dict[str, float]]:
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


def _rows(question: Question, made: Plan) -> list[queries.AssignmentRow]:
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


def _prices(question: Question, made: Plan) -> list[price_queries.PriceRow]:
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


#: An order keeps everybody away, whatever else does.
_SHUT = (Limit.CLOSED_DESTINATION.label, 0, 0)


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
