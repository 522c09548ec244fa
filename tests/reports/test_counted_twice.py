"""Whom two stations registered is one person to the coordinator, and neither station learns of the other."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection

from app.db.transaction import read, write
from app.reports.counted_twice import count_twice
from app.reports.usecases import Picture, count_own_station, see_picture
from app.suggestions.market import LiveMarket
from app.suggestions.usecases import suggest_vacancies
from app.vacancies.store import store_vacancies
from app.workers.store import store_workers
from tests import people
from tests.vacancies.invented import draft as job
from tests.workers.invented import draft

WELDER: dict[str, Any] = {
    "occupations": ("O054",),
    "skills": (),
    "certificates_text": "焊工证",
    "certificates": ("welding",),
}
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


def test_the_first_job_of_a_person_of_two_stations_widens_one_road(db: Connection) -> None:
    with write(people.actor("destination")) as tx:
        store_vacancies(tx, [job(0, title="电焊工", headcount=50)])
    market = LiveMarket(listens=False)
    for actor, numbers in ((HERE, range(30)), (THERE, range(10, 40))):
        with write(actor) as tx:
            kept = store_workers(tx, [draft(n, **WELDER) for n in numbers], witness="王站长")
            for one in kept:
                suggest_vacancies(tx, market, one.worker_id)
            count_own_station(tx)
    market.close()
    count_twice()
    with read(people.actor("coordinator")) as tx:
        assert [cell.value for cell in see_picture(tx).flows] == [40]


def test_fewer_than_ten_are_not_told_to_be_at_two_stations(db: Connection) -> None:
    assert counted(range(20), range(11, 31)).total("workers") == 40
    assert db.exec_driver_sql("select count(*) from counted_twice").scalar() == 0


def test_figures_say_when_they_were_counted(db: Connection) -> None:
    picture = counted(range(10), range(20, 30))
    assert picture.counted is not None
    assert picture.counted[0] <= picture.counted[1]


def test_a_job_that_two_accounts_post_counts_once_and_two_of_one_account_twice(db: Connection) -> None:
    with write(people.actor("destination")) as tx:
        store_vacancies(tx, [job(0, headcount=5), job(0, headcount=5), job(1, headcount=2)])
    with write(people.actor("other_employer")) as tx:
        store_vacancies(tx, [job(0, headcount=8)])
    with read(people.actor("coordinator")) as tx:
        [place] = see_picture(tx).market
    assert (place.vacancies, place.openings) == (3, 12)
    assert isinstance(place.openings, int)
