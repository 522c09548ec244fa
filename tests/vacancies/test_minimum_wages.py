"""Minimum wages by place and day, as the reference data has them."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection

from app.actor import Actor
from app.db.transaction import read
from app.vacancies.minimum_wages import WageTable, WageTier, wage_table

TODAY = date(2026, 11, 21)
TIERS = st.builds(
    WageTier,
    code=st.sampled_from(["440000", "440300", "370000"]),
    region=st.just("某地"),
    monthly_yuan=st.integers(1000, 3000),
    hourly_yuan=st.none() | st.floats(10, 30),
    as_of=st.dates(date(2022, 1, 1), date(2026, 1, 1)),
)
CODES = st.sampled_from(["440305", "440106", "370112", "110101"])
DAYS = st.dates(date(2021, 1, 1), date(2027, 1, 1))


@pytest.mark.parametrize(("code", "region"), [("440305", "深圳"), ("440106", "广东"), ("370112", "山东")])
def test_a_citys_own_figures_come_before_its_provinces(
    db: Connection, actors: dict[str, Actor], code: str, region: str
) -> None:
    with read(actors["station"]) as tx:
        for table in (wage_table(tx.session), wage_table(tx.session, code)):
            found = table.floor(code, TODAY)
            assert found is not None
            assert found.region == region
            assert found.monthly_lowest <= found.monthly_highest


@pytest.mark.parametrize(("code", "tier"), [("440106", 1), ("441900", 2), ("310115", 1), ("440305", 1)])
def test_the_tier_of_a_city_is_told_where_one_holds_for_all_of_it(
    db: Connection, actors: dict[str, Actor], code: str, tier: int
) -> None:
    with read(actors["station"]) as tx:
        found = wage_table(tx.session).floor(code, TODAY)
        asked = wage_table(tx.session).floor("370112", TODAY)
    assert found is not None
    assert asked is not None
    assert asked.monthly_here is None
    assert (found.monthly_here == found.monthly_highest) == (tier == 1)
    assert found.is_above("enterprise", (found.monthly_here or 0) - 1)
    assert not found.is_above("public_welfare", 1)


def test_nothing_is_known_before_the_first_edition_and_of_places_that_are_none(
    db: Connection, actors: dict[str, Actor]
) -> None:
    with read(actors["station"]) as tx:
        assert wage_table(tx.session).floor("440106", date(2000, 1, 1)) is None
        assert wage_table(tx.session, "999999").floor("999999", TODAY) is None


@given(tiers=st.lists(TIERS), code=CODES, day=DAYS)
def test_the_last_edition_before_the_day_holds_and_no_later_one_is_looked_at(
    tiers: list[WageTier], code: str, day: date
) -> None:
    found = WageTable(tiers).floor(code, day)
    past = [tier for tier in tiers if tier.as_of <= day]
    assert found == WageTable(past).floor(code, day)
    if found is not None:
        own = [tier for tier in past if tier.code == f"{code[:4]}00"]
        here = own or [tier for tier in past if tier.code == f"{code[:2]}0000"]
        edition = [tier.monthly_yuan for tier in here if tier.as_of == max(other.as_of for other in here)]
        assert (found.monthly_lowest, found.monthly_highest) == (min(edition), max(edition))
