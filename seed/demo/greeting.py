"""What `./dev run` ends with: the demo sign-ins, and one worker's three jobs with reasons."""

from __future__ import annotations

import sys

from rich.console import Console

from app.cli.suggest import read_suggestions, show
from app.edge.public_ids import show as public
from seed.demo.load import one_worker, sign_ins


def greet(address: str) -> None:
    """Print the sign-ins and the three jobs. Prints nothing of a person but their public id."""
    console = Console()
    console.print("\n[bold]演示登录 / demo sign-ins[/bold]（Authorization: Bearer …）")
    for sign_in in sign_ins():
        console.print(f"  {sign_in.role:<12}{sign_in.place}  {sign_in.token}", soft_wrap=True)
    found = one_worker()
    if found is None:
        return
    station, worker = found
    number = public("w", worker.id)
    console.print(f"\n[bold]一名演示劳动者的三个岗位 / three jobs of a demo worker[/bold]  {number}")
    show(read_suggestions(worker.id, station, 3, english=False), console)
    console.print(f"再看一次 / again: ./dev eastwest suggest {number} --as {station}")
    console.print(f"接口 / API: {address}/v1/workers/{number}/suggestions", soft_wrap=True)


if __name__ == "__main__":
    greet(sys.argv[1])
