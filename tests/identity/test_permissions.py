"""Who may do what: written by hand, and in step with what the database lets the same people do."""

from __future__ import annotations

import pytest

from app.actor import Actor, Role
from app.errors import NotAllowed
from app.identity.permissions import MAY, Permission, allow
from tests.security.matrix import expected
from tests.security.world import ACTORS

P = Permission
STATION = {P.READ_WORKERS, P.WRITE_WORKERS, P.SUGGEST, P.POST_WORKER_LISTS, P.READ_SHOCKS, P.READ_DUTIES}
POSTER = {P.READ_VACANCIES, P.POST_VACANCIES, P.POST_VACANCY_LISTS}
RECEIVING = {
    P.DECIDE_VACANCIES,
    P.READ_SHOCKS,
    P.READ_DUTIES,
    P.READ_COMPLAINTS,
    P.ANSWER_COMPLAINTS,
}
EXPECTED: dict[Role, set[Permission]] = {
    Role.STATION: STATION | POSTER,
    Role.HEAD: STATION | POSTER,
    Role.DESTINATION: POSTER | RECEIVING,
    Role.EMPLOYER: POSTER,
    Role.COORDINATOR: POSTER | RECEIVING | {P.KEEP_PAIRINGS, P.KEEP_SHOCKS},
    Role.WORKER: {P.OWN_DOOR, P.READ_VACANCIES},
    Role.AUDITOR: {P.READ_COMPLAINTS, P.READ_VACANCIES, P.READ_SHOCKS, P.READ_DUTIES},
    Role.ENGINE: {P.READ_VACANCIES},
    Role.OPERATOR: set(),
    Role.VISITOR: set(),
    Role.DOOR: set(),
}


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("permission", Permission)
def test_a_role_may_do_what_stands_here_and_nothing_else(role: Role, permission: Permission) -> None:
    if permission in EXPECTED[role]:
        allow(Actor(role), permission)
    else:
        with pytest.raises(NotAllowed):
            allow(Actor(role), permission)


def test_no_role_is_forgotten() -> None:
    assert MAY.keys() == set(Role)


@pytest.mark.parametrize("name", ACTORS)
def test_the_use_cases_and_the_database_agree(name: str) -> None:
    may = MAY[ACTORS[name].role]
    assert (P.WRITE_WORKERS in may) == bool(expected("workers", name).insert)
    assert (P.POST_VACANCIES in may) == bool(expected("vacancies", name).insert)
    assert (P.READ_VACANCIES in may) == bool(expected("vacancies", name).select)
    assert (P.SUGGEST in may) == bool(expected("suggestions", name).insert)
    assert P.READ_WORKERS not in may or expected("workers", name).select
