"""The log without the auditor's own looks at it."""

from __future__ import annotations

from sqlalchemy import Connection

from app.db.transaction import write
from app.edge.paging import Window
from app.identity.audit import record
from app.oversight.usecases import list_entries
from tests import people


def test_an_auditor_may_leave_out_the_own_looks_and_loses_nobody_elses(db: Connection) -> None:
    with write(people.actor("station")) as tx:
        record(tx, "worker.list")
    auditor = people.actor("auditor")
    for _ in range(3):
        with write(auditor) as tx:
            shown, _ = list_entries(tx, Window("/office", 50))
            others, _ = list_entries(tx, Window("/office", 50), only_others=True)
    assert [one.action for one in others] == ["worker.list"]
    assert {one.action for one in shown} == {"worker.list", "audit.look"}
