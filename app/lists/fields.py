"""The fields of both kinds of list: their names in the contract, their Chinese labels, which are required."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

ListKind = Literal["worker", "vacancy"]


@dataclass(frozen=True, slots=True)
class Field:
    """One field of CONTRACT §3."""

    name: str
    label: str
    label_en: str
    required: bool = False
    #: Whether several columns may feed it; else the best one does and the others become remarks.
    joins: bool = False
    #: The longest text a cell may hold; longer is `too_long`.
    longest: int = 300


WORKER_FIELDS = (
    Field("name", "姓名", "name", required=True, longest=100),
    Field("id_number", "身份证号", "ID number", required=True),
    Field("phone", "联系电话", "phone", joins=True),
    Field("home_address", "家庭住址", "home address", required=True, joins=True, longest=200),
    Field("groups", "人员类别", "groups", joins=True),
    Field("education", "文化程度", "education"),
    Field("labour_ability", "劳动能力", "labour ability"),
    Field("employment_status", "就业状态", "employment status"),
    Field("skills", "技能特长", "skills", joins=True, longest=500),
    Field("certificates", "持有证书", "certificates", joins=True, longest=500),
    Field("willing_to_go_out", "外出意愿", "willing to go out"),
    Field("desired_occupations", "意向岗位", "desired occupations", joins=True),
    Field("desired_places", "意向地区", "desired places", joins=True),
    Field("min_wage", "期望月薪", "least pay wanted", joins=True),
    Field("available_from", "可外出时间", "available from"),
    Field("training_wanted", "培训需求", "training wanted", joins=True),
    Field("consent", "本人同意", "consent"),
    Field("household", "户号", "household", joins=True),
    Field("remarks", "备注", "remarks", joins=True, longest=2000),
)
VACANCY_FIELDS = (
    Field("employer", "用人单位", "employer", required=True, longest=200),
    Field("uscc", "统一社会信用代码", "unified social credit code"),
    Field("title", "岗位名称", "title", required=True, longest=200),
    Field("headcount", "招聘人数", "headcount", required=True, longest=100),
    Field("wage", "月薪", "pay", required=True, joins=True),
    Field("workplace", "工作地点", "workplace", required=True, joins=True, longest=200),
    Field("requirements", "岗位要求", "requirements", joins=True, longest=2000),
    Field("skills", "技能要求", "skills", joins=True, longest=500),
    Field("certificates", "需持证书", "certificates", joins=True, longest=500),
    Field("age", "年龄要求", "age", joins=True),
    Field("lodging", "住宿", "lodging", joins=True),
    Field("board", "伙食", "board", joins=True),
    Field("social_insurance", "社保", "social insurance"),
    Field("contract", "合同", "contract"),
    Field("kind", "岗位类型", "kind"),
    Field("contact", "联系人", "contact", longest=100),
    Field("phone", "联系电话", "phone", joins=True),
    Field("start_date", "上岗时间", "start date"),
    Field("valid_until", "截止日期", "valid until"),
    Field("external_ref", "岗位编号", "external reference"),
    Field("remarks", "备注", "remarks", joins=True, longest=2000),
)
#: Columns that are recognised and are no field: counting columns, what may not be kept, and (vacancies) columns that
#: are unlawful in themselves unless they say "no".
SERIAL, NOT_KEPT, UNLAWFUL, FEE = "serial", "not_kept", "unlawful", "fee"

FIELDS: dict[ListKind, dict[str, Field]] = {
    "worker": {field.name: field for field in WORKER_FIELDS},
    "vacancy": {field.name: field for field in VACANCY_FIELDS},
}


def required_fields(kind: ListKind) -> tuple[Field, ...]:
    """The starred fields of the contract."""
    return tuple(field for field in FIELDS[kind].values() if field.required)
