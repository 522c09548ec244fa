"""A form's fields as the API's own models read them: one set of rules, one set of messages."""

from __future__ import annotations

from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from app.edge.field_messages import field_errors
from app.errors import Invalid
from app.workers.schemas import IntentionIn
from app.workers.usecases import WorkerDetail

M = TypeVar("M", bound=BaseModel)


def checked(model: type[M], **values: Any) -> M:
    """The model of these values. Raises Invalid with its fields."""
    try:
        return model(**values)
    except ValidationError as error:
        parts = [{**part, "loc": ("body", *part["loc"])} for part in error.errors()]
        raise Invalid(errors=field_errors(parts)) from None


def wishes_of(detail: WorkerDetail, occupations: str, places: str, min_wage: str, going_out: str) -> IntentionIn:
    """An intention with what a short form asks for; what it does not ask stays as it was."""
    before = detail.intention
    return checked(
        IntentionIn,
        desired_occupations=occupations.strip() or None,
        desired_places=places.strip() or None,
        min_wage=int(min_wage) if min_wage else None,
        willing_to_go_out={"yes": True, "no": False, "": None}[going_out],
        available_from=before.available_from,
        reach_km=before.reach_km,
        reach_is_limit=before.reach_is_limit,
        in_work_asks=before.in_work_asks,
        training_wanted=before.training_wanted,
    )
