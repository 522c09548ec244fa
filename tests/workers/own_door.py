"""Workers signed in, over HTTP."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from fastapi import FastAPI
from sqlalchemy import text

from app.actor import DOOR, Role
from app.db.transaction import read, write
from app.identity.sessions import open_session
from app.workers.store import store_workers
from tests import people
from tests.client import TestClient
from tests.workers.invented import draft

#: The papers of the lists these workers come from.
SEEN = {"witness": "王站长"}


def entered(n: int = 1, who: str = "station", **stated: Any) -> UUID:
    """The n-th invented worker in the care of a station."""
    with write(people.actor(who)) as tx:
        [outcome] = store_workers(tx, [draft(n, **stated)], **SEEN)  # type: ignore[arg-type]
    return outcome.worker_id


def token_of(worker: UUID, **session: Any) -> str:
    """A session of the worker's own."""
    with write(DOOR) as tx:
        return open_session(tx, role=Role.WORKER, worker_id=worker, **session).access_token


def client_of(app: FastAPI, worker: UUID, *, gives_from: datetime | None = None) -> TestClient:
    """The worker's phone."""
    return TestClient(app, headers={"Authorization": f"Bearer {token_of(worker, gives_from=gives_from)}"})


def shown(worker: UUID) -> str:
    """The public id."""
    return f"w_{worker.hex}"


def actions(worker: UUID) -> list[str]:
    """What the audit says was done with a worker, in order."""
    with read(people.actor("auditor")) as tx:
        query = "select action from audit_entries where worker_id = :worker order by id"
        return list(tx.session.scalars(text(query), {"worker": worker}))
