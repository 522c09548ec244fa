"""Every operation of the document, asked with what its schema allows and with what it forbids.

The operations come from the document itself: a route that lands later is asked too. What must hold is schemathesis'
own list: no 5xx, only documented statuses, kinds and shapes of answers, nothing forbidden accepted, no way in without a
token, the right word to a method there is not.
"""

from __future__ import annotations

import os
import warnings
from collections import Counter
from collections.abc import Iterator
from itertools import cycle
from typing import Any

import hypothesis
import pytest
import schemathesis
from schemathesis.checks import not_a_server_error
from schemathesis.config import GenerationConfig, ProjectConfig, ProjectsConfig, SchemathesisConfig
from schemathesis.generation import meta
from schemathesis.specs.openapi.checks import (
    negative_data_rejection,
    positive_data_acceptance,
    status_code_conformance,
)
from sqlalchemy import Connection

from app.main import create_app
from tests import people
from tests.client import TestClient
from tests.vacancies.invented import form as vacancy_form
from tests.workers.invented import form as worker_form

app = create_app()
#: Examples of one operation; `./dev soak fuzz` asks for many.
EXAMPLES = int(os.environ.get("EASTWEST_FUZZ", "6"))
_generation = GenerationConfig(max_examples=EXAMPLES, deterministic=True)
with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    schema = schemathesis.openapi.from_asgi(
        "/openapi.json",
        app,
        config=SchemathesisConfig(projects=ProjectsConfig(default=ProjectConfig(generation=_generation))),
    )
#: Who asks, in turn; a station may do most.
STAFF = cycle(["station", "employer", "station", "coordinator"])
#: Whether to ask for what is there, in turn; otherwise for what is not.
KNOWN = cycle([True, True, False])
#: So many cases of one operation that schemathesis works out from the schema are enough; large bodies have hundreds.
MOST = 100
asked: Counter[str] = Counter()


@pytest.fixture
def planted(db: Connection) -> dict[str, str]:
    """The ids of a worker, a vacancy and lists of the station, under the names of path parameters."""
    station = TestClient(app, headers={"Authorization": f"Bearer {people.bearer('station')}"})
    consent = {"witness": "王站长", "signed_on": "2026-01-05"}
    worker = station.post("/v1/workers", json=worker_form(1, consent=consent))
    vacancy = station.post("/v1/vacancies", json=vacancy_form())
    posted = station.post("/v1/worker-lists", files={"file": ("名单.csv", "姓名,身份证号\n张三,1\n".encode())})
    answers = {"worker_id": worker, "vacancy_id": vacancy, "list_id": posted}
    assert all(answer.is_success for answer in answers.values()), [answer.text for answer in answers.values()]
    return {name: answer.json()["id"] for name, answer in answers.items()}


# the parameter gives every operation a name of its own among the tests
@pytest.mark.parametrize("by", [STAFF], ids=["staff"])
@schema.parametrize()
@hypothesis.settings(max_examples=EXAMPLES, suppress_health_check=list(hypothesis.HealthCheck))
def test_an_operation_keeps_to_its_document(case: Any, by: Iterator[str], planted: dict[str, str]) -> None:
    if case.meta.phase.name is meta.TestPhase.COVERAGE:
        asked[case.operation.label] += 1
        if asked[case.operation.label] > MOST:
            return
    if case.meta.generation.mode.is_positive and next(KNOWN):
        case.path_parameters |= {name: planted[name] for name in case.path_parameters if name in planted}
    # a value its schema allows may still break a rule no schema can say
    beyond: list[Any] = [positive_data_acceptance]
    if set(case.query or ()) - {parameter.name for parameter in case.operation.query}:
        beyond.append(negative_data_rejection)  # names in the address that nobody asks for are passed over
    if case.path == "/readyz" or case.path.endswith("/suggestions"):
        beyond.append(not_a_server_error)  # 503 until the market is known, which every call here begins anew
    if case.path == "/v1/auth/token":
        beyond.append(status_code_conformance)  # 401 is its answer to a wrong password
    case.call_and_validate(headers={"Authorization": f"Bearer {people.bearer(next(by))}"}, excluded_checks=beyond)
