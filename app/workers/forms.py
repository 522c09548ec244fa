"""What a form states about a worker → a draft: words understood, numbers judged, the home found.

Each raises Invalid with the field that is wrong; nothing of what was sent is repeated.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from app.edge.form_fields import joined, not_null, wrong
from app.errors import FieldError, Invalid
from app.messages.phone import as_mobile
from app.occupations.lexicon_files import lexicon
from app.places.stated_places import stated_place
from app.workers.drafts import WorkerDraft
from app.workers.id_number import as_18, fault_of
from app.workers.schemas import IntentionIn, PaperIn, WorkerIn, WorkerPatch
from app.workers.wishes import PlaceWish, understand_wishes


def worker_draft(body: WorkerIn, near: str | None, today: date) -> WorkerDraft:
    """The draft of a whole worker; `near` is the station's division."""
    if body.consent is not None:
        check_paper(body.consent, today, "consent")
    home = stated_place(body.home_address, "home_address", near, _point(body))
    return WorkerDraft(
        name=body.name,
        id_number=read_id_number(body.id_number, today),
        home=home,
        home_text=body.home_address,
        phone=body.phone and read_phone(body.phone),
        groups=None if body.groups is None else tuple(body.groups),
        education=body.education and body.education.value,
        labour_ability=body.labour_ability and body.labour_ability.value,
        employment_status=body.employment_status and body.employment_status.value,
        household=body.household,
        remarks=body.remarks,
        consent=body.consent is not None,
        **skills(body.skills),
        **certificates(body.certificates),
        **intention(body, home.code),
    )


def changes(body: WorkerPatch, near: str | None) -> dict[str, Any]:
    """The fields of a draft that were sent, under the draft's names; null stands for: no longer known."""
    found: dict[str, Any] = {}
    for name in body.model_fields_set - {"home_point"}:
        value = getattr(body, name)
        match name:
            case "skills":
                found |= {"skills_text": None, "skills": ()} | skills(value)
            case "certificates":
                found |= {"certificates_text": None, "certificates": ()} | certificates(value)
            case "phone":
                found["phone"] = value and read_phone(value)
            case "home_address":
                found |= _home(body, near)
            case "name":
                found["name"] = _not_null(value, "name")
            case "groups" | "remarks":
                found[name] = value if value is not None else type_of_blank(name)
            case _:
                found[name] = value if value is None else str(value)
    if "home_point" in body.model_fields_set and "home_address" not in body.model_fields_set:
        raise wrong("home_address", "missing", "坐标须与住址一起填写。", "A point comes together with its address.")
    return found


def type_of_blank(name: str) -> list[str] | dict[str, str]:
    """What groups and remarks hold when nothing is known."""
    return [] if name == "groups" else {}


def _home(body: WorkerPatch, near: str | None) -> dict[str, Any]:
    address = _not_null(body.home_address, "home_address")
    return {"home": stated_place(address, "home_address", near, _point(body)), "home_text": address}


def _point(body: WorkerIn | WorkerPatch) -> tuple[float, float] | None:
    return body.home_point.wgs84() if body.home_point else None


def intention(body: IntentionIn, home_code: str) -> dict[str, Any]:
    """A draft's fields of an intention; places are seen from the home division."""
    places = joined(body.desired_places)
    wish = understand_wishes(places, home_code) if places else PlaceWish()
    wanted = joined(body.desired_occupations)
    understood = lexicon().understand(wanted, kind="worker") if wanted else None
    return {
        "willing_to_go_out": body.willing_to_go_out,
        "occupations_text": wanted,
        "occupations": tuple(found.term for found in understood.occupations) if understood else (),
        "places_text": places,
        "destinations": wish.wanted,
        "not_destinations": wish.unwanted,
        "scope": wish.scope,
        "min_wage": body.min_wage,
        "reach_km": body.reach_km,
        "reach_is_limit": body.reach_is_limit,
        "available_from": body.available_from,
        "in_work_asks": body.in_work_asks,
        "training_wanted": body.training_wanted or None,
    }


def skills(words: str | list[str] | None) -> dict[str, Any]:
    """A draft's skills; {} when none were stated."""
    text = joined(words)
    if text is None:
        return {}
    understood = lexicon().understand(text, kind="worker")
    terms = (found.term for found in (*understood.occupations, *understood.skills))
    return {"skills_text": text, "skills": tuple(dict.fromkeys(terms))}


def certificates(words: str | list[str] | None) -> dict[str, Any]:
    """A draft's certificates; {} when none were stated."""
    text = joined(words)
    return {} if text is None else {"certificates_text": text, "certificates": lexicon().certificates(text).named}


def read_id_number(text: str, today: date) -> str:
    """18 characters of somebody old enough to work."""
    number = as_18(text)
    fault = fault_of(number, today)
    if fault == "under_age":
        raise wrong("id_number", fault, "未满 16 周岁，不得登记求职。", "Younger than 16: may not be registered.")
    if fault is not None:
        zh, en = "身份证号码有误，请核对全部 18 位。", "The ID number is wrong: check all 18 characters."
        raise wrong("id_number", "id_number_checksum", zh, en)
    return number


def read_phone(text: str) -> str:
    """A mobile number of 11 digits."""
    number = as_mobile(text)
    if number is None:
        raise wrong("phone", "bad_phone", "须为 11 位手机号码。", "Must be a mobile number of 11 digits.")
    return number


def check_paper(paper: PaperIn, today: date, *place: str) -> None:
    """Pass when the paper was signed by today."""
    if paper.signed_on > today:
        zh, en = "签字日期不能在今天之后。", "The day of signing cannot lie after today."
        raise Invalid(errors=(FieldError(("body", *place, "signed_on"), "bad_date", zh, en),))


def _not_null(value: str | None, field: str) -> str:
    if value is None:
        raise not_null(field)
    return value
