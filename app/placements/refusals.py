"""What cannot be done with an answer or a placement, and what the database's word for it means."""

from __future__ import annotations

from app.errors import Conflict, ConsentMissing, NotAllowed, NotFound


class VacancyOver(Conflict):
    """This job is filled or no longer offered; nothing is held against you."""

    code, zh = "vacancy_closed", "这个岗位已招满或已停止招聘，对您没有任何影响。"


class PlacedAlready(Conflict):
    """There is an accepted job already: end it first."""

    code, zh = "already_placed", "已有接受的岗位：请先结束它，再选新的。"


class NotThisStep(Conflict):
    """It is not at this step any more: read it again."""

    code, zh = "not_this_step", "当前状态不能这样操作，请重新查看。"


class OnlyTheWorkerSaysNo(NotAllowed):
    """Only the worker says no, and no office records it: read on with after=3."""

    code, zh = "only_the_worker_says_no", "“不合适”只由本人表达，不作登记：请用 after=3 继续念下一个岗位。"


class OwnWordNeeded(NotAllowed):
    """It takes the worker's own word: the code sent to their phone, or a signed paper."""

    code, zh = "own_word_needed", "需要本人的意思表示：发到本人手机的验证码，或本人签字的材料。"


class PhoneCannotAnswer(Conflict):
    """No answer by this phone now: it was changed lately, or several workers share it and the head has not looked
    into it. A signed paper can be used."""

    code = "phone_cannot_answer"
    zh = "该手机号暂不能用于答复：刚被更改，或多人共用而站长尚未核实。可改用签字材料。"


#: What placements.sql answers when it does not do what was asked.
_REASONS = {
    "absent": NotFound,
    "no_word": OwnWordNeeded,
    "no_consent": ConsentMissing,
    "over": NotThisStep,
    "closed_vacancy": VacancyOver,
    "full": VacancyOver,
    "placed": PlacedAlready,
}


def raise_for(word: str) -> None:
    """Pass for a state; for a reason why not, raise what it means."""
    if word in _REASONS:
        raise _REASONS[word]
