"""Parsers of cells: what they read, that they never crash, and that they invent nothing."""

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.lists.values.age import parse_age_range
from app.lists.values.day import DayMeaning, parse_day
from app.lists.values.headcount import parse_headcounts
from app.lists.values.id_number import parse_id_number
from app.lists.values.masking import mask, mask_id
from app.lists.values.money import PayUnit, parse_pay
from app.lists.values.name import parse_name
from app.lists.values.phone import parse_phones
from app.lists.values.text import as_text, chinese_number
from app.lists.values.titles import split_titles
from app.lists.values.words import (
    parse_education,
    parse_employment_status,
    parse_groups,
    parse_kind,
    parse_labour_ability,
    parse_lodging_and_board,
)
from app.lists.values.yes_no import parse_yes_no
from app.workers.choices import Group
from app.workers.id_number import check_character
from app.workers.wishes import parse_place_wish

TODAY = date(2026, 11, 21)
FIGURES = re.compile(r"[0-9零〇一二两三四五六七八九十百千万]")
CELLS = (
    st.text(max_size=60)
    | st.text(alphabet="0123456789-~—./年月日元千万k至起以上下约三五四六 ，,（）()天时小每人名各岁周+", max_size=25)
    | st.floats()
    | st.integers()
    | st.booleans()
    | st.none()
)

PAY = [
    ("5k", 5000, 5000),
    ("5K-7K", 5000, 7000),
    ("三千五", 3500, 3500),
    ("4千以上", 4000, None),
    ("4500左右", 4500, 4500),
    ("6千以上", 6000, None),
    ("保底4000，计件上不封顶", 4000, None),
    ("计件，综合工资5000-8000元/月", 5000, 8000),
    ("26元/小时", 5408, 5408),
    ("300-400元/天", 7800, 10400),
    ("不低于4000", 4000, None),
    ("年薪8万", 6667, 6667),
    ("0.5万", 5000, 5000),
    ("４５００", 4500, 4500),
    ("4,500", 4500, 4500),
    (4000.0, 4000, 4000),
    ("四五千", 4000, 5000),
    ("4千5", 4500, 4500),
    ("一万二", 12000, 12000),
    ("5-7千", 5000, 7000),
    ("底薪2500+提成，综合5000-8000", 5000, 8000),
    ("试用期4000，转正5000-6000元", 5000, 6000),
    ("5000-6000元/月，8小时/天，月休4天", 5000, 6000),
    ("餐补300元/月，工资5000", 5000, 5000),
    ("8-10万/年", 6667, 8333),
    ("250一天", 6500, 6500),
    ("薪资5000起，上六休一", 5000, None),
    ("月薪5000-6000元，五险一金，13薪", 5000, 6000),
    ("6500~8500", 6500, 8500),
]


@pytest.mark.parametrize(("words", "low", "high"), PAY)
def test_pay_as_people_write_it_becomes_yuan_a_month(words: str | float, low: int, high: int | None) -> None:
    pay, reason = parse_pay(words)
    assert (pay.low, pay.high, reason) == (low, high, None)


@pytest.mark.parametrize("words", ["30人", "1天", "0.5元/件", "abc", "8-10万", "5-7", "0", "５"])
def test_what_makes_no_plausible_month_is_no_pay(words: str) -> None:
    assert parse_pay(words)[0].low is None
    assert parse_pay(words)[1] == "bad_wage"


@pytest.mark.parametrize("words", ["面议", "", "不限", "-", "工资面谈"])
def test_negotiable_pay_is_no_pay_and_no_problem(words: str) -> None:
    assert parse_pay(words) == (parse_pay("")[0], None)


def test_the_guaranteed_pay_is_the_floor_not_the_promise() -> None:
    assert parse_pay("底薪1500+提成，综合5000-8000")[0].guaranteed == 1500
    assert parse_pay("保底4000，计件上不封顶")[0].guaranteed == 4000


def test_the_unit_may_stand_in_the_header() -> None:
    assert parse_pay("0.5", "万元")[0].low == 5000
    assert parse_pay("26", "元/小时")[0].unit is PayUnit.HOUR
    assert parse_pay("8", "万元/年")[0].low == 6667


