"""Which line is the header, and which column is which field: by a table of words, by RapidFuzz, by what the cells hold.

Nothing is guessed silently: every column says how it was understood, and a correction by the clerk outranks all.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

from rapidfuzz import fuzz, process

from app.lists.fields import FIELDS, NOT_KEPT, SERIAL, ListKind
from app.lists.reading import Row
from app.lists.values.text import INVISIBLE, as_text
from app.places.gazetteer import reference, rows
from app.workers.id_number import check_character

How = Literal["exact", "alias", "fuzzy", "content", "manual", "not_kept", "unknown"]
#: RapidFuzz ratio a header must reach, and its lead over the best header of any other field.
CUT_OFF, MARGIN, SHORTEST_FUZZY = 80.0, 8.0, 4
#: The header stands within the first lines of a sheet, and is at most this high.
DEEPEST, HIGHEST = 40, 3
#: The column our own problems.xlsx adds.
OUR_COLUMN = "需要修改的问题"
_RANK: dict[How, int] = {"manual": 0, "exact": 1, "alias": 2, "fuzzy": 3, "content": 4, "not_kept": 5, "unknown": 6}
_BRACKETS = re.compile(r"[(（\[【〔{][^)）\]】〕}]*[)）\]】〕}]")
_TRIM = re.compile(r"[*★☆:：。.、,，;；_\-—/\\#?？!！\"'“”‘’]+")
_REQUIRED_MARK = re.compile(r"必填项?|选填项?|可不填|请填写?")
_FORBIDDEN = re.compile(
    r"民族|族别|宗教|信仰|信教|政治面貌|政治身份|党员|党派"
    r"|(?:不愿|不想|未|无|不能|无法|不|拒绝)[^,，]{0,8}(?:原因|理由)|(?:原因|理由)[^,，]{0,4}(?:不愿|未外出|拒绝)|是否拒绝"
)
#: Headers about somebody else: RapidFuzz must not take them for the worker's own.
_OF_OTHERS = re.compile(
    r"户主|紧急|家属|村干部|帮扶|驻村|配偶|监护|负责人|填报|审核|父亲|母亲|子女|上次|上年|去年|原单位|培训时间|毕业时间|出生"
)
#: 填报单位：某镇 is a line about the list, not a column.
_STATEMENT = re.compile(r"[:：]\s*\S")
#: What was or is, where a wish is asked for: 当前务工地点 is no desired place, 是否参加过培训 no training wanted.
_NOT_THE_WISH = re.compile(r"当前|目前|现|上年|上次|去年|原|曾|已|过|实际")
_WISH = re.compile(r"意|愿|期望|希望|想|求|拟|计划|可|能|要|何时|时候|培训需")
_WISHES = frozenset(["desired_occupations", "desired_places", "min_wage", "available_from", "training_wanted"])
#: Consent is to matching; 是否授权查询 is another consent.
_CONSENT_TO_MATCHING = re.compile(r"推送|推荐|匹配|岗位|信息|同意书|授权书")
_GROUP_OF_OTHERS = re.compile(r"户主|紧急|家属|村干部|帮扶|驻村|配偶|监护")
#: Words that make one end of a range out of a header of pay.
_BOUNDS = {"min": ("最低", "下限", "min"), "max": ("最高", "上限", "max")}
_LONG_FIGURE = re.compile(r"\d{6}")
_PHONE = re.compile(r"1[3-9]\d{9}")
_EIGHTEEN = re.compile(r"\d{17}[\dXx]")


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a sheet, as understood."""

    index: int
    #: As the sheet has it.
    header: str
    #: A contract field, "serial", or None: kept as a remark (or, not_kept, blanked).
    field: str | None
    how: How
    #: Which part of the field: an address level, a group, min or max; "" for the whole.
    part: str = ""

    def as_dict(self) -> dict[str, str | None]:
        """The contract's answer."""
        return {"header": self.header, "field": self.field, "how": self.how}


@dataclass(frozen=True, slots=True)
class Header:
    """Where the header stands (rows counted from 0, end exclusive) and its columns."""

    first: int
    end: int
    columns: tuple[Column, ...]


@dataclass(frozen=True, slots=True)
class _Meaning:
    field: str
    part: str
    how: How


def header_key(text: str) -> str:
    """A header without what varies: widths, blanks, case, stars, 必填, punctuation outside brackets."""
    folded = INVISIBLE.sub("", unicodedata.normalize("NFKC", text)).lower()
    return _TRIM.sub("", _REQUIRED_MARK.sub("", "".join(folded.split()))).replace("()", "")


