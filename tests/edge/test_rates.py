"""Who asks too often is told when to come back; others are served meanwhile."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.edge import rates
from app.edge.rates import Buckets
from app.settings import settings
from tests.client import TestClient
from tests.edge.trial_app import trial_app


class Clock:
    """A clock that stands still until it is moved."""

    now = 1000.0

    def __call__(self) -> float:
        """The time."""
        return self.now


def test_a_minutes_worth_at_once_then_evenly_and_never_more_than_a_minutes_worth() -> None:
    clock = Clock()
    buckets = Buckets(60, clock)
    assert [buckets.take(b"a") for _ in range(60)] == [0.0] * 60
    assert buckets.take(b"a") == pytest.approx(1.0)
    assert buckets.take(b"b") == 0.0
    clock.now += 1.0
    assert [bool(buckets.take(b"a")) for _ in range(2)] == [False, True]
    clock.now += 3600.0
    assert sum(buckets.take(b"a") == 0.0 for _ in range(100)) == 60


@given(st.lists(st.floats(0, 5), min_size=1, max_size=80))
def test_over_any_time_a_caller_gets_no_more_than_a_bucket_and_its_refill(waits: list[float]) -> None:
    clock = Clock()
    buckets = Buckets(6, clock)
    served = 0
    for wait in waits:
        clock.now += wait
        served += buckets.take(b"a") == 0.0
    assert served <= 6 + sum(waits) * 6 / 60 + 1e-6


def test_the_wait_that_is_said_is_enough_and_not_too_long() -> None:
    clock = Clock()
    buckets = Buckets(7, clock)
    while not (wait := buckets.take(b"a")):
        pass
    clock.now += wait - 0.01
    assert buckets.take(b"a") > 0
    clock.now += 0.011
    assert buckets.take(b"a") == 0


def test_only_so_many_callers_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rates, "REMEMBERED", 10)
    buckets = Buckets(1, Clock())
    assert buckets.take(b"first") == 0.0
    assert buckets.take(b"first") > 0.0
    for n in range(10):
        buckets.take(bytes([n]))
    assert buckets.take(b"first") == 0.0


def test_beyond_the_rate_it_is_429_with_the_time_to_wait_but_probes_are_answered(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(settings(), "requests_a_minute", 2)
    client = TestClient(trial_app())
    mine, other = {"authorization": "Bearer mine"}, {"authorization": "Bearer other"}
    assert [client.get("/v1/colours", headers=mine).status_code for _ in range(2)] == [200, 200]
    refused = client.get("/v1/colours", headers=mine)
    assert (refused.status_code, refused.json()["code"]) == (429, "too_many_requests")
    assert 1 <= int(refused.headers["retry-after"]) <= 30
    assert client.get("/v1/colours", headers=other).status_code == 200
    assert client.get("/healthz", headers=mine).status_code == 200
