"""Files for the reading tests, made on the spot."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Sequence

import openpyxl
import xlwt

Line = Sequence[object]
WORKER_HEADER = ("姓名", "身份证号", "联系电话", "家庭住址", "意向岗位", "本人同意")
WORKER = ("马海", "622926200305184979", "13935415835", "甘肃省临夏州东乡县锁南镇", "普工", "同意")
OTHER_WORKER = ("林玉春", "62292619700216102X", "15192753369", "甘肃省临夏州东乡县锁南镇毛毛村", "油漆工", "同意")
VACANCY_HEADER = ("用人单位", "岗位名称", "招聘人数", "月薪", "工作地点", "岗位要求", "联系电话", "截止日期")
VACANCY = (
    "青岛某机械有限公司",
    "电焊工",
    20,
    "6000-8000",
    "山东省青岛市城阳区",
    "会氩弧焊",
    "13935415835",
    "2027-12-31",
)


def xlsx(*lines: Line, more: dict[str, Sequence[Line]] | None = None, edit: Callable[..., None] | None = None) -> bytes:
    """A workbook of one sheet (and more, by name); edit(worksheet) may change the first one before saving."""
    book = openpyxl.Workbook()
    first = book.active
    assert first is not None
    for line in lines:
        first.append(list(line))
    for name, rows in (more or {}).items():
        sheet = book.create_sheet(name)
        for line in rows:
            sheet.append(list(line))
    if edit:
        edit(first)
    return _saved(book.save)


def xls(*lines: Line) -> bytes:
    """An old workbook."""
    book = xlwt.Workbook()
    sheet = book.add_sheet("Sheet1")
    for i, line in enumerate(lines):
        for j, cell in enumerate(line):
            sheet.write(i, j, cell)
    return _saved(book.save)


def csv(*lines: Line, encoding: str = "utf-8", mark: str = ",") -> bytes:
    """Comma-separated text, unquoted."""
    return "\r\n".join(mark.join(str(cell) for cell in line) for line in lines).encode(encoding)


def _saved(save: Callable[[io.BytesIO], None]) -> bytes:
    target = io.BytesIO()
    save(target)
    return target.getvalue()


def repacked(
    content: bytes, change: Callable[[str, bytes], bytes | None], add: dict[str, bytes] | None = None
) -> bytes:
    """The package with its parts changed (None: left out) and others added."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            changed = change(name, old.read(name))
            if changed is not None:
                new.writestr(name, changed)
        for name, part in (add or {}).items():
            new.writestr(name, part)
    return target.getvalue()


def with_sheet_xml(content: bytes, old: bytes, new: bytes) -> bytes:
    """The first sheet's XML with one text replaced."""
    return repacked(content, lambda name, part: part.replace(old, new) if name.endswith("sheet1.xml") else part)
