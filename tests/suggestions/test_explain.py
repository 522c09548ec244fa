"""Why a job suits: what is said of somebody was stated by them."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import uuid4

from app.occupations.lexicon_files import lexicon
from app.suggestions.explain import skill_evidence
from app.suggestions.rows import LiveVacancy, SeekingWorker

FLAT, COLLARS, WELDING = "S001", "S007", "S045"


def seamstress(*skills: str) -> SeekingWorker:
    """Somebody who wishes to sew and stated these skills."""
    home: dict[str, Any] = {"home_code": "520526", "home_sure": "exact", "lat": 26.9, "lon": 104.3}
    wish: dict[str, Any] = {
        "willing_to_go_out": True,
        "occupations": ["O001"],
        "occupations_text": "缝纫",
        "destinations": [],
    }
    wish |= {"not_destinations": [], "scope": "any", "min_wage": None, "reach_km": None, "reach_is_limit": False}
    plain: dict[str, Any] = {
        "certificates": [],
        "labour_ability": None,
        "employment_status": None,
        "available_from": None,
    }
    plain |= {"in_work_asks": False, "consents": True, "skills": list(skills), "skills_text": None}
    return SeekingWorker(id=uuid4(), station_id=uuid4(), birth_date=date(1990, 1, 1), **home, **wish, **plain)


def sewing(*skills: str) -> LiveVacancy:
    """A job that asks for these skills."""
    place: dict[str, Any] = {"workplace_text": "广东省广州市花都区", "workplace_code": "440114", "sure": "exact"}
    offer: dict[str, Any] = {
        "wage_lo": 4000,
        "wage_hi": 6000,
        "openings": 3,
        "lodging": True,
        "board": None,
        "recruiter": None,
    }
    asks: dict[str, Any] = {"occupation": "O001", "skills": list(skills), "certificates": []}
    return LiveVacancy(
        id=uuid4(), title="缝纫工", employer="示例服装厂", valid_until=date(2030, 1, 1), **place, **offer, **asks
    )


def test_nobody_is_said_to_have_stated_what_only_goes_with_what_they_stated() -> None:
    found = skill_evidence(lexicon(), seamstress(FLAT), sewing(FLAT, COLLARS, WELDING), 1.0)
    assert (found.met, found.usual, found.lacking) == ((FLAT,), (COLLARS,), (WELDING,))
