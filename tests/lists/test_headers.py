"""Headers and data lines as townships and employers really write them."""

import pytest

from app.lists.fields import ListKind
from app.lists.headers import find_header, known_headers, map_columns
from app.lists.reading import Row
from tests.lists.workbooks import OTHER_WORKER, WORKER, WORKER_HEADER, csv, xlsx
from tests.lists.worlds import read


def fields(kind: ListKind, *lines: Row) -> dict[str, tuple[str | None, str]]:
    header = find_header(kind, list(lines))
    assert header is not None
    return {column.header: (column.field, column.how) for column in header.columns}


WORDINGS: list[tuple[ListKind, str, str]] = [
    ("worker", "姓  名", "name"),
    ("worker", "务工人员姓名（必填）", "name"),
    ("worker", "公民身份号码", "id_number"),
    ("worker", "身份证号\n码", "id_number"),
    ("worker", "联系电话*", "phone"),
    ("worker", "户籍地址（详细到组）", "home_address"),
    ("worker", "想干什么工作", "desired_occupations"),
    ("worker", "想去哪里", "desired_places"),
    ("worker", "工资要求（元/月）", "min_wage"),
    ("worker", "何时可上岗", "available_from"),
    ("worker", "有无外出务工意愿情况", "willing_to_go_out"),
    ("worker", "是否同意推送岗位", "consent"),
    ("worker", "会什么手艺", "skills"),
    ("worker", "同意授权", "consent"),
    ("worker", "可外出日期", "available_from"),
    ("worker", "啥时候能走", "available_from"),
    ("worker", "想干啥活", "desired_occupations"),
    ("worker", "要多少钱", "min_wage"),
    ("worker", "取得的资格证", "certificates"),
    ("worker", "授权推荐\n岗位(是/否)", "consent"),
    ("worker", "打算去哪打工", "desired_places"),
    ("worker", "最低接受工资", "min_wage"),
    ("vacancy", "工资_min", "wage"),
    ("vacancy", "企业名称", "employer"),
    ("vacancy", "岗位（工种）", "title"),
    ("vacancy", "需求人数（人）", "headcount"),
    ("vacancy", "薪酬待遇", "wage"),
    ("vacancy", "用工地点", "workplace"),
    ("vacancy", "任职条件", "requirements"),
    ("vacancy", "有效期至", "valid_until"),
    ("vacancy", "是否包吃住", "lodging"),
    ("vacancy", "salary_min", "wage"),
]


@pytest.mark.parametrize(("kind", "header", "field"), WORDINGS)
def test_headers_in_other_wordings_are_known(kind: ListKind, header: str, field: str) -> None:
    [column] = map_columns(kind, [(header,)], [])
    assert column.field == field
    assert column.how in ("exact", "alias", "fuzzy")


def test_the_ends_of_pay_under_a_group_are_part_of_the_header() -> None:
    upper: Row = ("企业全称", "招聘职位", "需求人数", "薪资待遇", None, "工作地址")
    header = find_header(
        "vacancy", [upper, (None, None, None, "最低", "最高", None), ("甲厂", "普工", 3, 5000, 7000, "昆山")]
    )
    assert header is not None
    assert header.end == 2
    assert [(column.field, column.part) for column in header.columns][3:5] == [("wage", "min"), ("wage", "max")]


def test_every_alias_of_the_table_leads_to_its_own_field() -> None:
    for kind in ("worker", "vacancy"):
        known = known_headers(kind)
        assert len(known) > 500
        for key, meaning in known.items():
            [column] = map_columns(kind, [(key,)], [])
            assert column.field == (None if meaning.field == "not_kept" else meaning.field), key


@pytest.mark.parametrize(
    "header", ["民族", "宗教信仰", "政治面貌", "不愿外出原因", "未外出务工的主要原因", "是否党员", "性别"]
)
def test_what_may_not_be_stored_is_named_and_blanked(header: str) -> None:
    reading = read(csv((*WORKER_HEADER, header), (*WORKER, "秘密")), "worker")
    assert [column.how for column in reading.columns if column.header == header] == ["not_kept"]
    assert "秘密" not in repr(reading.rows)


def test_no_correction_brings_back_what_may_not_be_stored() -> None:
    reading = read(csv((*WORKER_HEADER, "民族"), (*WORKER, "秘密")), "worker", columns={"民族": "remarks"})
    assert "秘密" not in repr(reading.rows)


def test_unknown_columns_are_kept_as_remarks() -> None:
    reading = read(csv((*WORKER_HEADER, "鞋码"), (*WORKER, "42")), "worker")
    assert reading.rows[0].worker is not None
    assert reading.rows[0].worker.remarks == {"鞋码": "42"}


