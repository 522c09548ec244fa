"""The background worker: takes jobs from the queue and does each in the name of whoever ordered it.

A job that dies with its process is found by its missing heartbeat and taken up again (STACK §7).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from uuid import UUID

import procrastinate
import structlog

from app.actor import Actor, Role
from app.db.transaction import jobs_url
from app.lists import intake

log = structlog.get_logger()

#: How often a job is tried before the list is given up.
TRIES = 5
#: Seconds between heartbeats, and after how many without one a job counts as orphaned. A job at work keeps the process
#: busy enough to delay a heartbeat by several seconds.
HEARTBEAT, ORPHANED = 2.0, 20.0

TASKS: dict[str, Callable[[Actor, UUID], None]] = {
    "read_list": intake.read_posted_list,
    "store_list": intake.store_posted_list,
}


def actor_of(job: dict[str, str | None]) -> Actor:
    """The actor the queue recorded from a signed context (queue.sql)."""

    def uuid(name: str) -> UUID | None:
        return UUID(value) if (value := job.get(name)) else None

    return Actor(Role(job["role"] or ""), uuid("organisation"), job.get("division"), uuid("worker"), uuid("token"))


def make_app() -> procrastinate.App:
    """The queue's application: one task a kind of job."""
    conninfo = jobs_url().set(drivername="postgresql").render_as_string(hide_password=False)
    connector = procrastinate.PsycopgConnector(
        conninfo=conninfo, kwargs={"options": "-c search_path=jobs,public"}, min_size=1, max_size=4
    )
    app = procrastinate.App(connector=connector)
    for name, work in TASKS.items():
        _register(app, name, work)
    return app


def _register(app: procrastinate.App, name: str, work: Callable[[Actor, UUID], None]) -> None:
    retry = procrastinate.RetryStrategy(max_attempts=TRIES, wait=2)

    @app.task(name=name, queue="lists", retry=retry, pass_context=True)
    def task(context: procrastinate.JobContext, /, subject: str, **who: str | None) -> None:
        actor, list_id = actor_of(who), UUID(subject)
        try:
            work(actor, list_id)
        except Exception as error:
            log.error("job_failed", task=name, error=type(error).__name__, attempt=context.job.attempts)
            if context.job.attempts + 1 < TRIES:
                raise
            intake.give_up(actor, list_id)


async def heal(app: procrastinate.App) -> None:
    """Take up again, for ever, the jobs whose worker no longer shows signs of life."""
    while True:
        with suppress(procrastinate.exceptions.ConnectorException):  # the database is away, or another worker was first
            for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=ORPHANED):
                await app.job_manager.retry_job(job)
                log.warning("job_taken_up_again", task=job.task_name)
        await asyncio.sleep(HEARTBEAT)


async def forget(app: procrastinate.App) -> None:
    """Once an hour, for ever, let go of what was kept for a time (queue.sql)."""
    while True:
        with suppress(procrastinate.exceptions.ConnectorException):  # the database is away: in an hour, then
            await app.connector.execute_query_async("select app.forget_kept()")
        await asyncio.sleep(3600)


async def _run() -> None:
    app = make_app()
    async with app.open_async():
        chores = [asyncio.create_task(chore(app)) for chore in (heal, forget)]
        await app.run_worker_async(
            concurrency=2, update_heartbeat_interval=HEARTBEAT, stalled_worker_timeout=10 * ORPHANED
        )
        for chore in chores:
            chore.cancel()


def run_worker() -> None:
    """Work until stopped; SIGTERM lets running jobs finish first."""
    asyncio.run(_run())
