"""统一社会信用代码."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.identity.uscc import as_uscc, check_character

LETTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
FIRST17 = st.text(LETTERS, min_size=17, max_size=17)


def test_the_check_character_is_tested() -> None:
    first17 = "91350211M000100Y4"
    code = first17 + check_character(first17)
    assert as_uscc(code.lower()) == code
    assert as_uscc(first17 + ("0" if code[-1] != "0" else "1")) is None


@given(first17=FIRST17, at=st.integers(0, 16), other=st.integers(1, 30))
def test_one_wrong_character_is_always_noticed(first17: str, at: int, other: int) -> None:
    code = first17 + check_character(first17)
    wrong = LETTERS[(LETTERS.index(code[at]) + other) % 31]
    assert as_uscc(code) == code
    assert as_uscc(code[:at] + wrong + code[at + 1 :]) is None


@given(text=st.text(max_size=20))
def test_any_text_is_judged_without_a_crash(text: str) -> None:
    assert as_uscc(text) is None or len(as_uscc(text) or "") == 18


@pytest.mark.parametrize("wrong", ["", "91350211M000100Y4", "91350211I000100Y40", "91350211M000100Y400"])
def test_what_is_no_code_is_none(wrong: str) -> None:
    assert as_uscc(wrong) is None
