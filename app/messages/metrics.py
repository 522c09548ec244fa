"""How messages fare, for /metrics: the worker process sends them, so the database is asked."""

from __future__ import annotations

from collections.abc import Iterator

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy.exc import SQLAlchemyError

from app.actor import VISITOR
from app.db.transaction import read
from app.messages.queries import counts

STATES = ("queued", "sent", "failed", "not_sent", "dropped")


class MessageCounts(Collector):
    """Messages of the last 24 hours by state; `failed` are the ones to look into."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """One gauge with a label; nothing while the database is away."""
        try:
            with read(VISITOR) as tx:
                found = counts(tx)
        except SQLAlchemyError:
            return
        gauge = GaugeMetricFamily("eastwest_messages", "Messages of the last 24 hours", labels=["state"])
        for state in STATES:
            gauge.add_metric([state], found.get(state, 0))
        yield gauge
