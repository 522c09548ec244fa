"""How crowded things are, for /metrics: shares and sums, nothing of anybody; the worker process makes plans, so the
database is asked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy.exc import SQLAlchemyError

from app.actor import ENGINE
from app.db.transaction import read
from app.plans.price_queries import coverage, crowding

#: As in a plan's `congestion`: when everybody chooses alone, and by the plan.
WAYS = {"before": "alone", "after": "planned"}
SHARES = ("crowded", "placed_by_first", "never_suggested")


class PlanFigures(Collector):
    """Congestion at the last prices for everybody, and how far these fill the openings."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Nothing while the database is away or before the first prices."""
        try:
            with read(ENGINE) as engine:
                found, filled = crowding(engine), coverage(engine.session)
                shares: dict[str, Any] = dict(found.shares) if found else {}
        except SQLAlchemyError:
            return
        congestion = GaugeMetricFamily("eastwest_plan_congestion", "Shares at the last prices", labels=["share", "way"])
        for moment, way in WAYS.items():
            for name in SHARES if shares else ():
                congestion.add_metric([name, way], shares[moment][name])
        yield congestion
        openings = GaugeMetricFamily("eastwest_plan_openings", "Openings at the last prices", labels=["which"])
        for which, many in filled.items():
            openings.add_metric([which], many)
        yield openings
