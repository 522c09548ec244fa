"""A job as one says it on the phone: whole sentences out of the facts, nothing that the facts do not hold."""

from __future__ import annotations

import re

from app.console.formats import place_name
from app.edge.language import Language
from app.reports.gone_before import Gone
from app.suggestions.schemas import SuggestionOut

_FIRST = "一二三四五六七八九十"
#: Pairings that say something to a worker, and how.
_PAIRED = {
    "county": ("结对帮扶的两个县", "paired counties"),
    "prefecture": ("结对帮扶的两个市州", "paired prefectures"),
    "province": ("结对帮扶的两个省", "paired provinces"),
    "agreement": ("签了劳务协作协议的两个地方", "places with an agreement on labour cooperation"),
}
#: What the skill part says was asked for and not stated, and what can still be got (matching/reasons.py).
_LACKING = ("岗位要求、本人没写：", "asked, not stated: ")
_TO_GET = ("还要办：", "to be got: ")
#: How it begins (matching/reasons.py, in Chinese and in English), and what is said of it.
_TRADES = (
    (r"正是想做的", "这正是您想做的活。"),
    (r"(?P<mine>[^；]+) = ", "跟您说的{mine}是一样的活。"),
    (r"想做(?P<mine>[^；]+)；[^；]+相近或容易上手", "您想做{mine}，这个活相近，容易上手。"),
    (r"(?P<mine>[^；]+)转做[^；]+，要学", "您想做的是{mine}，这是另一样活，要学。"),
    (r"the work wished for: ", "It is the work you wished for."),
    (r"(?P<mine>[^;]+) is the same work as ", "It is the same work as {mine}."),
    (r"wished: (?P<mine>[^;]+); [^;]+ is close", "You wished for {mine}; this is close, and quickly learnt."),
    (r"from (?P<mine>[^;]+) to [^;]+: needs training", "You wished for {mine}; this is other work, to be learnt."),
)


#: Characters of the employer's own words.
_LONGEST = 120
#: Said of an employer whom no office has verified yet.
_UNVERIFIED = (
    "这家单位，劳务部门还在核实；核实好以前，谁也看不到您的电话。",
    "The labour office is still checking this company; until then nobody sees your phone.",
)


def sentences(
    job: SuggestionOut,
    asked: int | None,
    language: Language,
    gone: Gone | None = None,
    *,
    requirements: str | None = None,
    is_verified: bool = True,
) -> list[str]:
    """The job, its pay beside what was asked (yuan a month; None: nothing was), road, lodging and what to ask back."""
    english = language == "en"
    told = [_what(job, english), *(words for _, words in facts(job, asked, language, gone, requirements=requirements))]
    return told if is_verified else [*told, _UNVERIFIED[english]]


def facts(
    job: SuggestionOut,
    asked: int | None,
    language: Language,
    gone: Gone | None = None,
    *,
    requirements: str | None = None,
) -> list[tuple[str, str]]:
    """What is said of a job once it is named, each sentence with its icon; `gone`: how many from home work there;
    `requirements`: in the employer's words."""
    english = language == "en"
    said = [("pay", _pay(job, asked or 0, english)), *((icon, tell(job, english)) for icon, tell in _FACTS)]
    said.insert(_AFTER_PAIRING, ("people", _gone(gone, english) if gone else ""))
    said.append(("eye", _wanted(requirements, english) if requirements else ""))
    return [(icon, words) for icon, words in said if words]


def _wanted(requirements: str, english: bool) -> str:
    """What the employer asks for and says of the hours, as written; of a long text the beginning."""
    words = requirements if len(requirements) <= _LONGEST else f"{requirements[:_LONGEST]}……"
    return f"They write: “{words}”" if english else f"他们写着：“{words}”"


def _what(job: SuggestionOut, english: bool) -> str:
    vacancy = job.vacancy
    if english:
        return f"Number {job.rank}: {vacancy.title}, at {vacancy.employer}, in {vacancy.workplace}."
    which = _FIRST[job.rank - 1] if job.rank <= len(_FIRST) else str(job.rank)
    return f"第{which}个是{vacancy.title}，单位叫{vacancy.employer}，在{vacancy.workplace}。"


