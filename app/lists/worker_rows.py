"""A row of a worker list → WorkerRow and what is wrong with it. Raw words stand beside what was understood."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from app.lists.cells import RowCells
from app.lists.collaborators import Places, Words
from app.lists.headers import Column
from app.lists.values.day import DayFound, DayMeaning, parse_day
from app.lists.values.id_number import parse_id_number
from app.lists.values.masking import mask_id
from app.lists.values.money import DAYS_A_MONTH, HOURS_A_DAY, NOTHING, Pay, PayUnit, parse_pay
from app.lists.values.name import parse_name
from app.lists.values.phone import parse_phones
from app.lists.values.text import as_text, plain
from app.lists.values.words import (
    parse_education,
    parse_employment_status,
    parse_groups,
    parse_labour_ability,
)
from app.lists.values.yes_no import is_blank_word, parse_yes_no
from app.places.addresses import PlaceFound
from app.workers.choices import Education, EmploymentStatus, Group, LabourAbility
from app.workers.id_number import birth_date
from app.workers.wishes import PlaceWish, parse_place_wish
from matching.certificates import Certificates
from matching.lexicon import Understood

#: How pay of each unit became a month, for messages.
CONVERSIONS = {
    PayUnit.HOUR: (
        f"每天 {HOURS_A_DAY} 小时、每月 {DAYS_A_MONTH} 天",
        f"{HOURS_A_DAY} hours a day, {DAYS_A_MONTH} days a month",
    ),
    PayUnit.DAY: (f"每月 {DAYS_A_MONTH} 天", f"{DAYS_A_MONTH} days a month"),
    PayUnit.WEEK: ("每年 52 周、12 个月", "52 weeks and 12 months a year"),
    PayUnit.YEAR: ("每年 12 个月", "12 months a year"),
}
_NEARBY = re.compile(r"就近|本地|县内|家门口|本县|当地|乡镇内|就地|在家")
#: The number of a villagers' group at the end of an address: half of all addresses of a list differ in nothing else.
_GROUP = re.compile(r"(?<=[村寨庄])[0-9]{1,3}组?$")
_OUT = re.compile(r"外出|省外|省内|市外|县外|跨省|出去")


@dataclass(slots=True)  # nobody changes one, yet making 100,000 frozen ones takes three times as long
class WorkerRow:
    """One worker as a list states them."""

    name: str
    id_number: str
    birth_date: date
    #: The first usable mobile number, and all of them.
    phone: str | None
    phones: tuple[str, ...]
    home_address: str
    home: PlaceFound
    groups: tuple[Group, ...]
    education: Education | None
    labour_ability: LabourAbility | None
    employment_status: EmploymentStatus | None
    skills_text: str
    #: Canonical terms (occupations and skills) of skills_text and of the wish.
    skills: tuple[str, ...]
    certificates_text: str
    certificates: tuple[str, ...]
    #: None: not stated.
    willing_to_go_out: bool | None
    desired_occupations_text: str
    #: Canonical occupations.
    desired_occupations: tuple[str, ...]
    desired_places_text: str
    desired_places: PlaceWish
    min_wage_text: str
    #: Yuan a month. None: no wish stated.
    min_wage: int | None
    available_from_text: str
    available_from: date | None
    available_meaning: DayMeaning | None
    training_wanted: str | None
    #: A statement about a signed paper. None: blank or unclear, which counts as not given.
    consent: bool | None
    household: str | None
    #: Words of remark columns and unknown columns, by header.
    remarks: Mapping[str, str]


class WorkerReader:
    """Reads the rows of one file; remembers words and addresses, which lists repeat."""

    def __init__(self, *, division: str, today: date, places: Places, words: Words) -> None:
        def find(piece: str) -> str | None:
            return places.find(piece).code or places.find(piece, division).code

        self._today = today
        self._full_name = places.full_name
        self._place = lru_cache(200_000)(lambda text: places.find(text, division))
        self._understood = lru_cache(100_000)(lambda text: words.understand(text, kind="worker"))
        self._certificates = lru_cache(100_000)(words.certificates)
        self._pay = lru_cache(50_000)(parse_pay)
        self._day = lru_cache(50_000)(lambda cell: parse_day(cell, today, ends=False))
        self._wish = lru_cache(50_000)(lambda text, home: parse_place_wish(text, home, find))
        self._groups = lru_cache(10_000)(parse_groups)
        self._education = lru_cache(10_000)(parse_education)
        self._ability = lru_cache(10_000)(parse_labour_ability)
        self._status = lru_cache(10_000)(parse_employment_status)
        self._yes_no = lru_cache(10_000)(parse_yes_no)
        self._blank = lru_cache(10_000)(is_blank_word)
        #: ID number → (sheet, row) where it stood first.
        self._seen: dict[str, tuple[str, int]] = {}

    def read(self, cells: RowCells) -> WorkerRow | None:
        """The worker, or None when something blocks the row; problems are in cells.problems."""
        name = self._name(cells)
        number = self._id_number(cells)
        address, home = self._home(cells)
        phones = self._phones(cells)
        pay = self._min_wage(cells)
        day = self._available(cells)
        consent = self._consent(cells)
        understood = self._desired(cells)
        skills_text, able = self._skills(cells)
        certificates_text, held = self._held(cells)
        places_text, wish = self._places(cells, home)
        willing = self._willing(cells)
        if cells.is_blocked or name is None or number is None or home is None:
            return None
        return WorkerRow(
            name=name,
            id_number=number,
            birth_date=birth_date(number) or date.min,
            phone=phones[0] if phones else None,
            phones=phones,
            home_address=address,
            home=home,
            groups=self._all_groups(cells),
            education=self._education(cells.text("education")),
            labour_ability=self._ability(cells.text("labour_ability")),
            employment_status=self._status(cells.text("employment_status")),
            skills_text=skills_text,
            skills=_terms(able, understood),
            certificates_text=certificates_text,
            certificates=held.named,
            willing_to_go_out=willing,
            desired_occupations_text=understood.text,
            desired_occupations=tuple(found.term for found in understood.occupations),
            desired_places_text=places_text,
            desired_places=wish,
            min_wage_text=_words(cells, "min_wage"),
            min_wage=pay.low,
            available_from_text=cells.text("available_from"),
            available_from=day.day,
            available_meaning=day.meaning,
            training_wanted=self._optional(cells.text("training_wanted")),
            consent=consent,
            household=cells.text("household") or None,
            remarks=cells.remarks(),
        )

    def _name(self, cells: RowCells) -> str | None:
        text = cells.text("name")
        name, reason = parse_name(text)
        if reason:
            cells.report("name", reason, text, extra="50")
        elif name is None:
            cells.missing("name")
        return name

    def _id_number(self, cells: RowCells) -> str | None:
        cell = cells.cell("id_number")
        number, reason = parse_id_number(cell, self._today)
        if reason:
            shown = as_text(cell)
            cells.report("id_number", reason, shown)
            return None
        if number is None:
            cells.missing("id_number")
            return None
        first = self._seen.setdefault(number, (cells.plan.sheet, cells.number))
        if first != (cells.plan.sheet, cells.number):
            where = f"第 {first[1]} 行" if first[0] == cells.plan.sheet else f"“{first[0]}”第 {first[1]} 行"
            cells.report(
                "id_number",
                "duplicate_in_list",
                mask_id(number),
                extra=where,
                extra_en=f"row {first[1]}" if first[0] == cells.plan.sheet else f"row {first[1]} of {first[0]}",
            )
        return number

    def _home(self, cells: RowCells) -> tuple[str, PlaceFound | None]:
        text = cells.address("home_address")
        if not text or text in ("无", "/", "-"):
            cells.missing("home_address")
            return "", None
        found = self._place(_GROUP.sub("", text))  # a group says nothing of the division
        report_place(cells, "home_address", text, found, self._full_name)
        return text, found

    def _phones(self, cells: RowCells) -> tuple[str, ...]:
        text = cells.text("phone")
        if not text or (len(text) < 4 and self._blank(text)):
            cells.report("phone", "no_phone")
            return ()
        phones, reason = parse_phones(text)
        if reason or not phones.mobiles:
            cells.report("phone", "bad_phone", text)
        return phones.mobiles

    def _min_wage(self, cells: RowCells) -> Pay:
        for column in cells.plan.by_field.get("min_wage", ()):
            if column.part == "max":
                continue
            cell = cells.at(column)
            if cell is None or cell == "":
                continue
            pay, reason = self._pay(cell, cells.plan.units[column.index])
            if reason:
                cells.report("min_wage", reason, as_text(cell), blocks=False, column=column.header)
            elif pay.converted:
                report_conversion(cells, "min_wage", as_text(cell), pay, column)
            return pay
        return NOTHING

    def _available(self, cells: RowCells) -> DayFound:
        cell = cells.cell("available_from")
        found, reason = self._day(cell)
        if reason:
            cells.report("available_from", reason, as_text(cell))
        return found

    def _consent(self, cells: RowCells) -> bool | None:
        text = cells.text("consent")
        given = self._yes_no(text)
        if given is not True:
            cells.report("consent", "no_consent", text)
        return given

    def _desired(self, cells: RowCells) -> Understood:
        text = cells.text("desired_occupations")
        if not text or self._blank(text):
            return Understood("")
        understood: Understood = self._understood(text)
        report_words(cells, "desired_occupations", text, understood)
        return understood

    def _skills(self, cells: RowCells) -> tuple[str, Understood]:
        text = cells.text("skills")
        if not text or self._blank(text):
            return "", Understood("")
        return text, self._understood(text)

    def _held(self, cells: RowCells) -> tuple[str, Certificates]:
        text = cells.text("certificates")
        found: Certificates = self._certificates(text)
        for word in found.unknown:
            cells.report("certificates", "unknown_certificate", word)
        return text, found

    def _places(self, cells: RowCells, home: PlaceFound | None) -> tuple[str, PlaceWish]:
        text = cells.text("desired_places")
        wish: PlaceWish = self._wish(text, home.code if home else None)
        for piece in wish.unknown:
            cells.report("desired_places", "unknown_place.wish", piece)
        return text, wish

    def _willing(self, cells: RowCells) -> bool | None:
        text = cells.text("willing_to_go_out")
        answer: bool | None = self._yes_no(text)
        if answer is not None or not text:
            return answer
        words = plain(text)
        if _OUT.search(words):
            return True
        return False if _NEARBY.search(words) else None

    def _all_groups(self, cells: RowCells) -> tuple[Group, ...]:
        columns = cells.plan.by_field.get("groups", ())
        if len(columns) == 1 and not columns[0].part:
            return self._groups(cells.text("groups"))
        found: list[Group] = []
        for column in columns:
            text = as_text(cells.at(column))
            if not text:
                continue
            answer = self._yes_no(text) if column.part else None
            if column.part and answer is True:
                found.append(Group(column.part))
            elif answer is None:
                found.extend(self._groups(text))
        return tuple(dict.fromkeys(found))

    def _optional(self, text: str) -> str | None:
        return None if not text or self._blank(text) or self._yes_no(text) is False else text


def _terms(able: Understood, wished: Understood) -> tuple[str, ...]:
    """What somebody can do: all terms of the skills cell, and the skills named in the wish."""
    found = [*able.occupations, *able.skills, *wished.skills]
    return tuple(dict.fromkeys([item.term for item in found]))


def _words(cells: RowCells, field: str) -> str:
    return "、".join(text for column in cells.plan.by_field.get(field, ()) if (text := as_text(cells.at(column))))


def report_place(cells: RowCells, field: str, text: str, found: PlaceFound, full_name: Callable[[str], str]) -> None:
    """unknown_place, ambiguous_place or address_coarse, as CONTRACT §3 has it."""
    if found.sure == "ambiguous":
        names = "、".join(full_name(code) for code in found.candidates[:4])
        cells.report(field, "ambiguous_place", text, extra=names)
    elif found.code is None or found.sure in ("province", "unknown"):
        cells.report(field, "unknown_place", text)
    elif found.sure == "prefecture":
        cells.report(field, "address_coarse", text)


def report_conversion(cells: RowCells, field: str, text: str, pay: Pay, column: Column) -> None:
    """wage_converted, with the assumption."""
    zh, en = CONVERSIONS[pay.unit]
    cells.report(field, "wage_converted", text, column=column.header, extra=zh, extra_en=en)


def report_words(cells: RowCells, field: str, text: str, understood: Understood) -> None:
    """unknown_occupation, with the lexicon's question, when no occupation was found."""
    if understood.occupations:
        return
    cells.report(
        field,
        "unknown_occupation",
        text,
        extra=understood.question or "请换一个常用的岗位名称。",
        extra_en=understood.question_en or "write a common name of the occupation.",
    )
