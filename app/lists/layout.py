"""Which lines of a sheet are data: not titles, blank lines, totals, signatures, notes or a header said again."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from app.lists.fields import SERIAL
from app.lists.headers import Column, header_key
from app.lists.reading import Cell, Row
from app.lists.values.text import as_text

LineKind = Literal["data", "blank", "total", "signature", "note", "header", "title"]
_TOTAL = re.compile(
    r"^(?:本页|本表|全村|全镇|全县|本村|各?类)?(?:合计|小计|总计|共计|累计|总数|总人数|合共)(?:[:：(（]|\d|人|$)"
    r"|^[\u4e00-\u9fff]{0,10}(?:小计|合计|总计)(?:[:：]|\d|$)|^(?:共|总共)\d+[人个条]"
)
_SIGNATURE = re.compile(
    r"^(?:填表人|填报人|制表人?|审核人?|审批人?|复核人?|经办人?|负责人|单位负责人|主要负责人|分管领导|领导签字|签字|签名|盖章|"
    r"联系人及电话|"
    r"填报单位|填表单位|填报日期|填报时间|填表日期|填表时间|制表单位|制表日期|单位\(?盖章\)?|单位[（(]公章[)）]|村\(社区\)负责人|"
    r"驻村工作队|村支书|镇长|乡长|站长|报送单位|报送人|报送时间|统计人|统计时间|联系人|联系电话|日期|上报时间|上报单位)[^:：]{0,12}[:：]"
)
_NOTE = re.compile(
    r"^(?:备注|备 *注|注|说明|填表说明|填写说明|注意|注意事项|附|附件|填报要求|填报说明|温馨提示|提示|备考|"
    r"特别说明)\d*[:：.、]"
)
_NUMBERED_NOTE = re.compile(r"^(?:\d+[.、)）]|[（(]\d+[)）]|[一二三四五六七八九十]+[、.])\s*\S")
_PLACE_END = re.compile(
    r"(?:村|社区|镇|乡|组|公司|厂|街道|县|区|市|表|清单|名单|年|月|日|期|类|岗位|企业|局|中心)[:：]?$"
)
_EXAMPLE = re.compile(r"^(?:示例|样例|填写示例|例\d*[:：]?|例如|举例)")
_ASKED = frozenset("必填 选填 必填项 选填项 非必填 可不填 文本 数字 日期 下拉选择 文本格式".split())
#: Example lines stand among the first lines of the data.
_EXAMPLES_WITHIN = 10


class LineSorter:
    """Tells data lines of one sheet from the rest, given its columns."""

    def __init__(self, columns: Sequence[Column]) -> None:
        self._lines = 0
        self._columns = columns
        self._header = [header_key(column.header) for column in columns]
        self._strong = next((c.index for c in columns if c.field == "id_number"), None)
        self._name = next((c.index for c in columns if c.field in ("name", "title")), None)
        self._silent = frozenset(
            c.index for c in columns if c.field == SERIAL or (c.field is None and c.how == "not_kept")
        )

    def sort(self, row: Row) -> LineKind:
        """What the next line is. A line with a whole ID number is data whatever else it holds."""
        self._lines += 1
        if self._strong is not None and self._strong < len(row):
            held = row[self._strong]
            if isinstance(held, str) and len(held) >= 15:
                return "data" if not self._is_example(row) else "note"
        filled = [(i, cell) for i, cell in enumerate(row) if cell is not None and cell != "" and not _is_space(cell)]
        if not [i for i, _ in filled if i not in self._silent]:
            return self._of_silent(filled)
        return self._of_words(row, filled)

    def _of_silent(self, filled: Sequence[tuple[int, Cell]]) -> LineKind:
        """Only counting columns are filled: a numbered empty line, or a title standing in the first column."""
        texts = [as_text(cell) for _, cell in filled]
        if not texts:
            return "blank"
        return _marked(texts[0]) or ("blank" if all(len(text) < 6 for text in texts) else "title")

    def _of_words(self, row: Row, filled: Sequence[tuple[int, Cell]]) -> LineKind:
        first = as_text(filled[0][1])
        marked = _marked(first)
        if marked is None and len(filled) > 1 and filled[0][0] in self._silent:
            marked = _marked(as_text(filled[1][1]))
            marked = marked if marked == "total" else None
        if marked == "total" or (marked and len(filled) <= max(6, len(self._columns) // 2)):
            return marked
        if self._may_be_header(row) and self._is_header(filled):
            return "header"
        if self._lines <= 3 and _is_below_header([as_text(cell) for _, cell in filled]):
            return "header"
        if self._is_example(row):
            return "note"
        if len(filled) == 1 and len(self._columns) > 2 and self._is_title(*filled[0]):
            return "title"
        return "data"

    def _may_be_header(self, row: Row) -> bool:
        """False at once when the column of names or titles holds something else than its own header."""
        if self._name is None or self._name >= len(row):
            return True
        held = row[self._name]
        return not held or (isinstance(held, str) and header_key(held) == self._header[self._name])

    def _is_header(self, filled: Sequence[tuple[int, Cell]]) -> bool:
        same = sum(
            1
            for i, cell in filled
            if isinstance(cell, str)
            and i < len(self._header)
            and self._header[i]
            and header_key(cell) == self._header[i]
        )
        return same >= 2 and same * 2 >= len(filled)

    def _is_title(self, index: int, cell: Cell) -> bool:
        text = as_text(cell)
        if index != self._name:
            return isinstance(cell, str) and (index == 0 or len(text) > 12 or bool(_PLACE_END.search(text)))
        return len(text) > 12 or bool(_PLACE_END.search(text)) or bool(_NUMBERED_NOTE.match(text))

    def _is_example(self, row: Row) -> bool:
        """The template's example line: its counting column or its name says so. It stands among the first."""
        if self._lines > _EXAMPLES_WITHIN:
            return False
        cells = [row[i] for i in (*self._silent, self._name if self._name is not None else 0) if i < len(row)]
        return any(isinstance(cell, str) and _EXAMPLE.match(cell) is not None for cell in cells)


def _is_below_header(texts: list[str]) -> bool:
    """A line that numbers the columns (1, 2, 3 … or (1), (2) …), or says of each whether it must be filled."""
    plain = [text.strip("()（）栏列") for text in texts]
    if len(plain) < 3:
        return False
    if all(text.isdigit() and len(text) <= 2 for text in plain):
        numbers = [int(text) for text in plain]
        return numbers == list(range(numbers[0], numbers[0] + len(numbers)))
    return all(text in _ASKED for text in plain)


def _is_space(cell: Cell) -> bool:
    return isinstance(cell, str) and not cell.strip(" \t\r\n\u3000\xa0'")


def _marked(text: str) -> LineKind | None:
    compact = "".join(text.split())
    if _TOTAL.match(compact):
        return "total"
    if _SIGNATURE.match(compact):
        return "signature"
    return "note" if _NOTE.match(compact) else None
