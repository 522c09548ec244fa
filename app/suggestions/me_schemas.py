"""The worker's own jobs: as the station's answer, and the reasons for fewer of them in plain words."""

from __future__ import annotations

from app.edge.language import Language
from app.suggestions.me_words import in_words
from app.suggestions.schemas import SuggestionsOut
from app.suggestions.usecases import Offers


class MySuggestionsOut(SuggestionsOut):
    """The worker's jobs, best first."""

    #: Why there are fewer than asked for. None: there are not.
    in_words: str | None


def my_answer(offers: Offers, language: Language) -> MySuggestionsOut:
    """From the use case's answer, in one language."""
    plain = SuggestionsOut.of(offers, language)
    return MySuggestionsOut(**dict(plain), in_words=in_words(plain.shortfall, language))
