"""Very many concurrent acts on a few vacancies and workers, plans among them: does any rule of placements ever fall?

    python -m tests.placements.soak_placements [acts] [seed]

makes databases on the tests' server, plays (100,000 acts when not told otherwise) and prints what happened.
"""

from __future__ import annotations

import os
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from app.db.transaction import engine
from app.main import create_app
from tests.conftest import DATA, SERVER, fill
from tests.database import pointed_at, serving
from tests.placements.burst import Floor, drawn
from tests.placements.scene import set_up

#: After so many bursts another floor is laid, and after so many floors another database: rules are asked of all rows.
BURSTS, FLOORS = 60, 25
#: In so many bursts one has plans for all workers of a station made, published and taken back in it.
PLANS_EVERY = 10


def play(acts: int, seed: int, made_from: str) -> tuple[Counter[str], list[str]]:
    """How often each thing happened, and each fall of a rule with the burst that brought it."""
    app = create_app(rooms=())
    seen, falls, number = Counter[str](), list[str](), seed * 1_000_000
    with serving(SERVER, DATA) as server, ThreadPoolExecutor(8) as pool:
        while seen.total() < acts and not falls:
            name = f"ew_soak_{os.getpid()}_{number}"
            with set_up(server, made_from, name, app) as scene, scene.superuser() as watch:
                watch.autocommit = True
                engine()  # one for all threads
                for _ in range(FLOORS):
                    floor = Floor.lay(scene, watch)
                    for _ in range(BURSTS):
                        number += 1
                        burst = drawn(number, plans_every=PLANS_EVERY)
                        floor.burst(burst, number, pool)
                        if faults := floor.faults():
                            falls.append(f"burst {number} {burst}: {faults}")
                            break
                    seen.update(floor.seen)
                    if falls or seen.total() >= acts:
                        break
            print(f"{seen.total():9,} acts, {number % 1_000_000:,} bursts, {len(falls)} falls", flush=True)
    return seen, falls


def main(acts: int = 100_000, seed: int = 0) -> int:
    """Play; 1 when a rule fell."""
    began = time.monotonic()
    with serving(SERVER, DATA) as server:
        made_from = f"ew_soak_{os.getpid()}"
        server.run("create database {}", made_from)
        try:
            with pointed_at(server.url(made_from)):
                fill()
            seen, falls = play(acts, seed, made_from)
        finally:
            server.drop(made_from)
    for what, times in sorted(seen.items()):
        print(f"{times:9,} {what}")
    print(f"{seen.total():,} acts in {time.monotonic() - began:.0f} s; rules fallen: {len(falls)}")
    for fall in falls:
        print(fall)
    return int(bool(falls))


if __name__ == "__main__":
    raise SystemExit(main(*map(int, sys.argv[1:])))
