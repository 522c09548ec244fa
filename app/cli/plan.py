"""`eastwest plan`: a plan for a list or a division, or the prices of openings for everybody."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Annotated

import typer
from rich.console import Console

from app.cli.suggest import station_named
from app.db.transaction import own, read, write
from app.edge.public_ids import show
from app.errors import ProductError
from app.plans.making import make_plan, price_openings
from app.plans.usecases import new_plan, read_plan

app = typer.Typer()


@app.command()
def plan(
    as_station: Annotated[str | None, typer.Option("--as", help="以哪个工作站的身份 / as this station: 520526")] = None,
    worker_list: Annotated[list[str] | None, typer.Option("--list", help="人员清单编号 / ids of worker lists")] = None,
    division: Annotated[list[str] | None, typer.Option(help="只安排这些地区的人 / people from these divisions")] = None,
    everybody: Annotated[bool, typer.Option(help="为全体更新余量价格，不安排任何人 / prices for everybody")] = False,
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """计算方案并给出证书（价值 ÷ 上界）。/ Make a plan and print its certificate (value ÷ bound)."""
    if not everybody and as_station is None:
        raise typer.BadParameter("--as 520526 或 / or --everybody")
    try:
        with Console(stderr=True).status("计算中 / planning"):
            outcome = priced() if everybody else made(as_station or "", worker_list, division)
    except ProductError as problem:
        typer.echo(problem.message_zh, err=True)
        raise typer.Exit(1) from None
    tell(outcome, as_json=as_json)


def priced() -> Mapping[str, object]:
    """Figures of the plan for everybody, made here and now for its prices."""
    found = price_openings()
    return found.figures() if found else {}


def made(station: str, lists: list[str] | None, divisions: list[str] | None) -> Mapping[str, object]:
    """The plan of a station, made here and now."""
    with own() as owner:
        actor = station_named(owner, station)
    with write(actor) as tx:
        plan_id = new_plan(tx, {"lists": lists or [], "divisions": divisions or [], "pairings": []}).id
    make_plan(actor, plan_id)
    with read(actor) as tx:
        done = read_plan(tx, plan_id)
    return {"id": show("pn", plan_id), "state": done.state} | dict(done.reason) | dict(done.outcome)


def tell(outcome: Mapping[str, object], *, as_json: bool) -> None:
    """Print figures."""
    if as_json:
        typer.echo(json.dumps(outcome, ensure_ascii=False))
        return
    for name, value in outcome.items():
        typer.echo(f"{name:12} {value}")
