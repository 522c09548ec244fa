"""Where a yes stands, in the words of whoever reads it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from app.console.formats import day_in_words
from app.console.words import Words
from app.db.transaction import Read
from app.edge.language import Language
from app.placements.model import TAKEN_STATES
from app.placements.schemas import PlacementOut
from app.placements.usecases import Agreed, read_agreed


def step_words(steps: Mapping[str, Words], one: PlacementOut, language: Language, *, closer: str | None = None) -> str:
    """The reader's words for a placement's state, or for a `closer` one, with the day until which it stands."""
    state = "held" if one.held_until and "held" in steps else one.state
    state = "unverified" if one.waits_for == "verification" and "unverified" in steps else state
    held, until = (day_in_words(moment, language) for moment in (one.held_until, one.disclosure_until))
    return steps[closer or state][language == "en"].format(held=held, until=until)


def agreed_on(tx: Read, going: Sequence[PlacementOut]) -> dict[UUID, Agreed]:
    """Of those who accepted: placement -> whom to call there, and what was agreed."""
    return {one.id: read_agreed(tx, one.id) for one in going if one.state in TAKEN_STATES}
