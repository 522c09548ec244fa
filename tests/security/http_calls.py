"""How each operation of routes.toml is called on the world: with whose things, and with which body.

`own`: what the role may reach; `foreign`: what is there and not the role's, and must answer as what is not there.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from app.edge.public_ids import show
from tests.security.http_world import CODE, PASSWORD, vacancy_list
from tests.security.world import named, organisation
from tests.vacancies.invented import form as vacancy_form
from tests.workers.invented import form as worker_form

Things = dict[str, tuple[str, tuple[str, ...]]]
#: Nobody has it.
ABSENT = UUID("00000000-0000-4000-8000-00000000dead")


@dataclass(frozen=True)
class Route:
    """A row of routes.toml."""

    operation: str
    method: str
    path: str
    roles: frozenset[str]
    own: str
    why: str
    #: What somebody who may call the operation meets at what is not theirs: 404 as what is absent ("absent"); what
    #: everybody reads anyway ("read"), or reads and must not change ("403").
    foreign: str = "absent"


def routes() -> list[Route]:
    """The matrix of operations."""
    rows = tomllib.loads((Path(__file__).parent / "routes.toml").read_text())["route"]
    return [Route(**row | {"roles": frozenset(row["roles"])}) for row in rows]


def _ids(kind: str, thing: str, **of: tuple[str, tuple[str, ...]]) -> Things:
    return {
        role: (show(kind, named(thing, own)), tuple(show(kind, named(thing, one)) for one in foreign))
        for role, (own, foreign) in of.items()
    }


def _of_posters(kind: str, thing: str, own: str, foreign: str) -> Things:
    """A poster's own, and another poster's."""
    others = {
        "station": "other_station",
        "destination": "employer",
        "employer": "other_employer",
        "coordinator": "employer",
    }
    found = _ids(kind, thing, **{who: (own.format(who), (foreign.format(other),)) for who, other in others.items()})
    return found | {"head": found["station"]}


def _lists(kind: str) -> Things:
    name = (lambda who: named("list", who)) if kind == "worker" else vacancy_list
    others = {
        "station": "other_station",
        "destination": "employer",
        "employer": "other_employer",
        "coordinator": "employer",
    }
    found: Things = {who: (show("l", name(who)), (show("l", name(other)),)) for who, other in others.items()}
    return found | {"head": found["station"]}


_WORKERS = _ids("w", "worker", station=("mine", ("foreign",)), head=("mine", ("foreign",)))
_VACANCIES = _of_posters("v", "vacancy", "{}:open", "{}:closed")
_READ_VACANCIES = _VACANCIES | _ids(
    "v",
    "vacancy",
    employer=("employer:open", ("other_employer:open", "station:open")),
    worker=("employer:open", ("employer:closed", "station:pending")),
    auditor=("employer:open", ("employer:closed",)),
)
_WAITING = _ids(
    "v",
    "vacancy",
    destination=("employer:pending", ("other_employer:pending",)),
    coordinator=("other_employer:pending", ("employer:pending",)),
)
_THEIRS = ("foreign:accepted",)
_PLACEMENTS = _ids(
    "pm",
    "placement",
    station=("mine:introduced", (*_THEIRS, "mine:closed")),
    head=("mine:introduced", (*_THEIRS, "mine:closed")),
    worker=("mine:introduced", _THEIRS),
    employer=("mine:introduced", (*_THEIRS, "mine:held", "mine:closed")),
    destination=("foreign:accepted", ("mine:introduced", "mine:held")),
    auditor=("mine:introduced", ("mine:closed",)),
)
_STAFF = _ids(
    "u",
    "user",
    head=("station", ("other_station", "employer")),
    destination=("destination", ("station", "employer")),
    employer=("employer", ("other_employer", "station")),
    coordinator=("coordinator", ("station",)),
    operator=("station", ()),
    auditor=("station", ()),
)


def _managed(kind: str, thing: str, **more: tuple[str, tuple[str, ...]]) -> Things:
    return _ids(
        kind,
        thing,
        head=("head", ("destination", "employer")),
        destination=("destination", ("head", "employer")),
        employer=("employer", ("other_employer", "head")),
        coordinator=("coordinator", ("head", "employer")),
        **more,
    )


_PLANS = _ids(
    "pn",
    "plan",
    station=("station", ("other_station", "coordinator")),
    head=("station", ("other_station", "coordinator")),
    coordinator=("coordinator", ("station",)),
)
_OF_COORDINATOR = _ids(
    "pn", "plan", station=("coordinator", ("other_station",)), head=("coordinator", ("other_station",))
)
_ORGANISATIONS: Things = {
    role: (show("o", organisation(own)), tuple(show("o", organisation(one)) for one in foreign))
    for role, own, foreign in (
        ("station", "station", ("other_station", "employer")),
        ("head", "station", ("other_station", "destination")),
        ("destination", "destination", ("station", "employer")),
        ("employer", "employer", ("other_employer", "station")),
        ("coordinator", "station", ("other_station", "employer")),
        ("operator", "employer", ()),
        ("auditor", "employer", ()),
    )
}
#: parameter of a path -> role -> own, foreign.
THINGS: dict[str, Things] = {
    "plan_id": _PLANS,
    "worker_id": _WORKERS,
    "vacancy_id": _VACANCIES,
    "list_id": _lists("worker"),
    "suggestion_id": _ids(
        "s",
        "suggestion",
        station=("mine", ("foreign", "mine:former")),
        head=("mine", ("foreign", "mine:former")),
        worker=("mine", ("foreign",)),
    ),
    "placement_id": _PLACEMENTS,
    "check_id": _ids("ac", "answer_check", head=("mine:introduced", _THEIRS), auditor=("mine:introduced", ())),
    "paper_id": _ids("pp", "paper", head=("mine:held", _THEIRS), auditor=("mine:held", ())),
    "complaint_id": _ids(
        "cm",
        "complaint",
        destination=("mine:abroad", ("mine:home", "foreign")),
        coordinator=("mine:home", ("mine:abroad", "foreign")),
        auditor=("mine:home", ()),
    ),
    "export_id": _ids(
        "ex",
        "export",
        station=("station", ("other_station",)),
        head=("station", ("other_station",)),
        auditor=("station", ()),
    ),
    "user_id": _STAFF,
    "invitation_id": _managed("i", "invitation"),
    "key_id": _managed("k", "key", operator=("head", ())),
    "approval_id": _ids(
        "a",
        "approval",
        head=("head", ("other_station", "operator")),
        coordinator=("head", ("other_station", "operator")),
        operator=("operator", ("head",)),
        auditor=("head", ()),
    ),
    "organisation_id": _ORGANISATIONS,
    "device_id": _ids("d", "device", worker=("planted", ("other",))),
    "pairing_id": {
        role: (show("p", named("pairing", "own_side")), (show("p", named("pairing", "pair")),))
        for role in (
            "station",
            "head",
            "destination",
            "employer",
            "coordinator",
            "worker",
            "operator",
            "auditor",
            "visitor",
        )
    },
    "shock_id": {
        role: (show("sh", named("shock", "own_side")), (show("sh", named("shock", "below")),))
        for role in ("station", "head", "destination", "coordinator", "auditor")
    },
}
#: operation -> the same, where it is not the parameter's.
THINGS_OF: dict[str, Things] = {
    "getVacancy": _READ_VACANCIES,
    "approveVacancy": _WAITING,
    "refuseVacancy": _WAITING,
    "getExportFile": _ids("ex", "export", station=("station", ("other_station",)), head=("head", ("other_station",))),
    # a coordinator's plan is carried out by the stations that care for the people in it
    "listAssignments": _OF_COORDINATOR,
    "changeOrganisation": _ORGANISATIONS
    | {"coordinator": (show("o", organisation("coordinator")), (show("o", organisation("station")),))},
    "changeUser": {
        role: (show("u", named("user", "head")) if role == "head" else own, foreign)
        for role, (own, foreign) in _STAFF.items()
    },
}
for _operation in (row.operation for row in routes() if "{list_id}" in row.path):
    THINGS_OF[_operation] = _lists("worker" if "Worker" in _operation else "vacancy")

_DAY = "2026-01-05"
OWN_WORKER = show("w", named("worker", "mine"))
_VACANCY = show("v", named("vacancy", "employer:open"))
#: operation -> its JSON body. `form=` and `files=` otherwise.
BODIES: dict[str, Any] = {
    "createPairing": {"west": "520502", "east": "440106", "since": _DAY, "document": "x"},
    "changePairing": {"document": "another"},
    "createShock": {"division": "520502", "kind": "disaster", "side": "origin", "effect": "aid", "since": _DAY}
    | {"document": "x"},
    "changeShock": {"document": "another"},
    "deleteMe": {"confirm": "delete"},
    "changeMe": {"name": "张四"},
    "setMyIntention": {"min_wage": 4000},
    "setIntention": {"min_wage": 4000},
    "chooseMyRecord": {"worker_id": OWN_WORKER},
    "giveMyConsent": {"purpose": "matching"},
    "createWorker": worker_form(33),
    "changeWorker": {"name": "张四"},
    "giveConsent": {"witness": "王站长", "signed_on": _DAY},
    "createVacancy": vacancy_form(),
    "changeVacancy": {"headcount": 9},
    "refuseVacancy": {"reason": "incomplete"},
    "correctWorkerListColumns": {"columns": {"姓名": "name"}},
    "correctVacancyListColumns": {"columns": {"岗位": "title"}},
    "orderPlan": {},
    "overrideAssignment": {"vacancy_id": None, "reason": "stays at home"},
    "takeBackPlan": {"reason": "published by mistake"},
    "setCompanions": {"workers": [OWN_WORKER, show("w", named("worker", "spare"))], "wish": "town"},
    "answerSuggestion": {"answer": "interested"},
    "declinePlacement": {"code": "filled"},
    "confirmPlacement": {"step": "departed"},
    "decideAnswerCheck": {"outcome": "genuine"},
    "makeComplaint": {"kind": "other", "words": "x"},
    "answerComplaint": {"state": "in_hand"},
    "askExport": {"worker_ids": [OWN_WORKER], "reason": "for a fair"},
    "changePassword": {"present": PASSWORD, "password": "four-green-lorries-go-east"},
    "beginSecondFactor": {"password": PASSWORD},
    "confirmSecondFactor": {"one_time_code": "000000"},
    "endSecondFactor": {"password": PASSWORD, "one_time_code": "000000"},
    "endPlacement": {"code": "contract_over"},
    "acceptInvitation": {"code": CODE, "login": "somebody", "password": "four-green-lorries-go-east"},
    "registerEmployer": {"name": "新厂", "uscc": "91441900MA4UXXXX06", "division": "441900", "login": "somebody.new"}
    | {"person": "李", "password": "four-green-lorries-go-east"},
    "requestCode": {"phone": "13900009999"},
    "verifyCode": {"phone": "13900009999", "code": "000000"},
    "createOrganisation": {"kind": "station", "name": "新站", "division": "520502"},
    "changeUser": {"role": "station"},
    "changeOrganisation": {"phone": "0857-0000000"},
    "createInvitation": {"name": "李"},
    "createKey": {"name": "payroll", "scopes": ["read_vacancies"]},
    "rotateKey": {"keep_old_hours": 1},
    "askApproval": {"kind": "role_grant", "reason": "more work", "role": "head", "name": "李"}
    | {"organisation_id": show("o", organisation("station"))},
    "decideApproval": {"agree": True},
}
_PAPER = {"file": ("名单.csv", "姓名,身份证号\n张三,1\n".encode())}
FILES: dict[str, Any] = {"postWorkerList": _PAPER, "postVacancyList": _PAPER}
FORMS: dict[str, Any] = {
    "createToken": {"grant_type": "password", "username": "login.station", "password": PASSWORD},
}
QUERIES: dict[str, dict[str, str]] = {"getPairingBetween": {"west": "520526", "east": "440106"}}
#: Other parameters of paths.
PLAIN = {"code": "520526", "purpose": "matching"}
