"""The form of a vacancy: what is wrong with it so far and what to think about, field by field, in its own labels."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.console.forms import checked
from app.console.questions import Question, answered_by, place_in_words, questions_on
from app.console.words import Words
from app.db.base import today
from app.db.transaction import Read
from app.edge.form_fields import faults_of
from app.edge.form_fields import wrong as wrong_field
from app.edge.language import Language
from app.errors import FieldError, Invalid
from app.identity.permissions import Permission, allow
from app.lists.intake import own_company
from app.places.queries import PlaceKey
from app.vacancies import forms, usecases
from app.vacancies.advice import advice_on
from app.vacancies.approval import asks_to_be_read, below_tier
from app.vacancies.drafts import VacancyDraft
from app.vacancies.minimum_wages import WageFloor
from app.vacancies.model import Vacancy
from app.vacancies.schemas import VacancyIn
from app.vacancies.usecases import VacancyDetail

#: The form's fields in its order.
LABELS: dict[str, Words] = {
    "employer": ("用人单位", "Employer"),
    "uscc": ("统一社会信用代码", "Unified social credit code"),
    "title": ("岗位名称", "Job title"),
    "workplace": ("工作地点", "Workplace"),
    "headcount": ("招聘人数", "How many people"),
    "wage_min": ("月薪最低（元）", "Pay from (yuan a month)"),
    "wage_max": ("月薪最高（元）", "Pay to (yuan a month)"),
    "lodging": ("住宿", "Lodging"),
    "board": ("伙食", "Board"),
    "requirements": ("要求", "Requirements"),
    "certificates": ("必须持有的证书", "Certificates that are a must"),
    "age_min": ("最小年龄", "Youngest"),
    "age_max": ("最大年龄", "Oldest"),
    "social_insurance": ("社会保险", "Social insurance"),
    "contract": ("劳动合同", "Contract"),
    "valid_until": ("有效到", "Until"),
    "contact": ("联系人", "Contact"),
    "phone": ("联系电话", "Phone"),
}
#: Folded away until something stands in them, or is wrong with them; the last day nearly always stands there.
SELDOM = tuple(name for name in tuple(LABELS)[10:] if name != "valid_until")
#: The form's name of a field -> the row's.
_COLUMNS = {
    "wage_min": "wage_lo",
    "wage_max": "wage_hi",
    "workplace": "workplace_text",
    "certificates": "certificates_text",
}
#: What the form says of an offer, by the draft's names.
_EDITED = (
    *("employer", "uscc", "title", "workplace", "workplace_text", "headcount", "wage_lo", "wage_hi", "wage_text"),
    *("requirements", "lodging", "board", "certificates", "certificates_text", "age_min", "age_max"),
    *("social_insurance", "contract", "contact", "phone"),
)
#: In the stead of what cannot be read or is still empty, so that all else of a form can be judged.
_STAND_INS: dict[str, Any] = {"employer": "—", "title": "—", "headcount": 1, "wage_min": 1, "workplace": "—"}
_FIGURES = ("headcount", "wage_min", "wage_max", "age_min", "age_max")
#: What people write around a figure: 6,500元, 30 人.
_AROUND_FIGURES = re.compile(r"[,，\s元块人名岁]")
#: The form's name of a text -> the name under which it is screened.
_SCREENED = {"certificates": "certificates_text", "workplace": "workplace_text"}
#: What the API says in a programmer's words.
_PLAIN: dict[str, Words] = {"not_an_integer": ("请填数字，如 30。", "Write a number, such as 30.")}
_WORDS = ("title", "requirements", "certificates", "social_insurance", "contract", "employer", "workplace", "contact")


@dataclass(frozen=True, slots=True)
class Judged:
    """A form as it stands."""

    #: Field -> what keeps it from being posted.
    wrong: dict[str, list[str]] = field(default_factory=dict)
    #: Field -> what is lawful as far as is known, and still to be thought about.
    advice: dict[str, list[str]] = field(default_factory=dict)
    #: Labels of what is still to be filled in.
    missing: list[str] = field(default_factory=list)
    #: Posted as it is, it waits for a reader.
    is_read_first: bool = False
    #: The least pay at its workplace, as far as is known.
    floor: WageFloor | None = None
    #: Asked once before it is published, and the mark of having been asked.
    questions: Sequence[Question] = ()
    sure: str = ""
    #: It was sent, not only typed.
    is_sent: bool = False
    #: None: the form is not whole, or something is wrong.
    draft: VacancyDraft | None = None

    @property
    def offer(self) -> VacancyDraft | None:
        """What may be published now: nothing is wrong, and what was to be asked was answered."""
        return self.draft if not self.questions or self.sure == answered_by(self.questions) else None

    @property
    def is_doubted(self) -> bool:
        """Whether there is something to think about."""
        return bool(self.questions or any(self.advice.values()))


def own_name(tx: Read) -> dict[str, str]:
    """An employer's own name and licence number, so that nobody types them; nothing for offices that post for many."""
    own = own_company(tx)
    return {"employer": own.name, "uscc": own.uscc or ""} if own else {}


