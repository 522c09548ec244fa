"""Free text → division.

Read from the left, level by level, the longest name first: province, prefecture, county, each inside the one before.
Once a county stands, what follows is a town or a village and is not searched again. A name without its level word
(威宁) is believed at the beginning or straight after an upper level, unless it is plainly part of another name
(上海路, 大方村). What the text leaves open is settled by `near`, the division of the list, or said to be ambiguous.
Nothing is guessed: without a place name the answer is unknown.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from app.places.gazetteer import (
    CITY_PROVINCES,
    COUNTY,
    PREFECTURE,
    PROVINCE,
    Kind,
    Name,
    Unit,
    read_names,
    read_units,
)
from app.places.script import simplified
from app.places.wording import (
    after_gap,
    after_own,
    beginning,
    begins_other_name,
    is_below_county,
    is_generic,
    is_road,
    is_towns_name,
    level_word_goes_on,
    names_unknown_upper,
    rest,
    unspaced,
)

#: county: as fine as divisions go. prefecture, province: only so much is known. A named municipality counts as a
#: prefecture.
Sure = Literal["county", "prefecture", "province", "ambiguous", "unknown"]
#: How the division was found: by the sort of its last name; near: settled or supplied by the list's division;
#: across: the levels named contradict each other within a province and the lowest was believed.
How = Literal["full", "abbreviated", "former", "zone", "loose", "short", "near", "across", "ambiguous", "unknown"]

LONGEST_TEXT = 200
_HOW: dict[Kind, How] = {
    Kind.FULL: "full",
    Kind.ABBREVIATED: "abbreviated",
    Kind.FORMER: "former",
    Kind.ZONE: "zone",
    Kind.LOOSE: "loose",
    Kind.SHORT: "short",
}
#: How many characters may stand between an upper level and a full county name.
_FAR = 12


@dataclass(frozen=True, slots=True)
class PlaceFound:
    """What an address says."""

    #: None: unknown or ambiguous.
    code: str | None
    #: 1 province, 2 prefecture, 3 county; 0: none.
    level: int
    #: What follows the division in the text: town, village, street.
    label: str
    #: The division's label point, WGS84.
    lon: float | None
    lat: float | None
    sure: Sure
    how: How
    #: Codes it may mean when it is not sure.
    candidates: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Reading:
    """One way through the text: what the last name may mean and where it ends."""

    names: tuple[Name, ...]
    end: int
    across: bool = False

    @property
    def worth(self) -> tuple[int, bool, int, int]:
        """Finer levels first, then a smooth reading, the more text, the surer name."""
        return (max(n.unit.level for n in self.names), not self.across, self.end, -self.names[0].kind)


class Gazetteer:
    """Finds the division an address means."""

    def __init__(self, units: Mapping[str, Unit], names: Mapping[str, tuple[Name, ...]]) -> None:
        self.units = units
        self._names = names
        #: First two characters → the lengths of the names that begin so, the longest first.
        lengths: dict[str, set[int]] = {}
        for surface in names:
            lengths.setdefault(surface[:2], set()).add(len(surface))
        self._lengths = {head: tuple(sorted(found, reverse=True)) for head, found in lengths.items()}

    def full_name(self, code: str) -> str:
        """贵州省毕节市威宁彝族回族苗族自治县."""
        return "".join(self.units[above].name for above in self.units[code].line)

    def find(self, text: str, near: str | None = None) -> PlaceFound:
        """The division the text means. `near` is the code of the list's division; an unknown code has no say."""
        shown = unspaced(unicodedata.normalize("NFKC", text[:LONGEST_TEXT]))
        words = simplified(shown)
        at = self.units.get(near) if near else None
        start = beginning(words)
        reading = self._read(words, start, None, at) or self._read_later(words, start + 1, None, at)
        if reading is None:
            return self._only_near(shown, words, at) or self._nothing(words, start)
        return self._settle(reading, rest(shown, words, reading.end), words, at)

    def _at(self, words: str, at: int) -> Iterable[tuple[int, tuple[Name, ...]]]:
        for length in self._lengths.get(words[at : at + 2], ()):
            found = self._names.get(words[at : at + length])
            if found and at + length <= len(words):
                yield at + length, found

    def _read(self, words: str, at: int, above: Sequence[Name] | None, near: Unit | None) -> _Reading | None:
        """The best reading that begins exactly here, inside what stands above."""
        at = after_gap(words, at) if above else at
        best: _Reading | None = None
        is_longest = True
        for end, means in self._at(words, at):
            fits, across = _fitting(means, above, words[at:end])
            if above is None:
                fits = _worth_beginning(fits, words[at:end], near)
            if not fits:
                continue
            reading = self._continued(words, end, fits, near, is_longest) if not across else None
            if reading is None and is_longest and not _is_part_of_a_name(words, at, end, fits, above, near):
                reading = _Reading(_below(fits, above), end, across)
            # 连云港市 is not 连云, but 义乌市场 may be 义乌; 济南市中区 is read on, so it is 济南 and 市中区
            is_longest = is_longest and level_word_goes_on(words, end)
            if reading and (best is None or reading.worth > best.worth):
                best = reading
        return best

    def _continued(
        self, words: str, end: int, fits: tuple[Name, ...], near: Unit | None, is_longest: bool
    ) -> _Reading | None:
        """What follows a name, inside it. After a name cut short (济南 in 济南市中…) only a full name counts."""
        open_names = tuple(name for name in fits if not name.unit.is_leaf)
        if not open_names or end >= len(words):
            return None
        following = self._read(words, end, open_names, near)
        if is_longest:
            return following or self._read_later(words, end + 1, open_names, near)
        cut = following and following.names[0].kind is Kind.SHORT and following.end < len(words)
        return None if cut else following

    def _read_later(self, words: str, start: int, above: Sequence[Name] | None, near: Unit | None) -> _Reading | None:
        """The first full name further on; names without level word are not believed there."""
        for at in range(start, min(len(words) - 2, start + _FAR)):
            for end, means in self._at(words, at):
                if end - at < 3 or is_generic(words[at:end]) or level_word_goes_on(words, end):
                    continue
                fits = tuple(name for name in means if name.kind <= Kind.FORMER and _inside(name, above))
                if fits:
                    deeper = self._continued(words, end, fits, near, True) if above is None else None
                    return deeper or _Reading(fits, end)
        return None

    def _settle(self, reading: _Reading, label: str, words: str, near: Unit | None) -> PlaceFound:
        names = _surest(reading.names)
        chosen: Name | None = names[0] if len(names) == 1 else None
        how: How | None = "across" if reading.across else None
        if chosen is None:
            chosen, how = _nearest(names, near), "near"
        if chosen is None:
            chosen, how = _customary(names), None
        if chosen is None:
            codes = tuple(name.unit.code for name in names)
            return PlaceFound(None, 0, label, None, None, "ambiguous", "ambiguous", codes)
        stranger = self._stranger(words, reading.end, chosen.unit)
        if stranger:
            return PlaceFound(None, 0, label, None, None, "ambiguous", "ambiguous", (chosen.unit.code, stranger.code))
        if chosen.unit.level == PROVINCE and near and near.lies_in(chosen.unit.code) and is_below_county(label):
            return self._supplied(near, label, PREFECTURE)
        return _found(chosen.unit, label, how or _HOW[chosen.kind])

    def _stranger(self, words: str, end: int, unit: Unit) -> Unit | None:
        """A full name of another province's prefecture or province straight after this one: 广东省毕节市."""
        if unit.level == COUNTY:
            return None
        for stop, means in self._at(words, end):
            for name in means:
                other = name.unit
                upper = other.level < COUNTY and name.kind <= Kind.ABBREVIATED and not is_road(words, stop)
                if upper and other.line[0] != unit.line[0]:
                    return other
        return None

    def _only_near(self, shown: str, words: str, near: Unit | None) -> PlaceFound | None:
        """A town or village alone lies in the list's own division."""
        own = after_own(words)
        if near is None or not (own or (is_below_county(words) and not names_unknown_upper(words))):
            return None
        return self._supplied(near, shown[own:], COUNTY)

    def _supplied(self, near: Unit, label: str, finest: int) -> PlaceFound:
        return _found(self.units[near.line[:finest][-1]], label, "near")

    def _nothing(self, words: str, start: int) -> PlaceFound:
        """Unknown; the divisions whose names begin the text are named as candidates. A name of which nothing more is
        said (和平, 南山) is ambiguous."""
        begun = [(end, name.unit.code) for end, means in self._at(words, start) for name in means]
        candidates = tuple(dict.fromkeys(code for _, code in begun))[:10]
        said: Literal["ambiguous", "unknown"] = "ambiguous" if any(end == len(words) for end, _ in begun) else "unknown"
        return PlaceFound(None, 0, words[start:], None, None, said, said, candidates)


