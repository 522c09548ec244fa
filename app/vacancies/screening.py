"""Wording that no vacancy may carry: discrimination, and fees or deposits, each with the article of law.

The text is made plain first (widths, hidden characters, blanks, traditional characters), then harmless phrases
(男女不限, 不收任何费用, 女装车间) are taken out, and what is left is searched. The words stand in
seed/reference/unlawful_wording.csv and fee_wording.csv. Used at every edit of a vacancy, not only for lists.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Literal

from app.places.gazetteer import reference, rows
from app.places.script import simplified

Code = Literal["discriminatory_requirement", "fee_or_deposit"]
LONGEST = 4_000

#: Ground → (article in Chinese, in English). To be checked by a lawyer before it is quoted outside.
ARTICLES = {
    "sex": (
        "《就业促进法》第三条、第二十七条，《人力资源市场暂行条例》第二十四条",
        "Employment Promotion Law art. 3 and 27; Interim Regulation on Human Resources Markets art. 24",
    ),
    "ethnicity": (
        "《就业促进法》第三条、第二十八条，《人力资源市场暂行条例》第二十四条",
        "Employment Promotion Law art. 3 and 28; Interim Regulation on Human Resources Markets art. 24",
    ),
    "religion": (
        "《就业促进法》第三条，《人力资源市场暂行条例》第二十四条",
        "Employment Promotion Law art. 3; Interim Regulation on Human Resources Markets art. 24",
    ),
    "origin": (
        "《就业促进法》第三条、第三十一条，《人力资源市场暂行条例》第二十四条",
        "Employment Promotion Law art. 3 and 31; Interim Regulation on Human Resources Markets art. 24",
    ),
    "family": (
        "《就业促进法》第二十七条（不得限制结婚、生育）",
        "Employment Promotion Law art. 27 (marriage, childbirth)",
    ),
    "health": (
        "《就业促进法》第二十九条、第三十条（残疾人、传染病病原携带者）",
        "Employment Promotion Law art. 29 and 30 (disability, carriers of infections)",
    ),
    "fee": (
        "《劳动合同法》第九条、第八十四条，《就业促进法》第四十一条",
        "Labour Contract Law art. 9 and 84; Employment Promotion Law art. 41",
    ),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One unlawful phrase."""

    code: Code
    #: sex, ethnicity, religion, origin, family, health or fee.
    ground: str
    #: The phrase, as searched (plain form).
    phrase: str

    @property
    def article_zh(self) -> str:
        return ARTICLES[self.ground][0]

    @property
    def article_en(self) -> str:
        return ARTICLES[self.ground][1]


_HIDDEN = re.compile(
    "[\u0000-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0]"
)
_BETWEEN = re.compile(r"(?<=[\u3400-\u9fff])[ \t\r\n.·•*_\-~|^`'\"“”‘’+=#@&%$\\<>【】\[\]{}…—]+(?=[\u3400-\u9fff])")
_LOOKALIKES = {"Ⅼ": "l", "侽": "男", "囡": "女", "恏": "好", "圧": "压", "収": "收"}


def plain_wording(text: str) -> str:
    """NFKC, no hidden characters, no blanks or filler marks between Chinese characters, simplified, lower case."""
    folded = _HIDDEN.sub("", unicodedata.normalize("NFKC", _HIDDEN.sub("", text[:LONGEST])))
    for odd, common in _LOOKALIKES.items():
        folded = folded.replace(odd, common)
    folded = re.sub(r"[\r\n;]+", "；", simplified(folded)).replace(",", "，")
    for _ in range(2):
        folded = _BETWEEN.sub("", folded)
    return "".join(folded.split()).lower()


@lru_cache(maxsize=50_000)
def screen(text: str) -> tuple[Finding, ...]:
    """The unlawful phrases of a text, at most one a ground; () when it may be published. Never raises."""
    words = plain_wording(text)
    if not words:
        return ()
    found: list[Finding] = []
    for code, grounds in _GROUNDS.items():
        asked = [ground for ground in grounds if _TRIGGERS[ground].search(words)]
        left = words
        for ground in asked:
            for pattern in _rules()[ground].harmless:
                left = pattern.sub("〓", left)
        found += [finding for ground in asked if (finding := _first(code, ground, left))]
    return tuple(found)


