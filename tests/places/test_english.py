"""Places by their names in English."""

from __future__ import annotations

import pytest

from app.places.english import address_in_english, line_in_english, name_in_english, party_in_english, where_in_english
from app.places.gazetteer import read_units


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("520526", "Weining, Bijie, Guizhou"),
        ("610100", "Xi'an, Shaanxi"),
        ("310115", "Pudong, Shanghai"),
        ("320322", "Pei County, Xuzhou, Jiangsu"),
        ("653125", "Yarkant, Kashgar, Xinjiang"),
        ("441900", "Dongguan, Guangdong"),
        ("140400", "Changzhi, Shanxi"),
        ("141100", "Lüliang, Shanxi"),
        ("152200", "Hinggan, Inner Mongolia"),
        ("450325", "Xing'an, Guilin, Guangxi"),
        ("500100", "Chongqing"),
        ("990000", "990000"),
    ],
)
def test_a_division_is_named_up_to_its_province(code: str, said: str) -> None:
    assert line_in_english(code) == said


def test_every_division_has_a_name_in_latin_letters() -> None:
    names = [name_in_english(unit) for unit in read_units().values()]
    assert [name for name in names if any("一" <= letter <= "鿿" for letter in name)] == []


def test_an_address_is_named_by_its_county_and_what_names_no_place_stays() -> None:
    assert where_in_english("山东省济南市历城区工业北路12号") == "Licheng, Jinan, Shandong"
    assert where_in_english("老地方") == address_in_english("老地方") == "老地方"
    assert address_in_english("山东省济南市历城区工业北路12号") == "工业北路12号, Licheng, Jinan, Shandong"


def test_a_paired_zone_is_named_by_its_city() -> None:
    assert party_in_english("东莞市（石排镇）") == "Dongguan"
    assert party_in_english("东乡族自治县") == "Dongxiang"
