"""Dates and times as they are written in JSON and addresses, and in no other way: pydantic takes "0" for 1970."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Annotated, Any

from pydantic import AwareDatetime, BeforeValidator
from pydantic_core import CoreSchema, core_schema

from app.edge.field_messages import field_fault

_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d.*", re.ASCII)


def written_day(value: Any) -> Any:
    """A day or its text `2026-03-28`; whether there is such a day is for the next to say."""
    if isinstance(value, date) or (isinstance(value, str) and _DAY.fullmatch(value)):
        return value
    raise field_fault("bad_date", "必须是日期，如 2026-03-28。", "Must be a date such as 2026-03-28.")


def written_moment(value: Any) -> Any:
    """A time or its text (RFC 3339)."""
    if isinstance(value, datetime) or (isinstance(value, str) and _MOMENT.fullmatch(value)):
        return value
    raise field_fault("bad_time", "必须是带时区的时间（RFC 3339）。", "Must be a time with an offset (RFC 3339).")


#: For queries and paths; bodies made of In have it for every date and time.
Day = Annotated[date, BeforeValidator(written_day)]
Moment = Annotated[AwareDatetime, BeforeValidator(written_moment)]
_CHECKS = {"date": written_day, "datetime": written_moment}


def only_written(schema: CoreSchema) -> CoreSchema:
    """The schema, whose dates and times are read from their written form only."""
    found: CoreSchema = _rewritten(schema)
    return found


def _rewritten(part: Any) -> Any:
    if isinstance(part, list):
        return [_rewritten(each) for each in part]
    if not isinstance(part, dict):
        return part
    if part.get("type") in _CHECKS and part.keys() <= _DATE_KEYS:
        # what the check lets through may be read leniently
        return core_schema.no_info_before_validator_function(_CHECKS[part["type"]], {**part, "strict": False})
    if part.get("type") == "function-before" and part["function"]["function"] in _CHECKS.values():
        return part
    return {key: _rewritten_inside(key, value) for key, value in part.items()}


def _rewritten_inside(key: str, value: Any) -> Any:
    if key == "fields":
        return {name: _rewritten(field) for name, field in value.items()}
    return _rewritten(value) if key in _NESTED else value


#: What a date's or time's own schema may say.
_DATE_KEYS = frozenset(
    {"type", "strict", "le", "ge", "lt", "gt", "now_op", "now_utc_offset", "tz_constraint", "microseconds_precision"}
    | {"ref", "metadata", "serialization"}
)
#: Where schemas lie inside schemas.
_NESTED = frozenset(
    {"schema", "items_schema", "keys_schema", "values_schema", "choices", "definitions", "json_schema"}
    | {"python_schema", "steps", "field"}
)
