"""Every operation × role × own, foreign and absent, over HTTP, as tests/security/routes.toml says.

Each cell is asked alone and undone. Whoever may not call an operation is told so without learning whether the thing is
there; whoever may meets foreign things exactly as what does not exist: status, headers and body byte for byte.
"""

from __future__ import annotations

import os
import uuid
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import Connection

from app.edge.public_ids import show
from app.main import create_app
from tests.client import TestClient
from tests.database import Server
from tests.security import http_calls as calls
from tests.security.http_calls import Route, routes
from tests.security.http_world import ROLES, PinnedMarket, client, standing_over_http
from tests.security.world import named, organisation

ROUTES = {row.operation: row for row in routes()}
#: cells asked, by what was asked for.
ASKED: Counter[str] = Counter()
#: (operation, role) -> why what is one's own is refused all the same; routes.toml says it in `own`.
REFUSED_OWN = {
    ("answerSuggestion", "station"): "without the code or a signed paper",
    ("answerSuggestion", "head"): "without the code or a signed paper",
    ("acceptPlacement", "station"): "without the code or a signed paper",
    ("acceptPlacement", "head"): "without the code or a signed paper",
    **{
        (f"get{kind}ListSheet", role): "a list that is still being read has no sheet"
        for kind in ("Worker", "Vacancy")
        for role in ("station", "head", "destination", "employer", "coordinator")
    },
    ("changeUser", "destination"): "two persons are needed",
    ("changeUser", "employer"): "two persons are needed",
    ("changeUser", "coordinator"): "two persons are needed",
}
#: What is undone already is undone: nothing happens, and nothing is told.
DONE_ALREADY = frozenset({"removeCompanions"})
#: Answers that differ from one another without telling anything.
_UNLIKE = frozenset({"x-request-id", "date"})


@dataclass
class House:
    """The service on the world, and a way back."""

    app: FastAPI
    connection: Connection

    def ask(self, role: str, route: Route, things: Mapping[str, str], **more: Any) -> Any:
        """One request as a role, undone afterwards."""
        point = self.connection.begin_nested()
        try:
            return call(client(self.app, role), route, things, **more)
        finally:
            point.rollback()


def call(by: TestClient, route: Route, things: Mapping[str, str], **more: Any) -> Any:
    """One request of an operation; `more` replaces what http_calls.py sends."""
    sent: dict[str, Any] = {"params": calls.QUERIES.get(route.operation)}
    if route.operation in calls.BODIES:
        sent["json"] = calls.BODIES[route.operation]
    if route.operation in calls.FILES:
        sent["files"] = calls.FILES[route.operation]
    if route.operation in calls.FORMS:
        sent["data"] = calls.FORMS[route.operation]
    return by.request(route.method, route.path.format(**calls.PLAIN | dict(things)), **sent | more)


def told(answer: Any) -> tuple[Any, ...]:
    """All that an answer tells."""
    headers = sorted((name, value) for name, value in answer.headers.items() if name not in _UNLIKE)
    return answer.status_code, headers, answer.content


@pytest.fixture(scope="module")
def house(server: Server, full_template: str) -> Iterator[House]:
    name = f"ew_clone_{os.getpid()}_{uuid.uuid4().hex[:8]}"
    with ExitStack() as stack:
        connection = stack.enter_context(standing_over_http(server, full_template, name))
        patch = stack.enter_context(pytest.MonkeyPatch.context())
        patch.setattr("app.db.transaction.engine", lambda: connection)
        patch.setattr("app.db.transaction.engine_apart", lambda: connection)
        app = create_app()
        app.state.market = PinnedMarket()
        yield House(app, connection)


def _parameters(route: Route) -> list[str]:
    """The ids in the path, the outermost first."""
    return [name for name in calls.THINGS if f"{{{name}}}" in route.path]


def _things(route: Route, name: str) -> calls.Things:
    own = route.operation in calls.THINGS_OF and name == _parameters(route)[0]
    return calls.THINGS_OF[route.operation] if own else calls.THINGS[name]


def _kind(shown: str) -> str:
    return shown.partition("_")[0]


def test_every_operation_has_a_row_and_every_row_an_operation() -> None:
    document = create_app().openapi()["paths"]
    there = {
        (found["operationId"], method.upper(), path)
        for path, methods in document.items()
        for method, found in methods.items()
    }
    assert {(row.operation, row.method, row.path) for row in routes()} == there
    assert len(routes()) == len(ROUTES) == len(there)
    assert all(row.roles and row.roles <= set(ROLES) and row.own and row.why for row in routes())


def _wrong(house: House, route: Route, role: str) -> Iterator[str]:
    """What is wrong with the cells of one operation and one role."""
    names = _parameters(route)
    things = {name: _things(route, name) for name in names}
    some = {name: next(iter(of.values())) for name, of in things.items()}
    own = {name: things[name].get(role, some[name])[0] for name in names}
    absent = {name: f"{_kind(shown)}_{calls.ABSENT.hex}" for name, shown in own.items()}
    mine = house.ask(role, route, own)
    ASKED["own"] += 1
    if role not in route.roles:
        refused = {401} if role == "visitor" else {403}
        if mine.status_code not in refused:
            yield f"own: {mine.status_code} for somebody who may not: {mine.text[:120]}"
        if names:
            ASKED["absent"] += 1
            if told(mine) != told(house.ask(role, route, absent)):
                yield "who may not learns whether it is there"
        return
    expected = REFUSED_OWN.get((route.operation, role))
    if mine.status_code >= 500 or (mine.status_code in (401, 403, 404)) != bool(expected):
        yield f"own: {mine.status_code} {mine.text[:200]}"
    for name in names:
        nothing = house.ask(role, route, own | {name: absent[name]})
        ASKED["absent"] += 1
        if nothing.status_code != (204 if route.operation in DONE_ALREADY else 404):
            yield f"absent {name}: {nothing.status_code} {nothing.text[:120]}"
        for foreign in things[name].get(role, some[name])[1]:
            theirs = house.ask(role, route, own | {name: foreign})
            ASKED["foreign"] += 1
            match route.foreign:
                case "absent" if told(theirs) != told(nothing):
                    yield f"foreign {name} {foreign}: {told(theirs)[0]} is not as absent {theirs.text[:150]}"
                case "read" if theirs.status_code >= 400:
                    yield f"what everybody reads: {theirs.status_code}"
                case "403" if theirs.status_code != 403:
                    yield f"foreign {name}: {theirs.status_code}, not 403"


