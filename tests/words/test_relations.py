"""How far one occupation serves where another is asked: explained, directional, and the same twice over."""

import numpy as np
import pytest

from app.occupations.lexicon_files import REFERENCE, lexicon, lexicon_rows
from matching.lexicon import Lexicon, LexiconRows
from matching.relations import OccupationRow, RelationRow, derive, level_of, relate


@pytest.fixture(scope="module")
def words() -> Lexicon:
    return lexicon()


@pytest.fixture(scope="module")
def rows() -> LexiconRows:
    return lexicon_rows(REFERENCE)


def likeness_of(lexicon: Lexicon, worker: str, job: str) -> int:
    ids = {row.name: row.id for row in lexicon.occupations}
    return int(lexicon.S[lexicon.index(ids[worker]), lexicon.index(ids[job])])


def test_everyone_serves_their_own_occupation_wholly(words: Lexicon) -> None:
    assert (np.diag(words.S) == 100).all()
    assert words.S.dtype == np.uint8
    assert words.S.max() <= 100


def test_the_fast_matrix_is_the_readable_relation(rows: LexiconRows, words: Lexicon) -> None:
    exceptions = {(row.worker, row.job): row for row in rows.relations}
    chosen = rows.occupations[::13]
    for one in chosen:
        for other in chosen:
            expected = relate(one, other, exceptions, rows.groups).hundredths
            assert words.S[words.index(one.id), words.index(other.id)] == expected


def test_every_relation_says_why(words: Lexicon) -> None:
    assert words.relation("O203", "O204").why
    assert words.relation("O125", words.occupations[-1].id).why


def test_likeness_is_directional(words: Lexicon) -> None:
    assert likeness_of(words, "母婴护理员", "婴幼儿发展引导员") > likeness_of(words, "婴幼儿发展引导员", "母婴护理员")
    assert likeness_of(words, "中式烹调师", "厨工") > likeness_of(words, "厨工", "中式烹调师")
    assert likeness_of(words, "道路货运汽车驾驶员", "轻型货车司机") > likeness_of(
        words, "轻型货车司机", "道路货运汽车驾驶员"
    )


def test_a_craft_leaves_little_behind_in_unskilled_work_of_another_trade(words: Lexicon) -> None:
    assert likeness_of(words, "食品厂普工", "电子设备装接工") > 50 > likeness_of(words, "焊工", "食品厂普工")
    assert likeness_of(words, "抹灰工", "建筑杂工") > 50


@pytest.mark.parametrize(
    ("worker", "job"), [("缝纫工", "车工"), ("保安员", "家政服务员"), ("电工", "电子设备装接工"), ("车工", "叉车司机")]
)
def test_false_friends_are_unrelated_or_need_training(words: Lexicon, worker: str, job: str) -> None:
    assert level_of(likeness_of(words, worker, job)) == "unrelated"


def test_an_exception_outranks_the_tree() -> None:
    one = OccupationRow("A", "甲", "A", "", "工厂", "服装", "缝制", 2)
    other = OccupationRow("B", "乙", "B", "", "工厂", "服装", "缝制", 2)
    assert derive([one, other], [], [])[0, 1] == 68
    assert derive([one, other], [], [RelationRow("A", "B", 5, "不同")])[0, 1] == 5


def test_an_exception_about_nobody_is_refused() -> None:
    one = OccupationRow("A", "甲", "A", "", "工厂", "服装", "缝制", 2)
    with pytest.raises(ValueError, match="unknown occupation"):
        derive([one], [], [RelationRow("A", "Z", 5, "")])


def test_names_and_ids_are_unique(rows: LexiconRows) -> None:
    assert len({row.id for row in rows.occupations}) == len(rows.occupations)
    assert len({row.name for row in rows.occupations}) == len(rows.occupations)
    assert len({row.id for row in rows.skills}) == len(rows.skills)


def test_the_lexicon_is_far_larger_than_the_given_one(rows: LexiconRows) -> None:
    assert len(rows.occupations) >= 450
    assert len(rows.skills) >= 140
    assert len(rows.aliases) >= 6000
