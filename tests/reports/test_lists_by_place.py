"""Where worker lists come from, in rows, for the coordinator; another station's rows are added up and never named."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection

from app.db.transaction import read, write
from app.lists.model import PostedList
from app.reports.usecases import count_own_station, see_picture
from tests import people


def kept_list(who: str, state: str, **counts: int) -> None:
    """A worker list of a station as it stands after it was read, and the station counted."""
    actor = people.actor(who)
    with write(actor) as tx:
        tx.session.add(
            PostedList(
                kind="worker",
                organisation_id=actor.organisation_id,
                division_code=actor.division,
                role=actor.role.value,
                filename="名单.xlsx",
                store=False,
                state=state,
                counts=counts,
                keep_until=datetime.now(UTC) + timedelta(days=1),
            )
        )
        tx.session.flush()  # counted in the same transaction
        count_own_station(tx)


def test_rows_of_lists_are_added_up_by_place_rounded_and_never_under_ten(db: Connection) -> None:
    kept_list("station", "stored", rows=43, new=20, updated=5, unchanged=3, rejected=12)
    kept_list("station", "ready", rows=10, new=4, rejected=6)
    kept_list("other_station", "stored", rows=9, new=9, rejected=0)
    with read(people.actor("coordinator")) as tx:
        picture = see_picture(tx)
    here = people.actor("station").division
    assert {(one.code, one.kind): one.value for one in picture.lists} == {
        (here, "listed"): 55,
        (here, "kept"): 30,
        (here, "amiss"): 20,
    }
    assert picture.total("workers") == 0
