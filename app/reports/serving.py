"""After a worker list is stored: three jobs for everybody in it who agreed, and the station's figures counted anew."""

from __future__ import annotations

from contextlib import closing, suppress
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app.actor import Actor
from app.db.queue import enqueue
from app.db.transaction import read, write
from app.edge.logs import log
from app.lists.queries import find_list_of_any_kind
from app.reports.counted_twice import count_twice
from app.reports.usecases import count_own_station
from app.suggestions.market import LiveMarket
from app.suggestions.model import Suggestion
from app.suggestions.queries import consenting_workers
from app.suggestions.usecases import offers_to

#: Workers a transaction: a clerk who changes one of them waits no longer than this many take.
AT_ONCE = 50


def order_serving(actor: Actor, list_id: UUID) -> None:
    """Order it when the list is a worker list that is stored."""
    with suppress(IntegrityError), write(actor) as tx:  # it may wait already
        posted = find_list_of_any_kind(tx.session, list_id)
        if posted is not None and posted.kind == "worker" and posted.state == "stored":
            enqueue(tx, "serve_station", list_id)


def serve_station(actor: Actor, _: UUID) -> None:
    """Find the three of everybody in the station's care who agreed and has none yet; count the station."""
    with read(actor) as tx:
        served = set(tx.session.scalars(select(Suggestion.worker_id).where(Suggestion.current)))
        waiting = [worker for worker in consenting_workers(tx.session) if worker.id not in served]
    with closing(LiveMarket(listens=True)) as market:
        for first in range(0, len(waiting), AT_ONCE):
            with write(actor) as tx:
                for worker in waiting[first : first + AT_ONCE]:
                    offers_to(tx, market, worker, top=3)
    with write(actor) as tx:
        count_own_station(tx)
    count_twice()
    log().info("station served", count=len(waiting))
