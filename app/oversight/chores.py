"""What the job worker does every few seconds without being asked: seal the audit log, raise alarms."""

from __future__ import annotations

from sqlalchemy.exc import DBAPIError, IntegrityError

from app.db.transaction import write
from app.edge.logs import log
from app.oversight import queries, usecases

#: Seconds between two rounds.
EVERY = 10.0


def watch() -> None:
    """One round. The head of the chain goes to the log: the anchor outside the database."""
    try:
        while _seal():
            pass
        with write(usecases.WATCH) as tx:
            raised = queries.raise_alarms(tx.session)
    except IntegrityError:
        return  # another worker sealed first: the next round finds what it left
    except DBAPIError as away:
        log().error("the audit log was not watched", error=type(away).__name__)
        return
    if raised:
        log().warning("alarm", count=raised)


def _seal() -> bool:
    """Seal what waits, a seal's worth; whether there may be more."""
    with write(usecases.WATCH) as tx:
        made = usecases.seal_entries(tx)
    if made is None:
        return False
    log().info("audit sealed", seal=made.number, head=made.hash.hex())
    return usecases.is_full(made)
