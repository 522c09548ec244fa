"""Invented vacancies."""

from __future__ import annotations

from typing import Any

from app.places.queries import PlaceKey
from app.vacancies.drafts import VacancyDraft


def draft(n: int, **stated: Any) -> VacancyDraft:
    """The n-th invented vacancy."""
    plain: dict[str, Any] = {
        "employer": f"示例电子{n % 7}厂",
        "title": f"电焊工{n}",
        "headcount": 5,
        "wage_lo": 5000 + n % 100,
        "wage_hi": 7000,
        "wage_text": "5000-7000",
        "workplace": PlaceKey("440106"),
        "workplace_text": "广东省广州市天河区",
        "occupation": "O054",
        "contact": "王经理",
        "phone": "020-12345678",
    }
    return VacancyDraft(**(plain | stated))


def form(**stated: Any) -> dict[str, Any]:
    """An invented vacancy as a form."""
    plain = {
        "employer": "示例电子（东莞）有限公司",
        "title": "电焊工",
        "headcount": 12,
        "wage_min": 6000,
        "wage_max": 8000,
        "workplace": "广东省广州市天河区",
        "requirements": "会二保焊，能吃苦",
        "certificates": "焊工证",
        "lodging": True,
        "contact": "王经理",
        "phone": "020-12345678",
    }
    return plain | stated
