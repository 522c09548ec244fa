"""What schemathesis makes of the document, asked of one's own things; what succeeds is asked once more by a stranger.

Checks of our own beside schemathesis': no success for the other tenant (BOLA), and in no error anything of
a person. EASTWEST_FUZZ says how many examples an operation gets (`./dev soak fuzz`).
"""

from __future__ import annotations

import os
import warnings
from typing import Any

import hypothesis
import pytest
import schemathesis
from schemathesis.config import (
    CoveragePhaseConfig,
    GenerationConfig,
    PhasesConfig,
    ProjectConfig,
    ProjectsConfig,
    SchemathesisConfig,
)
from schemathesis.generation import GenerationMode

from app.main import create_app
from tests.security import http_calls as calls
from tests.security.http_world import CANARIES, bearer
from tests.security.test_http_matrix import House, _parameters, _things, house

__all__ = ["house"]

EXAMPLES = int(os.environ.get("EASTWEST_FUZZ", "3"))
#: Who asks first, and the stranger who asks again.
STRANGERS = {
    "employer": "other_employer",
    "worker": "other_worker",
    "station": "other_station",
    "head": "other_station",
    "destination": "employer",
    "coordinator": "destination",
    "auditor": "employer",
    "operator": "station",
}
#: A coordinator's plan is read by every station in it, each its own workers.
SHARED = frozenset({"listAssignments"})
ROUTES = {
    row.operation: row
    for row in calls.routes()
    if row.foreign == "absent" and _parameters(row) and row.operation not in SHARED
}
_generation = GenerationConfig(max_examples=EXAMPLES, deterministic=True, modes=[GenerationMode.POSITIVE])
with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    schema = schemathesis.openapi.from_asgi(
        "/openapi.json",
        create_app(),
        config=SchemathesisConfig(
            projects=ProjectsConfig(
                default=ProjectConfig(
                    generation=_generation, phases=PhasesConfig(coverage=CoveragePhaseConfig(enabled=False))
                )
            )
        ),
    ).include(operation_id=list(ROUTES))


def _ask(of: House, case: Any, name: str) -> Any:
    """The case as somebody, undone afterwards."""
    point = of.connection.begin_nested()
    try:
        case.operation.app = of.app
        return case.call(headers={"Authorization": f"Bearer {bearer(name)}"}, timeout=60)
    finally:
        point.rollback()


def _tells_nothing(answer: Any) -> None:
    if answer.status_code >= 400:
        assert answer.status_code < 500, answer.text
        assert not [canary for canary in CANARIES if canary.encode() in answer.content]


@schema.parametrize()
@hypothesis.settings(
    max_examples=EXAMPLES, phases=[hypothesis.Phase.generate], suppress_health_check=list(hypothesis.HealthCheck)
)
def test_no_stranger_succeeds_where_the_owner_did(case: Any, house: House) -> None:
    route = ROUTES[case.operation.definition.raw["operationId"]]
    role = next(role for role in STRANGERS if role in route.roles)
    own = {name: _things(route, name)[role][0] for name in _parameters(route)}
    case.path_parameters |= own | {name: value for name, value in calls.PLAIN.items() if name in case.path_parameters}
    mine = _ask(house, case, role)
    _tells_nothing(mine)
    theirs = _ask(house, case, STRANGERS[role])
    _tells_nothing(theirs)
    assert theirs.status_code >= 400 or theirs.status_code == 204 == mine.status_code, (mine.text, theirs.text)


def test_the_check_finds_a_stranger_who_succeeds(house: House) -> None:
    """The same comparison, where everybody may read."""
    row = next(row for row in calls.routes() if row.operation == "getPairing")
    own = {"pairing_id": calls.THINGS["pairing_id"]["employer"][0]}
    answers = [house.ask(name, row, own).status_code for name in ("employer", "other_employer")]
    with pytest.raises(AssertionError):
        assert answers[1] >= 400
