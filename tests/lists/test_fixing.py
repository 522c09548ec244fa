"""A cell is corrected where it stands, before anything is stored."""

from __future__ import annotations

from uuid import UUID

import pytest
from sqlalchemy import Connection

from app.actor import Actor
from app.db.transaction import write
from app.errors import NotFound
from app.lists.intake import read_posted_list
from app.lists.upload import Posted
from app.lists.usecases import AlreadyStored, StillReading, fix_cells, post_list, sheet_as_shown, the_list
from tests.lists.workbooks import WORKER, WORKER_HEADER, csv
from tests.workers.invented import id_number

NO_NAME = ("", *WORKER[1:])


def preview(actor: Actor, *, store: bool = False, rows: tuple[tuple[str, ...], ...] = (NO_NAME,)) -> UUID:
    """A list that is read; without other rows, the only one lacks a name."""
    with write(actor) as tx:
        posted = Posted("list.csv", csv(WORKER_HEADER, *rows))
        number = post_list(tx, "worker", posted, store=store, division=None).id
    read_posted_list(actor, number)
    return number


def test_a_corrected_cell_is_read_again(db: Connection, actors: dict[str, Actor]) -> None:
    station = actors["station"]
    number = preview(station)
    with write(station) as tx:
        [sheet] = sheet_as_shown(tx, "worker", number, english=False)
        [cell] = [cell for line in sheet.lines for cell in line.cells if cell.blocks]
        fix_cells(tx, "worker", number, {(sheet.name, 2, cell.column): "马海"})
        with pytest.raises(StillReading):
            fix_cells(tx, "worker", number, {})
    read_posted_list(station, number)
    with write(station) as tx:
        found = the_list(tx, "worker", number)
        assert (found.state, found.counts["new"], found.counts["rejected"]) == ("ready", 1, 0)
        [sheet] = sheet_as_shown(tx, "worker", number, english=False)
        assert sheet.lines[0].cells[0].text == "马海"


def test_what_is_stored_or_anothers_is_not_corrected(db: Connection, actors: dict[str, Actor]) -> None:
    number = preview(actors["station"], store=True)
    with write(actors["station"]) as tx, pytest.raises(AlreadyStored):
        fix_cells(tx, "worker", number, {})
    with write(actors["other_station"]) as tx, pytest.raises(NotFound):
        fix_cells(tx, "worker", number, {})


def test_people_from_elsewhere_are_counted(db: Connection, actors: dict[str, Actor]) -> None:
    number = preview(actors["station"], rows=(WORKER, ("张三", id_number(1), "", "贵州省毕节市威宁县迤那镇", "", "")))
    with write(actors["station"]) as tx:
        assert the_list(tx, "worker", number).counts["elsewhere"] == 1  # the first lives in Dongxiang
