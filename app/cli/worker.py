"""`eastwest worker`: the process that does the background jobs."""

from __future__ import annotations

import typer

app = typer.Typer()


@app.command()
def worker() -> None:
    """处理后台作业，直到被停止 / Do the background jobs until stopped."""
    from app.jobs.worker import run_worker  # the engine's libraries take a second to load: not for --help

    run_worker()
