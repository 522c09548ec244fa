"""Words of work by their English names: titles of jobs, what people can do, certificates."""

from __future__ import annotations

from functools import lru_cache

from app.edge.language import Language
from app.occupations.lexicon_files import lexicon

_NOTHING = {"无": "none", "没有": "none"}


@lru_cache(maxsize=20_000)
def title_in(title: str, language: Language) -> str:
    """A job's title: in English the occupation it was understood as; what nobody understood stays as it was posted."""
    if language == "zh":
        return title
    found = lexicon().understand(title, kind="job").occupations
    return lexicon().name(found[0].term, "en") if found else title


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
