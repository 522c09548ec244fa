"""From raw words to tokens: one spelling, sounds, and the cheapest way to cut a line into known words.

Nothing here knows a trade. `normalise` gives every text one spelling (full width, case, traditional
characters), `Vocabulary.cut` cuts it into the fewest known words, `Sounds` finds known words that sound like
what was written (电汗工 → 电焊工), and `Shapes` those that look like it (装御工 → 装卸工).
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

#: Longer texts are cut off: a cell of a list names its jobs in its first words.
MAX_CHARACTERS = 200

_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))
_QUANTITY = re.compile(
    r"\d+(?:\.\d+)?(?:[-~—至到]\d+(?:\.\d+)?)?\s*"
    r"(?:周岁|岁|名|人|个月|个|位|元|块|万|千|k|w|点|小时|天|日|月|周|班|倒|公里|吨|米|度|级|号|线|楼|层|次|%)*"
)
_YEARS = re.compile(
    r"([0-9]+|[一二两三四五六七八九十几半多]+)\s*(?:多|来|几)?\s*(?:年|载)(?:多|半|以上|左右|工龄|经验)*"
)
# 烧过窑, 放了三年蜂: a verb kept apart from its object by an aspect and perhaps by years.
_APART = re.compile(rf"[\u4e00-\u9fff]([过了着](?:{_YEARS.pattern})?的?)(?=[\u4e00-\u9fff])")
_SPACED_OUT = re.compile(r"(?<![^\s])([\u4e00-\u9fff])\s+(?=[\u4e00-\u9fff](?:\s|$))")
_DIGITS = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "几": 3, "多": 3}

#: Cuts a text into phrases; brackets do not, since they qualify what stands before them.
SEPARATORS = frozenset("、,;。/|\\+&·\n\t!?~… ")
BRACKETS = frozenset("()[]{}<>\"'“”‘’《》「」【】:：")


def normalise(text: str, simplified: Mapping[int, str]) -> str:
    """One spelling for one meaning: NFKC, lower case, simplified characters, no invisible signs."""
    one = unicodedata.normalize("NFKC", text[:MAX_CHARACTERS]).translate(_INVISIBLE).lower().translate(simplified)
    return _SPACED_OUT.sub(r"\1", one.strip())


def is_chinese(character: str) -> bool:
    """Whether a character is a Chinese one (the common block, which normalised job words never leave)."""
    return "\u4e00" <= character <= "\u9fff"


def years_in(text: str) -> float | None:
    """Years of experience a text names: 三年 → 3, 十几年 → 13, 半年 → 0.5; None when it names none."""
    found = _YEARS.search(text)
    return _years(found.group(1)) if found else None


def verbs_apart(text: str) -> Iterator[tuple[int, int]]:
    """Where a verb of one character stands apart from what follows: (its place, where the rest goes on)."""
    for found in _APART.finditer(text):
        yield found.start(), found.end()


def _years(word: str) -> float | None:
    """A small number written in digits or characters; None beyond a working life."""
    if word.isdigit():
        return float(word) if int(word) <= 60 else None
    if word == "半":
        return 0.5
    tens, ten, ones = word.partition("十")
    if ten:
        return 10.0 * _DIGITS.get(tens, 1) + _DIGITS.get(ones[:1], 0)
    return float(_DIGITS.get(word[0], 0)) or None


@dataclass(frozen=True, slots=True)
class Token:
    """One piece of a text: `word` stands at start:end, `phrase` numbers the phrase it belongs to."""

    word: str
    start: int
    end: int
    phrase: int
    #: known (in the vocabulary), unknown (one character or one Latin run), years, number, bracket.
    kind: str


class Vocabulary:
    """Known words, and the cheapest way to cut a text into them."""

    # A cut is cheap when it needs few words and leaves few characters over. A word of one character costs
    # more than a longer one, so 叉车+工厂 wins over 叉车工+厂; an unknown character costs more than any word.
    WORD, SINGLE, UNKNOWN = 10, 16, 27

    def __init__(self, words: Iterable[str]) -> None:
        self._words = frozenset(words)
        longest: dict[str, int] = {}
        for word in self._words:
            longest[word[0]] = max(longest.get(word[0], 0), len(word))
        self._longest = longest
        self._with_digits = tuple(word for word in self._words if word[0].isascii() and word[0].isdigit())

    def __contains__(self, word: str) -> bool:
        return word in self._words

    def cut(self, text: str) -> list[Token]:
        """Tokens of a normalised text, in order; separators are dropped and counted as phrase ends."""
        tokens: list[Token] = []
        phrase = 0
        for start, end, kind in _stretches(text, self._with_digits):
            if kind == "separator":
                phrase += 1
            elif kind == "text":
                tokens.extend(self._cut_stretch(text, start, end, phrase))
            else:
                tokens.append(Token(text[start:end], start, end, phrase, kind))
        return tokens

    def _cut_stretch(self, text: str, start: int, end: int, phrase: int) -> list[Token]:
        """Cheapest cut of text[start:end], found from the right; ties go to the longer right word, its head."""
        words, longest = self._words, self._longest
        size = end - start
        cost = [0] * (size + 1)
        step = [1] * (size + 1)
        for i in range(size - 1, -1, -1):
            at = start + i
            best, best_length = cost[i + 1] + self.UNKNOWN, 1
            for length in range(min(longest.get(text[at], 0), size - i), 0, -1):
                if text[at : at + length] not in words or _splits_latin(text, at, at + length):
                    continue
                price = cost[i + length] + (self.WORD if length > 1 else self.SINGLE)
                if price <= best:
                    best, best_length = price, length
            cost[i], step[i] = best, best_length
        tokens, i = [], 0
        while i < size:
            at, length = start + i, step[i]
            word = text[at : at + length]
            if word not in words:
                while i + length < size and _is_latin(text[at + length]) and _is_latin(text[at + length - 1]):
                    length += 1
                word = text[at : at + length]
            kind = "known" if word in words else "unknown"
            tokens.append(Token(word, at, at + length, phrase, kind))
            i += length
        return tokens


def _is_latin(character: str) -> bool:
    return character.isascii() and character.isalnum()


def _splits_latin(text: str, start: int, end: int) -> bool:
    """Whether a word would begin or end in the middle of a Latin run (n1 inside an12)."""
    inside_left = start > 0 and _is_latin(text[start - 1]) and _is_latin(text[start])
    inside_right = end < len(text) and _is_latin(text[end - 1]) and _is_latin(text[end])
    return inside_left or inside_right


def _stretches(text: str, with_digits: tuple[str, ...]) -> Iterator[tuple[int, int, str]]:
    """Runs of one kind: years, numbers with their unit, brackets, separators and text to be cut.

    A number that begins a known word (4.2米厢货) is text.
    """
    begin = i = 0
    size = len(text)
    while i < size:
        kind, end = "", i + 1
        character = text[i]
        if character in SEPARATORS:
            kind = "separator"
        elif character in BRACKETS:
            kind = "bracket"
        elif character.isdigit() or character in "一二两三四五六七八九十几半":
            found = _YEARS.match(text, i)
            if found:
                kind, end = "years", found.end()
            elif text.startswith(with_digits, i):
                pass
            elif character.isascii() and character.isdigit() and not (i and _is_latin(text[i - 1])):
                number = _QUANTITY.match(text, i)
                if number and not (number.end() < size and _is_latin(text[number.end()]) and number.end() == i + 1):
                    kind, end = "number", number.end()
        if kind:
            if begin < i:
                yield begin, i, "text"
            yield i, end, kind
            begin = end
        i = end
    if begin < size:
        yield begin, size, "text"


class Sounds:
    """Known words by their sound, for typing errors of the homophone kind.

    `strict` keeps every syllable; `folded` also joins what southern speakers and typists mix up
    (zh/z, ch/c, sh/s, n/l, f/h, -ng/-n), and is asked only when no word sounds just the same.
    """

    LONGEST = 6

    def __init__(self, words: Iterable[str], syllables: Mapping[str, str]) -> None:
        self._syllables = dict(syllables)
        self._folded = {character: _fold(syllable) for character, syllable in syllables.items()}
        self._strict_index: dict[tuple[str, ...], list[str]] = {}
        self._folded_index: dict[tuple[str, ...], list[str]] = {}
        for word in sorted(words):
            if not 2 <= len(word) <= self.LONGEST:
                continue
            strict = self._sound(word, self._syllables)
            if strict:
                self._strict_index.setdefault(strict, []).append(word)
            folded = self._sound(word, self._folded)
            if folded:
                self._folded_index.setdefault(folded, []).append(word)

    @staticmethod
    def _sound(word: str, table: Mapping[str, str]) -> tuple[str, ...] | None:
        sounds = tuple(table.get(character, "") for character in word)
        return sounds if all(sounds) else None

    def exactly_like(self, written: str) -> list[str]:
        """Known words of just the same syllables that share at least half of the characters."""
        strict = self._sound(written, self._syllables)
        return _closest(self._strict_index.get(strict or (), ()), written)

    def like(self, written: str) -> list[str]:
        """Known words that sound like `written` and share at least half of its characters."""
        found = self.exactly_like(written)
        if found:
            return found
        folded = self._sound(written, self._folded)
        return _closest(self._folded_index.get(folded or (), ()), written)


class Shapes:
    """Known words by their look, for characters mistaken by handwriting input, scanning or the eye."""

    def __init__(self, words: Iterable[str], groups: Iterable[str]) -> None:
        self._words = frozenset(words)
        alike: dict[str, set[str]] = {}
        for group in groups:
            for character in group:
                alike.setdefault(character, set()).update(group)
        self._alike = {character: "".join(sorted(others - {character})) for character, others in alike.items()}

    def like(self, written: str) -> list[str]:
        """Known words that differ from `written` in one character, which looks like the written one."""
        return [
            word
            for i, character in enumerate(written)
            for other in self._alike.get(character, "")
            if (word := written[:i] + other + written[i + 1 :]) in self._words
        ]


def _closest(words: Iterable[str], written: str) -> list[str]:
    """The words that share most characters with `written`, at least half: a slip, not another word.

    货车司鸡 sounds like 货车司机 and like 火车司机, and shares three characters with the one, two with the other.
    """
    shared = {word: sum(a == b for a, b in zip(word, written, strict=True)) for word in words}
    most = max(shared.values(), default=0)
    return [word for word, count in shared.items() if count == most and 2 * count >= len(written)]


def _fold(syllable: str) -> str:
    """The sound as a careless southern speaker types it."""
    initial = re.match(r"zh|ch|sh|[bpmfdtnlgkhjqxzcsryw]?", syllable)
    head = initial.group(0) if initial else ""
    tail = syllable[len(head) :]
    head = {"zh": "z", "ch": "c", "sh": "s", "l": "n", "f": "h"}.get(head, head)
    if head == "h" and tail in {"u", "ua", "uai", "uan", "uang", "ui", "uo", "un"}:
        tail = tail[1:] or "u"
    return head + (tail[:-1] if tail.endswith(("eng", "ing")) else tail)
