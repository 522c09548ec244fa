"""One demo worker has complained by name, in invented words, so that an office has something to look into."""

from __future__ import annotations

from sqlalchemy import select

from app.actor import Actor, Role
from app.complaints.usecases import Said, complain, my_complaints
from app.db.transaction import read, write
from app.edge.paging import Window
from app.workers.model import Worker

WORDS = "集市上有个中介说，先交三百块报名费，才给介绍岗位。我没有交，想问问该不该交。（演示）"


def let_somebody_complain(station: Actor) -> None:
    """The station's first worker, about home, unless they have."""
    with read(station) as tx:
        first = select(Worker.id).order_by(Worker.created_at, Worker.id).limit(1)
        worker = Actor(Role.WORKER, worker_id=tx.session.scalars(first).one())
    with write(worker) as tx:
        if not my_complaints(tx, Window("/my/rights", 1))[0]:
            complain(tx, Said("asked_for_money", WORDS), None)
