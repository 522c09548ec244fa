"""How far one occupation serves where another is asked: derived, explained, and open to correction.

Every occupation stands in a tree: a *line* (people in it change jobs after a day's briefing) inside a *trade*
(the same shop or site, but the next job must be learnt) inside a *sector*. Lines and trades follow the minor
and middle classes of the 2022 occupation dictionary, regrouped by hand where the dictionary sorts by product
and not by what the hands do. Groups join occupations of different trades by a shared process. `ease` says how
long a newcomer to the asked occupation needs:

    0 an hour or a day   1 days or weeks   2 months   3 a licence or a long apprenticeship

The nearest common branch and the ease of the *asked* occupation give the value, so a relation is directional:
a cook can wash dishes tomorrow, a dish washer cannot cook. Exceptions written by hand outrank the tree.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

#: Hundredths by branch shared, then by ease of the asked occupation (0, 1, 2, 3).
SAME_LINE: Final = (85, 75, 68, 45)
#: The same line, asked of somebody whose own work is learnt faster than the asked one.
SAME_LINE_FROM_EASIER: Final = (85, 70, 48, 35)
SAME_TRADE: Final = (75, 55, 38, 30)
SAME_SECTOR: Final = (65, 35, 14, 6)
#: Work learnt in a day, asked of somebody whose own, other trade takes longer to learn: possible, but nothing
#: carries over, so people call it another line of work. A machine minder still serves as general labour, and on a
#: site every craft knows the helper's work.
SAME_SECTOR_STEP_DOWN: Final = 48
SITE_HELPER: Final = 58
ELSEWHERE: Final = (14, 4, 0, 0)
_TABLE: Final = (ELSEWHERE, SAME_SECTOR, SAME_TRADE, SAME_LINE)

#: The trade of work that any factory gives: general, assembly, packing, minding a machine.
GENERAL_TRADE: Final = "普工"
#: The trade of a building site's helpers.
SITE_TRADE: Final = "工地普工"
#: The sector of factories; what is learnt there in a day is as general.
GENERAL_SECTOR: Final = "工厂"

#: A skill says its owner works in the skill's occupation; the other way the details may still be missing.
SKILL_SERVES_OCCUPATION: Final = 95
OCCUPATION_SERVES_SKILL: Final = 75
SISTER_SKILL: Final = 60


@dataclass(frozen=True, slots=True)
class OccupationRow:
    """One canonical occupation; `code` is the 2022 dictionary's, blank where it has no entry of its own."""

    id: str
    name: str
    name_en: str
    code: str
    sector: str
    trade: str
    line: str
    ease: int


@dataclass(frozen=True, slots=True)
class SkillRow:
    """One canonical skill and the occupations it belongs to (none: a general skill such as typing)."""

    id: str
    name: str
    name_en: str
    occupations: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RelationRow:
    """An exception written by hand: how far `worker` serves where `job` is asked, in hundredths, and why."""

    worker: str
    job: str
    hundredths: int
    why: str


@dataclass(frozen=True, slots=True)
class GroupRow:
    """Occupations of different trades that share a process (spraying) or a machine: a start, not a trade."""

    name: str
    hundredths: int
    occupations: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Relation:
    """One explained value of S."""

    hundredths: int
    why: str

    @property
    def level(self) -> str:
        """same, briefing (a day's), training (same line of work), or unrelated."""
        return level_of(self.hundredths)


def level_of(hundredths: int) -> str:
    """The four levels people speak of."""
    if hundredths >= 90:
        return "same"
    if hundredths >= 55:
        return "briefing"
    return "training" if hundredths >= 28 else "unrelated"


def relate(
    worker: OccupationRow,
    job: OccupationRow,
    exceptions: Mapping[tuple[str, str], RelationRow],
    groups: Sequence[GroupRow] = (),
) -> Relation:
    """The readable definition of S between two occupations; `derive` is its fast twin."""
    if worker.id == job.id:
        return Relation(100, "同一职业")
    exception = exceptions.get((worker.id, job.id))
    if exception:
        return Relation(exception.hundredths, exception.why)
    shared = [group for group in groups if {worker.id, job.id} <= set(group.occupations)]
    best = max(shared, key=lambda group: group.hundredths, default=None)
    tree = _by_tree(worker, job)
    if best and best.hundredths > tree.hundredths:
        return Relation(best.hundredths, f"工序相通（{best.name}）")
    return tree


def _by_tree(worker: OccupationRow, job: OccupationRow) -> Relation:
    """The nearest common branch and the ease of the asked occupation."""
    if worker.line == job.line:
        table = SAME_LINE_FROM_EASIER if worker.ease < job.ease else SAME_LINE
        return Relation(table[job.ease], f"同一行当（{job.line}）")
    if worker.trade == job.trade:
        return Relation(SAME_TRADE[job.ease], f"同一行业、不同工种（{job.trade}）")
    if worker.sector == job.sector:
        if job.ease == 0 < worker.ease and job.trade == SITE_TRADE:
            return Relation(SITE_HELPER, f"同在工地，{job.name}的活都见过")
        if job.ease == 0 < worker.ease and not (worker.ease == 1 and job.trade == GENERAL_TRADE):
            return Relation(SAME_SECTOR_STEP_DOWN, f"同属{job.sector}，手艺用不上")
        return Relation(SAME_SECTOR[job.ease], f"同属{job.sector}，上手要{_EASE[job.ease]}")
    return Relation(ELSEWHERE[job.ease], "不同行业")


