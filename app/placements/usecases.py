"""From a worker's yes to a settled job. The worker's word counts, and only the worker's; the locks and limits behind
each step are in migrations/security/placements.sql."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from app.actor import Role
from app.db.sealing import unseal_text
from app.db.transaction import Read, Write
from app.edge.paging import Window, read_page
from app.edge.public_ids import show
from app.errors import NotAllowed, NotFound
from app.identity.audit import record
from app.identity.codes import ANSWER, issue_code, redeem_code
from app.identity.codes_phones import check_nobody_shares, phone_may_answer
from app.identity.permissions import Permission, allow
from app.placements import queries
from app.placements.cards import card_of
from app.placements.model import AnswerCheck, Placement
from app.placements.papers import SignedPaper, keep_paper
from app.placements.refusals import (
    NotThisStep,
    OnlyTheWorkerSaysNo,
    OwnWordNeeded,
    PhoneCannotAnswer,
    VacancyOver,
    raise_for,
)
from app.placements.suitable import Offered, Reach, suitable, would_reach
from app.suggestions.market import LiveMarket
from app.suggestions.model import Suggestion
from app.suggestions.queries import (
    decline,
    find_suggestion,
    find_vacancy_names,
    find_vacancy_words,
    take_decline_back,
)
from app.suggestions.usecases import suggestion_id
from app.vacancies.queries import recruiters
from app.vacancies.store import open_phone
from app.workers.model import Worker


class Step(StrEnum):
    """What the sides confirm after an acceptance."""

    DEPARTED = "departed"
    ONBOARDED = "onboarded"
    SETTLED = "settled"


@dataclass(frozen=True, slots=True)
class Word:
    """How the worker's word reaches a station: the code from their phone, or a signed paper."""

    code: str | None = None
    paper: SignedPaper | None = None


@dataclass(frozen=True, slots=True)
class Reached:
    """Name and phone, while the disclosure lives."""

    name: str
    phone: str | None


def suggestion_to_answer(tx: Read, suggestion_id: UUID) -> Suggestion:
    """A suggestion the actor may answer. Raises NotFound."""
    allow(tx.actor, Permission.ANSWER)
    found = find_suggestion(tx, suggestion_id)
    if found is None:
        raise NotFound
    return found


def send_answer_code(tx: Write, suggestion_id: UUID, *, disclose: bool) -> None:
    """Send the worker's own phone a code for one yes; it names job and act. Raises NotFound, PhoneCannotAnswer, and
    what issue_code raises."""
    _allow_codes(tx)
    suggestion = suggestion_to_answer(tx, suggestion_id)
    names = find_vacancy_names(tx, suggestion.vacancy_id)
    if names is None:
        raise VacancyOver
    *job, recruiter = names
    yes = f"想去{_job(*job)}"
    words = f"{yes}，并同意把姓名电话告诉{_whom(recruiter)}" if disclose else yes + _by(recruiter)
    _send_code(tx, suggestion.worker_id, _about(suggestion.id, disclose), words)


def send_disclosure_code(tx: Write, placement_id: UUID) -> None:
    """Send the worker's own phone a code for adding name and phone to a yes that was said without."""
    _allow_codes(tx)
    placement = _said_without_phone(tx, placement_id)
    words = f"同意把姓名电话告诉{_job_of(placement)}" + _by(_recruiter(tx, placement))
    _send_code(tx, placement.worker_id, _about(_suggestion_of(placement), disclose=True), words)


def send_acceptance_code(tx: Write, placement_id: UUID) -> None:
    """Send the worker's own phone a code for accepting one offer."""
    _allow_codes(tx)
    placement = _placement(tx, placement_id)
    if placement.state != "offered":
        raise NotThisStep
    words = f"接受{_job_of(placement)}的录用" + _by(_recruiter(tx, placement))
    _send_code(tx, placement.worker_id, show("pm", placement_id), words)


def _job(title: str, employer: str, place: str) -> str:
    """Which job a message is about: two of one name differ by employer and place. So short that what is agreed to
    stands behind it uncut (identity/codes.py LONGEST), as are the names below."""
    return f"“{title[:13]}”（{employer[:16]}，{place[:9]}）"


def _job_of(placement: Placement) -> str:
    return _job(placement.title, placement.employer, placement.workplace_text)


