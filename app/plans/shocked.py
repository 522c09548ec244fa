"""What shocks do to what was published: who is affected, where a replan sends them, how the target moves with them.

人社厅函〔2022〕173号, 二（二）: an origin that a shock hits gets targeted aid at once, what a destination cannot take
is diverted in time, and the target of the collaboration is adjusted to it. The adjustment is proposed with its order
and dates and kept with the plan; an authority decides.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np

from app.places.areas import lies_in
from app.shocks.effects import ShockRow, sentence
from app.suggestions.rows import SeekingWorker
from app.suggestions.snapshot import Snapshot
from matching.plan import Plan
from matching.plan_reports import ShockReport, shock_report
from matching.tables import Flags, Longs

#: An authority is told of so many people who move the same way, at least; a station knows its own.
LEAST_TOLD = 10


def shocked(
    snapshot: Snapshot, workers: Sequence[SeekingWorker], standing: Longs, suited: Longs, made: Plan, *, least: int
) -> list[dict[str, Any]]:
    """Each shock that a plan answers to, in counts; moves of fewer than `least` people are told in the totals only.
    `suited`: the scores of `standing` when it was published, since what is closed has none now."""
    workplaces = [snapshot.divisions.rows[at].code for at in snapshot.vacancies.division]
    told = []
    for row in snapshot.shocks.rows:
        if row.effect == "aid":
            told.append(_dated(row) | _aided(row, workers, made))
        elif row.effect in ("reduce", "close"):
            hit = np.array([lies_in(code, row.division_code) for code in workplaces], np.bool_)
            found = shock_report(standing, suited, hit, made)
            told.append(
                _dated(row) | _diverted(found) | {"target": _target(row, found, workers, workplaces, made, least)}
            )
    return told


def _dated(row: ShockRow) -> dict[str, Any]:
    return {
        "division": row.division_code,
        "name": row.division_name,
        "effect": row.effect,
        "percent": row.percent,
        "since": row.since.isoformat(),
        "until": row.until.isoformat() if row.until else None,
        "document": row.document,
    }


def _aided(row: ShockRow, workers: Sequence[SeekingWorker], made: Plan) -> dict[str, int]:
    """People from an origin that is meant to be helped first, and how many of them have a place."""
    there: Flags = np.array([lies_in(worker.home_code, row.division_code) for worker in workers], np.bool_)
    return {"workers": int(there.sum()), "placed": int(np.count_nonzero(there & (made.assigned >= 0)))}


def _diverted(found: ShockReport) -> dict[str, Any]:
    """People who were published to a destination that takes fewer or none, and what the plan offers them instead."""
    return {
        "affected": len(found.affected),
        "stayed": len(found.stayed),
        "elsewhere": len(found.elsewhere),
        "without": len(found.without),
        "mean_before": round(found.mean_before / 10_000, 1),
        "mean_after": round(found.mean_after / 10_000, 1),
    }


def _target(
    row: ShockRow, found: ShockReport, workers: Sequence[SeekingWorker], workplaces: Sequence[str], made: Plan,
    least: int,
) -> dict[str, Any]:  # fmt: skip
    """The proposed adjustment: so many fewer at the destination, so many more where its people are planned now."""
    more = Counter((workers[i].home_code, workplaces[made.assigned[i]]) for i in found.elsewhere.tolist())
    zh, en = sentence(row)
    return {
        "state": "proposed",
        "fewer": len(found.elsewhere) + len(found.without),
        "moves": [
            {"west": west, "east": east, "more": many} for (west, east), many in sorted(more.items()) if many >= least
        ],
        "reason": {"zh": zh, "en": en},
    }
