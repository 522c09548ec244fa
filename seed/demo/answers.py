"""A few demo workers have said yes to one of their three jobs, the demo employer's, who made one of them an offer."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from uuid import UUID

from sqlalchemy import select

from app.actor import Actor, Role
from app.db.transaction import own, read, write
from app.errors import ConsentMissing
from app.identity.usecases import issue_token
from app.placements.model import Placement
from app.placements.usecases import offer, say_interested
from app.suggestions.market import LiveMarket
from app.suggestions.model import Suggestion
from app.suggestions.usecases import suggest_vacancies
from app.vacancies.model import Vacancy
from app.workers.model import Worker

#: How many say yes; every third keeps name and phone to themself for now.
YES = 5
#: How many are asked at most.
ASKED = 60


def let_some_answer(station: Actor, employer: Actor) -> None:
    """Let them answer, unless somebody has. In the name of each, as their own phone would."""
    with read(employer) as tx:
        if tx.session.scalar(select(Placement.id).limit(1)) is not None:
            return
        jobs = set(tx.session.scalars(select(Vacancy.id).where(Vacancy.poster_id == employer.organisation_id)))
    said: list[UUID] = []
    for worker, suggestion in _suggested(station, jobs):
        with write(worker) as tx:
            said.append(say_interested(tx, tx.session.get_one(Suggestion, suggestion), disclose=len(said) % 3 != 2).id)
        if len(said) == YES:
            break
    with write(employer) as tx:
        for one in said[:1]:
            offer(tx, one)


def _suggested(station: Actor, jobs: set[UUID]) -> Iterator[tuple[Actor, UUID]]:
    """Workers among whose three jobs is one of `jobs`, each with a session of their own, and that suggestion."""
    market = LiveMarket(listens=False)
    try:
        with read(station) as tx:
            asked = tx.session.scalars(select(Worker.id).order_by(Worker.created_at, Worker.id).limit(ASKED)).all()
        for worker in asked:
            chosen = None
            with suppress(ConsentMissing), write(station) as tx:
                offers = suggest_vacancies(tx, market, worker).items
                chosen = next((one.id for one in offers if one.vacancy.id in jobs), None)
            if chosen is not None:
                with own() as owner:
                    actor = issue_token(owner, Role.WORKER, worker_id=worker)[1]
                yield actor, chosen
    finally:
        market.close()
