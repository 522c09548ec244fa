"""A block of bytes holds all a part needs, and parts make up the whole."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching import Index
from matching.rank import People
from matching.shards import match_shard, work
from matching.snapshot import SnapshotError, packed, unpacked
from tests.matching.markets import World, worlds
from tests.matching.test_rank import plain_world


@settings(max_examples=20)
@given(world=worlds(), shards=st.integers(1, 9), distinct=st.booleans())
def test_parts_together_find_what_one_search_finds(world: World, shards: int, distinct: bool) -> None:
    index, people = Index.build(world.vacancies, world.market), People.of(world.workers)
    block = b"".join(work(index, people, top=3, distinct=distinct, floor=0.25))
    rows, scores = index.best(people, 3, distinct=distinct, floor=0.25)
    parts = [match_shard(block, shard, shards) for shard in range(shards)]
    workers = np.concatenate([part.workers for part in parts])
    assert sorted(workers.tolist()) == list(range(len(people)))
    assert np.array_equal(np.concatenate([part.rows for part in parts]), rows[workers])
    assert np.array_equal(np.concatenate([part.scores for part in parts]), scores[workers])


def test_groups_of_people_together_are_matched_as_each_is() -> None:
    world = plain_world()
    index, people = Index.build(world.vacancies, world.market), People.of(world.workers)
    both = People.together([people, people])
    rows, _ = index.best(both, 3)
    assert np.array_equal(rows, np.concatenate([index.best(people, 3)[0]] * 2))


def test_arrays_come_back_as_they_were() -> None:
    records = np.zeros(3, np.dtype([("a", "u1"), ("b", "i8"), ("list", "u2", (2,))], align=True))
    arrays = {"records": records, "empty": np.zeros((0, 4)), "flags": np.array([True, False]), "wide": np.eye(3)}
    found, facts = unpacked(b"".join(packed(arrays, {"day": 5})))
    assert facts == {"day": 5}
    assert {name: array.dtype for name, array in found.items()} == {name: a.dtype for name, a in arrays.items()}
    assert all(np.array_equal(found[name], array) for name, array in arrays.items())


@pytest.mark.parametrize("harm", [b"", b"something else entirely", b"eastwest market 1\n\x04\x00"])
def test_what_is_no_snapshot_is_refused(harm: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - a header cut short is JSON's own error
        unpacked(harm)


def test_half_a_snapshot_is_refused() -> None:
    whole = b"".join(packed({"numbers": np.arange(1_000)}, {}))
    with pytest.raises(SnapshotError, match="expected"):
        unpacked(whole[: len(whole) // 2])
