"""What comes in and what goes out: base models of every schema."""

from __future__ import annotations

import json
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, cast

from pydantic import BaseModel, ConfigDict, GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema

from app.edge.written_dates import only_written

_by_hand: ContextVar[bool] = ContextVar("by_hand", default=False)


class In(BaseModel):
    """A body: no unknown fields, "20" is no number and true no 1; dates, ids and enums are read from JSON text.

    FastAPI hands over parsed JSON as Python values, where strict mode would refuse "2026-03-28" for a date: the
    outermost model reads it as JSON again. Built in Python, by keywords, it takes dates and ids themselves.
    """

    model_config = ConfigDict(strict=True, extra="forbid", allow_inf_nan=False)

    if not TYPE_CHECKING:  # the type checker keeps the signature made of the fields

        def __init__(self, /, **data: Any) -> None:
            before = _by_hand.set(True)
            try:
                super().__init__(**data)
            finally:
                _by_hand.reset(before)

        # else pydantic would build every instance through __init__, from Python values
        __init__.__pydantic_base_init__ = True

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """As JSON: the model itself; as parsed JSON: the model read from it."""
        named = dict(only_written(handler(source)))
        name = named.pop("ref", None)  # it belongs to the whole: else the document repeats the model in full
        model = cast(CoreSchema, named)

        def read_as_json(data: Any) -> Any:
            if not isinstance(data, dict) or _by_hand.get():
                return data
            return cls.model_validate_json(json.dumps(data))

        return core_schema.json_or_python_schema(
            model, core_schema.no_info_before_validator_function(read_as_json, model), ref=name
        )


class Out(BaseModel):
    """An answer: built from rows or by hand; every field is always there."""

    model_config = ConfigDict(from_attributes=True, extra="forbid")
