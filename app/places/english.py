"""Divisions by their names in English: pinyin, but for those that maps in English call otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from app.places.addresses import find_place
from app.places.gazetteer import Unit, read_units, reference, rows, short_name

#: Before a syllable that begins so, inside a name, an apostrophe stands: Xi'an.
_OPEN = ("a", "e", "o")


def line_in_english(code: str) -> str:
    """370112 → Licheng, Jinan, Shandong; an unknown code stays as it is."""
    units = read_units()
    known = next((one for one in (code, f"{code[:4]}00", f"{code[:2]}0000") if one in units), None)
    return ", ".join(name_in_english(units[one]) for one in reversed(units[known].line)) if known else code


def name_in_english(unit: Unit) -> str:
    """The division's own name."""
    return _names().get(unit.name) or in_english(unit.short_name)


def where_in_english(text: str) -> str:
    """An address by its county, without the street; what says no place stays as it was written."""
    code = find_place(text).code
    return line_in_english(code) if code else text


def address_in_english(text: str) -> str:
    """The same with town and street as they were written: 科韵路9号, Tianhe, Guangzhou, Guangdong."""
    found = find_place(text)
    if not found.code:
        return text
    return f"{found.label}, {line_in_english(found.code)}" if found.label else line_in_english(found.code)


def party_in_english(name: str) -> str:
    """One of two paired divisions by its name, a zone in brackets left out: 东乡族自治县 → Dongxiang."""
    return in_english(short_name(name.partition("（")[0]))


@cache
def in_english(name: str) -> str:
    """毕节 → Bijie, 沛县 → Pei County, 西藏 → Tibet: a division's short name; what no reading is known for stays."""
    if name in _names():
        return _names()[name]
    if len(name) == 2 and name[1] == "县":
        return f"{in_english(name[0])} County"
    return _joined([_reading(character) for character in name])


def _joined(syllables: list[str]) -> str:
    first, *rest = syllables or [""]
    return first[:1].upper() + first[1:] + "".join(f"'{one}" if one.startswith(_OPEN) else one for one in rest)


def _reading(character: str) -> str:
    said = _names().get(character) or _syllables().get(character, character)
    return {"lv": "lü", "nv": "nü", "lve": "lüe", "nve": "nüe"}.get(said, said)


@cache
def _names() -> Mapping[str, str]:
    """Names that have one of their own in English, and characters that are read otherwise in places' names."""
    return {row["name"]: row["name_en"] for row in rows(reference("place_names_en.csv"))}


@cache
def _syllables() -> Mapping[str, str]:
    return {character: row["syllable"] for row in rows(reference("syllables.csv")) for character in row["characters"]}
