"""The shape of the answers about pairings."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated, Any, Self

from pydantic import Field, StringConstraints

from app.edge.form_fields import Line, not_null
from app.edge.language import Language
from app.edge.public_ids import PairingId
from app.edge.strict import In, Out
from app.pairings.model import Pairing
from app.pairings.tiers import COMPLETE_SINCE, PairingRow, row_of, tier_of, value_of
from app.pairings.usecases import Holding
from matching.tables import Tier

PartyCode = Annotated[str, StringConstraints(pattern=r"^\d{6}$")]


class PairingTier(StrEnum):
    """How closely two divisions are paired."""

    NONE = "none"
    MARKET = "market"
    FORMER = "former"
    #: An agreement inside a province (省内协作, 6+6); counts as much as a province pairing.
    AGREEMENT = "agreement"
    PROVINCE = "province"
    PREFECTURE = "prefecture"
    COUNTY = "county"


class PairingKind(StrEnum):
    """What sort of relation a row records."""

    CURRENT = "current"
    FORMER = "former"
    MARKET = "market"
    PROVINCE_INTERNAL = "province_internal"


class PairingLevel(StrEnum):
    """The level of the western party."""

    PROVINCE = "province"
    PREFECTURE = "prefecture"
    COUNTY = "county"


class Confidence(StrEnum):
    """How well a row is known: read in a dated text, secondary, or memory only."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


_INCOMPLETE = {
    "zh": "2021年以前的结对名单不完整：没有查到不等于当时没有结对。",
    "en": "The list of pairings before 2021 is incomplete: none found does not mean that there was none.",
}


def note_on(day: date, language: Language) -> str | None:
    """What must be said of answers about a day."""
    return _INCOMPLETE[language] if day < COMPLETE_SINCE else None


def tier_name(tier: Tier) -> PairingTier:
    """The tier as the API calls it."""
    return PairingTier(tier.name.lower())


class PartyOut(Out):
    """One side of a pairing."""

    code: str | None
    name: str


class PairingDocumentOut(Out):
    """A recorded pairing and what it makes of its parties on the day asked for."""

    kind: PairingKind
    level: PairingLevel
    west: PartyOut
    east: PartyOut
    since: date
    until: date | None = Field(description="空：仍然有效 / null: still in force")
    tier: PairingTier
    value: float
    document: str
    confidence: Confidence
    coarse: bool = Field(description="东部一方无代码，按所在市计 / the eastern party is counted as its city")

    @classmethod
    def of(cls, row: PairingRow, tier: Tier) -> Self:
        """From the row."""
        return cls(
            kind=PairingKind(row.kind),
            level=PairingLevel(row.level),
            west=PartyOut(code=row.west_code, name=row.west_name),
            east=PartyOut(code=row.east_code, name=row.east_name),
            since=row.since,
            until=row.until,
            tier=tier_name(tier),
            value=value_of(tier),
            document=row.document,
            confidence=Confidence(row.confidence),
            coarse=row.coarse,
        )


class PairingOut(PairingDocumentOut):
    """A pairing as it is listed."""

    id: PairingId
    until_document: str | None = Field(description="终止依据 / the document that ended it")

    @classmethod
    def listed(cls, pairing: Pairing, on: date) -> Self:
        """From the row, as of a day."""
        row = row_of(pairing)
        return cls(
            id=pairing.id,
            until_document=pairing.until_document,
            **PairingDocumentOut.of(row, tier_of(row, on)).model_dump(),
        )


class PairingIn(In):
    """A pairing of one's own side."""

    kind: PairingKind = PairingKind.CURRENT
    west: PartyCode
    east: PartyCode
    #: A zone without a code, in the eastern division.
    east_name: Line | None = None
    since: date
    #: The last day. Left out: it stands until it is ended.
    until: date | None = None
    #: The agreement or notice behind it: name, number and date.
    document: Line

    def stated(self) -> dict[str, Any]:
        """Under the names of the columns."""
        return {
            "kind": self.kind.value,
            "west_code": self.west,
            "east_code": self.east,
            "since": self.since,
            "until": self.until,
            "document": self.document,
            "until_document": self.document if self.until else None,
        }


class PairingPatch(In):
    """What changes; `until` null: it stands again."""

    since: date | None = None
    until: date | None = None
    document: Line | None = None
    #: The document that ends it; goes with `until`.
    until_document: Line | None = None

    def changes(self) -> dict[str, Any]:
        """What was sent. Raises Invalid for null where something must stand."""
        sent = {name: getattr(self, name) for name in self.model_fields_set}
        for name in ("since", "document"):
            if name in sent and sent[name] is None:
                raise not_null(name)
        return sent


class PairingsOut(Out):
    """A page of pairings as of a day."""

    on: date
    items: list[PairingOut]
    next: str | None
    note: str | None


class BetweenOut(Out):
    """What holds between two divisions on a day, with every document that speaks for it, the most specific first."""

    west: PartyOut
    east: PartyOut
    on: date
    tier: PairingTier
    value: float
    documents: list[PairingDocumentOut]
    note: str | None

    @classmethod
    def of(cls, west: str, east: str, on: date, holding: Holding, language: Language) -> Self:
        """From what holds."""
        return cls(
            west=PartyOut(code=west, name=holding.west_name),
            east=PartyOut(code=east, name=holding.east_name),
            on=on,
            tier=tier_name(holding.tier),
            value=value_of(holding.tier),
            documents=[PairingDocumentOut.of(row, tier) for tier, row in holding.rows],
            note=note_on(on, language),
        )
