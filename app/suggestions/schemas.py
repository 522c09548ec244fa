"""The shape of the answers: CONTRACT §4."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Self

from pydantic import Field

from app.edge.language import Language
from app.edge.public_ids import SuggestionId, VacancyId, WorkerId
from app.edge.strict import Out
from app.occupations.in_english import title_in
from app.places.english import line_in_english
from app.suggestions.explain import in_language
from app.suggestions.model import ScoringProfile
from app.suggestions.rows import LiveVacancy
from app.suggestions.snapshot import Snapshot
from app.suggestions.usecases import Offer, Offers
from matching.shortfall import Opening, Removed, Shortfall
from matching.tables import Scope

_SCOPES = {Scope.OWN_PREFECTURE: "prefecture", Scope.OWN_PROVINCE: "province", Scope.ANYWHERE: "any"}


class PartOut(Out):
    """One part of a score: its value in [0, 1], its weight, and why."""

    value: float
    weight: float
    why: str


class DistancePartOut(PartOut):
    """How near; `approximate`: one of the points is only a county's."""

    km: int
    approximate: bool


class PairingPartOut(PartOut):
    """Which pairing holds today, by which document."""

    tier: str
    document: str | None


class PartsOut(Out):
    """The four parts of a score."""

    skill: PartOut
    distance: DistancePartOut
    pairing: PairingPartOut
    pay: PartOut


class OfferedVacancyOut(Out):
    """What the worker is told of the job."""

    id: VacancyId
    title: str
    employer: str
    #: The company whose account offers it for the employer, and that learns name and phone. None: the employer itself.
    recruiter: str | None
    workplace: str
    division: str
    wage_min: int
    wage_max: int
    openings: int
    lodging: bool | None
    board: bool | None
    valid_until: date

    @classmethod
    def of(cls, vacancy: LiveVacancy, language: Language) -> Self:
        """From the row; in English the occupation and the county by their names, without the street."""
        english = language == "en"
        return cls(
            id=vacancy.id,
            title=title_in(vacancy.title, language),
            employer=vacancy.employer,
            recruiter=vacancy.recruiter,
            workplace=line_in_english(vacancy.workplace_code) if english else vacancy.workplace_text,
            division=vacancy.workplace_code,
            wage_min=vacancy.wage_lo,
            wage_max=vacancy.wage_hi,
            openings=vacancy.openings,
            lodging=vacancy.lodging,
            board=vacancy.board,
            valid_until=vacancy.valid_until,
        )


class SuggestionOut(Out):
    """One vacancy offered to the worker; score of 100."""

    id: SuggestionId
    rank: int
    score: float
    price: float
    planned: bool
    #: How crowded it is, in plain words: what the order takes off for those who compete for its openings.
    crowding: str
    parts: PartsOut
    vacancy: OfferedVacancyOut

    @classmethod
    def of(cls, offer: Offer, language: Language) -> Self:
        """From the offer, in one language."""
        return cls(
            id=offer.id,
            rank=offer.rank,
            score=round(offer.score / 10_000, 1),
            price=round(offer.price / 10_000, 1),
            planned=offer.planned,
            crowding=crowding(offer.price, offer.vacancy.openings, language),
            parts=PartsOut.model_validate(in_language(offer.parts, language)),
            vacancy=OfferedVacancyOut.of(offer.vacancy, language),
        )


def crowding(price: int, openings: int, language: Language) -> str:
    """Why this one stands where it stands among jobs that suit as well: people compete for it, or there is room."""
    if language == "en":
        return f"many want this one, {openings} places left" if price > 0 else f"{openings} places left"
    return f"还要 {openings} 人，很多人想去" if price > 0 else f"还要 {openings} 人"


class LimitOut(Out):
    """A limit that keeps jobs away, how many it alone removes, and what would open if it were relaxed."""

    limit: str
    removes: int
    #: The relaxed wish and how many jobs it opens, e.g. {"min_wage": 3800, "jobs": 12}.
    would_open: dict[str, Any] | None
    #: More values of the same wish, each by itself: other occupations.
    others: list[dict[str, Any]] = Field(default_factory=list)


class ShortfallOut(Out):
    """Why there are fewer jobs than asked for."""

    missing: int
    limits: list[LimitOut]

    @classmethod
    def of(cls, shortfall: Shortfall, snapshot: Snapshot, language: Language) -> Self:
        """From the engine's words to the API's: indices become codes, bits certificates."""
        return cls(missing=shortfall.missing, limits=[_limit(row, snapshot, language) for row in shortfall.limits])


def _limit(row: Removed, snapshot: Snapshot, language: Language) -> LimitOut:
    openings = [row.would_open, *row.others] if row.would_open else []
    told = [_relaxed(one, snapshot, language) | {"jobs": one.jobs} for one in openings]
    return LimitOut(limit=row.limit.label, removes=row.removes, would_open=told[0] if told else None, others=told[1:])


def _relaxed(opening: Opening, snapshot: Snapshot, language: Language) -> dict[str, Any]:
    value = opening.value
    match opening.wish:
        case "destination":
            place = snapshot.divisions.rows[value]
            name = line_in_english(place.code) if language == "en" else place.name
            return {"destination": place.code, "name": name}
        case "scope":
            return {"scope": _SCOPES[Scope(value)]}
        case "occupation":
            term = snapshot.lexicon.terms[value]
            return {"occupation": term, "name": snapshot.lexicon.name(term, language)}
        case "certificate":
            return {"certificate": snapshot.bits.name(value, language)}
        case wish:
            return {wish: value}


class SuggestionsOut(Out):
    """A worker's jobs, best first."""

    worker_id: WorkerId
    as_of: datetime
    scoring: str
    items: list[SuggestionOut]
    shortfall: ShortfallOut | None
    #: What to ask the worker when no wished occupation is known or understood.
    question: str | None

    @classmethod
    def of(cls, offers: Offers, language: Language) -> Self:
        """From the use case's answer, in one language."""
        return cls(
            worker_id=offers.worker_id,
            as_of=offers.as_of,
            scoring=offers.scoring,
            items=[SuggestionOut.of(item, language) for item in offers.items],
            shortfall=ShortfallOut.of(offers.shortfall, offers.snapshot, language) if offers.shortfall else None,
            question=offers.question[language == "en"] if offers.question else None,
        )


class WeightsOut(Out):
    """How much each part counts; together 1."""

    skill: float
    distance: float
    pairing: float
    pay: float


class ScoringOut(Out):
    """The scoring profile in force: score = 100 × Σ weight × part."""

    version: str
    since: date
    weights: WeightsOut
    #: Value of each pairing tier.
    tiers: dict[str, float]
    neutral_skill: float = Field(description="未说明工种时的技能分 / the skill part when nothing is stated")
    floor: float = Field(description="低于此技能分不推荐 / nothing below this skill part is suggested")

    @classmethod
    def of(cls, profile: ScoringProfile) -> Self:
        """From the row."""
        return cls.model_validate(profile)
