"""From people's own words to canonical occupations and skills, with a likeness and a reason.

A text is cut into known words (`text.Vocabulary`). A known word may *name* a term (平车 names the flat-seam
machine), say what somebody *does* (缝, 开, 修) or what it is done to or where (*thing*: 衣服, 挖机, 电子厂); what
is done and to what are *composed* into a term (缝 + 衣服 → sewing), which is how words nobody listed are
understood. What is left is tried by sound (电汗工 → 电焊工), by look (装御工 → 装卸工) and last by RapidFuzz
with a cut-off and a margin.
What is not known is returned as unknown, with the question to ask: a wrong trade costs more than a question.

Occupations come before skills in `terms`; `S` (relations.py) says how far one serves where another is asked.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import sqrt
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process

from matching.certificates import CertificateBook, CertificateRow, CertificateRuleRow, Certificates
from matching.pieces import (
    SAYS_LITTLE,
    TITLE_ENDS,
    WORKPLACE_ENDS,
    Kind,
    Level,
    Meaning,
    Piece,
    agreement,
    all_are_meant,
    ends_a_title,
    is_head,
    is_workplace,
    mark_refused,
    may_compose,
    outranked,
    sold,
    stated_level,
    trust_in,
    without_preferences,
)
from matching.relations import (
    GENERAL_SECTOR,
    GENERAL_TRADE,
    GroupRow,
    OccupationRow,
    Relation,
    RelationRow,
    SkillRow,
    derive,
    level_of,
    relate,
)
from matching.text import Shapes, Sounds, Token, Vocabulary, is_chinese, normalise, verbs_apart, years_in
from matching.titles import (
    HEAD_ELSEWHERE,
    HEAD_UNKNOWN,
    KINDRED_BELOW,
    Titles,
    beside_unknown,
    ending_of,
    head_of,
    titles_in,
)

#: `kindred`: part of a title was not understood, and the reading is of the same kind at most.
How = Literal["exact", "alias", "longest_match", "composed", "sound", "look", "traditional", "fuzzy", "kindred"]

#: Below this a reading is a guess to ask about and counts for nothing.
SURE_ENOUGH: Final = 0.5
#: Below this a reading is not even worth asking about.
WORTH_ASKING: Final = 0.3
#: A reading this sure needs no discount.
SURE: Final = 0.85
#: RapidFuzz answers only from this ratio, and only this far ahead of the next other meaning.
FUZZY_CUT_OFF: Final = 80.0
FUZZY_MARGIN: Final = 8.0
#: What stands before the same ending must be alike by itself: 漆器制作工 is no 乐器制作工.
FUZZY_STEM: Final = 60.0
_FUZZY_SHORTEST: Final = 4
#: Characters of the object that a verb may be put back to.
_LONGEST_OBJECT: Final = 3
_MOST_REMEMBERED: Final = 50_000


@dataclass(frozen=True, slots=True)
class AliasRow:
    """A way people write a term; `likeness` in hundredths is below 100 where the word alone leaves doubt."""

    term: str
    word: str
    likeness: int = 100


@dataclass(frozen=True, slots=True)
class WordRow:
    """A word that names no term by itself.

    `kind`: does, thing (with the class they stand for) · noise · topic (系统, 客户: part of a title, but no work) ·
    not · learner · skilled · informal (自己家: done at home, not as work) · role (会计, 销售: heads a phrase though it
    ends in no title such as 工) · goods (材料, 合同: what stands before it is a thing, not work) · turn (只, 但, 的:
    where a refusal ends) · preferred (优先: what a job would like and does not require) · and (或者, 还有: joins
    jobs) · both (都行, 均可: the jobs before it are all meant).
    """

    word: str
    kind: str
    stands_for: str = ""


@dataclass(frozen=True, slots=True)
class CompositionRow:
    """Doing `does` to, with or at `thing` is `term`; a blank side stands for "nothing said"."""

    does: str
    thing: str
    term: str
    likeness: int


@dataclass(frozen=True, slots=True)
class LexiconRows:
    """Everything a lexicon is built from; see seed/reference for the files."""

    occupations: Sequence[OccupationRow]
    skills: Sequence[SkillRow]
    aliases: Sequence[AliasRow]
    relations: Sequence[RelationRow] = ()
    groups: Sequence[GroupRow] = ()
    words: Sequence[WordRow] = ()
    compositions: Sequence[CompositionRow] = ()
    #: Words that look alike and are different trades: never joined by sound or by RapidFuzz.
    false_friends: Sequence[frozenset[str]] = ()
    simplified: Mapping[str, str] = field(default_factory=dict)
    syllables: Mapping[str, str] = field(default_factory=dict)
    #: Characters that look alike, one string a group.
    lookalikes: Sequence[str] = ()
    certificates: Sequence[CertificateRow] = ()
    certificate_rules: Sequence[CertificateRuleRow] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """A term found in a text: how sure (0–1), how, and in which words."""

    term: str
    likeness: float
    how: How
    words: str


@dataclass(frozen=True, slots=True)
class Understood:
    """What a text says. Empty `occupations` and `skills` mean: not understood, ask `question`."""

    text: str
    occupations: tuple[Found, ...] = ()
    skills: tuple[Found, ...] = ()
    #: Terms the writer does not want or does not offer (不做普工).
    refused: tuple[Found, ...] = ()
    #: Too unsure to count, good enough to ask about.
    guesses: tuple[Found, ...] = ()
    unknown: tuple[str, ...] = ()
    years: float | None = None
    level: Level | None = None
    question: str | None = None
    question_en: str | None = None

    @property
    def is_understood(self) -> bool:
        """Whether at least one term was found."""
        return bool(self.occupations or self.skills)


class Lexicon:
    """Canonical terms, the words for them, and how far each serves where another is asked."""

    def __init__(self, rows: LexiconRows) -> None:
        self.occupations = tuple(rows.occupations)
        self.skills = tuple(rows.skills)
        #: Ids of all terms: occupations first, then skills.
        self.terms: tuple[str, ...] = (*(row.id for row in self.occupations), *(row.id for row in self.skills))
        self._index = {term: i for i, term in enumerate(self.terms)}
        self._rows: dict[str, OccupationRow | SkillRow] = {}
        self._rows.update((row.id, row) for row in self.occupations)
        self._rows.update((row.id, row) for row in self.skills)
        #: uint8 hundredths [terms, terms]: S[x, t] is how far x serves where t is asked.
        self.S: NDArray[np.uint8] = derive(self.occupations, self.skills, rows.relations, rows.groups)
        self._groups = tuple(rows.groups)
        self._exceptions = {(row.worker, row.job): row for row in rows.relations}
        self.certificate_book = CertificateBook(rows.certificates, rows.certificate_rules)
        self._simplified = {ord(old): new for old, new in rows.simplified.items()}
        self._compositions: dict[tuple[str, str], list[tuple[str, float]]] = {}
        for row in rows.compositions:
            self._known(row.term)
            self._compositions.setdefault((row.does, row.thing), []).append((row.term, row.likeness / 100))
        self._meanings = self._all_meanings(rows)
        self._vocabulary = Vocabulary(self._meanings)
        self._naming = tuple(sorted(word for word, meaning in self._meanings.items() if meaning.terms))
        self._sounds = Sounds(self._spelt, rows.syllables)
        self._shapes = Shapes(self._spelt, rows.lookalikes)
        self._apart = _pairs_apart(rows.false_friends)
        self._by_bigram = self._index_by_bigram()
        self._titles = Titles({word: self._meant(word) for word in self._spelt}, self.S)
        self._breaks = frozenset(word for word, meaning in self._meanings.items() if ends_a_title(word, meaning))
        self._roles = frozenset(word for word, meaning in self._meanings.items() if meaning.mark == "role")
        self._remembered: dict[tuple[str, str], Understood] = {}

    def index(self, term: str) -> int:
        """The row and column of a term in S; KeyError when nobody knows it."""
        return self._index[term]

    def name(self, term: str, lang: str = "zh") -> str:
        """The term's canonical name; Chinese where no English one is known."""
        row = self._rows[term]
        return row.name_en or row.name if lang.startswith("en") else row.name

    def is_occupation(self, term: str) -> bool:
        """Whether a term is an occupation (else a skill)."""
        return self._index[term] < len(self.occupations)

    def ease(self, occupation: str) -> int:
        """How long a newcomer needs for an occupation: 0 a day … 3 a licence (relations.py); 0 for a skill."""
        row = self._rows[occupation]
        return row.ease if isinstance(row, OccupationRow) else 0

    def relation(self, worker_term: str, job_term: str) -> Relation:
        """S between two terms, with the reason."""
        one, other = self._rows[worker_term], self._rows[job_term]
        if isinstance(one, OccupationRow) and isinstance(other, OccupationRow):
            return relate(one, other, self._exceptions, self._groups)
        hundredths = int(self.S[self.index(worker_term), self.index(job_term)])
        return Relation(hundredths, f"技能所属职业的关系（{level_of(hundredths)}）")

    def certificates(self, text: str) -> Certificates:
        """Certificates a text names; see certificates.py."""
        return self.certificate_book.read(normalise(text, self._simplified))

    def required_by_law(self, occupation: str) -> CertificateRuleRow | None:
        """The law's certificate rule for an occupation, None when it asks for nothing."""
        return self.certificate_book.required_by_law(occupation)

    def understand(self, text: str, *, kind: Kind = "worker") -> Understood:
        """Occupations and skills of a text. Never raises; remembered, since lists repeat their words."""
        key = (kind, text)
        known = self._remembered.get(key)
        if known is None:
            if len(self._remembered) >= _MOST_REMEMBERED:
                self._remembered.clear()
            known = self._remembered[key] = self._read(text, kind)
        return known

    # --- building ---------------------------------------------------------------------------------------------

    def _known(self, term: str) -> None:
        if term not in self._index:
            raise ValueError(f"unknown term {term}")

    def _all_meanings(self, rows: LexiconRows) -> dict[str, Meaning]:
        """Word → everything it can mean, from names, aliases and word tables."""
        terms: dict[str, dict[str, float]] = {}
        for term, row in self._rows.items():
            terms.setdefault(self._plain(row.name), {})[term] = 1.0
        for alias in rows.aliases:
            self._known(alias.term)
            mine = terms.setdefault(self._plain(alias.word), {})
            mine[alias.term] = max(mine.get(alias.term, 0.0), alias.likeness / 100)
        self._add_skills_of_titles(terms)
        self._spelt = frozenset(terms)
        _add_titles(terms)
        does: dict[str, list[str]] = {}
        things: dict[str, list[str]] = {}
        marks: dict[str, str] = {}
        for word_row in rows.words:
            word = self._plain(word_row.word)
            if word_row.kind == "does":
                does.setdefault(word, []).append(word_row.stands_for)
            elif word_row.kind == "thing":
                things.setdefault(word, []).append(word_row.stands_for)
            else:
                marks[word] = word_row.kind
        for word in terms:
            doer = next((word[: -len(end)] for end in TITLE_ENDS if word.endswith(end)), "")
            if doer in does and word not in does:
                does[word] = list(does[doer])  # 采收工 does what 采收 does
            base = next((word[: -len(end)] for end in _PLACE_ENDS if word.endswith(end)), "")
            if base in things and word not in things:
                things[word] = list(things[base])  # 家纺厂 stands where 家纺 does: sewing there is sewing that
        return {
            word: Meaning(
                tuple(terms.get(word, {}).items()),
                tuple(does.get(word, ())),
                tuple(things.get(word, ())),
                marks.get(word, ""),
            )
            for word in {*terms, *does, *things, *marks}
            if word
        }

    def _add_skills_of_titles(self, terms: dict[str, dict[str, float]]) -> None:
        """氩弧焊工 is a welder who does 氩弧焊: a title brings the skill it is made of, if its occupation has it."""
        for word, mine in terms.items():
            for end in TITLE_ENDS:
                made_of = terms.get(word[: -len(end)], {}) if word.endswith(end) else {}
                for skill, likeness in list(made_of.items()):
                    row = self._rows[skill]
                    if isinstance(row, SkillRow) and any(parent in mine for parent in row.occupations):
                        mine.setdefault(skill, likeness)

    def _plain(self, word: str) -> str:
        """A word as it stands in a normalised text: without brackets and blanks; 4.2米 keeps its dot."""
        return "".join(c for c in normalise(word, self._simplified) if c.isalnum() or c == ".")

    def _meant(self, word: str) -> list[int]:
        """The rows of S a word surely means, skills by their occupations."""
        return [
            self._index[occupation]
            for term, likeness in self._meanings[word].terms
            if likeness >= SURE
            for occupation in self._occupations_of(term)
        ]

    def _index_by_bigram(self) -> dict[str, list[str]]:
        """Two neighbouring characters → the longer naming words that contain them."""
        found: dict[str, list[str]] = {}
        for word in self._naming:
            if len(word) >= _FUZZY_SHORTEST:
                for pair in _bigrams(word):
                    found.setdefault(pair, []).append(word)
        return found

    # --- reading ----------------------------------------------------------------------------------------------

    def _read(self, text: str, kind: Kind) -> Understood:
        """One text, from spelling to terms."""
        plain = normalise(text, self._simplified)
        joined, tokens = self._joined(plain, self._vocabulary.cut(plain))
        repaired, how = self._repaired(joined, tokens)
        if repaired != joined:
            tokens = self._vocabulary.cut(repaired)
        elif text.translate(self._simplified) != text:
            how = "traditional"
        pieces = self._pieces(tokens)
        mark_refused(pieces)
        level = stated_level(pieces, kind)
        asked = without_preferences(pieces) if kind == "job" else pieces
        hits = self._hits(asked, kind, how, whole=len(tokens) == 1)
        if not hits and len(asked) < len(pieces):  # 会氩弧焊优先 still says which trade it is about
            hits = [hit for hit in self._hits(pieces, kind, how, whole=False) if self.is_occupation(hit[0].term)]
        hits = self._weighed(hits, tokens)
        unknown = _unknown_words(tokens)
        if not any(found.likeness >= SURE_ENOUGH for found, _ in hits):
            hits = [*hits, *(self._fuzzy(tokens) or self._heard(plain))]
        return self._conclude(text, plain, level, hits, unknown)

    def _joined(self, plain: str, tokens: list[Token]) -> tuple[str, list[Token]]:
        """The text with verbs put back to their objects where together they name work: 省过模 → 省模."""
        starts, ends = {token.start for token in tokens}, {token.end for token in tokens}
        for verb, rest in verbs_apart(plain):
            if verb not in starts or rest not in starts:
                continue
            for end in sorted((end for end in ends if rest < end <= rest + _LONGEST_OBJECT), reverse=True):
                word = plain[verb] + plain[rest:end]
                if word in self._spelt:
                    joined = plain[:verb] + word + plain[end:]
                    return self._joined(joined, self._vocabulary.cut(joined))
        return plain, tokens

    def _repaired(self, plain: str, tokens: Sequence[Token]) -> tuple[str, How]:
        """The text with unknown characters replaced by a known word of the same sound or look, if one only."""
        windows = self._windows(tokens)
        for how in _SLIPS:
            for start, end, alone in windows:
                written = plain[start:end]
                strange = {t.start - start for t in tokens if start <= t.start < end and t.kind == "unknown"}
                meant = [w for w in self._like(how, written, alone=alone) if self._may_stand_for(written, w)]
                # The slip is where the strange character stands; a sound may mislead wholly where nothing else stands.
                if strange and (how == "look" or not _is_whole(plain, start, end)):
                    meant = [w for w in meant if any(w[i] != written[i] for i in strange)]
                if meant and len({self._meanings[word].terms for word in meant}) == 1:
                    return plain[:start] + meant[0] + plain[end:], how
        for start, end in self._stretches(tokens):
            written = plain[start:end]
            if written in self._spelt or not _is_whole(plain, start, end):
                continue
            meant = [w for w in self._sounds.exactly_like(written) if self._may_stand_for(written, w)]
            if meant and len({self._meanings[word].terms for word in meant}) == 1:
                return plain[:start] + meant[0] + plain[end:], "sound"
        return plain, "longest_match"

    def _like(self, how: How, written: str, *, alone: bool) -> list[str]:
        """Known words of the sound or look of `written`; a careless sound counts only where it stands alone."""
        if how == "look":
            return self._shapes.like(written)
        careless = alone and not (len(written) == 2 and written.endswith(TITLE_ENDS))  # 厨工 shares only 工 with 粗工
        return self._sounds.like(written) if careless else self._sounds.exactly_like(written)

    def _stretches(self, tokens: Sequence[Token]) -> list[tuple[int, int]]:
        """What stands between noise, signs and numbers: several known words that may be one misspelt word.

        货车丝机 is cut into known words and means the 货车司机 that sounds just the same; three characters at least.
        """
        found: list[tuple[int, int]] = []
        glued: list[Token] = []
        for token in tokens:
            says = token.kind == "known" and not self._meanings[token.word].mark
            if glued and not (says and glued[-1].end == token.start):
                found.append((glued[0].start, glued[-1].end))
                glued = []
            if says:
                glued.append(token)
        if glued:
            found.append((glued[0].start, glued[-1].end))
        return [(start, end) for start, end in found if 3 <= end - start <= Sounds.LONGEST]

    def _windows(self, tokens: Sequence[Token]) -> list[tuple[int, int, bool]]:
        """Runs of whole tokens, 2–6 characters, that a typing error may have broken, and whether they stand alone;
        the longest first.

        Either an unknown Chinese character is inside, or all are single characters (three at least). Two
        characters are too few to be sure of unless nothing but noise stands beside them.
        """
        found = []
        for i in range(len(tokens)):
            unknown, single = False, True
            for j in range(i, len(tokens)):
                size = tokens[j].end - tokens[i].start
                if tokens[j].phrase != tokens[i].phrase or size > Sounds.LONGEST:
                    break
                single = single and len(tokens[j].word) == 1
                unknown = unknown or (tokens[j].kind == "unknown" and is_chinese(tokens[j].word[0]))
                if (unknown and size >= 2) or (single and size >= 3):
                    beside = self._beside(tokens, i, j)
                    if size > 2 or not any(self._is_half_a_word(tokens, k) for k in beside):
                        alone = not any(self._says_more(tokens[k]) for k in beside)
                        found.append((tokens[i].start, tokens[j].end, alone))
        return sorted(found, key=lambda window: (window[0] - window[1], window[0]))

    @staticmethod
    def _beside(tokens: Sequence[Token], first: int, last: int) -> list[int]:
        """The tokens that are glued to tokens first…last."""
        before = [first - 1] if first and tokens[first - 1].end == tokens[first].start else []
        after = [last + 1] if last + 1 < len(tokens) and tokens[last + 1].start == tokens[last].end else []
        return before + after

    def _is_half_a_word(self, tokens: Sequence[Token], i: int) -> bool:
        """Whether token i may be one word with its neighbour: a single character that is no 工 and no noise, or
        noise only by itself (整 in 纸质整饰工)."""
        token = tokens[i]
        if token.kind != "known":
            return token.kind == "unknown"
        inside = i > 0 and tokens[i - 1].kind == "unknown" and tokens[i - 1].end == token.start
        return len(token.word) == 1 and token.word != "工" and (inside or not self._meanings[token.word].mark)

    def _says_more(self, token: Token) -> bool:
        """Whether a token is neither noise nor the ending of a title."""
        if token.kind != "known":
            return token.kind == "unknown"
        return token.word not in TITLE_ENDS and self._meanings[token.word].mark in ("", "role", "goods")

    def _may_stand_for(self, written: str, word: str) -> bool:
        """Whether a misspelling may be read as `word`: never across a pair of false friends."""
        return frozenset((written, word)) not in self._apart

    def _pieces(self, tokens: Sequence[Token]) -> list[Piece]:
        """Known tokens with their meanings; brackets and doubts noted on them."""
        pieces: list[Piece] = []
        depth = 0
        for i, token in enumerate(tokens):
            if token.kind == "bracket":
                depth = max(0, depth + (token.word in "([{<《「【") - (token.word in ")]}>》」】"))
                continue
            if token.kind != "known":
                continue
            trust = trust_in(tokens, i, pieces[-1] if pieces else None)
            pieces.append(Piece(token, self._meanings[token.word], depth > 0, trust))
        return pieces

    def _hits(self, pieces: Sequence[Piece], kind: Kind, how: How, *, whole: bool) -> list[tuple[Found, bool]]:
        """Every term the pieces name or compose, with whether it was refused."""
        hits: list[tuple[Found, bool]] = []
        overruled: set[int] = set()
        for found, refused, used in self._composed(pieces, kind):
            hits.append((found, refused))
            overruled |= used
        vague_head = any(not p.bracketed and p.meaning.does and p.meaning.terms for p in pieces)
        for i, piece in enumerate(pieces):
            if self._is_generic_head(pieces, i):
                overruled.add(i)
            place = self._place_in_text(piece, pieces, i, kind, vague_head) * sold(pieces, i)
            for term, likeness in piece.meaning.terms:
                value = likeness * piece.doubt * place
                if i in overruled:
                    value *= 0.5
                name_how: How = how
                if whole and how == "longest_match":
                    name_how = "exact" if piece.token.word == self._plain(self._rows[term].name) else "alias"
                hits.append((Found(term, round(value, 4), name_how, piece.token.word), piece.refused))
        return self._settle(hits, pieces)

    def _composed(self, pieces: Sequence[Piece], kind: Kind) -> list[tuple[Found, bool, set[int]]]:
        """Terms composed of what is done and to what; with the pieces whose own default meaning this outranks."""
        found: list[tuple[Found, bool, set[int]]] = []
        things = [(j, thing) for j, piece in enumerate(pieces) for thing in piece.meaning.things]
        for i, piece in enumerate(pieces):
            for does in piece.meaning.does:
                partners = [
                    (self._closeness(piece, pieces[j], i, j), j, thing)
                    for j, thing in things
                    if i != j
                    and (does, thing) in self._compositions
                    and may_compose(pieces, i, j)
                    and piece.refused == pieces[j].refused
                ]
                if partners:
                    best = max(closeness for closeness, _, _ in partners)
                    for closeness, j, thing in partners:
                        if closeness < best - 0.05:
                            continue
                        for term, likeness in self._compositions[does, thing]:
                            value = likeness * closeness * self._as_place(does, pieces, i, kind)
                            value *= 1.0 if does == "sell" else sold(pieces, j)
                            words = f"{piece.token.word}+{pieces[j].token.word}"
                            outranks = outranked(does, pieces, i, j) if value >= 0.6 else set()
                            found.append((Found(term, round(value, 4), "composed", words), piece.refused, outranks))
                elif not piece.meaning.terms and len(piece.token.word) > 1 and len(piece.meaning.does) == 1:
                    for term, likeness in self._compositions.get((does, ""), ()):
                        value = likeness * piece.doubt * self._as_place(does, pieces, i, kind)
                        found.append((Found(term, round(value, 4), "composed", piece.token.word), piece.refused, set()))
        spoken_of = {j for _, _, used in found for j in used}
        for j, thing in things:
            if j not in spoken_of and not pieces[j].meaning.terms and not self._work_is_named(pieces[j], pieces):
                for term, likeness in self._alone(pieces[j], thing):
                    value = likeness * pieces[j].doubt
                    found.append(
                        (Found(term, round(value, 4), "composed", pieces[j].token.word), pieces[j].refused, set())
                    )
        return found

    def _alone(self, piece: Piece, thing: str) -> list[tuple[str, float]]:
        """What a thing says by itself: a workplace (足浴店) that one works there, another thing a little."""
        place = "shop" if piece.token.word.endswith("店") else "at" if piece.token.word.endswith("厂") else ""
        return self._compositions.get((place, thing)) or self._compositions.get(("", thing), [])

    @staticmethod
    def _closeness(does: Piece, thing: Piece, i: int, j: int) -> float:
        """1 side by side in one phrase, less when words or phrases lie between."""
        apart = abs(does.token.phrase - thing.token.phrase)
        gap = max(0, abs(i - j) - 1)
        return max(0.5, 1.0 - 0.06 * min(apart, 4) - 0.03 * min(gap, 6)) * min(agreement(does), agreement(thing))

    def _place_in_text(self, piece: Piece, pieces: Sequence[Piece], i: int, kind: Kind, vague_head: bool) -> float:
        """How much a named term counts where it stands: heads come last, brackets qualify."""
        named_outside = any(not other.bracketed and other.meaning.terms for other in pieces)
        if piece.bracketed and kind == "job" and named_outside and not vague_head:
            return 0.7
        if is_workplace(piece) and self._work_is_named(piece, pieces):
            return _PLACE_BESIDE_WORK
        if piece.token.word.endswith(TITLE_ENDS) or i + 1 == len(pieces):
            return 1.0
        if self._qualifies_a_later_head(pieces, i):
            return _PLACE_BESIDE_WORK
        following = pieces[i + 1]
        if following.token.start != piece.token.end or following.bracketed != piece.bracketed:
            return 1.0
        if following.meaning.mark == "goods":
            return 0.4
        if not _PLACES.isdisjoint(following.meaning.does):
            return _PLACE_BESIDE_WORK if self._work_is_named(piece, pieces[i + 2 :]) else 0.75
        heads = is_head(following) and not self._is_generic_head(pieces, i + 1)
        if following.meaning.terms and (heads or self._is_machine_before_work(piece, following)):
            return 1.0 if self._are_kin(piece, following) or all_are_meant(pieces, i) else 0.35
        return 1.0

    def _is_generic_head(self, pieces: Sequence[Piece], i: int) -> bool:
        """普工, 操作工, 维修工 … right after a word that names a trade only say "worker": the trade stands before.

        A head whose ending mostly means one trade says it itself: 桥梁焊工 is a welder.
        """
        piece = pieces[i]
        if not i or not piece.meaning.does or not piece.meaning.terms or piece.bracketed:
            return False
        on_a_line = "line" in piece.meaning.does
        if pieces[i - 1].token.word.endswith(TITLE_ENDS) and not on_a_line:
            return False  # 电工焊工 are two trades
        if is_workplace(pieces[i - 1]) and not on_a_line:
            return False  # 养老院厨师 is a cook
        if not on_a_line and self._is_closed(piece):
            return False
        return bool(pieces[i - 1].meaning.terms) and pieces[i - 1].token.end == piece.token.start

    def _is_closed(self, piece: Piece) -> bool:
        """Whether most longer titles with this ending are kin to it."""
        word = piece.token.word
        return word.endswith(TITLE_ENDS) and any(self._titles.share(word, row) >= _CLOSED for row in self._meant(word))

    def _is_machine_before_work(self, piece: Piece, following: Piece) -> bool:
        """公交车保洁 cleans buses, 挖机叉车 are two machines: a machine stands for its driver only by itself."""
        if not piece.meaning.things or following.meaning.things:
            return False
        meant = {one for term, _ in piece.meaning.terms for one in self._occupations_of(term)}
        return any(self.name(one).endswith(("司机", "驾驶员")) for one in meant)

    def _qualifies_a_later_head(self, pieces: Sequence[Piece], i: int) -> bool:
        """Whether only things stand between a trade's bare word and a head of another trade (铁路小区物业)."""
        if is_head(pieces[i]):
            return False
        for j in range(i + 1, len(pieces)):
            other = pieces[j]
            if other.token.phrase != pieces[i].token.phrase or other.bracketed != pieces[i].bracketed:
                return False
            if is_head(other) and not other.meaning.does:
                apart = j > i + 1 or other.token.start > pieces[i].token.end
                return apart and not self._are_kin(pieces[i], other)
            if other.meaning.terms or other.meaning.does or other.meaning.mark in ("turn", "not", "and"):
                return False
        return False

    def _work_is_named(self, place: Piece, others: Sequence[Piece]) -> bool:
        """Whether the phrase of `place` names work of its own elsewhere, so that `place` only says where."""
        return any(
            other is not place
            and other.token.phrase == place.token.phrase
            and (not is_workplace(other) or other.token.start == place.token.end)
            and "line" not in other.meaning.does
            and (other.meaning.mark == "role" or any(self._is_special(term) for term, _ in other.meaning.terms))
            for other in others
        )

    def _is_special(self, term: str) -> bool:
        """Whether a term is more than what any factory has: 普工, packing, filling, minding a machine."""
        found = map(self._rows.__getitem__, self._occupations_of(term))
        rows = [row for row in found if isinstance(row, OccupationRow)]
        return bool(rows) and not any(
            row.trade == GENERAL_TRADE or (row.sector == GENERAL_SECTOR and not row.ease) for row in rows
        )

    def _as_place(self, does: str, pieces: Sequence[Piece], i: int, kind: Kind) -> float:
        """A workplace says less when the text names the work itself as well."""
        if does not in _PLACES:
            return 1.0
        if self._work_is_named(pieces[i], pieces):
            return _PLACE_BESIDE_WORK
        if any(j != i and p.meaning.does for j, p in enumerate(pieces)):
            return 0.45 if kind == "job" else 0.75
        return 1.0

    def _are_kin(self, one: Piece, other: Piece) -> bool:
        """Whether two words name neighbouring trades, so that the first is no mere qualifier (模具钳工)."""
        return any(
            self.S[self._index[a], self._index[b]] >= _KIN for a, _ in one.meaning.terms for b, _ in other.meaning.terms
        )

    def _settle(self, hits: list[tuple[Found, bool]], pieces: Sequence[Piece]) -> list[tuple[Found, bool]]:
        """Of a word's several meanings, the one that another word of the text confirms doubts the others."""
        said_by: dict[str, set[str]] = {}
        readings = [(f.term, f.likeness, f.words) for f, _ in hits]
        readings += [(term, likeness, piece.token.word) for piece in pieces for term, likeness in piece.meaning.terms]
        meant: dict[str, set[str]] = {}
        for term, likeness, words in readings:
            meant.setdefault(words, set()).update(self._occupations_of(term))
            if likeness >= _CONFIRMS:
                for occupation in self._occupations_of(term):
                    said_by.setdefault(occupation, set()).add(words)
        settled = []
        for found, refused in hits:
            confirmed = {one for one in meant[found.words] if said_by.get(one, set()) - {found.words}}
            ambiguous = found.how != "composed"
            if ambiguous and confirmed and not confirmed & set(self._occupations_of(found.term)):
                found = Found(found.term, round(found.likeness * 0.6, 4), found.how, found.words)
            settled.append((found, refused))
        return settled

    def _occupations_of(self, term: str) -> tuple[str, ...]:
        row = self._rows[term]
        return row.occupations if isinstance(row, SkillRow) else (term,)

    def _weighed(self, hits: Sequence[tuple[Found, bool]], tokens: Sequence[Token]) -> list[tuple[Found, bool]]:
        """The hits, less sure where they explain only a part of a title (titles.py)."""
        explained = {word for found, _ in hits for word in found.words.split("+")}
        weighed = list(hits)
        both = {token.phrase for token in tokens if token.kind == "known" and self._meanings[token.word].mark == "both"}
        for title in titles_in(tokens, self._breaks, self._roles):
            if title[0].phrase in both:  # 叉车仓管都可以 are two jobs
                continue
            said = {token.word for token in title}
            for i, (found, refused) in enumerate(weighed):
                words = set(found.words.split("+"))
                if words <= said:
                    trust = self._trust(found.term, words, title, explained)
                    how: How = found.how if trust >= KINDRED_BELOW else "kindred"
                    weighed[i] = (Found(found.term, round(found.likeness * trust, 4), how, found.words), refused)
        return weighed

    def _trust(self, term: str, words: Collection[str], title: Sequence[Token], explained: Collection[str]) -> float:
        """How far a reading of some words of a title holds for the whole title."""
        rows = [self._index[one] for one in self._occupations_of(term)]
        head = head_of(title)
        if title[head].word not in words:
            known = any(self._titles.means(ending_of(title, head), row) for row in rows)
            return 1.0 if known else self._trust_without_head(title[head].word, explained)
        if not rows:
            return 1.0
        share = max(self._titles.share(ending_of(title, head), row) for row in rows)
        strange = [token for i, token in enumerate(title[:head]) if not self._belongs(title, i, words, rows)]
        if len(words) > 1:  # two words that fit each other say more than their ending
            share = sqrt(share)
        elif share >= _CLOSED:  # of a trade that its ending names, other known words say where or with what
            strange = [token for token in strange if token.kind == "unknown"]
        left = sum(len(token.word) for token in strange)
        if not left:
            return 1.0
        covered = sum(len(token.word) for token in title[:head]) - left
        return 1.0 - (1.0 - share) * left / (left + covered)

    def _trust_without_head(self, head: str, explained: Collection[str]) -> float:
        """农机 says little of a 农机修理工; a worker on a line (操作工, 普工) is what stands before."""
        if head not in explained:
            return HEAD_UNKNOWN
        meaning = self._meanings[head]
        general = meaning.terms and not any(self._is_special(term) for term, _ in meaning.terms)
        return 1.0 if general or not SAYS_LITTLE.isdisjoint(meaning.does) else HEAD_ELSEWHERE

    def _belongs(self, title: Sequence[Token], i: int, words: Collection[str], rows: Sequence[int]) -> bool:
        """Whether a word of a title is part of a reading, says only where, what is done, or means kindred work."""
        token = title[i]
        if token.kind == "unknown":
            return False
        meaning = self._meanings[token.word]
        if token.word in words or token.word.endswith(WORKPLACE_ENDS):
            return True
        if meaning.mark == "noise" or (meaning.does and not meaning.terms and not meaning.things):
            return len(token.word) > 1 or not beside_unknown(title, i)
        return any(
            self.S[other, row] >= _KIN or self.S[row, other] >= _KIN
            for other in self._meant(token.word)
            for row in rows
        )

    def _fuzzy(self, tokens: Sequence[Token]) -> list[tuple[Found, bool]]:
        """RapidFuzz on what the lexicon does not know: cut-off, margin, and never across false friends."""
        written = "".join(
            token.word
            for token in tokens
            if token.kind == "unknown" or (token.kind == "known" and self._meanings[token.word].mark in ("", "role"))
        )
        if len(written) < _FUZZY_SHORTEST or not any(token.kind == "unknown" for token in tokens):
            return []
        near = {word for pair in _bigrams(written) for word in self._by_bigram.get(pair, ())}
        ranked = process.extract(
            written, sorted(near), scorer=fuzz.ratio, limit=8, score_cutoff=FUZZY_CUT_OFF - FUZZY_MARGIN
        )
        if not ranked or ranked[0][1] < FUZZY_CUT_OFF or not self._may_stand_for(written, ranked[0][0]):
            return []
        word, ratio, _ = ranked[0]
        if fuzz.ratio(*_without_same_end(written, word)) < FUZZY_STEM:
            return []
        terms = self._meanings[word].terms
        if any(ratio - other < FUZZY_MARGIN and self._meanings[name].terms != terms for name, other, _ in ranked[1:]):
            return []
        return [(Found(term, round(likeness * ratio / 100, 4), "fuzzy", word), False) for term, likeness in terms]

    def _heard(self, plain: str) -> list[tuple[Found, bool]]:
        """What a text of which nothing is known may mean by its sound alone: 月扫 → 月嫂."""
        meant = [word for word in self._like("sound", plain, alone=True) if self._may_stand_for(plain, word)]
        if len({self._meanings[word].terms for word in meant}) != 1:
            return []
        terms = self._meanings[meant[0]].terms
        return [(Found(term, round(likeness * SURE, 4), "sound", meant[0]), False) for term, likeness in terms]

    def _conclude(
        self,
        text: str,
        plain: str,
        level: Level | None,
        hits: Iterable[tuple[Found, bool]],
        unknown: tuple[str, ...],
    ) -> Understood:
        """Hits → the best of each term; skills bring their occupations; too unsure ones become guesses."""
        wanted: dict[str, Found] = {}
        refused: dict[str, Found] = {}
        for found, is_refused in hits:
            _keep_best(refused if is_refused else wanted, found)
        for found in list(wanted.values()):
            row = self._rows[found.term]
            if isinstance(row, SkillRow):
                for parent in row.occupations:
                    implied = found.likeness * (1.0 if len(row.occupations) == 1 else 0.9)
                    _keep_best(wanted, Found(parent, round(implied, 4), found.how, found.words))
        for term in refused:
            wanted.pop(term, None)
        ranked = sorted(wanted.values(), key=lambda found: (-found.likeness, self._index[found.term]))
        sure = [found for found in ranked if found.likeness >= SURE_ENOUGH]
        guesses = tuple(found for found in ranked if WORTH_ASKING <= found.likeness < SURE_ENOUGH)[:3]
        occupations = tuple(found for found in sure if self.is_occupation(found.term))
        skills = tuple(found for found in sure if not self.is_occupation(found.term))
        only_kindred = occupations and all(found.how == "kindred" for found in sure)
        question, question_en = self._ask(text, guesses, sure, unknown) if only_kindred or not sure else (None, None)
        return Understood(
            text=text,
            occupations=occupations,
            skills=skills,
            refused=tuple(refused.values()),
            guesses=guesses,
            unknown=unknown,
            years=years_in(plain),
            level=level,
            question=question,
            question_en=question_en,
        )

    def _ask(
        self, text: str, guesses: Sequence[Found], kindred: Sequence[Found], unknown: Sequence[str]
    ) -> tuple[str | None, str | None]:
        """The question that would settle it; none for a blank text."""
        if not text.strip():
            return None, None
        stated = text.strip()
        word = stated if len(stated) <= 20 else "、".join(unknown[:3]) or stated[:20]
        if kindred:
            name, name_en = self.name(kindred[0].term), self.name(kindred[0].term, "en")
            return (
                f"“{word}”只看懂一部分，先按相近的{name}算；具体做什么活，在什么样的厂或店？",
                f"“{word}” is understood in part and counts as the kindred {name_en}: what work is it, and where?",
            )
        if guesses:
            names = "、".join(self.name(found.term) for found in guesses)
            names_en = ", ".join(self.name(found.term, "en") for found in guesses)
            return f"“{word}”是指{names}吗？", f"Does “{word}” mean {names_en}?"
        return (
            f"“{word}”具体做什么活，用什么工具或机器，在什么样的厂或工地？",
            f"What work is “{word}”: with which tool or machine, in what kind of factory or site?",
        )


