"""Logs as JSON lines, of listed fields only: no address with a query, no body, no name, phone or number of anybody."""

from __future__ import annotations

import logging
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

#: What a line may say. Everything else is left out, so that nobody's data slips in with a new call.
FIELDS = frozenset(
    {
        "event",
        "level",
        "timestamp",
        "request_id",
        "method",
        "operation",
        "status",
        "milliseconds",
        "bytes",
        "error",
        "sqlstate",
        "frames",
        "seconds",
        "count",
        "state",
        "task",
        "attempt",
        # the anchor of the audit chain outside the database
        "seal",
        "head",
    }
)


def keep_listed(_: Any, __: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """The line with its listed fields."""
    return {name: value for name, value in line.items() if name in FIELDS}


def configure(level: str) -> None:
    """Write lines to standard error from now on; the server's own lines of addresses are turned off."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            keep_listed,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        logger_factory=lambda *_: structlog.WriteLogger(sys.stderr),
        cache_logger_on_first_use=False,
    )
    logging.getLogger("uvicorn.access").disabled = True


def log() -> structlog.typing.FilteringBoundLogger:
    """The logger. The event is a constant sentence; what varies goes into listed fields."""
    found: structlog.typing.FilteringBoundLogger = structlog.get_logger()
    return found