def _recruiter(tx: Read, placement: Placement) -> str | None:
    """The company that hires for the employer; None: the employer itself does, or an office."""
    return recruiters(tx, [placement.vacancy_id]).get(placement.vacancy_id)


def _whom(recruiter: str | None) -> str:
    """Who gets name and phone."""
    return f"代招的{recruiter[:16]}" if recruiter else "该单位"


def _by(recruiter: str | None) -> str:
    """Who does all this for the employer."""
    return f"，由{recruiter[:16]}代招" if recruiter else ""


def _said_without_phone(tx: Read, placement_id: UUID) -> Placement:
    """A yes to which name and phone can be added. Raises NotFound, NotThisStep."""
    placement = _placement(tx, placement_id)
    if placement.state != "interested":
        raise NotThisStep
    return placement


def _suggestion_of(placement: Placement) -> UUID:
    return suggestion_id(placement.worker_id, placement.vacancy_id)


def _allow_codes(tx: Read) -> None:
    allow(tx.actor, Permission.ANSWER)
    if tx.actor.role is Role.WORKER:
        raise NotAllowed


def _send_code(tx: Write, worker_id: UUID, subject: str, words: str) -> None:
    if not phone_may_answer(tx, worker_id):
        raise PhoneCannotAnswer
    issue_code(tx, ANSWER, worker_id, subject, words)
    record(tx, "answer_code.send", worker_id=worker_id, subject=subject.partition(":")[0])


def _about(suggestion_id: UUID, disclose: bool) -> str:
    """What a code for a yes is good for: with disclosure it is another act."""
    return show("s", suggestion_id) + (":disclose" if disclose else "")


def say_not_this_one(tx: Write, suggestion: Suggestion) -> None:
    """The worker passes one over. It leaves no trace but the worker's own (SECURITY T4): no audit entry either."""
    if tx.actor.role is not Role.WORKER:
        raise OnlyTheWorkerSaysNo
    decline(tx, suggestion)


def take_back_not_this_one(tx: Write, suggestion: Suggestion) -> None:
    """The worker takes such a no back: a slip of the thumb loses no job. It leaves no trace either."""
    if tx.actor.role is not Role.WORKER:
        raise OnlyTheWorkerSaysNo
    take_decline_back(tx, suggestion)


def say_interested(tx: Write, suggestion: Suggestion, *, disclose: bool, word: Word | None = None) -> Placement:
    """The worker says yes; with `disclose` also to name and phone. A station brings the worker's word.

    Raises VacancyOver, PlacedAlready, ConsentMissing, OwnWordNeeded."""
    worker = tx.session.get_one(Worker, suggestion.worker_id)
    card = card_of(tx, worker, suggestion.score, find_vacancy_words(tx, suggestion.vacancy_id))
    return _keep_yes(tx, worker, suggestion.id, disclose, card, word)


def disclose(tx: Write, placement_id: UUID, word: Word) -> Placement:
    """The worker adds name and phone to a yes that was said without; a station brings the worker's word.

    Raises NotFound, NotThisStep, VacancyOver, ConsentMissing, OwnWordNeeded, WrongCode."""
    _allow_codes(tx)
    placement = _said_without_phone(tx, placement_id)
    worker = tx.session.get_one(Worker, placement.worker_id)
    return _keep_yes(tx, worker, _suggestion_of(placement), True, placement.card, word)


def _keep_yes(
    tx: Write, worker: Worker, suggestion_id: UUID, disclose: bool, card: Mapping[str, Any], word: Word | None
) -> Placement:
    how = _how(tx, word, worker.id, _about(suggestion_id, disclose))
    paper = word.paper if word else None
    said = queries.say_interested(
        tx,
        suggestion_id,
        disclose=disclose,
        how=how,
        card=card,
        witness=paper.witness if paper else None,
        signed_on=paper.signed_on if paper else None,
    )
    raise_for(said.word)
    assert said.placement is not None
    if paper:
        keep_paper(tx, said.placement, worker.station_id, "interested", paper)
    record(tx, "placement.interested", worker_id=worker.id, subject=show("pm", said.placement))
    return _placement(tx, said.placement)


