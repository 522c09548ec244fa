"""What `./dev run` ends with: the demo sign-ins, and one worker's three jobs with reasons."""

from __future__ import annotations

import sys
import urllib.request
from http import HTTPStatus
from urllib.error import HTTPError

from rich.console import Console

from app.cli.suggest import show
from app.edge.public_ids import show as public
from app.identity.passwords import DEMO
from app.settings import settings
from app.suggestions.schemas import SuggestionsOut
from seed.demo.load import sign_ins, some_workers
from seed.demo.staff import STAFF


def greet(address: str) -> None:
    """Print the sign-ins and the three jobs. Prints nothing of a person but their public id."""
    console = Console()
    made = sign_ins()
    if settings().env != "production":
        console.print(f"\n[bold]演示登录 / demo sign-ins[/bold]  {address}/  密码 / password: {DEMO}")
        for one in STAFF:
            console.print(f"  {one.login:<12}{one.role.value:<14}{one.place}")
    console.print("\n[bold]令牌 / tokens[/bold]（Authorization: Bearer …）")
    for sign_in in made:
        console.print(f"  {sign_in.role:<12}{sign_in.place}  {sign_in.token}", soft_wrap=True)
    station, workers = some_workers()
    for worker in workers:
        number = public("w", worker.id)
        url = f"{address}/v1/workers/{number}/suggestions"
        answer = read_from(url, made[0].token)
        if answer is not None and answer.shortfall is None:
            break
    else:
        return
    console.print(f"\n[bold]一名演示劳动者的三个岗位 / three jobs of a demo worker[/bold]  {number}")
    show(answer, console)
    console.print(f"再看一次 / again: ./dev eastwest suggest {number} --as {station}")
    console.print(f"接口 / API: {url}", soft_wrap=True)


def read_from(url: str, token: str) -> SuggestionsOut | None:
    """The three jobs as the API gives them to the station: the service that was just started is what is shown.
    None without the worker's consent."""
    request = urllib.request.Request(url, headers={"Authorization": f"Bearer {token}"})
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return SuggestionsOut.model_validate_json(answer.read())
    except HTTPError as refused:
        if refused.code == HTTPStatus.CONFLICT:
            return None
        raise


if __name__ == "__main__":
    greet(sys.argv[1])