@pytest.mark.parametrize(
    "header", ["当前务工地点", "是否参加过培训", "是否授权查询", "上年务工收入", "本人签字", "从事行业"]
)
def test_what_is_or_was_is_not_taken_for_a_wish_or_a_consent(header: str) -> None:
    [column] = map_columns("worker", [(header,)], [])
    assert column.field is None


@pytest.mark.parametrize("header", ["户主联系电话", "紧急联系人电话", "驻村干部姓名", "XX"])
def test_columns_about_somebody_else_are_not_taken_for_the_workers_own(header: str) -> None:
    [column] = map_columns("worker", [(header,)], [])
    assert column.field in (None, "household")


def test_title_lines_above_the_header_are_passed_over() -> None:
    found = find_header(
        "worker", [["某县清单"], ["填报单位：某镇", "", "填报时间：2026.10.28"], list(WORKER_HEADER), list(WORKER)]
    )
    assert found is not None
    assert (found.first, found.end) == (2, 3)


def test_a_header_of_two_lines_is_read_as_one() -> None:
    found = fields(
        "worker",
        ["姓名", "身份证号", "联系电话", "就业意向", "", ""],
        ["", "", "", "意向工种", "地点", "工资(元)"],
        ["马海", "622926200305184979", "13935415835", "普工", "山东", 4000.0],
    )
    assert [field for field, _ in found.values()] == [
        "name",
        "id_number",
        "phone",
        "desired_occupations",
        "desired_places",
        "min_wage",
    ]


def test_the_upper_line_tells_the_head_of_the_household_from_the_worker() -> None:
    found = fields(
        "worker",
        ["序号", "户主", "", "劳动力", ""],
        ["", "姓名", "身份证号", "姓名", "身份证号码"],
        [1.0, "马海", "622926200305184979", "马二", "62292619700216102X"],
    )
    assert found["劳动力/姓名"] == ("name", "alias")
    assert found["户主/姓名"][0] == "household"


def test_a_column_under_the_head_of_the_household_is_never_the_workers_own() -> None:
    found = fields(
        "worker",
        ["户主信息", "", "务工人员基本信息", "", "监护人"],
        ["姓名", "人口数", "姓名", "身份证\n号码", "电话"],
        ["马大", 4.0, "马海", "622926200305184979", "13935415835"],
    )
    assert found["户主信息/姓名"][0] == "household"
    assert found["务工人员基本信息/姓名"][0] == "name"
    assert found["电话"][0] is None


def test_an_address_in_several_columns_is_put_together() -> None:
    header = ("姓名", "身份证号", "县", "乡镇", "行政村", "村民小组")
    reading = read(csv(header, ("马海", "622926200305184979", "东乡县", "锁南镇", "毛毛村", "3组")), "worker")
    worker = reading.rows[0].worker
    assert worker is not None
    assert (worker.home_address, worker.home.code) == ("东乡县锁南镇毛毛村3组", "622926")


def test_papers_that_are_id_numbers_are_no_certificates() -> None:
    lines = [WORKER, OTHER_WORKER, ("张秀", "622926197308059351", "13971762723", "甘肃省东乡县", "司机", "同意")]
    reading = read(csv(("姓名", "证件", "电话", "家庭住址", "意向岗位", "本人同意"), *lines), "worker")
    assert {column.header: column.field for column in reading.columns}["证件"] == "id_number"
    held = [("马海", "焊工证"), ("马山", "电工证"), ("马林", "健康证")]
    papers = read(csv(("姓名", "证件"), *held), "worker")
    assert {column.header: column.field for column in papers.columns}["证件"] == "certificates"


def test_a_column_nobody_named_is_suggested_by_what_it_holds() -> None:
    lines = [WORKER, OTHER_WORKER, ("张秀", "622926197308059351", "13971762723", "甘肃省东乡县", "司机", "同意")]
    reading = read(csv(("姓名", "号1", "号2", "家庭住址", "意向岗位", "本人同意"), *lines), "worker")
    found = {column.header: (column.field, column.how) for column in reading.columns}
    assert found["号1"] == ("id_number", "content")
    assert found["号2"] == ("phone", "content")


def test_the_clerks_correction_outranks_what_was_recognised() -> None:
    lines = csv(
        ("姓名", "身份证号", "住哪儿呀", "联系电话"), ("马海", "622926200305184979", "甘肃省东乡县", "13935415835")
    )
    before = read(lines, "worker")
    after = read(lines, "worker", columns={"住哪儿呀": "home_address", "联系电话": None})
    assert [field.name for field in before.missing_columns] == ["home_address"]
    assert after.rows[0].worker is not None
    assert (after.rows[0].worker.home.code, after.rows[0].worker.phone) == ("622926", None)
    assert {c.header: c.how for c in after.columns}["住哪儿呀"] == "manual"


def test_a_correction_to_a_field_that_does_not_exist_is_an_error() -> None:
    with pytest.raises(ValueError, match="shoe_size"):
        read(csv(WORKER_HEADER, WORKER), "worker", columns={"姓名": "shoe_size"})