@lru_cache(maxsize=2)
def known_headers(kind: ListKind) -> Mapping[str, _Meaning]:
    """Header key → meaning, from seed/reference/list_headers.csv and the fields' own names."""
    found: dict[str, _Meaning] = {}
    for row in rows(reference("list_headers.csv")):
        if row["kind"] == kind:
            how: How = "not_kept" if row["field"] == NOT_KEPT else "alias"
            found.setdefault(header_key(row["header"]), _Meaning(row["field"], row["part"], how))
    found.pop("", None)
    for field in FIELDS[kind].values():
        for name in (field.name, field.label):
            known = found.get(header_key(name))
            part = known.part if known and known.field == field.name else ""
            found[header_key(name)] = _Meaning(field.name, part, "exact")
    return found


def find_header(
    kind: ListKind, rows: Sequence[Row], overrides: Mapping[str, str | None] | None = None
) -> Header | None:
    """The header among the first rows: the block of 1–3 lines that names most fields; None when no line does.

    rows: the first rows of the sheet, some 200, so that the cells below can be looked at as well.
    """
    best: tuple[int, int, int] | None = None
    for first in range(min(DEEPEST, len(rows))):
        for height in range(1, HIGHEST + 1):
            block = rows[first : first + height]
            if len(block) < height or not all(_may_be_header(row) for row in block):
                break
            score = _score(kind, block, overrides)
            if score >= 2 and (
                best is None or score > best[0] or (score == best[0] and _fits_better(rows, block, best, first))
            ):
                best = (score, first, height)
    if best is None:
        return None
    _, first, height = best
    names = _labels(rows[first : first + height])
    columns = map_columns(kind, names, rows[first + height :], overrides)
    return Header(first, first + height, columns)


def map_columns(
    kind: ListKind,
    labels: Sequence[tuple[str, ...]],
    sample: Sequence[Row],
    overrides: Mapping[str, str | None] | None = None,
) -> tuple[Column, ...]:
    """Columns for labels (per column the header's lines, top to bottom) with the cells below as evidence."""
    shown = _shown(labels)
    columns = [
        _column(kind, i, name, lines, overrides) for i, (name, lines) in enumerate(zip(shown, labels, strict=True))
    ]
    columns = _one_each(kind, columns)
    return tuple(_by_content(kind, columns, sample))


def _may_be_header(row: Row) -> bool:
    """Two words at least, no numbers, not mostly statements: a title has one cell, a data row has figures."""
    words = statements = 0
    for cell in row:
        if isinstance(cell, int | float) and not isinstance(cell, bool):
            return False
        if isinstance(cell, str) and cell and not cell.isspace():
            if len(cell) > 60 or _LONG_FIGURE.search(cell):
                return False
            words += 1
            statements += bool(_STATEMENT.search(_BRACKETS.sub("", cell)))
    return words >= 2 and statements * 2 < words


def _fits_better(rows: Sequence[Row], block: Sequence[Row], best: tuple[int, int, int], first: int) -> bool:
    """Of blocks that name equally much: the one whose last line subdivides, or the one without idle upper lines."""
    _, known_first, known_height = best
    if first == known_first:
        return _only_subdivides(block)
    known = rows[known_first : known_first + known_height]
    upper = "".join(as_text(cell) for row in known[:-1] for cell in row)
    ends_together = first + len(block) == known_first + known_height
    return ends_together and not _GROUP_OF_OTHERS.search(upper) and not _only_subdivides(known)


def _only_subdivides(block: Sequence[Row]) -> bool:
    """Whether the last line stands only under blank cells, or under a group that reaches over two of its cells."""
    above, below = ([as_text(cell) for cell in row] for row in block[-2:])
    width = min(len(above), len(below))
    filled = [i for i in range(width) if below[i] and below[i] != above[i]]
    return len(filled) >= 2 and all(
        not above[i] or (i + 1 < width and not above[i + 1] and bool(below[i + 1])) for i in filled
    )


def _score(kind: ListKind, block: Sequence[Row], overrides: Mapping[str, str | None] | None) -> int:
    """Distinct fields (and parts) a block names for certain."""
    seen = set()
    for lines in _labels(block):
        meaning = _by_words(kind, lines)
        if meaning is not None and meaning.field != SERIAL:
            seen.add((meaning.field, meaning.part))
        elif overrides and lines and lines[-1].strip() in overrides:
            seen.add((lines[-1], ""))
    return len(seen)


