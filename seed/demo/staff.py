"""Invented staff of the demo market: one of each role, all with the demo's password; never in production."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import func, select, update

from app.actor import Role
from app.db.transaction import own
from app.identity.model import Organisation, User
from app.identity.passwords import DEMO, hash_of_password
from app.identity.usecases import ensure_organisation, hire
from app.places.queries import division_name
from app.settings import settings


class DemoStaff(NamedTuple):
    """Somebody of the demo's staff."""

    login: str
    role: Role
    division: str | None
    place: str
    #: The organisation's name; None: named after its division.
    organisation: str | None = None


#: The demo employer's licence number; its last character is the check character of the rest.
USCC = "91440106MA5DEMA01E"
EMPLOYER = "天河示例电子有限公司（演示）"
STAFF = (
    DemoStaff("clerk", Role.STATION, "520526", "威宁县劳务工作站 经办人"),
    DemoStaff("head", Role.HEAD, "520526", "威宁县劳务工作站 站长"),
    DemoStaff("tianhe", Role.DESTINATION, "440106", "广州市天河区驻外劳务工作站"),
    DemoStaff("hr", Role.EMPLOYER, "440106", EMPLOYER, EMPLOYER),
    DemoStaff("bijie", Role.COORDINATOR, "520500", "毕节市协作主管部门"),
    DemoStaff("guangzhou", Role.COORDINATOR, "440100", "广州市协作主管部门"),
    DemoStaff("auditor", Role.AUDITOR, None, "审计", "eastwest 审计（演示）"),
    DemoStaff("operator", Role.OPERATOR, None, "运维", "eastwest 运维（演示）"),
)


def hire_staff() -> None:
    """Let the demo's staff be there; who is there already stays as they are. Nobody in production."""
    if settings().env == "production":
        return
    with own() as owner:
        there = set(owner.scalars(select(User.login).where(User.login.in_([one.login for one in STAFF]))))
        missing = [one for one in STAFF if one.login not in there]
        kept = hash_of_password(DEMO) if missing else ""
        for one in missing:
            place = division_name(owner, one.division) if one.division else ""
            office = ensure_organisation(owner, one.role, one.division, one.organisation, place or "")
            if one.role is Role.EMPLOYER:
                approved = {"uscc": USCC, "approved_at": func.now()}
                owner.execute(update(Organisation).where(Organisation.id == office.id).values(**approved))
            hire(owner, office.id, one.role, one.login, "演示人员", kept)
