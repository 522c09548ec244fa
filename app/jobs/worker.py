"""The background worker: takes jobs from the queue and does each in the name of whoever ordered it.

A job that dies with its process is found by its missing heartbeat and taken up again (STACK §7).
"""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from uuid import UUID

import procrastinate
from sqlalchemy.exc import SQLAlchemyError

from app.actor import Actor, Role
from app.db.transaction import jobs_url
from app.edge.logs import configure, log
from app.identity.codes import compose
from app.lists import intake
from app.messages import usecases as messages
from app.messages.senders import sender
from app.oversight import chores
from app.plans import making
from app.reports import gone_before, serving
from app.settings import settings
from matching.ahead import compile_ahead

#: Seconds between heartbeats, and after how many without one a job counts as orphaned. A job at work keeps the process
#: busy enough to delay a heartbeat by several seconds.
HEARTBEAT, ORPHANED = 2.0, 20.0


@dataclass(frozen=True, slots=True)
class Task:
    """A kind of job: what it does, in whose name, for which subject; what is done when it has failed too often."""

    work: Callable[[Actor, UUID], None]
    give_up: Callable[[Actor, UUID], None]
    queue: str = "lists"
    tries: int = 5
    #: Seconds before the next try: the same each time, and this to the power of the tries so far.
    wait: int = 2
    longer: int = 0


def send_message(_: Actor, message_id: UUID) -> None:
    """Carry out one message. Its own record says what it is: who ordered it does not matter any more."""
    messages.deliver(message_id, compose)


def read_list(actor: Actor, list_id: UUID) -> None:
    """Read a list; when it was stored as well, its people get their three jobs next."""
    intake.read_posted_list(actor, list_id)
    serving.order_serving(actor, list_id)


def store_list(actor: Actor, list_id: UUID) -> None:
    """Store a list; its people get their three jobs next."""
    intake.store_posted_list(actor, list_id)
    serving.order_serving(actor, list_id)


TASKS: dict[str, Task] = {
    "read_list": Task(read_list, intake.give_up),
    "store_list": Task(store_list, intake.give_up),
    "serve_station": Task(serving.serve_station, lambda actor, list_id: None, "plans", tries=3),
    "make_plan": Task(making.make_plan, making.give_up, "plans", tries=3),
    # tried for some five minutes, as long as a code lasts
    "send_message": Task(
        send_message, lambda _, message_id: messages.give_up(message_id), "messages", tries=6, wait=0, longer=3
    ),
}
#: queue -> jobs at a time. Messages have turns of their own: a list of 100,000 rows must not hold up a code.
TURNS = {"lists": 2, "messages": 4, "plans": 1}
#: Steps by which jobs stand behind pages when both want the same core: a plan would make every page wait for seconds.
NICE = 10


def actor_of(job: dict[str, str | None]) -> Actor:
    """The actor the queue recorded from a signed context (queue.sql)."""

    def uuid(name: str) -> UUID | None:
        return UUID(value) if (value := job.get(name)) else None

    return Actor(Role(job["role"] or ""), uuid("organisation"), job.get("division"), uuid("worker"), uuid("token"))


def make_app() -> procrastinate.App:
    """The queue's application: one task a kind of job."""
    conninfo = jobs_url().set(drivername="postgresql").render_as_string(hide_password=False)
    connector = procrastinate.PsycopgConnector(
        conninfo=conninfo, kwargs={"options": "-c search_path=jobs,public"}, min_size=1, max_size=6
    )
    app = procrastinate.App(connector=connector)
    for name, task in TASKS.items():
        _register(app, name, task)
    return app


def _register(app: procrastinate.App, name: str, task: Task) -> None:
    retry = procrastinate.RetryStrategy(max_attempts=task.tries, wait=task.wait, exponential_wait=task.longer)

    @app.task(name=name, queue=task.queue, retry=retry, pass_context=True)
    def do(context: procrastinate.JobContext, /, subject: str, **who: str | None) -> None:
        actor, about = actor_of(who), UUID(subject)
        try:
            task.work(actor, about)
        except Exception as error:
            log().error("job failed", task=name, error=type(error).__name__, attempt=context.job.attempts)
            if context.job.attempts + 1 < task.tries:
                raise
            task.give_up(actor, about)