def signed(tx: Read, form: Mapping[str, str]) -> dict[str, str]:
    """The form in the employer's own name: whom a worker agrees to tell is who learns name and phone."""
    return {**form, **{name: words for name, words in own_name(tx).items() if words}}


def as_typed(detail: VacancyDetail) -> dict[str, str]:
    """What was posted, as the form holds it."""
    row = detail.vacancy
    values = {name: getattr(row, _COLUMNS.get(name, name)) for name in LABELS if name not in ("contact", "phone")}
    values |= {"contact": detail.contact.name if detail.contact else None, "phone": detail.phone}
    values["wage_max"] = None if row.wage_hi == row.wage_lo else row.wage_hi
    shown = {True: "yes", False: "no"}
    values |= {name: shown.get(values[name]) for name in ("lodging", "board")}
    return {name: "" if value is None else str(value) for name, value in values.items()}


def changed_meanwhile(detail: VacancyDetail, form: Mapping[str, str], language: Language) -> list[str]:
    """What stands differently now, when the offer was changed since the form was opened: label and words. The form
    carries the version it was opened with."""
    if form.get("version", "") in ("", str(detail.vacancy.version)):
        return []
    now, english = as_typed(detail), language == "en"
    shown = {"yes": ("提供", "provided"), "no": ("不提供", "not provided"), "": ("没有填", "blank")}
    return [
        f"{labels[english]}：{shown.get(now[name], (now[name],) * 2)[english]}"
        for name, labels in LABELS.items()
        if now[name] != form.get(name, "").strip()
    ]


def changes_of(draft: VacancyDraft, row: Vacancy) -> dict[str, Any]:
    """What the form says of an offer, by the draft's names; an empty last day leaves it as it is."""
    changes = {name: getattr(draft, name) for name in _EDITED} | forms.understood(
        draft.title, row.skills_text, draft.requirements
    )
    return changes if draft.valid_until is None else changes | {"valid_until": draft.valid_until}


def stated(form: Mapping[str, str]) -> tuple[VacancyIn, tuple[FieldError, ...]]:
    """The form's fields as the API reads them, and what cannot be read: something else stands there then."""
    values: dict[str, Any] = {name: form[name].strip() for name in LABELS if form.get(name, "").strip()}
    for name in values.keys() & set(_FIGURES):
        figure = _AROUND_FIGURES.sub("", values[name])
        values[name] = int(figure) if figure.isdecimal() else values[name]
    for name in values.keys() & {"lodging", "board"}:
        values[name] = values[name] == "yes"
    try:
        return checked(VacancyIn, **values), ()
    except Invalid as problem:
        unread = {error.loc[1] for error in problem.errors}
        readable = {name: value for name, value in values.items() if name not in unread}
        return checked(VacancyIn, **_STAND_INS | readable), problem.errors


def judged(
    tx: Read, form: Mapping[str, str], language: Language, *, is_sent: bool = False, was: Vacancy | None = None
) -> Judged:
    """What is to be said of a form, for a new offer or the one that `was`; nothing is kept. While it is typed what is
    still empty is no fault."""
    allow(tx.actor, Permission.POST_VACANCIES)
    texts = {_SCREENED.get(name, name): form.get(name, "") for name in _WORDS}
    phrases = usecases.unlawful(texts)
    body, unread = stated(form)
    against_rules = _against_rules(tx, body)
    stand_ins = {one.loc[1] for one in unread}
    faults = (*phrases, *unread, *(one for one in against_rules if one.loc[1] not in stand_ins))
    read = None if unread else _draft(tx, body)
    draft = None if faults else read
    empty = {one.loc[1] for one in faults if one.code == "missing"}
    wrong = _by_field([one for one in faults if is_sent or one.loc[1] not in empty], phrases, form, language)
    floor = usecases.least_wage(tx, read.workplace.code) if read else None
    is_change = was is not None or bool(form.get("version"))  # a look while one is changed does not say which
    asked = questions_on(tx, read, was, language, is_change=is_change) if read else []
    return Judged(
        wrong=wrong,
        advice=_advice(form, read, floor, wrong, language),
        missing=[LABELS[name][language == "en"] for name in LABELS if name in empty],
        is_read_first=draft is not None and asks_to_be_read(draft, floor),
        floor=floor,
        questions=asked,
        sure=form.get("sure", ""),
        is_sent=is_sent,
        draft=draft,
    )


