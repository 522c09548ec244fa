"""The coordinator's picture: dots of counties, roads from west to east, what is missing where. No borders, no tiles."""

from __future__ import annotations

from io import BytesIO
from typing import Any, Literal

import xlsxwriter
from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response

from app.console.door import PageRead
from app.console.page_route import PageRoute
from app.console.pages import dress, language_of, render
from app.lists.clerk_sheet import safe_text
from app.lists.routes import workbook
from app.places.gazetteer import read_units
from app.reports.usecases import Picture, see_picture

router = APIRouter(prefix="/picture", route_class=PageRoute, include_in_schema=False)
#: Roads drawn; the table has all.
_ROADS = 40
_BRAND, _SUN, _DOT = "#0b5563", "#e09c1f", "#cfc8b8"
Table = Literal["origins", "flows", "market"]
_HEADS: dict[str, tuple[tuple[str, str], ...]] = {
    "origins": (("县区", "county"), ("劳动力", "workers"), ("同意推荐", "agreed"), ("有三个岗位", "three jobs")),
    "flows": (("从", "from"), ("到", "to"), ("首选人数", "people")),
    "market": (("县区", "county"), ("岗位", "vacancies"), ("余量", "places left")),
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
    )


@router.get("/chart.json")
def chart(request: Request, tx: PageRead) -> Response:
    """The drawing: ECharts' option."""
    answer = JSONResponse(drawing(see_picture(tx), english=language_of(request) == "en"))
    dress(answer)
    return answer


@router.get("/{name}")
def table(request: Request, name: Table, tx: PageRead) -> Response:
    """A figure's table."""
    english = language_of(request) == "en"
    heads = [en if english else zh for zh, en in _HEADS[name]]
    return render(request, "picture_table.html", name=name, heads=heads, rows=rows_of(see_picture(tx), name))


@router.get("/{name}/table.xlsx")
def download(request: Request, name: Table, tx: PageRead) -> Response:
    """The same table as a workbook."""
    english = language_of(request) == "en"
    target = BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_formulas": False}) as book:
        sheet = book.add_worksheet()
        heads = [en if english else zh for zh, en in _HEADS[name]]
        for at, row in enumerate([heads, *rows_of(see_picture(tx), name)]):
            sheet.write_row(at, 0, [safe_text(cell) if isinstance(cell, str) else cell for cell in row])
    return workbook(target.getvalue(), f"{name}.xlsx")


def rows_of(picture: Picture, name: str) -> list[list[Any]]:
    """A table's rows, largest first; nothing where a cell would be under ten."""
    if name == "flows":
        return [[_name(cell.code), _name(cell.to_code), cell.value] for cell in picture.flows]
    if name == "market":
        ordered = sorted(picture.market, key=lambda place: -place.openings)
        return [[_name(place.code), place.vacancies, place.openings] for place in ordered]
    kinds: dict[str, dict[str, int]] = {}
    for cell in picture.origins:
        kinds.setdefault(cell.code, {})[cell.kind] = cell.value
    rows = [
        [_name(code), *(found.get(kind) for kind in ("workers", "agreed", "three"))] for code, found in kinds.items()
    ]
    return sorted(rows, key=lambda row: -(row[1] or 0))


def _name(code: str) -> str:
    units = read_units()
    unit = units.get(code)
    return "".join(units[step].name for step in unit.line) if unit else code


def drawing(picture: Picture, *, english: bool) -> dict[str, Any]:
    """Counties as dots on plain lon/lat, workers gold, places left green, the widest roads as curves."""
    units = read_units()

    def at(code: str) -> list[float]:
        unit = units.get(code) or units.get(f"{code[:4]}00") or units[f"{code[:2]}0000"]
        return [round(unit.lon, 2), round(unit.lat, 2)]

    workers: list[list[Any]] = [
        [*at(cell.code), cell.value, _name(cell.code)] for cell in picture.origins if cell.kind == "workers"
    ]
    openings: list[list[Any]] = [[*at(place.code), place.openings, _name(place.code)] for place in picture.market]
    most = max([int(row[2]) for row in (*workers, *openings)], default=1)
    roads = picture.flows[:_ROADS]
    widest = max([cell.value for cell in roads], default=1)
    ground = [at(unit.code) for unit in units.values() if unit.level == 3]
    labels = ("工人 workers", "余量 places left") if english else ("劳动力", "岗位余量")
    return {
        "grid": {"left": 8, "right": 8, "top": 34, "bottom": 8},
        "legend": {"top": 0},
        "xAxis": {"type": "value", "min": 73, "max": 136, "show": False},
        "yAxis": {"type": "value", "min": 17, "max": 54, "show": False},
        "tooltip": {"trigger": "item"},
        "series": [
            {"type": "scatter", "silent": True, "symbolSize": 2, "data": ground, "itemStyle": {"color": _DOT}},
            {
                "type": "lines",
                "coordinateSystem": "cartesian2d",
                "silent": True,
                "lineStyle": {"color": _BRAND, "curveness": 0.25, "opacity": 0.55},
                "data": [
                    {"coords": [at(c.code), at(c.to_code)], "lineStyle": {"width": 1 + 5 * c.value / widest}}
                    for c in roads
                ],
            },
            _bubbles(labels[0], workers, most, _SUN),
            _bubbles(labels[1], openings, most, _BRAND),
        ],
    }


def _bubbles(name: str, points: list[list[Any]], most: int, colour: str) -> dict[str, Any]:
    """Bubbles whose area is the figure."""
    data = [
        {"name": place, "value": [lon, lat, value], "symbolSize": round(6 + 30 * (value / most) ** 0.5, 1)}
        for lon, lat, value, place in sorted(points, key=lambda point: -point[2])
    ]
    return {
        "type": "scatter",
        "name": name,
        "data": data,
        "itemStyle": {"color": colour, "opacity": 0.75, "borderColor": "#fff"},
        "tooltip": {"formatter": "{b}"},
    }
