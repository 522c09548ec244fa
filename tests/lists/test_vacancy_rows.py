"""Vacancy rows: what blocks, what warns, and what is understood."""

from datetime import date

import pytest
from sqlalchemy import select

from app.actor import Actor
from app.db.transaction import read as read_as
from app.identity.staff import organisation_of
from app.lists.intake import take_in
from app.lists.problems import MESSAGES
from app.lists.read import RowReading
from app.lists.upload import Posted
from app.lists.vacancy_rows import OwnCompany
from app.vacancies.model import Vacancy
from tests.lists.workbooks import VACANCY, VACANCY_HEADER, csv
from tests.lists.worlds import read


def row(**changed: str) -> RowReading:
    """A good vacancy row with some cells changed or columns added, by header."""
    cells = dict(zip(VACANCY_HEADER, map(str, VACANCY), strict=True)) | changed
    [reading] = read(csv(tuple(cells), tuple(cells.values())), "vacancy", division="370200").rows
    return reading


def blocking(reading: RowReading) -> list[tuple[str, str]]:
    return [(problem.column, problem.code) for problem in reading.problems if problem.blocks]


def warnings(reading: RowReading) -> set[str]:
    return {problem.code for problem in reading.problems if not problem.blocks}


def test_a_good_row_is_one_vacancy() -> None:
    [vacancy] = row().vacancies
    assert (vacancy.title, vacancy.headcount, vacancy.wage_lo, vacancy.wage_hi) == ("电焊工", 20, 6000, 8000)
    assert (vacancy.workplace.code, vacancy.valid_until) == ("370214", date(2027, 12, 31))


@pytest.mark.parametrize(
    ("column", "value", "code"),
    [
        ("用人单位", "", "missing_required"),
        ("招聘人数", "若干", "bad_headcount"),
        ("月薪", "面议", "bad_wage"),
        ("月薪", "计件", "bad_wage"),
        ("月薪", "1200", "below_minimum_wage"),
        ("工作地点", "某某省某某县", "unknown_place"),
        ("岗位要求", "限男性", "discriminatory_requirement"),
        ("岗位名称", "女文员", "discriminatory_requirement"),
        ("用人单位", "甲厂（不招少数民族）", "discriminatory_requirement"),
        ("岗位要求", "需交押金", "fee_or_deposit"),
        ("截止日期", "2026-01-31", "expired"),
        ("岗位要求", "会" * 2100, "too_long"),
    ],
)
def test_what_blocks_a_vacancy_is_reported_at_its_column(column: str, value: str, code: str) -> None:
    reading = row(**{column: value})
    assert blocking(reading) == [(column, code)]
    assert reading.vacancies == ()


@pytest.mark.parametrize(
    ("column", "value", "code"),
    [
        ("月薪", "26元/小时", "wage_converted"),
        ("月薪", "1900", "below_minimum_wage"),
        ("截止日期", "不清楚", "bad_date"),
        ("工作地点", "山东省青岛市", "address_coarse"),
        ("岗位名称", "东东", "unknown_occupation"),
        ("岗位要求", "", "incomplete_posting"),
        ("联系电话", "12", "bad_phone"),
    ],
)
def test_what_only_warns_leaves_the_vacancy(column: str, value: str, code: str) -> None:
    reading = row(**{column: value})
    assert code in warnings(reading)
    assert len(reading.vacancies) == 1


@pytest.mark.parametrize(("value", "blocks"), [("男", True), ("不限", False), ("男女均可", False), ("", False)])
def test_a_column_that_asks_for_a_sex_must_say_none(value: str, blocks: bool) -> None:
    assert blocking(row(性别要求=value)) == ([("性别要求", "discriminatory_requirement")] if blocks else [])


def test_a_headcount_by_sex_is_unlawful() -> None:
    assert blocking(row(**{"其中：男": "10", "其中：女": ""})) == [("其中：男", "discriminatory_requirement")]


@pytest.mark.parametrize(("value", "blocks"), [("500元", True), ("无", False), ("不收取任何费用", False), ("0", False)])
def test_a_column_about_fees_must_say_none(value: str, blocks: bool) -> None:
    assert blocking(row(押金=value)) == ([("押金", "fee_or_deposit")] if blocks else [])


def test_unlawful_wording_is_found_in_a_column_nobody_knows() -> None:
    assert blocking(row(神秘列="仅限女性")) == [("神秘列", "discriminatory_requirement")]


def test_the_minimum_wage_is_judged_by_the_guaranteed_pay() -> None:
    assert blocking(row(月薪="底薪1500+提成，综合5000-8000")) == [("月薪", "below_minimum_wage")]
    assert blocking(row(月薪="保底2300，综合5000-8000")) == []


