"""Unlawful wording and fees are held back, harmless wording is not; hiding the words does not help."""

import csv
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.vacancies.advice import advice_on, is_read_first
from app.vacancies.screening import (
    ARTICLES,
    is_doubtful,
    plain_wording,
    screen,
    screen_across,
    screen_column,
    screen_name,
)

ROWS = list(csv.DictReader(Path(__file__).with_name("wording_corpus.csv").read_text(encoding="utf-8").splitlines()))
UNLAWFUL = [row["text"] for row in ROWS if row["verdict"] == "unlawful"]
HARMLESS = [row["text"] for row in ROWS if row["verdict"] == "harmless"]


def test_at_least_95_in_100_unlawful_phrases_are_held() -> None:
    missed = [text for text in UNLAWFUL if not screen(text)]
    assert len(UNLAWFUL) >= 400
    assert len(missed) <= 0.05 * len(UNLAWFUL), missed


def test_at_most_2_in_100_harmless_phrases_are_held() -> None:
    held = [(text, screen(text)) for text in HARMLESS if screen(text)]
    assert len(HARMLESS) >= 300
    assert len(held) <= 0.02 * len(HARMLESS), held


@pytest.mark.parametrize("text", ["男女不限", "不收任何费用", "女装车间", "免押金", "少数民族地区补贴", "东乡族自治县"])
def test_the_plain_controls_pass(text: str) -> None:
    assert screen(text) == ()


@pytest.mark.parametrize("text", ["服务员限男性", "服务员（限男）", "护理员限女性", "保安 男", "维修工（男）"])
def test_a_sex_behind_the_name_of_a_job_is_held(text: str) -> None:
    assert screen(text)


@pytest.mark.parametrize("text", ["35岁以下", "95后优先", "五官端正", "限中共党员", "试用期三个月不发工资", "不交社保"])
def test_what_is_not_refused_may_still_call_for_a_thought(text: str) -> None:
    assert all(advice_on("requirements", text, language) for language in ("zh", "en"))


@pytest.mark.parametrize(
    "text", ["两班倒，每班12小时", "12小时两班倒", "夜班 12 小时", "每天工作十二小时", "two shifts, 12-hour shifts"]
)
def test_a_shift_of_twelve_hours_calls_for_a_thought(text: str) -> None:
    assert any("三十六" in said for said in advice_on("requirements", text, "zh"))


@pytest.mark.parametrize(
    "text",
    ["会缝纫", "试用期工资4000元", "缴纳五险一金", "能上夜班", "两班倒，每班8小时", "每12小时巡查一次", "12小时热水"],
)
def test_plain_requirements_call_for_none(text: str) -> None:
    assert advice_on("requirements", text, "zh") == []


@pytest.mark.parametrize(
    "text", ["不签合同，不交社保", "每天工作14小时，无休", "压一个月工资", "实习期无工资", "15岁可以", "夜总会陪侍"]
)
def test_work_against_the_law_is_read_before_it_is_suggested(text: str) -> None:
    assert is_read_first(text)
    assert "先有人看" in advice_on("requirements", text, "zh")[-1]


def test_plain_work_is_not_read_first() -> None:
    plain = [
        "签订劳动合同，缴纳社保",
        "冲压工 工资6000-8000",
        "全年无休轮班",
        "年龄18-45岁",
        "长白班12小时",
        "压铸工，月薪6000",
    ]
    assert not any(map(is_read_first, plain))


@pytest.mark.parametrize("text", ["服务对象为男性老人", "护理女病人", "服务女性顾客", "保安男女不限", "女装车间普工"])
def test_whom_one_serves_may_be_of_a_sex(text: str) -> None:
    assert screen(text) == ()


@pytest.mark.parametrize(
    "text", ["王女士", "李（女）13800138000", "广州某男装有限公司", "上海妇女用品有限公司", "和平区"]
)
def test_a_name_asks_nothing(text: str) -> None:
    assert screen_name(text) == ()


@pytest.mark.parametrize("text", ["某厂（不招少数民族）", "张先生，谢绝河南人", "李（限女）", "联系人：仅限女士"])
def test_a_name_is_no_hiding_place(text: str) -> None:
    assert screen_name(text)


@pytest.mark.parametrize(
    ("text", "is_unlawful"),
    [
        ("Deposit 500 yuan", True),
        ("Pay an agency fee before you start", True),
        ("Training fee: 300", True),
        ("we keep your ID card", True),
        ("pay any deposit asked for", True),
        ("No deposit, no fees of any kind", False),
        ("no agency or training fees", False),
        ("Training fees are paid by the company", False),
        ("Coffee machine, free meals, deposit clerk", False),
    ],
)
def test_fees_are_held_in_english_too(text: str, is_unlawful: bool) -> None:
    assert bool(screen(text)) == is_unlawful


HIDDEN = [
    "押 金",
    "押\u200b金",
    "押\u2060金",
    "押　金",
    "押-金",
    "押*金",
    "保·证·金",
    "ｙａ金",
    "限\u200b男",
    "限 男 性",
    "僅限男性",
    "漢族優先",
    "體檢費自理",
    "限\ufe0f男",
]


