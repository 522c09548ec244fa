"""Whom two stations registered is one person to the coordinator, and neither station learns of the other."""

from __future__ import annotations

from sqlalchemy import Connection

from app.db.transaction import read, write
from app.reports.counted_twice import count_twice
from app.reports.usecases import Picture, count_own_station, see_picture
from app.workers.store import store_workers
from tests import people
from tests.workers.invented import draft

HERE, THERE = people.actor("station"), people.actor("other_station")


def counted(here: range, there: range) -> Picture:
    """What the coordinator reads when two stations have stored these invented people and counted."""
    for actor, numbers in ((HERE, here), (THERE, there)):
        with write(actor) as tx:
            store_workers(tx, [draft(n) for n in numbers], witness="王站长")
            count_own_station(tx)
    count_twice()
    with read(people.actor("coordinator")) as tx:
        return see_picture(tx)


def test_a_person_of_two_stations_counts_once(db: Connection) -> None:
    picture = counted(range(30), range(10, 40))
    assert (picture.total("workers"), picture.total("agreed")) == (40, 40)


def test_fewer_than_ten_are_not_told_to_be_at_two_stations(db: Connection) -> None:
    assert counted(range(20), range(11, 31)).total("workers") == 40
    assert db.exec_driver_sql("select count(*) from counted_twice").scalar() == 0


def test_figures_say_when_they_were_counted(db: Connection) -> None:
    picture = counted(range(10), range(20, 30))
    assert picture.counted is not None
    assert picture.counted[0] <= picture.counted[1]
