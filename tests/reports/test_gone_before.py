"""How many have gone before: never under ten, rounded down, each person in one cell."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.reports.gone_before import STEP, Gone, cells
from app.reports.queries import LEAST

HOMES = st.sampled_from(["520526", "520521", "520525", "520302", "622926", "520500"])
CITIES = st.sampled_from(["440100", "370100"])


def test_a_county_that_is_too_few_is_told_with_its_prefecture_and_then_its_province() -> None:
    counted = [
        ("520526", "440100", 23),
        ("520521", "440100", 6),
        ("520525", "440100", 7),
        ("520302", "440100", 9),
        ("520303", "370100", 4),
        ("520102", "370100", 6),
    ]
    assert cells(counted) == [
        Gone("520526", "440100", 20),
        Gone("520500", "440100", 10),
        Gone("520000", "370100", 10),
    ]


@given(st.lists(st.tuples(HOMES, CITIES, st.integers(1, 40))))
def test_no_cell_is_under_ten_and_nobody_stands_in_two(counted: list[tuple[str, str, int]]) -> None:
    told = cells(counted)
    assert all(one.least >= LEAST and one.least % STEP == 0 for one in told)
    assert len({(one.origin, one.city) for one in told}) == len(told)
    assert sum(one.least for one in told) <= sum(many for _, _, many in counted)
