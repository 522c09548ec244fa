"""People decide about a plan: another job, none, the plan's own again; publishing, and taking back."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, update

from app.actor import Actor, Role
from app.db.transaction import read, write
from app.errors import ProductError
from app.placements.usecases import say_interested
from app.plans import deciding, usecases
from app.plans.assigned_queries import Wanted
from app.plans.deciding import Choices
from app.plans.model import Assignment, Plan
from app.plans.queries import Standing
from app.plans.reasons import Explained
from app.plans.refusals import AnswerStands, EverybodyAnswered, JobUnsuited, NewerPlanStands, NoOpening, PlanNotReady
from app.suggestions.model import Suggestion
from app.vacancies.model import Vacancy
from matching import kernels
from matching.ahead import compile_ahead
from matching.eligibility import Limit
from tests.plans.test_plans import MARKET, assigned, jobs, people, planned, station, three

__all__ = ["station"]
REASON = "本人想和表哥一个厂"


def decide(station: Actor, plan: Plan, worker: UUID, vacancy: UUID | None, reason: str = REASON) -> Assignment:
    with write(station) as tx:
        return deciding.override(tx, MARKET, plan.id, worker, vacancy, reason)


def choices(station: Actor, plan: Plan, worker: UUID, words: str = "") -> Choices:
    with write(station) as tx:
        return deciding.read_choices(tx, MARKET, plan.id, worker, words)


def told(station: Actor, plan: Plan) -> dict[UUID, Explained]:
    with write(station) as tx:
        found = usecases.read_assignments(tx, MARKET, plan.id, after=None, limit=50)
    return {one.assigned.worker.id: one for one in found}


def stands(station: Actor, plan: Plan) -> Standing:
    with read(station) as tx:
        return usecases.how_they_stand(tx, [plan.id])[plan.id]


def publish(station: Actor, plan: Plan) -> tuple[int, int]:
    with write(station) as tx:
        return usecases.publish_plan(tx, plan.id)[1:]


def take_back(station: Actor, plan: Plan) -> tuple[int, int]:
    with write(station) as tx:
        return usecases.take_back_plan(tx, plan.id, "发错了")[1:]


def say_yes(station: Actor, worker: UUID, vacancy: UUID) -> None:
    """By the worker's own act."""
    three(station, worker)
    with write(Actor(Role.WORKER, worker_id=worker, token_id=uuid4())) as tx:
        [suggestion] = tx.session.scalars(
            select(Suggestion).where(Suggestion.worker_id == worker, Suggestion.vacancy_id == vacancy)
        )
        say_interested(tx, suggestion, disclose=False)


def refusal(kind: type[ProductError], act: Any) -> str:
    with pytest.raises(kind) as caught:
        act()
    return caught.value.message_zh


def test_any_job_that_suits_can_be_chosen_and_the_plans_own_again(station: Actor, actors: dict[str, Actor]) -> None:
    [worker] = people(station, 1)
    best, second, third = jobs(actors, {"wage_hi": 9000}, {"wage_hi": 7000}, {"wage_hi": 6000})
    plan = planned(station)
    assert assigned(station, plan) == {worker: best}
    found = choices(station, plan, worker)
    assert [one.suits.vacancy.id for one in found.jobs] == [best, second, third]
    chosen = decide(station, plan, worker, third)
    assert (chosen.vacancy_id, chosen.overridden, chosen.override_reason) == (third, True, REASON)
    assert chosen.score == found.jobs[2].suits.score
    again = decide(station, plan, worker, best)
    assert (again.vacancy_id, again.overridden, again.override_reason) == (best, False, None)


def test_who_was_taken_out_by_hand_is_counted_and_told_as_such(station: Actor, actors: dict[str, Actor]) -> None:
    one, other = people(station, 2)
    jobs(actors, {"headcount": 3})
    plan = planned(station)
    decide(station, plan, one, None)
    assert stands(station, plan) == Standing(workers=2, placed=1, overridden=1, taken_out=1)
    assert told(station, plan)[one].why[0] == f"人工决定不安排：{REASON}"
    assert told(station, plan)[other].why[0] == "这一家余量 3，不跟别人抢"


def test_a_job_that_does_not_suit_is_refused_with_what_keeps_them_apart(
    station: Actor, actors: dict[str, Actor]
) -> None:
    [worker] = people(station, 1, min_wage=5000)
    _, poor, gone = jobs(actors, {}, {"wage_lo": 3000, "wage_hi": 4200}, {})
    plan = planned(station)
    with write(actors["destination"]) as tx:
        tx.session.execute(update(Vacancy).where(Vacancy.id == gone).values(state="closed"))
    said = refusal(JobUnsuited, lambda: decide(station, plan, worker, poor))
    assert "工资最高4200元，本人至少要5000元，差800元" in said
    assert "已关闭" in refusal(JobUnsuited, lambda: decide(station, plan, worker, gone))
    found = choices(station, plan, worker, "示例1厂")
    assert (found.jobs, [why[0] for _, why in found.unsuited]) == ([], ["工资最高4200元，本人至少要5000元，差800元"])


def test_a_job_that_is_full_in_this_plan_is_refused(station: Actor, actors: dict[str, Actor]) -> None:
    people(station, 2)
    full, _ = jobs(actors, {"headcount": 1, "wage_hi": 9000}, {"headcount": 1})
    plan = planned(station)
    [other] = [worker for worker, vacancy in assigned(station, plan).items() if vacancy != full]
    assert "已经排满" in refusal(NoOpening, lambda: decide(station, plan, other, full))
    assert [one.id for one in choices(station, plan, other).full] == [full]


