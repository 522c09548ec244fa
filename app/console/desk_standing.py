"""How a station stands, for its desk: counted at each visit, and for a large station kept for a minute.

Counting 100,000 people takes a fifth of a second: a large station's desk shows what was counted last, and when, and
asks for it anew once it is on the screen. Counts and ids are kept, in the memory of the process, by station; names are
read at every visit, as the actor may see them.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.console.desk_queries import Standing, has_more_workers_than, how_the_station_stands, with_fewer_than_three
from app.db.base import BEIJING
from app.db.transaction import Read

#: A station of no more workers is counted at each visit, in some 20 ms.
SMALL = 10_000
#: Seconds for which a large station's counts are shown without being asked for anew.
KEPT_FOR = 60.0
#: People shown who have fewer than three jobs.
_SHOWN = 12


@dataclass(frozen=True, slots=True)
class StationStanding:
    """The counts and who lacks jobs, as of a moment."""

    counts: Standing
    lacking: Sequence[UUID]
    counted_at: datetime
    #: On the clock that never goes back, in seconds.
    tick: float
    #: Kept, and so as of that moment; else of this visit.
    is_kept: bool

    @property
    def is_old(self) -> bool:
        """Whether it is time to count again."""
        return time.monotonic() - self.tick > KEPT_FOR


_KEPT: dict[UUID, StationStanding] = {}


def station_standing(tx: Read, *, anew: bool) -> StationStanding | None:
    """How the actor's station stands: counted now (`anew`, or a small one), else as last counted. None: a large one
    that was never counted here."""
    station = tx.actor.organisation_id
    if station is None or not has_more_workers_than(tx.session, SMALL):
        return _counted(tx, is_kept=False)
    kept = _KEPT.get(station)
    if anew and (kept is None or kept.is_old):
        kept = _KEPT[station] = _counted(tx, is_kept=True)
    return kept


def kept_count(tx: Read, kept: str) -> int | None:
    """How many of the actor's workers a filter of their page keeps, as the desk counted them less than a minute ago,
    else counted now; None: the desk does not count these."""
    standing = _KEPT.get(tx.actor.organisation_id) if tx.actor.organisation_id else None
    if kept == "today":
        return None
    counts = how_the_station_stands(tx.session) if standing is None or standing.is_old else standing.counts
    return {
        "": counts.workers,
        "agreed": counts.agreed,
        "not_agreed": counts.workers - counts.agreed,
        "three": counts.with_three,
        "some": counts.with_some,
        "none": counts.with_none,
        "unseen": counts.unseen,
        "few": counts.with_some + counts.with_none + counts.unseen,
    }[kept]


def _counted(tx: Read, *, is_kept: bool) -> StationStanding:
    counts, lacking = how_the_station_stands(tx.session), with_fewer_than_three(tx.session, _SHOWN)
    return StationStanding(counts, lacking, datetime.now(BEIJING), time.monotonic(), is_kept)
