"""Workbooks for the clerk: the own sheet back with what to fix, and the empty templates.

Written row by row in constant memory. Text that a spreadsheet could take for a formula gets an apostrophe in front
(SECURITY T15); nothing is ever written as a formula.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import IO, Protocol

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from app.lists.fields import FIELDS, ListKind
from app.lists.headers import OUR_COLUMN, Column, find_header, map_columns
from app.lists.reading import Cell, Row, SheetStart, sheets_of
from app.workers.choices import Education, EmploymentStatus, Group, LabourAbility

_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\0", "＝", "＋", "－", "＠")
LOOK_AHEAD = 240
_MARK = {True: "必须修改", False: "请核对"}
_MARK_EN = {True: "must be fixed", False: "please check"}


class SheetProblem(Protocol):
    """What a problem must know to be written into the sheet."""

    @property
    def sheet(self) -> str: ...
    @property
    def row(self) -> int: ...
    @property
    def column(self) -> str: ...
    @property
    def blocks(self) -> bool: ...
    @property
    def message_zh(self) -> str: ...
    @property
    def message_en(self) -> str: ...


def safe_text(text: str) -> str:
    """Text that no spreadsheet evaluates: an apostrophe before = + - @, tab, carriage return and NUL."""
    return "'" + text if text.startswith(_DANGEROUS) else text


def write_problem_sheet(
    target: IO[bytes],
    events: Iterable[SheetStart | list[Row]],
    problems: Iterable[SheetProblem],
    *,
    kind: ListKind,
    overrides: Mapping[str, str | None] | None = None,
    lang: str = "zh",
) -> None:
    """The list as it was (events from `stream` or `stream_kept`), with coloured cells and a last column of remedies.

    The column is called 需要修改的问题 and is passed over when the sheet is uploaded again.
    """
    by_row: dict[tuple[str, int], list[SheetProblem]] = {}
    for problem in problems:
        by_row.setdefault((problem.sheet, problem.row), []).append(problem)
    with xlsxwriter.Workbook(
        target, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    ) as book:
        paint = _Paint.of(book)
        names: set[str] = set()
        for start, rows in sheets_of(events):
            if start.visible:
                sheet = book.add_worksheet(_sheet_name(start.name, names))
                _write_sheet(sheet, start, rows, by_row, paint, kind, overrides or {}, lang)


@dataclass(frozen=True, slots=True)
class _Paint:
    header: Format
    text: Format
    blocking: Format
    warning: Format
    remedy: Format

    @classmethod
    def of(cls, book: xlsxwriter.Workbook) -> _Paint:
        return cls(
            header=book.add_format({"bold": True, "bg_color": "#D9E1F2", "num_format": "@"}),
            text=book.add_format({"num_format": "@"}),
            blocking=book.add_format({"bg_color": "#FFC7CE", "num_format": "@"}),
            warning=book.add_format({"bg_color": "#FFEB9C", "num_format": "@"}),
            remedy=book.add_format({"text_wrap": True, "num_format": "@", "font_color": "#9C0006"}),
        )


def _write_sheet(
    sheet: Worksheet,
    start: SheetStart,
    rows: Iterator[Row],
    by_row: Mapping[tuple[str, int], Sequence[SheetProblem]],
    paint: _Paint,
    kind: ListKind,
    overrides: Mapping[str, str | None],
    lang: str,
) -> None:
    ahead = [row for _, row in zip(range(LOOK_AHEAD), rows, strict=False)]
    columns, head = columns_of(start, ahead, kind, overrides)
    places = {column.header: column.index for column in reversed(columns)}
    ours = next((column.index for column in columns if column.header == OUR_COLUMN), None)
    last = ours if ours is not None else max([len(row) for row in ahead] + [len(columns)], default=0)
    sheet.set_column(last, last, 60)
    above = 0
    if start.header is not None:  # a JSON list has no header line of its own
        _write_row(sheet, 0, list(start.header), {}, paint.header)
        sheet.write_string(0, last, OUR_COLUMN, paint.header)
        above = 1
    for at, row in enumerate(_all(ahead, rows)):
        wrong = by_row.get((start.name, at + 1), ())
        marks = {places[p.column]: p.blocks for p in sorted(wrong, key=lambda p: p.blocks) if p.column in places}
        cells = row if ours is None else [cell if i != ours else "" for i, cell in enumerate(row)]
        colours = {i: paint.blocking if blocks else paint.warning for i, blocks in marks.items()}
        _write_row(sheet, at + above, cells, colours, paint.header if at + 1 == head else paint.text, len(columns))
        if at + 1 == head:
            sheet.write_string(at, last, OUR_COLUMN, paint.header)
        elif wrong:
            sheet.write_string(at + above, last, safe_text(_remedies(wrong, lang)), paint.remedy)


def columns_of(
    start: SheetStart, ahead: list[Row], kind: ListKind, overrides: Mapping[str, str | None]
) -> tuple[tuple[Column, ...], int]:
    """The sheet's columns and the number of its last header line (0: none)."""
    if start.header is not None:
        return map_columns(kind, [(name,) for name in start.header], ahead, overrides), 0
    header = find_header(kind, ahead, overrides)
    return (header.columns, header.end) if header else ((), 0)


