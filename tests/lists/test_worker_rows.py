"""Worker rows: what blocks, what warns, and what is understood."""

import pytest

from app.lists.read import RowReading
from tests.lists.workbooks import WORKER, WORKER_HEADER, csv, xlsx
from tests.lists.worlds import read


def row(**changed: str) -> RowReading:
    cells = dict(zip(WORKER_HEADER, WORKER, strict=True)) | changed
    [reading] = read(csv(tuple(cells), tuple(cells.values())), "worker").rows
    return reading


@pytest.mark.parametrize(
    ("column", "value", "code"),
    [
        ("姓名", "", "missing_required"),
        ("姓名", "马", "bad_name"),
        ("身份证号", "", "missing_required"),
        ("身份证号", "622926200305184978", "id_number_checksum"),
        ("身份证号", "6.22926E+17", "id_number_mangled"),
        ("家庭住址", "", "missing_required"),
        ("家庭住址", "某某省某某县", "unknown_place"),
        ("家庭住址", "甘肃省", "unknown_place"),
        ("家庭住址", "东乡县" + "毛" * 300, "too_long"),
    ],
)
def test_what_blocks_a_worker_is_reported_at_its_column(column: str, value: str, code: str) -> None:
    reading = row(**{column: value})
    assert [(p.column, p.code) for p in reading.problems if p.blocks] == [(column, code)]
    assert reading.worker is None


@pytest.mark.parametrize(
    ("column", "value", "code"),
    [
        ("联系电话", "", "no_phone"),
        ("联系电话", "12345", "bad_phone"),
        ("联系电话", "0930-7121234", "bad_phone"),
        ("期望月薪", "看着给", "bad_wage"),
        ("期望月薪", "300元/天", "wage_converted"),
        ("可外出时间", "等通知", "bad_date"),
        ("意向岗位", "什么", "unknown_occupation"),
        ("持有证书", "仙术证", "unknown_certificate"),
        ("家庭住址", "甘肃省临夏州", "address_coarse"),
        ("本人同意", "不同意", "no_consent"),
        ("本人同意", "", "no_consent"),
        ("意向地区", "某某地", "unknown_place"),
    ],
)
def test_what_only_warns_leaves_the_worker(column: str, value: str, code: str) -> None:
    reading = row(**{column: value})
    assert (column, code) in [(p.column, p.code) for p in reading.problems]
    assert reading.worker is not None


def test_upper_levels_that_are_missing_come_from_the_lists_division() -> None:
    worker = row(家庭住址="锁南镇毛毛村").worker
    assert worker is not None
    assert worker.home.code == "622926"


def test_an_id_number_in_a_number_cell_is_refused_and_other_rows_stay() -> None:
    reading = read(xlsx(WORKER_HEADER, ("马二", 622926197411061548, *WORKER[2:]), WORKER), "worker")
    assert [(p.row, p.code) for p in reading.problems if p.blocks] == [(2, "id_number_mangled")]
    assert reading.rows[1].worker is not None


def test_consent_is_a_statement_of_the_row_and_blank_is_none() -> None:
    def consent(words: str) -> bool | None:
        worker = row(本人同意=words).worker
        assert worker is not None
        return worker.consent

    assert [consent(words) for words in ("同意", "√", "不同意", "")] == [True, True, False, None]


def test_values_shown_in_problems_hide_id_numbers_and_phones() -> None:
    reading = row(身份证号="622926200305184978", 联系电话="139354158351")
    shown = "".join(problem.value + problem.message_zh + problem.message_en for problem in reading.problems)
    assert "622926200305184978" not in shown
    assert "139354158351" not in shown


def test_a_wish_outside_the_province_keeps_the_own_province_out() -> None:
    worker = row(意向地区="省外").worker
    assert worker is not None
    assert worker.desired_places.unwanted == ("620000",)


def test_only_the_first_of_several_phones_is_the_phone_and_all_are_kept() -> None:
    worker = row(联系电话="13912345678/13912345679").worker
    assert worker is not None
    assert (worker.phone, worker.phones) == ("13912345678", ("13912345678", "13912345679"))
