"""`eastwest plan`: a plan for a list or a division, or the prices of openings for everybody."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from app.cli.suggest import station_named
from app.db.transaction import own, read, write
from app.edge.public_ids import show
from app.errors import ProductError
from app.plans.making import make_plan, price_openings
from app.plans.usecases import new_plan, read_plan

app = typer.Typer()
#: What people are told of a plan, by its names in the outcome; all of it is in `--json`.
_FIGURES = {
    "id": "方案 plan",
    "state": "状态 state",
    "zh": "为什么 why",
    "workers": "人 people",
    "placed": "有岗位的 placed",
    "answered": "其中已答应的 of them answered",
    "vacancies": "岗位 vacancies",
    "openings": "名额 openings",
    "certificate": "价值÷上界 value ÷ bound",
    "seconds": "用时（秒） seconds",
}
#: Shares before the plan and with it.
_SHARES = {
    "placed_by_first": "都选第一个时有岗位的 placed if all take their first",
    "crowded": "推荐落在太挤的岗位 suggestions to crowded vacancies",
    "never_suggested": "没推荐给任何人的岗位 vacancies never suggested",
}


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


def tell(outcome: Mapping[str, Any], *, as_json: bool) -> None:
    """Print figures: as a table for people, whole for programs."""
    if as_json:
        typer.echo(json.dumps(outcome, ensure_ascii=False))
        return
    table = Table(show_header=False)
    for name, words in _FIGURES.items():
        if name in outcome:
            table.add_row(words, str(outcome[name]))
    for name, words in _SHARES.items():
        if name in outcome.get("congestion", {}).get("before", {}):
            table.add_row(words, " → ".join(f"{outcome['congestion'][when][name]:.1%}" for when in ("before", "after")))
    for row in outcome.get("priority", ()):
        table.add_row(f"优先 priority {row['priority']}", f"+{row['gained']} / −{row['cost']}")
    Console().print(table)
