"""The OpenAPI document: camelCase operation ids, and the problems every operation can answer with."""

from __future__ import annotations

import json
import re
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute

from app.edge.problems import MEDIA_TYPE, Problem, title_of

#: pydantic calls Page[WorkerOut] so, whatever the class says; clients get WorkerPage.
_PAGE = re.compile(r"\bPage_(\w+?)(?:Out)?_(?=\")")
_METHODS = frozenset({"get", "put", "post", "delete", "patch", "head", "options", "trace"})
_ALWAYS = (400, 404, 405, 413, 429, 503)
_SIGNED_IN = (401, 403)
_CHANGING = (409, 412, 415, 422, 507)


def operation_id(route: APIRoute) -> str:
    """`list_vacancies` → `listVacancies`."""
    first, *rest = route.name.split("_")
    return first + "".join(word.capitalize() for word in rest)


def install(app: FastAPI) -> None:
    """Give the application its document, made at the first asking."""

    def document() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = describe(app)
        return app.openapi_schema

    app.openapi = document  # type: ignore[method-assign]


def describe(app: FastAPI) -> dict[str, Any]:
    """The document of an application."""
    made = get_openapi(
        title=app.title,
        version=app.version,
        summary=app.summary,
        description=app.description,
        routes=app.routes,
        tags=app.openapi_tags,
        separate_input_output_schemas=app.separate_input_output_schemas,
    )
    schemas = made.setdefault("components", {}).setdefault("schemas", {})
    for replaced in ("HTTPValidationError", "ValidationError"):
        schemas.pop(replaced, None)
    problem = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas |= problem.pop("$defs") | {"Problem": problem}
    for path in made["paths"].values():
        for method, operation in path.items():
            if method in _METHODS:
                _add_problems(method, operation)
    named: dict[str, Any] = json.loads(_PAGE.sub(r"\1Page", json.dumps(made)))
    return named


def _add_problems(method: str, operation: dict[str, Any]) -> None:
    responses = operation.setdefault("responses", {})
    if "HTTPValidationError" in str(responses.get("422", "")):
        del responses["422"]
    statuses = set(_ALWAYS) | (set(_SIGNED_IN) if operation.get("security") else set())
    if method != "get":
        statuses |= set(_CHANGING)
    elif operation.get("parameters"):
        statuses.add(422)
    for status in sorted(statuses):
        responses.setdefault(str(status), _problem(status))
    if method == "get" and "200" in responses:
        responses.setdefault("304", {"description": "Not Modified"})


def _problem(status: int) -> dict[str, Any]:
    return {
        "description": f"{title_of(status, 'en')} / {title_of(status, 'zh')}",
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
