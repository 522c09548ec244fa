"""`eastwest report`: the picture of places as figures."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from app.actor import Actor, Role
from app.db.transaction import read
from app.places.gazetteer import read_units
from app.reports.schemas import PictureOut
from app.reports.usecases import see_picture

app = typer.Typer()


@app.command()
def report(as_json: Annotated[bool, typer.Option("--json")] = False) -> None:
    """各地劳动力、同意推荐、三个岗位与岗位余量；不足十人不显示。/ Figures of places, none under ten."""
    with read(Actor(Role.COORDINATOR)) as tx:
        picture = PictureOut.of(see_picture(tx))
    if as_json:
        typer.echo(picture.model_dump_json())
        return
    table = Table("地区 place", "劳动力 workers", "同意 agreed", "三个岗位 three jobs")
    for row in picture.origins:
        table.add_row(_name(row.division), *(_cell(one) for one in (row.workers, row.agreed, row.with_three)))
    openings = sum(place.openings for place in picture.market)
    Console().print(table, f"岗位余量 / places left: {openings}")


def _cell(figure: int | None) -> str:
    return "<10" if figure is None else str(figure)


def _name(code: str) -> str:
    unit = read_units().get(code)
    return unit.name if unit else code
