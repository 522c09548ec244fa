"""Who may do what: one table, read before row security says which rows (SECURITY, role × resource)."""

from __future__ import annotations

from enum import StrEnum, auto

from app.actor import Actor, Role
from app.errors import NotAllowed


class Permission(StrEnum):
    """What can be done; rooms name these, never roles."""

    READ_WORKERS = auto()
    WRITE_WORKERS = auto()
    SUGGEST = auto()
    READ_VACANCIES = auto()
    POST_VACANCIES = auto()
    POST_WORKER_LISTS = auto()
    POST_VACANCY_LISTS = auto()
    DECIDE_VACANCIES = auto()
    KEEP_PAIRINGS = auto()
    READ_SHOCKS = auto()
    KEEP_SHOCKS = auto()
    READ_DUTIES = auto()
    ANSWER = auto()
    READ_PLACEMENTS = auto()
    OFFER_PLACES = auto()
    CHECK_ANSWERS = auto()
    #: The worker's own door: /v1/me and what lies behind it.
    OWN_DOOR = auto()
    #: Complaints one's office was given, and the auditor all.
    READ_COMPLAINTS = auto()
    ANSWER_COMPLAINTS = auto()


_STATION = frozenset(
    {
        Permission.READ_WORKERS,
        Permission.WRITE_WORKERS,
        Permission.SUGGEST,
        Permission.READ_VACANCIES,
        Permission.POST_VACANCIES,
        Permission.POST_WORKER_LISTS,
        Permission.POST_VACANCY_LISTS,
        Permission.READ_SHOCKS,
        Permission.READ_DUTIES,
        Permission.ANSWER,
        Permission.READ_PLACEMENTS,
    }
)
_POSTER = frozenset({Permission.READ_VACANCIES, Permission.POST_VACANCIES, Permission.POST_VACANCY_LISTS})
#: The side where the work is: it lets offers onto the market.
_RECEIVING = frozenset(
    {
        Permission.DECIDE_VACANCIES,
        Permission.READ_SHOCKS,
        Permission.READ_DUTIES,
        Permission.READ_COMPLAINTS,
        Permission.ANSWER_COMPLAINTS,
    }
)

MAY: dict[Role, frozenset[Permission]] = {
    Role.STATION: _STATION,
    Role.HEAD: _STATION | {Permission.CHECK_ANSWERS},
    Role.DESTINATION: _POSTER | _RECEIVING | {Permission.READ_PLACEMENTS},
    Role.EMPLOYER: _POSTER | {Permission.READ_PLACEMENTS, Permission.OFFER_PLACES},
    Role.COORDINATOR: _POSTER | _RECEIVING | {Permission.KEEP_PAIRINGS, Permission.KEEP_SHOCKS},
    Role.WORKER: frozenset(
        {Permission.READ_VACANCIES, Permission.OWN_DOOR, Permission.ANSWER, Permission.READ_PLACEMENTS}
    ),
    Role.AUDITOR: frozenset(
        {
            Permission.READ_VACANCIES,
            Permission.READ_SHOCKS,
            Permission.READ_DUTIES,
            Permission.READ_COMPLAINTS,
            Permission.READ_PLACEMENTS,
            Permission.CHECK_ANSWERS,
        }
    ),
    Role.OPERATOR: frozenset(),
    Role.ENGINE: frozenset({Permission.READ_VACANCIES}),
    Role.VISITOR: frozenset(),
    Role.DOOR: frozenset(),
}


def may(actor: Actor, permission: Permission) -> bool:
    """Whether the actor may: the role, and for a system's key its scopes."""
    return permission in MAY[actor.role] and (actor.scopes is None or permission in actor.scopes)


def allow(actor: Actor, permission: Permission) -> None:
    """Pass, or raise NotAllowed."""
    if not may(actor, permission):
        raise NotAllowed
