"""What the job worker does every few seconds without being asked: seal the audit log, raise alarms."""

from __future__ import annotations

from contextlib import suppress

from sqlalchemy.exc import DBAPIError, IntegrityError

from app.db.transaction import write
from app.edge.logs import log
from app.oversight import queries, usecases

#: Seconds between two rounds.
EVERY = 10.0


def watch() -> None:
    """One round. The head of the chain goes to the log: the anchor outside the database."""
    with suppress(IntegrityError):  # another worker was first: the next round finds what it left
        while _seal():
            pass
    try:
        with write(usecases.WATCH) as tx:
            raised = queries.raise_alarms(tx.session)
    except DBAPIError as away:
        log().error("alarms not counted", error=type(away).__name__)
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
    return len(made.entries) // 24 == usecases.MOST_ENTRIES
