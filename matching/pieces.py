"""What a known word says where it stands: its neighbours, its place in the phrase, refusals, levels.

A `Piece` is a token with its `Meaning`. Everything here looks at pieces alone; which term a text means is decided in
lexicon.py.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from matching.text import Token, is_chinese

Kind = Literal["worker", "job"]
Level = Literal["learner", "informal", "skilled"]

TITLE_ENDS: Final = ("工", "员", "师", "手", "嫂", "司机", "师傅", "匠", "阿姨", "普工", "长")
WORKPLACE_ENDS: Final = (
    "厂",
    "院",
    "店",
    "公司",
    "车间",
    "中心",
    "工地",
    "仓库",
    "超市",
    "食堂",
    "宾馆",
    "酒店",
    "学校",
    "幼儿园",
    "养殖场",
    "饲养场",
    "牧场",
    "农场",
    "林场",
    "猪场",
    "鸡场",
    "屠宰场",
    "商场",
    "市场",
    "小区",
    "写字楼",
)
#: Doing this to a thing says little beyond the thing itself, so a word that names a trade keeps its meaning.
SAYS_LITTLE: Final = frozenset({"line", "at", "shop", "make", "keep", "serve"})
#: Marks that end a title: what stands before them is another word.
_BREAKS: Final = frozenset({"noise", "not", "learner", "skilled", "informal", "turn", "preferred", "and", "both"})
_LEVELS: Final[tuple[Level, ...]] = ("learner", "informal", "skilled")
_UNPRACTISED: Final = frozenset({"learner", "informal"})
#: How far work is counted on that a phrase only wants to learn, beside work that other phrases name.
_STILL_TO_LEARN: Final = 0.6
#: Trust in a word of one, two, three characters beside one strange character; longer words keep theirs.
_BESIDE_STRANGER: Final = {1: 0.4, 2: 0.55, 3: 0.85}
_CUT_OUT: Final = 0.55
#: Two words that fit each other outweigh most of the doubt an unknown neighbour casts on one.
_BOTH_AGREE: Final = 0.8
_FRAGMENT_AGREES: Final = 0.7


@dataclass(frozen=True, slots=True)
class Meaning:
    """All a known word can mean."""

    terms: tuple[tuple[str, float], ...] = ()
    does: tuple[str, ...] = ()
    things: tuple[str, ...] = ()
    mark: str = ""


@dataclass(slots=True)
class Piece:
    """A token with its meaning and what the reading found out about it."""

    token: Token
    meaning: Meaning
    bracketed: bool
    #: How far the word may be trusted where it stands: below 1 when unknown characters are glued to it.
    doubt: float = 1.0
    refused: bool = False


def is_head(piece: Piece) -> bool:
    """A title or role, which what stands before it only qualifies (保洁公司会计 is an accountant)."""
    meaning = piece.meaning
    return meaning.mark == "role" or (bool(meaning.terms) and piece.token.word.endswith(TITLE_ENDS))


def is_workplace(piece: Piece) -> bool:
    """A factory, shop or institution: it says where, not what."""
    return piece.token.word.endswith(WORKPLACE_ENDS)


def _says_something(piece: Piece) -> bool:
    return bool(
        piece.meaning.terms or piece.meaning.does or piece.meaning.things or piece.meaning.mark in ("noise", "topic")
    )


def ends_a_title(word: str, meaning: Meaning) -> bool:
    """Noise, refusals and the like, and what somebody says of himself (做过, 会做)."""
    if len(word) == 1:
        return meaning.mark in _BREAKS - {"noise"}
    return meaning.mark in _BREAKS or (not meaning.terms and word[-1] in "过做干当")


def _strangers(tokens: Sequence[Token], i: int, step: int) -> int:
    """How many unknown Chinese characters are glued to token i on one side."""
    count, here = 0, tokens[i]
    while 0 <= i + step < len(tokens):
        i += step
        other = tokens[i]
        glued = other.end == here.start if step < 0 else other.start == here.end
        if not glued or other.kind != "unknown" or not is_chinese(other.word[0]):
            break
        count, here = count + 1, other
    return count


def _doubt(token: Token, before: int, after: int) -> float:
    """A short word glued to an unknown character may be part of another word (缆车工 is no 车工).

    A single strange character rather makes another word of it than several, which are a word of their own;
    behind a title it matters less.
    """
    if token.word.endswith(TITLE_ENDS):
        after = 0
    if not before and not after:
        return 1.0
    trust = _BESIDE_STRANGER.get(len(token.word), 0.95)
    return trust if 1 in (before, after) else max(trust, 0.8)


def _is_cut_from_longer(before: Piece, token: Token) -> bool:
    """挂+架工 is a worker who hangs things, not a 架工: a short title right after a bare verb is doubtful."""
    verb = before.meaning.does and not before.meaning.mark and "make" not in before.meaning.does
    short_title = len(token.word) == 2 and token.word.endswith(("工", "员", "师", "匠"))
    return bool(verb) and short_title and len(before.token.word) == 1 and before.token.end == token.start


def trust_in(tokens: Sequence[Token], i: int, before: Piece | None) -> float:
    """How far the word of token i may be trusted between the unknown characters and the piece beside it."""
    trust = _doubt(tokens[i], _strangers(tokens, i, -1), _strangers(tokens, i, 1))
    return min(trust, _CUT_OUT) if before and _is_cut_from_longer(before, tokens[i]) else trust


def agreement(piece: Piece) -> float:
    """How far another word's fitting lifts the doubt that a stranger casts on a piece; little on one character."""
    if piece.doubt == 1:
        return 1.0
    return _BOTH_AGREE if len(piece.token.word) > 1 else _FRAGMENT_AGREES


