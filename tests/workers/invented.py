"""Invented workers."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from app.places.queries import PlaceKey
from app.workers.drafts import WorkerDraft
from app.workers.id_number import check_character


def id_number(n: int, county: str = "520526") -> str:
    """The n-th invented ID number of a county: valid, of somebody between 20 and 50 years old."""
    born = date(1976, 1, 1) + timedelta(days=n % 10_000)
    first17 = f"{county}{born:%Y%m%d}{n // 10_000 + 100:03d}"
    return first17 + check_character(first17)


def draft(n: int, **stated: Any) -> WorkerDraft:
    """The n-th invented worker."""
    plain: dict[str, Any] = {
        "name": f"张{chr(0x4E00 + n % 5000)}",
        "id_number": id_number(n),
        "home": PlaceKey("520526"),
        "home_text": f"贵州省毕节市威宁县迤那镇{n % 40}村",
        "phone": f"139{n:08d}",
        "skills_text": "电焊",
        "skills": ("电焊",),
        "occupations_text": "焊工",
        "occupations": ("焊工",),
        "min_wage": 4000 + n % 50,
        "consent": True,
    }
    return WorkerDraft(**(plain | stated))


def form(n: int, **stated: Any) -> dict[str, Any]:
    """The n-th invented worker as a form."""
    plain = {
        "name": "张三丰",
        "id_number": id_number(n),
        "home_address": "贵州省毕节市威宁县迤那镇五星村",
        "phone": "139 0000 0001",
        "skills": ["电焊", "氩弧焊"],
        "desired_occupations": "电焊工",
        "desired_places": "广东、浙江",
        "min_wage": 5000,
    }
    return plain | stated
