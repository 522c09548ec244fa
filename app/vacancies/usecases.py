"""Offers are posted, found, changed and closed. Another poster's vacancy can be read while it is open, no more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count
from typing import Any
from uuid import UUID

from sqlalchemy import func

from app.db.base import today
from app.db.stated import set_differing
from app.db.transaction import Read, Write
from app.edge.paging import Window, read_page
from app.edge.public_ids import show
from app.errors import Conflict, FieldError, Invalid, NotAllowed, NotFound
from app.identity.audit import record
from app.identity.permissions import Permission, allow
from app.places.queries import place_ids
from app.vacancies import queries
from app.vacancies.approval import Company, after_change, confirm_vacancy, is_stale, reopen_vacancy, stands_as
from app.vacancies.choices import PART_TIME_KINDS, VacancyState
from app.vacancies.drafts import VacancyDraft, identity, nth
from app.vacancies.minimum_wages import WageFloor, wage_table
from app.vacancies.model import Vacancy, VacancyContact
from app.vacancies.queries import Filters, Nearby
from app.vacancies.screening import Finding, screen, screen_across, screen_name
from app.vacancies.store import open_phone, seal_phone, store_one

#: Fields whose words are searched for unlawful wording, and those that hold names, where 王女士 is none.
_SCREENED = (
    *("title", "requirements", "skills_text", "certificates_text", "social_insurance", "contract", "wage_text"),
    *("remarks", "external_ref"),
)
_NAMES = ("employer", "workplace_text", "contact")
#: What makes a vacancy the same one in the next list.
_IDENTITY = frozenset({"external_ref", "employer", "title", "workplace_text"})


class VacancyExists(Conflict):
    """You have a vacancy with this external_ref already."""

    code, zh = "vacancy_exists", "您已有使用该外部编号的岗位。"


class HeadcountBelowFilled(Conflict):
    """More places are taken than this headcount would leave."""

    code, zh = "headcount_below_filled", "招聘人数不能少于已上岗人数。"


@dataclass(frozen=True, slots=True)
class VacancyFound:
    """A vacancy, and how far away it is when that was asked."""

    vacancy: Vacancy
    km: float | None = None


@dataclass(frozen=True, slots=True)
class VacancyDetail:
    """A vacancy as one actor sees it."""

    vacancy: Vacancy
    #: For its poster alone. None: no contact is known, or not to this actor.
    contact: VacancyContact | None
    is_own: bool
    #: The company whose account offers it for the employer. None: the employer's own, or an office's.
    recruiter: str | None

    @property
    def version(self) -> tuple[object, ...]:
        """Changes with whatever is shown."""
        row = self.vacancy
        return (row.version, row.filled, row.state, row.confirmed_at, self.is_own, self.is_stale)

    @property
    def is_stale(self) -> bool:
        """Whether its poster, who alone is told, is to confirm it now."""
        return self.is_own and is_stale(self.vacancy)

    @property
    def phone(self) -> str | None:
        """The contact's phone."""
        return open_phone(self.vacancy.id, self.contact.phone_sealed) if self.contact else None


def check_may_post(tx: Read) -> None:
    """Pass, or raise NotAllowed: before a form's fields are judged."""
    allow(tx.actor, Permission.POST_VACANCIES)


def list_vacancies(
    tx: Read, at: Window, wanted: Filters, near: Nearby | None
) -> tuple[Sequence[VacancyFound], str | None]:
    """Vacancies and the next cursor: the newest first, or the nearest."""
    allow(tx.actor, Permission.READ_VACANCIES)
    if near is None:
        rows, following = read_page(tx.session, queries.vacancies(wanted), at, Vacancy.seq, newest_first=True)
        return [VacancyFound(row) for row in rows], following
    after = at.after()
    found = queries.nearest_vacancies(
        tx.session, wanted, near, at.limit + 1, (after[0], after[1]) if after and len(after) == 2 else None
    )
    shown = [VacancyFound(row, metres / 1000) for row, metres in found[: at.limit]]
    if len(found) <= at.limit:
        return shown, None
    last, metres = found[at.limit - 1]
    return shown, at.seal((metres, last.seq))


def own_only(tx: Read, wanted: Filters) -> Filters:
    """The same of the actor's own vacancies, whatever their state. Raises NotAllowed for who posts none."""
    allow(tx.actor, Permission.POST_VACANCIES)
    return replace(wanted, poster_id=tx.actor.organisation_id)


def in_state(tx: Read, wanted: Filters, state: VacancyState) -> Filters:
    """Those in one state: of one's own any; of others' the open ones, and for who decides on them those that wait."""
    if wanted.poster_id is None and state is VacancyState.PENDING:
        allow(tx.actor, Permission.DECIDE_VACANCIES)
        return replace(wanted, state=state, division=tx.actor.division)
    if wanted.poster_id is None and state is not VacancyState.OPEN:
        zh, en = "查看已关闭或未获批准的岗位须加 mine=true。", "Closed and refused ones need mine=true."
        raise Invalid(errors=(FieldError(("query", "state"), "missing", zh, en),))
    return replace(wanted, state=state)


