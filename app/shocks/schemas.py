"""The shapes of requests and answers about shocks."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any, Self

from pydantic import Field, StringConstraints

from app.edge.form_fields import Line, not_null
from app.edge.public_ids import OrganisationId, ShockId
from app.edge.strict import In, Out
from app.shocks.model import Shock

Code = Annotated[str, StringConstraints(pattern=r"^\d{6}$")]
Percent = Annotated[int, Field(ge=1, le=100)]


class ShockKind(StrEnum):
    """What happened."""

    EPIDEMIC = "epidemic"
    DISASTER = "disaster"
    OTHER = "other"


class ShockSide(StrEnum):
    """Where it happened, seen from the workers: where they come from, or where the work is."""

    ORIGIN = "origin"
    DESTINATION = "destination"


class ShockEffect(StrEnum):
    """What it does: targeted aid; fewer openings offered, a warning, nobody sent there."""

    AID = "aid"
    REDUCE = "reduce"
    WARN = "warn"
    CLOSE = "close"


class ShockIn(In):
    """A shock of one's own side."""

    division: Code
    kind: ShockKind
    side: ShockSide
    effect: ShockEffect
    #: aid: the weight of the aid; reduce: the share of openings not offered.
    percent: Percent | None = None
    since: date
    #: The last day. Left out: until it is ended.
    until: date | None = None
    #: The order or notice behind it: number and date.
    document: Line

    def stated(self) -> dict[str, Any]:
        """Under the names of the columns."""
        plain = {name: getattr(self, name) for name in ("percent", "since", "until", "document")}
        return plain | {
            "division_code": self.division,
            "kind": self.kind.value,
            "side": self.side.value,
            "effect": self.effect.value,
        }


class ShockPatch(In):
    """What changes; `until` null: it stands until it is ended."""

    kind: ShockKind | None = None
    effect: ShockEffect | None = None
    percent: Percent | None = None
    since: date | None = None
    until: date | None = None
    document: Line | None = None

    def changes(self) -> dict[str, Any]:
        """What was sent. Raises Invalid for null where something must stand."""
        sent = {name: getattr(self, name) for name in self.model_fields_set}
        for name in ("kind", "effect", "since", "document"):
            if name in sent and sent[name] is None:
                raise not_null(name)
        return {name: str(value) if name in ("kind", "effect") else value for name, value in sent.items()}


class ShockOut(Out):
    """A dated event at an origin or a destination."""

    id: ShockId
    division: str
    kind: ShockKind
    side: ShockSide
    effect: ShockEffect
    percent: int | None
    since: date
    until: date | None
    document: str
    recorded_by: OrganisationId
    created_at: datetime

    @classmethod
    def of(cls, row: Shock) -> Self:
        """From the row."""
        same = ("id", "percent", "since", "until", "document", "recorded_by", "created_at")
        return cls(
            **{name: getattr(row, name) for name in same},
            division=row.division_code,
            kind=ShockKind(row.kind),
            side=ShockSide(row.side),
            effect=ShockEffect(row.effect),
        )