def _inside(name: Name, above: Sequence[Name] | None) -> bool:
    return above is None or any(
        name.unit.lies_in(upper.unit.code) or name.once_in == upper.unit.code for upper in above
    )


def _fitting(means: tuple[Name, ...], above: Sequence[Name] | None, surface: str) -> tuple[tuple[Name, ...], bool]:
    """The meanings inside what stands above; failing that a county of the same province, named with its level."""
    fits = tuple(name for name in means if _inside(name, above))
    if fits or above is None or is_generic(surface):
        return fits, False
    provinces = {upper.unit.line[0] for upper in above}
    across = tuple(
        name
        for name in means
        if name.unit.level == COUNTY
        and name.kind <= Kind.FORMER
        and name.unit.line[0] in provinces
        and not name.unit.name.endswith("区")  # other cities have zones that are called so
    )
    return across, bool(across)


def _below(fits: tuple[Name, ...], above: Sequence[Name] | None) -> tuple[Name, ...]:
    """毕节地区毕节市, 长沙长沙: the same name again means the county called as its prefecture."""
    if above is None or any(upper.kind not in (Kind.ABBREVIATED, Kind.SHORT) for upper in above):
        return fits
    below = tuple(name for name in fits if all(name.unit.code != upper.unit.code for upper in above))
    return below if len(below) == 1 else fits


