"""The quick way of reading a worker says what the readable one says."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import Connection

from app.db.transaction import write
from app.workers.schemas import WorkerOut
from app.workers.store import store_workers
from app.workers.usecases import read_sheet, read_worker
from tests import people
from tests.workers.invented import draft

STATION = people.actor("station")


@pytest.mark.parametrize(
    "stated",
    [
        {},
        {"phone": None, "consent": False, "skills_text": None, "skills": (), "min_wage": None},
        {"name": "欧阳“”'\\\n", "remarks": {"备注": '"=1+1"'}, "available_from": date(2026, 12, 1), "reach_km": 12.5},
    ],
)
def test_a_sheet_is_the_worker(db: Connection, stated: dict[str, object]) -> None:
    with write(STATION) as tx:
        [one] = store_workers(tx, [draft(1, **stated)], witness="王站长", signed_on=date(2026, 3, 1))
        readable, quick = read_worker(tx, one.worker_id), read_sheet(tx, one.worker_id)
        shown = WorkerOut.of(quick)
        assert shown == WorkerOut.of(readable)
        assert shown.model_dump_json() == WorkerOut.of(readable).model_dump_json()
        assert [str(part) for part in quick.version] == [str(part) for part in readable.version]
