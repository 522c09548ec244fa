"""Offering a worker the vacancies that suit them best, with reasons, and saying why when there are fewer than asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from app.db.transaction import Read, Write
from app.edge.public_ids import show
from app.errors import ConsentMissing, NotFound
from app.identity.audit import record
from app.identity.permissions import Permission, allow
from app.suggestions.explain import Parts, explain
from app.suggestions.market import LiveMarket
from app.suggestions.planned import planned_first, planned_row, prices
from app.suggestions.queries import (
    known_of,
    left_out_of_each,
    replace_set,
    seeking_worker,
    seeking_workers,
    speaking_as_engine,
    still_live,
)
from app.suggestions.rows import Known, LiveVacancy, SeekingWorker
from app.suggestions.snapshot import Snapshot
from matching.eligibility import Limit
from matching.lexicon import Lexicon
from matching.rank import Ranked
from matching.shortfall import Shortfall
from matching.shortfall import main_limits as main_limits_of
from matching.shortfall import shortfall as shortfall_of
from matching.tables import WorkerTable

#: Names the ids of suggestions.
_IDS = UUID("3e0f4f0a-5c1d-4d52-9d3e-7b1c1c7f7a11")
#: Looked up beyond what is asked for, since a vacancy may have gone since the market was built.
_SPARE = 8


@dataclass(frozen=True)
class Offer:
    """One vacancy offered to a worker."""

    id: UUID
    rank: int
    score: int
    price: int
    planned: bool
    parts: Parts
    vacancy: LiveVacancy


@dataclass(frozen=True)
class Offers:
    """A worker's jobs, and what keeps others away when they are fewer than asked."""

    worker_id: UUID
    as_of: datetime
    scoring: str
    items: Sequence[Offer]
    shortfall: Shortfall | None
    snapshot: Snapshot
    #: What to ask the worker, (Chinese, English), when no wished occupation is known. None: nothing to ask.
    question: tuple[str, str] | None


def suggest_vacancies(tx: Write, market: LiveMarket, worker_id: UUID, *, top: int = 3, after: int = 0) -> Offers:
    """The worker's best vacancies at this moment. The first ones are kept as their set; reading on (`after`) keeps
    nothing. Raises NotFound for a worker not in the actor's sight, ConsentMissing without consent to matching."""
    allow(tx.actor, Permission.SUGGEST)
    worker = seeking_worker(tx.session, worker_id)
    if worker is None:
        raise NotFound
    record(tx, "suggestions.read", worker_id=worker_id, subject=show("w", worker_id))
    return offers_to(tx, market, worker, top=top, after=after)


def offers_to(
    tx: Write, market: LiveMarket, worker: SeekingWorker, *, top: int, after: int = 0, known: Known | None = None
) -> Offers:
    """`suggest_vacancies` for a worker who was found already: for a station, or at the worker's own door. `known`: what
    was read along with the worker."""
    if not worker.consents:
        raise ConsentMissing
    snapshot = market.current()
    known = known or known_of(tx, worker.id)
    table = snapshot.table_of([worker], [known.gone])
    items = best_live(tx, snapshot, worker, table, known, top=top, after=after)
    as_of = keep_set(tx, snapshot, worker, items, known, asked=top) if after == 0 else known.now
    profile = snapshot.market.profile
    missing = shortfall_of(table, 0, snapshot.vacancies, snapshot.market, found=len(items), asked=top)
    question = question_for(worker, snapshot.lexicon)
    return Offers(worker.id, as_of, profile.version, items, missing if not after else None, snapshot, question)


def main_limits(tx: Read, market: LiveMarket, worker_ids: Sequence[UUID]) -> dict[UUID, Limit | None]:
    """What above all keeps jobs from each of these workers, of those in the actor's sight who consent."""
    workers = [worker for worker in seeking_workers(tx.session, worker_ids).values() if worker.consents]
    with speaking_as_engine(tx) as session:
        gone = left_out_of_each(session, [worker.id for worker in workers])
    snapshot = market.current()
    table = snapshot.table_of(workers, gone)
    found = main_limits_of(table, snapshot.vacancies, snapshot.market)
    return {worker.id: limit for worker, limit in zip(workers, found, strict=True)}


def suggestion_id(worker_id: UUID, vacancy_id: UUID) -> UUID:
    """The same worker and vacancy always make the same suggestion."""
    return uuid5(_IDS, worker_id.hex + vacancy_id.hex)