def _worth_beginning(fits: tuple[Name, ...], surface: str, near: Unit | None) -> tuple[Name, ...]:
    """Without an upper level, 城区 and 和平 mean something only close to the list's division."""
    if not is_generic(surface):
        return fits
    return tuple(
        name
        for name in fits
        if (name.kind <= Kind.FORMER and len(surface) > 2)
        or name.unit.level < COUNTY
        or (near and near.level > PROVINCE and name.unit.line[:2] == near.line[:2])
        or (near and name.unit.line[0] == near.line[0] and near.line[0] in CITY_PROVINCES)
    )


def _is_part_of_a_name(
    words: str, start: int, end: int, fits: tuple[Name, ...], above: Sequence[Name] | None, near: Unit | None
) -> bool:
    """Whether it is only the beginning of another name: a road's, a town's, a village's, a market's."""
    if end >= len(words):
        return False
    is_below = above is not None and any(_inside(name, above) for name in fits)
    if fits[0].kind < Kind.SHORT:
        return level_word_goes_on(words, end) or (not is_below and is_towns_name(words, start, end))
    at_home = near is not None and any(near.line[:2] == name.unit.line[:2] for name in fits)
    if begins_other_name(words, end, below=at_home or is_below):
        return True
    return not is_below and near is not None and _is_far_county(fits, near) and is_below_county(words[end:])


def _is_far_county(fits: tuple[Name, ...], near: Unit) -> bool:
    """白水瑶族乡 of a list from 桂阳 lies there and not in 白水县 of another province; a city is named far away too."""
    return all(
        name.unit.level == COUNTY and name.unit.line[0] != near.line[0] and not name.unit.name.endswith("市")
        for name in fits
    )


def _surest(names: tuple[Name, ...]) -> tuple[Name, ...]:
    """Those whose kind of name is believed most: present and former names alike, then zones and loose, then short.

    A former county inside the prefecture that took its name (毕节市) is not meant.
    """
    best = _class_of(names[0].kind)
    alike = tuple(name for name in names if _class_of(name.kind) == best)
    present = [name.unit.code for name in alike if name.kind < Kind.FORMER]
    return tuple(
        name for name in alike if name.kind != Kind.FORMER or not any(name.unit.lies_in(code) for code in present)
    )


def _class_of(kind: Kind) -> int:
    return 0 if kind <= Kind.FORMER else 1 if kind <= Kind.LOOSE else 2


def _nearest(names: Sequence[Name], near: Unit | None) -> Name | None:
    """The one meaning that `near` speaks for."""
    if near is None:
        return None
    holding = [name for name in names if near.lies_in(name.unit.code)]
    if holding:
        return max(holding, key=lambda name: name.unit.level)
    if any(name.unit.level == PROVINCE for name in names):
        return None
    for area in reversed(near.line):
        close = [name for name in names if name.unit.lies_in(area)]
        if close:
            return close[0] if len(close) == 1 else _customary(close)
    return None


def _customary(names: Sequence[Name]) -> Name | None:
    """The meaning custom gives a name: a present name before a former one, the one that holds the others, a
    province; a prefecture, unless a district of a great city is commonly called the same. None: nobody can tell."""
    names = [name for name in names if name.kind < Kind.FORMER] or list(names)
    if len(names) == 1:
        return names[0]
    first = min(names, key=lambda name: name.unit.level)
    rivals = [name for name in names if not name.unit.lies_in(first.unit.code)]
    if not rivals or (first.unit.level == PROVINCE and all(name.unit.level > PROVINCE for name in rivals)):
        return first
    if first.unit.level == PREFECTURE and not any(_is_well_known(name.unit) for name in rivals):
        return first
    return None


def _is_well_known(unit: Unit) -> bool:
    """A prefecture, or a district of a municipality or of a province's capital."""
    return unit.level == PREFECTURE or unit.line[0] in CITY_PROVINCES or (unit.line[1][2:] == "0100")


def _found(unit: Unit, label: str, how: How) -> PlaceFound:
    return PlaceFound(unit.code, unit.level, label, unit.lon, unit.lat, unit.sure, how)


@lru_cache(maxsize=1)
def gazetteer() -> Gazetteer:
    """The gazetteer of this process: 60 ms to build, then in memory."""
    return Gazetteer(read_units(), read_names())


@lru_cache(maxsize=100_000)
def find_place(text: str, near: str | None = None) -> PlaceFound:
    """`Gazetteer.find` with a memory: lists repeat their villages."""
    return gazetteer().find(text, near)
