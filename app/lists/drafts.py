"""Rows of a list → what the rooms of workers and vacancies store."""

from __future__ import annotations

from functools import lru_cache

from app.lists.vacancy_rows import VacancyRow
from app.lists.worker_rows import WorkerRow
from app.places.queries import PlaceKey
from app.places.stated_places import place_key
from app.vacancies.drafts import VacancyDraft
from app.workers.choices import EmploymentStatus
from app.workers.drafts import WorkerDraft


@lru_cache(4096)
def _home(code: str, sure: str) -> PlaceKey:
    """The public place that stands for a worker's home: the division. One object for all who live there."""
    return PlaceKey(code, sure=sure)


def worker_draft(row: WorkerRow) -> WorkerDraft:
    """A worker row as stated; blanks state nothing."""
    assert row.home.code is not None
    wish = row.desired_places
    return WorkerDraft(
        name=row.name,
        id_number=row.id_number,
        home=_home(row.home.code, row.home.sure),
        home_text=row.home_address,
        phone=row.phone,
        groups=tuple(group.value for group in row.groups) or None,
        education=row.education.value if row.education else None,
        labour_ability=row.labour_ability.value if row.labour_ability else None,
        employment_status=row.employment_status.value if row.employment_status else None,
        skills_text=row.skills_text or None,
        skills=row.skills,
        certificates_text=row.certificates_text or None,
        certificates=row.certificates,
        household=row.household,
        remarks=row.remarks or None,
        willing_to_go_out=row.willing_to_go_out,
        occupations_text=row.desired_occupations_text or None,
        occupations=row.desired_occupations,
        places_text=row.desired_places_text or None,
        destinations=wish.wanted,
        not_destinations=wish.unwanted,
        scope=wish.scope,
        min_wage=row.min_wage,
        available_from=row.available_from,
        in_work_asks=_asks_though_in_work(row),
        training_wanted=row.training_wanted or None,
        consent=row.consent is True,
    )


def _asks_though_in_work(row: WorkerRow) -> bool | None:
    """In work, yet on a list of the willing with a wish stated: that is a request for another job."""
    if row.employment_status is not EmploymentStatus.EMPLOYED:
        return None
    return bool(row.desired_occupations_text) or row.willing_to_go_out is True


def vacancy_draft(row: VacancyRow) -> VacancyDraft:
    """One job of a vacancy row."""
    return VacancyDraft(
        external_ref=row.external_ref,
        employer=row.employer,
        uscc=row.uscc,
        title=row.title,
        occupation=row.occupation,
        skills_text=row.skills_text or None,
        skills=row.skills,
        requirements=row.requirements or None,
        certificates_text=row.certificates_text or None,
        certificates=row.certificates,
        headcount=row.headcount,
        wage_lo=row.wage_lo,
        wage_hi=row.wage_hi or row.wage_lo,
        wage_text=row.wage_text,
        workplace=place_key(row.workplace),
        workplace_text=row.workplace_text,
        age_min=row.age_min,
        age_max=row.age_max,
        lodging=row.lodging,
        board=row.board,
        social_insurance=row.social_insurance,
        contract=row.contract,
        kind=row.kind.value,
        contact=row.contact,
        phone=row.phone,
        start_date=row.start_date,
        valid_until=row.valid_until,
        remarks=row.remarks or None,
    )