def test_each_row_says_why_and_what_a_change_costs(station: Actor, actors: dict[str, Actor]) -> None:
    people(station, 3)
    wanted, _ = jobs(actors, {"headcount": 1, "wage_hi": 9000}, {"headcount": 40, "wage_hi": 6000})
    plan = planned(station)
    rows = {one.assigned.assignment.vacancy_id: one for one in told(station, plan).values()}
    assert rows[wanted].why[0].startswith("很多人想去这一家，余量 1")
    [others] = [one for vacancy, one in rows.items() if vacancy != wanted]
    assert "余量 1；这一家余量 40，不跟别人抢" in others.why[0]
    assert others.job is not None
    assert "公里" in others.job.parts["distance"]["why"]["zh"]
    assert "空出的位子别人正想要" in str(rows[wanted].change)


def test_whom_nothing_suits_is_told_which_limit(station: Actor, actors: dict[str, Actor]) -> None:
    [worker] = people(station, 1, min_wage=9000)
    jobs(actors, {"wage_hi": 6000}, {"wage_hi": 6500})
    row = told(station, planned(station))[worker]
    assert row.why[0] == "没有合乎本人意愿、又还招人的岗位"
    assert row.limit is Limit.MIN_WAGE


def kinds_compiled() -> list[int]:
    """For how many kinds of input each kernel that looks at all vacancies is compiled."""
    found: tuple[Any, ...] = (kernels.search_all, kernels.describe, kernels.score_all)
    return [len(kernel.signatures) for kernel in found]


def test_the_page_of_a_plan_waits_for_no_compiler(station: Actor, actors: dict[str, Actor]) -> None:
    people(station, 2, destinations=("440000", "330000", "320000", "370000", "350000"))
    people(station, 1, min_wage=9000, number=2)
    jobs(actors, {"headcount": 1})
    plan = planned(station)
    compile_ahead()
    compiled = kinds_compiled()
    told(station, plan)
    assert kinds_compiled() == compiled


def test_a_plan_that_was_taken_back_leads_nowhere_and_can_be_published_again(
    station: Actor, actors: dict[str, Actor]
) -> None:
    [worker] = people(station, 1)
    jobs(actors, {})
    plan = planned(station)
    assert "还没有发布" in refusal(PlanNotReady, lambda: take_back(station, plan))
    publish(station, plan)
    assert three(station, worker).items[0].planned
    assert take_back(station, plan) == (1, 0)
    assert not any(one.planned for one in three(station, worker).items)
    with read(station) as tx:
        again = usecases.read_plan(tx, plan.id)
    assert (again.state, again.published_at, again.taken_back_reason) == ("ready", None, "发错了")
    assert publish(station, plan) == (1, 0)
    assert three(station, worker).items[0].planned


def test_what_was_answered_stays_when_a_plan_is_taken_back(station: Actor, actors: dict[str, Actor]) -> None:
    one, other = people(station, 2)
    [vacancy] = jobs(actors, {"headcount": 2})
    plan = planned(station)
    publish(station, plan)
    say_yes(station, one, vacancy)
    assert take_back(station, plan) == (1, 1)
    assert three(station, other).items[0].planned is False
    assert told(station, plan)[one].why[0] == "本人已答应去这一家"
    refusal(AnswerStands, lambda: decide(station, plan, one, None))
    publish(station, plan)
    say_yes(station, other, vacancy)
    refusal(EverybodyAnswered, lambda: take_back(station, plan))


def test_a_vacancy_that_lost_openings_meanwhile_is_not_overrun_by_publishing(
    station: Actor, actors: dict[str, Actor]
) -> None:
    people(station, 3)
    [vacancy] = jobs(actors, {"headcount": 3})
    plan = planned(station)
    with write(actors["destination"]) as tx:
        tx.session.execute(update(Vacancy).where(Vacancy.id == vacancy).values(headcount=2))
    assert publish(station, plan) == (2, 1)
    assert stands(station, plan).fallen_out == 1
    assert any("在发布前已招满或关闭" in one.why[0] for one in told(station, plan).values())


def test_a_later_plan_replaces_the_one_before(station: Actor, actors: dict[str, Actor]) -> None:
    people(station, 1)
    jobs(actors, {})
    first, second = planned(station), planned(station)
    publish(station, first)
    publish(station, second)
    with read(station) as tx:
        assert tx.session.scalar(select(Plan.state).where(Plan.id == first.id)) == "replaced"
    assert "后来发布的方案" in refusal(PlanNotReady, lambda: take_back(station, first))


def test_an_older_plan_does_not_replace_a_newer_one_until_that_is_taken_back(
    station: Actor, actors: dict[str, Actor]
) -> None:
    people(station, 1)
    jobs(actors, {})
    older, newer = planned(station), planned(station)
    with write(station) as tx:
        tx.session.execute(
            update(Plan).where(Plan.id == older.id).values(created_at=datetime(2026, 3, 1, 8, tzinfo=UTC))
        )
    publish(station, newer)
    assert "03-01 16:00" in refusal(NewerPlanStands, lambda: publish(station, older))
    take_back(station, newer)
    assert publish(station, older) == (1, 0)


def test_the_rows_of_a_plan_are_found_by_name_and_by_what_became_of_them(
    station: Actor, actors: dict[str, Actor]
) -> None:
    first, second = people(station, 2)
    jobs(actors, {"headcount": 2})
    plan = planned(station)
    decide(station, plan, first, None)

    def found(wanted: Wanted) -> set[UUID]:
        with write(station) as tx:
            rows = usecases.read_assignments(tx, MARKET, plan.id, after=None, limit=50, wanted=wanted)
            return {one.assigned.assignment.worker_id for one in rows}

    assert found(Wanted()) == {first, second}
    assert found(Wanted(which="without")) == found(Wanted(which="changed")) == {first}
    assert found(Wanted(called=told(station, plan)[second].assigned.worker.name)) == {second}
