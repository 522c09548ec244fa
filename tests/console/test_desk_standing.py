"""How a station stands: counted at each visit, a large one kept for a minute; people found by a part of the name."""

from __future__ import annotations

import pytest
from sqlalchemy import Connection

from app.actor import Actor
from app.console import desk_standing
from app.console.desk_queries import among, how_many
from app.console.desk_standing import kept_count, station_standing
from app.db.transaction import read, write
from app.edge.paging import Window
from app.lists.intake import take_in
from app.lists.queries import workers_in
from app.lists.upload import Posted
from app.reports.model import Figure
from app.workers.queries import workers
from app.workers.store import store_workers
from app.workers.usecases import list_workers
from tests import people
from tests.lists.workbooks import csv
from tests.suggestions.test_three_jobs import jobs_of, three, worker_of
from tests.workers.invented import draft, id_number


def keep(*names: str, who: str = "station", first: int = 0) -> None:
    """The station stores people of these names."""
    with write(people.actor(who)) as tx:
        store_workers(tx, [draft(n, name=name) for n, name in enumerate(names, first)], witness="王站长")


def found(part: str, who: str = "station") -> list[str]:
    with write(people.actor(who)) as tx:
        return [brief.worker.name for brief in list_workers(tx, Window("/"), name_part=part)[0]]


def test_a_name_is_found_by_any_part_of_it_and_signs_mean_themselves(db: Connection) -> None:
    keep("马建国", "李建国", "王芳")
    keep("张建国", who="other_station")
    assert sorted(found("建国")) == ["李建国", "马建国"]
    assert [found(part) for part in ("%", "_", "芳%")] == [[], [], []]


def test_a_lists_people_stand_in_its_order_on_every_page_there_and_back(db: Connection) -> None:
    keep("周一", first=40)
    names = ("王二", "张三", "李四", "赵五", "钱六")
    rows = [(name, id_number(n), f"139{n:08d}", "贵州省毕节市威宁县迤那镇", "普工", "") for n, name in enumerate(names)]
    header = ("姓名", "身份证号", "联系电话", "家庭住址", "期望岗位", "本人同意")
    posted = Posted("list.csv", csv(header, *rows))
    listed = workers_in(take_in(people.actor("station"), "worker", posted, no_papers=True))
    with write(people.actor("station")) as tx:
        first, on = list_workers(tx, Window("/", 2), among=listed)
        second, _ = list_workers(tx, Window("/", 2, on), among=listed)
        last = Window("/").seal((second[0].worker.place, second[0].worker.id))
        back, _ = list_workers(tx, Window("/", 2, last), among=listed, is_backwards=True)
    assert [[brief.worker.name for brief in page] for page in (first, second, back)] == [
        ["王二", "张三"],
        ["李四", "赵五"],
        ["王二", "张三"],
    ]


def test_a_large_stations_counts_are_kept_and_counted_anew_when_asked(
    db: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk_standing, "SMALL", 1)
    monkeypatch.setattr(desk_standing, "KEPT_FOR", -1.0)
    keep("马建国", "李建国")
    with read(people.actor("station")) as tx:
        assert station_standing(tx, anew=False) is None
        counted = station_standing(tx, anew=True)
    assert counted is not None
    keep("王芳", first=5)
    with read(people.actor("station")) as tx:
        kept, now = station_standing(tx, anew=False), station_standing(tx, anew=True)
    assert kept == counted
    assert kept.is_kept
    assert now is not None
    assert (kept.counts.workers, now.counts.workers) == (2, 3)
    with read(people.actor("other_station")) as tx:  # a small one is counted, and another's counts are its own
        other = station_standing(tx, anew=False)
    assert other is not None
    assert (other.counts.workers, other.is_kept) == (0, False)


def test_each_filter_keeps_whom_the_desk_counts(
    db: Connection, actors: dict[str, Actor], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk_standing, "KEPT_FOR", -1.0)
    jobs_of(actors, *({"wage_lo": pay, "wage_hi": pay} for pay in (5000, 5000, 9000)))
    for n, least in enumerate((4000, 8000, 8000)):
        three(actors["station"], worker_of(actors["station"], n, min_wage=least))
    worker_of(actors["station"], 4, min_wage=20_000)
    with write(actors["station"]) as tx:
        store_workers(tx, [draft(6, consent=False)], witness="王站长")
    asked = {"three": 1, "some": 2, "none": 0, "unseen": 1, "few": 3, "agreed": 4, "not_agreed": 1}
    with write(actors["station"]) as tx:
        assert {kept: how_many(tx.session, workers(only=among(kept))) for kept in asked} == asked
        assert {kept: kept_count(tx, kept) for kept in asked} == asked
        tx.session.add(Figure(station_id=tx.actor.organisation_id, kind="workers", code="520526", value=10))
        tx.session.flush()  # now everybody was looked for
        assert [how_many(tx.session, workers(only=among(kept))) for kept in ("none", "unseen")] == [1, 0]
        assert [kept_count(tx, kept) for kept in ("none", "unseen")] == [1, 0]
