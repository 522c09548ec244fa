"""What a person decides instead of the plan, before it is published: the plan's own job again, another that suits and
has a place left, or none; with a reason that is kept. Nobody decides against a worker's wish or answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from app.db.transaction import Read, Write
from app.edge.public_ids import show
from app.errors import ConsentMissing, NotFound
from app.identity.audit import record
from app.identity.permissions import Permission, allow
from app.plans import assigned_queries, price_queries, publishing, queries
from app.plans.assigned_queries import Assigned
from app.plans.model import Assignment
from app.plans.refusals import AnswerStands, JobUnsuited, NoOpening, PlanNotReady
from app.plans.suiting import Sentence, Suits, suiting, unsuited
from app.suggestions.market import LiveMarket
from app.suggestions.queries import seeking_worker
from app.suggestions.rows import LiveVacancy, SeekingWorker
from app.suggestions.snapshot import Snapshot

#: Jobs shown to choose from, those looked through for words, and those told to be unsuited.
SHOWN, LOOKED_AT, TOLD = 12, 200, 5


@dataclass(frozen=True)
class Choice:
    """A job that suits, and the places this plan leaves there."""

    suits: Suits
    left: int


@dataclass(frozen=True)
class Choices:
    """What could be decided for a worker."""

    assigned: Assigned
    #: Best first; with a place left.
    jobs: Sequence[Choice]
    #: They would suit and are full in this plan.
    full: Sequence[LiveVacancy]
    #: Found by their words, and not for this worker: why.
    unsuited: Sequence[tuple[LiveVacancy, Sentence]]


def read_choices(tx: Write, market: LiveMarket, plan_id: UUID, worker_id: UUID, words: str = "") -> Choices:
    """The jobs that suit a worker and have a place left in a plan: the best, or those called by these words. The look
    is recorded. Raises NotFound, PlanNotReady, AnswerStands."""
    allow(tx.actor, Permission.SUGGEST)
    assignment = _to_decide(tx, plan_id, worker_id)
    assigned = assigned_queries.assigned_worker(tx, plan_id, worker_id)
    assert assigned is not None
    record(tx, "plan.read", worker_id=worker_id, subject=show("pn", plan_id))
    snapshot, worker = market.current(), _seeking(tx, worker_id)
    ids = assigned_queries.offers_called(tx, words, LOOKED_AT) if words else _best(snapshot, worker, assignment)
    live = assigned_queries.live_by_number(tx, ids)
    found = _with_places(tx, assignment, suiting(snapshot, worker, live, top=SHOWN))
    return Choices(
        assigned=assigned,
        jobs=[one for one in found if one.left > 0],
        full=[one.suits.vacancy for one in found if one.left <= 0],
        unsuited=unsuited(snapshot, worker, live)[:TOLD] if words else [],
    )


def override(
    tx: Write, market: LiveMarket, plan_id: UUID, worker_id: UUID, vacancy_id: UUID | None, reason: str
) -> Assignment:
    """A person decides otherwise, or for the plan's own job again; the reason is kept. Raises NotFound, PlanNotReady,
    AnswerStands, JobUnsuited, NoOpening."""
    allow(tx.actor, Permission.SUGGEST)
    assignment = _to_decide(tx, plan_id, worker_id)
    chosen = None if vacancy_id is None else _choice(tx, market.current(), assignment, vacancy_id)
    assignment.vacancy_id, assignment.score = vacancy_id, chosen.suits.score if chosen else 0
    assignment.price = _price(tx, assignment)
    is_as_planned = vacancy_id == assignment.planned_id
    assignment.overridden, assignment.override_reason = not is_as_planned, None if is_as_planned else reason
    tx.session.flush()
    record(tx, "plan.override", worker_id=worker_id, subject=show("pn", plan_id), purpose=reason)
    return assignment


def _to_decide(tx: Write, plan_id: UUID, worker_id: UUID) -> Assignment:
    """What a plan that waits to be published says of a worker who has not answered that."""
    plan = queries.find_plan(tx, plan_id, locked=True)
    assignment = assigned_queries.find_assignment(tx, plan_id, worker_id)
    if plan is None or assignment is None:
        raise NotFound
    if plan.state != "ready":
        raise PlanNotReady.because(plan.state)
    if publishing.answered(tx, plan_id, [worker_id]):
        raise AnswerStands
    return assignment


def _seeking(tx: Read, worker_id: UUID) -> SeekingWorker:
    worker = seeking_worker(tx.session, worker_id)
    if worker is None:
        raise NotFound
    if not worker.consents:
        raise ConsentMissing
    return worker


def _best(snapshot: Snapshot, worker: SeekingWorker, assignment: Assignment) -> list[UUID]:
    """What suits best, beside what the plan says and its runner-up."""
    ranked = snapshot.index.rank(snapshot.table_of([worker]), top=2 * SHOWN, floor=snapshot.market.profile.floor)
    best = [snapshot.ids[row] for row in ranked.vacancy[0].tolist() if row >= 0]
    named = [one for one in (assignment.planned_id, assignment.runner_up_id) if one is not None]
    return list(dict.fromkeys([*named, *best]))


def _with_places(tx: Read, assignment: Assignment, found: Sequence[Suits]) -> list[Choice]:
    ids = [one.vacancy.id for one in found]
    taken = assigned_queries.assigned_to(tx, assignment.plan_id, ids, but=assignment.worker_id)
    return [Choice(one, one.openings - taken.get(one.vacancy.id, 0)) for one in found]


def _choice(tx: Read, snapshot: Snapshot, assignment: Assignment, vacancy_id: UUID) -> Choice:
    """The job, when it may be chosen."""
    live, worker = assigned_queries.live_by_number(tx, [vacancy_id]), _seeking(tx, assignment.worker_id)
    if not live:
        raise JobUnsuited.gone()
    found = _with_places(tx, assignment, suiting(snapshot, worker, live, top=1))
    if not found:
        [(vacancy, why)] = unsuited(snapshot, worker, live)
        raise JobUnsuited.because(vacancy.title, why)
    [choice] = found
    if choice.left <= 0:
        raise NoOpening.at(choice.suits.vacancy.title, choice.suits.openings)
    return choice


def _price(tx: Read, assignment: Assignment) -> int:
    """What an opening is worth to others: by this plan where it said so, else at the last prices for everybody."""
    if assignment.vacancy_id is None:
        return 0
    said = {assignment.runner_up_id: assignment.runner_up_price, assignment.planned_id: assignment.planned_price}
    found = said.get(assignment.vacancy_id)
    return price_queries.kept_price(tx, assignment.vacancy_id) if found is None else found