_EASE: Final = ("一两天", "几天到几周", "几个月", "考证或长期学艺")


def derive(
    occupations: Sequence[OccupationRow],
    skills: Sequence[SkillRow],
    exceptions: Sequence[RelationRow],
    groups: Sequence[GroupRow] = (),
) -> NDArray[np.uint8]:
    """S in hundredths, [terms, terms], terms being the occupations and then the skills, in the order given.

    S[x, t] is how far x serves where t is asked. Raises ValueError for an exception, a group or a skill that
    names an occupation nobody knows.
    """
    base = _between_occupations(occupations)
    index = {row.id: i for i, row in enumerate(occupations)}
    for group in groups:
        members = _indices(f"group {group.name}", group.occupations, index)
        within = np.ix_(members, members)
        base[within] = np.maximum(base[within], group.hundredths)
    for row in exceptions:
        if row.worker not in index or row.job not in index:
            raise ValueError(f"relation {row.worker} → {row.job} names an unknown occupation")
        base[index[row.worker], index[row.job]] = row.hundredths
    np.fill_diagonal(base, 100)
    return _with_skills(base, [_indices(f"skill {row.id}", row.occupations, index) for row in skills])


def _between_occupations(rows: Sequence[OccupationRow]) -> NDArray[np.uint8]:
    """The tree alone, [occupations, occupations]."""
    line, sector = (_codes([getattr(row, name) for row in rows])[0] for name in ("line", "sector"))
    trade, trade_numbers = _codes([row.trade for row in rows])
    ease = np.array([row.ease for row in rows], dtype=np.int64)
    same_line = line[:, None] == line[None, :]
    shared = np.where(
        same_line,
        3,
        np.where(trade[:, None] == trade[None, :], 2, np.where(sector[:, None] == sector[None, :], 1, 0)),
    )
    values = np.array(_TABLE, dtype=np.uint8)[shared, ease[None, :]]
    from_easier = same_line & (ease[:, None] < ease[None, :])
    stricter = np.broadcast_to(np.array(SAME_LINE_FROM_EASIER, dtype=np.uint8)[ease][None, :], values.shape)
    helps = trade == trade_numbers.get(SITE_TRADE, -1)
    general = (trade == trade_numbers.get(GENERAL_TRADE, -1))[None, :] & (ease[:, None] == 1)
    down = (shared == 1) & (ease[:, None] > 0) & (ease[None, :] == 0)
    values = np.where(down & helps[None, :], SITE_HELPER, values)
    values = np.where(down & ~helps[None, :] & ~general, SAME_SECTOR_STEP_DOWN, values)
    return np.where(from_easier, stricter, values).astype(np.uint8)


def _codes(names: Sequence[str]) -> tuple[NDArray[np.int64], dict[str, int]]:
    """One number for each different name: the column of numbers, and the number of each name."""
    numbers = {name: number for number, name in enumerate(dict.fromkeys(names))}
    return np.array([numbers[name] for name in names], dtype=np.int64), numbers


def _indices(whose: str, ids: Sequence[str], index: Mapping[str, int]) -> list[int]:
    unknown = [one for one in ids if one not in index]
    if unknown:
        raise ValueError(f"{whose} names unknown occupations {unknown}")
    return [index[one] for one in ids]


def _with_skills(base: NDArray[np.uint8], parents: Sequence[Sequence[int]]) -> NDArray[np.uint8]:
    """Adds the skills' rows and columns: a skill serves as its occupation does, and is served through it.

    Integer hundredths, rounded down, so that every machine gets the same.
    """
    count, more = len(base), len(parents)
    belongs = np.zeros((more, count), dtype=np.int64)
    for i, mine in enumerate(parents):
        belongs[i, list(mine)] = 1
    serves = _best_over(base, parents)  # [skills, occupations]: the best of a skill's occupations
    served = _best_over(base.T, parents).T  # [occupations, skills]
    between = _best_over(serves.T, parents).T  # [skills, skills]
    full = np.zeros((count + more, count + more), dtype=np.int64)
    full[:count, :count] = base
    full[count:, :count] = serves * SKILL_SERVES_OCCUPATION // 100
    full[:count, count:] = served * OCCUPATION_SERVES_SKILL // 100
    sisters = belongs @ belongs.T > 0
    full[count:, count:] = np.where(sisters, SISTER_SKILL, between * OCCUPATION_SERVES_SKILL // 100)
    np.fill_diagonal(full, 100)
    return full.astype(np.uint8)


def _best_over(values: NDArray[np.integer[Any]], groups: Sequence[Sequence[int]]) -> NDArray[np.int64]:
    """Per group of rows their maximum, [groups, columns]; 0 for an empty group."""
    best = np.zeros((len(groups), values.shape[1]), dtype=np.int64)
    for i, rows in enumerate(groups):
        if rows:
            best[i] = values[list(rows)].max(axis=0)
    return best