#: How a contact is addressed, which asks nothing of a worker: 王女士, 李（女）.
_FORM_OF_ADDRESS = re.compile(r"(?<![限仅只招要收])(?:女士|先生|小姐)|[(（][男女][)）]")


def screen_name(text: str) -> tuple[Finding, ...]:
    """The same for the name of an employer, a workplace or a contact: 某厂（不招少数民族） is one as well."""
    return screen(_FORM_OF_ADDRESS.sub("", text))


def _first(code: Code, ground: str, words: str) -> Finding | None:
    """The first unlawful phrase of a ground."""
    for pattern in _rules()[ground].unlawful:
        match = pattern.search(words)
        if match:
            return Finding(code, ground, match.group().strip("，；。、"))
    return None


def _without_harmless(ground: str, words: str) -> str:
    for pattern in _rules()[ground].harmless:
        words = pattern.sub("〓", words)
    return words


#: Without one of these a text cannot be unlawful on that ground: most texts are dismissed here.
_TRIGGERS = {
    "sex": re.compile(r"男|女|性别|帅哥|姑娘|小伙|妹|大姐|阿姨|妈|大叔|小哥"),
    "ethnicity": re.compile(r"族|汉民|回民|少民|藏人|彝人|维吾尔"),
    "religion": re.compile(r"教|宗|信|佛|穆斯林|基督"),
    "origin": re.compile(
        r"户|籍|本[地省市县区城]|外[地省]|省|当地|市内|县内|人|除|东北|凉山|勿|慎|谢绝|不[要招收考接欢]|拒|止步|免谈"
    ),
    "family": re.compile(r"婚|育|孕|单身|离异|丧偶|孩|生子|恋爱|哺乳|宝妈"),
    "health": re.compile(r"乙肝|两对半|阳|肝|hbv|hiv|艾滋|残|抗原"),
    "fee": re.compile(r"押|金|费|证|交|缴|收|付|款|入股|集资|贷|钱|保|扣|有偿|买|压"),
}
_GROUNDS: dict[Code, tuple[str, ...]] = {
    "discriminatory_requirement": ("sex", "ethnicity", "religion", "origin", "family", "health"),
    "fee_or_deposit": ("fee",),
}
_NOTHING_ASKED = re.compile(
    r"^(?:不限?|无|没有|均可|都可以?|皆可|男女不限|男女均可|男女都可以?|男女|男、女|男/女|不作?要求|无要求|没有要求|无限制|不拘|任意|否|不收|免|0元?|零"
    r"|-+|/|无需|不需要?|不交|暂无|不适用|不收取?(?:任何)?费用?|无任何费用|无费用|不收费|免费)[。.！!]?$"
)
#: Columns of a list that ask for what may not be asked → their ground.
COLUMN_GROUNDS = {"性别": "sex", "民族": "ethnicity", "户籍": "origin", "婚育": "family", "宗教": "religion"}


def screen_column(ground: str, text: str) -> tuple[Finding, ...]:
    """A cell of a column that by its header asks for a sex, an ethnicity, a fee …: anything but "none" is unlawful."""
    words = plain_wording(text)
    if not words or _NOTHING_ASKED.match(words):
        return ()
    if ground == "fee":
        denies = words.startswith(("不", "无", "免"))
        clean = denies and _first("fee_or_deposit", ground, _without_harmless(ground, words)) is None
        return () if clean else (Finding("fee_or_deposit", ground, words[:40]),)
    left = _without_harmless(ground, words).strip("，；。、〓")
    return (Finding("discriminatory_requirement", ground, words[:40]),) if left else ()


@dataclass(frozen=True, slots=True)
class _Rules:
    harmless: tuple[re.Pattern[str], ...]
    unlawful: tuple[re.Pattern[str], ...]


@cache
def _rules() -> dict[str, _Rules]:
    """Ground → its patterns, in the order of the files."""
    found: dict[tuple[str, str], list[re.Pattern[str]]] = {}
    for name in ("unlawful_wording.csv", "fee_wording.csv"):
        for row in rows(reference(name)):
            pattern = re.compile(row["pattern"], re.IGNORECASE)
            found.setdefault((row["ground"], row["verdict"]), []).append(pattern)
    return {
        ground: _Rules(tuple(found.get((ground, "harmless"), ())), tuple(found.get((ground, "unlawful"), ())))
        for ground in ARTICLES
    }
