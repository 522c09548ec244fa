"""What long commands show: a bar for each step, and a refusal as a sentence, both on the error output."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

screen = Console(stderr=True)


@contextmanager
def told(*refusals: type[Exception]) -> Iterator[None]:
    """Say what was refused in a sentence, not as a traceback."""
    try:
        yield
    except refusals as refused:
        screen.print(str(refused), style="red", highlight=False, soft_wrap=True)
        raise typer.Exit(1) from refused


@contextmanager
def bars(
    names: Mapping[str, str] | None = None, *, in_pipes: bool = False
) -> Iterator[Callable[[str, int, int], None]]:
    """A bar for each step, called by `names` where it has one; a pipe meets nothing, or (`in_pipes`) lines instead."""
    known = names or {}
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.completed}/{task.total}"))
    with Progress(*columns, TimeElapsedColumn(), console=screen, transient=True) as shown:
        tasks: dict[str, TaskID] = {}

        def advance(step: str, done: int, total: int) -> None:
            if step not in tasks:
                tasks[step] = shown.add_task(known.get(step, step), total=total)
            shown.update(tasks[step], completed=done, total=total)
            if in_pipes and not screen.is_terminal:
                typer.echo(f"   {known.get(step, step)} {done}/{total}", err=True)

        yield advance
