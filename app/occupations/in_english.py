"""Words of work by their English names: titles of jobs, what people can do, certificates."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from app.edge.language import Language
from app.occupations.lexicon_files import lexicon
from matching.lexicon import Found

#: What titles add to a trade; in this order, since some contain others.
_ADDED = tuple(
    (re.compile(words), english)
    for words, english in (
        ("长夜班", "nights only"),
        ("长白班", "days only"),
        ("夜班|晚班", "night shift"),
        ("白班|日班", "day shift"),
        ("[两二]班[倒制]", "two shifts"),
        ("三班[倒制]", "three shifts"),
        ("长期工?", "long term"),
        ("短期工?", "short term"),
        ("临时工?", "temporary"),
        ("季节性?工?", "seasonal"),
        ("[暑寒]假工", "holiday job"),
        ("兼职", "part time"),
        ("全职", "full time"),
        ("学徒工?", "apprentice"),
        ("熟手|熟练工?", "experienced"),
        ("生手|新手", "beginners"),
        ("计件", "piecework"),
        ("不住家", "live-out"),
        ("住家", "live-in"),
        (r"急聘|急招|诚聘|招聘|\d+[名人位]|若干名?", ""),
    )
)
_LETTER = re.compile(r"[^\W\d_]")
_NOTHING = {"无": "none", "没有": "none"}


@lru_cache(maxsize=20_000)
def title_in(title: str, language: Language) -> str:
    """A job's title: in English the occupation it was understood as and what is added to it, such as a night shift; the
    posted words beside it where they say more, and alone where nobody understood them."""
    if language == "zh":
        return title
    found = lexicon().understand(title, kind="job").occupations
    if not found:
        return title
    left, added = unicodedata.normalize("NFKC", title).lower(), []
    for words in _trade_words(found[0]):
        left = left.replace(words, " ", 1)
    for pattern, english in _ADDED:
        left, times = pattern.subn(" ", left)
        added += [english] if times and english else []
    name = lexicon().name(found[0].term, "en") + (f" ({', '.join(added)})" if added else "")
    return f"{name} · {title}" if _LETTER.search(left) else name


def _trade_words(found: Found) -> list[str]:
    """The words that name the trade: 加工 and 电子 do it together; of 质检员 and 电子厂 the first does it alone and
    the second says more."""
    first, *others = found.words.split("+")
    alone = lexicon().understand(first, kind="job").occupations
    return [first] if alone and alone[0].term == found.term else [first, *others]


@lru_cache(maxsize=20_000)
def skills_in(text: str, language: Language) -> str:
    """What somebody can do: in English the terms it was understood as, else as it was stated."""
    if language == "zh":
        return text
    words = lexicon()
    understood = words.understand(text, kind="worker")
    found = [words.name(one.term, "en") for one in (*understood.occupations, *understood.skills)]
    return ", ".join(dict.fromkeys(found)) or papers_in(text, language)


@lru_cache(maxsize=20_000)
def papers_in(text: str, language: Language) -> str:
    """What certificates somebody holds, or a job asks for: in English those that are known, else as it was stated."""
    if language == "zh":
        return text
    words = lexicon()
    held = [words.certificate_book.row(one).name_en for one in words.certificates(text).named]
    return ", ".join(held) or _NOTHING.get(text.strip(), text)