def test_public_welfare_posts_are_judged_by_the_hour() -> None:
    assert blocking(row(岗位类型="公益性岗位", 月薪="15元/小时")) == [("月薪", "below_minimum_wage")]
    assert blocking(row(岗位类型="公益性岗位", 月薪="20元/小时")) == []
    assert blocking(row(岗位类型="公益性岗位", 月薪="900")) == []


def test_a_lower_and_an_upper_column_make_one_range() -> None:
    header = ("用人单位", "岗位名称", "招聘人数", "最低工资", "最高工资", "工作地点")
    line = ("某公司", "电焊工", "5", "5000", "7000", "山东省青岛市城阳区")
    [reading] = read(csv(header, line), "vacancy").rows
    assert [(v.wage_lo, v.wage_hi) for v in reading.vacancies] == [(5000, 7000)]


@pytest.mark.parametrize(
    ("title", "count", "jobs"),
    [
        ("钢筋工、木工、瓦工", "各10人", [("钢筋工", 10), ("木工", 10), ("瓦工", 10)]),
        ("司机/装卸工", "各5", [("司机", 5), ("装卸工", 5)]),
        ("司机/装卸工", "5", [("司机/装卸工", 5)]),
        ("司机/装卸工", "5人/8人", [("司机", 5), ("装卸工", 8)]),
        ("钢筋工、木工", "10、5", [("钢筋工", 10), ("木工", 5)]),
        ("钢筋工10人、木工5人", "", [("钢筋工", 10), ("木工", 5)]),
        ("钢筋工、木工", "30", [("钢筋工、木工", 30)]),
        ("车工（数控、普车）", "6", [("车工（数控、普车）", 6)]),
    ],
)
def test_several_jobs_in_a_cell(title: str, count: str, jobs: list[tuple[str, int]]) -> None:
    reading = row(岗位名称=title, 招聘人数=count)
    assert [(vacancy.title, vacancy.headcount) for vacancy in reading.vacancies] == jobs


def test_an_employers_own_list_need_not_name_the_employer() -> None:
    content = csv(VACANCY_HEADER[1:], VACANCY[1:])
    own = read(content, "vacancy", division="370200", own=OwnCompany("青岛某机械有限公司", "91370200MA3CXXXX1P"))
    assert own.rows[0].vacancies[0].employer == "青岛某机械有限公司"
    assert own.rows[0].vacancies[0].uscc == "91370200MA3CXXXX1P"
    assert own.missing_columns == ()
    foreign = read(content, "vacancy", division="370200")
    assert [field.name for field in foreign.missing_columns] == ["employer"]
    assert foreign.rows[0].is_rejected


def test_contact_and_phone_in_one_cell_are_told_apart() -> None:
    [vacancy] = row(联系电话="王经理 0532-86170000").vacancies
    assert (vacancy.contact, vacancy.phone) == ("王经理", "0532-86170000")


def test_a_certificate_asked_for_in_the_requirements_is_a_must_unless_only_preferred() -> None:
    assert row(岗位要求="持叉车证").vacancies[0].certificates == ("forklift",)
    assert row(岗位要求="有叉车证优先").vacancies[0].certificates == ()


def test_a_blank_last_day_and_long_term_leave_the_day_open() -> None:
    assert row(截止日期="").vacancies[0].valid_until is None
    assert row(截止日期="长期有效").vacancies[0].valid_until is None


def test_a_wrong_credit_code_blocks() -> None:
    assert blocking(row(统一社会信用代码="91350211M000100Y40")) == [("统一社会信用代码", "bad_uscc")]
    assert blocking(row(统一社会信用代码="暂无")) == []


def test_every_message_says_what_is_wrong_in_both_languages() -> None:
    for zh, en in MESSAGES.values():
        assert zh.endswith(("。", "：{extra}"))
        assert en
    for problem in row(招聘人数="若干", 岗位要求="限男性").problems:
        assert "{" not in problem.message_zh + problem.message_en


def test_an_employer_who_uploads_a_list_is_its_employer(db: object, actors: dict[str, Actor]) -> None:
    take_in(actors["employer"], "vacancy", Posted("own.csv", csv(VACANCY_HEADER[1:], VACANCY[1:])))
    with read_as(actors["employer"]) as tx:
        name = organisation_of(tx)
        [stored] = tx.session.scalars(select(Vacancy).where(Vacancy.poster_id == actors["employer"].organisation_id))
    assert name is not None
    assert (stored.employer, stored.uscc) == (name.name, name.uscc)