def accept(tx: Write, placement_id: UUID, word: Word | None = None) -> Placement:
    """The worker takes the job: a place is taken, and other introductions of the worker end.

    Raises NotFound, NotThisStep, VacancyOver, PlacedAlready, ConsentMissing, OwnWordNeeded."""
    allow(tx.actor, Permission.ANSWER)
    placement = _placement(tx, placement_id)
    how = _how(tx, word, placement.worker_id, show("pm", placement_id))
    raise_for(queries.accept(tx, placement_id, how))
    if word and word.paper:
        keep_paper(tx, placement_id, placement.station_id, "accept", word.paper)
    record(tx, "placement.accept", worker_id=placement.worker_id, subject=show("pm", placement_id))
    return _placement(tx, placement_id)


def _how(tx: Write, word: Word | None, worker_id: UUID, subject: str) -> str:
    """How the worker's word came. Raises OwnWordNeeded, WrongCode, PhoneOnHold."""
    if tx.actor.role is Role.WORKER:
        check_nobody_shares(tx, worker_id)
        return "own"
    if word and word.paper:
        return "paper"
    if word is None or word.code is None:
        raise OwnWordNeeded
    redeem_code(tx, ANSWER, worker_id, subject, word.code)
    return "code"


def offer(tx: Write, placement_id: UUID) -> Placement:
    """The employer offers the job to somebody introduced."""
    return _employer_acts(tx, placement_id, "offer", None)


def take_offer_back(tx: Write, placement_id: UUID) -> Placement:
    """The employer offered by mistake: as long as the worker has not answered, it is as before. Raises NotThisStep."""
    return _employer_acts(tx, placement_id, "take_back", None)


def turn_down(tx: Write, placement_id: UUID, code: str) -> None:
    """The employer says no, with a lawful reason."""
    _employer_acts(tx, placement_id, "decline", code)


def end(tx: Write, placement_id: UUID, code: str | None) -> Placement:
    """Either side ends it. The worker may at any time, waits for nothing and need not say why; the employer ends a job
    that was accepted."""
    allow(tx.actor, Permission.READ_PLACEMENTS)
    if tx.actor.role is Role.EMPLOYER:
        return _employer_acts(tx, placement_id, "end", code)
    if tx.actor.role is not Role.WORKER:
        raise NotAllowed
    placement = _placement(tx, placement_id)
    was_taken = placement.accepted_at is not None
    raise_for(queries.worker_ends(tx, placement_id))
    if code:
        queries.add_worker_end(tx, placement, code)
    if was_taken:  # what was taken back before leaves no trace but the worker's own
        record(tx, "placement.end", worker_id=placement.worker_id, subject=show("pm", placement_id))
    return _placement(tx, placement_id)


def take_back(tx: Write, placement_id: UUID) -> None:
    """A station takes down that the worker takes a yes back, before a place is taken: one step, no code, nobody asks
    why. What the worker accepted only the worker ends. Raises NotFound."""
    _allow_codes(tx)
    placement = _placement(tx, placement_id)
    raise_for(queries.worker_ends(tx, placement_id))
    record(tx, "placement.take_back", worker_id=placement.worker_id, subject=show("pm", placement_id))


def _employer_acts(tx: Write, placement_id: UUID, act: str, code: str | None) -> Placement:
    allow(tx.actor, Permission.OFFER_PLACES)
    placement = _placement(tx, placement_id)
    raise_for(queries.employer_acts(tx, placement_id, act, code))
    action = "placement.offer_back" if act == "take_back" else f"placement.{act}"
    record(tx, action, worker_id=placement.worker_id, subject=show("pm", placement_id))
    return queries.find_placement(tx, placement_id) or placement


def confirm(tx: Write, placement_id: UUID, step: Step) -> Placement:
    """A side says that a step after acceptance was taken; starts and settlings count when both sides have said so."""
    allow(tx.actor, Permission.READ_PLACEMENTS)
    if tx.actor.role is Role.AUDITOR:
        raise NotAllowed
    placement = _placement(tx, placement_id)
    raise_for(queries.confirm_step(tx, placement_id, step.value))
    record(tx, f"placement.{step.value}", worker_id=placement.worker_id, subject=show("pm", placement_id))
    return _placement(tx, placement_id)