def read_vacancy(tx: Read, vacancy_id: UUID) -> VacancyDetail:
    """A vacancy in the actor's sight."""
    allow(tx.actor, Permission.READ_VACANCIES)
    row = queries.find_vacancy(tx, vacancy_id)
    if row is None:
        raise NotFound
    return _detail(tx, row)


def post_vacancy(tx: Write, draft: VacancyDraft) -> VacancyDetail:
    """Post an offer in the name of the actor's organisation. Raises Invalid with the article of law it breaks."""
    allow(tx.actor, Permission.POST_VACANCIES)
    check_lawful(tx, {name: getattr(draft, name) for name in (*_SCREENED, *_NAMES)})
    check_pay(tx, draft.kind, draft.wage_lo, draft.workplace.code)
    queries.take_turns(tx)  # of two at once the second finds the first one's identity taken
    name = _free_identity(tx, draft.external_ref, draft.employer, draft.title, draft.workplace_text)
    outcome = store_one(tx, draft, name)
    record(tx, "vacancy.create", subject=show("v", outcome.vacancy_id))
    return read_vacancy(tx, outcome.vacancy_id)


def vacancy_to_change(tx: Write, vacancy_id: UUID) -> VacancyDetail:
    """A vacancy of the actor's own, which nobody else changes until this transaction ends."""
    allow(tx.actor, Permission.POST_VACANCIES)
    row = queries.lock_own_vacancy(tx, vacancy_id)
    if row is not None:
        return _detail(tx, row)
    raise NotAllowed if queries.find_vacancy(tx, vacancy_id) else NotFound


def change_vacancy(tx: Write, detail: VacancyDetail, changes: Mapping[str, Any]) -> VacancyDetail:
    """Change what a draft states, by the draft's names. Nothing changes when nothing differs."""
    row = detail.vacancy
    columns = dict(changes)
    contact: dict[str, Any] = {name: columns.pop(name) for name in ("contact", "phone") if name in columns}
    if "workplace" in columns:
        place = columns.pop("workplace")
        columns |= {"workplace_id": place_ids(tx.session, [place])[place], "workplace_code": place.code}
    if columns.get("headcount", row.headcount) < row.filled:
        raise HeadcountBelowFilled(errors=(_error("headcount", HeadcountBelowFilled),))
    renamed = any(name in _IDENTITY and getattr(row, name) != value for name, value in columns.items())
    if any([set_differing(row, columns), _set_contact(tx, detail, contact)]):
        _check(tx, row, columns, contact.get("contact"))
        with tx.session.no_autoflush:
            row.state = after_change(row.state, stands_as(tx)(row.workplace_code, Company(row.employer, row.uscc), row))
        row.confirmed_at = func.now()
        if renamed:
            with tx.session.no_autoflush:
                row.identity = _free_identity(tx, row.external_ref, row.employer, row.title, row.workplace_text)
        _changed(tx, row, "vacancy.change")
    return _detail(tx, row)


def close_vacancy(tx: Write, vacancy_id: UUID) -> VacancyDetail:
    """Take an offer from the market. Closing it again is no error."""
    detail = vacancy_to_change(tx, vacancy_id)
    if detail.vacancy.state != "closed":
        detail.vacancy.state = "closed"
        detail.vacancy.closed_at = func.now()
        _changed(tx, detail.vacancy, "vacancy.close")
    return detail


def reopen_own_vacancy(tx: Write, vacancy_id: UUID) -> VacancyDetail:
    """Put an offer that was closed on the market again. Raises NotClosed."""
    detail = vacancy_to_change(tx, vacancy_id)
    with tx.session.no_autoflush:
        reopen_vacancy(tx, detail.vacancy)
    _changed(tx, detail.vacancy, "vacancy.reopen")
    return detail


def confirm_own_vacancy(tx: Write, vacancy_id: UUID) -> VacancyDetail:
    """The poster says that an offer still stands, which keeps it on the market for another month."""
    detail = vacancy_to_change(tx, vacancy_id)
    confirm_vacancy(tx, detail.vacancy)
    _changed(tx, detail.vacancy, "vacancy.confirm")
    return detail


def check_lawful(tx: Read, fields: Mapping[str, Any]) -> None:
    """Pass, or raise Invalid: each unlawful wording with its field and the article of law."""
    if found := unlawful(fields):
        raise Invalid(errors=tuple(found))


def unlawful(fields: Mapping[str, Any]) -> dict[FieldError, list[str]]:
    """What the law forbids in an offer's words, with the phrases that are meant. Those are for their writer's own page:
    an error repeats nothing of what was sent."""
    found = [(name, finding) for name, words in fields.items() for finding in _findings(name, words)]
    if not found:
        # only texts that are lawful each by itself: a phrase may go on from one field to the next
        found = [("requirements", finding) for finding in screen_across(_texts(fields))]
    errors: dict[FieldError, list[str]] = {}
    for name, finding in found:
        errors.setdefault(_unlawful(name, finding), []).append(finding.phrase)
    return errors


