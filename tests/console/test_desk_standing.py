"""How a station stands: counted at each visit, a large one kept for a minute; people found by a part of the name."""

from __future__ import annotations

import pytest
from sqlalchemy import Connection

from app.console import desk_standing
from app.console.desk_standing import station_standing
from app.db.transaction import read, write
from app.edge.paging import Window
from app.workers.store import store_workers
from app.workers.usecases import list_workers
from tests import people
from tests.workers.invented import draft


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
