"""A worker complains, past the own station; an office of the place answers, and the auditor sees all of it."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID, uuid4

from app.actor import Role
from app.complaints import queries
from app.complaints.model import Complaint
from app.db.keys import keys
from app.db.sealing import seal_text, unseal_text
from app.db.transaction import Read, Write
from app.edge.idempotency import Attempt
from app.edge.paging import Window, read_page
from app.edge.public_ids import show
from app.errors import Conflict, NotAllowed, NotFound
from app.identity.audit import record
from app.identity.permissions import Permission, allow

_WORDS = "complaints.words_sealed"
_ANSWER = "complaints.answer_sealed"


class ComplaintAnswered(Conflict):
    """This complaint has been answered."""

    code, zh = "complaint_answered", "这件投诉已经答复。"


class ComplaintElsewhere(NotAllowed):
    """The labour station of the workplace handles this complaint."""

    code, zh = "complaint_elsewhere", "这件投诉由岗位所在地的劳务工作站办理。"


@dataclass(frozen=True, slots=True)
class Complainant:
    """Whom to call about a complaint."""

    name: str
    #: None: no phone is known.
    phone: str | None


@dataclass(frozen=True, slots=True)
class Grievance:
    """A complaint as its reader may see it."""

    complaint: Complaint
    #: None: there are none, or they are not the reader's.
    words: str | None
    answer: str | None
    #: Somebody else's to answer, of whose case one is told.
    is_elsewhere: bool = False
    #: None: it came without a name, or the reader does not have it in hand.
    complainant: Complainant | None = None


@dataclass(frozen=True, slots=True)
class Readers:
    """Which office reads what a worker complains of. None: there is no such office yet."""

    about_home: str | None
    #: Vacancy -> the office; those no longer in the worker's sight are left out.
    about_jobs: Mapping[UUID, str | None]


@dataclass(frozen=True, slots=True)
class Said:
    """What a worker complains of."""

    kind: str
    words: str | None = None
    #: The job it is about.
    vacancy_id: UUID | None = None
    anonymous: bool = False


def complain(tx: Write, said: Said, attempt: Attempt | None) -> UUID | None:
    """Take a complaint to the office of the place it is about. Its id; None for one without a name, which nobody can
    follow back: no worker, no session and no moment are kept, and no audit entry is written."""
    allow(tx.actor, Permission.OWN_DOOR)
    complaint_id = uuid4()
    workplace = _workplace(tx, said.vacancy_id)
    queries.add_complaint(
        tx,
        {
            "id": complaint_id,
            "kind": said.kind,
            "worker_id": None if said.anonymous else tx.actor.worker_id,
            "words_sealed": seal_text(said.words, _WORDS, complaint_id) if said.words else None,
            "vacancy_id": said.vacancy_id,
            "division_code": workplace or _home(tx),
            "side": "destination" if workplace else "home",
            "repeat_key": _repeat_key(attempt) if attempt and said.anonymous else None,
        },
    )
    if said.anonymous:
        return None
    record(tx, "complaint.make", worker_id=tx.actor.worker_id, subject=show("cm", complaint_id))
    return complaint_id


def who_reads(tx: Read, vacancy_ids: Sequence[UUID]) -> Readers:
    """Who would read a complaint about home, and about each of these jobs: told before one is sent."""
    allow(tx.actor, Permission.OWN_DOOR)
    return Readers(queries.home_reader(tx, _home(tx)), queries.job_readers(tx, vacancy_ids))


def _home(tx: Read) -> str:
    """The prefecture the worker comes from: the county's own offices may be part of it."""
    return queries.home_code(tx)[:4] + "00"


def _workplace(tx: Read, vacancy_id: UUID | None) -> str | None:
    if vacancy_id is None:
        return None
    found = queries.workplace_of(tx, vacancy_id)
    if found is None:
        raise NotFound
    return found


def _repeat_key(attempt: Attempt) -> bytes:
    """Equal for the same request sent again, and for nobody to lead back: the session is no part of it."""
    return hmac.digest(keys().index, b"complaint|" + attempt.name + attempt.body, hashlib.sha256)


def my_complaints(tx: Read, at: Window) -> tuple[Sequence[Grievance], str | None]:
    """What the worker complained of by name, and what became of it."""
    allow(tx.actor, Permission.OWN_DOOR)
    return _page(tx, at)


def list_complaints(tx: Write, at: Window) -> tuple[Sequence[Grievance], str | None]:
    """The complaints the office was given, the last first."""
    allow(tx.actor, Permission.READ_COMPLAINTS)
    found, following = _page(tx, at)
    record(tx, "complaints.list")
    return found, following


def read_complaint(tx: Write, complaint_id: UUID) -> Grievance:
    """One complaint the office was given, or answers for; the look is written down."""
    allow(tx.actor, Permission.READ_COMPLAINTS)
    found = _found(tx, complaint_id)
    record(tx, "complaint.read", subject=show("cm", complaint_id))
    if tx.actor.role not in queries.OFFICES:
        return found
    words = _opened(queries.words_to_answer(tx, complaint_id), _WORDS, complaint_id)
    return replace(found, words=words, complainant=_whom_to_call(tx, complaint_id))


def _whom_to_call(tx: Write, complaint_id: UUID) -> Complainant | None:
    """The worker sees this look."""
    found = queries.complainant(tx, complaint_id)
    if found is None:
        return None
    record(tx, "complaint.contact", worker_id=found.worker_id, subject=show("cm", complaint_id))
    return Complainant(found.name, _opened(found.phone_sealed, "workers.phone_sealed", found.worker_id))


def complaint_to_answer(tx: Write, complaint_id: UUID) -> Grievance:
    """A complaint nobody else can answer until this transaction ends. Raises ComplaintElsewhere."""
    allow(tx.actor, Permission.ANSWER_COMPLAINTS)
    if _found(tx, complaint_id).is_elsewhere:
        raise ComplaintElsewhere
    return _found(tx, complaint_id, locked=True)


def answer_complaint(tx: Write, grievance: Grievance, state: str, answer: str | None) -> Grievance:
    """The office takes a complaint in hand, or answers it. Raises ComplaintAnswered."""
    complaint = grievance.complaint
    if complaint.state == "answered":
        raise ComplaintAnswered
    sealed = seal_text(answer, _ANSWER, complaint.id) if answer else None
    queries.set_state(tx, complaint, state, sealed)
    record(tx, f"complaint.{state}", subject=show("cm", complaint.id))
    return _shown(tx, complaint)


def _found(tx: Read, complaint_id: UUID, *, locked: bool = False) -> Grievance:
    complaint = queries.find_complaint(tx, complaint_id, locked=locked)
    if complaint is None:
        raise NotFound
    return _shown(tx, complaint)


def _page(tx: Read, at: Window) -> tuple[Sequence[Grievance], str | None]:
    query = queries.complaints_for(tx.actor.role)
    rows, following = read_page(tx.session, query, at, Complaint.received_on, Complaint.id, newest_first=True)
    return [_shown(tx, row) for row in rows], following


def _shown(tx: Read, complaint: Complaint) -> Grievance:
    return Grievance(
        complaint,
        None if tx.actor.role in queries.OFFICES else _opened(complaint.words_sealed, _WORDS, complaint.id),
        _opened(complaint.answer_sealed, _ANSWER, complaint.id),
        tx.actor.role is Role.COORDINATOR and complaint.assigned_to is not None,
    )


def _opened(sealed: bytes | None, place: str, row_id: UUID) -> str | None:
    return unseal_text(sealed, place, row_id) if sealed else None
