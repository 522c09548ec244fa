"""What a form states about a vacancy → a draft: words understood, the workplace found.

Each raises Invalid with the fields that are wrong; nothing of what was sent is repeated.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from app.edge.form_fields import faults_of, joined, not_null, wrong
from app.errors import FieldError, Invalid
from app.identity.uscc import as_uscc
from app.occupations.lexicon_files import lexicon
from app.places.coordinates import Crs, to_wgs84
from app.places.queries import PlaceKey
from app.places.stated_places import stated_place
from app.vacancies.drafts import VacancyDraft
from app.vacancies.model import Vacancy
from app.vacancies.queries import Filters, Nearby
from app.vacancies.schemas import VacancyIn, VacancyPatch

#: Sent under one name, stated under another.
_RENAMED = {"wage_min": "wage_lo", "wage_max": "wage_hi"}
#: What a vacancy cannot be without.
_REQUIRED = frozenset({"employer", "title", "headcount", "wage_min", "workplace", "kind", "valid_until"})


def vacancy_draft(body: VacancyIn, near: str | None, today: date) -> VacancyDraft:
    """The draft of a whole offer; `near` is the poster's division."""
    wage_hi = body.wage_max if body.wage_max is not None else body.wage_min
    if faults := faults_of(
        lambda: _uscc(body.uscc),
        lambda: workplace_of(body, near),
        lambda: _check_pay_range(body.wage_min, wage_hi),
        lambda: _check_ages(body.age_min, body.age_max),
        lambda: _check_day(body.valid_until, today),
    ):
        raise Invalid(errors=faults)
    skills_text, requirements = joined(body.skills), body.requirements or None
    certificates = joined(body.certificates)
    return VacancyDraft(
        employer=body.employer,
        title=body.title,
        headcount=body.headcount,
        wage_lo=body.wage_min,
        wage_hi=wage_hi,
        wage_text=pay_in_words(body.wage_min, wage_hi),
        workplace=workplace_of(body, near),
        workplace_text=body.workplace,
        external_ref=body.external_ref,
        uscc=_uscc(body.uscc),
        requirements=requirements,
        skills_text=skills_text,
        certificates_text=certificates,
        certificates=_certificates(certificates),
        age_min=body.age_min,
        age_max=body.age_max,
        lodging=body.lodging,
        board=body.board,
        social_insurance=body.social_insurance or None,
        contract=body.contract or None,
        kind=body.kind.value,
        contact=body.contact,
        phone=body.phone,
        start_date=body.start_date,
        valid_until=body.valid_until,
        remarks=body.remarks,
        **understood(body.title, skills_text, requirements),
    )


def workplace_of(body: VacancyIn, near: str | None) -> PlaceKey:
    """Where the work is; `near` is the poster's division."""
    return stated_place(body.workplace, "workplace", near, _point(body))


def changes(body: VacancyPatch, row: Vacancy, near: str | None, today: date) -> dict[str, Any]:
    """The fields of a draft that were sent, under the draft's names; null stands for: no longer stated."""
    sent = {name: getattr(body, name) for name in body.model_fields_set}
    if missing := [name for name in sorted(sent) if name in _REQUIRED and sent[name] is None]:
        raise not_null(missing[0])
    found = {_RENAMED.get(name, name): value for name, value in sent.items() if name != "workplace_point"}
    _change_pay(found, row)
    if "kind" in found:
        found["kind"] = str(found["kind"])
    if "remarks" in found:
        found["remarks"] = found["remarks"] or {}
    if "uscc" in found:
        found["uscc"] = _uscc(found["uscc"])
    if "valid_until" in found:
        _check_day(found["valid_until"], today)
    if "workplace" in found:
        found |= {
            "workplace": stated_place(found["workplace"], "workplace", near, _point(body)),
            "workplace_text": found["workplace"],
        }
    elif "workplace_point" in sent:
        raise wrong("workplace", "missing", "坐标须与地址一起填写。", "A point comes together with its address.")
    if "certificates" in found:
        text = joined(found["certificates"])
        found |= {"certificates_text": text, "certificates": _certificates(text)}
    if found.keys() & {"title", "skills", "requirements"}:
        skills_text = joined(found["skills"]) if "skills" in found else row.skills_text
        requirements = found.get("requirements", row.requirements)
        found |= {"skills_text": skills_text} | understood(found.get("title", row.title), skills_text, requirements)
    _check_ages(found.get("age_min", row.age_min), found.get("age_max", row.age_max))
    return found


