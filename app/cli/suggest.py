"""`eastwest suggest`: a worker's three jobs, read as their station and audited."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

import typer
from rich.console import Console
from rich.table import Table
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.actor import Actor, Role
from app.db.transaction import own, write
from app.edge.public_ids import find
from app.errors import ProductError
from app.identity.model import Organisation
from app.suggestions.market import LiveMarket
from app.suggestions.schemas import LimitOut, SuggestionOut, SuggestionsOut
from app.suggestions.usecases import suggest_vacancies

app = typer.Typer()


def station_named(owner: Session, text: str) -> Actor:
    """A station by division code, name or id. Raises typer.BadParameter."""
    query = select(Organisation).where(Organisation.kind == "station")
    query = query.where((Organisation.division_code == text) | (Organisation.name == text))
    found = owner.scalars(query.order_by(Organisation.created_at).limit(1)).one_or_none()
    if found is None:
        raise typer.BadParameter(f"{text}：没有这个工作站（填区划代码或名称）/ no such station (code or name)")
    return Actor(Role.STATION, found.id, found.division_code)


@app.command()
def suggest(
    worker: Annotated[str, typer.Argument(help="劳动者编号 w_… / the worker's id")],
    as_station: Annotated[str, typer.Option("--as", help="以哪个工作站的身份 / read as this station, e.g. 520526")],
    limit: Annotated[int, typer.Option(min=1, max=20)] = 3,
    english: Annotated[bool, typer.Option("--en/--zh")] = False,
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """一名劳动者最合适的岗位及理由。/ A worker's best jobs, with reasons."""
    try:
        answer = read_suggestions(find("w", worker), as_station, limit, english=english)
    except ProductError as problem:
        typer.echo(problem.message_en if english else problem.message_zh, err=True)
        raise typer.Exit(1) from None
    if as_json:
        typer.echo(answer.model_dump_json())
    else:
        show(answer, Console())


def read_suggestions(worker_id: UUID, station: str, limit: int, *, english: bool) -> SuggestionsOut:
    """The answer the API gives that station."""
    with own() as owner:
        actor = station_named(owner, station)
    with write(actor) as tx:
        offers = suggest_vacancies(tx, LiveMarket(listens=False), worker_id, top=limit)
        return SuggestionsOut.of(offers, "en" if english else "zh")


def show(answer: SuggestionsOut, console: Console) -> None:
    """The jobs as a table each, then what keeps others away."""
    for item in answer.items:
        console.print(_card(item))
    if answer.shortfall:
        console.print(f"还差 {answer.shortfall.missing} 个岗位 / {answer.shortfall.missing} missing")
        for limit in answer.shortfall.limits:
            console.print(f"  {_told(limit)}")


#: What keeps jobs away, by its name in the API.
_LIMITS = {
    "in_work": "在业",
    "min_wage": "最低工资",
    "destinations": "意向地区",
    "scope": "地区范围",
    "willing": "外出意愿",
    "closed_destination": "目的地暂停",
    "reach": "最远距离",
    "certificates": "证书",
    "working_age": "法定年龄",
    "employer_age": "用人单位年龄要求",
    "hazardous_age": "特殊岗位年龄",
    "labour_ability": "劳动能力",
    "start": "上岗时间",
    "skill": "技能不合",
}


def _told(limit: LimitOut) -> str:
    """意向地区 destinations：少 82 个；放宽到 广东省 多 36 个"""
    told = f"{_LIMITS.get(limit.limit, '')} {limit.limit}：少 {limit.removes} 个 / -{limit.removes}".strip()
    if limit.would_open is None:
        return told
    relaxed = [value for name, value in limit.would_open.items() if name not in ("jobs", "destination", "occupation")]
    return f"{told}；放宽到 {relaxed[0]}：多 {limit.would_open['jobs']} 个 / +{limit.would_open['jobs']}"


def _card(item: SuggestionOut) -> Table:
    job = item.vacancy
    pay = f"{job.wage_min}" if job.wage_min == job.wage_max else f"{job.wage_min}–{job.wage_max}"
    title = f"{item.rank}. {job.title} · {pay} 元/月 · {job.employer} · {job.workplace}"
    table = Table(title=title, title_justify="left")
    for column in ("", "得分 part", "权重 weight", "理由 why"):
        table.add_column(column, overflow="fold")  # Chinese has no blanks to break at
    for name, zh in (("skill", "技能"), ("distance", "距离"), ("pairing", "结对"), ("pay", "工资")):
        part = getattr(item.parts, name)
        table.add_row(zh, f"{part.value:.2f}", f"{part.weight:.2f}", part.why)
    table.caption = f"总分 {item.score} · 余量 {job.openings} · 有效期至 {job.valid_until}"
    return table
