"""Every operation of the document, asked with whatever its schema allows and with what it forbids."""

from __future__ import annotations

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.config import GenerationConfig, ProjectConfig, ProjectsConfig, SchemathesisConfig
from schemathesis.specs.openapi.checks import positive_data_acceptance

from app.main import create_app
from tests import people

config = SchemathesisConfig(
    projects=ProjectsConfig(default=ProjectConfig(generation=GenerationConfig(max_examples=5, deterministic=True)))
)
schema = schemathesis.openapi.from_asgi("/openapi.json", create_app(), config=config)


@schema.parametrize()
@pytest.mark.parametrize("role", ["station", "employer"])
@settings(max_examples=5, suppress_health_check=list(HealthCheck), deadline=None)
def test_every_operation_keeps_to_its_document(case, role: str, db: object) -> None:
    case.call_and_validate(
        headers={"Authorization": f"Bearer {people.bearer(role)}"}, excluded_checks=[positive_data_acceptance]
    )