def _advice(
    form: Mapping[str, str],
    draft: VacancyDraft | None,
    floor: WageFloor | None,
    wrong: Mapping[str, Sequence[str]],
    language: Language,
) -> dict[str, list[str]]:
    """Field -> what is to be thought about."""
    said = {name: advice_on(name, form.get(name, ""), language, is_refused=name in wrong) for name in LABELS}
    if draft and floor and "wage_min" not in wrong and draft.wage_lo < (floor.monthly_here or floor.monthly_highest):
        said["wage_min"].append(_pay_advice(draft, floor, language))
    return said


def _pay_advice(draft: VacancyDraft, floor: WageFloor, language: Language) -> str:
    """That pay is below what the law asks at the place, or may be."""
    if floor.is_above(draft.kind, draft.wage_lo):
        waits = ("发布后会先有人看一看，再推荐给劳动者。", " Somebody looks at it before it is suggested.")
        return below_tier(floor, language) + waits[language == "en"]
    low, high = f"{floor.monthly_lowest:,}", f"{floor.monthly_highest:,}"
    if language == "en":
        return (
            f"Minimum wages there: {low}–{high} yuan a month by tier (as of {floor.as_of}). Check that of your county."
        )
    return f"{floor.region}最低工资分档：{low}–{high} 元/月（截至 {floor.as_of}）。请核对您那个区县的标准。"


def _draft(tx: Read, body: VacancyIn) -> VacancyDraft | None:
    """The offer as it reads, lawful or not; None: some of it does not go together, or names no place."""
    try:
        return forms.vacancy_draft(body, tx.actor.division, today())
    except Invalid:
        return None


def _against_rules(tx: Read, body: VacancyIn) -> tuple[FieldError, ...]:
    """What can be read and is wrong, all of it at once."""
    near = tx.actor.division
    return faults_of(
        lambda: forms.vacancy_draft(body, near, today()),
        lambda: usecases.check_pay(tx, body.kind, body.wage_min, forms.workplace_of(body, near).code),
        lambda: _check_fine_enough(forms.workplace_of(body, near)),
    )


def _check_fine_enough(place: PlaceKey) -> None:
    """Pass, or raise Invalid where only the province is known."""
    if place.sure == "province":
        zh, en = (
            f"只看得出是{place_in_words(place.code, 'zh')}，请写到市和区县。",
            "Only the province is known: write city and county.",
        )
        raise wrong_field("workplace", "unknown_place", zh, en)


def _by_field(
    faults: Sequence[FieldError],
    phrases: Mapping[FieldError, Sequence[str]],
    form: Mapping[str, str],
    language: Language,
) -> dict[str, list[str]]:
    """Field -> sentences, in the form's order; one about unlawful words is led by the words themselves."""
    found: dict[str, list[str]] = {}
    for fault in faults:
        name = str(fault.loc[1])
        meant = "、".join(f"“{_as_written(one, form.get(name, ''))}”" for one in phrases.get(fault, ()))
        said = _in_labels(fault, language)
        found.setdefault(name if name in LABELS else "title", []).append(f"{meant} {said}".strip())
    return {name: list(dict.fromkeys(found[name])) for name in LABELS if name in found}


def _as_written(phrase: str, text: str) -> str:
    """A phrase that was searched without blanks and capitals, as it stands in the text; else as it was searched."""
    found = re.search(r"\s*".join(map(re.escape, phrase)), text, re.IGNORECASE)
    return found[0] if found else phrase


def _in_labels(fault: FieldError, language: Language) -> str:
    """A fault as the form says it: in plain words, and naming another field by its label."""
    said = _PLAIN.get(fault.code, (fault.zh, fault.en))[language == "en"]
    for name, labels in LABELS.items():
        if "_" in name:
            said = said.replace(name, f"“{labels[language == 'en']}”")
    return said