DAYS = [
    ("2026.3.28", date(2026, 3, 28)),
    ("2027年12月底", date(2027, 12, 31)),
    ("2027/12/31", date(2027, 12, 31)),
    (46387.0, date(2026, 12, 31)),
    ("46387", date(2026, 12, 31)),
    ("2026-12-10T00:00:00", date(2026, 12, 10)),
    ("20271231", date(2027, 12, 31)),
    ("2027.12", date(2027, 12, 31)),
    ("二〇二七年三月", date(2027, 3, 31)),
    ("12月31日", date(2026, 12, 31)),
    ("2026.3.1-2027.3.1", date(2027, 3, 1)),
    ("27.12.31", date(2027, 12, 31)),
    ("年底", date(2026, 12, 31)),
]


@pytest.mark.parametrize(("words", "day"), DAYS)
def test_days_as_people_write_them(words: str | float, day: date) -> None:
    assert parse_day(words, TODAY, ends=True)[0].day == day


@pytest.mark.parametrize(
    ("words", "meaning"),
    [
        ("年后", DayMeaning.AFTER_NEW_YEAR),
        ("随时", DayMeaning.ANY_TIME),
        ("长期有效", DayMeaning.LONG_TERM),
        ("招满为止", DayMeaning.LONG_TERM),
        ("正月十五后", DayMeaning.AFTER_NEW_YEAR),
    ],
)
def test_words_for_no_day_keep_their_meaning(words: str, meaning: DayMeaning) -> None:
    found, reason = parse_day(words, TODAY, ends=True)
    assert (found.day, found.meaning, reason) == (None, meaning, None)


@pytest.mark.parametrize("words", ["2027-02-30", "2027-13-01", "下个月", "abc", "99"])
def test_an_impossible_day_is_no_day(words: str) -> None:
    assert parse_day(words, TODAY, ends=True)[0].day is None
    assert parse_day(words, TODAY, ends=True)[1] == "bad_date"


def test_a_passed_day_without_a_year_is_asked_about_and_not_moved_into_next_year() -> None:
    assert parse_day("10月31日", TODAY, ends=True)[1] == "bad_date.year"
    assert parse_day("3月1日", TODAY, ends=False)[0].day == date(2027, 3, 1)


@pytest.mark.parametrize(
    ("words", "numbers", "each"),
    [
        ("30人", (30,), False),
        ("3名", (3,), False),
        ("三十名", (30,), False),
        ("各10人", (10,), True),
        ("20-30", (20,), False),
        ("10、5、5", (10, 5, 5), False),
        ("共30人", (30,), False),
    ],
)
def test_headcounts(words: str, numbers: tuple[int, ...], each: bool) -> None:
    assert parse_headcounts(words) == (numbers, each, None)


@pytest.mark.parametrize("words", ["若干", "0", "数名", "不限", "5男5女", "-5", "3.5", "2026-03-05", "99999999"])
def test_what_is_no_number_of_people_says_so(words: str) -> None:
    numbers, _, reason = parse_headcounts(words)
    assert numbers == ()
    assert (reason or "").startswith("bad_headcount")


@pytest.mark.parametrize(
    ("words", "ages"),
    [
        ("18-55周岁", (18, 55)),
        ("50岁以下", (None, 50)),
        ("60以下", (None, 60)),
        ("16-45", (16, 45)),
        ("18—50", (18, 50)),
        ("18周岁以上，50周岁以下", (18, 50)),
        ("女性优先", (None, None)),
    ],
)
def test_age_ranges(words: str, ages: tuple[int | None, int | None]) -> None:
    assert parse_age_range(words) == ages


def an_id(first17: str) -> str:
    return first17 + check_character(first17)


@pytest.mark.parametrize(
    "cell",
    [
        "622926197411061548",
        " 622926 19741106 1548",
        "６２２９２６１９７４１１０６１５４８",
        "'622926197411061548",
        622926197411061548,
    ],
)
def test_an_id_number_is_read_through_its_layout(cell: str | int) -> None:
    assert parse_id_number(cell, TODAY) == ("622926197411061548", None)


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        (6.22926197411061e17, "id_number_mangled"),
        ("6.22926E+17", "id_number_mangled"),
        ("6.22926197411061e+17", "id_number_mangled"),
        ("622926197411061000", "id_number_mangled"),
        ("622926197411061549", "id_number_checksum"),
        ("62292619741106154", "id_number_checksum.length"),
        (an_id("62292619741306154"), "id_number_checksum.date"),
        (an_id("99292619741106154"), "id_number_checksum.province"),
        ("abc", "id_number_checksum.length"),
    ],
)
def test_a_wrong_id_number_says_what_is_wrong(cell: str | float, reason: str) -> None:
    assert parse_id_number(cell, TODAY) == (None, reason)


