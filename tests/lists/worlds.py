"""What the reading tests need of other rooms: the real gazetteer, a small vocabulary, some minimum wages."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Literal

from app.lists.collaborators import WageTable, WageTier
from app.lists.fields import ListKind
from app.lists.read import ListReading, read_list
from app.places.addresses import gazetteer
from matching.certificates import Certificates
from matching.lexicon import Found, Understood

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


class SmallWords:
    """Understands every text with a 工, 员, 司机 … as one occupation of that name; knows three certificates."""

    def understand(self, text: str, *, kind: Literal["worker", "job"] = "worker") -> Understood:
        if not any(mark in text for mark in ("工", "员", "司机", "师", "保安", "保洁", "裁缝", "保姆", "电焊")):
            return Understood(text, unknown=(text,), question="请写常用的岗位名称。", question_en="which occupation?")
        return Understood(text, occupations=(Found(text, 1.0, "exact", text),))

    def certificates(self, text: str) -> Certificates:
        named = tuple(word for word in ("叉车证", "健康证", "电工证") if word in text)
        unknown = ("仙术证",) if "仙术证" in text else ()
        return Certificates(named, (), unknown, 0)


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
        words=SmallWords(),
        wages=WAGES,
        **more,  # type: ignore[arg-type]
    )
