"""What a plan is asked: people, openings, what stands and what is answered, as the engine's arrays; or why there can be
no plan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import numpy as np
from sqlalchemy import select

from app.actor import ENGINE, Actor
from app.db.transaction import read
from app.places.model import KeyCounty
from app.plans import price_queries, queries
from app.plans.candidates import Candidates, Whom, read_candidates
from app.plans.priorities import priority_class, profile_on
from app.suggestions.snapshot import Snapshot, build
from matching.plan import Planner
from matching.plan_companions import Companions, Together, workplaces
from matching.tables import Longs

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


def read_question(whom: Whom) -> Question | dict[str, str]:
    """What a plan for these is made of; or why there can be none."""
    with read(ENGINE) as engine:
        snapshot = build(engine)
        candidates = read_candidates(engine.session, whom)
        kept = price_queries.kept_prices(engine.session)
        key_counties = frozenset(engine.session.scalars(select(KeyCounty.code)))
    return _nothing_to_plan(candidates, snapshot) or ask(candidates, snapshot, kept, key_counties)


def _nothing_to_plan(candidates: Candidates, snapshot: Snapshot) -> dict[str, str] | None:
    """Why there can be no plan; None when there can."""
    if not candidates.workers:
        return _NOBODY
    if not len(snapshot.vacancies):
        zh = "市场上没有开放的岗位：请先上传岗位清单，或请用人单位发布、确认岗位。"
        en = "No vacancy is open: upload a list of vacancies first, or ask employers to post and confirm theirs."
        return {"code": "no_vacancy", "zh": zh, "en": en}
    return None


def why_nobody(actor: Actor, whom: Whom) -> dict[str, str]:
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
