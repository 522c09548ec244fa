"""Pairing tiers: dated, most specific first, and the engine's table says the same as the rows."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from app.pairings.tiers import PairingRow, found_between, holding, tier_of, tier_table, value_of
from matching.tables import Tier

WEINING = ("520000", "520500", "520526")
BIJIE = ("520000", "520500")
TIANHE = ("440000", "440100", "440106")
SHUNDE = ("440000", "440600", "440606")


def pairing(
    level: str, east: str | None, west: str, since: str = "2016", until: str = "", **other: object
) -> PairingRow:
    row = PairingRow(
        kind="current",
        level=level,
        east_code=east,
        east_name=f"东{east}",
        west_code=west,
        west_name=f"西{west}",
        since=date(int(since), 1, 1),
        until=date(int(until), 12, 31) if until else None,
        document="某报",
        confidence="high",
        coarse=False,
    )
    return row._replace(**other)  # type: ignore[arg-type]


PROVINCE = pairing("province", "440000", "520000", "2021")
PREFECTURE = pairing("prefecture", "440100", "520500")
COUNTY = pairing("county", "440106", "520526", "2021")
FORMER = pairing("prefecture", "440600", "520500", "2013", "2020", kind="former")
NOW = date(2022, 5, 1)


def test_the_most_specific_row_wins() -> None:
    assert found_between([PROVINCE, COUNTY, PREFECTURE], WEINING, TIANHE, NOW).tier is Tier.COUNTY
    assert found_between([PROVINCE, PREFECTURE], WEINING, TIANHE, NOW).tier is Tier.PREFECTURE
    assert found_between([PROVINCE], WEINING, TIANHE, NOW).tier is Tier.PROVINCE


def test_a_row_holds_for_places_inside_both_parties_and_for_no_wider_ones() -> None:
    assert found_between([COUNTY], BIJIE, TIANHE, NOW).tier is Tier.NONE
    assert found_between([COUNTY], WEINING, TIANHE[:2], NOW).tier is Tier.NONE
    assert found_between([PREFECTURE], WEINING, SHUNDE, NOW).tier is Tier.NONE


def test_a_former_pair_was_a_pair_of_its_level_and_is_former_from_the_day_after() -> None:
    days = [date(2012, 12, 31), date(2013, 1, 1), date(2020, 12, 31), date(2021, 1, 1)]
    assert [tier_of(FORMER, day) for day in days] == [Tier.NONE, Tier.PREFECTURE, Tier.PREFECTURE, Tier.FORMER]


def test_a_former_pair_whose_end_nobody_recorded_claims_no_more_than_that() -> None:
    row = pairing("county", "310114", "533401", "2004", kind="former")
    assert tier_of(row, date(2010, 1, 1)) is Tier.FORMER


def test_a_current_pair_goes_on_until_it_is_ended() -> None:
    assert tier_of(PREFECTURE, date(2030, 1, 1)) is Tier.PREFECTURE
    assert tier_of(PREFECTURE._replace(until=date(2025, 12, 31)), date(2026, 1, 1)) is Tier.FORMER
    assert tier_of(PREFECTURE, date(2015, 12, 31)) is Tier.NONE


def test_markets_and_agreements_have_their_own_tiers() -> None:
    market, inside = (pairing("prefecture", "440100", "520500", kind=kind) for kind in ("market", "province_internal"))
    assert (tier_of(market, NOW), tier_of(inside, NOW)) == (Tier.MARKET, Tier.AGREEMENT)
    assert found_between([market, FORMER, inside, PROVINCE], WEINING, TIANHE, NOW).tier is Tier.PROVINCE
    assert tier_of(market._replace(until=date(2021, 1, 1)), NOW) is Tier.NONE


def test_values_are_the_contracts() -> None:
    tiers = (Tier.NONE, Tier.MARKET, Tier.FORMER, Tier.PROVINCE, Tier.PREFECTURE, Tier.COUNTY, Tier.AGREEMENT)
    assert [value_of(tier) for tier in tiers] == [0, 0.30, 0.45, 0.65, 0.85, 1.0, 0.65]


def test_an_exact_party_and_a_surer_document_come_first() -> None:
    city = COUNTY._replace(coarse=True, east_code="440100", document="city")
    unsure = COUNTY._replace(confidence="low", document="memory")
    order = [row.document for _, row in holding([city, unsure, COUNTY], WEINING, TIANHE, NOW)]
    assert order == ["某报", "memory", "city"]


def test_a_zone_without_any_code_pairs_with_nobody() -> None:
    assert found_between([pairing("county", None, "520526")], WEINING, TIANHE, NOW).tier is Tier.NONE


LINES = [
    *(("520000", "520500", "520526")[: n + 1] for n in range(3)),
    ("520000", "520500", "520527"),
    *(("440000", "440100", "440106")[: n + 1] for n in range(3)),
    ("440000", "440600"),
    ("500000",),
    ("500000", "500243"),
]
CODES = sorted({code for line in LINES for code in line})
years = st.integers(2012, 2026).map(str)
rows = st.builds(
    pairing,
    st.sampled_from(["province", "prefecture", "county"]),
    st.sampled_from([None, *CODES, "999999"]),
    st.sampled_from([*CODES, "999999"]),
    years,
    st.sampled_from(["", "2020"]),
    kind=st.sampled_from(["current", "former", "market", "province_internal"]),
    confidence=st.sampled_from(["high", "low"]),
)


@given(st.lists(rows, max_size=6), st.dates(date(2010, 1, 1), date(2027, 1, 1)))
def test_the_table_is_the_rows_for_every_pair_of_places(found: list[PairingRow], on: date) -> None:
    table = tier_table(found, LINES, on)
    assert table.shape == (len(LINES), len(LINES))
    for i, home in enumerate(LINES):
        for j, workplace in enumerate(LINES):
            assert table[i, j] == found_between(found, home, workplace, on).tier