def _labels(block: Sequence[Row]) -> list[tuple[str, ...]]:
    """Per column the distinct non-blank lines; a group's name reaches over the blank cells to its right."""
    width = max(len(row) for row in block)
    lines = []
    for depth, row in enumerate(block):
        texts = [as_text(row[i]) if i < len(row) else "" for i in range(width)]
        if depth < len(block) - 1:
            below = block[depth + 1]
            for i in range(1, width):
                if not texts[i] and i < len(below) and as_text(below[i]):
                    texts[i] = texts[i - 1]
        lines.append(texts)
    return [tuple(dict.fromkeys(texts[i] for texts in lines if texts[i])) for i in range(width)]


def _shown(labels: Sequence[tuple[str, ...]]) -> list[str]:
    """The last line when it is alone in the sheet, else all lines: 户主/姓名."""
    last = [lines[-1] if lines else "" for lines in labels]
    return [
        name if len(lines) < 2 or last.count(name) == 1 else "/".join(lines)
        for name, lines in zip(last, labels, strict=True)
    ]


def _column(
    kind: ListKind, index: int, name: str, lines: tuple[str, ...], overrides: Mapping[str, str | None] | None
) -> Column:
    meaning = _by_words(kind, lines)
    if meaning is not None and meaning.field == NOT_KEPT:  # no correction brings back what may not be kept
        return Column(index, name, None, "not_kept", meaning.part)
    if overrides and name in overrides:
        field, _, part = (overrides[name] or "").partition("@")
        if field == NOT_KEPT:
            return Column(index, name, None, "not_kept", part)
        return Column(index, name, field or None, "manual", part)
    if name == OUR_COLUMN:
        return Column(index, name, SERIAL, "exact")
    meaning = meaning or _by_likeness(kind, lines)
    if meaning is None:
        return Column(index, name, None, "unknown")
    if meaning.field == NOT_KEPT:
        return Column(index, name, None, "not_kept", meaning.part)
    return Column(index, name, meaning.field, meaning.how, meaning.part)


def _by_words(kind: ListKind, lines: tuple[str, ...]) -> _Meaning | None:
    """The table's meaning of all lines together, of the last two, or of the last one."""
    if not lines:
        return None
    if len(lines) > 1 and _GROUP_OF_OTHERS.search("".join(lines[:-1])):
        return _of_others(kind, lines)
    for text in dict.fromkeys(("".join(lines), "".join(lines[-2:]), lines[-1])):
        meaning = _looked_up(kind, text)
        if meaning is not None:
            return meaning
    return None


def _of_others(kind: ListKind, lines: tuple[str, ...]) -> _Meaning | None:
    """A column under 户主, 监护人 … is never the worker's own; what tells the household apart is kept as such."""
    whole = _looked_up(kind, "".join(lines)) or _looked_up(kind, "".join(lines[-2:]))
    own = _looked_up(kind, lines[-1])
    if whole or own is None or own.field == NOT_KEPT:
        return whole or own
    is_household = kind == "worker" and "户主" in "".join(lines[:-1])
    return _Meaning("household", "", "alias") if is_household and own.field in ("name", "id_number") else None


@lru_cache(maxsize=20_000)
def _looked_up(kind: ListKind, text: str) -> _Meaning | None:
    known = known_headers(kind)
    key = header_key(text)
    bare = header_key(_BRACKETS.sub("", unicodedata.normalize("NFKC", text)))
    for candidate in (key, bare, *_other_forms(bare)):
        if candidate and candidate in known:
            return known[candidate]
    bound = _bound_of_pay(known, bare)
    if bound is not None:
        return bound
    if kind == "worker" and _FORBIDDEN.search(bare):
        return _Meaning(NOT_KEPT, bare[:10], "not_kept")
    return None


def _other_forms(bare: str) -> tuple[str, ...]:
    """联系方式2, 工资元/月, 啥时候能走, 可外出日期, 同意授权: the same header in another form."""
    return (
        re.sub(r"[0-9一二三]+$", "", bare),
        re.sub(r"(?:元/?[每]?月|元)$", "", bare),
        bare.replace("啥", "什么").replace("哪儿", "哪里"),
        bare.replace("日期", "时间"),
        f"是否{bare}",
    )


