"""Who may put an offer on the market at once, who decides on one that waits, and that it is confirmed every month.

What a station or an authority stores for its division, prefecture or province is thereby approved. An employer's first
offer waits until an office of the place of work has looked at it; with it the employer is approved, and its next ones
stand at once. For another company than itself that counts company by company: the first offer in each name waits. The
database holds the same (rules.sql: keep_waiting, decide_vacancy, speaks_for).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from functools import cache
from typing import NamedTuple, Protocol
from uuid import UUID

from sqlalchemy import func

from app.actor import Role
from app.db.base import BEIJING, today
from app.db.transaction import Read, Write
from app.edge.language import Language
from app.edge.public_ids import show
from app.errors import Conflict, NotAllowed, NotFound
from app.identity.audit import record
from app.identity.permissions import Permission, allow
from app.vacancies import queries
from app.vacancies.advice import Doubt, doubts_in, is_read_first
from app.vacancies.choices import RefusalCode, VacancyState
from app.vacancies.minimum_wages import WageFloor, wage_table
from app.vacancies.model import Vacancy
from app.vacancies.queries import CONFIRMED_WITHIN


class Company(NamedTuple):
    """Whose job it is, as the offer says."""

    name: str
    uscc: str | None


class Worded(Protocol):
    """A vacancy or its draft: the words that are shown, and the pay."""

    @property
    def title(self) -> str: ...
    @property
    def requirements(self) -> str | None: ...
    @property
    def skills_text(self) -> str | None: ...
    @property
    def certificates_text(self) -> str | None: ...
    @property
    def contract(self) -> str | None: ...
    @property
    def remarks(self) -> Mapping[str, object] | None: ...
    @property
    def kind(self) -> str: ...
    @property
    def wage_lo(self) -> int: ...


#: Its poster is warned so many days before.
WARNED_BEFORE = timedelta(days=5)


class NotWaiting(Conflict):
    """This vacancy does not wait for approval."""

    code, zh = "not_waiting", "该岗位不在待审核状态。"


class NotClosed(Conflict):
    """This vacancy is not closed, or went with the list that brought it: post it anew."""

    code, zh = "not_closed", "该岗位没有关闭，或已随清单撤销：撤销的请重新发布。"


class VacancyEnded(Conflict):
    """It was closed or refused, or its last day has passed: correct it or post it anew."""

    code, zh = "vacancy_ended", "该岗位已关闭、未获批准或已过有效期：请更正或重新发布。"


def stands_as(tx: Read) -> Callable[[str, Company, Worded], VacancyState]:
    """The state in which an offer of the actor's organisation with a workplace (adcode), for a company, in these words
    stands: open or pending. An employer's waits for somebody to read it when it speaks of money in words nobody has
    judged or of work against the law, pays less than the tier of its city, or names a company for which it has not been
    let yet."""
    if tx.actor.role is not Role.EMPLOYER:
        own = (tx.actor.division or "")[:2]
        return lambda workplace, company, offer: _open_if(bool(own) and workplace[:2] == own)
    if not queries.is_approved(tx):
        return lambda workplace, company, offer: VacancyState.PENDING
    is_another, wages = names_another(tx), wage_table(tx.session)
    return lambda workplace, company, offer: _open_if(
        not is_another(company) and not asks_to_be_read(offer, wages.floor(workplace, today()))
    )


def names_another(tx: Read) -> Callable[[Company], bool]:
    """Whether an employer offers a job of another company, for which it has not been let yet."""
    if tx.actor.role is not Role.EMPLOYER:
        return lambda company: False
    return cache(lambda company: not queries.may_post_for(tx, *company))


def _open_if(trusted: bool) -> VacancyState:
    return VacancyState.OPEN if trusted else VacancyState.PENDING


def asks_to_be_read(offer: Worded, floor: WageFloor | None) -> bool:
    """Whether its words, or pay below the tier of its city, make an employer's offer wait for a reader."""
    return any(map(is_read_first, _texts(offer))) or (floor is not None and floor.is_above(offer.kind, offer.wage_lo))