def _unlawful(name: str, finding: Finding) -> FieldError:
    return FieldError(
        ("body", _SHOWN.get(name, name)),
        finding.code,
        f"{_WHAT_ZH[finding.code]}，违反{finding.article_zh}，请删除后再发布。",
        f"{_WHAT_EN[finding.code]} ({finding.article_en}): take it out.",
    )


def _texts(fields: Mapping[str, Any]) -> list[str]:
    """The words of all fields, in the order in which they are shown."""
    remarks = fields.get("remarks") or {}
    return [*(str(text) for name, text in fields.items() if text and name != "remarks"), *map(str, remarks.values())]


_SHOWN = {"skills_text": "skills", "certificates_text": "certificates", "workplace_text": "workplace"}
_WHAT_ZH = {
    "discriminatory_requirement": "含有法律不允许的招聘条件",
    "fee_or_deposit": "向劳动者收取费用、押金或扣押证件",
}
_WHAT_EN = {
    "discriminatory_requirement": "The law forbids this requirement",
    "fee_or_deposit": "Workers may not be asked for fees, deposits or their papers",
}


def _findings(name: str, words: Any) -> Sequence[Finding]:
    if isinstance(words, Mapping):
        return [finding for header, text in words.items() for finding in screen(f"{header}：{text}")]
    if not words:
        return ()
    return screen_name(words) if name in _NAMES else screen(words)


def least_wage(tx: Read, code: str) -> WageFloor | None:
    """The minimum wages of the province, or city, of a workplace; None: nothing is known."""
    return wage_table(tx.session, code).floor(code, today())


def check_pay(tx: Read, kind: str, wage_lo: int, code: str) -> None:
    """Pass, or raise Invalid: below the lowest tier of the workplace's province. Hours of part-time kinds are unknown,
    so their monthly sums are not judged."""
    if kind in PART_TIME_KINDS:
        return
    least = least_wage(tx, code)
    if least is not None and wage_lo < least.monthly_lowest:
        zh = f"低于{least.region}最低工资标准（{least.monthly_lowest} 元/月，截至 {least.as_of}），请提高。"
        en = f"Below the minimum wage there: {least.monthly_lowest} yuan a month as of {least.as_of}. Raise it."
        raise Invalid(errors=(FieldError(("body", "wage_min"), "below_minimum_wage", zh, en),))


def _check(tx: Read, row: Vacancy, columns: Mapping[str, Any], contact: str | None) -> None:
    """At every edit the whole offer is judged: what was lawful may go on in what is new."""
    with tx.session.no_autoflush:
        check_lawful(tx, {name: getattr(row, name, None) for name in (*_SCREENED, *_NAMES)} | {"contact": contact})
        if columns.keys() & {"wage_lo", "kind", "workplace_code"}:
            check_pay(tx, row.kind, row.wage_lo, row.workplace_code)


def _free_identity(tx: Read, external_ref: str | None, employer: str, title: str, workplace_text: str) -> str:
    """The identity of one more vacancy. Raises VacancyExists when its external_ref is taken."""
    name = identity(external_ref, employer, title, workplace_text)
    taken = queries.taken_identities(tx, name)
    if external_ref and taken:
        raise VacancyExists(errors=(_error("external_ref", VacancyExists),))
    return next(one for one in (nth(name, n) for n in count(1)) if one not in taken)


def _detail(tx: Read, row: Vacancy) -> VacancyDetail:
    is_own = row.poster_id == tx.actor.organisation_id
    contact = queries.contact_of(tx, row.id) if is_own else None
    return VacancyDetail(row, contact, is_own, queries.recruiters(tx, [row.id]).get(row.id))


def _set_contact(tx: Write, detail: VacancyDetail, stated: Mapping[str, str | None]) -> bool:
    columns: dict[str, Any] = {"name": stated["contact"]} if "contact" in stated else {}
    if "phone" in stated and stated["phone"] != detail.phone:
        phone = stated["phone"]
        columns["phone_sealed"] = seal_phone(detail.vacancy.id, phone) if phone else None
    if not columns:
        return False
    if detail.contact is not None:
        return set_differing(detail.contact, columns)
    tx.session.add(VacancyContact(vacancy_id=detail.vacancy.id, poster_id=detail.vacancy.poster_id, **columns))
    return True


def _changed(tx: Write, row: Vacancy, action: str) -> None:
    row.version += 1
    row.updated_at = func.now()
    tx.session.flush()  # the answer shows the database's times
    tx.session.refresh(row)
    record(tx, action, subject=show("v", row.id))


def _error(field: str, kind: type[Conflict]) -> FieldError:
    return FieldError(("body", field), kind.code, kind.zh, kind.__doc__ or "")
