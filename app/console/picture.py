"""The coordinator's picture: dots of counties, roads from west to east, what is missing where. No borders, no tiles."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.console.door import PageRead
from app.console.page_route import PageRoute
from app.console.pages import language_of, render
from app.console.picture_drawing import drawings
from app.console.picture_tables import Coverage, Listed, Name, as_of, coverage, crowded, listed, table_of
from app.console.shocks import closed_today
from app.console.tables import table_workbook
from app.reports.usecases import Picture, see_picture, stations_in_sight

router = APIRouter(prefix="/picture", route_class=PageRoute, include_in_schema=False)
#: Places shown of those where most people still lack three jobs.
_SHOWN = 8


@router.get("")
def see(request: Request, tx: PageRead) -> Response:
    """The picture first, what is the reader's own before the whole; every figure opens to its table."""
    picture, language, ours = see_picture(tx), language_of(request), tx.actor.division
    mine = picture.inside(ours) if ours else None
    return render(
        request,
        "picture.html",
        picture=picture,
        as_of=as_of(picture, language),
        ours=ours,
        mine=mine,
        my_counties=_lowest(mine) if mine else (),
        stations=stations_in_sight(tx),
        drawings=drawings(picture, language),
        coverage=_lowest(picture),
        lists=_least_stored(picture),
        crowding=crowded(tx, language),
        closed=closed_today(tx),
    )


def _least_stored(picture: Picture) -> list[Listed]:
    """Where the smallest part of the rows that came is stored."""
    unfinished = [county for county in listed(picture) if county.share is not None and county.share < 100]
    return sorted(unfinished, key=lambda county: county.share or 0)[:_SHOWN]


def _lowest(picture: Picture) -> list[Coverage]:
    """Where most people who agreed still lack three jobs."""
    asked = [place for place in coverage(picture) if place.agreed]
    return sorted(asked, key=lambda place: (place.share or 0, -(place.agreed or 0)))[:_SHOWN]


@router.get("/{name}")
def table(request: Request, name: Name, tx: PageRead) -> Response:
    """A figure's table."""
    return render(request, "picture_table.html", name=name, table=table_of(tx, name, language_of(request)))


@router.get("/{name}/table.xlsx")
def download(request: Request, name: Name, tx: PageRead) -> Response:
    """The same table as a workbook."""
    language = language_of(request)
    found, unseen = table_of(tx, name, language), "under ten" if language == "en" else "不足十"
    rows = [[unseen if value is None else value for value in row] for row in found.rows]
    return table_workbook(name, found.heads, rows, note=f"{found.title} · {found.note}")