@pytest.mark.parametrize(
    ("words", "mobiles", "landlines", "rest"),
    [
        (" 139 1234 5678 ", ("13912345678",), (), ""),
        ("+86 139-1234-5678", ("13912345678",), (), ""),
        ("13912345678/13912345679", ("13912345678", "13912345679"), (), ""),
        ("13912345678 13912345679", ("13912345678", "13912345679"), (), ""),
        ("王经理 0532-86170000", (), ("0532-86170000",), "王经理"),
        ("１３９１２３４５６７８", ("13912345678",), (), ""),
    ],
)
def test_phones(words: str, mobiles: tuple[str, ...], landlines: tuple[str, ...], rest: str) -> None:
    phones, reason = parse_phones(words)
    assert (phones.mobiles, phones.landlines, phones.rest, reason) == (mobiles, landlines, rest, None)


@pytest.mark.parametrize("words", ["12345", "1391234567", "139123456789", "无号码"])
def test_what_is_no_phone_says_so(words: str) -> None:
    assert parse_phones(words)[1] == "bad_phone"


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("马 建国", "马建国"),
        ("姓　名氏", "姓名氏"),
        ("阿卜杜拉•买买提", "阿卜杜拉·买买提"),
        ("次仁 卓玛", "次仁卓玛"),
        ("李四（户主）", "李四"),
        ("欧阳娜娜", "欧阳娜娜"),
    ],
)
def test_names(words: str, name: str) -> None:
    assert parse_name(words) == (name, None)


@pytest.mark.parametrize("words", ["马", "张*", "13912345678", "姓名", "无", "??", "张3", "·马"])
def test_what_is_no_name_says_so(words: str) -> None:
    assert parse_name(words) == (None, "bad_name")


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("是", True),
        ("√", True),
        ("Y", True),
        ("同意", True),
        ("不同意", False),
        ("×", False),
        ("否", False),
        ("", None),
    ],
)
def test_yes_and_no(words: str, answer: bool | None) -> None:
    assert parse_yes_no(words) is answer


@pytest.mark.parametrize(
    ("words", "answers"),
    [
        ("包吃住", (True, True)),
        ("包住，餐补", (True, True)),
        ("免费住宿", (True, None)),
        ("包吃不包住", (False, True)),
        ("食宿自理", (False, False)),
        ("否", (False, False)),
        ("", (None, None)),
    ],
)
def test_lodging_and_board(words: str, answers: tuple[bool | None, bool | None]) -> None:
    assert parse_lodging_and_board(words) == answers


def test_groups_are_those_the_words_name_and_not_those_they_deny() -> None:
    assert parse_groups("脱贫户、易地搬迁") == (Group.RELOCATED, Group.POVERTY_ALLEVIATED)
    assert parse_groups("脱贫不稳定户") == (Group.MONITORED,)
    assert parse_groups("非脱贫户") == (Group.GENERAL,)


PLACES = {
    "山东": "370000",
    "天津": "120000",
    "广东": "440000",
    "浙江": "330000",
    "新疆": "650000",
    "青岛": "370200",
    "平和县": "350628",
    "政和县": "350725",
}