def _add_titles(terms: dict[str, dict[str, float]]) -> None:
    """Whoever does X may be called X工 or X员, where nothing else is called so already."""
    for word, mine in list(terms.items()):
        if len(word) > 1 and is_chinese(word[-1]) and not word.endswith(TITLE_ENDS):
            for end in ("工", "员"):
                terms.setdefault(word + end, mine)


def _keep_best(kept: dict[str, Found], found: Found) -> None:
    if found.term not in kept or kept[found.term].likeness < found.likeness:
        kept[found.term] = found


#: A reading this sure settles what another, ambiguous word of the text means.
_CONFIRMS: Final = 0.8
#: Hundredths from which two occupations are neighbours.
_KIN: Final = 55
#: Share of kindred titles from which an ending means its trade.
_CLOSED: Final = 0.5
#: Kinds of workplace: a factory or site (at), a shop.
_PLACES: Final = frozenset({"at", "shop"})
#: What a workplace counts when the same phrase names the work itself (养老院厨师 is a cook).
_PLACE_BESIDE_WORK: Final = 0.35
_PLACE_ENDS: Final = ("厂", "店", "车间", "公司")
#: Slips that are looked for, in this order.
_SLIPS: Final[tuple[How, ...]] = ("sound", "look")


def _is_whole(text: str, start: int, end: int) -> bool:
    """Whether text[start:end] has no Chinese character beside it."""
    return not (start and is_chinese(text[start - 1])) and not (end < len(text) and is_chinese(text[end]))


def _unknown_words(tokens: Sequence[Token]) -> tuple[str, ...]:
    """Unknown characters, neighbours joined."""
    words: list[str] = []
    end = -1
    for token in tokens:
        if token.kind == "unknown":
            if token.start == end and words:
                words[-1] += token.word
            else:
                words.append(token.word)
            end = token.end
    return tuple(dict.fromkeys(words))


def _without_same_end(one: str, other: str) -> tuple[str, str]:
    """Both words without the characters that they end in alike."""
    same = 0
    while same < min(len(one), len(other)) and one[-1 - same] == other[-1 - same]:
        same += 1
    return one[: len(one) - same], other[: len(other) - same]


def _bigrams(word: str) -> set[str]:
    return {word[i : i + 2] for i in range(len(word) - 1)}


def _pairs_apart(groups: Iterable[frozenset[str]]) -> frozenset[frozenset[str]]:
    return frozenset(frozenset((a, b)) for group in groups for a in group for b in group if a != b)