def question_for(worker: SeekingWorker, lexicon: Lexicon) -> tuple[str, str] | None:
    """What nobody stated or understood is scored neutral and asked about, never silently dropped."""
    if worker.occupations:
        return None
    understood = lexicon.understand(worker.occupations_text or "")
    if understood.question and understood.question_en:
        return understood.question, understood.question_en
    return "想做什么工作？以前做过什么？", "Which work is wished for, and which was done before?"


def best_live(
    tx: Read,
    snapshot: Snapshot,
    worker: SeekingWorker,
    table: WorkerTable,
    known: Known,
    *,
    top: int,
    after: int,
) -> Sequence[Offer]:
    """The `top` best that may be suggested now, beyond the first `after`; not twice one employer and occupation. When
    they are those that stand, which were read along with the worker, the database is not asked again."""
    wanted, planned = top + after + _SPARE, planned_row(snapshot, known.planned)
    floor, worth = snapshot.market.profile.floor, prices.of(tx.session, snapshot)
    while True:
        ranked = snapshot.index.rank(table, top=wanted, distinct=True, floor=floor, prices=worth)
        if planned is not None:
            ranked = planned_first(snapshot, table, planned, ranked, wanted)
        rows = [int(row) for row in ranked.vacancy[0] if row >= 0]
        ids = [snapshot.ids[row] for row in rows]
        first = ids[: top + after]
        live = known.live if known.live.keys() >= set(first) else still_live(tx.session, ids, len(first))
        standing = [(k, live[one]) for k, one in enumerate(ids) if one in live]
        if len(standing) >= top + after or len(rows) < wanted:
            break
        wanted *= 2  # most of the best have gone: look further
    return offers_of(snapshot, worker, ranked, standing[after : after + top], after, planned)


def offers_of(
    snapshot: Snapshot,
    worker: SeekingWorker,
    ranked: Ranked,
    chosen: Sequence[tuple[int, LiveVacancy]],
    after: int,
    planned: int | None,
) -> Sequence[Offer]:
    """The chosen places of a ranking as offers with their reasons."""
    rows = ranked.vacancy[0].tolist()
    offers = []
    for place, (k, vacancy) in enumerate(chosen, start=after + 1):
        parts = explain(
            snapshot,
            worker,
            vacancy,
            snapshot.pairings.between(worker.home_code, vacancy.workplace_code, snapshot.today),
            ranked.parts[0, k].tolist(),
            float(ranked.km[0, k]),
        )
        offers.append(_offer(worker.id, place, ranked, k, parts, vacancy, is_planned=rows[k] == planned))
    return offers


def _offer(
    worker_id: UUID, place: int, ranked: Ranked, k: int, parts: Parts, vacancy: LiveVacancy, *, is_planned: bool
) -> Offer:
    price = int(ranked.price[0, k])
    return Offer(
        id=suggestion_id(worker_id, vacancy.id),
        rank=place,
        score=int(ranked.score[0, k]),
        price=price,
        planned=is_planned,
        parts=parts,
        vacancy=vacancy,
    )


def keep_set(
    tx: Write, snapshot: Snapshot, worker: SeekingWorker, items: Sequence[Offer], known: Known, *, asked: int
) -> datetime:
    """Keep the set when it differs from the one that stands; the answer is as of the moment it last changed. A longer
    one that begins alike stands: who asks for three does not take away what somebody saw who asked for twenty."""
    standing = known.standing[:asked] if len(items) == asked else known.standing
    scoring = snapshot.market.profile.version
    if [(s.vacancy_id, s.score, s.price, s.planned, s.scoring) for s in standing] == [
        (item.vacancy.id, item.score, item.price, item.planned, scoring) for item in items
    ]:
        return standing[0].as_of if standing else known.now
    replace_set(tx.session, worker.id, [_row(worker, item, scoring, known.now) for item in items])
    return known.now


def _row(worker: SeekingWorker, item: Offer, scoring: str, as_of: datetime) -> dict[str, Any]:
    return {
        "id": item.id,
        "station_id": worker.station_id,
        "worker_id": worker.id,
        "vacancy_id": item.vacancy.id,
        "rank": item.rank,
        "score": item.score,
        "price": item.price,
        "planned": item.planned,
        "parts": item.parts,
        "scoring": scoring,
        "as_of": as_of,
        "current": True,
    }