@pytest.mark.parametrize("text", HIDDEN)
def test_blanks_hidden_characters_widths_and_traditional_forms_do_not_help(text: str) -> None:
    assert screen(f"熟练工，{text}，包吃住")


def test_a_finding_names_the_phrase_and_the_article_in_both_languages() -> None:
    [finding] = screen("身体健康，入职交押金500元")
    assert (finding.code, finding.ground) == ("fee_or_deposit", "fee")
    assert "押金" in finding.phrase
    assert "劳动合同法" in finding.article_zh
    assert "Labour Contract Law" in finding.article_en


def test_a_text_may_be_unlawful_on_several_grounds() -> None:
    assert {finding.ground for finding in screen("限男性，外地户口勿扰，未婚，交押金")} == {
        "sex",
        "origin",
        "family",
        "fee",
    }


@pytest.mark.parametrize(
    ("ground", "text", "is_unlawful"),
    [
        ("sex", "男", True),
        ("sex", "不限", False),
        ("sex", "男女均可", False),
        ("ethnicity", "汉族", True),
        ("origin", "本地", True),
        ("fee", "200元", True),
        ("fee", "无", False),
        ("fee", "不收取", False),
    ],
)
def test_a_column_that_asks_for_it_must_say_none(ground: str, text: str, is_unlawful: bool) -> None:
    assert bool(screen_column(ground, text)) is is_unlawful


def test_every_ground_has_its_article() -> None:
    assert all(zh.startswith("《") and en for zh, en in ARTICLES.values())


@given(st.text(max_size=200))
def test_screening_never_crashes_and_normalising_twice_changes_nothing(text: str) -> None:
    screen(text)
    for ground in ARTICLES:
        screen_column(ground, text)
    assert plain_wording(plain_wording(text)) == plain_wording(text)


PHRASES = list(csv.DictReader(Path(__file__).with_name("wording_phrases.csv").read_text(encoding="utf-8").splitlines()))


def held(text: str) -> bool:
    """Whether a phrase, or one parted by ‖ over fields, is refused."""
    fields = text.split("‖")
    return any(map(screen, fields)) or bool(screen_across(fields))


def share(verdict: str, half: str = "unseen", **of: str) -> float:
    """Of the phrases, which were written from the law before the rules, how many are held. No rule was made from the
    unseen half (the half is drawn by a hash of the phrase)."""
    wanted = {"verdict": verdict, "half": half} | of
    rows = [row for row in PHRASES if wanted.items() <= row.items()]
    assert rows
    return sum(held(row["text"]) for row in rows) / len(rows)


def test_the_phrases_are_many_enough_on_either_half() -> None:
    counted = Counter((row["half"], row["verdict"]) for row in PHRASES)
    assert sum(n for (_, verdict), n in counted.items() if verdict == "unlawful") >= 400
    assert sum(n for (_, verdict), n in counted.items() if verdict == "harmless") >= 200
    assert sum(row["ground"] == "fee" for row in PHRASES) >= 200
    assert counted["unseen", "unlawful"] >= 200
    assert counted["unseen", "harmless"] >= 100


def test_at_least_95_in_100_phrases_no_rule_was_made_from_are_held() -> None:
    assert share("unlawful") >= 0.95
    assert share("unlawful", "seen") >= 0.99


def test_at_most_5_in_100_harmless_phrases_no_rule_was_made_from_are_held() -> None:
    assert share("harmless") <= 0.05


@pytest.mark.parametrize("how", ["spaced", "fullwidth", "zerowidth", "traditional", "homoglyph", "split"])
def test_hiding_a_phrase_does_not_help(how: str) -> None:
    assert share("unlawful", how=how) == 1.0


def test_spelling_a_phrase_in_letters_rarely_helps() -> None:
    assert share("unlawful", how="pinyin") >= 0.85


def test_of_the_fees_hardly_one_is_published_by_an_employer_unread() -> None:
    fees = [row["text"] for row in PHRASES if row["ground"] == "fee"]
    unread = [text for text in fees if not held(text) and not any(map(is_doubtful, [*text.split("‖")]))]
    assert len(unread) <= 1


@pytest.mark.parametrize("text", ["yajin300", "保正金", "押💰200", "限侽", "xian nan", "中介fei", "服、务、费200"])
def test_what_a_text_sounds_and_looks_like_is_searched(text: str) -> None:
    assert screen(text)


@pytest.mark.parametrize("text", ["河南工地", "低压电工证", "压紧机操作工", "HR-YJ-300", "design, panda, men's shoes"])
def test_what_only_sounds_a_little_like_it_is_not(text: str) -> None:
    assert screen(text) == ()


def test_a_seam_between_two_harmless_fields_is_harmless() -> None:
    texts = [row["text"] for row in PHRASES if row["verdict"] == "harmless"]
    pairs = list(zip(texts, texts[7:], strict=False))
    found = [pair for pair in pairs if not any(map(screen, pair)) and screen_across(pair)]
    assert len(found) <= 0.01 * len(pairs), found


def test_a_word_harmless_for_one_ground_hides_nothing_of_another() -> None:
    assert {finding.ground for finding in screen("要求无子女")} == {"family"}
