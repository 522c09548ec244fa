"""Why there are fewer jobs than asked for, as one would say it to a person: what stands in the way, no advice."""

from __future__ import annotations

from app.edge.language import Language
from app.suggestions.schemas import LimitOut, ShortfallOut

#: Limit -> what keeps jobs away, (Chinese, English).
_LIMITS = {
    "in_work": ("您现在有工作", "you are in work"),
    "min_wage": ("您要的最低工资", "the least pay you asked for"),
    "destinations": ("您想去的地方", "the places you want to go to"),
    "scope": ("您愿意去的范围", "how far from home you want to go"),
    "willing": ("您暂时不想外出", "you do not want to leave home now"),
    "reach": ("您愿意去的距离", "the distance you want to travel"),
    "certificates": ("需要您还没有的证书", "a certificate you do not have yet"),
    "working_age": ("法定工作年龄", "the legal age"),
    "employer_age": ("用人单位的年龄要求", "the ages the employer takes"),
    "hazardous_age": ("这类工作须满 18 周岁", "this work is for adults"),
    "labour_ability": ("劳动强度", "how heavy the work is"),
    "start": ("您可以上岗的时间", "when you can start"),
    "skill": ("与您会做和想做的不同", "other work than you know or want"),
}
_MOST = 3


def in_words(shortfall: ShortfallOut | None, language: Language) -> str | None:
    """One short text; None when there are as many jobs as asked for."""
    if shortfall is None:
        return None
    told = [_told(limit, language) for limit in shortfall.limits[:_MOST] if limit.limit in _LIMITS]
    if language == "en":
        return f"{shortfall.missing} fewer than asked for. " + " ".join(told)
    return f"比想要的少 {shortfall.missing} 个。" + "".join(told)


def _told(limit: LimitOut, language: Language) -> str:
    zh, en = _LIMITS[limit.limit]
    opens = _opens(limit, language)
    if language == "en":
        return f"{limit.removes} more do not fit because of {en}{opens}."
    return f"另有 {limit.removes} 个因为{zh}不合{opens}。"


def _opens(limit: LimitOut, language: Language) -> str:
    """What would open if the wish were another; a fact, not an advice."""
    would = limit.would_open
    if would is None or "min_wage" not in would:
        return ""
    if language == "en":
        return f" (with {would['min_wage']} yuan: {would['jobs']} more)"
    return f"（若 {would['min_wage']} 元也可以，多 {would['jobs']} 个）"