def test_yes_and_no_columns_feed_the_groups() -> None:
    header = (*WORKER_HEADER, "是否脱贫户", "是否监测对象", "是否易地搬迁")
    worker = read(csv(header, (*WORKER, "是", "否", "√")), "worker").rows[0].worker
    assert worker is not None
    assert worker.groups == ("脱贫户", "易地搬迁")


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        (("", "", "", "", "", ""), "blank"),
        (("合计", "2", "", "", "", ""), "total"),
        (("小 计", "", "2人", "", "", ""), "total"),
        (("毛毛村小计", "2", "", "", "", ""), "total"),
        (("共2人", "", "", "", "", ""), "total"),
        (("填表人：马某", "", "审核人：", "", "", ""), "signature"),
        (("负责人签字：", "", "", "联系电话：0930-7121234", "", ""), "signature"),
        (("备注：以上人员均已核实。", "", "", "", "", ""), "note"),
        (WORKER_HEADER, "header"),
        (("二、马场村", "", "", "", "", ""), "title"),
    ],
)
def test_lines_that_are_no_data(line: tuple[str, ...], kind: str) -> None:
    reading = read(csv(WORKER_HEADER, WORKER, line, OTHER_WORKER), "worker")
    assert [row.number for row in reading.rows] == [2, 4]
    assert reading.sheets[0].other_lines == {kind: 1}


@pytest.mark.parametrize(
    "line", ["1 2 3 4 5 6", "（1） （2） （3） （4） （5） （6）", "必填 必填 选填 必填 选填 必填"]
)
def test_a_line_that_numbers_the_columns_or_says_which_must_be_filled_is_no_row(line: str) -> None:
    assert [row.number for row in read(csv(WORKER_HEADER, line.split(), WORKER), "worker").rows] == [3]


def test_as_above_means_the_cell_above_and_the_raw_row_keeps_the_words() -> None:
    below = (*OTHER_WORKER[:3], "同上", "〃", "同意")
    reading = read(csv(WORKER_HEADER, WORKER, below, (*below[:1], "622926197308059351", *below[2:])), "worker")
    workers = [row.worker for row in reading.rows if row.worker]
    assert [worker.home_address for worker in workers] == [WORKER[3]] * 3
    assert [worker.desired_occupations_text for worker in workers] == [WORKER[4]] * 3
    assert reading.rows[1].raw[3] == "同上"


def test_as_above_is_no_name_and_no_id_number() -> None:
    reading = read(csv(WORKER_HEADER, WORKER, ("同上", "同上", *WORKER[2:])), "worker")
    assert [p.code for p in reading.rows[1].problems if p.blocks] == ["bad_name", "id_number_checksum"]


def test_numbered_empty_lines_are_no_rows() -> None:
    lines = [("1", *WORKER), ("2", *[""] * 6), ("3", *[""] * 6)]
    assert len(read(csv(("序号", *WORKER_HEADER), *lines), "worker").rows) == 1


def test_a_row_with_only_an_address_is_a_row_with_problems() -> None:
    reading = read(csv(WORKER_HEADER, WORKER, ("", "", "", "甘肃省东乡县", "普工", "同意")), "worker")
    assert {problem.column for problem in reading.rows[1].problems if problem.blocks} == {"姓名", "身份证号"}


def test_every_sheet_has_its_own_header_and_row_numbers() -> None:
    village = [
        ("马场村名单",),
        ("手机", "姓名", "身份证号码", "住址"),
        ("15192753369", "林玉春", "62292619700216102X", "甘肃省东乡县马场村"),
    ]
    reading = read(xlsx(WORKER_HEADER, WORKER, more={"马场村": village, "填表说明": [("请如实填写",)]}), "worker")
    assert [(row.sheet, row.number) for row in reading.rows] == [("Sheet", 2), ("马场村", 3)]
    assert [sheet.skipped for sheet in reading.sheets] == ["", "", "no_header"]


def test_a_sheet_without_a_header_goes_on_with_the_one_before() -> None:
    reading = read(xlsx(WORKER_HEADER, WORKER, more={"续": [OTHER_WORKER]}), "worker")
    assert [(row.sheet, row.number, row.is_rejected) for row in reading.rows] == [("Sheet", 2, False), ("续", 1, False)]


def test_the_same_id_number_on_another_sheet_is_a_duplicate_and_says_where() -> None:
    reading = read(xlsx(WORKER_HEADER, WORKER, more={"续": [WORKER_HEADER, WORKER]}), "worker")
    [problem] = [problem for problem in reading.problems if problem.code == "duplicate_in_list"]
    assert (problem.sheet, problem.row, problem.blocks) == ("续", 2, True)
    assert "“Sheet”第 2 行" in problem.message_zh
    assert reading.counts == {"rows": 2, "duplicate": 1, "rejected": 0, "warned": 0}
