"""How full a vacancy gets and what keeps people away, in sentences for its poster: counts, and never who."""

from __future__ import annotations

from app.plans.model import VacancyFill
from matching.eligibility import Limit

#: What keeps people away, as an employer would call it, in Chinese and in English.
_NAMES: dict[str, tuple[str, str]] = {
    Limit.MIN_WAGE.label: ("工资低于他们想要的", "the pay is less than they ask"),
    Limit.DESTINATIONS.label: ("他们想去的是别的地方", "they want to go elsewhere"),
    Limit.SCOPE.label: ("他们不出本县、本市或本省", "they stay within their county, prefecture or province"),
    Limit.REACH.label: ("离家比他们说的上限还远", "it is farther from home than they would go"),
    Limit.CERTIFICATES.label: ("没有要求的证书", "they lack a certificate that is required"),
    Limit.START.label: ("开工时间他们赶不上", "they cannot start on that day"),
    Limit.WILLING.label: ("他们不打算外出", "they do not mean to leave home"),
    Limit.LABOUR_ABILITY.label: ("劳动能力与岗位要求不合", "the work asks for more than they are able to"),
    Limit.EMPLOYER_AGE.label: ("不在您写的年龄范围里", "they are outside the ages stated"),
    Limit.HAZARDOUS_AGE.label: ("危险工种须满 18 岁", "hazardous work is from 18"),
    Limit.WORKING_AGE.label: ("不满 16 岁", "they are under 16"),
    Limit.SKILL.label: ("他们做的是别的工种", "they do other work"),
}
_NOT_YET = (
    "还没有算出来：每小时给所有招人的岗位算一次，请晚些再看。",
    "Not known yet: it is reckoned once an hour for every open vacancy; look again later.",
)
_SHUT = (
    "当地有停止接收的命令：命令有效期间，不给这里的岗位推荐人。",
    "An order closes the place of work: while it stands nobody is sent there.",
)


def fill_words(fill: VacancyFill | None) -> tuple[str, str]:
    """In Chinese and in English; None: not reckoned yet."""
    if fill is None:
        return _NOT_YET
    if fill.limit == Limit.CLOSED_DESTINATION.label:
        return _SHUT
    zh = f"大家都按方案走，大约能招到 {fill.filled} / {fill.openings}。"
    en = f"If everybody went as planned, about {fill.filled} of {fill.openings} would come."
    more_zh, more_en = _why(fill)
    return zh + more_zh, en + more_en


def _why(fill: VacancyFill) -> tuple[str, str]:
    if fill.filled >= fill.openings:
        return "", ""
    if fill.limit is None:
        return (
            "没有哪一个条件单独挡住 10 人以上。",
            " No single condition keeps ten people or more away.",
        )
    name_zh, name_en = _NAMES.get(fill.limit, (fill.limit, fill.limit))
    zh = f"只差一条就能来的人里，最多的是：{name_zh}（约 {fill.kept_away} 人）。"
    en = f" What alone keeps most people away: {name_en} (about {fill.kept_away})."
    if fill.pay_under_by:
        zh += f"只差工资的人里有一半，想要的比您给的高 {fill.pay_under_by} 元以上。"
        en += f" Half of those kept away by pay alone ask for at least {fill.pay_under_by} yuan a month more."
    return zh, en
