"""The pruned search against the definition, and a market that changes against one built anew."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching import Index, TableError, rank, rank_by_definition
from matching.index import Search
from matching.rank import People
from matching.tables import VacancyTable, Weights
from tests.matching.markets import World, with_weights, worlds
from tests.matching.test_rank import found, plain_world

floors = st.sampled_from([0.0, 0.25, 0.6])


@settings(max_examples=200)
@given(world=worlds(), floor=floors, distinct=st.booleans(), top=st.integers(1, 5), after=st.integers(0, 3))
def test_the_pruned_search_finds_what_scoring_every_pair_by_hand_finds(
    world: World, floor: float, distinct: bool, top: int, after: int
) -> None:
    index = Index.build(world.vacancies, world.market)
    ranked = index.rank(world.workers, top=top, after=after, distinct=distinct, floor=floor)
    by_hand = rank_by_definition(
        world.workers, world.vacancies, world.market, top=top, after=after, distinct=distinct, floor=floor
    )
    assert found(ranked) == by_hand


one_sided = st.sampled_from([Weights(0, 1, 0, 0), Weights(0, 0, 0.5, 0.5), Weights(0, 0, 1, 0), Weights(0, 0, 0, 1)])


@given(world=worlds(max_vacancies=150), weights=one_sided, top=st.integers(1, 5), distinct=st.booleans())
def test_weights_that_say_nothing_of_trades_are_searched_exactly_too(
    world: World, weights: Weights, top: int, distinct: bool
) -> None:
    """Then no trade promises more than another, ties are long, and all cells are looked at in a row."""
    world = with_weights(world, weights)
    pruned = Index.build(world.vacancies, world.market).rank(world.workers, top=top, distinct=distinct)
    assert found(pruned) == found(rank(world.workers, world.vacancies, world.market, top=top, distinct=distinct))


@given(world=worlds(max_vacancies=150), top=st.integers(1, 30), seed=st.integers(0, 2**32 - 1))
def test_index_and_exhaustive_search_agree_in_everything_they_answer(world: World, top: int, seed: int) -> None:
    prices = np.random.default_rng(seed).choice(np.array([0, 50_000, 3_000_000]), len(world.vacancies))
    pruned = Index.build(world.vacancies, world.market).rank(world.workers, top=top, prices=prices)
    exhaustive = rank(world.workers, world.vacancies, world.market, top=top, prices=prices)
    for name in ("vacancy", "seq", "score", "price", "parts", "km"):
        assert np.array_equal(getattr(pruned, name), getattr(exhaustive, name)), name


@settings(max_examples=60)
@given(world=worlds(max_vacancies=80), newer=worlds(max_vacancies=80), data=st.data())
def test_a_market_that_changed_answers_like_one_built_anew(world: World, newer: World, data: st.DataObject) -> None:
    """Random histories: part of a market first, then inserts (older ones late, too), closes and changes."""
    built = data.draw(st.integers(0, len(world.vacancies)), label="built")
    current = {int(seq): (world.vacancies, i) for i, seq in enumerate(world.vacancies.seq[:built])}
    index = Index.build(rows(world.vacancies, np.arange(built)), world.market, spare=data.draw(st.integers(1, 9)))
    waiting = list(range(built, len(world.vacancies)))
    for _ in range(data.draw(st.integers(0, 40), label="steps")):
        step = data.draw(st.sampled_from(["insert", "close", "change"]))
        if step == "insert" and waiting:
            i = waiting.pop(data.draw(st.integers(0, len(waiting) - 1)))
            index.insert(rows(world.vacancies, np.array([i])))
            current[int(world.vacancies.seq[i])] = (world.vacancies, i)
        elif step == "close" and current:
            seq = data.draw(st.sampled_from(sorted(current)))
            index.close(seq)
            current.pop(seq)
        elif step == "change" and current and len(newer.vacancies):
            seq = data.draw(st.sampled_from(sorted(current)))
            i = data.draw(st.integers(0, len(newer.vacancies) - 1))
            version = replace(rows(newer.vacancies, np.array([i])), seq=np.array([seq]))
            index.change(version)
            current[seq] = (version, 0)
    now = stacked([replace(rows(table, np.array([i])), seq=np.array([seq])) for seq, (table, i) in current.items()])
    changed = index.rank(world.workers, top=4)
    if now is None:
        assert (changed.vacancy == -1).all()
        return
    anew = Index.build(now, world.market).rank(world.workers, top=4)
    for name in ("seq", "score", "parts", "km"):
        assert np.array_equal(getattr(changed, name), getattr(anew, name)), name


def test_many_workers_at_once_answer_as_one_at_a_time() -> None:
    world = plain_world()
    many = np.random.default_rng(1).integers(0, len(world.workers), 700)
    index = Index.build(world.vacancies, world.market)
    people = replace(
        world.workers,
        **{
            name: getattr(world.workers, name)[many]
            for name in world.workers.__dataclass_fields__
            if name not in ("declined", "declined_start")
        },
        declined_start=np.zeros(len(many) + 1, np.int64),
    )
    together, alone = index.rank(people, threads=2), index.rank(world.workers)
    assert np.array_equal(together.vacancy, alone.vacancy[many])
    assert np.array_equal(together.score, alone.score[many])


def test_a_snapshot_mapped_again_answers_and_changes_like_the_original(tmp_path: Path) -> None:
    world = plain_world()
    original = Index.build(world.vacancies, world.market)
    original.close(7)
    mapped = {}
    for name, array in original.arrays().items():
        np.save(tmp_path / f"{name}.npy", array)
        mapped[name] = np.load(tmp_path / f"{name}.npy", mmap_mode="c")
    copy = Index.from_arrays(mapped, world.market)
    newer = replace(rows(world.vacancies, np.array([0])), seq=np.array([500]))
    for index in (original, copy):
        index.insert(newer)
        index.close(3)
    assert found(copy.rank(world.workers, top=50)) == found(original.rank(world.workers, top=50))


def test_prices_made_before_an_insert_are_refused() -> None:
    world = plain_world()
    index = Index.build(world.vacancies, world.market)
    search = Search(index, People.of(world.workers), 3, prices=np.full(len(world.vacancies), 1_000))
    search.one(0)
    index.insert(replace(rows(world.vacancies, np.array([0])), seq=np.array([500])))
    with pytest.raises(TableError, match="changed since"):
        search.one(0)


def test_a_day_that_passes_takes_expired_vacancies_out() -> None:
    world = plain_world()
    until = replace(world.vacancies, valid_until_day=np.arange(len(world.vacancies), dtype=np.int32))
    index = Index.build(until, world.market)
    index.turn_to(20)
    assert set(index.rank(world.workers, top=50).vacancy.ravel().tolist()) == {-1, *range(20, 40)}


def test_closing_what_is_not_there_says_so() -> None:
    index = Index.build(plain_world().vacancies, plain_world().market)
    with pytest.raises(TableError, match="seq 999"):
        index.close(999)


def test_sequence_numbers_are_never_used_again() -> None:
    world = plain_world()
    index = Index.build(world.vacancies, world.market)
    with pytest.raises(TableError, match="already"):
        index.insert(rows(world.vacancies, np.array([3])))


def test_a_list_with_one_vacancy_that_does_not_fit_changes_nothing() -> None:
    world = plain_world()
    index = Index.build(world.vacancies, world.market)
    more = replace(rows(world.vacancies, np.array([0, 1])), seq=np.array([500, 501]))
    with pytest.raises(TableError, match="wage_hi 70000"):
        index.insert(replace(more, wage_hi=np.array([9_000, 70_000], np.int32)))
    assert len(index) == 40
    index.insert(more)
    assert index.row_of(501) == 41


def test_a_vacancy_with_more_skills_than_any_before_widens_the_slots() -> None:
    world = plain_world()
    index = Index.build(world.vacancies, world.market)
    one = rows(world.vacancies, np.array([0]))
    many = np.array([[3, 4, 5, 3, 4, 5, 3]], np.int32)
    index.insert(replace(one, seq=np.array([1_000]), skills=many))
    pasted = stacked([world.vacancies, replace(one, seq=np.array([1_000]), skills=many)])
    assert pasted is not None
    assert found(index.rank(world.workers, top=50)) == found(rank(world.workers, pasted, world.market, top=50))


def test_pay_beyond_what_the_index_keeps_is_refused_by_name() -> None:
    world = plain_world()
    with pytest.raises(TableError, match="wage_hi 70000"):
        Index.build(replace(world.vacancies, wage_hi=np.full(40, 70_000, np.int32)), world.market)


def rows(table: VacancyTable, chosen: np.ndarray) -> VacancyTable:
    """Some rows of a table."""
    return replace(table, **{name: getattr(table, name)[chosen] for name in table.__dataclass_fields__})


def stacked(tables: list[VacancyTable]) -> VacancyTable | None:
    """Tables one below the other, by sequence number."""
    if not tables:
        return None
    tables = sorted(tables, key=lambda table: int(table.seq[0]))
    width = max(table.skills.shape[1] for table in tables)
    columns = {}
    for name in tables[0].__dataclass_fields__:
        parts = [getattr(table, name) for table in tables]
        if name == "skills":
            parts = [np.pad(part, ((0, 0), (0, width - part.shape[1])), constant_values=-1) for part in parts]
        columns[name] = np.concatenate(parts)
    return VacancyTable(**columns)
