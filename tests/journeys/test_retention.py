"""What is kept for a time is let go when it is over, and not before."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from uuid import UUID

import psycopg
import pytest
from sqlalchemy import func, select, update

from app.actor import Actor
from app.db.transaction import jobs_url, read, write
from app.lists.intake import take_in
from app.lists.model import ListRow, PostedList
from app.lists.upload import Posted

SAMPLE = Path(__file__).resolve().parents[1] / "samples" / "workers-bijie-clean.xlsx"


def kept(station: Actor, list_id: UUID) -> tuple[bool, int]:
    """Whether the list with its file is there, and how many raw rows."""
    with read(station) as tx:
        posted = tx.session.get(PostedList, list_id)
        rows = tx.session.scalar(select(func.count()).where(ListRow.list_id == list_id))
        return posted is not None and posted.file_sealed is not None, rows or 0


@pytest.mark.parametrize(("over", "left"), [(False, (True, 60)), (True, (False, 0))])
def test_a_lists_file_and_rows_go_when_their_time_is_over(
    over: bool, left: tuple[bool, int], fresh_database: str, actors: dict[str, Actor]
) -> None:
    station = actors["station"]
    number = take_in(station, "worker", Posted(SAMPLE.name, SAMPLE.read_bytes()))
    until = func.now() + timedelta(hours=-1 if over else 1)
    with write(station) as tx:
        tx.session.execute(update(PostedList).where(PostedList.id == number).values(keep_until=until))
    address = jobs_url().set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address, autocommit=True) as keeper:
        keeper.execute("select app.forget_kept()")
    assert kept(station, number) == left
