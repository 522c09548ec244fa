"""A row of a vacancy list → one VacancyRow, or one for each job it names, and what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from app.identity.uscc import as_uscc
from app.lists.cells import RowCells
from app.lists.collaborators import Places, Words
from app.lists.fields import FEE, FIELDS, UNLAWFUL
from app.lists.values.age import parse_age_range
from app.lists.values.day import DayMeaning, parse_day
from app.lists.values.headcount import parse_headcounts
from app.lists.values.money import HOURS_A_DAY, NOTHING, Pay, PayUnit, parse_pay
from app.lists.values.phone import parse_phones
from app.lists.values.text import as_text, plain
from app.lists.values.titles import counted_title, split_titles
from app.lists.values.words import parse_kind, parse_lodging_and_board
from app.lists.values.yes_no import is_blank_word
from app.lists.worker_rows import report_conversion, report_place
from app.places.addresses import PlaceFound
from app.vacancies.choices import PART_TIME_KINDS, VacancyKind
from app.vacancies.minimum_wages import WageFloor, WageTable
from app.vacancies.screening import (
    COLUMN_GROUNDS,
    Finding,
    screen,
    screen_across,
    screen_column,
    screen_name,
)
from matching.lexicon import Understood

_PART_TIME = re.compile(r"兼职|小时工|钟点工|非全日制|计时工|半天班|part.?time")
_WORKSHOP = re.compile(r"(?:帮扶|扶贫|就业)(?:就业)?(?:车间|工坊|工厂)")
_WELFARE = re.compile(r"公益性?岗")
_RELIEF = re.compile(r"以工代赈")
#: A wish, not a requirement: its certificates are no must.
_PREFERRED = re.compile(r"优先|更佳|最好|者佳|加分|不限")
#: Words without which a clause names no certificate.
_PAPER = re.compile(r"证|照|书|资格|持|[a-cA-C][1-3]")
#: Fields never searched for unlawful wording: names and numbers.
_NOT_SCREENED = frozenset("uscc external_ref start_date valid_until serial".split())
#: Columns that hold names, where 王女士 asks nothing of a worker.
_NAMES = frozenset(["employer", "workplace", "contact", "phone"])
#: What the five-ministry notice asks of a posting beyond the starred fields.
_ASKED = ("uscc", "requirements", "phone", "valid_until")


class OwnCompany(NamedTuple):
    """An employer who posts for itself: name, and licence number when it is known."""

    name: str
    uscc: str | None


@dataclass(frozen=True, slots=True)
class VacancyRow:
    """One vacancy as a list states it."""

    #: Which of the row's jobs, from 0.
    nth: int
    employer: str
    uscc: str | None
    title: str
    #: Canonical occupation; None: not understood.
    occupation: str | None
    headcount: int
    wage_text: str
    #: Yuan a month; open-ended pay has wage_hi None.
    wage_lo: int
    wage_hi: int | None
    #: The guaranteed lower pay, yuan a month.
    wage_guaranteed: int
    workplace_text: str
    workplace: PlaceFound
    requirements: str
    skills_text: str
    #: Canonical terms the work asks for.
    skills: tuple[str, ...]
    certificates_text: str
    #: Certificates that are a must, by the column or by the requirements.
    certificates: tuple[str, ...]
    age_min: int | None
    age_max: int | None
    #: None: not stated.
    lodging: bool | None
    board: bool | None
    social_insurance: str | None
    contract: str | None
    kind: VacancyKind
    contact: str | None
    phone: str | None
    start_date: date | None
    #: None: 30 days, renewable.
    valid_until: date | None
    valid_meaning: DayMeaning | None
    external_ref: str | None
    remarks: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Job:
    title: str
    headcount: int


class VacancyReader:
    """Reads the rows of one file; remembers what lists repeat."""

    def __init__(
        self,
        *,
        division: str,
        today: date,
        places: Places,
        words: Words,
        wages: WageTable,
        own: OwnCompany | None = None,
    ) -> None:
        self._today = today
        self._own = own
        self._full_name = places.full_name
        self._place = lru_cache(50_000)(lambda text: places.find(text, division))
        self._understood = lru_cache(100_000)(lambda text: words.understand(text, kind="job"))
        self._certificates = lru_cache(100_000)(words.certificates)
        self._floor = lru_cache(5_000)(lambda code: wages.floor(code, today))
        self._pay = lru_cache(50_000)(parse_pay)
        self._ends = lru_cache(20_000)(lambda cell: parse_day(cell, today, ends=True))
        self._starts = lru_cache(20_000)(lambda cell: parse_day(cell, today, ends=False))
        self._headcounts = lru_cache(20_000)(parse_headcounts)
        self._stays = lru_cache(20_000)(parse_lodging_and_board)
        self._kinds = lru_cache(20_000)(parse_kind)

    def read(self, cells: RowCells) -> tuple[VacancyRow, ...]:
        """The vacancies of the row, or () when something blocks it; problems are in cells.problems."""
        employer = self._employer(cells)
        jobs = self._jobs(cells)
        pay, wage_text = self._wage(cells)
        workplace_text, workplace = self._workplace(cells)
        uscc = self._uscc(cells, employer)
        kind = self._kind(cells, employer)
        until, meaning = self._valid_until(cells)
        start = self._start(cells)
        contact, phone = self._contact(cells)
        self._screen(cells)
        if workplace and workplace.code and pay is not NOTHING:
            self._minimum_wage(cells, pay, wage_text, kind, workplace.code)
        self._incomplete(cells, uscc)
        certificates_text, certificates = self._held(cells)
        if cells.is_blocked or workplace is None or pay.low is None:
            self._unknown_titles(cells, jobs)
            return ()
        lodging, board = self._lodging(cells)
        least, most = self._age(cells)
        first = VacancyRow(
            nth=0,
            employer=employer,
            uscc=uscc,
            title="",
            occupation=None,
            headcount=0,
            wage_text=wage_text,
            wage_lo=pay.low,
            wage_hi=pay.high,
            wage_guaranteed=pay.low if pay.guaranteed is None else pay.guaranteed,
            workplace_text=workplace_text,
            workplace=workplace,
            requirements=cells.text("requirements"),
            skills_text=cells.text("skills"),
            skills=(),
            certificates_text=certificates_text,
            certificates=certificates,
            age_min=least,
            age_max=most,
            lodging=lodging,
            board=board,
            social_insurance=_optional(cells.text("social_insurance")),
            contract=_optional(cells.text("contract")),
            kind=kind,
            contact=contact,
            phone=phone,
            start_date=start,
            valid_until=until,
            valid_meaning=meaning,
            external_ref=_optional(cells.text("external_ref")),
            remarks=cells.remarks(),
        )
        asked = self._asked_skills(first)
        self._unknown_titles(cells, jobs)
        return tuple(self._as_job(first, n, job, asked) for n, job in enumerate(jobs))

    def _as_job(self, row: VacancyRow, nth: int, job: _Job, asked: tuple[str, ...]) -> VacancyRow:
        understood: Understood = self._understood(job.title)
        occupation = understood.occupations[0].term if understood.occupations else None
        named = tuple(found.term for found in understood.skills)
        skills = tuple(dict.fromkeys((*asked, *named)))
        return replace(row, nth=nth, title=job.title, headcount=job.headcount, occupation=occupation, skills=skills)

    def _asked_skills(self, row: VacancyRow) -> tuple[str, ...]:
        found = [
            item.term
            for text in (row.skills_text, row.requirements)
            if text and not is_blank_word(text)
            for item in self._understood(text).skills
        ]
        return tuple(dict.fromkeys(found))

    def _employer(self, cells: RowCells) -> str:
        """An employer's own list need not say whose it is."""
        if self._own and "employer" not in cells.plan.by_field:
            return self._own.name
        return self._required(cells, "employer")

    def _required(self, cells: RowCells, field: str) -> str:
        text = cells.text(field)
        if not text or text in ("/", "-"):
            cells.missing(field)
            return ""
        return text

    def _jobs(self, cells: RowCells) -> tuple[_Job, ...]:
        """The titles with their headcounts; a cell with several titles and one plain number is one job."""
        text = self._required(cells, "title")
        written = cells.text("headcount")
        if not written:
            counted = [counted_title(title) for title in split_titles(text)]
            if counted and all(count for _, count in counted):
                return tuple(_Job(title, count or 0) for title, count in counted)
            cells.missing("headcount")
            return ()
        numbers, each, reason = self._headcounts(written)
        if reason:
            cells.report("headcount", reason, written)
            return ()
        titles = [counted_title(title) for title in split_titles(text)]
        if len(titles) == 1 and (each or len(numbers) > 1):
            # 司机/装卸工 各5人, or 5人/8人: the slash parts jobs only where each has its number
            titles = [counted_title(title.strip()) for title in re.split(r"[/|+]", text) if title.strip()]
        if each:
            return tuple(_Job(title, numbers[0]) for title, _ in titles)
        if len(numbers) == len(titles):
            return tuple(_Job(title, number) for (title, _), number in zip(titles, numbers, strict=True))
        if len(numbers) == 1:
            if len(titles) > 1 and all(count for _, count in titles):
                return tuple(_Job(title, count or 0) for title, count in titles)
            return (_Job(text, numbers[0]),)
        if titles:
            cells.report("headcount", "bad_headcount.split", written)
        return ()

    def _wage(self, cells: RowCells) -> tuple[Pay, str]:
        """The pay and its words; what is missing or not understood blocks."""
        found: dict[str, Pay] = {}
        texts = []
        for column in cells.plan.by_field.get("wage", ()):
            cell = cells.at(column)
            text = as_text(cell)
            if not text:
                continue
            texts.append(text)
            pay, reason = self._pay(cell, cells.plan.units[column.index])
            if reason or pay is NOTHING:
                reason = reason or "bad_wage.negotiable"
                cells.report("wage", reason, text, blocks=True, column=column.header)
            else:
                found[column.part] = pay
                if pay.converted:
                    report_conversion(cells, "wage", text, pay, column)
        if not texts:
            cells.missing("wage")
        return _one_pay(found), "-".join(texts)[:300]

    def _workplace(self, cells: RowCells) -> tuple[str, PlaceFound | None]:
        text = cells.address("workplace")
        if not text or text in ("无", "/", "-"):
            cells.missing("workplace")
            return "", None
        found: PlaceFound = self._place(text)
        report_place(cells, "workplace", text, found, self._full_name)
        return text, found

    def _uscc(self, cells: RowCells, employer: str) -> str | None:
        text = cells.text("uscc")
        if is_blank_word(text):
            return self._own.uscc if self._own and self._own.name == employer else None
        code = as_uscc(text)
        if code is None:
            cells.report("uscc", "bad_uscc", text)
        return code

    def _kind(self, cells: RowCells, employer: str) -> VacancyKind:
        stated = self._kinds(cells.text("kind"))
        if stated not in (None, VacancyKind.ENTERPRISE):
            return stated or VacancyKind.ENTERPRISE
        title = cells.text("title")
        if _WELFARE.search(title):
            return VacancyKind.PUBLIC_WELFARE
        if _RELIEF.search(title) or _RELIEF.search(employer):
            return VacancyKind.WORK_RELIEF
        return VacancyKind.WORKSHOP if _WORKSHOP.search(employer) else VacancyKind.ENTERPRISE

    def _valid_until(self, cells: RowCells) -> tuple[date | None, DayMeaning | None]:
        cell = cells.cell("valid_until")
        found, reason = self._ends(cell)
        if reason:
            cells.report("valid_until", reason, as_text(cell))
        elif found.day is not None and found.day < self._today:
            cells.report("valid_until", "expired", as_text(cell))
        return found.day, found.meaning

    def _start(self, cells: RowCells) -> date | None:
        cell = cells.cell("start_date")
        found, reason = self._starts(cell)
        if reason:
            cells.report("start_date", reason, as_text(cell))
        return found.day

    def _contact(self, cells: RowCells) -> tuple[str | None, str | None]:
        """The contact and one phone; 王经理 0532-86170000 in one cell is both."""
        text = cells.text("phone")
        named = cells.text("contact")
        phones, reason = parse_phones(text)
        if not text and named:
            phones, _ = parse_phones(named)
            named = phones.rest or named
        elif reason and not is_blank_word(text):
            cells.report("phone", "bad_phone.contact", text)
        numbers = phones.mobiles + phones.landlines
        return named or phones.rest or None, numbers[0] if numbers else None

    def _screen(self, cells: RowCells) -> None:
        """Unlawful wording and fees, looked for in every column of words."""
        for column in cells.plan.columns:
            if column.field in _NOT_SCREENED or column.how == "not_kept":
                continue
            cell = cells.at(column)
            if not isinstance(cell, str) and not (column.field in (FEE, UNLAWFUL) and cell):
                continue
            text = as_text(cell)
            findings = self._findings(column.field, column.part, text)
            for code in dict.fromkeys(finding.code for finding in findings):
                of_code = [finding for finding in findings if finding.code == code]
                cells.report(
                    column.field or column.header,
                    code,
                    text,
                    column=column.header,
                    extra="；".join(dict.fromkeys(finding.article_zh for finding in of_code)),
                    extra_en="; ".join(dict.fromkeys(finding.article_en for finding in of_code)),
                )

        if not cells.is_blocked:
            self._screen_across(cells)

    @staticmethod
    def _screen_across(cells: RowCells) -> None:
        """A phrase that begins in one cell and ends in the next."""
        columns = [
            column
            for column in cells.plan.columns
            if column.field not in _NOT_SCREENED and column.how != "not_kept" and isinstance(cells.at(column), str)
        ]
        for finding in screen_across([as_text(cells.at(column)) for column in columns]):
            cells.report(
                "requirements", finding.code, finding.phrase, extra=finding.article_zh, extra_en=finding.article_en
            )

    @staticmethod
    def _findings(field: str | None, part: str, text: str) -> tuple[Finding, ...]:
        if not text:
            return ()
        if field == UNLAWFUL:
            return screen_column(COLUMN_GROUNDS.get(part, "sex"), text)
        if field == FEE:
            return screen_column("fee", text)
        return screen_name(text) if field in _NAMES else screen(text)

    def _minimum_wage(self, cells: RowCells, pay: Pay, text: str, kind: VacancyKind, code: str) -> None:
        floor: WageFloor | None = self._floor(code)
        if floor is None or pay.guaranteed is None:
            return
        words = plain(text + cells.text("title") + cells.text("kind") + cells.text("contract"))
        if kind in PART_TIME_KINDS or _PART_TIME.search(words):
            self._hourly(cells, pay, text, floor)
        elif pay.guaranteed < floor.monthly_lowest:
            self._below(cells, text, "below_minimum_wage", floor, f"{floor.monthly_lowest} 元/月", "最低档")
        elif pay.guaranteed < floor.monthly_highest:
            self._below(cells, text, "below_minimum_wage.tier", floor, f"{floor.monthly_highest} 元/月", "最高档")

    def _hourly(self, cells: RowCells, pay: Pay, text: str, floor: WageFloor) -> None:
        """Part-time and public posts: hours of a monthly sum are unknown, so only hourly and daily pay is judged."""
        if floor.hourly_lowest is None or pay.written is None:
            return
        hourly = {PayUnit.HOUR: pay.written, PayUnit.DAY: pay.written / HOURS_A_DAY}.get(pay.unit)
        if hourly is not None and hourly < floor.hourly_lowest:
            self._below(cells, text, "below_minimum_wage", floor, f"{floor.hourly_lowest:g} 元/小时", "非全日制最低档")

    def _below(self, cells: RowCells, text: str, reason: str, floor: WageFloor, amount: str, tier: str) -> None:
        en = amount.replace("元/月", "yuan a month").replace("元/小时", "yuan an hour")
        cells.report(
            "wage",
            reason,
            text,
            extra=f"{floor.region}最低工资{tier} {amount}（{floor.as_of.isoformat()} 起的标准）",
            extra_en=f"the minimum wage of {floor.region} ({en}, as of {floor.as_of.isoformat()})",
        )

    def _incomplete(self, cells: RowCells, uscc: str | None) -> None:
        blank = [name for name in _ASKED if not cells.text(name) and not (name == "uscc" and uscc)]
        if blank:
            labels = "、".join(FIELDS["vacancy"][name].label for name in blank)
            cells.report(blank[0], "incomplete_posting", labels)

    def _held(self, cells: RowCells) -> tuple[str, tuple[str, ...]]:
        text = cells.text("certificates")
        found = self._certificates(text)
        for word in found.unknown:
            cells.report("certificates", "unknown_certificate", word)
        clauses = re.split(r"[，,。；;\n]", cells.text("requirements"))
        musts = "，".join(part for part in clauses if _PAPER.search(part) and not _PREFERRED.search(part))
        named = found.named if not _PREFERRED.search(text) else ()
        return text, tuple(dict.fromkeys((*named, *self._certificates(musts).named)))

    def _lodging(self, cells: RowCells) -> tuple[bool | None, bool | None]:
        lodging = board = None
        for field in ("lodging", "board"):
            for column in cells.plan.by_field.get(field, ()):
                answers = self._stays(as_text(cells.at(column)))
                if column.part == "both" or field == "lodging":
                    lodging = answers[0] if lodging is None else lodging
                if column.part == "both" or field == "board":
                    board = answers[1] if board is None else board
        return lodging, board

    def _age(self, cells: RowCells) -> tuple[int | None, int | None]:
        least = most = None
        for column in cells.plan.by_field.get("age", ()):
            text = as_text(cells.at(column))
            low, high = parse_age_range(text)
            if column.part and re.fullmatch(r"\d{2}(?:周?岁)?", text):
                low, high = (int(text[:2]), None) if column.part == "min" else (None, int(text[:2]))
            least, most = (low if least is None else least), (high if most is None else most)
        return least, most

    def _unknown_titles(self, cells: RowCells, jobs: tuple[_Job, ...]) -> None:
        for job in jobs:
            understood: Understood = self._understood(job.title)
            if not understood.occupations:
                cells.report(
                    "title",
                    "unknown_occupation",
                    job.title,
                    extra=understood.question or "请换一个常用的岗位名称。",
                    extra_en=understood.question_en or "write a common name of the occupation.",
                )


def _one_pay(found: Mapping[str, Pay]) -> Pay:
    """Pay out of a whole column, or of a lower and an upper one; a lower column beside a whole one is guaranteed."""
    whole, low, high = found.get(""), found.get("min"), found.get("max")
    if whole is not None:
        if low is None or low.low is None:
            return whole
        return replace(whole, guaranteed=low.low, unit=low.unit, written=low.written)
    if low is not None:
        return replace(
            low, high=high.high or high.low if high is not None else low.high if low.high != low.low else None
        )
    return high if high is not None else NOTHING


def _optional(text: str) -> str | None:
    return None if not text or text in ("/", "-") else text