def understood(title: str, skills_text: str | None, requirements: str | None) -> dict[str, Any]:
    """A draft's occupation, from the title, and skills, from all the words."""
    words = lexicon()
    named = words.understand(title, kind="job")
    asked = [words.understand(text, kind="job") for text in (skills_text, requirements) if text]
    skills = [found.term for one in (*asked, named) for found in one.skills]
    return {
        "occupation": named.occupations[0].term if named.occupations else None,
        "skills": tuple(dict.fromkeys(skills)),
    }


def pay_in_words(low: int, high: int) -> str:
    """Pay as a form states it."""
    return f"{low}元/月" if low == high else f"{low}-{high}元/月"


def filters(occupation: str | None, pay_from: int | None, q: str | None) -> Filters:
    """What a search asks for; an occupation nobody knows is looked for in the titles."""
    if not occupation:
        return Filters(pay_from=pay_from, words=q or None)
    words = lexicon()
    try:
        terms: tuple[str, ...] = (occupation,) if words.is_occupation(occupation) else ()
    except KeyError:
        terms = tuple(found.term for found in words.understand(occupation, kind="job").occupations)
    return Filters(terms or None, None if terms else occupation, pay_from, q or None)


def nearby(near: str | None, within_km: float | None, crs: Crs) -> Nearby | None:
    """`lon,lat` as a point in WGS84."""
    if near is None:
        if within_km is not None:
            zh, en = "within_km 须与 near=经度,纬度 一起使用。", "within_km needs near=lon,lat."
            raise Invalid(errors=(FieldError(("query", "near"), "missing", zh, en),))
        return None
    try:
        lon, lat = (float(part) for part in near.split(","))
        if not (-180 <= lon <= 180 and -90 <= lat <= 90):
            raise ValueError
    except ValueError:
        zh, en = "须为“经度,纬度”，如 113.26,23.13。", "Must be lon,lat such as 113.26,23.13."
        raise Invalid(errors=(FieldError(("query", "near"), "bad_format", zh, en),)) from None
    return Nearby(*to_wgs84(lon, lat, crs), within_km)


def _change_pay(found: dict[str, Any], row: Vacancy) -> None:
    if not found.keys() & {"wage_lo", "wage_hi"}:
        return
    low = found.get("wage_lo", row.wage_lo)
    # a range stays one when only its lower end moves; wage_max null makes it one sum
    was = row.wage_hi if row.wage_hi != row.wage_lo else low
    high = found.get("wage_hi", was) or low
    _check_pay_range(low, high)
    found |= {"wage_lo": low, "wage_hi": high, "wage_text": pay_in_words(low, high)}


def _check_pay_range(low: int, high: int) -> None:
    if high < low:
        raise wrong("wage_max", "bad_range", "不能低于 wage_min。", "Must not be less than wage_min.")


def _check_ages(age_min: int | None, age_max: int | None) -> None:
    if age_min is not None and age_max is not None and age_max < age_min:
        raise wrong("age_max", "bad_range", "不能小于 age_min。", "Must not be less than age_min.")


def _check_day(valid_until: date | None, today: date) -> None:
    if valid_until is not None and valid_until < today:
        raise wrong(
            "valid_until", "expired", "有效期已过，请填今天或以后的日期。", "It has passed: give today or later."
        )


def _point(body: VacancyIn | VacancyPatch) -> tuple[float, float] | None:
    return body.workplace_point.wgs84() if body.workplace_point else None


def _uscc(text: str | None) -> str | None:
    if text is None:
        return None
    code = as_uscc(text)
    if code is None:
        raise wrong("uscc", "bad_uscc", "统一社会信用代码有误，请核对全部 18 位。", "Check all 18 characters.")
    return code


def _certificates(text: str | None) -> tuple[str, ...]:
    return lexicon().certificates(text).named if text else ()