def _pay(job: SuggestionOut, asked: int, english: bool) -> str:
    low, high = job.vacancy.wage_min, job.vacancy.wage_max
    if english:
        amount = f"{low} yuan" if low == high else f"{low} to {high} yuan"
        upto = f"; at most {high}" if high > low else ""
        beside = f", at least {low - asked} more than the {asked} you asked for" if 0 < asked < low else ""
        if asked > low:
            return f"The pay is at least {low} yuan a month, {asked - low} less than the {asked} you asked for{upto}."
        return f"The pay is {amount} a month{beside}."
    amount = f"{low}元" if low == high else f"{low}元到{high}元"
    if asked > low:
        upto = f"；最高{high}元" if high > low else ""
        return f"一个月最低{low}元，比您要的{asked}元少{asked - low}元{upto}。"
    more = f"，比您要的{asked}元至少多{low - asked}元" if 0 < asked < low else ""
    same = f"，不低于您要的{asked}元" if asked == low else ""
    return f"一个月{amount}{more}{same}。"


def _trade(job: SuggestionOut, english: bool) -> str:
    """Whether it is the work wished for, or how far from it; nothing where one of them was not understood."""
    for begins, told in _TRADES:
        if found := re.match(begins, job.parts.skill.why):
            return told.format(**found.groupdict())
    return ""


def _road(job: SuggestionOut, english: bool) -> str:
    """How far; what befell the place of work stands behind it in the reason, and is said too."""
    road = job.parts.distance
    mark = "; " if english else "；"
    warnings = "".join(f"{one}." if english else f"{one}。" for one in road.why.split(mark)[1:])
    if english:
        return f"It is {'about ' if road.approximate else ''}{road.km} km from your home. {warnings}".strip()
    return f"离您家{'大约' if road.approximate else ''}{road.km}公里。{warnings}"


def _pairing(job: SuggestionOut, english: bool) -> str:
    words = _PAIRED.get(job.parts.pairing.tier)
    west, mark, east = job.parts.pairing.why.partition(":" if english else " ")[0].partition("—")
    if words is None or not mark:
        return ""
    return f"{west} and {east} are {words[1]}." if english else f"您家乡{west}和那边的{east}，是{words[0]}。"


def _gone(gone: Gone, english: bool) -> str:
    home, city = (place_name(code, "en" if english else "zh") for code in (gone.origin, gone.city))
    if english:
        return f"At least {gone.least} people from {home} work in {city}, or have agreed to go."
    return f"{home}至少有{gone.least}人在{city}上班，或者说好了要去。"


def _lodging(job: SuggestionOut, english: bool) -> str:
    said = {
        True: ("那边管住", "Lodging is provided"),
        False: ("那边不管住，要自己找地方住", "Lodging is not provided"),
        None: ("管不管住没有写，我们可以帮您问", "Whether lodging is provided is not stated; we can ask"),
    }[job.vacancy.lodging][english]
    meals = {
        True: ("，管吃", "; meals are provided"),
        False: ("，不管吃", "; meals are not provided"),
        None: ("", ""),
    }[job.vacancy.board][english]
    return f"{said}{meals}{'.' if english else '。'}"


def _openings(job: SuggestionOut, english: bool) -> str:
    many = job.vacancy.openings
    crowded = job.price > 0
    if english:
        return f"They need {many} more{'; many want this one' if crowded else ''}."
    return f"还要{many}个人{'，想去的人比较多' if crowded else ''}。"


def _to_get(job: SuggestionOut, english: bool) -> str:
    papers = _listed(job, _TO_GET[english], english)
    if not papers:
        return ""
    return f"You would still need: {papers}." if english else f"去之前还要办{papers}。"


def _ask(job: SuggestionOut, english: bool) -> str:
    """What the job asks for and nobody knows of the worker is asked, not held against anybody."""
    lacking = _listed(job, _LACKING[english], english)
    if not lacking:
        return ""
    return f"They ask for {lacking}: can you do that?" if english else f"他们要会{lacking}，您会吗？"


def _listed(job: SuggestionOut, label: str, english: bool) -> str:
    """What stands behind a label in the skill part's reason."""
    clauses = job.parts.skill.why.split("; " if english else "；")
    return next((one.removeprefix(label) for one in clauses if one.startswith(label)), "")


def _recruiter(job: SuggestionOut, english: bool) -> str:
    """Who hires for the employer: it is told name and phone, not the employer."""
    vacancy = job.vacancy
    if vacancy.recruiter is None:
        return ""
    if english:
        return f"{vacancy.recruiter} hires for {vacancy.employer}: it is the one that gets your phone, if you agree."
    return f"这个岗位由{vacancy.recruiter}代招：您同意以后，看到您电话的是{vacancy.recruiter}。"


_FACTS = (
    ("work", _trade),
    ("road", _road),
    ("people", _pairing),
    ("bed", _lodging),
    ("work", _openings),
    ("shield", _recruiter),
    ("shield", _to_get),
    ("next", _ask),
)
#: Where the count of those who have gone before stands: behind the pairing.
_AFTER_PAIRING = 4