@pytest.mark.parametrize(
    ("words", "scope", "wanted", "unwanted"),
    [
        ("山东或者天津", "any", ("370000", "120000"), ()),
        ("广东、浙江", "any", ("440000", "330000"), ()),
        ("不限", "any", (), ()),
        ("哪里都行", "any", (), ()),
        ("省内", "province", (), ()),
        ("本县", "county", (), ()),
        ("不去新疆", "any", (), ("650000",)),
        ("除新疆外都行", "any", (), ("650000",)),
        ("不限，新疆除外", "any", (), ("650000",)),
        ("省外", "any", (), ("620000",)),
        ("本县或者青岛", "any", ("622926", "370200"), ()),
        ("不去新疆、浙江", "any", (), ("650000", "330000")),
        ("除新疆和浙江外都行", "any", (), ("650000", "330000")),
        ("除了新疆浙江外", "any", (), ("650000", "330000")),
        ("新疆、浙江除外", "any", (), ("650000", "330000")),
        ("不去新疆，想去浙江", "any", ("330000",), ("650000",)),
        ("省内、不去青岛", "province", (), ("370200",)),
        ("江浙沪", "any", ("320000", "330000", "310000"), ()),
        ("全国都可以", "any", (), ()),
        ("去哪儿都行", "any", (), ()),
        ("平和县、政和县", "any", ("350628", "350725"), ()),
        ("广东和浙江", "any", ("440000", "330000"), ()),
    ],
)
def test_wishes_about_places_become_limits(
    words: str, scope: str, wanted: tuple[str, ...], unwanted: tuple[str, ...]
) -> None:
    wish = parse_place_wish(words, "622926", PLACES.get)
    assert (wish.scope, wish.wanted, wish.unwanted, wish.unknown) == (scope, wanted, unwanted, ())


def test_a_place_nobody_knows_is_named_and_not_dropped() -> None:
    assert parse_place_wish("某某地、山东", None, PLACES.get).unknown == ("某某地",)


def test_titles_split_outside_brackets_only() -> None:
    assert split_titles("钢筋工、木工、瓦工") == ("钢筋工", "木工", "瓦工")
    assert split_titles("车工（数控、普车）") == ("车工（数控、普车）",)


def test_masking_shows_neither_an_id_number_nor_a_phone() -> None:
    assert mask("马海 622926200305184979 13935415835") == "马海 622926************ 139****5835"


@pytest.mark.parametrize(("written", "shown"), [("6.22926197411061e+17", "6.22926…e+17"), ("6.23E+17", "6.23…E+17")])
def test_what_excel_made_of_an_id_number_shows_no_birthday(written: str, shown: str) -> None:
    assert mask_id(written) == mask(written) == shown


@given(CELLS)
def test_no_parser_ever_crashes(cell: object) -> None:
    text = as_text(cell)  # type: ignore[arg-type]
    parse_pay(cell)  # type: ignore[arg-type]
    parse_day(cell, TODAY, ends=True)  # type: ignore[arg-type]
    parse_day(cell, TODAY, ends=False)  # type: ignore[arg-type]
    parse_id_number(cell, TODAY)  # type: ignore[arg-type]
    for parse in (
        parse_headcounts,
        parse_age_range,
        parse_phones,
        parse_name,
        parse_yes_no,
        parse_groups,
        parse_education,
        parse_employment_status,
        parse_labour_ability,
        parse_lodging_and_board,
        parse_kind,
        split_titles,
        chinese_number,
        mask,
    ):
        parse(text)
    parse_place_wish(text, "622926", PLACES.get)


@given(st.text(max_size=40).filter(lambda text: not any(char.isnumeric() or char in "两元国庆年底末" for char in text)))
def test_without_figures_no_number_comes_out(text: str) -> None:
    assert parse_pay(text)[0].low is None
    assert parse_headcounts(text)[0] == ()
    assert parse_age_range(text) == (None, None)
    assert parse_day(text, TODAY, ends=True)[0].day is None
    assert parse_phones(text)[0].mobiles == ()
    assert parse_id_number(text, TODAY)[0] is None


@given(low=st.integers(1000, 30000), more=st.integers(0, 20000))
def test_a_written_range_is_read_back_as_it_is(low: int, more: int) -> None:
    pay, reason = parse_pay(f"{low}-{low + more}元/月")
    assert (pay.low, pay.high, reason) == (low, low + more, None)


@given(st.dates(date(2020, 1, 1), date(2035, 12, 31)))
def test_a_written_day_is_read_back_as_it_is(day: date) -> None:
    for words in (
        day.isoformat(),
        f"{day.year}年{day.month}月{day.day}日",
        f"{day:%Y%m%d}",
        f"{day.year}/{day.month}/{day.day}",
    ):
        assert parse_day(words, TODAY, ends=True)[0].day == day


@given(st.integers(1, 99999))
def test_a_number_in_figures_stays_itself(number: int) -> None:
    assert as_text(float(number)) == str(number)
