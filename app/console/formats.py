"""How figures, days and places are written for people."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from jinja2 import pass_context
from jinja2.runtime import Context

from app.db.base import BEIJING
from app.occupations.in_english import papers_in, skills_in, title_in
from app.occupations.lexicon_files import lexicon
from app.places.english import address_in_english, name_in_english, party_in_english, where_in_english
from app.places.gazetteer import Unit, read_units

#: What may stand before a county's name in an address: province and prefecture.
_LONGEST = 20


def number(value: float | None) -> str:
    """12345 -> 12,345; nothing -> a dash."""
    return "—" if value is None else f"{value:,.0f}"


def day(value: date | datetime | None) -> str:
    """A day as 2026-12-01, in Beijing's time."""
    if isinstance(value, datetime):
        value = value.astimezone(BEIJING).date()
    return value.isoformat() if value else "—"


def moment(value: datetime | None) -> str:
    """A moment as 12-01 08:30, in Beijing's time."""
    return value.astimezone(BEIJING).strftime("%m-%d %H:%M") if value else "—"


def day_in_words(value: datetime | None, language: str = "zh") -> str:
    """A day as one says it: 12月1日, 1 December."""
    if value is None:
        return "—"
    at = value.astimezone(BEIJING)
    return f"{at.day} {at:%B}" if language == "en" else f"{at.month}月{at.day}日"


def term(code: str, language: str = "zh") -> str:
    """A canonical occupation or skill by its name."""
    return lexicon().name(code, language)


def place_name(code: str, language: str = "zh") -> str:
    """A division by its short name; the districts' number of a municipality by the municipality's."""
    units = read_units()
    unit = units.get(code) or units.get(f"{code[:2]}0000")
    if unit is None:
        return code
    return name_in_english(unit) if language == "en" else unit.short_name


@pass_context
def place_here(page: Context, code: str) -> str:
    """A division's name in the page's language."""
    return place_name(code, page.get("language", "zh"))


@pass_context
def town(page: Context, code: str) -> str:
    """Where one says a job is, in the page's language: 440114 -> 广州花都; 东莞 and 仙桃 by themselves."""
    county, city = place_here(page, code), place_here(page, f"{code[:4]}00")
    if county == city or code[2:4] == "90":
        return county
    return f"{county}, {city}" if page.get("language", "zh") == "en" else f"{city}{county}"


@pass_context
def where(page: Context, address: str) -> str:
    """An address in the page's language: in English its county, without the street."""
    return where_in_english(address) if page.get("language", "zh") == "en" else address


@pass_context
def address(page: Context, text: str) -> str:
    """An address in the page's language with its street, which stays as it was written."""
    return address_in_english(text) if page.get("language", "zh") == "en" else text


@pass_context
def job(page: Context, title: str) -> str:
    """A job's title in the page's language."""
    return title_in(title, page.get("language", "zh"))


@pass_context
def skills(page: Context, words: str) -> str:
    """What somebody can do, in the page's language."""
    return skills_in(words, page.get("language", "zh"))


@pass_context
def papers(page: Context, words: str) -> str:
    """Certificates, in the page's language."""
    return papers_in(words, page.get("language", "zh"))


#: How kinds of offices are called in English, by the end of their names.
_OFFICES = (
    ("驻外劳务工作站", "labour station for arrivals"),
    ("劳务工作站", "labour station"),
    ("协作主管部门", "coordinating authority"),
)


@pass_context
def office(page: Context, name: str) -> str:
    """An office in the page's language; in English its own name stands beside it, since people ask for that."""
    kind, words = next((one for one in _OFFICES if name.endswith(one[0])), ("", ""))
    if page.get("language", "zh") != "en" or not kind:
        return name
    return f"{party_in_english(name.removesuffix(kind))} {words} ({name})"


def without_source(text: str) -> str:
    """A reason without the document in brackets behind it: that is for who wants to check."""
    return text.partition("（")[0].partition(" (")[0]


def village(address: str, code: str) -> str:
    """An address without the province, prefecture and county everybody at the station shares."""
    for unit in reversed(_line(code)):
        for name in (unit.name, unit.short_name):
            before, found, rest = address.partition(name)
            if found and len(before) <= _LONGEST:
                return rest.removeprefix("县").removeprefix("市").removeprefix("区") or address
    return address


def _line(code: str) -> list[Unit]:
    """The division and those above it, the highest first."""
    units = read_units()
    return [units[one] for one in (f"{code[:2]}0000", f"{code[:4]}00", code) if one in units]


FILTERS: dict[str, Callable[..., Any]] = {
    "number": number,
    "day": day,
    "moment": moment,
    "day_in_words": day_in_words,
    "term": term,
    "place": place_here,
    "town": town,
    "where": where,
    "address": address,
    "job": job,
    "skills": skills,
    "papers": papers,
    "office": office,
    "without_source": without_source,
    "village": village,
}
