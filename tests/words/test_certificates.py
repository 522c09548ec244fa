"""Which certificate a text names, which the law asks, and what counts as holding it."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.occupations.lexicon_files import lexicon
from matching.certificates import Held
from matching.lexicon import Lexicon


@pytest.fixture(scope="module")
def words() -> Lexicon:
    return lexicon()


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("特种作业操作证（焊接）", {"welding"}),
        ("叉车证", {"forklift"}),
        ("特种设备作业人员证 N1", {"forklift"}),
        ("驾驶证C1", {"drive_c1"}),
        ("健康证", {"health"}),
        ("电工证", {"electric_low"}),
        ("低压电工证、健康证", {"electric_low", "health"}),
        ("A2驾照，货运从业资格证", {"drive_a2", "freight"}),
        ("消控证", {"fire_control"}),
        ("建筑架子工证", {"scaffold"}),
        ("無", set()),
        ("无", set()),
        ("身份证", set()),
    ],
)
def test_a_certificate_is_known_by_the_ways_people_write_it(words: Lexicon, text: str, named: set[str]) -> None:
    found = words.certificates(text)
    assert set(found.named) == named
    assert found.unknown == ()


def test_bare_trades_in_a_certificate_column_mean_their_certificates(words: Lexicon) -> None:
    assert set(words.certificates("电工、焊工").named) == {"electric_low", "welding"}
    assert set(words.certificates("叉车，健康证").named) == {"forklift", "health"}
    assert words.certificates("会电工优先").named == ()


def test_a_certificate_one_has_not_is_denied(words: Lexicon) -> None:
    found = words.certificates("有健康证，没有电工证")
    assert found.named == ("health",)
    assert found.denied == ("electric_low",)


@pytest.mark.parametrize("text", ["电焊工证（已过期）", "过期的焊工证", "焊工证失效"])
def test_a_certificate_said_to_be_expired_is_not_held(words: Lexicon, text: str) -> None:
    assert words.certificates(text).named == ()
    assert words.certificates(text).denied == ("welding",)


def test_an_unknown_certificate_is_reported(words: Lexicon) -> None:
    assert words.certificates("潜水证").unknown == ("潜水证",)


def test_a_higher_licence_covers_the_lower(words: Lexicon) -> None:
    book = words.certificate_book
    held = words.certificates("A2驾驶证").mask
    assert book.required_mask(["drive_c1"]) & ~held == 0
    assert book.required_mask(["drive_a1"]) & ~held != 0


def test_a_health_certificate_is_never_a_filter(words: Lexicon) -> None:
    assert words.certificate_book.required_mask(["health"]) == 0
    assert words.certificate_book.row("health").kind == "health"


def test_an_expired_certificate_does_not_count(words: Lexicon) -> None:
    book = words.certificate_book
    held = [Held("forklift", date(2026, 5, 1)), Held("welding")]
    assert book.held_mask(held, date(2026, 5, 1)) == book.mask(["forklift", "welding"])
    assert book.held_mask(held, date(2026, 5, 2)) == book.mask(["welding"])


def test_the_law_is_named_for_the_work_it_governs(words: Lexicon) -> None:
    rule = words.required_by_law("O176")
    assert rule is not None
    assert rule.certificates == ("forklift",)
    assert "特种设备" in rule.regulation
    assert words.required_by_law("O209") is None


def test_every_bit_fits_into_64(words: Lexicon) -> None:
    bits = [words.certificate_book.bit(row.id) for row in words.certificate_book]
    assert sorted(bits) == list(range(len(bits)))
    assert len(bits) <= 64


@settings(deadline=None, max_examples=200)
@given(st.text(max_size=50))
def test_any_text_is_read_without_a_crash(text: str) -> None:
    found = lexicon().certificates(text)
    assert 0 <= found.mask < 2**64
