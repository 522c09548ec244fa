"""The clerk's own sheet back, and the templates."""

from __future__ import annotations

import io
from typing import Any

import openpyxl
import pytest

from app.lists.clerk_sheet import safe_text, write_problem_sheet, write_template
from app.lists.fields import FIELDS, ListKind
from app.lists.headers import OUR_COLUMN
from app.lists.kept import KeptCopy, stream_kept
from app.lists.read import open_list
from app.lists.reading import stream
from app.occupations.lexicon_files import lexicon
from app.places.addresses import gazetteer
from tests.lists.workbooks import OTHER_WORKER, WORKER, WORKER_HEADER, csv, xlsx
from tests.lists.worlds import SAMPLES, TODAY, WAGES, read

DONGXIANG = (SAMPLES / "workers-dongxiang-township.xlsx").read_bytes()


def problem_sheet(content: bytes, kind: ListKind = "worker", lang: str = "zh") -> bytes:
    target = io.BytesIO()
    write_problem_sheet(target, stream(content), read(content, kind).problems, kind=kind, lang=lang)
    return target.getvalue()


def opened(content: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]


def test_the_sheet_comes_back_with_a_last_column_of_remedies_and_coloured_cells() -> None:
    sheet = opened(problem_sheet(DONGXIANG))
    assert sheet.cell(1, 1).value == "东乡族自治县锁南镇2026年脱贫劳动力外出务工意愿清单"
    assert sheet.cell(3, 14).value == OUR_COLUMN
    assert "校验不通过" in sheet.cell(8, 14).value
    assert sheet.cell(8, 3).fill.bgColor.rgb != sheet.cell(9, 3).fill.bgColor.rgb
    assert sheet.cell(14, 2).fill.fgColor.rgb == "FFFFC7CE"
    assert sheet.cell(9, 14).value is None


def test_the_remedies_speak_english_when_asked() -> None:
    assert "check digit" in opened(problem_sheet(DONGXIANG, lang="en")).cell(8, 14).value


def test_uploaded_again_it_reads_as_before_and_the_added_column_is_passed_over() -> None:
    before, after = read(DONGXIANG, "worker"), read(problem_sheet(DONGXIANG), "worker")
    assert [row.worker for row in after.rows] == [row.worker for row in before.rows]
    assert [(p.row, p.column, p.code) for p in after.problems] == [(p.row, p.column, p.code) for p in before.problems]
    again = opened(problem_sheet(problem_sheet(DONGXIANG)))
    assert again.cell(3, 14).value == OUR_COLUMN
    assert again.cell(3, 15).value is None


def test_a_json_list_comes_back_as_a_sheet() -> None:
    sheet = opened(problem_sheet((SAMPLES / "vacancies-kunshan.json").read_bytes(), "vacancy"))
    assert sheet.cell(1, 1).value == "employer"
    assert sheet.cell(2, 2).value == "HR-0001"


FORMULAS = [f"{sign}{rest}" for sign in "=+-@" for rest in ("1+1", "cmd()", 'HYPERLINK("x")', "A1", "SUM(A1:A9)")]


@pytest.mark.parametrize("text", FORMULAS)
def test_nothing_goes_out_as_a_formula_and_it_comes_back_as_it_was(text: str) -> None:
    content = csv(
        (*WORKER_HEADER, "备注"), (*WORKER, text.replace(",", "，")), (*OTHER_WORKER[:1], "1", *OTHER_WORKER[2:], "")
    )
    written = problem_sheet(content)
    cell = opened(written).cell(2, 7)
    assert (cell.data_type, cell.value) == ("s", "'" + text)
    worker = read(written, "worker").rows[0].worker
    assert worker is not None
    assert worker.remarks["备注"] == text


def test_text_that_begins_like_a_formula_gets_an_apostrophe() -> None:
    assert [safe_text(text) for text in ("=1", "+1", "-1", "@x", "\tx", "\rx", "正常", "a=1")] == [
        "'=1", "'+1", "'-1", "'@x", "'\tx", "'\rx", "正常", "a=1",
    ]  # fmt: skip


def reader(content: bytes, **more: Any) -> Any:
    return open_list(
        content,
        kind="worker",
        division="622926",
        today=TODAY,
        places=gazetteer(),
        words=lexicon(),
        wages=WAGES,
        **more,
    )


def test_the_kept_copy_reads_as_the_file_did_without_what_may_not_be_kept() -> None:
    content = xlsx(
        ("某镇清单",),
        (*WORKER_HEADER, "民族"),
        (*WORKER, "秘密族"),
        ("合计", 1),
        more={"二": [WORKER_HEADER, OTHER_WORKER]},
    )
    keep = KeptCopy()
    rows = list(reader(content, keep=keep))
    kept = keep.finish()
    assert list(reader(kept, is_kept=True)) == rows
    assert "秘密族" not in repr(list(stream_kept(kept)))


@pytest.mark.parametrize("kind", ["worker", "vacancy"])
def test_a_template_has_every_field_and_its_example_is_not_imported(kind: ListKind) -> None:
    target = io.BytesIO()
    write_template(target, kind)
    book = openpyxl.load_workbook(target)
    filled = book.worksheets[0]
    line = dict(zip(WORKER_HEADER, WORKER, strict=True)) if kind == "worker" else {
        "用人单位": "某公司", "岗位名称": "电焊工", "招聘人数": "20", "月薪": "5000", "工作地点": "山东省青岛市城阳区"
    }  # fmt: skip
    for place, head in enumerate(filled[1], 1):
        filled.cell(3, place).value = line.get(str(head.value))
    again = io.BytesIO()
    book.save(again)

    reading = read(again.getvalue(), kind)

    assert [(row.number, row.is_rejected) for row in reading.rows] == [(3, False)]
    named = {column.field for column in reading.columns}
    assert set(FIELDS[kind]) - named <= {"board"}
    assert len(filled.data_validations.dataValidation) >= 2
