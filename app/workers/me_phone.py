"""What a worker corrects of the own record: name, skills, and a phone that a code proves."""

from __future__ import annotations

from typing import Any

from app.db.sealing import blind_index
from app.db.transaction import Write
from app.edge.form_fields import not_null, wrong
from app.identity.codes import PHONE, issue_code, redeem_code
from app.workers import forms
from app.workers.me import check_may_give
from app.workers.me_schemas import MePatch
from app.workers.store import seal_phone
from app.workers.usecases import WorkerDetail


def corrections(body: MePatch) -> tuple[dict[str, Any], list[str]]:
    """The columns that change, and the words that are the worker's own from now on; the phone comes after."""
    columns: dict[str, Any] = {}
    for name in ("name", "phone"):
        if name in body.model_fields_set and getattr(body, name) is None:
            raise not_null(name)
    if body.name is not None:
        columns["name"] = body.name
    if "skills" in body.model_fields_set:
        columns |= {"skills_text": None, "skills": ()} | forms.skills(body.skills)
    return columns, [word for word in ("name", "skills") if word in body.model_fields_set]


def new_phone(tx: Write, mine: WorkerDetail, body: MePatch) -> tuple[dict[str, Any], bool]:
    """The columns of a phone that its code has proved; before that a code is sent to it and the second part is True.

    Raises DeviceOnHold: who reaches the worker by phone from now on is a giving act. The number before is told by
    app.know_phone_changes.
    """
    if body.phone is None:
        if body.phone_code is not None:
            raise wrong("phone", "missing", "请一并填写新手机号。", "Send the new phone together with its code.")
        return {}, False
    phone = forms.read_phone(body.phone)
    worker = mine.worker
    if phone == mine.phone:
        return {}, False
    check_may_give(tx)
    if body.phone_code is None:
        issue_code(tx, PHONE, worker.id, "", "", phone=phone)
        return {}, True
    redeem_code(tx, PHONE, worker.id, "", body.phone_code, phone=phone)
    return {"phone_sealed": seal_phone(worker.id, phone), "phone_index": blind_index(phone, "phone")}, False
