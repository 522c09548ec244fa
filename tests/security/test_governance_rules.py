"""What the database holds about offers that wait, who decides on them, and what offices owe."""

from __future__ import annotations

from typing import Any

import pytest

from app.actor import Actor
from tests.security.attack import Connection, acting, attempt, context_here, new_row, reason
from tests.security.test_rules import REFUSED
from tests.security.world import ACTORS, FAR, named, organisation

DECIDE = "select app.decide_vacancy(%s, %s)"
STATE = "select state from vacancies where id = %s"
WAITING = named("vacancy", "employer:pending")


def _decides(connection: Connection, name: str, vacancy: str, rejected: str | None = None) -> Any:
    with acting(connection, ACTORS[name]):
        return attempt(connection, DECIDE, (named("vacancy", vacancy), rejected))


def test_the_office_of_the_place_of_work_decides_and_no_other(app_login: Connection) -> None:
    assert _decides(app_login, "destination", "employer:pending") == [(True,)]
    assert _decides(app_login, "coordinator", "employer:pending") == [(False,)]
    assert _decides(app_login, "coordinator", "other_employer:pending") == [(True,)]
    assert _decides(app_login, "station", "employer:pending") is None


def test_only_what_waits_is_decided_on(app_login: Connection) -> None:
    for state in ("open", "closed"):
        assert _decides(app_login, "destination", f"employer:{state}") == [(False,)]


def _after(superuser: Connection, rejected: str | None, **named: str) -> tuple[Any, ...]:
    """The state of the offer, and when its employer stands approved, after a decision on a new employer's."""
    with superuser.transaction(force_rollback=True):
        employer = organisation("employer")
        superuser.execute("update organisations set approved_at = null, uscc = null where id = %s", (employer,))
        superuser.execute("update vacancies set uscc = 'a code' where id = %s", (WAITING,))
        if "employer" in named:
            superuser.execute("update vacancies set employer = %s where id = %s", (named["employer"], WAITING))
        with superuser.transaction():
            _act(superuser, ACTORS["destination"])
            superuser.execute(DECIDE, (WAITING, rejected))
            superuser.execute("reset role")
        row = superuser.execute(
            """select v.state, v.rejected_code, v.decided_by, o.approved_at is not null, o.uscc
               from vacancies v join organisations o on o.id = v.poster_id where v.id = %s""",
            (WAITING,),
        ).fetchone()
    assert row is not None
    return tuple(row)


def _act(connection: Connection, actor: Actor) -> None:
    good = context_here(connection, actor)
    connection.execute(
        "select set_config('role', %s, true), set_config('app.context', %s, true)", (f"rt_{actor.role.audience}", good)
    )


def test_the_first_approval_approves_the_employer_and_a_refusal_does_not(superuser: Connection) -> None:
    decider = organisation("destination")
    assert _after(superuser, None) == ("open", None, decider, True, "a code")
    assert _after(superuser, "not_true") == ("refused", "not_true", decider, False, None)
    assert _after(superuser, None, employer="another") == ("open", None, decider, False, None)


def test_an_offer_outside_the_posters_province_waits(app_login: Connection) -> None:
    with acting(app_login, ACTORS["station"]):
        for state, expected in (("open", REFUSED), ("pending", None)):
            row = new_row("vacancies", "station:pending", workplace_code="440106", state=state)
            assert reason(app_login, *row) == expected
        moved = "update vacancies set workplace_code = '440106' where id = %s"
        assert reason(app_login, moved, (named("vacancy", "station:open"),)) == REFUSED
        assert reason(app_login, moved, (named("vacancy", "station:pending"),)) is None


def test_what_waits_elsewhere_is_not_opened_by_its_poster(superuser: Connection) -> None:
    waits = named("vacancy", "station:pending")
    with superuser.transaction(force_rollback=True):
        superuser.execute("update vacancies set workplace_code = '440106' where id = %s", (waits,))
        with acting(superuser, ACTORS["station"]):
            assert reason(superuser, "update vacancies set state = 'open' where id = %s", (waits,)) == REFUSED


def test_an_employer_nobody_approved_opens_nothing(superuser: Connection) -> None:
    with superuser.transaction(force_rollback=True):
        superuser.execute("update organisations set approved_at = null where id = %s", (organisation("employer"),))
        with acting(superuser, ACTORS["employer"]):
            assert reason(superuser, *new_row("vacancies", "employer:open")) == REFUSED
            assert reason(superuser, *new_row("vacancies", "employer:pending")) is None


def test_an_employer_opens_nothing_for_another_company_before_an_office_did(superuser: Connection) -> None:
    for_another = new_row("vacancies", "employer:open", employer="another")
    as_another = "update vacancies set employer = 'another' where id = %s", (named("vacancy", "employer:open"),)
    opened = "update vacancies set state = 'open' where id = %s", (WAITING,)
    let = (
        "update vacancies set decided_at = now(), decided_by = null where id = %s",
        (named("vacancy", "employer:closed"),),
    )
    with superuser.transaction(force_rollback=True):
        superuser.execute("update vacancies set employer = 'another' where id = %s", (WAITING,))
        with acting(superuser, ACTORS["employer"]):
            assert [reason(superuser, *one) for one in (for_another, as_another, opened, let)] == [REFUSED] * 4
            assert reason(superuser, *new_row("vacancies", "employer:pending", employer="another")) is None
            claimed = new_row("vacancies", "employer:pending", decided_at=FAR)
            assert reason(superuser, *claimed) == REFUSED
        superuser.execute("update vacancies set decided_at = now(), state = 'closed' where id = %s", (WAITING,))
        with acting(superuser, ACTORS["employer"]):
            assert reason(superuser, *for_another) is None


def test_what_was_let_for_one_company_is_not_for_another(superuser: Connection) -> None:
    with superuser.transaction(force_rollback=True):
        superuser.execute("update vacancies set decided_at = now() where id = %s", (WAITING,))
        for change in ("employer = 'another'", "uscc = 'another'"):
            with superuser.transaction(force_rollback=True):
                superuser.execute(f"update vacancies set {change} where id = %s", (WAITING,))
                [(kept,)] = superuser.execute("select decided_at from vacancies where id = %s", (WAITING,)).fetchall()
                assert kept is None


@pytest.mark.parametrize(("name", "worker"), [("station", "neighbour"), ("other_station", "foreign")])
def test_a_station_owes_the_first_three_to_its_own_who_agreed_and_were_offered_nothing(
    superuser: Connection, name: str, worker: str
) -> None:
    with superuser.transaction(force_rollback=True):
        superuser.execute("delete from suggestions where worker_id = %s", (named("worker", worker),))
        with acting(superuser, ACTORS[name]):
            found = attempt(superuser, "select worker_id from app.waiting_for_first_three()")
        assert found == [(named("worker", worker),)]
    with acting(superuser, ACTORS[name]):
        assert attempt(superuser, "select worker_id from app.waiting_for_first_three()") == []


def test_a_coordinator_counts_the_duties_of_its_own_division(app_login: Connection) -> None:
    with acting(app_login, ACTORS["coordinator"]):
        rows = attempt(app_login, "select office, kind from app.duties_by_office()")
    assert {(organisation("coordinator"), "decide_vacancy")} <= set(rows or ())
    assert {office for office, _ in rows or ()} <= {organisation("coordinator"), organisation("station")}
    with acting(app_login, ACTORS["destination"]):
        assert attempt(app_login, "select * from app.duties_by_office()") is None
