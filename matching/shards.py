"""Everybody against the whole market, in parts that any process on any machine can do by itself.

All a part needs is one block of bytes: the index, what the market's rankings share, and the workers. Processes of one
machine share it in memory; a cluster sends it to each machine once.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from matching.index import Index, Search
from matching.rank import People
from matching.snapshot import packed, unpacked
from matching.tables import Geography, Longs, Market, Profile, Weights

_INDEX = "index."


@dataclass(frozen=True)
class Matched:
    """The best vacancies of one part's workers."""

    #: int64[n]: the workers, by their number among all.
    workers: Longs
    #: int64[n, top]: rows of the index, -1: there are no more; and whole micro-points.
    rows: Longs
    scores: Longs


def work(index: Index, people: People, *, top: int, distinct: bool = False, floor: float = 0.0) -> Iterator[Any]:
    """The block, piece by piece. Workers stand in the order in which neighbours look at the same vacancies."""
    market = index.market
    order = index.neighbours_together(people)
    arrays = {f"{_INDEX}{name}": array for name, array in index.arrays().items()}
    arrays |= {
        "prefecture": market.geography.prefecture,
        "province": market.geography.province,
        "closed": market.geography.closed,
        "tiers": market.tiers,
        "likeness": market.likeness,
        "order": order,
        "workers": people.records[order],
        "declined": people.declined,
    }
    facts = {"top": top, "distinct": distinct, "floor": floor, "today": market.today}
    yield from packed(arrays, facts | {"occupations": market.occupations, "profile": asdict(market.profile)})


def match_shard(block: Any, shard: int, shards: int) -> Matched:
    """The part number `shard` of `shards`: a function of its arguments and nothing else."""
    arrays, facts = unpacked(block)
    edges = np.linspace(0, len(arrays["workers"]), shards + 1).astype(int)
    mine = slice(int(edges[shard]), int(edges[shard + 1]))
    profile = facts["profile"] | {"weights": Weights(**facts["profile"]["weights"])}
    profile["tier_values"] = tuple(profile["tier_values"])
    market = Market(
        Geography(arrays["prefecture"], arrays["province"], arrays["closed"]),
        arrays["tiers"],
        arrays["likeness"],
        facts["occupations"],
        facts["today"],
        Profile(**profile),
    )
    of_index = {name.removeprefix(_INDEX): array for name, array in arrays.items() if name.startswith(_INDEX)}
    index = Index.from_arrays(of_index, market)
    people = People(arrays["workers"][mine], arrays["declined"])
    search = Search(index, people, facts["top"], distinct=facts["distinct"], floor=facts["floor"])
    search.all()
    return Matched(arrays["order"][mine].copy(), search.rows, search.scores)
