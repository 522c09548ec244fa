"""`eastwest load`: what the API's upload with store=true does, in this process and with a progress bar."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from app.actor import Actor, Role
from app.db.transaction import own, read
from app.errors import ProductError
from app.identity.usecases import ensure_organisation
from app.lists.fields import ListKind
from app.lists.intake import take_in
from app.lists.queries import first_problems, first_record
from app.lists.schemas import ListOut, ListState
from app.lists.upload import Posted
from app.lists.usecases import the_list
from app.places.queries import division_name
from app.settings import settings

app = typer.Typer(no_args_is_help=True)
File = Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="xlsx xls csv json")]
Division = Annotated[str, typer.Option(help="清单所属行政区划，如 520526 / the list's division")]
Org = Annotated[str | None, typer.Option(help="机构名称，缺省为该区划的机构 / the organisation's name")]
Witness = Annotated[str | None, typer.Option(help="见证签字材料的人 / who saw the signed papers")]
SignedOn = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="签字日期 / the day on them")]
NoPapers = Annotated[bool, typer.Option("--no-papers", help="没有签字材料，“同意”一栏不作数 / no signed papers")]
AsJson = Annotated[bool, typer.Option("--json", help="机器可读 / for machines")]
English = Annotated[bool, typer.Option("--en/--zh")]


@app.command("worker-list")
def worker_list(
    file: File,
    division: Division,
    org: Org = None,
    witness: Witness = None,
    signed_on: SignedOn = None,
    no_papers: NoPapers = False,
    as_json: AsJson = False,
    en: English = False,
) -> None:
    """载入劳动力清单。/ Load a worker list as the division's station."""
    papers = {"witness": witness, "signed_on": signed_on.date() if signed_on else None, "no_papers": no_papers}
    _load("worker", Role.STATION, file, division, org, papers, as_json=as_json, english=en)


@app.command("vacancy-list")
def vacancy_list(file: File, division: Division, org: Org = None, as_json: AsJson = False, en: English = False) -> None:
    """载入岗位清单。/ Load a vacancy list as the division's destination station."""
    _load("vacancy", Role.DESTINATION, file, division, org, {}, as_json=as_json, english=en)


def _load(
    kind: ListKind,
    role: Role,
    file: Path,
    division: str,
    org: str | None,
    papers: dict[str, Any],
    *,
    as_json: bool,
    english: bool,
) -> None:
    actor = poster(role, division, org)
    posted = Posted(file.name, file.read_bytes())
    try:
        with Progress(console=Console(stderr=True), transient=True, disable=as_json) as bar:
            task = bar.add_task(file.name, total=None)

            def show_progress(done: int, total: int) -> None:
                bar.update(task, completed=done, total=total)

            number = take_in(actor, kind, posted, **papers, progress=show_progress)
    except ProductError as problem:
        said = [(one.zh, one.en) for one in problem.errors] or [(problem.message_zh, problem.message_en)]
        typer.echo("\n".join(words[english] for words in said), err=True)
        raise typer.Exit(1) from None
    with read(actor) as tx:
        problems = list(first_problems(tx.session, number))
        answer = ListOut.of(the_list(tx, kind, number), problems, "en" if english else "zh")
        first = first_record(tx.session, number)
    if as_json:
        typer.echo(answer.model_dump_json())
    else:
        show(answer)
        if kind == "worker" and first:
            command = "eastwest" if settings().env == "production" else "./dev eastwest"
            typer.echo(f"下一步 / next: {command} suggest {first} --as {division}")
    if answer.state is not ListState.STORED:
        raise typer.Exit(1)


def poster(role: Role, division: str, org: str | None) -> Actor:
    """The organisation that posts the list, made when it is missing. Raises typer.BadParameter."""
    with own() as owner:
        name = division_name(owner, division)
        if name is None:
            raise typer.BadParameter(f"{division}：没有这个行政区划代码 / no such division code")
        organisation = ensure_organisation(owner, role, division, org, name)
        return Actor(role, organisation.id, division)


def show(answer: ListOut) -> None:
    """Counts, then what is wrong, row by row."""
    console = Console()
    counts = answer.counts
    if answer.reason:
        console.print(f"[bold red]{answer.reason.message}[/]")
        return
    console.print(
        f"[bold]{answer.file}[/] {answer.state} · 数据行 rows {counts.rows} · 新增 new {counts.new} · 更新 updated "
        f"{counts.updated} · 未变 unchanged {counts.unchanged} · 重复 duplicate {counts.duplicate} · "
        f"未保存 rejected {counts.rejected} · 有提醒 warned {counts.warned}"
    )
    blocking = [problem for problem in answer.problems if problem.blocks]
    if not blocking:
        return
    table = Table()
    for column in ("行 row", "列 column", "问题 problem", "怎么办 what to do"):
        table.add_column(column, overflow="fold")  # Chinese has no blanks to break at
    for problem in blocking[:50]:
        table.add_row(str(problem.row), problem.column, problem.code, problem.message)
    console.print(table)
