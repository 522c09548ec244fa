"""A form's fields as the API's own models read them: one set of rules, one set of messages."""

from __future__ import annotations

from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from app.edge.field_messages import field_errors
from app.errors import Invalid

M = TypeVar("M", bound=BaseModel)


def checked(model: type[M], **values: Any) -> M:
    """The model of these values. Raises Invalid with its fields."""
    try:
        return model(**values)
    except ValidationError as error:
        parts = [{**part, "loc": ("body", *part["loc"])} for part in error.errors()]
        raise Invalid(errors=field_errors(parts)) from None
