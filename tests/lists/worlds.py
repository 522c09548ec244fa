"""What the reading tests need of other rooms: the gazetteer, the lexicon, some minimum wages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import NamedTuple

from app.lists.fields import Field, ListKind
from app.lists.headers import Column
from app.lists.problems import Problem
from app.lists.read import RowReading, SheetReading, open_list
from app.lists.reading import DEFAULT, Limits, Row, SheetStart, sheets_of, stream
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


class Sheet(NamedTuple):
    """A whole sheet."""

    start: SheetStart
    rows: list[Row]


def sheets_in(content: bytes, limits: Limits = DEFAULT) -> list[Sheet]:
    """All of a file in memory; FileRefused when it cannot be read."""
    return [Sheet(start, list(rows)) for start, rows in sheets_of(stream(content, limits))]


@dataclass(frozen=True, slots=True)
class ListReading:
    """All of a list in memory."""

    sheets: tuple[SheetReading, ...]
    columns: tuple[Column, ...]
    missing_columns: tuple[Field, ...]
    rows: tuple[RowReading, ...]

    @property
    def problems(self) -> tuple[Problem, ...]:
        """In the order of the rows."""
        return tuple(problem for row in self.rows for problem in row.problems)

    @property
    def counts(self) -> dict[str, int]:
        """rows, duplicate, rejected (without duplicates), warned; new, updated, unchanged only storing can tell."""
        duplicate = sum(1 for row in self.rows if row.is_rejected and row.is_duplicate)
        rejected = sum(1 for row in self.rows if row.is_rejected)
        warned = sum(1 for row in self.rows if not row.is_rejected and row.problems)
        return {"rows": len(self.rows), "duplicate": duplicate, "rejected": rejected - duplicate, "warned": warned}


def read(
    content: bytes, kind: ListKind, *, division: str = "622926", today: date = TODAY, **more: object
) -> ListReading:
    """open_list with the test's collaborators, collected."""
    reader = open_list(
        content,
        kind=kind,
        division=division,
        today=today,
        places=gazetteer(),
        words=lexicon(),
        wages=WAGES,
        **more,  # type: ignore[arg-type]
    )
    rows = tuple(reader)
    return ListReading(tuple(reader.sheets), reader.columns, reader.missing_columns, rows)
