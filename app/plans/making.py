"""Making a plan, as a background job: read for whom, solve, keep. Nothing is published here.

A job that dies is taken up again and starts from the beginning: what it writes, it writes at the end, whole.
"""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from app.actor import ENGINE, Actor
from app.db.transaction import read, write
from app.plans import price_queries, queries
from app.plans.candidates import Whom
from app.plans.outcome import assignment_rows, congestion_shares, figures, price_rows
from app.plans.question import Question, read_question, why_nobody
from app.plans.shocked import LEAST_TOLD
from matching.plan import Outside, Plan, PlanCancelled, Progress

#: Seconds between two notes of how far it is.
NOTED_EVERY = 1.0
#: How long prices for everybody stand.
PRICED_EVERY = timedelta(hours=1)


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
        _fail(actor, plan_id, why_nobody(actor, whom) if question["code"] == "nobody" else question)
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
        queries.keep_assignments(engine, plan_id, assignment_rows(question, made))
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
        rows, shares = price_rows(question, made), congestion_shares(question, made)
        priced = Priced(question, made, time.monotonic() - started)
    with write(ENGINE) as engine:
        price_queries.keep_prices(engine, rows, shares)
    return priced


def give_up(actor: Actor, plan_id: UUID) -> None:
    """It failed too often."""
    zh, en = "方案计算多次失败，请联系运维。", "Making the plan failed several times: tell the operator."
    _fail(actor, plan_id, {"code": "plan_failed", "zh": zh, "en": en})


def _fail(actor: Actor, plan_id: UUID, reason: dict[str, str]) -> None:
    with write(actor) as tx:
        queries.set_state(tx, plan_id, "failed", reason=reason)


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
