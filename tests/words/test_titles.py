"""A title of which only a part is understood: trusted as far as its ending allows, otherwise asked about."""

import csv
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.cli.similar import similar
from app.occupations.lexicon_files import lexicon
from matching.lexicon import Lexicon, Understood
from matching.titles import Titles

HERE = Path(__file__).parent
#: Texts around a job that say nothing about it.
BEFORE = ("招", "急招", "诚聘", "高薪", "熟练", "想找", "做过", "会做", "找", "包吃住", "日结")
AFTER = ("(包吃住)", "月薪6000", "长白班", "若干名", "两班倒", "师傅", "3名", "【急】", " 男女不限", "的活", "工作")


@pytest.fixture(scope="module")
def words() -> Lexicon:
    return lexicon()


def best(lexicon: Lexicon, text: str) -> str | None:
    found = lexicon.understand(text).occupations
    return lexicon.name(found[0].term) if found else None


def unknown_occupations() -> list[Understood]:
    with (HERE / "unknown_occupations.csv").open(encoding="utf-8", newline="") as file:
        return [lexicon().understand(row["text"]) for row in csv.DictReader(file)]


@pytest.mark.parametrize(
    "text", ["医美随访服务员", "稀土工程技术人员", "信用管理员", "碳汇分析师", "园区招商专员", "典藏管理员", "缆索车工"]
)
def test_an_open_ending_behind_strange_words_is_asked_about(words: Lexicon, text: str) -> None:
    understood = words.understand(text)
    assert not understood.is_understood
    assert text in (understood.question or "")


@pytest.mark.parametrize(
    ("text", "occupation"), [("鑫盛缝纫工", "缝纫工"), ("瑞虹叉车司机", "叉车司机"), ("嘉禾保洁员", "保洁员")]
)
def test_an_ending_that_always_means_one_trade_is_believed(words: Lexicon, text: str, occupation: str) -> None:
    assert best(words, text) == occupation


def test_a_thing_before_a_foreign_head_is_no_trade(words: Lexicon) -> None:
    assert "农机驾驶操作员" not in {words.name(one.term) for one in words.understand("农机规划师").occupations}
    assert best(words, "焊接工程技术人员") != "焊工"


def test_what_is_kindred_says_so_and_asks(words: Lexicon) -> None:
    understood = words.understand("呼叫中心随访服务员")
    assert {found.how for found in understood.occupations} == {"kindred"}
    assert all(found.likeness < 0.75 for found in understood.occupations)
    assert "相近" in (understood.question or "")
    assert "近于" in similar("呼叫中心随访服务员", "餐厅服务员").why


def test_two_trades_side_by_side_are_no_title(words: Lexicon) -> None:
    assert {words.name(one.term) for one in words.understand("叉车仓管都可以").occupations} == {
        "叉车司机",
        "仓储管理员",
    }


def test_a_machine_before_other_work_is_not_driven(words: Lexicon) -> None:
    assert best(words, "公交车保洁") == "保洁员"
    assert {words.name(one.term) for one in words.understand("挖机叉车").occupations} == {"挖掘机司机", "叉车司机"}


@pytest.mark.parametrize(
    ("text", "occupation"),
    [("做过水龙头", "卫浴洁具工"), ("键盘组装", "计算机及外部设备装配调试员"), ("雨伞厂上班", "打火机日用品装配工")],
)
def test_who_makes_a_product_works_in_its_trade(words: Lexicon, text: str, occupation: str) -> None:
    assert best(words, text) == occupation


def test_a_slip_in_the_only_word_is_heard(words: Lexicon) -> None:
    assert best(words, "月扫") == best(words, "月嫂")
    assert best(words, "外卖其手") == best(words, "外卖骑手")


def test_names_that_end_alike_are_not_alike(words: Lexicon) -> None:
    assert all(found.how != "fuzzy" for found in words.understand("蓝印制作工").occupations)


def test_most_occupations_the_lexicon_does_not_hold_are_asked_about() -> None:
    understood = unknown_occupations()
    assert len(understood) >= 250
    answered = [one for one in understood if one.occupations]
    as_known = [one for one in answered if one.occupations[0].how != "kindred" and one.occupations[0].likeness >= 0.75]
    assert len(answered) <= 0.25 * len(understood)
    assert len(as_known) <= 0.14 * len(understood)
    assert all(one.question for one in understood if not one.is_understood)


def test_occupations_the_lexicon_holds_are_known_through_noise(words: Lexicon) -> None:
    wrong = []
    for i, row in enumerate(words.occupations):
        text = BEFORE[i % len(BEFORE)] + row.name + AFTER[i % len(AFTER)]
        if row.id not in {found.term for found in words.understand(text, kind="job").occupations}:
            wrong.append(text)
    assert len(wrong) <= 0.01 * len(words.occupations), wrong


@given(st.text("工员师叉车电焊水"), st.integers(0, 2))
def test_the_share_of_an_ending_is_a_share(ending: str, term: int) -> None:
    titles = Titles({"叉车工": [0], "电焊工": [1], "水电工": [1, 2]}, np.eye(3, dtype=np.int64) * 100)
    assert 0 < titles.share(ending, term) <= 1


def test_the_share_counts_the_titles_of_an_ending_that_are_kin() -> None:
    titles = Titles({"叉车工": [0], "吊车工": [1], "平车工": [2]}, np.array([[100, 60, 0], [60, 100, 0], [0, 0, 100]]))
    assert titles.share("车工", 0) == 3 / 4
    assert titles.share("车工", 2) == 2 / 4
    assert titles.share("焊工", 0) == 1
    assert titles.means("车工", 1)
    assert not titles.means("焊工", 1)
