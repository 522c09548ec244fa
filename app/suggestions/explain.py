"""Why a vacancy was suggested: each part of the score with its weight, its evidence and a sentence in two languages."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeAlias

from app.pairings.tiers import PairingFound
from app.places.english import party_in_english
from app.shocks.effects import sentence
from app.suggestions.rows import LiveVacancy, SeekingWorker
from app.suggestions.snapshot import Snapshot
from matching import reasons
from matching.lexicon import Lexicon
from matching.reasons import DistanceEvidence, Language, PairingEvidence, PayEvidence, SkillEvidence

LANGUAGES: tuple[Language, ...] = ("zh", "en")
Parts: TypeAlias = dict[str, Any]


def explain(
    snapshot: Snapshot,
    worker: SeekingWorker,
    vacancy: LiveVacancy,
    pairing: PairingFound,
    values: Sequence[float],
    km: float,
) -> Parts:
    """The four parts as they are stored: value, weight, evidence, and `why` by language."""
    weights = snapshot.market.profile.weights
    warned = [sentence(row) for row in snapshot.shocks.warnings(vacancy.workplace_code)]
    terms = skill_evidence(snapshot.lexicon, worker, vacancy, values[0])
    skill = {lang: _named(snapshot.lexicon, terms, lang) for lang in LANGUAGES}
    distance = DistanceEvidence(km, "exact" not in {worker.home_sure} & {vacancy.sure}, worker.reach_km)
    paired = {lang: _paired(pairing, lang) for lang in LANGUAGES}
    pay = PayEvidence(vacancy.wage_lo, vacancy.wage_hi, worker.min_wage or 0)
    return {
        "skill": _part(values[0], weights.skill, lambda lang: reasons.why_skill(skill[lang], lang)),
        "distance": _part(
            values[1], weights.distance, lambda lang: _warned(reasons.why_distance(distance, lang), warned, lang)
        )
        | {"km": max(1, round(km)), "approximate": distance.approximate},
        "pairing": _part(values[2], weights.pairing, lambda lang: reasons.why_pairing(paired[lang], lang))
        | {"tier": pairing.tier.name.lower(), "document": pairing.document},
        "pay": _part(values[3], weights.pay, lambda lang: reasons.why_pay(pay, lang)),
    }


def _warned(why: str, warnings: Sequence[tuple[str, str]], language: Language) -> str:
    """The reason, followed by what befell the place of work."""
    return ("；" if language == "zh" else "; ").join([why, *(one[language == "en"] for one in warnings)])


def _part(value: float, weight: float, why: Callable[[Language], str]) -> Parts:
    return {"value": round(float(value), 4), "weight": weight, "why": {lang: why(lang) for lang in LANGUAGES}}


#: Likeness of two terms, of 100: said in other words; close, which nobody may be said to have stated.
_SAME, _NEAR = 80, 50


def skill_evidence(lexicon: Lexicon, worker: SeekingWorker, vacancy: LiveVacancy, value: float) -> SkillEvidence:
    """Which of the worker's words met which of the vacancy's, by their ids."""
    wished = [one for one in worker.occupations if _known(lexicon, one)]
    stated = [one for one in worker.skills if _known(lexicon, one)]
    required = [one for one in vacancy.skills if _known(lexicon, one)]
    met = [one for one in required if _best(lexicon, stated, one) >= _SAME]
    usual = [one for one in required if one not in met and _best(lexicon, [*stated, *wished], one) >= _NEAR]
    book = lexicon.certificate_book
    rule = lexicon.required_by_law(vacancy.occupation) if vacancy.occupation else None
    asked = list(dict.fromkeys([*vacancy.certificates, *(rule.certificates if rule else ())]))
    held = [one for one in asked if one in worker.certificates]
    to_get = [one for one in asked if one not in held and book.row(one).kind == "health"]
    return SkillEvidence(
        value=value,
        worker_word=_served_by(lexicon, wished, vacancy.occupation) if wished or stated else None,
        vacancy_word=vacancy.occupation,
        not_understood=None if wished or stated else worker.occupations_text or worker.skills_text,
        met=tuple(met),
        usual=tuple(usual),
        lacking=tuple(one for one in required if one not in (*met, *usual)),
        certificates=tuple(held),
        to_be_got=tuple(to_get),
    )


def _named(lexicon: Lexicon, found: SkillEvidence, language: Language) -> SkillEvidence:
    """The same with names in place of ids."""

    def names(terms: Sequence[str]) -> tuple[str, ...]:
        return tuple(lexicon.name(one, language) for one in terms)

    def papers(held: Sequence[str]) -> tuple[str, ...]:
        rows = map(lexicon.certificate_book.row, held)
        return tuple(row.name_en if language == "en" else row.name for row in rows)

    return replace(
        found,
        worker_word=found.worker_word and lexicon.name(found.worker_word, language),
        vacancy_word=found.vacancy_word and lexicon.name(found.vacancy_word, language),
        met=names(found.met),
        usual=names(found.usual),
        lacking=names(found.lacking),
        certificates=papers(found.certificates),
        to_be_got=papers(found.to_be_got),
    )


def _paired(pairing: PairingFound, language: Language) -> PairingEvidence:
    west, east = pairing.west_name, pairing.east_name
    if language == "en":
        west, east = party_in_english(west), party_in_english(east)
    return PairingEvidence(pairing.tier, west, east, pairing.document)


def _served_by(lexicon: Lexicon, wished: Sequence[str], occupation: str | None) -> str | None:
    """The wished occupation that serves this one best."""
    if not wished:
        return None
    if occupation is None:
        return wished[0]
    asked = lexicon.index(occupation)
    return max(wished, key=lambda one: int(lexicon.S[lexicon.index(one), asked]))


def _best(lexicon: Lexicon, terms: Sequence[str], asked: str) -> int:
    column = lexicon.index(asked)
    return max((int(lexicon.S[lexicon.index(one), column]) for one in terms), default=0)


def _known(lexicon: Lexicon, term: str) -> bool:
    try:
        lexicon.index(term)
    except KeyError:
        return False
    return True


def in_language(parts: Mapping[str, Parts], language: Language) -> dict[str, Parts]:
    """The stored parts as one reader gets them."""
    return {name: {**part, "why": part["why"][language]} for name, part in parts.items()}
