"""A form's fields as the API's own models read them: one set of rules, one set of messages."""

from __future__ import annotations

from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from app.edge.field_messages import field_errors
from app.edge.form_fields import faults_of, wrong
from app.errors import Invalid, ProductError
from app.lists.values.money import parse_pay
from app.workers import forms
from app.workers.schemas import IntentionIn
from app.workers.usecases import WorkerDetail
from app.workers.wishes import understand_wishes

M = TypeVar("M", bound=BaseModel)


def checked(model: type[M], **values: Any) -> M:
    """The model of these values. Raises Invalid with its fields."""
    try:
        return model(**values)
    except ValidationError as error:
        parts = [{**part, "loc": ("body", *part["loc"])} for part in error.errors()]
        raise Invalid(errors=field_errors(parts)) from None


def in_words(problem: ProductError, english: bool) -> dict[str, str]:
    """What is wrong by field of the body, in one language."""
    return {str(error.loc[-1]): error.en if english else error.zh for error in problem.errors}


def yuan_a_month(words: str) -> int | None:
    """An amount as lists write it: 4500, 四千五, 每天 200. None: nothing stated. Raises Invalid."""
    pay, reason = parse_pay(words)
    if reason is not None:
        zh, en = "没看懂：请写每月多少元，如 4500 或 四千五。", "Not understood: write yuan a month, such as 4500."
        raise wrong("min_wage", "bad_wage", zh, en)
    return pay.low


def wanted_of(detail: WorkerDetail, occupations: str, places: str, min_wage: str, going_out: str) -> dict[str, Any]:
    """A draft's fields of what a short form asks for. Raises Invalid with all that is wrong."""
    home = detail.worker.home_code
    faults = faults_of(lambda: yuan_a_month(min_wage), lambda: understand_wishes(places.strip(), home))
    if faults:
        raise Invalid(errors=faults)
    return forms.intention(_wishes_of(detail, occupations, places, min_wage, going_out), home)


def _wishes_of(detail: WorkerDetail, occupations: str, places: str, min_wage: str, going_out: str) -> IntentionIn:
    """An intention with what a short form asks for; what it does not ask stays as it was."""
    before = detail.intention
    return checked(
        IntentionIn,
        desired_occupations=occupations.strip() or None,
        desired_places=places.strip() or None,
        min_wage=yuan_a_month(min_wage),
        willing_to_go_out={"yes": True, "no": False, "": None}[going_out],
        available_from=before.available_from,
        reach_km=before.reach_km,
        reach_is_limit=before.reach_is_limit,
        in_work_asks=before.in_work_asks,
        training_wanted=before.training_wanted,
    )
