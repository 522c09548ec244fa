"""The command line `eastwest`. A command's module is imported only when it is called, so that `--help` is quick.

`app/cli/NAME.py` holds the command NAME as `app`, a typer application: one command, or a group of several.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command

#: name -> its line in `eastwest --help`. Names whose module has not been written are not shown.
COMMANDS = {
    "up": "启动数据库、接口与后台作业 / start the database, the API and the job worker",
    "db": "迁移、载入、备份、恢复、核对 / migrate, seed, backup, restore, check",
    "org": "工作站、用人单位等机构 / stations, employers and other organisations",
    "user": "人员账号 / people's accounts",
    "token": "签发开发用令牌 / print a bearer token (development)",
    "keys": "密钥文件 / the key file",
    "audit": "审计日志的封签与核验 / the audit log, sealed and proven",
    "load": "载入劳动力清单、岗位清单 / load a worker list or a vacancy list",
    "suggest": "一名劳动者的三个岗位 / a worker's three jobs, with reasons",
    "match": "全部劳动力对全部岗位 / everybody against the whole market",
    "similar": "工种文字的相近程度 / how far a worker's words serve a job's words",
    "plan": "对接方案 / who goes where, for a whole list",
    "report": "报表 / reports",
    "worker": "后台作业进程 / the process that does the jobs",
    "bench": "性能对比 / our path and its rivals side by side",
    "openapi": "接口文档 / print the OpenAPI document",
}

#: Options typer gives to every application of its own; ours are parts of one.
COMPLETION = {"install_completion", "show_completion"}


def _exists(name: str) -> bool:
    here = Path(__file__).parent
    return (here / f"{name}.py").exists() or (here / name / "__init__.py").exists()


class CommandsOnDemand(TyperGroup):
    """The commands of COMMANDS: known by name and line, imported when called."""

    def list_commands(self, ctx: Any) -> list[str]:
        """The names, in the order of the table."""
        return [name for name in COMMANDS if _exists(name)]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The command's name and line, enough for the help page; None when there is none."""
        return TyperCommand(cmd_name, help=COMMANDS[cmd_name]) if cmd_name in self.list_commands(ctx) else None

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[str | None, Any, list[str]]:
        """The command that is called, imported now."""
        name, _, rest = super().resolve_command(ctx, args)
        command = get_command(import_module(f"app.cli.{name}").app)
        command.params = [option for option in command.params if option.name not in COMPLETION]
        return name, command, rest


app = typer.Typer(cls=CommandsOnDemand, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)


@app.callback()
def eastwest() -> None:
    """东西部劳务协作：两张清单进，三个合适岗位出。/ Two lists in, three explained jobs out."""
