"""What the reading tests need of other rooms: the gazetteer, the lexicon, some minimum wages."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from app.lists.fields import ListKind
from app.lists.read import ListReading, read_list
from app.occupations.lexicon_files import lexicon
from app.places.addresses import gazetteer
from app.vacancies.minimum_wages import WageTable, WageTier

TODAY = date(2026, 11, 21)
SAMPLES = Path(__file__).resolve().parents[1] / "samples"
WAGES = WageTable(
    [
        WageTier("370000", "山东", 2200, 22.0, date(2025, 7, 1)),
        WageTier("370000", "山东", 2010, 20.0, date(2025, 7, 1)),
        WageTier("370000", "山东", 1820, 18.0, date(2025, 7, 1)),
        WageTier("370000", "山东", 1700, None, date(2022, 4, 1)),
        WageTier("440000", "广东", 2500, 23.7, date(2025, 7, 1)),
        WageTier("440000", "广东", 1750, 17.4, date(2025, 7, 1)),
        WageTier("440300", "深圳", 2520, 23.7, date(2025, 7, 1)),
        WageTier("320000", "江苏", 2490, 24.0, date(2025, 7, 1)),
        WageTier("320000", "江苏", 2010, 20.0, date(2025, 7, 1)),
    ]
)


def read(
    content: bytes, kind: ListKind, *, division: str = "622926", today: date = TODAY, **more: object
) -> ListReading:
    """read_list with the test's collaborators."""
    return read_list(
        content,
        kind=kind,
        division=division,
        today=today,
        places=gazetteer(),
        words=lexicon(),
        wages=WAGES,
        **more,  # type: ignore[arg-type]
    )
