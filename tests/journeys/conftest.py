"""The whole service in one process, on a database whose commits are real, with the job worker at hand."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator

import pytest

from app.jobs.worker import make_app
from app.main import create_app
from tests.client import TestClient


@pytest.fixture
def http(fresh_database: str, thawed: None) -> Iterator[TestClient]:
    """The service as its users meet it."""
    with TestClient(create_app()) as client:
        yield client


@pytest.fixture
def do_jobs(fresh_database: str) -> Callable[[], None]:
    """Do every job that waits, as the worker process would."""

    async def work() -> None:
        app = make_app()
        async with app.open_async():
            await app.run_worker_async(wait=False, install_signal_handlers=False, listen_notify=False)

    return lambda: asyncio.run(work())
