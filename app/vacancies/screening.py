"""Wording that no vacancy may carry: discrimination, and fees or deposits, each with the article of law.

The text is made plain first (widths, hidden characters, blanks, traditional characters), then harmless phrases
(男女不限, 不收任何费用, 女装车间) are taken out, and what is left is searched; so are its other readings (disguise.py)
and the seams between fields. The words stand in seed/reference/unlawful_wording.csv and fee_wording.csv. Used at every
edit of a vacancy, not only for lists.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise
from typing import Literal

from app.places.gazetteer import reference, rows
from app.places.script import simplified
from app.vacancies.disguise import undisguised

Code = Literal["discriminatory_requirement", "fee_or_deposit"]
LONGEST = 4_000

#: Ground → (article in Chinese, in English): seed/reference/law_articles.csv, to be checked by a lawyer before it is
#: quoted outside.
ARTICLES = {row["ground"]: (row["article_zh"], row["article_en"]) for row in rows(reference("law_articles.csv"))}


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
    found = {finding.ground: finding for finding in _search(words)}
    for reading in undisguised(words):
        for finding in _search(reading):
            found.setdefault(finding.ground, finding)
    return tuple(found.values())


def screen_across(texts: Sequence[str]) -> tuple[Finding, ...]:
    """What is unlawful only where one field's text goes on in the next: 限 | 男性, 押 | 金300."""
    written = [text for text in texts if text]
    found: dict[str, Finding] = {}
    for before, after in pairwise(written):
        for finding in _screen_seam(before[-_SEAM:], after[:_SEAM]):
            if not _stands_in(finding.phrase, before, after):
                found.setdefault(finding.ground, finding)
    return tuple(found.values())


@lru_cache(maxsize=50_000)
def _screen_seam(before: str, after: str) -> tuple[Finding, ...]:
    """The phrases that neither end alone holds."""
    found = screen(before + after)
    alone = {finding.ground for part in (before, after) for finding in screen(part)} if found else set()
    return tuple(finding for finding in found if finding.ground not in alone)


#: Characters on either side of a seam between two fields.
_SEAM = 6


def _stands_in(phrase: str, *texts: str) -> bool:
    """Whether one text alone holds the phrase: it was judged there, with what stands around it."""
    return any(phrase in plain_wording(text) for text in texts)


def _search(words: str) -> tuple[Finding, ...]:
    """The unlawful phrases of a plain text."""
    return tuple(
        finding
        for code, grounds in _GROUNDS.items()
        for ground in grounds
        if _TRIGGERS[ground].search(words) and (finding := _first(code, ground, _without_harmless(ground, words)))
    )


#: What may ask for money, though no rule names it.
_MONEY = re.compile(
    r"押|费|缴|钱|垫|贷|(?:交|付|扣|收|退)[^，。；]{0,4}[\d一二两三四五六七八九十百]|[自质抵]押|自理|自付|自购|自备|集资|入股|担保|"
    r"(?:保证|定|订|风险|诚意|预留|互助)金|证件|(?:扣|留|保管|收)[^，。；]{0,3}证|原件|垫付|抽成|佣|红包|打点|好处|"
    r"[自本]己(?:出|掏|买|购)|购买|先买|贴钱"
)


@lru_cache(maxsize=50_000)
def is_doubtful(text: str) -> bool:
    """Whether somebody should look at a text before it is published, though no rule refuses it: it speaks of money or
    papers in a way that is neither known as harmless nor as a fee."""
    words = plain_wording(text)
    return any(_MONEY.search(_without_harmless("fee", one)) for one in (words, *undisguised(words)))


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
    "sex": re.compile(r"男|女|性别|帅哥|姑娘|小伙|妹|大姐|阿姨|妈|大叔|小哥|爷们|娘们|male|men|women|ladies|girl|boy"),
    "ethnicity": re.compile(r"族|汉民|回民|少民|汉人|限汉|[藏彝回维苗壮蒙][人民]|维吾尔|\bhan\b|minorit"),
    "religion": re.compile(r"教|宗|信|佛|穆斯林|基督|伊斯兰|礼拜|头巾|muslim|christian"),
    "origin": re.compile(
        r"户|籍|本[地省市县区城]|外[地省]|省|当地|市内|县内|人|除|东北"
        r"|凉山|勿|慎|谢绝|不[要招收考接欢]|拒|止步|免谈|同乡|老乡|外来|外乡|北方|南方|江浙|云贵|川渝|彝区|客家|村民|居民|locals?"
    ),
    "family": re.compile(
        r"婚|育|孕|单身|离异|丧偶|孩|子女|儿女|胎|夫[妻妇]"
        r"|家庭|拖累|对象|情侣|娃|生子|恋爱|哺乳|宝妈|single|married"
    ),
    "health": re.compile(r"乙肝|两对半|阳|肝|hbv|hbsag|hiv|艾滋|残|抗原|聋|哑|瘸|盲|新冠|感染|缺陷|健全|障"),
    "fee": re.compile(
        r"押|金|费|证|交|缴|收|付|款|入股|集资|贷|钱|保|扣|有偿"
        r"|买|购|压|垫|驾照|原件|抽成|抽佣|抵押|担保|自理|自费|自掏|自备|服|deposit|fee|charge|passport|card"
    ),
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
