"""Two Ray nodes on this machine, one of them killed while everybody is matched: `./dev soak cluster`.

The result must be complete and equal to what one process finds. Loopback only.
"""

from __future__ import annotations

import os
import time
from itertools import chain

import numpy as np

from app.bench.market import Size, generate
from app.bench.market_file import market_from_columns
from app.suggestions.everybody import shared
from matching.index import Index
from matching.rank import People
from matching.shards import Matched, match_shard, work

#: Before Ray is imported: its nodes speak over the loopback, and nothing is reported to anybody.
os.environ |= {"RAY_USAGE_STATS_ENABLED": "0", "RAY_NODE_IP_ADDRESS": "127.0.0.1", "RAY_DISABLE_IMPORT_WARNING": "1"}
#: A busy machine takes minutes to start a node.
os.environ |= {"RAY_agent_register_timeout_ms": "300000", "RAY_raylet_start_wait_time_s": "300"}
SHARDS, WORKERS, VACANCIES = 24, 60_000, 20_000


def main() -> None:
    """Run it and say what happened; an assertion fails when anything is missing or different."""
    import ray
    from ray.cluster_utils import Cluster

    from app.suggestions.everybody_on_ray import on_ray

    size = Size(west=(6, 200), east=(6, 200), occupations=100, skills=200)
    loaded = market_from_columns(generate(7, VACANCIES, WORKERS, size), size.occupations)
    index, people = Index.build(loaded.vacancies, loaded.market), People.of(loaded.workers)
    cluster = Cluster(initialize_head=True, head_node_args={"num_cpus": 1, "node_ip_address": "127.0.0.1"})
    second = cluster.add_node(num_cpus=1, node_ip_address="127.0.0.1")
    ray.init(address=cluster.address, log_to_driver=False, _node_ip_address="127.0.0.1")
    try:
        with shared(work(index, people, top=3)) as block:
            began = time.perf_counter()
            parts = on_ray()(block, SHARDS)
            found = [next(parts), next(parts)]
            cluster.remove_node(second, allow_graceful=False)
            found = list(chain(found, parts))
            print(
                f"{WORKERS:,} workers in {time.perf_counter() - began:.1f} s with a node lost after 2 of {SHARDS} parts"
            )
            check(found, [match_shard(block, 0, 1)])
    finally:
        ray.shutdown()
        cluster.shutdown()  # type: ignore[no-untyped-call]
    print("complete and equal")


def check(found: list[Matched], expected: list[Matched]) -> None:
    """Nobody missing, nobody twice, everybody's answer the same."""
    (workers, rows, scores), (who, best, points) = together(found), together(expected)
    assert np.array_equal(workers, who)
    assert np.array_equal(rows, best)
    assert np.array_equal(scores, points)


def together(parts: list[Matched]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """All parts' workers in their order, with rows and scores."""
    workers = np.concatenate([part.workers for part in parts])
    order = np.argsort(workers)
    rows, scores = (np.concatenate([getattr(part, name) for part in parts]) for name in ("rows", "scores"))
    return workers[order], rows[order], scores[order]


if __name__ == "__main__":
    main()
