"""Titles, skills and certificates by their English names."""

from __future__ import annotations

from app.occupations.in_english import papers_in, skills_in, title_in


def test_a_title_is_named_by_what_it_was_understood_as() -> None:
    assert title_in("拉面师", "en") == "Noodle puller"
    assert title_in("拉面师", "zh") == "拉面师"


def test_what_nobody_understood_stays_as_it_was_written() -> None:
    assert title_in("甲乙丙丁", "en") == "甲乙丙丁"


def test_skills_and_certificates_are_listed_in_english() -> None:
    assert papers_in("焊工证、叉车证", "en") == "Welding and thermal cutting licence, Forklift licence (N1)"
    assert papers_in("无", "en") == "none"
    assert "Bricklayer" in skills_in("会砌墙", "en")
