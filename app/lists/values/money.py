"""Pay in the words of postings and forms → yuan a month.

Stated assumptions for converting: 26 paid days a month, 8 hours a day, 52 weeks and 12 months a year. Allowances
(餐补, 全勤奖, 工龄 …) and numbers of another kind (8小时, 月休4天, 13薪) are not pay. 保底 and 底薪 are what is
guaranteed; 综合 is the range that is paid. Nothing is guessed: an amount without a plausible month is no amount.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from app.lists.values.text import Cell, as_text, plain, with_arabic

DAYS_A_MONTH = 26
HOURS_A_DAY = 8
#: Yuan a month outside these bounds are not taken for a monthly wage.
LEAST_MONTH, MOST_MONTH = 300, 60_000


class PayUnit(StrEnum):
    """What the written amount is for."""

    MONTH = "month"
    DAY = "day"
    HOUR = "hour"
    WEEK = "week"
    YEAR = "year"


_BOUNDS = {
    PayUnit.MONTH: (LEAST_MONTH, MOST_MONTH),
    PayUnit.DAY: (20, 3_000),
    PayUnit.HOUR: (3, 400),
    PayUnit.WEEK: (100, 15_000),
    PayUnit.YEAR: (6_000, 1_000_000),
}
_TO_MONTH = {
    PayUnit.MONTH: 1.0,
    PayUnit.DAY: DAYS_A_MONTH,
    PayUnit.HOUR: HOURS_A_DAY * DAYS_A_MONTH,
    PayUnit.WEEK: 52 / 12,
    PayUnit.YEAR: 1 / 12,
}


@dataclass(frozen=True, slots=True)
class Pay:
    """Pay as understood. All None: nothing stated, negotiable, or not understood (then there is a reason)."""

    #: Yuan a month; high None: open-ended.
    low: int | None = None
    high: int | None = None
    #: The lower pay that is guaranteed (保底, 底薪, else the lower end), yuan a month.
    guaranteed: int | None = None
    #: The unit it was written in, and the guaranteed amount in that unit.
    unit: PayUnit = PayUnit.MONTH
    written: float | None = None
    piece: bool = False

    @property
    def converted(self) -> bool:
        """Whether it was written in another unit than the month."""
        return self.unit is not PayUnit.MONTH


NOTHING = Pay()
_NEGOTIABLE = re.compile(
    r"面议|面谈|电议|详谈|协商|待定|不限|随便|无要求|没要求|没有要求|都可以|不清楚|看情况|市场价|按劳|行业标准"
)
_NUMBER = r"\d+(?:\.\d+)?"
_SCALE = r"(?:千|k|w|万)?"
_YUAN = r"(?:元|块钱?|￥|¥|rmb)?"
_PER = r"(?:人民币)?"
_DASH = r"(?:[-~—–−至到―－]+)"
_AMOUNT = re.compile(
    rf"(?P<a>{_NUMBER})(?P<as>{_SCALE}){_YUAN}(?:/月|每月)?(?:{_DASH}(?P<b>{_NUMBER})(?P<bs>{_SCALE}){_YUAN})?"
)
_ALLOWANCE = re.compile(
    r"补贴|补助|餐补|饭补|房补|话补|车补|津贴|全勤|满勤|奖|工龄|加班费|提成\d|保险|社保|公积金|押金|押\d|扣|中介|报销|红包|介绍费"
)
_MAIN = re.compile(r"工资|薪|综合|保底|底薪|收入|月入|到手|基本|底\d|待遇|试用|转正|实习")
_GUARANTEED = re.compile(r"保底|底薪|基本工资|基本薪|固定工资|无责|责任底|基础工资|底\d")
_TRIAL = re.compile(r"试用|实习|学徒|培训期|见习|试工")
_PIECE = re.compile(r"计件|按件|元/件|/件|每件|多劳多得|提成")
_NOT_PAY_AFTER = re.compile(
    r"^(?:个?小时|h(?![a-z])|天|日|人|名|岁|周岁|休|班|险|薪|%|个月|月份|号|点|件|年|倍|平|公里|层|楼|工|:\d|周)"
)
_UNIT_WORDS = (
    (
        PayUnit.HOUR,
        re.compile(
            r"/(?:个?小时|时|h)|每(?:个)?小时|一(?:个)?小时|1(?:个)?小时|时薪|小时工资|小时工\d|元(?:个)?小时|块(?:个)?小时"
        ),
    ),
    (
        PayUnit.DAY,
        re.compile(
            r"/(?:天|日|工|d|班)|每(?:天|日)|一天|1天|日薪|日工资|日结\d|天工资|元(?:天|日)|块(?:一)?天|一个工|/个工|每工|每班"
        ),
    ),
    (PayUnit.WEEK, re.compile(r"/周|每周|一周|周薪")),
    (PayUnit.YEAR, re.compile(r"/年|每年|一年|年薪|年收入|全年|年工资|年入")),
    (PayUnit.MONTH, re.compile(r"/月|每月|一个?月|月薪|月工资|月收入|月入|元月|/m")),
)
_MORE = re.compile(r"以上|起|不低于|至少|≥|>|不少于|高于|上不封顶|\+|最低|多一?点")
_LESS = re.compile(r"以下|以内|之内|不超过|最高|≤|<|低于|封顶")


def parse_pay(cell: Cell, header_unit: str = "") -> tuple[Pay, str | None]:
    """(pay, None), or (NOTHING, reason 'bad_wage' or 'bad_wage.unclear'). Blank and 面议 give (NOTHING, None).

    header_unit is what the column's header adds: 万元, 千元, 元/天, 元/小时, 元/年 …
    """
    words = _prepared(as_text(cell))
    if not words or words in "-/无":
        return NOTHING, None
    unit_hint = _unit_of(plain(header_unit), None)
    scale_hint = _scale_of(plain(header_unit))
    amounts = [found for clause in _clauses(words) for found in _amounts(clause, unit_hint, scale_hint)]
    amounts = [amount for amount in amounts if amount.is_plausible]
    if not amounts:
        return NOTHING, None if _NEGOTIABLE.search(words) and not re.search(r"\d{3}", words) else "bad_wage"
    return _together(amounts, bool(_PIECE.search(words)))


@dataclass(frozen=True, slots=True)
class _Amount:
    low: float | None
    high: float | None
    unit: PayUnit
    guaranteed: bool
    trial: bool

    @property
    def is_plausible(self) -> bool:
        least, most = _BOUNDS[self.unit]
        values = [value for value in (self.low, self.high) if value is not None]
        return bool(values) and all(least <= value <= most for value in values)

    def monthly(self, value: float | None) -> int | None:
        return None if value is None else int(value * _TO_MONTH[self.unit] + 0.5)


def _together(amounts: list[_Amount], piece: bool) -> tuple[Pay, str | None]:
    """The range paid and the lower pay guaranteed, out of the clauses."""
    regular = [amount for amount in amounts if not amount.trial] or amounts
    ranges = [amount for amount in regular if not amount.guaranteed] or regular
    unit = ranges[0].unit
    ranges = [amount for amount in ranges if amount.unit is unit]
    lows = [amount.low for amount in ranges if amount.low is not None]
    if not lows:
        return NOTHING, "bad_wage.upper_only"
    high = None if any(a.high is None for a in ranges) else max(a.high for a in ranges if a.high is not None)
    sure = min(
        ((amount.monthly(amount.low), amount) for amount in amounts if amount.low is not None),
        key=lambda pair: (not pair[1].guaranteed, pair[0]),
    )[1]
    low = ranges[0].monthly(min(lows))
    top = ranges[0].monthly(high)
    if low is not None and not LEAST_MONTH <= low <= MOST_MONTH:
        return NOTHING, "bad_wage.unclear"
    return Pay(low, top, sure.monthly(sure.low), sure.unit, sure.low, piece), None


def _prepared(text: str) -> str:
    words = re.sub(r"(?<=\d),(?=\d{3}(?!\d))", "", plain(text[:300]))
    words = re.sub(r"[\$]|人民币", "", words)
    words = _spoken_range(words)
    return with_arabic(words)


_ONE = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"两": 2}
_SPOKEN = re.compile(r"([一二两三四五六七八九])(?:、|,)?([二两三四五六七八九])(千|万)(?![一二三四五六七八九])")
_MIXED_TAIL = re.compile(r"(\d+)(千|万)(\d)(?!\d)(?![千万])")


def _spoken_range(words: str) -> str:
    """四五千 → 4000-5000; 4千5 → 4500; 1万2 → 12000."""

    def span(match: re.Match[str]) -> str:
        low, high, unit = match.groups()
        size = 1000 if unit == "千" else 10_000
        return f"{_ONE[low] * size}-{_ONE[high] * size}" if _ONE[low] < _ONE[high] else match.group()

    def tail(match: re.Match[str]) -> str:
        whole, unit, rest = match.groups()
        size = 1000 if unit == "千" else 10_000
        return str(int(whole) * size + int(rest) * size // 10) if len(whole) <= 3 else match.group()

    return _MIXED_TAIL.sub(tail, _SPOKEN.sub(span, words))


def _clauses(words: str) -> list[str]:
    parts = [part for part in re.split(r"[,，;；。、\n!！()（）]|\+(?=\D)|＋", words) if part]
    return [part for part in parts if not (_ALLOWANCE.search(part) and not _MAIN.search(part))]


def _amounts(clause: str, unit_hint: PayUnit | None, scale_hint: int) -> list[_Amount]:
    found = []
    for match in _AMOUNT.finditer(clause):
        after = clause[match.end() :]
        before = clause[: match.start()]
        if _NOT_PAY_AFTER.match(after) and not match.group().endswith(("元", "块")):
            continue
        if before.endswith(("休", "第", "上", "月休", "双休", "工作", "每天工作")):
            continue
        unit = _unit_of(clause, unit_hint) or PayUnit.MONTH
        low, high = _scaled(match, scale_hint if unit is PayUnit.MONTH or unit is PayUnit.YEAR else 1, unit)
        found.append(_bounded(low, high, clause, unit))
    return found


def _bounded(low: float, high: float | None, clause: str, unit: PayUnit) -> _Amount:
    guaranteed, trial = bool(_GUARANTEED.search(clause)), bool(_TRIAL.search(clause))
    if high is not None:
        return _Amount(min(low, high), max(low, high), unit, guaranteed, trial)
    if _MORE.search(clause):
        return _Amount(low, None, unit, guaranteed, trial)
    if _LESS.search(clause):
        return _Amount(None, low, unit, guaranteed, trial)
    return _Amount(low, None if guaranteed else low, unit, guaranteed, trial)


def _scaled(match: re.Match[str], scale_hint: int, unit: PayUnit) -> tuple[float, float | None]:
    sizes = {"千": 1000, "k": 1000, "万": 10_000, "w": 10_000, "": 1}
    first, second = match["as"], match["bs"] or ""
    if match["b"] is None:
        value = float(match["a"][:12]) * sizes[first]
        return (value * scale_hint if not first and value < 100 else value), None
    low, high = float(match["a"][:12]), float(match["b"][:12])
    if not first and second and low < 100:
        first = second
    low, high = low * sizes[first], high * sizes[second]
    if not first and not second and scale_hint > 1 and high < 100:
        low, high = low * scale_hint, high * scale_hint
    return low, high


def _unit_of(words: str, default: PayUnit | None) -> PayUnit | None:
    for unit, pattern in _UNIT_WORDS:
        if pattern.search(words):
            return unit
    return default


def _scale_of(header: str) -> int:
    if "万" in header:
        return 10_000
    return 1000 if "千" in header or header.endswith("k") else 1