def _all(ahead: list[Row], rows: Iterator[Row]) -> Iterator[Row]:
    yield from ahead
    yield from rows


def _write_row(
    sheet: Worksheet, at: int, row: Row, colours: Mapping[int, Format], plain: Format, width: int = 0
) -> None:
    for place in range(max(len(row), width if colours else 0)):
        cell: Cell = row[place] if place < len(row) else None
        paint = colours.get(place)
        if cell is None or cell == "":
            if paint:
                sheet.write_blank(at, place, None, paint)
        elif isinstance(cell, bool):
            sheet.write_string(at, place, "是" if cell else "否", paint or plain)
        elif isinstance(cell, int | float) and abs(cell) < 1e11:
            sheet.write_number(at, place, cell, paint)
        else:
            sheet.write_string(at, place, safe_text(str(cell))[:32_000], paint or plain)


def _remedies(problems: Sequence[SheetProblem], lang: str) -> str:
    """Numbered, what blocks first."""
    ordered = sorted(problems, key=lambda problem: not problem.blocks)
    marks, mark = (_MARK_EN, " ") if lang == "en" else (_MARK, "")
    return "\n".join(
        f"{n}. [{marks[p.blocks]}]{mark}{p.message_en if lang == 'en' else p.message_zh}"
        for n, p in enumerate(ordered, 1)
    )[:32_000]


def _sheet_name(name: str, used: set[str]) -> str:
    """A name Excel allows, once."""
    clean = "".join("_" if char in "[]:*?/\\" else char for char in name).strip("'")[:28] or "Sheet"
    unique, n = clean, 1
    while unique.lower() in used:
        n += 1
        unique = f"{clean}_{n}"
    used.add(unique.lower())
    return unique


@dataclass(frozen=True, slots=True)
class _Asked:
    """One column of a template."""

    name: str
    example: str
    choices: tuple[str, ...] = ()
    hint: str = ""
    header: str = ""
    width: int = 14


