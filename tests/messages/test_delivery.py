"""A message is carried out once, after its transaction is committed, and what became of it stays to be seen."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from uuid import UUID

import psycopg
import pytest
from prometheus_client import CollectorRegistry, generate_latest
from sqlalchemy import func, select, text, update

from app.actor import DOOR, Actor
from app.db.transaction import jobs_url, own, read, write
from app.identity.codes import compose
from app.jobs.worker import make_app
from app.messages.metrics import MessageCounts
from app.messages.model import Message
from app.messages.senders import Outgoing, Refused, Undelivered
from app.messages.usecases import deliver, give_up, send
from app.settings import settings
from tests.client import TestClient
from tests.identity.codes_at_work import MINE, app, ask, http, mine, verify
from tests.messages.hook import listening
from tests.messages.outbox import carry_out, code_in

__all__ = ["app", "http", "mine"]


def ordered(actor: Actor, words: str = "您好") -> UUID:
    with write(actor) as tx:
        return send(tx, MINE, words)


def state(message_id: UUID) -> tuple[str, int]:
    with read(DOOR) as tx:
        found = tx.session.execute(select(Message.state, Message.tries).where(Message.id == message_id)).one()
    return found.state, found.tries


def fails(_: Outgoing) -> None:
    raise Undelivered


def do_jobs() -> None:
    """Every job that waits, as the worker process would."""

    async def work() -> None:
        worker = make_app()
        async with worker.open_async():
            await worker.run_worker_async(wait=False, install_signal_handlers=False, listen_notify=False)

    asyncio.run(work())


def test_what_is_rolled_back_is_not_sent(http: TestClient, actors: dict[str, Actor]) -> None:
    with write(actors["station"]) as tx:
        send(tx, MINE, "您好")
        tx.session.rollback()
    assert carry_out() == []


def test_a_message_is_carried_out_once(http: TestClient, actors: dict[str, Actor]) -> None:
    message_id = ordered(actors["station"])
    assert [(message.id, message.text) for message in carry_out()] == [(message_id, "您好")]
    deliver(message_id, compose, fails)
    assert state(message_id) == ("sent", 1)


def test_a_try_that_failed_leaves_it_waiting(http: TestClient, actors: dict[str, Actor]) -> None:
    message_id = ordered(actors["station"])
    for _ in range(2):
        with pytest.raises(Undelivered):
            deliver(message_id, compose, fails)
    assert state(message_id) == ("queued", 2)
    assert len(carry_out()) == 1


def test_a_message_given_up_is_dead_and_the_metrics_tell(http: TestClient, actors: dict[str, Actor]) -> None:
    give_up(ordered(actors["station"]))
    ordered(actors["station"])
    registry = CollectorRegistry()
    registry.register(MessageCounts())
    told = generate_latest(registry).decode()
    assert 'eastwest_messages{state="failed"} 1.0' in told
    assert 'eastwest_messages{state="queued"} 1.0' in told
    assert 'eastwest_messages{state="sent"} 0.0' in told


def test_a_repeat_carries_the_same_code(http: TestClient, mine: UUID) -> None:
    """The first try may have got through after all."""
    ask(http)
    with read(DOOR) as tx:
        [message_id] = tx.session.scalars(select(Message.id)).all()
    first: list[Outgoing] = []

    def gets_lost(message: Outgoing) -> None:
        first.append(message)
        raise Undelivered

    with pytest.raises(Undelivered):
        deliver(message_id, compose, gets_lost)
    [second] = carry_out()
    assert first == [second]
    assert verify(http, code_in(first[0])).status_code == 200


def test_a_code_that_comes_too_late_is_not_sent(http: TestClient, mine: UUID) -> None:
    ask(http)
    with write(DOOR) as tx:
        tx.session.execute(update(Message).values(wanted_until=func.now() - timedelta(seconds=1)))
    assert carry_out() == []


def test_the_words_of_a_code_are_kept_no_longer_than_it_takes_to_send_them(http: TestClient, mine: UUID) -> None:
    ask(http)
    carry_out()
    with read(DOOR) as tx:
        [message] = tx.session.scalars(select(Message)).all()
    assert (message.state, message.text_sealed, message.phone_sealed) == ("sent", None, None)


def test_without_a_sender_a_message_is_kept_as_not_sent(
    http: TestClient, actors: dict[str, Actor], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings(), "sms", "none")
    message_id = ordered(actors["station"])
    deliver(message_id, compose)
    assert state(message_id) == ("not_sent", 0)


@pytest.mark.parametrize(("days", "left"), [(6, 3), (8, 0)])
def test_after_seven_days_a_message_is_forgotten(
    http: TestClient, actors: dict[str, Actor], days: int, left: int
) -> None:
    message_id = ordered(actors["station"])
    carry_out()
    with own() as owner:
        owner.execute(text("update messages set created_at = now() - make_interval(days => :days)"), {"days": days})
    address = jobs_url().set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address, autocommit=True) as keeper:
        keeper.execute("select app.forget_kept()")
    with read(DOOR) as tx:
        kept = tx.session.execute(
            select(func.num_nonnulls(Message.number, Message.phone_sealed, Message.text_sealed)).where(
                Message.id == message_id
            )
        )
        assert kept.scalar_one() == left


def test_the_worker_process_posts_what_was_ordered_and_tries_again(
    http: TestClient, mine: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    with listening() as hook:
        for name, value in {"SMS": "webhook", "SMS_URL": hook.url, "SMS_SECRET": "s"}.items():
            monkeypatch.setenv(f"EASTWEST_{name}", value)
        settings.cache_clear()
        hook.answers = [503, 200]
        ask(http)
        do_jobs()
        with read(DOOR) as tx:
            [(state_now, tries)] = tx.session.execute(select(Message.state, Message.tries)).all()
        assert (state_now, tries, len(hook.received)) == ("queued", 1, 1)
        with own_jobs() as jobs:
            jobs.execute("update jobs.procrastinate_jobs set scheduled_at = now()")
        do_jobs()
        assert (len(hook.received), hook.received[0].body == hook.received[1].body) == (2, True)
    settings.cache_clear()


def own_jobs() -> psycopg.Connection[tuple[object, ...]]:
    """The queue, as its keeper sees it."""
    address = jobs_url().set(drivername="postgresql").render_as_string(hide_password=False)
    return psycopg.connect(address, options="-c search_path=jobs,public")


def test_a_message_that_never_gets_through_ends_as_failed(
    http: TestClient, actors: dict[str, Actor], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EASTWEST_SMS", "webhook")
    monkeypatch.setenv("EASTWEST_SMS_URL", "http://127.0.0.1:9/")
    monkeypatch.setenv("EASTWEST_SMS_SECRET", "s")
    settings.cache_clear()
    message_id = ordered(actors["station"])
    for _ in range(6):
        do_jobs()
        with own_jobs() as jobs:
            jobs.execute("update jobs.procrastinate_jobs set scheduled_at = now() where status = 'todo'")
    assert state(message_id) == ("failed", 6)
    settings.cache_clear()


def test_a_refused_message_is_failed_at_once(http: TestClient, actors: dict[str, Actor]) -> None:

    def never(_: Outgoing) -> None:
        raise Refused

    message_id = ordered(actors["station"])
    deliver(message_id, compose, never)
    assert state(message_id) == ("failed", 1)


def test_a_ciphertext_of_another_message_does_not_open(http: TestClient, actors: dict[str, Actor]) -> None:
    one, two = ordered(actors["station"]), ordered(actors["station"])
    with write(DOOR) as tx:
        swap = select(Message.phone_sealed).where(Message.id == one).scalar_subquery()
        tx.session.execute(update(Message).where(Message.id == two).values(phone_sealed=swap))
    with pytest.raises(ValueError, match=r"^messages\.phone_sealed$"):
        deliver(two, compose, fails)
