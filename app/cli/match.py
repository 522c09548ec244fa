"""`eastwest match`: everybody who consents against the whole market, on all cores."""

from __future__ import annotations

import json
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from app.errors import ProductError
from app.suggestions.everybody import Done, Runner, in_processes, match_everybody

app = typer.Typer()


@app.command()
def match(
    everyone: Annotated[bool, typer.Option("--all", help="全部已授权劳动力 / everybody who consents")] = False,
    top: Annotated[int, typer.Option(min=1, max=50, help="每人几个岗位 / vacancies each")] = 3,
    processes: Annotated[int | None, typer.Option(min=1, help="进程数，缺省为全部核心 / absent: all cores")] = None,
    ray: Annotated[str | None, typer.Option(help="Ray 集群地址 / a Ray cluster's address: HOST:PORT")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="机器可读 / for machines")] = False,
) -> None:
    """全部劳动力对全部岗位，中断后可继续。/ All workers against all vacancies; a killed run goes on."""
    if not everyone:
        raise typer.BadParameter("请加 --all：此命令为全部已授权的劳动力匹配岗位 / say --all: it matches everybody")
    runner = on_cluster(ray) if ray else in_processes(processes)
    columns = (*Progress.get_default_columns()[:3], MofNCompleteColumn(), TimeRemainingColumn(), TextColumn("人"))
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task("匹配 / matching", total=None)
        try:
            done = match_everybody(
                top=top, runner=runner, progress=lambda n, of: bar.update(task, completed=n, total=of)
            )
        except ProductError as problem:
            typer.echo(f"{problem.message_zh} / {problem.message_en}", err=True)
            raise typer.Exit(1) from None
    _say(done, as_json=as_json)


def on_cluster(address: str) -> Runner:
    """The cluster's runner, when the extra is installed."""
    try:
        from app.suggestions.everybody_on_ray import on_ray  # an optional extra
    except ImportError:
        typer.echo(
            "未安装 Ray：见 README“扩容” / Ray is not installed: see the README, scale out (the extra `cluster`)",
            err=True,
        )
        raise typer.Exit(1) from None
    return on_ray(address)


def _say(done: Done, *, as_json: bool) -> None:
    if as_json:
        figures = {"matched": done.matched, "before": done.before, "withdrawn": done.withdrawn}
        typer.echo(json.dumps({"run": str(done.run_id), **figures}))
        return
    before = f"，此前已完成 {done.before} 人 / {done.before} before" if done.before else ""
    typer.echo(f"已匹配 {done.matched} 人 / {done.matched} matched{before}")