async def heal(app: procrastinate.App) -> None:
    """Take up again, for ever, the jobs whose worker no longer shows signs of life."""
    while True:
        with suppress(procrastinate.exceptions.ConnectorException):  # the database is away, or another worker was first
            for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=ORPHANED):
                await app.job_manager.retry_job(job)
                log().warning("job taken up again", task=job.task_name)
        await asyncio.sleep(HEARTBEAT)


async def forget(app: procrastinate.App) -> None:
    """Once an hour, for ever, let go of what was kept for a time (queue.sql)."""
    while True:
        with suppress(procrastinate.exceptions.ConnectorException):  # the database is away: in an hour, then
            await app.connector.execute_query_async("select app.forget_kept()")
        await asyncio.sleep(3600)


async def settle(app: procrastinate.App) -> None:
    """Twice a minute, for ever, move placements on that have come due (placements.sql); reading one does so too."""
    while True:
        with suppress(procrastinate.exceptions.ConnectorException):
            await app.connector.execute_query_async("select app.settle_placements()")
        await asyncio.sleep(30)


async def watch(_: procrastinate.App) -> None:
    """Every few seconds, for ever, seal the audit log and raise alarms."""
    while True:
        await asyncio.to_thread(chores.watch)
        await asyncio.sleep(chores.EVERY)


async def price(_: procrastinate.App) -> None:
    """Once an hour, for ever, plan for everybody, so that the order of the three follows what openings are worth; for
    the first time a minute after the start."""
    while True:
        await asyncio.sleep(60)
        try:
            await asyncio.to_thread(making.price_when_due)
        except Exception as error:  # the database is away, or the market is not there yet: in a minute, then
            log().error("prices not made", error=type(error).__name__)


async def compile_early(_: procrastinate.App) -> None:
    """Once, have compiled what the first pages would wait for."""
    await asyncio.to_thread(compile_ahead)


async def count(_: procrastinate.App) -> None:
    """Every hour, for ever, see whether today's count of those who have gone before is made."""
    while True:
        await asyncio.sleep(3600)
        with suppress(SQLAlchemyError):  # the database is away: in an hour, then
            await asyncio.to_thread(gone_before.count_gone_before)


async def _run() -> None:
    app = make_app()
    async with app.open_async():
        asides = [
            asyncio.create_task(chore(app)) for chore in (heal, forget, settle, watch, compile_early, price, count)
        ]
        workers = [asyncio.create_task(_work(app, queue)) for queue in TURNS]
        stop = asyncio.Event()
        for name in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(name, stop.set)
        stopped = asyncio.create_task(stop.wait())
        await asyncio.wait([stopped, *workers], return_when=asyncio.FIRST_COMPLETED)
        for begun in (stopped, *workers, *asides):
            begun.cancel()  # a cancelled worker finishes its running jobs first
        ends = await asyncio.gather(*workers, return_exceptions=True)
    for end in ends:
        if isinstance(end, Exception):
            raise end


async def _work(app: procrastinate.App, queue: str) -> None:
    await app.run_worker_async(
        queues=[queue],
        concurrency=TURNS[queue],
        # a message has a record of its own: its job is not kept beside it
        delete_jobs="successful" if queue == "messages" else "never",
        install_signal_handlers=False,
        update_heartbeat_interval=HEARTBEAT,
        stalled_worker_timeout=10 * ORPHANED,
    )


def run_worker() -> None:
    """Work until stopped; SIGTERM lets running jobs finish first. Raises SenderUnsafe."""
    configure(settings().log_level)
    os.nice(NICE)
    sender()  # unsafe settings end the start, not the first message
    asyncio.run(_run())