def may_compose(pieces: Sequence[Piece], i: int, j: int) -> bool:
    """A bare 工 is an ending: it makes a worker of the word right before it and of no other.

    Nor of half a word: 配+菜+工 is no 菜工. And a cook is no maker of the place he cooks in (养老院厨师).
    """
    does, thing = pieces[i].token, pieces[j].token
    if pieces[i].meaning.mark == "role" and "make" in pieces[i].meaning.does and is_workplace(pieces[j]):
        return False
    if does.word != "工":
        return True
    before = pieces[j - 1].token if j else None
    halved = before and before.end == thing.start and len(before.word) == len(thing.word) == 1
    return thing.end == does.start and not halved


def outranked(does: str, pieces: Sequence[Piece], i: int, j: int) -> set[int]:
    """Which of the two composed pieces lose their own default meaning to the composition."""
    lost = {i}
    if does not in SAYS_LITTLE or pieces[j].meaning.does:
        lost.add(j)
    return lost


def sold(pieces: Sequence[Piece], i: int) -> float:
    """Who sells, lets or insures a thing does not work with it: 卖空调 is no air-conditioning fitter."""
    if pieces[i].meaning.mark == "role" or "sell" in pieces[i].meaning.does or is_head(pieces[i]):
        return 1.0
    beside = (pieces[k] for k in range(max(0, i - 2), min(len(pieces), i + 3)) if k != i)
    selling = any("sell" in p.meaning.does and p.token.phrase == pieces[i].token.phrase for p in beside)
    return 0.3 if selling else 1.0


def all_are_meant(pieces: Sequence[Piece], i: int) -> bool:
    """Whether the phrase of piece i says later that all its jobs are meant: 保洁保安都行."""
    phrase = pieces[i].token.phrase
    return any(other.meaning.mark == "both" and other.token.phrase == phrase for other in pieces[i + 1 :])


def mark_refused(pieces: Sequence[Piece]) -> None:
    """不要X, 不会X refuse what follows in the phrase; X不做, X除外 what stands before when nothing follows.

    The refusal ends where the sentence turns: 不做普工只做电工, 不要夜班的保洁.
    """
    for i, piece in enumerate(pieces):
        if piece.meaning.mark != "not":
            continue
        after: list[Piece] = []
        for other in pieces[i + 1 :]:
            if other.token.phrase != piece.token.phrase or (after and other.meaning.mark == "turn"):
                break
            if _says_something(other):
                after.append(other)
        before = [p for p in pieces[:i] if p.token.phrase == piece.token.phrase]
        for other in after or before:
            other.refused = True


def stated_level(pieces: Sequence[Piece], kind: Kind) -> Level | None:
    """The level a text speaks of; none from a phrase that refuses it (学徒勿扰).

    A worker's 没开过, 想学 or 自己家 tells only of its own phrase when another phrase names work as well: the
    work it stands beside becomes doubtful, the other work does not (没开过叉车，仓库搬过货).
    """
    refusing = {p.token.phrase for p in pieces if p.meaning.mark == "not"}
    marked = {p.token.phrase for p in pieces if kind == "worker" and p.meaning.mark in _UNPRACTISED}
    named = {p.token.phrase for p in pieces if p.meaning.terms and not p.refused}
    scoped = marked & named if named - marked else set()
    for piece in pieces:
        if piece.token.phrase in scoped:
            piece.doubt = min(piece.doubt, _STILL_TO_LEARN)
    marks = {p.meaning.mark for p in pieces if p.token.phrase not in refusing | scoped}
    return next((level for level in _LEVELS if level in marks), None)


def without_preferences(pieces: list[Piece]) -> list[Piece]:
    """The pieces a job asks for: what only "comes first" (会氩弧焊优先) is no requirement."""
    preferred = {(p.token.phrase, p.bracketed) for p in pieces if p.meaning.mark == "preferred"}
    return [p for p in pieces if (p.token.phrase, p.bracketed) not in preferred] if preferred else pieces