_TEMPLATES: dict[ListKind, tuple[_Asked, ...]] = {
    "worker": (
        _Asked("name", "张三", hint="必填。按身份证填写。"),
        _Asked("id_number", "622926199001010000", hint="必填。18 位，本列已设为文本格式。", width=22),
        _Asked("phone", "13900000000", hint="本人手机号。多个用顿号隔开。"),
        _Asked("home_address", "甘肃省临夏州东乡县锁南镇毛毛村", hint="必填。写到村；至少写到县。", width=34),
        _Asked("groups", "脱贫户", tuple(Group), "可写多项，用顿号隔开。"),
        _Asked("education", "初中", tuple(Education)),
        _Asked("labour_ability", "普通劳动力", tuple(LabourAbility)),
        _Asked("employment_status", "失业", tuple(EmploymentStatus)),
        _Asked("skills", "电焊、开叉车", hint="会做什么，用顿号隔开。"),
        _Asked("certificates", "叉车证"),
        _Asked("willing_to_go_out", "是", ("是", "否")),
        _Asked("desired_occupations", "电焊工、普工", hint="可写多项，用顿号隔开。"),
        _Asked("desired_places", "山东、天津", hint="省、市名称，或：不限、省内、本县、不去某地。"),
        _Asked("min_wage", "4500", hint="元/月。没有要求可留空。"),
        _Asked("available_from", "2026-12-10"),
        _Asked("training_wanted", "电工"),
        _Asked("consent", "同意", ("同意", "不同意"), "本人已签字同意接收岗位推荐，才填“同意”。"),
        _Asked("household", ""),
        _Asked("remarks", ""),
    ),
    "vacancy": (
        _Asked("employer", "青岛某机械有限公司", hint="必填。", width=28),
        _Asked("uscc", "", hint="18 位，可留空。", width=22),
        _Asked("title", "电焊工", hint="必填。一行一个岗位。"),
        _Asked("headcount", "20", hint="必填。一个数字。"),
        _Asked("wage", "6000-8000", hint="必填。元/月；按小时、按天计的请写明单位，例如 26元/小时。"),
        _Asked("workplace", "山东省青岛市城阳区", hint="必填。写到区县。", width=30),
        _Asked("requirements", "会氩弧焊优先", hint="不得写性别、民族、户籍、婚育等要求，不得收费。", width=30),
        _Asked("skills", "氩弧焊"),
        _Asked("certificates", "焊工证"),
        _Asked("age", "18-55"),
        _Asked("lodging", "是", ("是", "否"), header="食宿"),
        _Asked("social_insurance", "五险"),
        _Asked("contract", "劳动合同一年"),
        _Asked("kind", "企业", ("企业", "帮扶车间", "以工代赈", "公益性岗位", "家政")),
        _Asked("contact", "王经理"),
        _Asked("phone", "0532-86000000"),
        _Asked("start_date", "随时"),
        _Asked("valid_until", "2027-12-31", hint="留空按 30 天。"),
        _Asked("external_ref", "", hint="贵单位系统里的编号；同一编号再次上传视为更新。"),
        _Asked("remarks", ""),
    ),
}
#: Lines of a template that get formats and drop-downs.
_PREPARED = 1_000
#: The first word of the example line's counting cell: the line is no data row.
EXAMPLE = "示例（不导入）"


def write_template(target: IO[bytes], kind: ListKind) -> None:
    """An empty list with the contract's columns, drop-downs, hints, and one example line that is not imported."""
    with xlsxwriter.Workbook(target) as book:
        sheet = book.add_worksheet("劳动力清单" if kind == "worker" else "岗位清单")
        head = book.add_format({"bold": True, "bg_color": "#D9E1F2", "border": 1})
        star = book.add_format({"bold": True, "bg_color": "#F8CBAD", "border": 1})
        text = book.add_format({"num_format": "@"})
        grey = book.add_format({"num_format": "@", "italic": True, "font_color": "#7F7F7F"})
        sheet.freeze_panes(1, 2)
        sheet.set_column(0, 0, 16)
        sheet.write_string(0, 0, "序号", head)
        sheet.write_string(1, 0, EXAMPLE, grey)
        for place, asked in enumerate(_TEMPLATES[kind], 1):
            known = FIELDS[kind][asked.name]
            sheet.set_column(place, place, asked.width, text)
            sheet.write_string(0, place, asked.header or known.label, star if known.required else head)
            sheet.write_string(1, place, asked.example, grey)
            if asked.hint:
                sheet.write_comment(0, place, asked.hint)
            if asked.choices:
                sheet.data_validation(
                    2,
                    place,
                    _PREPARED,
                    place,
                    {"validate": "list", "source": list(asked.choices), "error_type": "information"},
                )
