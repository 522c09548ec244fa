"""Wording that is written so that it is not found: what it says when read aloud, run together, or seen from afar.

`undisguised` gives the other readings of a plain text, for screening.py to search as well. A reading is offered only
where it makes one of the KEY terms, most of whose characters stand as they should: 中介fei, yajin, 保正金, 限侽, 押💰.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache

from app.places.gazetteer import reference, rows

#: Terms that are hidden by their sound or look. In a rule's words, so that the restored text is found.
KEY = tuple(
    "押金 压金 定金 订金 保证金 风险金 诚意金 中介费 介绍费 服务费 培训费 体检费 报名费 管理费 建档费 资料费 手续费 "
    "服装费 工装费 办证费 入职费 进厂费 工本费 被褥费 信息费 会员费 伙食费 扣证 扣押 身份证 毕业证 健康证 "
    "限男 限女 只招男 只招女 仅招男 仅招女 只要男 只要女 仅限男 仅限女 男性 女性 男工 女工 男士 女士 男生 女生 "
    "男优先 女优先 性别 汉族 回族 藏族 彝族 维族 苗族 壮族 满族 少数民族 民族 信教 信佛 宗教 信仰 教徒 穆斯林 "
    "外地人 外省人 本地人 本地户口 户口 户籍 籍贯 本省 外省 外地 河南人 东北人 新疆人 新疆 西藏 凉山 四川人 "
    "贵州人 云南人 湖北人 安徽人 江西人 广西人 未婚 已婚 已育 未育 离异 单身 孕妇 怀孕 乙肝 残疾 艾滋 两对半 "
    "大三阳 小三阳".split()
)
#: Words that only tell what is meant: read so when they are spelt in letters throughout.
HELPERS = frozenset(
    "优先 勿扰 勿投 免谈 谢绝 不要 不招 不收 除外 自理 自费 入职 阴性 携带者 押 扣 交 限 只招 只要 河南 四川 "
    "贵州".split()
)
#: Characters that look like others, beyond those that sound alike.
_LOOKS = dict(
    pair.split("=")
    for pair in (
        "男=侽 女=囡釹钕孑 金=釒 费=弗贫 介=价界 民=名 族=簇蔟 未=末 已=己 乙=z已己亿 教=孝 人=亻 押=呷鸭丫甲 户=沪戶 "
        "残=歺 训=川 婚=昏 疆=彊 证=正徵 籍=藉"
    ).split()
)
_LOOKING_LIKE = {other: due for due, others in _LOOKS.items() for other in others}
_LOOKING = frozenset(_LOOKING_LIKE)
#: Characters that sound alike and stand beside the other ones in plain words (河南工地, 低压证).
_COMMON = dict(
    pair.split("=") for pair in "男=南难 金=紧进近今仅尽 押=压 工=公 已=以一 乙=以一 限=县现线 士=是事市".split()
)
#: Characters in pieces, and pictures.
_PIECES = dict(
    pair.split("=")
    for pair in (
        "钅今=金 釒今=金 手甲=押 扌甲=押 田力=男 月干=肝 ♂=男 ♀=女 👨=男 👦=男 🚹=男 👩=女 👧=女 🚺=女 👸=女 "
        "💰=金 💴=金 💵=金 💶=金 💷=金 💸=金 🪙=金"
    ).split()
)
_PICTURES = re.compile("|".join(map(re.escape, _PIECES)))
_LETTERS = re.compile(r"[a-z]+")
#: 中/介/费, 服、务、费200: characters that stand alone between marks.
_APART = re.compile(
    r"(?<!\w)[\u4e00-\u9fff](?:[^\u4e00-\u9fff\w]{1,4}[\u4e00-\u9fff](?![\u4e00-\u9fff]))*"
    r"[^\u4e00-\u9fff\w]{1,4}[\u4e00-\u9fff]"
)
_MARKS = re.compile(r"[^\u4e00-\u9fff\w]+")


#: Initials that stand for what is often hidden, after a word that asks for it.
_ASKING = frozenset("交收缴扣退付押需要")
_INITIALS = {"yj": "押金", "bzj": "保证金", "zjf": "中介费", "tjf": "体检费", "pxf": "培训费", "sfz": "身份证"}


def undisguised(words: str) -> Iterator[str]:
    """Other readings of a plain text (screening.plain_wording); none for most texts."""
    together = _APART.sub(lambda found: _MARKS.sub("", found.group()), words)
    if together != words:
        yield together
    heard = _heard(_PICTURES.sub(lambda found: _PIECES[found.group()], together))
    if heard != together:
        yield heard


def _heard(text: str) -> str:
    """The text, with the terms that it sounds or looks like written out."""
    pieces = _in_pieces(text)
    sounds = "".join(_sound(one) for one in pieces) if isinstance(pieces, list) else pieces.translate(_table())
    readings = [sounds]
    if not _LOOKING.isdisjoint(pieces):
        readings.append("".join(_sound(_LOOKING_LIKE.get(one, one)) for one in pieces))
    said: list[str] = []
    place, beginnings = 0, _beginnings()
    while place < len(pieces):
        terms = (_term_at(pieces, one, place) for one in readings if one[place] in beginnings)
        term = next(filter(None, terms), None)
        said.append(term or pieces[place])
        place += len(term) if term else 1
    return "".join(said)


def _in_pieces(text: str) -> str | list[str]:
    """A character or a spelt syllable each; the text itself when it has no letters."""
    if not _LETTERS.search(text):
        return text
    pieces: list[str] = []
    for run in re.split(r"([a-z]+)", text):
        spelt = _cut(run) if _LETTERS.fullmatch(run) else None
        if pieces and pieces[-1] in _ASKING:
            spelt = list(_INITIALS.get(run, "")) or spelt
        pieces += spelt or run
    return pieces


def _sound(piece: str) -> str:
    """The sign of a character's or a spelt syllable's sound; what has none stands for itself."""
    return _mark(piece) if len(piece) > 1 else _table().get(ord(piece), piece)


def _term_at(pieces: Sequence[str], sounds: str, place: int) -> str | None:
    """The term that begins there by its sound, when enough of it is beyond doubt; the longest."""
    for length in _lengths():
        for term in _by_sound().get(sounds[place : place + length], ()):
            if _is_meant(term, pieces[place : place + length]):
                return term
    return None


def _is_meant(term: str, written: Sequence[str]) -> bool:
    """Whether the pieces stand for the term: one of two, or all but one of more, are as they should be or spelt."""
    if any(one in _COMMON.get(due, "") for one, due in zip(written, term, strict=True)):
        return False
    spelt = sum(len(one) > 1 for one in written)
    as_due = sum(one == due for one, due in zip(written, term, strict=True))
    if term in HELPERS:
        return spelt == len(term)
    return spelt + as_due >= max(1, len(term) - 1)


def _cut(letters: str) -> list[str] | None:
    """The syllables that letters spell, the longest first; None: they spell none."""
    if not letters:
        return []
    for length in range(min(6, len(letters)), 0, -1):
        if letters[:length] in _spellings():
            rest = _cut(letters[length:])
            if rest is not None:
                return [letters[:length], *rest]
    return None


@cache
def _syllables() -> Mapping[str, str]:
    """Character → its syllable without tone."""
    lines = rows(reference("syllables.csv"))
    return {character: line["syllable"] for line in lines for character in line["characters"]}


@cache
def _spellings() -> frozenset[str]:
    return frozenset(_syllables().values())


@cache
def _mark(syllable: str) -> str:
    """One character that stands for a syllable, of those that Unicode leaves to private use."""
    return chr(0xE000 + sorted(_spellings()).index(syllable))


@cache
def _table() -> Mapping[int, str]:
    """Characters → the sign of their sound."""
    return {ord(character): _mark(syllable) for character, syllable in _syllables().items()}


@cache
def _by_sound() -> Mapping[str, Sequence[str]]:
    found: dict[str, list[str]] = {}
    for term in (*KEY, *HELPERS):
        found.setdefault(term.translate(_table()), []).append(term)
    return found


@cache
def _beginnings() -> frozenset[str]:
    return frozenset(sound[0] for sound in _by_sound())


@cache
def _lengths() -> Sequence[int]:
    return sorted({len(term) for term in (*KEY, *HELPERS)}, reverse=True)
