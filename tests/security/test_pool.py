"""A short game of soak_pool; `./dev soak` plays the long one."""

from __future__ import annotations

import pytest

from app.db.transaction import engine
from tests.database import pointed_at
from tests.security.soak_pool import CONNECTIONS, FATES, play


def test_no_session_ever_sees_another_ones_rows(world: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EASTWEST_POOL_SIZE", str(CONNECTIONS))
    with pointed_at(world):
        found = play(2000)
        assert {what: n for what, n in found.items() if what.startswith("FOREIGN")} == {}
        assert {what.partition(":")[0] for what in found} >= {fate.__name__ for fate in FATES}
        assert engine().pool.status().startswith(f"Pool size: {CONNECTIONS}")
