"""How far a worker's words serve a job's words, 0–1, with the reason: the skill part of the score, from texts.

    likeness = 0.6·go + 0.4·mean(g over the skills the job's words name), else go        (CONTRACT §5)

go is the best S from the worker's terms to the job's occupation; a job that names several occupations takes
the best of them. What was read with doubt counts as much as it is sure, the rest as the neutral value, and a
text nobody understood is neutral altogether: unknown is not unsuitable.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from matching.lexicon import SURE, SURE_ENOUGH, Found, Lexicon, Understood

#: What an unknown counts as (CONTRACT §5: none understood → 0.30).
NEUTRAL: Final = 0.30
#: A learner, or somebody who did it for the own family only, offers this share of a trade;
#: a job that trains asks for that much less.
LEARNER: Final = 0.45
TRAINED: Final = 0.60


@dataclass(frozen=True, slots=True)
class Likeness:
    """A value in [0, 1] and the sentence that explains it."""

    value: float
    why: str
    why_en: str


def likeness(lexicon: Lexicon, worker_text: str, job_text: str) -> Likeness:
    """How far the worker's words serve the job's words."""
    worker = lexicon.understand(worker_text, kind="worker")
    job = lexicon.understand(job_text, kind="job")
    refused = {found.term for found in worker.refused}
    if job.occupations and all(found.term in refused for found in job.occupations):
        return Likeness(0.0, f"本人说了不做{lexicon.name(job.occupations[0].term)}", "the worker refuses this work")
    if not worker.is_understood or not job.occupations:
        return _not_understood(worker, job)
    return max((_towards(lexicon, worker, job, asked) for asked in job.occupations), key=lambda found: found.value)


def _not_understood(worker: Understood, job: Understood) -> Likeness:
    unclear = job if worker.is_understood else worker
    return Likeness(
        NEUTRAL,
        f"没看懂“{unclear.text[:30]}”，按中性值计；要问：{unclear.question or '做什么工作？'}",
        f"“{unclear.text[:30]}” is not understood and counts as neutral; ask: {unclear.question_en or 'which work?'}",
    )


def _towards(lexicon: Lexicon, worker: Understood, job: Understood, asked: Found) -> Likeness:
    """The worker's best towards one of the job's occupations."""
    offers = (*worker.occupations, *worker.skills)
    go, best = _best(lexicon, offers, asked.term)
    wanted = [skill for skill in job.skills if _belongs(lexicon, skill.term, asked.term)]
    value = go
    if wanted:
        value = 0.6 * go + 0.4 * sum(_best(lexicon, offers, skill.term)[0] for skill in wanted) / len(wanted)
    if any(found.term == asked.term for found in worker.refused):
        value = 0.0
    if worker.level in ("learner", "informal") and job.level != "learner" and lexicon.ease(asked.term) > 0:
        value *= LEARNER
    elif job.level == "learner":
        value = max(value, TRAINED if value >= 0.1 else NEUTRAL)
    sure = _sureness(asked)
    value = sure * value + (1.0 - sure) * min(value, NEUTRAL)
    return _explained(lexicon, round(value, 4), best, asked)


def _best(lexicon: Lexicon, offers: Sequence[Found], asked: str) -> tuple[float, Found]:
    """The offer that serves `asked` best; a doubtful reading counts as sure as it is."""
    column = lexicon.S[:, lexicon.index(asked)]
    values = [_sureness(found) * int(column[lexicon.index(found.term)]) / 100 for found in offers]
    at = max(range(len(offers)), key=values.__getitem__)
    return values[at], offers[at]


def _sureness(found: Found) -> float:
    """How far a reading is counted on: wholly from SURE on, half at the least that counts as read."""
    if found.likeness >= SURE:
        return 1.0
    return 0.5 + 0.5 * (found.likeness - SURE_ENOUGH) / (SURE - SURE_ENOUGH)


def _belongs(lexicon: Lexicon, skill: str, occupation: str) -> bool:
    """Whether a skill is one of this occupation's (a skill of another alternative is not asked here)."""
    return int(lexicon.S[lexicon.index(skill), lexicon.index(occupation)]) >= 90


def _explained(lexicon: Lexicon, value: float, offer: Found, asked: Found) -> Likeness:
    relation = lexicon.relation(offer.term, asked.term)
    if not lexicon.is_occupation(offer.term) and relation.hundredths >= 90:
        reason, reason_en = "该职业的技能", "a skill of that occupation"
    else:
        reason, reason_en = relation.why, relation.level
    return Likeness(
        value,
        f"{_read_as(offer)}{lexicon.name(offer.term)}，{_read_as(asked)}{lexicon.name(asked.term)}：{reason}",
        f"{_read_as(offer, 'en')}{lexicon.name(offer.term, 'en')}, {_read_as(asked, 'en')}"
        f"{lexicon.name(asked.term, 'en')}: {reason_en}",
    )


def _read_as(found: Found, lang: str = "zh") -> str:
    """The words of a reading, and whether they mean the term or only work of its kind."""
    if found.how == "kindred":
        return f"“{found.words}” is of the kind of " if lang == "en" else f"“{found.words}”近于"
    return f"“{found.words}” → " if lang == "en" else f"“{found.words}”→"
