"""Why the plan sends a worker there, and what a change would cost, in plain words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from app.db.transaction import Read
from app.occupations.in_english import title_in
from app.plans import assigned_queries
from app.plans.assigned_queries import Assigned
from app.plans.suiting import Sentence, Suits, held_back_by, suiting
from app.suggestions.queries import seeking_workers
from app.suggestions.snapshot import Snapshot
from matching.eligibility import Limit

#: Micro-points of one point of a hundred.
POINT = 10_000


class Explained(NamedTuple):
    """An assignment with its reasons."""

    assigned: Assigned
    #: None: no job, or one that left the market or suits no more.
    job: Suits | None
    runner_up: Suits | None
    #: What above all keeps jobs away from whom nothing suits. None: something does, or no wish of theirs does.
    limit: Limit | None

    @property
    def is_at_a_loss(self) -> bool:
        """Whether the plan found nothing, not even a runner-up."""
        row = self.assigned.assignment
        return row.vacancy_id is None and not row.overridden and self.runner_up is None

    @property
    def why(self) -> Sentence:
        """The plan's reason."""
        row, job, other = self.assigned.assignment, self.job, self.runner_up
        if self.assigned.is_answered:
            return "本人已答应去这一家", "the person has said yes to this one"
        if row.overridden:
            zh, en = (
                ("人工决定", "decided by a person") if row.vacancy_id else ("人工决定不安排", "left out by a person")
            )
            return f"{zh}：{row.override_reason}", f"{en}: {row.override_reason}"
        if row.vacancy_id is None:
            return self._why_none()
        if job is None:
            return (
                "这个岗位现在已关闭、招满，或不再合乎本人意愿：请另选一个",
                "this job has closed or filled up, or suits no more: choose another",
            )
        if row.price > 0:
            return (
                f"很多人想去这一家，余量 {job.openings}；大家一起算下来，这样排最好",
                f"many want this one, {job.openings} places; reckoned for all together this is best",
            )
        if other is not None and row.runner_up_price > 0:
            title, english, many = other.vacancy.title, title_in(other.vacancy.title, "en"), other.openings
            return (
                f"很多人想去“{title}”，余量 {many}；这一家余量 {job.openings}，不跟别人抢",
                f"many want {english}, {many} places; this one has {job.openings}, nobody is crowded out",
            )
        return f"这一家余量 {job.openings}，不跟别人抢", f"{job.openings} places left, nobody is crowded out"

    def _why_none(self) -> Sentence:
        planned, other, together = self.assigned.planned, self.runner_up, self.assigned.together
        if self.assigned.assignment.planned_id is not None:
            zh, en = (f"“{planned.title}”", f" {title_in(planned.title, 'en')}") if planned else ("", "")
            return (
                f"方案里的岗位{zh}在发布前已招满或关闭：请重新计算，或收回方案另选一个",
                f"the planned job{en} filled up or closed before publishing: plan again, or take the plan back and"
                " choose another",
            )
        if together is not None:
            names, wish = together
            where, there = ("同一单位", "one workplace") if wish == "workplace" else ("同一地方", "one town")
            return (
                f"要求和{'、'.join(names)}去{where}，没有他们都合适、又够位子的：请和本人商量，放宽同行要求再算一次",
                f"asks to go to {there} with {', '.join(names)}, and none suits them all with places enough: speak with"
                " them, and plan again",
            )
        if other is not None:
            title, english, left = other.vacancy.title, title_in(other.vacancy.title, "en"), other.openings
            return (
                f"合适的岗位都排满了：最合适的“{title}”余量 {left}，排给了更合适或优先的人",
                f"what suits is full: {english}, the best, has {left} places, for people whom it suits better or who"
                " come first",
            )
        return "没有合乎本人意愿、又还招人的岗位", "no job meets the person's wishes and has places left"

    @property
    def change(self) -> Sentence | None:
        """What the runner-up instead would mean: to the worker, and to the others."""
        row, job, other = self.assigned.assignment, self.job, self.runner_up
        stands = row.vacancy_id == row.planned_id and not self.assigned.is_answered
        if job is None or other is None or not stands:
            return None
        mine, theirs = round(job.score / POINT), round(other.score / POINT)
        zh = f"换成它：对本人的合适程度 {mine} 分 → {theirs} 分（满分 100）"
        en = f"with it: suits the person {theirs} of 100 instead of {mine}"
        if mine == theirs:
            zh, en = f"换成它：对本人一样合适（{mine} 分，满分 100）", f"with it: suits as well ({mine} of 100)"
        if row.runner_up_price > row.planned_price:
            return zh + "，还占去别人更需要的位子", en + ", and takes a place others need more"
        if row.runner_up_price < row.planned_price:
            return zh + "，空出的位子别人正想要", en + ", and leaves a place that others want"
        return zh + "，别人不受影响", en + ", and concerns nobody else"


def explained(tx: Read, snapshot: Snapshot, found: Sequence[Assigned]) -> list[Explained]:
    """Assignments with their reasons."""
    workers = seeking_workers(tx.session, [one.worker.id for one in found])
    named = {job.id for one in found for job in (one.vacancy, one.runner_up) if job is not None}
    live = assigned_queries.live_by_number(tx, list(named))
    told = []
    for one in found:
        seqs = {job.seq for job in (one.vacancy, one.runner_up) if job is not None and job.seq in live}
        fits = suiting(snapshot, workers[one.worker.id], {seq: live[seq] for seq in seqs}, top=2)
        suits, row = {fit.vacancy.id: fit for fit in fits}, one.assignment
        job = suits.get(row.vacancy_id) if row.vacancy_id else None
        told.append(Explained(one, job, suits.get(row.runner_up_id) if row.runner_up_id else None, None))
    limits = held_back_by(snapshot, [workers[one.assigned.worker.id] for one in told if one.is_at_a_loss])
    return [one._replace(limit=limits.get(one.assigned.worker.id)) for one in told]
