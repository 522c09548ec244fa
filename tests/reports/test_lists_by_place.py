"""Where worker lists come from, in rows, for the coordinator; another station's rows are added up and never named."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection

from app.console.picture_tables import Listed
from app.db.transaction import read, write
from app.lists.model import PostedList
from app.reports.usecases import count_own_station, see_picture
from tests import people


def kept_list(who: str, filename: str, state: str, *, hour: int = 12, **counts: int) -> None:
    """A worker list of a station as it stands after it was read at an hour, and the station counted."""
    actor = people.actor(who)
    with write(actor) as tx:
        tx.session.add(
            PostedList(
                kind="worker",
                organisation_id=actor.organisation_id,
                division_code=actor.division,
                role=actor.role.value,
                filename=filename,
                store=False,
                state=state,
                counts=counts,
                created_at=datetime.now(UTC).replace(hour=hour),
                keep_until=datetime.now(UTC) + timedelta(days=1),
            )
        )
        tx.session.flush()  # counted in the same transaction
        count_own_station(tx)


def test_rows_of_the_last_upload_of_each_file_are_added_up_by_place_and_never_under_ten(db: Connection) -> None:
    kept_list("station", "一组.xlsx", "stored", hour=8, rows=99, new=99)
    kept_list("station", "一组.xlsx", "stored", rows=43, new=20, updated=5, unchanged=3, rejected=12)
    kept_list("station", "二组.xlsx", "ready", rows=10, new=4, rejected=6)
    kept_list("other_station", "一组.xlsx", "stored", rows=9, new=9, rejected=0)
    with read(people.actor("coordinator")) as tx:
        picture = see_picture(tx)
    here = people.actor("station").division
    assert {(one.code, one.kind): one.value for one in picture.lists} == {
        (here, "listed"): 55,
        (here, "kept"): 30,
        (here, "amiss"): 20,
    }
    assert picture.total("workers") == 0


def test_rows_that_are_neither_stored_nor_to_be_corrected_are_told_from_ten_up() -> None:
    assert Listed("520526", rows=70, kept=40, amiss=None).neither == 30
    assert Listed("520526", rows=45, kept=40, amiss=None).neither is None
