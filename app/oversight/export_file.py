"""The file of an export: who asked, who allowed it and when on every page; no ID number, no phone, no address."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import xlsxwriter

from app.db.base import BEIJING
from app.lists.clerk_sheet import safe_text
from app.places.addresses import gazetteer
from app.workers.model import Intention, Worker

COLUMNS = (
    "姓名 来自 人员类别 文化程度 劳动能力 就业状态 技能 证书 "
    "外出意愿 意向岗位 意向地区 最低月薪 可外出时间 编号 导出编号"
).split()


@dataclass(frozen=True, slots=True)
class Watermark:
    """What the file says of itself."""

    export: str
    organisation: str
    asked_by: UUID
    decided_by: UUID
    at: datetime
    reason: str

    def __str__(self) -> str:
        when = self.at.astimezone(BEIJING)
        return (
            f"{self.organisation} · 导出编号 {self.export} · 申请人 {self.asked_by.hex} · 批准人 {self.decided_by.hex}"
            f" · {when:%Y-%m-%d %H:%M:%S} · 用途：{self.reason} · 含个人信息，不得转发"
        )


def workbook(people: Sequence[tuple[Worker, Intention]], mark: Watermark) -> bytes:
    """The people as a workbook of text cells."""
    target = io.BytesIO()
    plain = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(target, plain) as book:
        book.set_properties({"title": mark.export, "comments": str(mark), "author": mark.organisation})
        text, head = book.add_format({"num_format": "@"}), book.add_format({"bold": True, "num_format": "@"})
        sheet = book.add_worksheet("劳动者")
        # in a page's footer & begins a code
        sheet.set_footer("&L" + f"{mark.export} {mark.at.astimezone(BEIJING):%Y-%m-%d %H:%M}".replace("&", "&&"))
        sheet.repeat_rows(0, 1)
        sheet.write_string(0, 0, safe_text(str(mark)), head)
        for place, name in enumerate(COLUMNS):
            sheet.write_string(1, place, name, head)
        for row, (worker, wish) in enumerate(people, start=2):
            for place, value in enumerate(_cells(worker, wish, mark.export)):
                if value:
                    sheet.write_string(row, place, safe_text(value), text)
    return target.getvalue()


def _cells(worker: Worker, wish: Intention, export: str) -> list[str]:
    values: list[Any] = [
        worker.name,
        gazetteer().full_name(worker.home_code),
        "、".join(worker.groups),
        worker.education,
        worker.labour_ability,
        worker.employment_status,
        worker.skills_text,
        worker.certificates_text,
        {None: "", True: "是", False: "否"}[wish.willing_to_go_out],
        wish.occupations_text,
        wish.places_text,
        wish.min_wage,
        wish.available_from,
        f"w_{worker.id.hex}",
        export,
    ]
    return ["" if value is None else str(value) for value in values]
