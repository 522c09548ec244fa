"""The coordinator's picture: dots of counties, roads from west to east, what is missing where. No borders, no tiles."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.console.door import PageRead
from app.console.page_route import PageRoute
from app.console.pages import language_of, render
from app.console.picture_drawing import drawings
from app.console.picture_tables import Name, as_of, coverage, crowded, listed, table_of
from app.console.shocks import closed_today
from app.console.tables import table_workbook
from app.reports.usecases import see_picture

router = APIRouter(prefix="/picture", route_class=PageRoute, include_in_schema=False)
#: Places shown of those where most people still lack three jobs.
_SHOWN = 8


@router.get("")
def see(request: Request, tx: PageRead) -> Response:
    """The picture first; every figure opens to its table."""
    picture, language = see_picture(tx), language_of(request)
    asked = [place for place in coverage(picture) if place.agreed]
    return render(
        request,
        "picture.html",
        picture=picture,
        as_of=as_of(picture, language),
        openings=sum(place.openings for place in picture.market),
        vacancies=sum(place.vacancies for place in picture.market),
        drawings=drawings(picture, language),
        coverage=sorted(asked, key=lambda place: (place.share or 0, -(place.agreed or 0)))[:_SHOWN],
        lists=listed(picture)[:_SHOWN],
        crowding=crowded(tx, language),
        closed=closed_today(tx),
    )


@router.get("/{name}")
def table(request: Request, name: Name, tx: PageRead) -> Response:
    """A figure's table."""
    return render(request, "picture_table.html", name=name, table=table_of(tx, name, language_of(request)))


@router.get("/{name}/table.xlsx")
def download(request: Request, name: Name, tx: PageRead) -> Response:
    """The same table as a workbook."""
    found = table_of(tx, name, language_of(request))
    return table_workbook(name, found.heads, found.rows, note=f"{found.title} · {found.note}")
