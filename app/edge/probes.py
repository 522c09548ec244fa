"""Whether the service lives, is ready, and how it does."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum, auto
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from prometheus_client import generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from app.edge.access import REGISTRY, report
from app.edge.strict import Out

router = APIRouter(tags=["probes"])
#: A check: True when all is well. It may raise; then all is not.
Check = Callable[[], bool]


class Health(StrEnum):
    """How something is."""

    OK = auto()
    AWAY = auto()


class HealthOut(Out):
    """The process lives."""

    status: Health


class ReadinessOut(Out):
    """Whether requests can be served; each check by its name."""

    status: Health
    checks: dict[str, Health]


def checks_of(request: Request) -> dict[str, Check]:
    """The checks of this application."""
    found: dict[str, Check] = request.app.state.checks
    return found


@router.get("/healthz")
async def get_health() -> HealthOut:
    """进程是否存活。/ Whether the process lives."""
    return HealthOut(status=Health.OK)


@router.get("/readyz", responses={503: {"model": ReadinessOut, "description": "Not ready"}})
def get_readiness(checks: Annotated[dict[str, Check], Depends(checks_of)], response: Response) -> ReadinessOut:
    """数据库、迁移、岗位市场是否就绪。/ Whether database, migrations and market are ready."""
    found = {name: _health(check) for name, check in checks.items()}
    status = Health.OK if Health.AWAY not in found.values() else Health.AWAY
    if status is Health.AWAY:
        response.status_code = 503
        response.headers["Retry-After"] = "2"
    return ReadinessOut(status=status, checks=found)


@router.get("/metrics", response_class=Response, responses={200: {"content": {"text/plain": {}}}})
def get_metrics() -> Response:
    """Prometheus 指标。/ Counts and times by operation."""
    return Response(generate_latest(REGISTRY), media_type=CONTENT_TYPE_LATEST)


def _health(check: Check) -> Health:
    try:
        return Health.OK if check() else Health.AWAY
    except Exception as error:  # whatever is wrong, the answer is the same
        report(error)
        return Health.AWAY
