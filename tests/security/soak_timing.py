"""Does a clock tell what an answer does not? What is another's is asked for as often as what does not exist, in turn;
the middle answer of both must take equally long (SECURITY T1: within 5 ms over 1,000).

    python -m tests.security.soak_timing [requests]

prints the gap of every operation with an id in its path; ends with 1 when one is too wide. For a quiet machine.
"""

from __future__ import annotations

import os
import statistics
import sys
import time
from unittest.mock import patch

from app.devdb import fingerprint
from app.main import create_app
from tests.conftest import DATA, SERVER, fill, key_file
from tests.database import ROOT, serving, template
from tests.security import http_calls as calls
from tests.security.http_world import PinnedMarket, standing_over_http
from tests.security.test_http_matrix import House, _parameters, _things

#: Milliseconds between the medians.
WIDEST = 5.0


def gap(house: House, operation: calls.Route, role: str, name: str, requests: int) -> float:
    """Milliseconds between the medians of foreign and absent."""
    things = {one: _things(operation, one)[role][0] for one in _parameters(operation)}
    foreign = _things(operation, name)[role][1][0]
    absent = f"{foreign.partition('_')[0]}_{calls.ABSENT.hex}"
    took: dict[str, list[float]] = {foreign: [], absent: []}
    for n in range(2 * requests):
        shown = (foreign, absent)[n % 2]
        began = time.perf_counter()
        house.ask(role, operation, things | {name: shown})
        took[shown].append((time.perf_counter() - began) * 1e3)
    return abs(statistics.median(took[foreign]) - statistics.median(took[absent]))


def main(requests: int = 1000) -> int:
    """Every operation, as the first role that has something foreign."""
    wide = 0
    made_of = fingerprint(ROOT / "migrations", key_file(), ROOT / "seed/reference", ROOT / "tests/people.py")
    with serving(SERVER, DATA) as server:
        made_from = template(server, f"ew_full_{made_of}", fill, DATA)
        with (
            standing_over_http(server, made_from, f"ew_clone_{os.getpid()}_timing") as connection,
            patch("app.db.transaction.engine", lambda: connection),
            patch("app.db.transaction.engine_apart", lambda: connection),
        ):
            app = create_app()
            app.state.market = PinnedMarket()
            house = House(app, connection)
            for row in calls.routes():
                for name in _parameters(row) if row.foreign == "absent" else ():
                    roles = [role for role, (_, theirs) in _things(row, name).items() if theirs and role in row.roles]
                    if roles:
                        found = gap(house, row, roles[0], name, requests)
                        wide += found > WIDEST
                        print(f"{found:6.2f} ms  {row.operation} {roles[0]} {name}", flush=True)
    print(f"{wide} wider than {WIDEST} ms")
    return 1 if wide else 0


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
