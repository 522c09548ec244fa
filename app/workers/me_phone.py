"""What a worker corrects of the own record: name, skills, and a phone that a code proves."""

from __future__ import annotations

from typing import Any

from app.db.transaction import Write
from app.edge.form_fields import not_null
from app.errors import Unavailable
from app.workers import forms
from app.workers.me_schemas import MePatch
from app.workers.usecases import WorkerDetail


def corrections(body: MePatch) -> tuple[dict[str, Any], list[str]]:
    """The columns that change, and the words that are the worker's own from now on; the phone comes after."""
    columns: dict[str, Any] = {}
    if "name" in body.model_fields_set:
        if body.name is None:
            raise not_null("name")
        columns["name"] = body.name
    if "skills" in body.model_fields_set:
        columns |= {"skills_text": None, "skills": ()} | forms.skills(body.skills)
    return columns, [word for word in ("name", "skills") if word in body.model_fields_set]


def change_phone(
    tx: Write, mine: WorkerDetail, phone: str | None, code: str | None, columns: dict[str, Any], words: list[str]
) -> bool:
    """Send a code to the new phone, or, with the right one, add the phone to the columns. True: a code was sent."""
    if phone is None:
        return False
    raise Unavailable
