"""What keeps jobs away, in words a person would say on the phone."""

from __future__ import annotations

from app.edge.language import Language
from app.suggestions.schemas import LimitOut

_NAMES = {
    "min_wage": ("想要的工资", "the pay wished for"),
    "destinations": ("想去的地方", "the places wished for"),
    "scope": ("不出本县或本省", "staying within the own county or province"),
    "willing": ("不愿外出", "not going out"),
    "closed_destination": ("目的地暂时关闭", "a destination closed for now"),
    "reach": ("路程上限", "the farthest distance"),
    "reach_km": ("路程上限（公里）", "the farthest distance (km)"),
    "certificates": ("需要的证书", "a certificate that is missing"),
    "working_age": ("法定年龄", "the legal age"),
    "employer_age": ("用人单位的年龄范围", "the age range stated"),
    "hazardous_age": ("危险工种须满18岁", "18 for hazardous work"),
    "labour_ability": ("劳动能力", "labour ability"),
    "start": ("什么时候能去", "when the worker can start"),
    "in_work": ("已在业", "being in work"),
    "skill": ("工种不对口", "work that does not fit"),
}
_SCOPES = {
    "prefecture": ("本市", "the own prefecture"),
    "province": ("本省", "the own province"),
    "any": ("省外", "anywhere"),
}


#: The same told to the worker, with how many jobs stand behind it.
_TO_THE_WORKER = {
    "min_wage": ("有{n}个岗位，工资没有您要的高", "{n} jobs pay less than you asked for"),
    "destinations": ("有{n}个岗位，不在您想去的地方", "{n} jobs are not where you want to go"),
    "scope": ("有{n}个岗位，比您愿意去的地方远", "{n} jobs are farther than you want to go"),
    "willing": (
        "您说不离开本县；县外有{n}个岗位",
        "You do not want to leave your county; outside it there are {n} jobs",
    ),
    "closed_destination": ("有{n}个岗位，那边暂时不能去", "{n} jobs are where nobody is sent at present"),
    "reach": ("有{n}个岗位，比您愿意走的路远", "{n} jobs are farther away than you want to travel"),
    "certificates": ("有{n}个岗位，要您还没有的证", "{n} jobs need a certificate you do not have yet"),
    "working_age": ("有{n}个岗位，法律定的年龄不合", "{n} jobs do not fit the legal age"),
    "employer_age": ("有{n}个岗位，单位要的年龄和您不合", "{n} jobs take other ages"),
    "hazardous_age": ("有{n}个岗位，满18岁才能做", "{n} jobs are for adults"),
    "labour_ability": ("有{n}个岗位，活太重", "{n} jobs are too heavy"),
    "start": ("有{n}个岗位，上班的日子和您不合", "{n} jobs start at another time"),
    "in_work": ("您现在有工作，有{n}个岗位没有推荐", "You are in work, so {n} jobs are not suggested"),
    "skill": ("有{n}个岗位，不是您做过或想做的活", "{n} jobs are other work than you know or want"),
}


def limit_name(limit: str | None, language: Language) -> str:
    """What keeps jobs away, by its name alone; nothing for None."""
    return "" if limit is None else _NAMES[limit][language == "en"]


def limit_words(limit: LimitOut, language: Language) -> str:
    """One limit and what would open: never pressing, only what is so."""
    english = language == "en"
    name = _NAMES.get(limit.limit, (limit.limit, limit.limit))[english]
    text = f"{name}: keeps {limit.removes} away" if english else f"{name}：挡住{limit.removes}个"
    return _with_opening(text, limit, english)


def my_limit_words(limit: LimitOut, language: Language) -> str:
    """The same as the worker is told it."""
    english = language == "en"
    if limit.limit not in _TO_THE_WORKER:
        return limit_words(limit, language)
    return _with_opening(_TO_THE_WORKER[limit.limit][english].format(n=limit.removes), limit, english)


def _with_opening(text: str, limit: LimitOut, english: bool) -> str:
    if not limit.would_open:
        return text
    opening = dict(limit.would_open)
    jobs = opening.pop("jobs")
    to = _relaxed(opening, english)
    if english:
        return f"{text}; with {to}, {jobs} more" + "".join(f"; as {one['name']}, {one['jobs']}" for one in limit.others)
    return f"{text}；如果{to}，会多出{jobs}个" + "".join(f"；做{one['name']}，{one['jobs']}个" for one in limit.others)


def _relaxed(opening: dict[str, object], english: bool) -> str:
    match opening:
        case {"min_wage": wage}:
            return f"{wage} yuan" if english else f"{wage}元也可以"
        case {"occupation": _, "name": name}:
            return f"work as {name} (and the like)" if english else f"也愿意做{name}（和相近的活）"
        case {"name": name}:
            return f"{name} too" if english else f"也去{name}"
        case {"scope": str(scope)}:
            return _SCOPES[scope][english] if english else f"放宽到{_SCOPES[scope][0]}"
        case {"certificate": name}:
            return f"the certificate {name}" if english else f"有{name}"
        case _:
            name, value = next(iter(opening.items()))
            return f"{name} {value}" if english else f"{_NAMES.get(name, (name,))[0]}放宽到{value}"
