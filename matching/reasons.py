"""The parts of a score as short sentences, in Chinese and in English, from evidence that the caller hands in.

Plain words a worker understands; nothing here decides anything. Distances between public points of a county are
approximate and say 约.
"""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from matching.tables import Tier

Language: TypeAlias = Literal["zh", "en"]

TIER_NAMES: dict[Language, dict[Tier, str]] = {
    "zh": {
        Tier.NONE: "没有结对关系",
        Tier.MARKET: "市场化劳务协作",
        Tier.FORMER: "2020年以前的结对关系",
        Tier.PROVINCE: "省际结对",
        Tier.PREFECTURE: "市州结对",
        Tier.COUNTY: "县区结对",
        Tier.AGREEMENT: "省内协作",
    },
    "en": {
        Tier.NONE: "no pairing",
        Tier.MARKET: "market labour cooperation",
        Tier.FORMER: "paired until 2020",
        Tier.PROVINCE: "paired provinces",
        Tier.PREFECTURE: "paired prefectures",
        Tier.COUNTY: "paired counties",
        Tier.AGREEMENT: "agreement inside the province",
    },
}


@dataclass(frozen=True)
class SkillEvidence:
    """Why the skill part is what it is."""

    value: float
    #: The worker's own word and the vacancy's word it was matched with; None: nothing was understood.
    worker_word: str | None = None
    vacancy_word: str | None = None
    #: What the worker stated and nobody understood.
    not_understood: str | None = None
    #: Required skills the worker stated, those that go with what was stated or wished, and the rest.
    met: tuple[str, ...] = ()
    usual: tuple[str, ...] = ()
    lacking: tuple[str, ...] = ()
    #: Required certificates the worker holds, and those that can still be got (a health certificate).
    certificates: tuple[str, ...] = ()
    to_be_got: tuple[str, ...] = ()


@dataclass(frozen=True)
class DistanceEvidence:
    """How far it is."""

    km: float
    #: One of the points is only that of a county or prefecture.
    approximate: bool = False
    #: The reach the worker named, in km.
    reach_km: float | None = None


@dataclass(frozen=True)
class PairingEvidence:
    """Which pairing holds, between whom, by which document."""

    tier: Tier
    west: str = ""
    east: str = ""
    document: str | None = None


@dataclass(frozen=True)
class PayEvidence:
    """Monthly pay in yuan beside what was asked; `min_wage` 0: no wish stated."""

    wage_lo: int
    wage_hi: int
    min_wage: int = 0


def why_skill(evidence: SkillEvidence, language: Language = "zh") -> str:
    """电焊工 = 焊工；会看图纸；持证：焊工证"""
    sentences = [_occupation(evidence, language)]
    if language == "zh":
        labels = ("会：", "做这行一般会：", "岗位要求、本人没写：", "持证：", "还要办：")
    else:
        labels = ("can: ", "goes with that work: ", "asked, not stated: ", "holds: ", "to be got: ")
    lists = (evidence.met, evidence.usual, evidence.lacking, evidence.certificates, evidence.to_be_got)
    sentences += [label + _listed(words, language) for label, words in zip(labels, lists, strict=True) if words]
    return ("；" if language == "zh" else "; ").join(sentences)


def _occupation(evidence: SkillEvidence, language: Language) -> str:
    mine, theirs = evidence.worker_word, evidence.vacancy_word
    if mine is None and evidence.not_understood:
        words = f"“{evidence.not_understood}”"
        return f"{words}没看懂，按中间值算" if language == "zh" else f"{words} is not understood: counted as average"
    if mine is None:
        return "没写明想做什么工作，按中间值算" if language == "zh" else "no wished work is known: counted as average"
    if theirs is None:
        return (
            "岗位名称没看懂，按中间值算" if language == "zh" else "the job's name is not understood: counted as average"
        )
    if mine == theirs:
        return f"正是想做的{mine}" if language == "zh" else f"the work wished for: {mine}"
    if evidence.value >= 0.8:
        return f"{mine} = {theirs}" if language == "zh" else f"{mine} is the same work as {theirs}"
    if evidence.value >= 0.5:
        return (
            f"想做{mine}；{theirs}相近或容易上手"
            if language == "zh"
            else f"wished: {mine}; {theirs} is close or quickly learnt"
        )
    return f"{mine}转做{theirs}，要学" if language == "zh" else f"from {mine} to {theirs}: needs training"


def why_distance(evidence: DistanceEvidence, language: Language = "zh") -> str:
    """离家约1084公里，在能接受的1500公里之内"""
    km = max(1, round(evidence.km))
    if language == "zh":
        text = f"离家{'约' if evidence.approximate else ''}{km}公里"
        if evidence.reach_km is None:
            return text
        inside = evidence.km <= evidence.reach_km
        return f"{text}，{'不超过' if inside else '超过'}希望的{round(evidence.reach_km)}公里"
    text = f"{'about ' if evidence.approximate else ''}{km} km from home"
    if evidence.reach_km is None:
        return text
    inside = evidence.km <= evidence.reach_km
    return f"{text}, {'within' if inside else 'beyond'} the wished {round(evidence.reach_km)} km"


def why_pairing(evidence: PairingEvidence, language: Language = "zh") -> str:
    """毕节市—广州市 市州结对（文件）"""
    name = TIER_NAMES[language][evidence.tier]
    if evidence.tier is Tier.NONE or not (evidence.west and evidence.east):
        return name
    between = f"{evidence.west}—{evidence.east}"
    if evidence.document is None:
        return f"{between} {name}" if language == "zh" else f"{between}: {name}"
    return (
        f"{between} {name}（{evidence.document}）" if language == "zh" else f"{between}: {name} ({evidence.document})"
    )


def why_pay(evidence: PayEvidence, language: Language = "zh") -> str:
    """月薪6000—8000元，至少比要求的4500元高1500元: no more is said than the lowest pay holds."""
    lo, hi, asked = evidence.wage_lo, evidence.wage_hi, evidence.min_wage
    zh = language == "zh"
    amount = f"{lo}" if lo == hi else f"{lo}{'—' if zh else '–'}{hi}"
    text = f"月薪{amount}元" if zh else f"{amount} yuan a month"
    if asked == 0:
        return f"{text}，没提最低要求" if zh else f"{text}; no least pay was named"
    if lo > asked:
        more = lo - asked
        return f"{text}，至少比要求的{asked}元高{more}元" if zh else f"{text}, at least {more} above the {asked} asked"
    if lo == asked:
        return f"{text}，不低于要求的{asked}元" if zh else f"{text}, no less than the {asked} asked"
    less = asked - lo
    if zh:
        return f"月薪最低{lo}元，比要求的{asked}元少{less}元；最高{hi}元"
    return f"at least {lo} yuan a month, {less} under the {asked} asked; at most {hi}"


def _listed(words: tuple[str, ...], language: Language) -> str:
    return ("、" if language == "zh" else ", ").join(words)
