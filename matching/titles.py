"""How far a reading of a title is trusted when only a part of the title was understood.

A title ends in its head: a 浴池服务员 is some kind of 服务员, a 铁道工程技术人员 no builder. Who does not know the
rest of a title can only count how many of the known titles with the same ending are kin to the reading: nearly all of
…焊工, few of …服务员, hardly any of …车工 (叉车工, 平车工). A head that nobody understood settles nothing.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from matching.text import Token

#: Hundredths of S from which two terms are kin, either way round.
KIN: Final = 55
#: What a reading keeps that leaves the title's head unexplained, or to another reading.
HEAD_UNKNOWN: Final = 0.45
HEAD_ELSEWHERE: Final = 0.6
#: Below this share of its trust a reading is called kindred.
KINDRED_BELOW: Final = 0.9
_WORDS: Final = ("known", "unknown")
_LONGEST_ENDING: Final = 6
_TITLE: Final = re.compile(r"(?:(?<![加施手化开务])工|[员师手嫂匠者官长]|司机|师傅|教练)$")
_BARE_ENDINGS: Final = frozenset("工员师手嫂匠者官长")
#: Characters that join a sentence, never a title.
_SENTENCE: Final = frozenset("的了过着在给把会能想帮去做干搞弄我他她你都也还没有是和跟到被让得点些")


class Titles:
    """Known titles by their endings."""

    def __init__(self, names: Mapping[str, Collection[int]], serves: NDArray[np.integer[Any]]) -> None:
        """`names`: title → the rows of `serves` (S of relations.py) that it means."""
        self._kin = np.minimum(serves, serves.T) >= KIN
        self._by_ending: dict[str, list[list[int]]] = {}
        for name, meant in names.items():
            if _TITLE.search(name):
                for size in range(2, min(len(name), _LONGEST_ENDING + 1)):
                    self._by_ending.setdefault(name[-size:], []).append(list(meant))

    def means(self, ending: str, term: int) -> bool:
        """Whether a longer title with this ending means `term`."""
        return any(term in meant for meant in self._by_ending.get(ending, ()))

    def share(self, ending: str, term: int) -> float:
        """Of the longer titles with this ending, the share that is kin to `term`; 1 when there are none."""
        known = self._by_ending.get(ending, ())
        kin = sum(bool(self._kin[term, meant].any()) for meant in known)
        return (kin + 1) / (len(known) + 1)


def titles_in(tokens: Sequence[Token], breaks: Collection[str], roles: Collection[str]) -> Iterator[list[Token]]:
    """Runs of tokens that stand side by side and end as a title does or in a role (律师); `breaks` end a run."""
    run: list[Token] = []
    for token in tokens:
        glued = bool(run) and run[-1].end == token.start and run[-1].phrase == token.phrase
        says_other = token.word in breaks
        if run and (not glued or says_other or token.kind not in _WORDS or _is_title(run[-1], token)):
            yield from _as_title(run, roles)
            run = []
        if token.kind in _WORDS and not says_other:
            run.append(token)
    yield from _as_title(run, roles)


def _is_title(one: Token, following: Token) -> bool:
    """Whether `one` is a title by itself, so that the next word begins another: 电工焊工; 电工 alone heads 电工班长."""
    return all(len(token.word) > 1 and bool(_TITLE.search(token.word)) for token in (one, following))


def _as_title(run: list[Token], roles: Collection[str]) -> Iterator[list[Token]]:
    if len(run) < 2 or any(token.word in _SENTENCE for token in run):
        return
    if run[-1].word in roles or _TITLE.search(run[-1].word):
        yield run


def beside_unknown(tokens: Sequence[Token], i: int) -> bool:
    """Whether an unknown character is glued to token i: a single one rather belongs to it (用 in 信用管理员)."""
    before, here, after = tokens[max(i - 1, 0)], tokens[i], tokens[min(i + 1, len(tokens) - 1)]
    return (before.kind == "unknown" and before.end == here.start) or (
        after.kind == "unknown" and after.start == here.end
    )


def head_of(title: Sequence[Token]) -> int:
    """The position of the word that heads a title; a bare 工 or 员 belongs to the word before it."""
    last = len(title) - 1
    return last - 1 if title[last].word in _BARE_ENDINGS else last


def ending_of(title: Sequence[Token], head: int) -> str:
    """The title from its head on: 管理师 of 快递站点管理师."""
    return "".join(token.word for token in title[head:])