def doubts_about(offer: Worded, floor: WageFloor | None, language: Language) -> list[Doubt]:
    """For whoever decides on an offer: what in it asked for a reader."""
    told = [doubt for text in _texts(offer) for doubt in doubts_in(text, language)]
    if floor is None or not floor.is_above(offer.kind, offer.wage_lo):
        return told
    return [
        *told,
        Doubt(f"{offer.wage_lo} 元/月" if language == "zh" else f"{offer.wage_lo} yuan", below_tier(floor, language)),
    ]


def below_tier(floor: WageFloor, language: Language) -> str:
    """That pay is below what the tier of the city asks for."""
    if language == "en":
        return f"Below the minimum wage of this city: {floor.monthly_here:,} yuan a month as of {floor.as_of}."
    return f"低于这个城市的最低工资标准：{floor.monthly_here:,} 元/月（截至 {floor.as_of}）。"


def _texts(offer: Worded) -> list[str]:
    texts = (offer.title, offer.requirements, offer.skills_text, offer.certificates_text, offer.contract)
    return [str(text) for text in (*texts, *(offer.remarks or {}).values()) if text]


def after_change(state: str, stands: VacancyState) -> str:
    """The state of an offer whose poster changed it: a closed one stays closed, a refused one asks again."""
    if state == VacancyState.CLOSED:
        return state
    return VacancyState.PENDING if state == VacancyState.REFUSED else stands


def confirm_by(vacancy: Vacancy) -> date:
    """The last day on which an offer stands without being confirmed again."""
    return (vacancy.confirmed_at + CONFIRMED_WITHIN).astimezone(BEIJING).date()


def is_stale(vacancy: Vacancy) -> bool:
    """Whether it is to be confirmed now: it leaves the market soon, or has left it."""
    asks = vacancy.state in (VacancyState.OPEN, VacancyState.PENDING)
    return asks and confirm_by(vacancy) - WARNED_BEFORE <= today()


def confirm_vacancy(tx: Write, row: Vacancy) -> None:
    """Its poster says that it still stands. A last day that was given by nobody moves on with it."""
    if row.state in (VacancyState.CLOSED, VacancyState.REFUSED):
        raise VacancyEnded
    row.valid_until = _last_day_once_confirmed(row)
    if row.valid_until < today():
        raise VacancyEnded
    row.confirmed_at = func.now()


def _last_day_once_confirmed(row: Vacancy) -> date:
    was_given = row.valid_until != _day(row.confirmed_at) + CONFIRMED_WITHIN
    return row.valid_until if was_given else today() + CONFIRMED_WITHIN


def stands_until(row: Vacancy) -> date:
    """The last day on which it is on the market as things are."""
    return min(row.valid_until, confirm_by(row))


def would_stand_until(row: Vacancy) -> date:
    """The same, were it confirmed today."""
    return min(_last_day_once_confirmed(row), today() + CONFIRMED_WITHIN)


def reopen_vacancy(tx: Write, row: Vacancy) -> None:
    """Its poster takes a closing back: it stands as if posted now, for another month where its last day has passed. One
    that went with the list that brought it does not come back: the list can be stored again."""
    if row.state != VacancyState.CLOSED or row.identity.startswith(queries.TAKEN_BACK):
        raise NotClosed
    row.state = stands_as(tx)(row.workplace_code, Company(row.employer, row.uscc), row)
    row.closed_at = None
    row.confirmed_at = func.now()
    if row.valid_until < today():
        row.valid_until = today() + CONFIRMED_WITHIN


def decide_vacancy(tx: Write, vacancy_id: UUID, refusal: RefusalCode | None) -> VacancyState:
    """Let an offer that waits onto the market, or say why not. Raises NotFound, NotWaiting, NotAllowed."""
    allow(tx.actor, Permission.DECIDE_VACANCIES)
    row = queries.find_vacancy(tx, vacancy_id)
    if row is None:
        raise NotFound
    if row.state != VacancyState.PENDING:
        raise NotWaiting
    if not queries.decide(tx, vacancy_id, refusal):
        raise NotAllowed  # one's own offer in another's place
    action = "vacancy.refuse" if refusal else "vacancy.approve"
    record(tx, action, subject=show("v", vacancy_id), purpose=refusal)
    return VacancyState.REFUSED if refusal else VacancyState.OPEN


def _day(moment: datetime) -> date:
    return moment.astimezone(BEIJING).date()
