"""The picture's shape."""

from __future__ import annotations

from typing import Self

from app.edge.strict import Out
from app.reports.usecases import Picture


class OriginOut(Out):
    """Workers of a county; null: fewer than ten."""

    division: str
    workers: int | None
    agreed: int | None
    with_three: int | None


class FlowOut(Out):
    """First jobs from a prefecture to a prefecture."""

    origin: str
    destination: str
    workers: int


class MarketOut(Out):
    """What is open in a county."""

    division: str
    vacancies: int
    openings: int


class PictureOut(Out):
    """Figures of places: rounded to five, no cell under ten; what is open is exact."""

    origins: list[OriginOut]
    flows: list[FlowOut]
    market: list[MarketOut]

    @classmethod
    def of(cls, picture: Picture) -> Self:
        """From the use case's answer."""
        by_code: dict[str, dict[str, int]] = {}
        for cell in picture.origins:
            by_code.setdefault(cell.code, {})[cell.kind] = cell.value
        return cls(
            origins=[
                OriginOut(
                    division=code,
                    workers=kinds.get("workers"),
                    agreed=kinds.get("agreed"),
                    with_three=kinds.get("three"),
                )
                for code, kinds in sorted(by_code.items())
            ],
            flows=[FlowOut(origin=c.code, destination=c.to_code, workers=c.value) for c in picture.flows],
            market=[MarketOut(division=m.code, vacancies=m.vacancies, openings=m.openings) for m in picture.market],
        )
