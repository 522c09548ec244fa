"""Who may do what: written by hand, and in step with what the database lets the same people do."""

from __future__ import annotations

import pytest

from app.actor import Actor, Role
from app.errors import NotAllowed
from app.identity.permissions import MAY, Permission, allow, may
from tests.security.matrix import expected
from tests.security.world import ACTORS

P = Permission
STATION = {
    *(P.READ_WORKERS, P.WRITE_WORKERS, P.SUGGEST, P.POST_WORKER_LISTS, P.READ_SHOCKS, P.READ_DUTIES),
    *(P.ANSWER, P.READ_PLACEMENTS, P.ASK_EXPORT, P.READ_EXPORTS, P.PLAN),
}
POSTER = {P.READ_VACANCIES, P.POST_VACANCIES, P.POST_VACANCY_LISTS}
RECEIVING = {
    P.DECIDE_VACANCIES,
    P.READ_SHOCKS,
    P.READ_DUTIES,
    P.READ_COMPLAINTS,
    P.ANSWER_COMPLAINTS,
}
MEMBER = {P.READ_ORGANISATIONS}
MANAGER = MEMBER | {P.READ_STAFF, P.KEEP_STAFF, P.END_STAFF, P.READ_KEYS, P.MAKE_KEYS, P.REVOKE_KEYS}
ASKS = {P.READ_APPROVALS, P.ASK_APPROVAL}
OVERSEES = {
    *(P.READ_COMPLAINTS, P.READ_VACANCIES, P.READ_SHOCKS, P.READ_DUTIES),
    *(P.READ_STAFF, P.READ_KEYS, P.READ_APPROVALS, P.DECIDE_APPROVAL),
}
EXPECTED: dict[Role, set[Permission]] = {
    Role.STATION: STATION | POSTER | MEMBER,
    Role.HEAD: STATION | POSTER | MANAGER | ASKS | {P.CHECK_ANSWERS, P.READ_ALARMS, P.DECIDE_EXPORTS},
    Role.DESTINATION: POSTER | RECEIVING | MANAGER | {P.READ_PLACEMENTS},
    Role.EMPLOYER: POSTER | MANAGER | {P.READ_PLACEMENTS, P.OFFER_PLACES},
    Role.COORDINATOR: POSTER
    | RECEIVING
    | MANAGER
    | ASKS
    | {P.KEEP_PAIRINGS, P.KEEP_SHOCKS, P.DECIDE_APPROVAL, P.READ_FIGURES, P.PLAN},
    Role.WORKER: {P.OWN_DOOR, P.READ_VACANCIES, P.ANSWER, P.READ_PLACEMENTS},
    Role.AUDITOR: MEMBER
    | OVERSEES
    | {P.READ_PLACEMENTS, P.CHECK_ANSWERS, P.READ_ALARMS, P.READ_FIGURES, P.READ_AUDIT, P.READ_EXPORTS},
    Role.ENGINE: {P.READ_VACANCIES},
    Role.OPERATOR: MEMBER | ASKS | {P.MAKE_ORGANISATIONS, P.END_STAFF, P.READ_KEYS, P.REVOKE_KEYS},
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
    rights = MAY[ACTORS[name].role]
    assert (P.WRITE_WORKERS in rights) == bool(expected("workers", name).insert)
    assert (P.POST_VACANCIES in rights) == bool(expected("vacancies", name).insert)
    assert (P.READ_VACANCIES in rights) == bool(expected("vacancies", name).select)
    assert P.SUGGEST not in rights or expected("suggestions", name).select
    assert P.READ_WORKERS not in rights or expected("workers", name).select


@pytest.mark.parametrize("name", ACTORS)
def test_who_looks_after_staff_and_keys_can_do_so_in_the_database(name: str) -> None:
    rights = MAY[ACTORS[name].role]
    if ACTORS[name].organisation_id:
        assert (P.MAKE_KEYS in rights) == bool(expected("api_keys", name).insert) or name == "other_station"
        assert P.READ_STAFF not in rights or expected("users", name).select
        assert (P.READ_APPROVALS in rights) == bool(expected("approvals", name).select)
        assert (P.READ_ORGANISATIONS in rights) == bool(expected("organisations", name).select)


@pytest.mark.parametrize("permission", [P.READ_VACANCIES, P.WRITE_WORKERS])
def test_a_key_may_what_its_role_and_its_scopes_both_allow(permission: Permission) -> None:
    station = Actor(Role.STATION, scopes=frozenset({"read_vacancies"}))
    assert may(station, permission) == (permission is P.READ_VACANCIES)
    assert not may(Actor(Role.EMPLOYER, scopes=frozenset({"write_workers"})), P.WRITE_WORKERS)
    assert not may(Actor(Role.STATION, scopes=frozenset()), permission)
