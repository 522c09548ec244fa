"""The coordinator's picture: dots of counties, roads from west to east, what is missing where. No borders, no tiles."""

from __future__ import annotations

from typing import Any, Literal

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.console.door import PageRead
from app.console.page_route import PageRoute
from app.console.pages import language_of, render
from app.console.picture_drawing import drawing, full_name
from app.console.plans import CROWDING, shares
from app.console.tables import table_workbook
from app.edge.paging import Window
from app.plans import usecases as plans
from app.reports.usecases import see_picture

router = APIRouter(prefix="/picture", route_class=PageRoute, include_in_schema=False)
Table = Literal["origins", "flows", "market", "crowding"]
#: Plans looked through for the last one that says how crowded things are.
_PLANS = 10
_HEADS: dict[str, tuple[tuple[str, str], ...]] = {
    "origins": (("县区", "county"), ("劳动力", "workers"), ("同意推荐", "agreed"), ("有三个岗位", "three jobs")),
    "flows": (("从", "from"), ("到", "to"), ("首选人数", "people")),
    "market": (("县区", "county"), ("岗位", "vacancies"), ("余量", "places left")),
    "crowding": tuple(zip(*CROWDING, strict=True)),
}


@router.get("")
def see(request: Request, tx: PageRead) -> Response:
    """The picture first; every figure opens to its table."""
    picture = see_picture(tx)
    return render(
        request,
        "picture.html",
        picture=picture,
        openings=sum(place.openings for place in picture.market),
        vacancies=sum(place.vacancies for place in picture.market),
        drawing=drawing(picture),
        crowding=crowding(tx, english=language_of(request) == "en"),
    )


def crowding(tx: PageRead, *, english: bool) -> list[tuple[str, float, float]]:
    """How crowded things are without and with the office's last plan; nothing before there was one."""
    rows, _ = plans.list_plans(tx, Window("/picture", _PLANS))
    return next((found for row in rows if (found := shares(dict(row.outcome), None, english=english))), [])


@router.get("/{name}")
def table(request: Request, name: Table, tx: PageRead) -> Response:
    """A figure's table."""
    english = language_of(request) == "en"
    heads = [en if english else zh for zh, en in _HEADS[name]]
    return render(request, "picture_table.html", name=name, heads=heads, rows=rows_of(tx, name, english=english))


@router.get("/{name}/table.xlsx")
def download(request: Request, name: Table, tx: PageRead) -> Response:
    """The same table as a workbook."""
    english = language_of(request) == "en"
    heads = [en if english else zh for zh, en in _HEADS[name]]
    return table_workbook(name, heads, rows_of(tx, name, english=english))


def rows_of(tx: PageRead, name: str, *, english: bool) -> list[list[Any]]:
    """A table's rows, largest first; nothing where a cell would be under ten."""
    if name == "crowding":
        return [list(row) for row in crowding(tx, english=english)]
    picture = see_picture(tx)
    if name == "flows":
        return [[full_name(cell.code), full_name(cell.to_code), cell.value] for cell in picture.flows]
    if name == "market":
        ordered = sorted(picture.market, key=lambda place: -place.openings)
        return [[full_name(place.code), place.vacancies, place.openings] for place in ordered]
    kinds: dict[str, dict[str, int]] = {}
    for cell in picture.origins:
        kinds.setdefault(cell.code, {})[cell.kind] = cell.value
    rows = [
        [full_name(code), *(found.get(kind) for kind in ("workers", "agreed", "three"))]
        for code, found in kinds.items()
    ]
    return sorted(rows, key=lambda row: -(row[1] or 0))