@pytest.mark.parametrize("operation", ROUTES)
def test_an_operation_is_for_whom_the_matrix_says(house: House, operation: str) -> None:
    route = ROUTES[operation]
    wrong = {role: found for role in ROLES if (found := list(_wrong(house, route, role)))}
    assert wrong == {}


_FOREIGN, _NOBODY = show("w", named("worker", "foreign")), show("w", calls.ABSENT)
_RIVAL, _NO_VACANCY = show("v", named("vacancy", "other_employer:closed")), show("v", calls.ABSENT)
_OFFICE, _NO_OFFICE = show("o", organisation("other_station")), show("o", calls.ABSENT)
_PLACE = {"kind": "role_grant", "reason": "more work", "role": "head", "name": "李"}
#: Others' things named inside a request: operation, role, what names them, what names nothing.
NESTED: list[tuple[str, str, dict[str, Any], dict[str, Any]]] = [
    *(
        (operation, role, {"json": {**body, field: theirs}}, {"json": {**body, field: nothing}})
        for operation, role, body, field, theirs, nothing in (
            (
                "setCompanions",
                "station",
                {"wish": "town"},
                "workers",
                [calls.OWN_WORKER, _FOREIGN],
                [calls.OWN_WORKER, _NOBODY],
            ),
            ("askExport", "station", {"reason": "for a fair"}, "worker_ids", [_FOREIGN], [_NOBODY]),
            ("chooseMyRecord", "worker", {}, "worker_id", _FOREIGN, _NOBODY),
            ("overrideAssignment", "station", {"reason": "better"}, "vacancy_id", _RIVAL, _NO_VACANCY),
            ("makeComplaint", "worker", {"kind": "other", "words": "x"}, "vacancy_id", _RIVAL, _NO_VACANCY),
            ("askApproval", "head", _PLACE, "organisation_id", _OFFICE, _NO_OFFICE),
            (
                "orderPlan",
                "station",
                {},
                "lists",
                [show("l", named("list", "other_station"))],
                [show("l", calls.ABSENT)],
            ),
        )
    ),
    *(
        (operation, role, {"params": {field: theirs}}, {"params": {field: nothing}})
        for operation, role, field, theirs, nothing in (
            ("listPlacements", "station", "vacancy", _RIVAL, _NO_VACANCY),
            ("listPlacements", "employer", "vacancy", _RIVAL, _NO_VACANCY),
            ("withdrawMyConsent", "worker", "vacancy_id", _RIVAL, _NO_VACANCY),
            ("listAssignments", "station", "after", "w_" + "f" * 32, "w_" + "f" * 31 + "e"),
        )
    ),
]


@pytest.mark.parametrize("case", NESTED, ids=[f"{operation}-{role}" for operation, role, *_ in NESTED])
def test_others_things_named_inside_a_request_are_as_absent(house: House, case: tuple[str, str, Any, Any]) -> None:
    operation, role, theirs, nothing = case
    route = ROUTES[operation]
    own = {name: _things(route, name)[role][0] for name in _parameters(route)}
    answers = [house.ask(role, route, own, **sent) for sent in (theirs, nothing)]
    assert told(answers[0]) == told(answers[1])
    assert answers[0].status_code < 500


def test_a_cursor_of_anothers_list_shows_ones_own_rows_only(house: House) -> None:
    first = client(house.app, "station").get("/v1/workers?limit=1").json()
    with_theirs = client(house.app, "other_station").get("/v1/workers", params={"cursor": first["next"]}).json()
    shown = {one["id"] for one in with_theirs["items"]}
    assert shown <= {show("w", named("worker", label)) for label in ("foreign", "foreign_spare")}
    elsewhere = client(house.app, "station").get("/v1/vacancies", params={"cursor": first["next"]})
    assert elsewhere.status_code == 422


def test_anothers_idempotency_key_has_no_effect(house: House) -> None:
    point = house.connection.begin_nested()
    key = {"Idempotency-Key": "one-and-the-same"}
    body = calls.BODIES["createWorker"]
    first, again = (client(house.app, "station").post("/v1/workers", json=body, headers=key) for _ in range(2))
    other = client(house.app, "other_station").post("/v1/workers", json=body, headers=key)
    head = client(house.app, "head").post("/v1/workers", json=body | {"name": "李"}, headers=key)
    point.rollback()
    assert first.status_code == again.status_code == other.status_code == 201
    assert again.content == first.content
    assert other.json()["id"] != first.json()["id"]
    assert head.status_code != 409 or head.json()["code"] != "idempotency_key_reused"


def test_so_many_cells_were_asked(capsys: pytest.CaptureFixture[str]) -> None:
    with capsys.disabled():
        print(f"\nmatrix over HTTP: {len(ROUTES)} operations, {ASKED.total()} cells {dict(ASKED)}")
    assert ASKED["own"] in (0, len(ROUTES) * len(ROLES)) or ASKED["own"] % len(ROLES) == 0
