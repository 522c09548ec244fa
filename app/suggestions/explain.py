"""Why a vacancy was suggested: each part of the score with its weight, its evidence and a sentence in two languages."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

from app.pairings.tiers import PairingFound
from app.shocks.effects import sentence
from app.suggestions.market import Snapshot
from app.suggestions.rows import LiveVacancy, SeekingWorker
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
    skill = skill_evidence(snapshot.lexicon, worker, vacancy, values[0])
    distance = DistanceEvidence(km, "exact" not in {worker.home_sure} & {vacancy.sure}, worker.reach_km)
    paired = PairingEvidence(pairing.tier, pairing.west_name, pairing.east_name, pairing.document)
    pay = PayEvidence(vacancy.wage_lo, vacancy.wage_hi, worker.min_wage or 0)
    return {
        "skill": _part(values[0], weights.skill, lambda lang: reasons.why_skill(skill, lang)),
        "distance": _part(
            values[1], weights.distance, lambda lang: _warned(reasons.why_distance(distance, lang), warned, lang)
        )
        | {"km": max(1, round(km)), "approximate": distance.approximate},
        "pairing": _part(values[2], weights.pairing, lambda lang: reasons.why_pairing(paired, lang))
        | {"tier": pairing.tier.name.lower(), "document": pairing.document},
        "pay": _part(values[3], weights.pay, lambda lang: reasons.why_pay(pay, lang)),
    }


def _warned(why: str, warnings: Sequence[tuple[str, str]], language: Language) -> str:
    """The reason, followed by what befell the place of work."""
    return ("；" if language == "zh" else "; ").join([why, *(one[language == "en"] for one in warnings)])


def _part(value: float, weight: float, why: Callable[[Language], str]) -> Parts:
    return {"value": round(float(value), 4), "weight": weight, "why": {lang: why(lang) for lang in LANGUAGES}}


def skill_evidence(lexicon: Lexicon, worker: SeekingWorker, vacancy: LiveVacancy, value: float) -> SkillEvidence:
    """Which of the worker's words met which of the vacancy's."""
    wished = [one for one in worker.occupations if _known(lexicon, one)]
    stated = [one for one in worker.skills if _known(lexicon, one)]
    required = [one for one in vacancy.skills if _known(lexicon, one)]
    met = [one for one in required if _best(lexicon, stated, one) >= 50]
    usual = [one for one in required if one not in met and _best(lexicon, wished, one) >= 50]
    book = lexicon.certificate_book
    rule = lexicon.required_by_law(vacancy.occupation) if vacancy.occupation else None
    asked = list(dict.fromkeys([*vacancy.certificates, *(rule.certificates if rule else ())]))
    held = [one for one in asked if one in worker.certificates]
    to_get = [one for one in asked if one not in held and book.row(one).kind == "health"]
    return SkillEvidence(
        value=value,
        worker_word=_served_by(lexicon, wished, vacancy.occupation) if wished or stated else None,
        vacancy_word=lexicon.name(vacancy.occupation) if vacancy.occupation else None,
        not_understood=None if wished or stated else worker.occupations_text or worker.skills_text,
        met=tuple(lexicon.name(one) for one in met),
        usual=tuple(lexicon.name(one) for one in usual),
        lacking=tuple(lexicon.name(one) for one in required if one not in (*met, *usual)),
        certificates=tuple(book.row(one).name for one in held),
        to_be_got=tuple(book.row(one).name for one in to_get),
    )


def _served_by(lexicon: Lexicon, wished: Sequence[str], occupation: str | None) -> str | None:
    """The wished occupation that serves this one best."""
    if not wished:
        return None
    if occupation is None:
        return lexicon.name(wished[0])
    asked = lexicon.index(occupation)
    return lexicon.name(max(wished, key=lambda one: int(lexicon.S[lexicon.index(one), asked])))


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
