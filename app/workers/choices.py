"""Closed sets of words about a worker, as lists and forms state them and the database keeps them."""

from __future__ import annotations

from enum import StrEnum


class Group(StrEnum):
    """Groups the notices name; the product's own words. A form may name others."""

    POVERTY_ALLEVIATED = "脱贫户"
    MONITORED = "监测对象"
    RELOCATED = "易地搬迁"
    YULU_GRADUATE = "雨露计划毕业生"
    LOW_INCOME = "低收入人口"
    GENERAL = "一般户"


class Education(StrEnum):
    """Schooling completed."""

    NONE = "未上学"
    PRIMARY = "小学"
    JUNIOR = "初中"
    SENIOR = "高中"
    VOCATIONAL = "中专（中职、技校）"
    COLLEGE = "大专"
    BACHELOR = "本科"
    MASTER = "研究生"


class LabourAbility(StrEnum):
    """The ministries' four words."""

    NORMAL = "普通劳动力"
    SKILLED = "技能劳动力"
    WEAK = "弱劳动力或半劳动力"
    NONE = "无劳动力"


class EmploymentStatus(StrEnum):
    """Where somebody stands now."""

    EMPLOYED = "在业"
    UNEMPLOYED = "失业"
    FARMING = "务农"
    SELF_EMPLOYED = "自主创业"
    STUDYING = "在校"
