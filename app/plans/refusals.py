"""What plans refuse, and what to do instead."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from app.db.base import BEIJING
from app.errors import Conflict, FieldError, Invalid
from app.occupations.in_english import title_in


class PlanNotReady(Conflict):
    """The plan is still being made, was called off, or is published already."""

    code, zh = "plan_not_ready", "方案还在计算、已取消，或已经发布。"

    @classmethod
    def because(cls, state: str) -> Self:
        """With what to do in this state."""
        zh, en = _INSTEAD.get(state, (cls.zh, cls.__doc__))
        return cls(zh=zh, en=en)


_INSTEAD = {
    "ordered": ("方案还在排队：请等它算完，或者取消。", "The plan waits to be made: wait for it, or call it off."),
    "planning": ("方案还在计算：请等它算完，或者取消。", "The plan is being made: wait for it, or call it off."),
    "ready": ("方案已经算好，还没有发布。", "The plan is made, and not published."),
    "published": ("方案已经发布：要改，请先收回。", "The plan is published: to change it, take it back first."),
    "replaced": (
        "方案已被后来发布的方案代替：请看最新的方案。",
        "A plan published later has replaced it: see the latest one.",
    ),
    "cancelled": ("方案已经取消：请重新计算一个。", "The plan was called off: make a new one."),
    "failed": (
        "方案没有算成：请按页面上的原因处理，再算一次。",
        "The plan failed: see why on its page, then make a new one.",
    ),
}


class NoSuchList(Invalid):
    """A list that is not there, or not of this station."""

    @classmethod
    def at(cls, number: int) -> Self:
        """The one in this place, counted from 0; told alike whether it is another's or nobody's."""
        zh = f"第 {number + 1} 份不是本站的人员清单：请从本站的清单里选，或留空，为全部同意的人安排。"
        en = f"List {number + 1} is no worker list of yours: choose one of your own, or none for everybody who agreed."
        return cls(errors=(FieldError(("body", "lists", number), "not_found", zh, en),))


class PlanMade(Conflict):
    """The plan is made already: there is nothing to call off. A published one can be taken back."""

    code, zh = "plan_made", "方案已经算完，不用取消；已经发布的可以收回。"


class NewerPlanStands(Conflict):
    """A plan made later is published for some of these people: see that one."""

    code, zh = "newer_plan_stands", "里面有人的较新方案已经发布：请看那一个。"

    @classmethod
    def made(cls, newer: datetime, this: datetime) -> Self:
        """With when each was made, and what to do."""
        at, was = (f"{one.astimezone(BEIJING):%m-%d %H:%M}" for one in (newer, this))
        return cls(
            zh=f"这是 {was} 的方案；里面有人的较新方案（{at}）已经发布，不能用旧的盖掉：请看那一个；要改，先收回它，"
            "或再算一个新的。",
            en=f"This plan is of {was}; a newer one of {at} is published for some of its people and is not replaced by"
            " it: see that one; to change it, take it back first, or make a new plan.",
        )


class NoOpening(Conflict):
    """The vacancy has no opening left in this plan."""

    code, zh = "no_opening", "该岗位在本方案中已无余量。"

    @classmethod
    def at(cls, title: str, openings: int) -> Self:
        """With its name and what to do."""
        return cls(
            zh=f"“{title}”还要{openings}人，本方案里已经排满：请另选一个，或先把排在那里的一人改到别处。",
            en=f"{title_in(title, 'en')} has {openings} places, all taken in this plan: choose another, or first move"
            " somebody who goes there.",
        )


class JobUnsuited(Conflict):
    """The vacancy does not go with what the worker wants or may do."""

    code, zh = "job_unsuited", "这个岗位不合本人的意愿或条件。"

    @classmethod
    def because(cls, title: str, why: tuple[str, str]) -> Self:
        """With what keeps them apart."""
        return cls(
            zh=f"“{title}”不能选：{why[0]}。请另选一个；本人想法变了，先改就业意向，再算一次方案。",
            en=f"{title_in(title, 'en')} cannot be chosen: {why[1]}. Choose another; if the person's mind has changed,"
            " change the intention first and plan again.",
        )

    @classmethod
    def gone(cls) -> Self:
        """It is no longer on the market."""
        return cls(
            zh="这个岗位已关闭、过期或招满：请另选一个。",
            en="This vacancy is closed, out of date or full: choose another.",
        )


class AnswerStands(Conflict):
    """The worker has said yes to this job: the answer stands, whatever the plan says."""

    code, zh = "answer_stands", "本人已经答应去这一家：以本人的答复为准，方案里不改。"


class EverybodyAnswered(Conflict):
    """Everybody in this plan has said yes: nothing is left to be taken back. Speak with each of them."""

    code, zh = "everybody_answered", "方案里的人都已答应，没有可以收回的：有变化请逐个与本人商量。"
