"""What is read out on the phone: sentences that say what the facts hold, and no more."""

from __future__ import annotations

from typing import Any

import pytest

from app.console.limits import limit_words
from app.console.spoken import sentences
from app.edge.language import Language
from app.suggestions.schemas import LimitOut, SuggestionOut
from matching.reasons import SkillEvidence, why_skill

_ID = "0" * 32


def job(**facts: Any) -> SuggestionOut:
    """A painter's job in Jinan for somebody of Dongxiang."""
    part = {"value": 1.0, "weight": 0.25, "why": ""}
    vacancy = {
        "id": f"v_{_ID}",
        "title": "油漆工",
        "employer": "历城示例涂装厂",
        "recruiter": None,
        "workplace": "山东省济南市历城区",
        "division": "370112",
        "wage_min": 6600,
        "wage_max": 8800,
        "openings": 15,
        "lodging": True,
        "board": None,
        "valid_until": "2026-12-31",
    }
    parts = {
        "skill": part | {"why": "正是想做的油漆工；岗位要求、本人没写：打磨；还要办：健康证"},
        "distance": part | {"why": "离家约1084公里；7月受台风影响", "km": 1084, "approximate": True},
        "pairing": part | {"why": "东乡族自治县—历城区 县区结对（文件）", "tier": "county", "document": "文件"},
        "pay": part,
    }
    plain = {"id": f"s_{_ID}", "rank": 1, "score": 91.9, "price": 0, "planned": False, "crowding": ""}
    return SuggestionOut.model_validate(plain | {"parts": parts, "vacancy": vacancy | facts})


def test_a_job_is_told_in_whole_sentences() -> None:
    told = "".join(sentences(job(), 4500, "zh"))
    assert "第一个是油漆工，单位叫历城示例涂装厂，在山东省济南市历城区。" in told
    assert "离您家大约1084公里。7月受台风影响。" in told
    assert "您家乡东乡族自治县和那边的历城区，是结对帮扶的两个县。" in told
    assert "他们要会打磨，您会吗？" in told
    assert "去之前还要办健康证。" in told


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (4500, "一个月6600元到8800元，比您要的4500元至少多2100元。"),
        (6600, "一个月6600元到8800元，不低于您要的6600元。"),
        (7000, "一个月最低6600元，比您要的7000元少400元；最高8800元。"),
        (None, "一个月6600元到8800元。"),
    ],
)
def test_no_more_pay_is_promised_than_the_lowest(asked: int | None, words: str) -> None:
    assert words in sentences(job(), asked, "zh")


def test_what_nobody_stated_is_asked_and_not_promised() -> None:
    assert any("管不管住没有写" in sentence for sentence in sentences(job(lodging=None), 4500, "zh"))
    assert any("not stated" in sentence for sentence in sentences(job(lodging=None), 4500, "en"))


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh", "工种不对口：挡住7个；如果也愿意做保洁员（和相近的活），会多出5个；做厨师，2个"),
        ("en", "work that does not fit: keeps 7 away; with work as Cleaner (and the like), 5 more; as Cook, 2"),
    ],
)
def test_other_work_that_would_open_jobs_is_named(language: Language, words: str) -> None:
    names = {"zh": ("保洁员", "厨师"), "en": ("Cleaner", "Cook")}[language]
    most, other = ({"occupation": "O000", "name": name, "jobs": many} for name, many in zip(names, (5, 2), strict=True))
    assert limit_words(LimitOut(limit="skill", removes=7, would_open=most, others=[other]), language) == words


@pytest.mark.parametrize(
    ("evidence", "words"),
    [
        (SkillEvidence(1.0, "油漆工", "油漆工"), "这正是您想做的活。"),
        (SkillEvidence(0.9, "涂装工", "油漆工"), "跟您说的涂装工是一样的活。"),
        (SkillEvidence(0.6, "粉刷工", "油漆工"), "您想做粉刷工，这个活相近，容易上手。"),
        (SkillEvidence(0.3, "厨师", "油漆工", lacking=("打磨",)), "您想做的是厨师，这是另一样活，要学。"),
    ],
)
def test_whether_it_is_the_work_wished_for_is_said(evidence: SkillEvidence, words: str) -> None:
    said: dict[Language, str] = {"zh": words, "en": "wished for" if evidence.value != 0.9 else "same work"}
    for language, told in said.items():
        offered = job()
        offered.parts.skill.why = why_skill(evidence, language)
        assert any(told in sentence for sentence in sentences(offered, 4500, language))


def test_of_work_that_was_not_understood_nothing_is_claimed() -> None:
    offered = job()
    offered.parts.skill.why = why_skill(SkillEvidence(0.5, not_understood="打杂", vacancy_word="油漆工"))
    assert not any("您想做" in sentence for sentence in sentences(offered, 4500, "zh"))


def test_who_hires_for_another_company_is_said() -> None:
    offered = job()
    hired_for = offered.model_copy(update={"vacancy": offered.vacancy.model_copy(update={"recruiter": "示例劳务公司"})})
    assert any(
        "由示例劳务公司代招" in words and "看到您电话的是示例劳务公司" in words
        for words in sentences(hired_for, None, "zh")
    )
    assert not any("代招" in words for words in sentences(offered, None, "zh"))
