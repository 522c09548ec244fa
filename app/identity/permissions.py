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
    #: Organisations: one's own, or those one answers for.
    READ_ORGANISATIONS = auto()
    MAKE_ORGANISATIONS = auto()
    #: The staff of an organisation: who is there, who is invited, who leaves; never a system's.
    READ_STAFF = auto()
    KEEP_STAFF = auto()
    END_STAFF = auto()
    READ_KEYS = auto()
    MAKE_KEYS = auto()
    REVOKE_KEYS = auto()
    #: What two persons do together.
    READ_APPROVALS = auto()
    ASK_APPROVAL = auto()
    DECIDE_APPROVAL = auto()
    #: The worker's own door: /v1/me and what lies behind it.
    OWN_DOOR = auto()
    #: Complaints one's office was given, and the auditor all.
    READ_COMPLAINTS = auto()
    ANSWER_COMPLAINTS = auto()
    #: Oversight: too much looking, files that two people answer for, the audit log.
    READ_ALARMS = auto()
    READ_AUDIT = auto()
    ASK_EXPORT = auto()
    READ_EXPORTS = auto()
    DECIDE_EXPORTS = auto()
    #: Figures of places and offices.
    READ_FIGURES = auto()
    #: Plans for whole lists.
    PLAN = auto()


_STATION = frozenset(
    {
        Permission.READ_WORKERS,
        Permission.WRITE_WORKERS,
        Permission.SUGGEST,
        Permission.PLAN,
        Permission.READ_VACANCIES,
        Permission.POST_VACANCIES,
        Permission.POST_WORKER_LISTS,
        Permission.POST_VACANCY_LISTS,
        Permission.READ_SHOCKS,
        Permission.READ_DUTIES,
        Permission.ANSWER,
        Permission.READ_PLACEMENTS,
        Permission.ASK_EXPORT,
        Permission.READ_EXPORTS,
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

_MEMBER = frozenset({Permission.READ_ORGANISATIONS})
#: Looks after an organisation's own staff and systems.
_MANAGER = _MEMBER | {
    Permission.READ_STAFF,
    Permission.KEEP_STAFF,
    Permission.END_STAFF,
    Permission.READ_KEYS,
    Permission.MAKE_KEYS,
    Permission.REVOKE_KEYS,
}
_ASKS = frozenset({Permission.READ_APPROVALS, Permission.ASK_APPROVAL})
_OPERATOR = (
    _MEMBER
    | _ASKS
    | {Permission.MAKE_ORGANISATIONS, Permission.END_STAFF, Permission.READ_KEYS, Permission.REVOKE_KEYS}
)
_OVERSEES_STAFF = _MEMBER | {
    Permission.READ_STAFF,
    Permission.READ_KEYS,
    Permission.READ_APPROVALS,
    Permission.DECIDE_APPROVAL,
}

MAY: dict[Role, frozenset[Permission]] = {
    Role.STATION: _STATION | _MEMBER,
    Role.HEAD: _STATION
    | _MANAGER
    | _ASKS
    | {Permission.CHECK_ANSWERS, Permission.READ_ALARMS, Permission.DECIDE_EXPORTS},
    Role.DESTINATION: _POSTER | _RECEIVING | _MANAGER | {Permission.READ_PLACEMENTS},
    Role.EMPLOYER: _POSTER | _MANAGER | {Permission.READ_PLACEMENTS, Permission.OFFER_PLACES},
    Role.COORDINATOR: _POSTER
    | _RECEIVING
    | _MANAGER
    | _ASKS
    | {
        Permission.KEEP_PAIRINGS,
        Permission.KEEP_SHOCKS,
        Permission.DECIDE_APPROVAL,
        Permission.READ_FIGURES,
        Permission.PLAN,
    },
    Role.WORKER: frozenset(
        {Permission.READ_VACANCIES, Permission.OWN_DOOR, Permission.ANSWER, Permission.READ_PLACEMENTS}
    ),
    Role.AUDITOR: _OVERSEES_STAFF
    | frozenset(
        {
            Permission.READ_ALARMS,
            Permission.READ_FIGURES,
            Permission.READ_AUDIT,
            Permission.READ_EXPORTS,
            Permission.READ_VACANCIES,
            Permission.READ_SHOCKS,
            Permission.READ_DUTIES,
            Permission.READ_COMPLAINTS,
            Permission.READ_PLACEMENTS,
            Permission.CHECK_ANSWERS,
        }
    ),
    Role.OPERATOR: _OPERATOR,
    Role.ENGINE: frozenset({Permission.READ_VACANCIES}),
    Role.VISITOR: frozenset(),
    Role.DOOR: frozenset(),
}

#: What a system's key may be limited to: daily work. Looking after people or keys, deciding, exports are people's.
SCOPES = frozenset(
    {
        Permission.READ_WORKERS,
        Permission.WRITE_WORKERS,
        Permission.SUGGEST,
        Permission.READ_VACANCIES,
        Permission.POST_VACANCIES,
        Permission.POST_WORKER_LISTS,
        Permission.POST_VACANCY_LISTS,
        Permission.READ_PLACEMENTS,
        Permission.READ_SHOCKS,
        Permission.READ_DUTIES,
        Permission.READ_ORGANISATIONS,
    }
)


def may(actor: Actor, permission: Permission) -> bool:
    """Whether the actor may: the role, and for a system's key its scopes."""
    return permission in MAY[actor.role] and (actor.scopes is None or permission in actor.scopes)


def allow(actor: Actor, permission: Permission) -> None:
    """Pass, or raise NotAllowed."""
    if not may(actor, permission):
        raise NotAllowed
