"""What `./dev run` ends with: one worker's three jobs with reasons, the tokens, and how to sign in."""

from __future__ import annotations

import sys
import urllib.request
from collections.abc import Iterator
from http import HTTPStatus
from typing import TypeVar
from urllib.error import HTTPError

from pydantic import BaseModel
from rich.console import Console

from app.cli.suggest import show
from app.edge.public_ids import show as public
from app.identity.passwords import DEMO
from app.settings import settings
from app.suggestions.schemas import SuggestionsOut
from app.workers.schemas import WorkerOut
from seed.demo.load import SHOWN, DemoSignIn, sign_ins, some_workers
from seed.demo.staff import STAFF

T = TypeVar("T", bound=BaseModel)


def greet(address: str) -> None:
    """Print three jobs of somebody, the tokens and the sign-ins."""
    console, made, workers = Console(), sign_ins(), f"{address}/v1/workers"
    token = made[0].token
    with_three = [one for one in _answers(workers, token) if one[1].shortfall is None]
    if with_three:
        number, shown = max(with_three, key=lambda one: _worth_showing(one[1]))
        console.print(f"\n[bold]一名演示劳动者的三个岗位 / three jobs of a demo worker[/bold]  {number}")
        show(shown, console)
        console.print(f"再看一次 / again: ./dev eastwest suggest {number} --as {SHOWN}")
        console.print(f"接口 / API: {workers}/{number}/suggestions", soft_wrap=True)
    _show_tokens(console, made)
    if settings().env != "production":
        somebody = read_from(f"{workers}/{number}", token, WorkerOut) if with_three else None
        _show_sign_ins(console, address, somebody.phone if somebody else None)


def _answers(workers: str, token: str) -> Iterator[tuple[str, SuggestionsOut]]:
    """The three jobs of some workers, as the service that was just started gives them to their station."""
    for worker in some_workers():
        number = public("w", worker)
        answer = read_from(f"{workers}/{number}/suggestions", token, SuggestionsOut)
        if answer is not None:
            yield number, answer


def _worth_showing(answer: SuggestionsOut) -> tuple[int, int, float, float]:
    """What the product is for first: work that was wished for, a choice of trades, jobs within the pairing."""
    jobs = answer.items
    wished, trades = sum(job.parts.skill.value >= 0.5 for job in jobs), len({job.vacancy.title for job in jobs})
    return wished, trades, sum(job.parts.pairing.value for job in jobs), jobs[0].score


def _show_tokens(console: Console, made: list[DemoSignIn]) -> None:
    console.print("\n[bold]令牌 / tokens[/bold]（Authorization: Bearer …）")
    for sign_in in made:
        console.print(f"  {sign_in.role:<12}{sign_in.place}  {sign_in.token}", soft_wrap=True)


def _show_sign_ins(console: Console, address: str, phone: str | None) -> None:
    console.print(f"\n[bold]演示登录 / demo sign-ins[/bold]  {address}/", soft_wrap=True)
    console.print(f"  密码 / password: {DEMO}", soft_wrap=True)
    for one in STAFF:
        console.print(f"  {one.login:<12}{one.role.value:<14}{one.place}", soft_wrap=True)
    if phone:
        console.print(
            f"  劳动者 / worker: 手机 {phone}，验证码显示在本窗口 / phone; its code is shown in this window",
            soft_wrap=True,
        )


def read_from(url: str, token: str, model: type[T]) -> T | None:
    """What the API answers. None without the worker's consent."""
    request = urllib.request.Request(url, headers={"Authorization": f"Bearer {token}"})
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return model.model_validate_json(answer.read())
    except HTTPError as refused:
        if refused.code == HTTPStatus.CONFLICT:
            return None
        raise


if __name__ == "__main__":
    greet(sys.argv[1])
