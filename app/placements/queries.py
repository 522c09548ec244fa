"""Finding placements in the actor's sight, and asking the functions of placements.sql to move them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

import orjson
from sqlalchemy import Select, func, select, text

from app.db.transaction import Read, Write
from app.identity.model import Organisation
from app.placements.model import OPEN_STATES, AnswerCheck, Paper, Placement, PlacementEnd
from app.vacancies.model import Vacancy


class Said(NamedTuple):
    """What became of a yes: the placement, and its state or why there is none."""

    placement: UUID | None
    word: str


def settle(tx: Write) -> None:
    """Move what has come due meanwhile: held answers, disclosures that ran out. Waits for nobody."""
    tx.session.execute(text("select app.settle_placements()"))


def settle_vacancy(tx: Write, vacancy_id: UUID) -> None:
    """Introduce who waits for a vacancy of the actor's, as far as its headcount allows now."""
    tx.session.execute(text("select app.settle_vacancy(:vacancy)"), {"vacancy": vacancy_id})


def say_interested(
    tx: Write,
    suggestion_id: UUID,
    *,
    disclose: bool,
    how: str,
    card: Mapping[str, Any],
    witness: str | None = None,
    signed_on: date | None = None,
) -> Said:
    """Keep a worker's yes; row locks, limits and holds are the database's (placements.sql)."""
    asked = {
        "suggestion": suggestion_id,
        "disclose": disclose,
        "how": how,
        "card": orjson.dumps(dict(card)).decode(),
        "witness": witness,
        "signed_on": signed_on,
    }
    call = text(
        "select placement, word from app.say_interested(:suggestion, :disclose, :how, cast(:card as jsonb),"
        " cast(:witness as text), cast(:signed_on as date))"
    )
    return Said._make(tx.session.execute(call, asked).one())


def accept(tx: Write, placement_id: UUID, how: str) -> str:
    """Take the place, or hold the acceptance; the word says which, or why not."""
    call = text("select app.accept_placement(:placement, :how)")
    return str(tx.session.scalar(call, {"placement": placement_id, "how": how}))


def employer_acts(tx: Write, placement_id: UUID, act: str, code: str | None) -> str:
    """The employer offers, takes an offer back, declines or ends; the word is the new state, or why not."""
    call = text("select app.employer_acts(:placement, :act, cast(:code as text))")
    return str(tx.session.scalar(call, {"placement": placement_id, "act": act, "code": code}))


def worker_ends(tx: Write, placement_id: UUID) -> str:
    """The worker takes it back or leaves; the word is the new state, or why not."""
    return str(tx.session.scalar(text("select app.worker_ends(:placement)"), {"placement": placement_id}))


def confirm_step(tx: Write, placement_id: UUID, step: str) -> str:
    """The actor's side says that a step was taken; the word is the state, or why not."""
    call = text("select app.confirm_step(:placement, :step)")
    return str(tx.session.scalar(call, {"placement": placement_id, "step": step}))


class Contact(NamedTuple):
    """Whom to call, while the disclosure lives."""

    worker_id: UUID
    name: str
    #: Ciphertext of workers.phone_sealed. None: no phone is known.
    phone_sealed: bytes | None


def disclosed_contact(tx: Write, placement_id: UUID) -> Contact | None:
    """Name and sealed phone; None when no disclosure to the actor lives."""
    call = text("select worker_id, name, phone_sealed from app.disclosed_contact(:placement)")
    found = tx.session.execute(call, {"placement": placement_id}).one_or_none()
    return None if found is None else Contact._make(found)


class AcceptedJob(NamedTuple):
    """What was accepted, and whom to call there."""

    vacancy_id: UUID
    contact: str | None
    #: Ciphertext of vacancy_contacts.phone_sealed. None: no phone is known.
    phone_sealed: bytes | None
    wage_lo: int
    wage_hi: int
    #: None: not stated.
    start_date: date | None
    lodging: bool | None
    board: bool | None


def accepted_job(tx: Read, placement_id: UUID) -> AcceptedJob | None:
    """The job behind an acceptance of the actor's, or of a worker the actor's station serves; None: there is none."""
    found = tx.session.execute(text("select * from app.accepted_job(:placement)"), {"placement": placement_id})
    row = found.one_or_none()
    return None if row is None else AcceptedJob._make(row)


def decide_check(tx: Write, check_id: UUID, *, genuine: bool) -> bool:
    """Answer a question about an answer; False when there is none to answer for the actor."""
    call = text("select app.decide_check(:check, :genuine)")
    return bool(tx.session.scalar(call, {"check": check_id, "genuine": genuine}))


def has_many_alike(tx: Read, worker_id: UUID, ages: tuple[int, int] | None, skills: Sequence[str]) -> bool:
    """Whether five consenting workers of the station, the worker among them, share these ages and skills."""
    low, high = ages or (0, 200)
    call = text("select app.has_many_alike(:worker, :low, :high, cast(:skills as text[]))")
    return bool(tx.session.scalar(call, {"worker": worker_id, "low": low, "high": high, "skills": list(skills)}))


def find_placement(tx: Read, placement_id: UUID) -> Placement | None:
    """A placement in the actor's sight, as it stands now."""
    return tx.session.get(Placement, placement_id, populate_existing=True)


def placements(*, vacancy_id: UUID | None = None, only_open: bool = False) -> Select[Placement]:
    """Placements in the actor's sight; of one vacancy; those not yet accepted."""
    query = select(Placement)
    if vacancy_id is not None:
        query = query.where(Placement.vacancy_id == vacancy_id)
    return query.where(Placement.state.in_(OPEN_STATES)) if only_open else query


def add_worker_end(tx: Write, placement: Placement, code: str) -> None:
    """Keep why the worker ended it, for the worker alone."""
    tx.session.add(
        PlacementEnd(
            placement_id=placement.id, station_id=placement.station_id, worker_id=placement.worker_id, code=code
        )
    )
    tx.session.flush()


def is_scan_known(tx: Read, scan_index: bytes) -> bool:
    """Whether the station has used this very scan before."""
    query = select(Paper.id).where(Paper.station_id == tx.actor.organisation_id, Paper.scan_index == scan_index)
    return tx.session.scalar(query.limit(1)) is not None


def find_paper(tx: Read, paper_id: UUID) -> Paper | None:
    """A paper in the actor's sight."""
    return tx.session.get(Paper, paper_id)


def checks(*, only_open: bool) -> Select[AnswerCheck]:
    """Questions about answers; those nobody has answered."""
    query = select(AnswerCheck)
    return query.where(AnswerCheck.outcome.is_(None)) if only_open else query


def own_vacancy(tx: Read, vacancy_id: UUID) -> Vacancy | None:
    """A vacancy the actor's organisation posted."""
    query = select(Vacancy).where(Vacancy.id == vacancy_id, Vacancy.poster_id == tx.actor.organisation_id)
    return tx.session.scalars(query).one_or_none()


def is_verified(tx: Read) -> bool:
    """Whether the actor's organisation was approved and has a licence number: only then it learns of anybody."""
    query = select(Organisation.id).where(
        Organisation.id == tx.actor.organisation_id,
        Organisation.approved_at.is_not(None),
        Organisation.uscc.is_not(None),
    )
    return tx.session.scalar(query) is not None


def silent_employers(days: int = 5) -> Select[Placement]:
    """Introductions and queues whose employer has said nothing for so many days: a duty of the office that looks after
    the employer (app/duties)."""
    return select(Placement).where(
        Placement.state == "introduced",
        Placement.disclosed_at < func.now() - func.make_interval(0, 0, 0, days),
    )