def list_placements(
    tx: Write, at: Window, *, vacancy_id: UUID | None = None, only_open: bool = False
) -> tuple[Sequence[Placement], str | None]:
    """Placements in the actor's sight, the last moved first, and the next cursor."""
    allow(tx.actor, Permission.READ_PLACEMENTS)
    queries.settle(tx)
    query = queries.placements(vacancy_id=vacancy_id, only_open=only_open)
    return read_page(tx.session, query, at, Placement.updated_at, Placement.id, newest_first=True)


def read_placement(tx: Write, placement_id: UUID) -> Placement:
    """A placement in the actor's sight, as of now. Raises NotFound."""
    allow(tx.actor, Permission.READ_PLACEMENTS)
    queries.settle(tx)
    return _placement(tx, placement_id)


def _placement(tx: Read, placement_id: UUID) -> Placement:
    found = queries.find_placement(tx, placement_id)
    if found is None:
        raise NotFound
    return found


def read_contact(tx: Write, placement_id: UUID) -> Reached:
    """Name and phone of somebody whose disclosure to the actor lives; the worker sees the look. Raises NotFound."""
    allow(tx.actor, Permission.OFFER_PLACES)
    found = queries.disclosed_contact(tx, placement_id)
    if found is None:
        raise NotFound
    record(tx, "placement.contact", worker_id=found.worker_id, subject=show("pm", placement_id))
    sealed = found.phone_sealed
    return Reached(found.name, unseal_text(sealed, "workers.phone_sealed", found.worker_id) if sealed else None)


@dataclass(frozen=True, slots=True)
class Agreed:
    """What a worker accepted: whom to call, pay in yuan a month, and when it starts; None: not stated."""

    contact: str | None
    phone: str | None
    wage_lo: int
    wage_hi: int
    start_date: date | None
    lodging: bool | None
    board: bool | None


def read_agreed(tx: Read, placement_id: UUID) -> Agreed:
    """What the worker accepted and whom to call there, for the worker and the station that serves them. Raises
    NotFound, NotThisStep before an acceptance."""
    allow(tx.actor, Permission.ANSWER)
    _placement(tx, placement_id)
    found = queries.accepted_job(tx, placement_id)
    if found is None:
        raise NotThisStep
    return Agreed(found.contact, open_phone(found.vacancy_id, found.phone_sealed), *found[3:])


def list_candidates(
    tx: Write, market: LiveMarket, vacancy_id: UUID, at: Window
) -> tuple[int, Sequence[Placement], str | None]:
    """About how many would suit an own vacancy, those who said yes, and the next cursor. Nobody, for an employer whom
    nobody verified. Raises NotFound."""
    allow(tx.actor, Permission.OFFER_PLACES)
    vacancy = queries.own_vacancy(tx, vacancy_id)
    if vacancy is None:
        raise NotFound
    if not queries.is_verified(tx):
        return 0, [], None
    queries.settle(tx)
    queries.settle_vacancy(tx, vacancy_id)
    query = queries.placements(vacancy_id=vacancy_id)
    rows, following = read_page(tx.session, query, at, Placement.answered_at, Placement.id)
    return suitable(tx, market, vacancy), rows, following


def read_reach(tx: Read, market: LiveMarket, offer: Offered) -> Reach | None:
    """Whom an offer reaches, also while it is written; None for an employer whom nobody verified."""
    allow(tx.actor, Permission.OFFER_PLACES)
    return would_reach(tx, market, offer) if queries.is_verified(tx) else None


def list_checks(tx: Read, at: Window, *, only_open: bool) -> tuple[Sequence[AnswerCheck], str | None]:
    """Questions about answers: to the head of the station that is asked, and to the auditor."""
    allow(tx.actor, Permission.CHECK_ANSWERS)
    return read_page(tx.session, queries.checks(only_open=only_open), at, AnswerCheck.asked_at, AnswerCheck.id)


def decide_check(tx: Write, check_id: UUID, *, genuine: bool) -> None:
    """Say whether an answer was the worker's own; if not, it never was. Raises NotFound."""
    allow(tx.actor, Permission.CHECK_ANSWERS)
    if not queries.decide_check(tx, check_id, genuine=genuine):
        raise NotFound
    record(tx, "answer_check.decide", subject=show("ac", check_id))
