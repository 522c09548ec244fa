"""Who weighs more between workers competing for one opening: dated, published, and never more than that.

人社厅函〔2022〕173号 and 人社部发〔2022〕13号 name the groups; a class is worth 0.10 of a score in the plan and nothing
anywhere else (PRODUCT: priority weighs only between workers competing for one opening).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app.shocks.effects import Effects
from app.suggestions.rows import SeekingWorker
from app.workers.choices import Group


@dataclass(frozen=True, slots=True)
class PriorityProfile:
    """Classes a ground adds, from a day on."""

    version: str
    since: date
    key_county: int
    relocated: int
    monitored: int
    #: For a place under a dated shock with targeted aid, at full weight.
    shock: int


PROFILES = (PriorityProfile("2022.1", date(2022, 1, 1), key_county=1, relocated=1, monitored=1, shock=1),)


def profile_on(day: date) -> PriorityProfile:
    """The profile in force on a day."""
    return max((one for one in PROFILES if one.since <= day), key=lambda one: one.since)


def priority_class(
    worker: SeekingWorker,
    groups: Sequence[str],
    profile: PriorityProfile,
    key_counties: frozenset[str],
    shocks: Effects,
) -> int:
    """The worker's class: grounds add up."""
    return (
        profile.key_county * (worker.home_code in key_counties)
        + profile.relocated * (Group.RELOCATED in groups)
        + profile.monitored * (Group.MONITORED in groups)
        + profile.shock * (shocks.aid(worker.home_code) > 0)
    )
