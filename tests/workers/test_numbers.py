"""ID numbers and mobile numbers."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.messages.phone import as_mobile
from app.workers.id_number import age_on, as_18, birth_date, check_character, fault_of, masked

TODAY = date(2026, 12, 1)
BIRTHS = st.dates(date(1900, 1, 1), TODAY)
ORDERS = st.integers(0, 999)


def number(born: date, order: int) -> str:
    first17 = f"520526{born:%Y%m%d}{order:03d}"
    return first17 + check_character(first17)


def test_the_standards_own_example_is_right() -> None:
    """GB 11643-1999, annex: 11010519491231002X."""
    assert fault_of("11010519491231002X", TODAY) is None


@given(born=BIRTHS, order=ORDERS)
def test_a_number_with_its_check_character_is_right_and_dated(born: date, order: int) -> None:
    assert fault_of(number(born, order), TODAY) == ("under_age" if age_on(TODAY, born) < 16 else None)
    assert birth_date(number(born, order)) == born


@given(born=BIRTHS, order=ORDERS, at=st.integers(0, 16), other=st.integers(1, 9))
def test_one_wrong_digit_is_always_noticed(born: date, order: int, at: int, other: int) -> None:
    right = number(born, order)
    wrong = right[:at] + str((int(right[at]) + other) % 10) + right[at + 1 :]
    assert (fault_of(wrong, TODAY) or "").startswith("id_number_checksum")


@given(text=st.text(max_size=20))
def test_any_text_is_judged_without_a_crash(text: str) -> None:
    fault = fault_of(as_18(text), TODAY)
    assert fault is None or fault.startswith(("id_number_checksum", "under_age"))


@given(born=st.dates(date(1900, 1, 1), date(1999, 12, 31)), order=ORDERS)
def test_an_old_number_of_fifteen_digits_is_lengthened(born: date, order: int) -> None:
    old = f"520526{born:%y%m%d}{order:03d}"
    assert as_18(old) == number(born, order)


@pytest.mark.parametrize(
    "written",
    [
        " 1101051949 1231002x ",
        "１１０１０５１９４９１２３１００２Ｘ",
        "110105-19491231-002х",
        "'11010519491231002*",
        "\u200b11010519491231002×",
    ],
)
def test_width_case_marks_and_blanks_are_only_a_way_of_writing(written: str) -> None:
    assert as_18(written) == "11010519491231002X"


@pytest.mark.parametrize(
    "wrong",
    ["", "1", "11010519491231002", "990105194912310021", "11010519491331002X", "١١٠١٠٥١٩٤٩١٢٣١٠٠٢X"],
)
def test_what_is_no_number_is_refused(wrong: str) -> None:
    assert (fault_of(wrong, TODAY) or "").startswith("id_number_checksum")


def test_sixteen_today_is_old_enough_and_a_day_later_is_not() -> None:
    assert fault_of(number(date(2010, 12, 1), 369), TODAY) is None
    assert fault_of(number(date(2010, 12, 2), 369), TODAY) == "under_age"


def test_masking_leaves_the_place_of_issue() -> None:
    assert masked("11010519491231002X") == "110105************"


def test_a_birthday_counts_from_its_day() -> None:
    assert age_on(date(2026, 11, 30), date(2010, 12, 1)) == 15
    assert age_on(date(2026, 12, 1), date(2010, 12, 1)) == 16


@pytest.mark.parametrize(
    "text", ["13900000001", "+86 139 0000 0001", "139-0000-0001", "１３９０００００００１", "008613900000001"]
)
def test_a_mobile_number_is_read_in_the_ways_people_write_it(text: str) -> None:
    assert as_mobile(text) == "13900000001"


@pytest.mark.parametrize("text", ["", "12900000001", "1390000000", "139000000011", "0857-1234567", "一三九"])
def test_what_is_no_mobile_number_is_none(text: str) -> None:
    assert as_mobile(text) is None
