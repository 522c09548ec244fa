"""Some demo workers have said yes to one of their three jobs, the demo employer's: a few wait for its answer, one has
an offer, and others took theirs, so that a card can tell how many from home work in that city."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import closing, suppress
from itertools import islice
from uuid import UUID

from sqlalchemy import select

from app.actor import Actor, Role
from app.db.transaction import own, read, write
from app.errors import ConsentMissing
from app.identity.usecases import issue_token
from app.placements.model import Placement
from app.placements.usecases import accept, offer, say_interested
from app.reports.gone_before import count_gone_before
from app.suggestions.market import LiveMarket
from app.suggestions.model import Suggestion
from app.suggestions.usecases import suggest_vacancies
from app.vacancies.model import Vacancy
from app.workers.model import Worker

#: How many say yes; every third keeps name and phone to themself for now.
YES = 5
#: How many more take the job: enough to be told (app/reports/gone_before.py).
GOING = 12
#: How many are asked at most.
ASKED = 200


def let_some_answer(station: Actor, employer: Actor) -> None:
    """Let them answer, unless somebody has. In the name of each, as their own phone would."""
    with read(employer) as tx:
        if tx.session.scalar(select(Placement.id).limit(1)) is not None:
            return
        jobs = set(tx.session.scalars(select(Vacancy.id).where(Vacancy.poster_id == employer.organisation_id)))
    with closing(_suggested(station, jobs)) as suggested:
        said = [_say_yes(*one, disclose=number % 3 != 2) for number, one in enumerate(islice(suggested, YES))]
        for one in said[:1]:
            _offer(employer, one)
        for worker, suggestion in islice(suggested, GOING):
            one = _say_yes(worker, suggestion, disclose=True)
            _offer(employer, one)
            with write(worker) as tx:
                accept(tx, one)
    count_gone_before()


def _say_yes(worker: Actor, suggestion: UUID, *, disclose: bool) -> UUID:
    """What came of it: a placement."""
    with write(worker) as tx:
        return say_interested(tx, tx.session.get_one(Suggestion, suggestion), disclose=disclose).id


def _offer(employer: Actor, placement: UUID) -> None:
    with write(employer) as tx:
        offer(tx, placement)


def _suggested(station: Actor, jobs: set[UUID]) -> Generator[tuple[Actor, UUID], None, None]:
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
