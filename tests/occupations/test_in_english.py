"""Titles, skills and certificates by their English names."""

from __future__ import annotations

import pytest

from app.occupations.in_english import papers_in, skills_in, title_in


def test_a_title_is_named_by_what_it_was_understood_as() -> None:
    assert title_in("拉面师", "en") == "Noodle puller"
    assert title_in("拉面师", "zh") == "拉面师"


@pytest.mark.parametrize(
    ("title", "english"),
    [
        ("电子厂普工", "Electronics assembler"),
        ("电子厂普工（夜班）", "Electronics assembler (night shift)"),
        ("急聘缝纫工学徒-长白班", "Sewing machine operator (days only, apprentice)"),
        ("焊工 二保焊", "Welder · 焊工 二保焊"),
        ("电焊工（夜班，船厂）", "Welder (night shift) · 电焊工（夜班，船厂）"),
        ("电子加工", "Electronics assembler"),
        ("电子厂质检员", "Quality inspector · 电子厂质检员"),
        ("CNC操机员 3名", "CNC machining centre operator"),
    ],
)
def test_what_a_title_adds_to_its_trade_is_not_lost_in_english(title: str, english: str) -> None:
    assert title_in(title, "en") == english


def test_what_nobody_understood_stays_as_it_was_written() -> None:
    assert title_in("甲乙丙丁", "en") == "甲乙丙丁"


def test_skills_and_certificates_are_listed_in_english() -> None:
    assert papers_in("焊工证、叉车证", "en") == "Welding and thermal cutting licence, Forklift licence (N1)"
    assert papers_in("无", "en") == "none"
    assert "Bricklayer" in skills_in("会砌墙", "en")
