"""What the worker's page shows beside the three jobs: pay, and jobs that can be had back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Select, and_, exists, null, select
from sqlalchemy.orm import aliased

from app.db.transaction import Read
from app.edge.public_ids import show
from app.identity.audit import AuditEntry
from app.placements.model import OVER_STATES, Placement
from app.suggestions.model import Decline, Suggestion
from app.vacancies.model import Vacancy


class FormerJob(NamedTuple):
    """A job the worker can have back; `id` is the suggestion's."""

    id: UUID
    title: str
    employer: str
    #: Why the yes to it ended: worker, time, other_job, check. None: there was no yes.
    ended_by: str | None


def pay_of(tx: Read, vacancy_ids: Sequence[UUID]) -> dict[UUID, tuple[int, int]]:
    """Vacancy -> its pay in yuan a month; those that are not offered any more are left out."""
    query = select(Vacancy.id, Vacancy.wage_lo, Vacancy.wage_hi).where(Vacancy.id.in_(vacancy_ids))
    return {vacancy: (low, high) for vacancy, low, high in tx.session.execute(query)}


def suggestions_of(tx: Read, vacancy_ids: Sequence[UUID]) -> dict[UUID, UUID]:
    """Vacancy -> the worker's suggestion of it: where a yes without a phone can be added to."""
    query = select(Suggestion.vacancy_id, Suggestion.id).where(
        Suggestion.worker_id == tx.actor.worker_id, Suggestion.vacancy_id.in_(vacancy_ids)
    )
    return {row.vacancy_id: row.id for row in tx.session.execute(query)} if vacancy_ids else {}


def passed_over(tx: Read) -> list[FormerJob]:
    """The open vacancies the worker passed over; only the worker can read which (SECURITY T4)."""
    declined = and_(Decline.seq == Vacancy.seq, Decline.worker_id == Suggestion.worker_id)
    return _former(tx, _OFFERED.add_columns(null()).join(Decline, declined))


def given_up(tx: Read) -> list[FormerJob]:
    """The open vacancies to which a yes ended otherwise than by the employer: the worker may say it again."""
    other = aliased(Placement)
    stands = exists().where(
        other.worker_id == Placement.worker_id,
        other.vacancy_id == Placement.vacancy_id,
        other.state.not_in(OVER_STATES),
    )
    said = and_(Placement.vacancy_id == Suggestion.vacancy_id, Placement.worker_id == Suggestion.worker_id)
    over = (Placement.state == "closed", Placement.ended_by != "employer", ~stands)
    return _former(tx, _OFFERED.add_columns(Placement.ended_by).join(Placement, said).where(*over))


def offers_taken_back(tx: Read, placement_ids: Sequence[UUID]) -> set[UUID]:
    """Of these placements those of which the employer once took an offer back, by the worker's own log."""
    subjects = {show("pm", one): one for one in placement_ids}
    query = select(AuditEntry.subject).where(
        AuditEntry.worker_id == tx.actor.worker_id,
        AuditEntry.action == "placement.offer_back",
        AuditEntry.subject.in_(subjects),
    )
    return {subjects[subject] for subject in tx.session.scalars(query) if subject} if subjects else set()


def terms_of(tx: Read, vacancy_ids: Sequence[UUID]) -> dict[UUID, Vacancy]:
    """Vacancy -> what it asks for and promises, of those still to be seen."""
    query = select(Vacancy).where(Vacancy.id.in_(vacancy_ids))
    return {row.id: row for row in tx.session.scalars(query)} if vacancy_ids else {}


_OFFERED = select(Vacancy.id, Suggestion.id, Vacancy.title, Vacancy.employer).join(
    Vacancy, Vacancy.id == Suggestion.vacancy_id
)


def _former(tx: Read, offered: Select[UUID, UUID, str, str, str | None]) -> list[FormerJob]:
    """Each vacancy once, with its latest suggestion."""
    query = offered.where(Suggestion.worker_id == tx.actor.worker_id, Vacancy.state == "open")
    rows = tx.session.execute(query.order_by(Suggestion.created_at))
    return list({row[0]: FormerJob._make(row[1:]) for row in rows}.values())
