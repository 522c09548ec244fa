"""The parts of `everybody` on the machines of a Ray cluster: the optional extra `cluster`.

The block goes to every machine once; a part whose machine dies is done again on another. Parts are pure functions, so
that doing one twice changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import ray

from app.suggestions.everybody import Runner
from matching.shards import Matched, match_shard


def on_ray(address: str) -> Runner:
    """On the cluster at an address (`host:port`); called on one of its machines, where this checkout lies too."""

    def run(block: Any, shards: int) -> Iterator[Matched]:
        ray.init(address=address, log_to_driver=False, ignore_reinit_error=True)
        held = ray.put(np.frombuffer(block, np.uint8))
        part = ray.remote(max_retries=-1)(match_shard)
        waiting = [part.remote(held, shard, shards) for shard in range(shards)]
        while waiting:
            done, waiting = ray.wait(waiting)
            yield from ray.get(done)

    return run
