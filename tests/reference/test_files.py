"""The reference files themselves: codes exist, names agree, every row says where it is from."""

from __future__ import annotations

import pytest

from app.places.gazetteer import read_former, read_units, reference, rows

UNITS = read_units()
OURS = (
    "division_changes",
    "division_aliases",
    "zones",
    "pairings",
    "key_counties",
    "minimum_wages",
    "minimum_wage_places",
)
CODES = {
    "division_changes": ("new_adcode",),
    "division_aliases": ("code",),
    "zones": ("code",),
    "pairings": ("east_code", "west_code"),
    "key_counties": ("code",),
    "minimum_wages": ("province_code",),
    "minimum_wage_places": ("code",),
}


@pytest.mark.parametrize("name", OURS)
def test_every_row_says_where_it_is_from_and_how_well_it_is_known(name: str) -> None:
    for row in rows(reference(f"{name}.csv")):
        assert row.get("source") or row["document"], row
        assert row["confidence"] in ("high", "medium", "low"), row


@pytest.mark.parametrize("name", OURS)
def test_every_code_is_a_divisions(name: str) -> None:
    unknown = [row for row in rows(reference(f"{name}.csv")) for code in CODES[name] if row[code] not in UNITS]
    assert unknown == []


def test_the_parties_of_pairings_are_called_as_their_divisions() -> None:
    for row in rows(reference("pairings.csv")):
        assert UNITS[row["west_code"]].name == row["west_name"], row
        assert row["coarse"] == "yes" or UNITS[row["east_code"]].name == row["east_name"], row


def test_the_level_of_a_pairing_is_its_western_partys() -> None:
    levels = {"province": 1, "prefecture": 2, "county": 3}
    assert [
        row for row in rows(reference("pairings.csv")) if UNITS[row["west_code"]].level != levels[row["level"]]
    ] == []


def test_no_pairing_is_counterpart_support() -> None:
    assert {row["kind"] for row in rows(reference("pairings.csv"))} == {"current", "former"}
    west = {row["west_code"][:2] for row in rows(reference("pairings.csv"))}
    assert west.isdisjoint({"54", "65"})


def test_key_counties_are_160_and_called_as_their_divisions() -> None:
    listed = list(rows(reference("key_counties.csv")))
    assert len({row["code"] for row in listed}) == 160
    assert [row for row in listed if UNITS[row["code"]].name != row["county"]] == []


def test_no_former_name_is_a_present_one() -> None:
    """公主岭市 keeps its name and changed its prefecture: the whole line counts."""
    for former in read_former():
        line = [UNITS[code].name for code in UNITS[former.code].line]
        assert line != [name for name in (former.province, former.prefecture, former.county) if name], former


def test_no_alias_or_zone_is_the_name_of_another_division() -> None:
    names = {unit.name: unit.code for unit in UNITS.values()}
    files = (("division_aliases", "alias"), ("zones", "zone"))
    said = [(row[column], row["code"]) for name, column in files for row in rows(reference(f"{name}.csv"))]
    assert [(name, code) for name, code in said if names.get(name, code) != code] == []
    assert len({name for name, _ in said}) == len(said)
