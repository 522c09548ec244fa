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


_STATION = frozenset(
    {
        Permission.READ_WORKERS,
        Permission.WRITE_WORKERS,
        Permission.SUGGEST,
        Permission.READ_VACANCIES,
        Permission.POST_VACANCIES,
        Permission.POST_WORKER_LISTS,
        Permission.POST_VACANCY_LISTS,
    }
)
_POSTER = frozenset({Permission.READ_VACANCIES, Permission.POST_VACANCIES, Permission.POST_VACANCY_LISTS})

MAY: dict[Role, frozenset[Permission]] = {
    Role.STATION: _STATION,
    Role.HEAD: _STATION,
    Role.DESTINATION: _POSTER,
    Role.EMPLOYER: _POSTER,
    Role.COORDINATOR: _POSTER,
    Role.WORKER: frozenset({Permission.READ_VACANCIES}),
    Role.AUDITOR: frozenset({Permission.READ_VACANCIES}),
    Role.OPERATOR: frozenset(),
    Role.ENGINE: frozenset({Permission.READ_VACANCIES}),
    Role.VISITOR: frozenset(),
    Role.DOOR: frozenset(),
}


def allow(actor: Actor, permission: Permission) -> None:
    """Pass, or raise NotAllowed."""
    if permission not in MAY[actor.role]:
        raise NotAllowed
