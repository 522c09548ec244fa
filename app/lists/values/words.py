"""Cells that choose from closed sets: groups, education, labour ability, employment status, kind, lodging and board."""

from __future__ import annotations

import re

from app.lists.values.text import plain
from app.lists.values.yes_no import parse_yes_no
from app.vacancies.choices import VacancyKind
from app.workers.choices import Education, EmploymentStatus, Group, LabourAbility

_GROUPS = (
    (Group.MONITORED, r"监测|脱贫不稳定|边缘易致贫|边缘户|突发严重困难|三类户|三类人员|三类对象|风险户|易返贫"),
    (Group.RELOCATED, r"搬迁"),
    (Group.YULU_GRADUATE, r"雨露"),
    (Group.LOW_INCOME, r"低收入|低保|特困|五保"),
    (Group.POVERTY_ALLEVIATED, r"脱贫(?!不稳定|劳动力.*否)|建档立卡|贫困户|贫困人口|建档户|建卡"),
    (Group.GENERAL, r"一般农?户|普通农?户|非脱贫|非贫困|其他农户|非建档|一般人口"),
)
_GROUP_PATTERNS = tuple((group, re.compile(pattern)) for group, pattern in _GROUPS)
_NOT_A_GROUP = re.compile(r"[非不](?:是|属于)?(?:建档立卡)?(?:脱贫|贫困|监测|搬迁|建档)[^、,，;；/]*")


def parse_groups(text: str) -> tuple[Group, ...]:
    """The groups the words name, without those they deny; () when none is understood."""
    words = plain(text)
    general = _GROUP_PATTERNS[-1][1].search(words)
    left = _NOT_A_GROUP.sub(" ", words)
    found = [group for group, pattern in _GROUP_PATTERNS[:-1] if pattern.search(left)]
    return tuple(found) if found else ((Group.GENERAL,) if general else ())


_EDUCATION = tuple(
    (level, re.compile(pattern))
    for level, pattern in (
        (Education.MASTER, r"研究生|硕士|博士"),
        (Education.COLLEGE, r"大专|专科|高职|高等职业|^大学专"),
        (Education.VOCATIONAL, r"中专|中职|技校|职高|职中|中技|高技|技工|中等职业|职业高中|职业中学"),
        (Education.BACHELOR, r"本科|学士|大学"),
        (Education.SENIOR, r"高中|高一|高二|高三|普高"),
        (Education.JUNIOR, r"初中|初一|初二|初三|中学"),
        (Education.PRIMARY, r"小学|[一二三四五六]年级"),
        (Education.NONE, r"文盲|半文盲|未上学|没上|没读|学龄前|无学历|不识字|^无$|扫盲"),
    )
)


def parse_education(text: str) -> Education | None:
    """初中在读 counts as 初中; None for what is not understood."""
    words = plain(text)
    return next((level for level, pattern in _EDUCATION if pattern.search(words)), None)


_ABILITY = tuple(
    (ability, re.compile(pattern))
    for ability, pattern in (
        (LabourAbility.WEAK, r"弱|半劳|部分丧失|半丧失|轻度"),
        (LabourAbility.NONE, r"^无|丧失|没有劳动|不具备|无劳动"),
        (LabourAbility.SKILLED, r"技能"),
        (LabourAbility.NORMAL, r"普通|正常|健全|有劳动|全劳|一般|具备|良好|健康|强|^有$|^是$"),
    )
)


def parse_labour_ability(text: str) -> LabourAbility | None:
    """None when blank or not understood."""
    words = plain(text)
    return next((ability for ability, pattern in _ABILITY if pattern.search(words)), None) if words else None


_STATUS = tuple(
    (status, re.compile(pattern))
    for status, pattern in (
        (
            EmploymentStatus.UNEMPLOYED,
            r"失业|待业|未就业|无业|在家|返乡|未务工|未外出|没有工作|没工作|待就业|未上岗|闲|^否$|^无$|求职",
        ),
        (EmploymentStatus.STUDYING, r"在校|在读|学生|上学|就学"),
        (EmploymentStatus.SELF_EMPLOYED, r"创业|个体|经商|自营|做生意"),
        (EmploymentStatus.FARMING, r"务农|种地|种植|养殖|农业"),
        (EmploymentStatus.EMPLOYED, r"就业|在业|务工|在岗|打工|上班|已外出|在职|公益性?岗位|^是$|灵活"),
    )
)


def parse_employment_status(text: str) -> EmploymentStatus | None:
    """None when blank or not understood."""
    words = plain(text)
    return next((status for status, pattern in _STATUS if pattern.search(words)), None) if words else None


_KINDS = tuple(
    (kind, re.compile(pattern))
    for kind, pattern in (
        (VacancyKind.WORK_RELIEF, r"以工代赈|work_relief"),
        (VacancyKind.PUBLIC_WELFARE, r"公益|public_welfare|护林员|护路员"),
        (VacancyKind.WORKSHOP, r"车间|帮扶工坊|workshop"),
        (VacancyKind.HOUSEHOLD, r"家政|household|住家|居家"),
        (VacancyKind.ENTERPRISE, r"企业|enterprise|公司|工厂|全职|普通"),
    )
)


def parse_kind(text: str) -> VacancyKind | None:
    """The kind a cell of the kind column names; None when blank or not understood."""
    words = plain(text)
    return next((kind for kind, pattern in _KINDS if pattern.search(words)), None)


_LODGING_YES = re.compile(r"[包管供含有免提]\w{0,3}[住宿]|免费住宿|宿舍|食宿|吃住|住宿|包住|住家|包吃包住")
_LODGING_NO = re.compile(
    r"(?:不|未|无|没有?)(?:包|管|供|提供|含)?(?:吃住|食宿|住宿|住|宿舍|宿)|(?:吃住|食宿|住宿|住)(?:自理|自费|自行|不包(?![吃餐])|无)|自行解决"
)
_BOARD_YES = re.compile(r"[包管供含有免提]\w{0,2}[吃餐食饭]|餐补|饭补|食宿|吃住|工作餐|食堂|[一二两三1-3]餐|伙食")
_BOARD_NO = re.compile(
    r"(?:不|未|无|没有?)(?:包|管|供|提供|含)?(?:吃住|食宿|餐|吃|饭|伙食|工作餐)|(?:吃住|食宿|餐|吃饭|伙食|吃)(?:自理|自费|自行|不包(?!住)|无)|自行解决"
)


def parse_lodging_and_board(text: str) -> tuple[bool | None, bool | None]:
    """(lodging, board) out of one cell: 包吃住, 包住，餐补, 免费住宿, 是, 否; None for what it does not say."""
    words = plain(text)
    plain_answer = parse_yes_no(text)
    if plain_answer is not None and len(words) <= 3:
        return plain_answer, plain_answer
    return _said(words, _LODGING_YES, _LODGING_NO), _said(words, _BOARD_YES, _BOARD_NO)


def _said(words: str, yes: re.Pattern[str], no: re.Pattern[str]) -> bool | None:
    if no.search(words):
        return False
    return True if yes.search(words) else None
