"""Whatever is asked of the reference routes, the answer is 200, 404 or 422, never a failure."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.main import create_app
from tests.client import TestClient

texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30)
codes = st.one_of(st.sampled_from(["520526", "440106", "520000", "999999", "000000"]), texts)
days = st.one_of(st.dates().map(str), texts)
questions = st.one_of(
    st.tuples(
        st.just("/v1/divisions"), st.fixed_dictionaries({}, optional={"q": texts, "near": codes, "parent": codes})
    ),
    st.tuples(st.just("/v1/pairings"), st.fixed_dictionaries({}, optional={"west": codes, "east": codes, "on": days})),
    st.tuples(
        st.just("/v1/pairings/between"), st.fixed_dictionaries({"west": codes, "east": codes}, optional={"on": days})
    ),
    st.tuples(st.just("/v1/occupations"), st.fixed_dictionaries({}, optional={"q": texts, "cursor": texts})),
)


@pytest.fixture(scope="module")
def app_client() -> TestClient:
    return TestClient(create_app(rooms=("places", "pairings", "occupations")))


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(question=questions)
def test_no_question_breaks_the_reference_routes(
    db: object, app_client: TestClient, question: tuple[str, dict[str, str]]
) -> None:
    address, query = question
    answer = app_client.get(address, params={"limit": "2", **query})
    assert answer.status_code in (200, 422), answer.text
    assert answer.status_code == 200 or answer.json()["errors"]
