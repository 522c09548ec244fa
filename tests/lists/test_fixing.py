"""A cell is corrected where it stands, before anything is stored."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from uuid import UUID, uuid4

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import Connection, text

from app.actor import Actor
from app.db.transaction import write
from app.errors import NotFound
from app.lists.intake import read_posted_list
from app.lists.upload import Posted
from app.lists.usecases import (
    NotStorable,
    StillReading,
    fix_cells,
    post_list,
    problem_sheet,
    read_again_if_outdated,
    sheets_as_shown,
    switch_kind,
    the_list,
)
from tests.lists.workbooks import OTHER_WORKER, WORKER, WORKER_HEADER, csv
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
        [sheet] = sheets_as_shown(tx, "worker", number, english=False).sheets
        [cell] = [cell for line in sheet.lines for cell in line.cells if cell.blocks]
        fix_cells(tx, "worker", number, {(sheet.name, 2, cell.column): "马海"})
        with pytest.raises(StillReading):
            fix_cells(tx, "worker", number, {})
    read_posted_list(station, number)
    with write(station) as tx:
        found = the_list(tx, "worker", number)
        assert (found.state, found.counts["new"], found.counts["rejected"]) == ("ready", 1, 0)
        [sheet] = sheets_as_shown(tx, "worker", number, english=False).sheets
        assert sheet.lines[0].cells[0].text == "马海"


def test_what_a_stored_list_kept_out_is_corrected_in_a_new_list(db: Connection, actors: dict[str, Actor]) -> None:
    station = actors["station"]
    number = preview(station, store=True, rows=(OTHER_WORKER, NO_NAME))
    with write(station) as tx:
        [sheet] = sheets_as_shown(tx, "worker", number, english=False).sheets
        same = {(sheet.name, line.row, cell.column): cell.text for line in sheet.lines for cell in line.cells}
        assert fix_cells(tx, "worker", number, same) == (the_list(tx, "worker", number), 0)
        again, many = fix_cells(tx, "worker", number, same | {(sheet.name, 3, 0): "马海"})
        assert many == 1
    read_posted_list(station, again.id)
    with write(station) as tx:
        counts = the_list(tx, "worker", again.id).counts
        assert (counts["unchanged"], counts["new"], counts["rejected"]) == (1, 1, 0)
        assert the_list(tx, "worker", number).state == "stored"


def test_anothers_list_is_not_corrected(db: Connection, actors: dict[str, Actor]) -> None:
    number = preview(actors["station"])
    with write(actors["other_station"]) as tx, pytest.raises(NotFound):
        fix_cells(tx, "worker", number, {})


def test_people_from_elsewhere_are_counted(db: Connection, actors: dict[str, Actor]) -> None:
    number = preview(actors["station"], rows=(WORKER, ("张三", id_number(1), "", "贵州省毕节市威宁县迤那镇", "", "")))
    with write(actors["station"]) as tx:
        assert the_list(tx, "worker", number).counts["elsewhere"] == 1  # the first lives in Dongxiang


def test_a_colleague_sees_the_sheet_with_its_colours_and_without_whole_numbers(
    db: Connection, actors: dict[str, Actor]
) -> None:
    number = preview(actors["station"])
    colleague = replace(actors["station"], token_id=uuid4())
    with write(actors["station"]) as tx:
        own = sheets_as_shown(tx, "worker", number, english=False)
    with write(colleague) as tx:
        shown = sheets_as_shown(tx, "worker", number, english=False)
    assert (own.are_own, shown.are_own) == (True, False)
    [mine], [theirs] = own.sheets[0].lines, shown.sheets[0].lines
    assert (mine.cells[1].text, theirs.cells[1].text) == (WORKER[1], WORKER[1][:6] + "*" * 12)
    assert [cell.blocks for cell in theirs.cells] == [cell.blocks for cell in mine.cells]
    assert mine.cells[0].words == ("“姓名”没有填写，这一行不能保存。请在这里补填。",)
    assert theirs.cells[0].words == ("“姓名”没有填写，这一行不能保存。请补填后重新上传。",)


def test_who_signs_in_again_still_has_the_own_sheet_and_a_colleague_has_not(
    db: Connection, actors: dict[str, Actor]
) -> None:
    clerk = replace(actors["station"], user_id=uuid4())
    number = preview(clerk)
    again, colleague = (replace(clerk, token_id=uuid4()), replace(clerk, token_id=uuid4(), user_id=uuid4()))
    with write(again) as tx:
        assert sheets_as_shown(tx, "worker", number, english=False).are_own
        assert problem_sheet(tx, "worker", number, "zh")
    with write(colleague) as tx:
        assert not sheets_as_shown(tx, "worker", number, english=False).are_own


def test_who_can_type_into_a_cell_is_told_so_and_sees_the_number_it_speaks_of(
    db: Connection, actors: dict[str, Actor]
) -> None:
    station, wrong = actors["station"], "622926200305184978"
    number = preview(station, rows=tuple((WORKER[0], one, *WORKER[2:]) for one in (wrong, "6.22926E+17")))
    with write(station) as tx:
        lines = sheets_as_shown(tx, "worker", number, english=False).sheets[0].lines
        taken = CalamineWorkbook.from_filelike(BytesIO(problem_sheet(tx, "worker", number, "zh")))
    assert [words for line in lines for cell in line.cells if cell.blocks for words in cell.words] == [
        f"身份证号 {wrong} 校验不通过，可能有一位输错。请对照证件改正。",
        "身份证号被 Excel 当成数字，后几位已丢失（6.22926E+17）。请照身份证重新输入。",
    ]
    assert "请先把该列设为“文本”格式" in str(taken.get_sheet_by_index(0).to_python()[-1][-1])


def test_a_column_that_is_missing_is_said_once(db: Connection, actors: dict[str, Actor]) -> None:
    rows = (WORKER[:3], OTHER_WORKER[:3])
    with write(actors["station"]) as tx:
        posted = Posted("list.csv", csv(WORKER_HEADER[:3], *rows))
        number = post_list(tx, "worker", posted, store=False, division=None).id
    read_posted_list(actors["station"], number)
    with write(actors["station"]) as tx:
        [sheet] = sheets_as_shown(tx, "worker", number, english=False).sheets
    assert len(sheet.missing) == 2  # the home, and the consent
    assert {line.words for line in sheet.lines} == {()}
    assert all(line.blocks for line in sheet.lines)


def test_a_preview_is_read_again_when_another_list_was_stored_since(db: Connection, actors: dict[str, Actor]) -> None:
    station = actors["station"]
    number = preview(station, rows=(WORKER,))
    with write(station) as tx:
        read_again_if_outdated(tx, "worker", the_list(tx, "worker", number))
        assert the_list(tx, "worker", number).state == "ready"
    preview(station, store=True, rows=(WORKER,))
    db.execute(text("update lists set updated_at = updated_at - interval '1 hour' where id = :id"), {"id": number})
    with write(station) as tx:
        read_again_if_outdated(tx, "worker", the_list(tx, "worker", number))
    read_posted_list(station, number)
    with write(station) as tx:
        counts = the_list(tx, "worker", number).counts
        assert (counts["new"], counts["unchanged"]) == (0, 1)


def test_a_list_of_the_other_kind_is_read_as_what_it_is(db: Connection, actors: dict[str, Actor]) -> None:
    station = actors["station"]
    with write(station) as tx:
        posted = Posted("list.csv", csv(WORKER_HEADER, WORKER))
        number = post_list(tx, "vacancy", posted, store=False, division=None).id
    read_posted_list(station, number)
    with write(station) as tx:
        assert the_list(tx, "vacancy", number).state == "refused"
        switch_kind(tx, "vacancy", number)
    read_posted_list(station, number)
    with write(station) as tx:
        found = the_list(tx, "worker", number)
        assert (found.state, found.counts["new"]) == ("ready", 1)
        with pytest.raises(NotStorable):
            switch_kind(tx, "worker", number)
