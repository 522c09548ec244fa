"""`eastwest db`: the database's shape, its first contents, its backups."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from app.cli.steps import bars, told
from app.db import backup as backups
from app.db.migration import migrate as bring_up_to_date
from app.db.transaction import own
from app.devdb import DevDbError

app = typer.Typer(no_args_is_help=True, help="数据库 / the database")
Json = Annotated[bool, typer.Option("--json", help="机器可读的一个对象 / one object for machines")]
#: What a step is called on the progress bar.
STEPS = {
    "dump": "导出 / dump",
    "count": "清点 / count",
    "restore": "恢复 / restore",
    "reference": "参考数据 / reference",
    "demo": "示范清单 / demo lists",
}


@app.command()
def migrate() -> None:
    """把数据库升到最新结构，重新应用安全规则 / Bring tables and security rules to the present."""
    with told(backups.BackupRefused, DevDbError):
        bring_up_to_date()


@app.command()
def seed(
    demo: Annotated[bool, typer.Option(help="同时载入虚构的示范市场 / also the invented demo market")] = False,
) -> None:
    """载入参考数据（可重复运行） / Load the reference data; safe to run twice."""
    from seed.reference.load import load_reference  # only here: the other commands need none of it

    with told(backups.BackupRefused, DevDbError), bars(STEPS, in_pipes=True) as progress:
        progress("reference", 0, 1)
        with own() as session:
            load_reference(session)
        progress("reference", 1, 1)
        if demo:
            from seed.demo.load import load_demo

            load_demo(lambda done, total: progress("demo", done, total))


@app.command()
def backup(file: Path, as_json: Json = False) -> None:
    """备份到 FILE，并写下逐表的行数与校验和 / Dump to FILE, and count and check every table beside it."""
    with told(backups.BackupRefused, DevDbError), bars(STEPS) as progress:
        manifest = backups.back_up(file, progress)
    _say(manifest, as_json, f"已备份 / backed up: {file}")


@app.command()
def restore(file: Path, as_json: Json = False) -> None:
    """恢复到一个空库，并证明逐表一致 / Restore into an empty database and prove every table equal."""
    with told(backups.BackupRefused, DevDbError), bars(STEPS) as progress:
        manifest = backups.restore(file, progress)
    _say(manifest, as_json, f"已恢复并核对一致 / restored and proven equal: {file}")


@app.command()
def check(
    file: Annotated[Path | None, typer.Argument(help="与这份备份比较 / compare with this backup")] = None,
    as_json: Json = False,
) -> None:
    """核对结构、行级保护与（可选）备份的内容 / Check the shape, row security and, given a backup, the contents."""
    with told(backups.BackupRefused, DevDbError), bars(STEPS) as progress:
        wrong = backups.check(file, progress)
    if as_json:
        typer.echo(json.dumps({"ok": not wrong, "problems": wrong}, ensure_ascii=False))
    else:
        for line in wrong or ["一切正常 / all is well"]:
            typer.echo(line)
    if wrong:
        raise typer.Exit(1)


def _say(manifest: backups.Manifest, as_json: bool, sentence: str) -> None:
    if as_json:
        typer.echo(manifest.to_json())
        return
    rows = sum(table.rows for table in manifest.tables.values())
    typer.echo(f"{sentence}（{len(manifest.tables)} 张表 / tables，{rows} 行 / rows）")
