"""Whether one job suits one worker, why, and why not: what a plan's page says, and what a person may decide instead.

What a worker declined is not looked at here: to the station it looks like any other job, and at publishing it falls
behind like one that was filled (SECURITY T4).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

import numpy as np

from app.places.english import line_in_english
from app.suggestions.explain import Parts, explain
from app.suggestions.rows import LiveVacancy, SeekingWorker
from app.suggestions.snapshot import Snapshot
from matching.eligibility import Limit
from matching.rank import rank
from matching.shortfall import failed_by_vacancy, main_limits
from matching.tables import Longs

#: In Chinese and in English.
Sentence = tuple[str, str]


class Suits(NamedTuple):
    """A job that may be matched with the worker."""

    vacancy: LiveVacancy
    #: Micro-points.
    score: int
    parts: Parts
    #: Places left; fewer than the vacancy's own where a shock holds some back.
    openings: int


def suiting(
    snapshot: Snapshot, worker: SeekingWorker, vacancies: Mapping[int, LiveVacancy], *, top: int
) -> list[Suits]:
    """The `top` best of these vacancies, by sequence number, that may be matched with the worker; best first."""
    rows, there = _rows(snapshot, vacancies)
    if not there:
        return []
    floor = snapshot.market.profile.floor
    table = snapshot.vacancies.only(rows)
    found = rank(snapshot.table_of([worker]), table, snapshot.market, top=min(top, len(rows)), floor=floor)
    suits = []
    for k, at in enumerate(found.vacancy[0].tolist()):
        if at >= 0:
            vacancy = there[at]
            pairing = snapshot.pairings.between(worker.home_code, vacancy.workplace_code, snapshot.today)
            values, km = found.parts[0, k].tolist(), float(found.km[0, k])
            parts = explain(snapshot, worker, vacancy, pairing, values, km)
            left = min(vacancy.openings, int(table.openings[at]))
            suits.append(Suits(vacancy, int(found.score[0, k]), parts, left))
    return suits


def unsuited(
    snapshot: Snapshot, worker: SeekingWorker, vacancies: Mapping[int, LiveVacancy]
) -> list[tuple[LiveVacancy, Sentence]]:
    """Those of the vacancies that may not be matched with the worker, each with what keeps them apart."""
    rows, there = _rows(snapshot, vacancies)
    gone = [(one, _SAID[Limit.OPEN](worker, one)) for seq, one in vacancies.items() if snapshot.index.row_of(seq) < 0]
    if not there:
        return gone
    floor = snapshot.market.profile.floor
    table = snapshot.vacancies.only(rows)
    failed = failed_by_vacancy(snapshot.table_of([worker]), 0, table, snapshot.market, floor).tolist()
    return gone + [(one, _told(bits, worker, one)) for one, bits in zip(there, failed, strict=True) if bits]


def held_back_by(snapshot: Snapshot, workers: Sequence[SeekingWorker]) -> dict[UUID, Limit | None]:
    """What above all keeps jobs away from each worker, of those whom none suits."""
    found = main_limits(snapshot.table_of(workers), snapshot.vacancies, snapshot.market)
    return {worker.id: limit for worker, limit in zip(workers, found, strict=True)}


def _rows(snapshot: Snapshot, vacancies: Mapping[int, LiveVacancy]) -> tuple[Longs, list[LiveVacancy]]:
    """Rows of the market's table, rising, and the vacancies there."""
    found = sorted((row, seq) for seq in vacancies if (row := snapshot.index.row_of(seq)) >= 0)
    return np.array([row for row, _ in found], np.int64), [vacancies[seq] for _, seq in found]


def _told(bits: int, worker: SeekingWorker, vacancy: LiveVacancy) -> Sentence:
    """What keeps them apart, the worker's own wishes first."""
    limits = [limit for limit in _SAID if bits >> limit & 1]
    said = [_SAID[limit](worker, vacancy) for limit in limits] or [("条件不合", "the conditions do not fit")]
    return "；".join(dict.fromkeys(zh for zh, _ in said)), "; ".join(dict.fromkeys(en for _, en in said))


def _fixed(zh: str, en: str) -> Callable[[SeekingWorker, LiveVacancy], Sentence]:
    return lambda worker, vacancy: (zh, en)


def _pay(worker: SeekingWorker, vacancy: LiveVacancy) -> Sentence:
    least, most = worker.min_wage or 0, vacancy.wage_hi
    return (
        f"工资最高{most}元，本人至少要{least}元，差{least - most}元",
        f"pays {most} at most; at least {least} are asked, {least - most} more",
    )


def _place(worker: SeekingWorker, vacancy: LiveVacancy) -> Sentence:
    there = line_in_english(vacancy.workplace_code)
    return f"本人不去{vacancy.workplace_text}", f"{there} is not where the person wants to go"


_GONE = _fixed("岗位已关闭、过期或招满", "it is closed, out of date or full")
#: What is said of a limit, in the order in which they are told.
_SAID: dict[Limit, Callable[[SeekingWorker, LiveVacancy], Sentence]] = {
    Limit.OPEN: _GONE,
    Limit.IN_DATE: _GONE,
    Limit.OPENINGS: _GONE,
    Limit.CLOSED_DESTINATION: _fixed("当地按文件暂停接收", "a dated order closes the place for now"),
    Limit.MIN_WAGE: _pay,
    Limit.DESTINATIONS: _place,
    Limit.SCOPE: _fixed("超出本人愿意去的范围（本县、省内）", "beyond how far the person wants to go"),
    Limit.WILLING: _fixed("本人不愿外出", "the person does not want to leave home"),
    Limit.REACH: _fixed("比本人能接受的路程远", "farther than the person accepts"),
    Limit.IN_WORK: _fixed("本人在业，没有要求换工作", "the person is in work and has not asked for a change"),
    Limit.START: _fixed("本人那时还不能到岗", "the person cannot start in time"),
    Limit.CERTIFICATES: _fixed("缺少必须有的证书", "a certificate that is required is missing"),
    Limit.SKILL: _fixed("工种不对口", "the work does not fit"),
    Limit.LABOUR_ABILITY: _fixed("本人劳动能力不适合", "not within the person's labour ability"),
    **dict.fromkeys(
        (Limit.WORKING_AGE, Limit.EMPLOYER_AGE, Limit.HAZARDOUS_AGE),
        _fixed("年龄不在法定或单位的范围内", "age is outside the legal or the stated range"),
    ),
}
