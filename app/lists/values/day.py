"""Days as people write them: 2026.3.28, 2027年12月底, 20271231, Excel serials, 年后, 随时, 长期有效."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from app.lists.values.text import Cell, as_text, chinese_number, plain, with_arabic


class DayMeaning(StrEnum):
    """What words without a date say."""

    DAY = "day"
    ANY_TIME = "any_time"
    LONG_TERM = "long_term"
    AFTER_NEW_YEAR = "after_new_year"


@dataclass(frozen=True, slots=True)
class DayFound:
    """A day, or None with what the words mean; meaning None: nothing stated or not understood."""

    day: date | None = None
    meaning: DayMeaning | None = None


NO_DAY = DayFound()
_EXCEL_ZERO = date(1899, 12, 30)
_SERIALS = range(36_526, 73_051)  # 2000-01-01 to 2099-12-31
_SEPARATED = r"[./\-年]"
_FULL = re.compile(rf"(?<!\d)(20\d\d|\d\d){_SEPARATED}(\d{{1,2}})[./\-月](\d{{1,2}})(?!\d)")
_COMPACT = re.compile(r"(?<!\d)(20\d\d)(\d\d)(\d\d)(?!\d)")
_MONTH = re.compile(rf"(?<!\d)(20\d\d){_SEPARATED}(\d{{1,2}})(?!\d)月?份?(初|上旬|中旬|中|下旬|底|末)?(?![./\-]?\d)")
_YEAR_END = re.compile(r"(20\d\d)年?(?:年?底|年末|底|末)")
_YEARLESS = re.compile(r"(?<![\d年./\-])(\d{1,2})[月.\-/](\d{1,2})(?:日|号)?(?!\d)")
_YEARLESS_MONTH = re.compile(r"(?<![\d年./\-])(\d{1,2})月份?(初|上旬|中旬|中|下旬|底|末)?(?![./\-]?\d)")
_THIS_YEAR_END = re.compile(r"^(今年|本年|明年)?(?:年底|年末|底)")
_LONG = re.compile(r"长期|常年|招满|满为止|一直|不限|永久|无限期|持续|全年|常招")
_ANY = re.compile(r"随时|立即|马上|即日|即可|现在|目前|均可|都可|尽快|即时|当天|已在外|近期|越快越好|任何时")
_NEW_YEAR = re.compile(r"年后|节后|过完年|过年后|正月|春节|元宵|开年|明年初")
_PARTS = {"初": 1, "上旬": 10, "中": 15, "中旬": 15}
_YEAR_IN_WORDS = re.compile(r"二[零〇]([零〇一二三四五六七八九])([零〇一二三四五六七八九])(?=年)")


def parse_day(cell: Cell, today: date, *, ends: bool) -> tuple[DayFound, str | None]:
    """(found, None), or (NO_DAY, reason 'bad_date' or 'bad_date.year').

    ends: the day is an end (valid until): a month means its last day, and a day without a year that has passed is not
    moved into next year. Otherwise it is a beginning: a month means its first day, a passed day comes again.
    """
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return _serial(float(cell))
    words = plain(as_text(cell))
    if not words or words in ("-", "/", "无", "无要求", "--", "待定", "空"):
        return NO_DAY, None
    if len(words) > 100:
        return NO_DAY, "bad_date"
    if re.fullmatch(r"\d{5}(\.0+)?", words):
        return _serial(float(words))
    words = with_arabic(_YEAR_IN_WORDS.sub(_figures, words).replace("元旦", "1月1日").replace("国庆", "10月1日"))
    days = _dated(words, ends)
    if days:
        return DayFound(days[-1] if ends else days[0], DayMeaning.DAY), None
    return _in_words(words, today, ends)


def _figures(year: re.Match[str]) -> str:
    return "20" + "".join(str(chinese_number(char) or 0) for char in year.groups())


def _serial(number: float) -> tuple[DayFound, str | None]:
    if number == number and int(min(max(number, 0), 1e9)) in _SERIALS:
        return DayFound(_EXCEL_ZERO + timedelta(days=int(number)), DayMeaning.DAY), None
    if number.is_integer() and (match := _COMPACT.fullmatch(str(int(number)))):
        day = _day(*match.groups())
        if day:
            return DayFound(day, DayMeaning.DAY), None
    return NO_DAY, "bad_date"


def _dated(words: str, ends: bool) -> list[date]:
    found: list[tuple[int, date]] = []
    for pattern in (_FULL, _COMPACT):
        for match in pattern.finditer(words):
            day = _day(*match.groups())
            if day:
                found.append((match.start(), day))
    if not found:
        for match in _MONTH.finditer(words):
            day = _in_month(int(match[1]), int(match[2]), match[3], ends)
            if day:
                found.append((match.start(), day))
    if not found:
        for match in _YEAR_END.finditer(words):
            found.append((match.start(), date(int(match[1]), 12, 31)))
    return [day for _, day in sorted(found)]


def _in_words(words: str, today: date, ends: bool) -> tuple[DayFound, str | None]:
    without_year = _yearless(words, ends, today)
    if without_year is not None:
        if ends and without_year < today:
            return NO_DAY, "bad_date.year"
        return DayFound(without_year, DayMeaning.DAY), None
    for meaning, pattern in (
        (DayMeaning.AFTER_NEW_YEAR, _NEW_YEAR),
        (DayMeaning.LONG_TERM, _LONG),
        (DayMeaning.ANY_TIME, _ANY),
    ):
        if pattern.search(words):
            return DayFound(None, meaning), None
    end = _THIS_YEAR_END.match(words)
    if end:
        return DayFound(date(today.year + (end[1] == "明年"), 12, 31), DayMeaning.DAY), None
    return NO_DAY, "bad_date"


def _yearless(words: str, ends: bool, today: date) -> date | None:
    """A day or month without a year; a word (今年, 明年) settles it, else the next one to come for a beginning."""
    if "正月" in words or "腊月" in words or "农历" in words:
        return None
    shift = 1 if "明年" in words else 0
    match = _YEARLESS.search(words)
    month = None if match else _YEARLESS_MONTH.search(words)
    for year in (today.year + shift, today.year + 1 + shift):
        if match:
            day = _day(str(year), match[1], match[2])
        elif month:
            day = _in_month(year, int(month[1]), month[2], ends)
        else:
            return None
        if day is None or ends or shift or "今年" in words or day >= today:
            return day
    return day


def _day(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year) + (2000 if len(year) == 2 else 0), int(month), int(day))
    except ValueError:
        return None


def _in_month(year: int, month: int, part: str | None, ends: bool) -> date | None:
    if not 1 <= month <= 12:
        return None
    if part in _PARTS and part is not None:
        return date(year, month, _PARTS[part])
    last = monthrange(year, month)[1]
    return date(year, month, last if ends or part in ("底", "末", "下旬") else 1)
