"""What an employer may know of somebody who said yes, before a disclosure: bands and few words, shared by many.

A card is as narrow as at least five workers of the same station allow: what would point to fewer is left out, skill by
skill, then the age. Five in one station are five in the province the card names.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from app.db.base import today
from app.db.keys import keys
from app.db.transaction import Read
from app.placements.queries import has_many_alike
from app.workers.id_number import age_on
from app.workers.model import Worker

MOST_SKILLS = 5
#: Ages of a card, both ends included.
BANDS = ((16, 29), (30, 39), (40, 49), (50, 80))
#: Wider ones, for when a band would point to somebody.
WIDE_BANDS = ((16, 39), (40, 80))


def pseudonym(worker_id: UUID, vacancy_id: UUID) -> str:
    """A name for a worker towards one vacancy: another vacancy's says nothing about it (SECURITY T7)."""
    code = hmac.digest(keys().index, b"pseudonym|" + vacancy_id.bytes + worker_id.bytes, hashlib.sha256)
    return code[:6].hex()


def card_of(tx: Read, worker: Worker, score: int, wanted: Sequence[str]) -> dict[str, Any]:
    """The card of a worker towards a vacancy: `score` in micro-points, `wanted` the vacancy's occupation and skills."""
    floor = score // 100_000 * 10
    skills, ages = next(
        (shape for shape in _shapes(worker, wanted, today()) if has_many_alike(tx, worker.id, shape[1], shape[0])),
        ((), None),
    )
    return {
        "score": f"{floor}-{floor + 9}",
        "age": f"{ages[0]}-{ages[1]}" if ages else None,
        "province": f"{worker.home_code[:2]}0000",
        "skills": list(skills),
    }


Shape = tuple[tuple[str, ...], tuple[int, int] | None]


def _shapes(worker: Worker, wanted: Sequence[str], day: date) -> Iterator[Shape]:
    """From the narrowest to the widest; skills the vacancy asks for are kept longest."""
    known = sorted(worker.skills, key=lambda skill: (skill not in wanted, worker.skills.index(skill)))[:MOST_SKILLS]
    age = age_on(day, worker.birth_date)
    band, wide = (next((one for one in bands if one[0] <= age <= one[1]), None) for bands in (BANDS, WIDE_BANDS))
    for many in range(len(known), -1, -1):
        yield tuple(known[:many]), band
    yield (), wide
    yield (), None