def _bound_of_pay(known: Mapping[str, _Meaning], key: str) -> _Meaning | None:
    """薪资待遇 over 最低 and 最高, 工资_min: one end of a column of pay."""
    for part, words in _BOUNDS.items():
        for word in words:
            meaning = known.get(key.removesuffix(word)) if key.endswith(word) else known.get(key.removeprefix(word))
            if word in key and meaning is not None and meaning.field in ("wage", "min_wage") and not meaning.part:
                return _Meaning(meaning.field, part, "alias")
    return None


@lru_cache(maxsize=20_000)
def _by_likeness(kind: ListKind, lines: tuple[str, ...]) -> _Meaning | None:
    """RapidFuzz over the table: the best field, when it is near enough and well ahead of the next field."""
    if not lines:
        return None
    known = known_headers(kind)
    key = header_key(_BRACKETS.sub("", unicodedata.normalize("NFKC", "".join(lines[-2:]))))
    if len(key) < SHORTEST_FUZZY or _OF_OTHERS.search(key) or _GROUP_OF_OTHERS.search("".join(lines)):
        return None
    hits = process.extract(key, known.keys(), scorer=fuzz.ratio, score_cutoff=CUT_OFF - MARGIN, limit=30)
    if not hits or hits[0][1] < CUT_OFF:
        return None
    first = known[hits[0][0]]
    if first.field in _WISHES and (_NOT_THE_WISH.search(key) or not _WISH.search(key)):
        return None
    if first.field == "consent" and not _CONSENT_TO_MATCHING.search(key):
        return None
    rivals = [score for word, score, _ in hits if known[word].field != first.field]
    if rivals and hits[0][1] - max(rivals) < MARGIN:
        return None
    return replace(first, how="not_kept" if first.field == NOT_KEPT else "fuzzy")


def _one_each(kind: ListKind, columns: list[Column]) -> list[Column]:
    """A field that takes one column keeps the surest, leftmost one; the others are kept as remarks."""
    taken: dict[tuple[str, str], Column] = {}
    for column in sorted(columns, key=lambda column: (_RANK[column.how], column.index)):
        if column.field is not None:
            taken.setdefault(_slot(kind, column), column)
    return [
        column
        if column.field is None or taken[_slot(kind, column)] is column
        else replace(column, field=None, how="unknown", part="")
        for column in columns
    ]


def _slot(kind: ListKind, column: Column) -> tuple[str, str]:
    """What a column fills: whole addresses and whole pay are one slot, other joining columns one each."""
    field = FIELDS[kind].get(column.field or "")
    if field is None:
        return (column.field or "", str(column.index))
    if not field.joins:
        return (field.name, "")
    if field.name in ("home_address", "workplace", "wage", "min_wage", "age"):
        return (field.name, column.part)
    return (field.name, str(column.index))


def _by_content(kind: ListKind, columns: list[Column], sample: Sequence[Row]) -> list[Column]:
    """A column nobody named, or one of 证件 (papers), whose cells are ID numbers or mobile phones, when the list lacks
    that field."""
    have = {column.field for column in columns}
    wanted = [name for name in ("id_number", "phone") if name in FIELDS[kind] and name not in have]
    if not wanted:
        return columns
    result = []
    for column in columns:
        if (column.how == "unknown" or column.field == "certificates") and wanted:
            texts = [text for row in sample[:200] if column.index < len(row) and (text := as_text(row[column.index]))]
            held = _held(texts)
            if held in wanted:
                wanted.remove(held)
                column = replace(column, field=held, how="content")
        result.append(column)
    return result


def _held(texts: list[str]) -> str:
    if len(texts) < 3:
        return ""
    compact = ["".join(text.split()) for text in texts]
    ids = sum(1 for text in compact if _EIGHTEEN.fullmatch(text) and check_character(text[:17]) == text[17].upper())
    if ids >= 0.8 * len(texts):
        return "id_number"
    return "phone" if sum(1 for text in compact if _PHONE.fullmatch(text)) >= 0.9 * len(texts) else ""


def unit_of_header(header: str) -> str:
    """What a header says about the unit of pay: everything in brackets, and 元/… after the name."""
    folded = unicodedata.normalize("NFKC", header)
    inside = "".join(re.findall(r"[(\[【]([^)\]】]*)[)\]】]", folded))
    return inside + "".join(re.findall(r"(?:万|千)?元?/[天日时小年月周]+|万元|千元|时薪|日薪|年薪|日工资", folded))
