"""The shapes of requests and answers about answers and placements; and what is told at each step."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import Field, StringConstraints

from app.actor import Actor, Role
from app.edge.form_fields import Line
from app.edge.language import Language
from app.edge.public_ids import PublicId, VacancyId, WorkerId
from app.edge.strict import In, Out
from app.occupations.in_english import title_in
from app.placements.cards import pseudonym
from app.placements.model import AnswerCheck, Placement
from app.placements.usecases import Agreed, Reached, Step
from app.places.english import where_in_english

PlacementId = Annotated[UUID, PublicId("pm")]
CheckId = Annotated[UUID, PublicId("ac")]
PaperId = Annotated[UUID, PublicId("pp")]
Code = Annotated[str, StringConstraints(pattern=r"^\d{6}$")]


class AnswerKind(StrEnum):
    """What a worker says to a suggestion."""

    INTERESTED = "interested"
    NOT_THIS_ONE = "not_this_one"


class DeclineCode(StrEnum):
    """Lawful reasons for which an employer does not take somebody: about the work, never about the person."""

    FILLED = "filled"
    SKILL_NOT_SHOWN = "skill_not_shown"
    CERTIFICATE_MISSING = "certificate_missing"
    START_DATE = "start_date"
    NOT_REACHED = "not_reached"
    JOB_CHANGED = "job_changed"


class EndCode(StrEnum):
    """How a job ended, as either side may say."""

    CONTRACT_OVER = "contract_over"
    BY_AGREEMENT = "by_agreement"
    NOT_STARTED = "not_started"
    JOB_CHANGED = "job_changed"
    LEFT = "left"
    #: Of the worker's word only, and for the worker alone to read.
    NOT_AS_TOLD = "not_as_told"
    PAY = "pay"
    HEALTH = "health"
    FAMILY = "family"
    OTHER = "other"


#: What an employer may give as the reason.
EMPLOYER_ENDS = frozenset(
    {EndCode.CONTRACT_OVER, EndCode.BY_AGREEMENT, EndCode.NOT_STARTED, EndCode.JOB_CHANGED, EndCode.LEFT}
)


class AnswerIn(In):
    """The worker's answer; `disclose` is a yes of its own, to name and phone for this vacancy's employer."""

    answer: AnswerKind
    disclose: bool = False
    #: At a station: what the worker read from their own phone.
    one_time_code: Code | None = None


class CodeIn(In):
    """For which yes the code is to be good."""

    disclose: bool = True


class AcceptIn(In):
    """The worker's acceptance."""

    one_time_code: Code | None = None


class DeclineIn(In):
    """Why the employer does not take somebody."""

    code: DeclineCode


class EndIn(In):
    """Why it ended: for the employer required, for the worker free, and then the worker's alone to read."""

    code: EndCode | None = None


class ConfirmIn(In):
    """Which step was taken."""

    step: Step


class CheckIn(In):
    """Whether the answer was the worker's own."""

    outcome: Literal["genuine", "not_genuine"]


class PlacementVacancyOut(Out):
    """The job, as it was when the worker said yes."""

    id: VacancyId
    title: str
    employer: str
    workplace: str


class CardOut(Out):
    """What an employer may know of somebody who said yes."""

    score: str = Field(description="得分段 / band of the score")
    age: str | None
    province: str
    skills: list[str]


class PlacementOut(Out):
    """A worker on the way to a job, as the asker may see it."""

    id: PlacementId
    state: str
    vacancy: PlacementVacancyOut
    #: None: the asker is the employer, and knows a pseudonym.
    worker_id: WorkerId | None
    #: For the employer alone, as is the card.
    pseudonym: str | None
    card: CardOut | None
    disclosed: bool = Field(description="姓名电话现可查看 / name and phone are open now")
    answered_at: datetime
    held_until: datetime | None
    disclosure_until: datetime | None
    offered_at: datetime | None
    accepted_at: datetime | None
    departed_at: datetime | None
    onboarded_by_worker: datetime | None
    onboarded_by_employer: datetime | None
    settled_by_worker: datetime | None
    settled_by_employer: datetime | None
    ended_at: datetime | None
    #: worker, employer, time, other_job, check.
    ended_by: str | None
    #: The employer's coded reason.
    employer_code: str | None
    #: Whose turn it is: worker, employer, station, nobody.
    turn: str
    #: In the queue: for the employer's verification, or for a turn among many.
    waits_for: Literal["verification", "turn"] | None
    next: str = Field(description="接下来 / what happens next")

    @classmethod
    def of(cls, row: Placement, actor: Actor, language: Language) -> Self:
        """From the row, for one asker, in one language."""
        is_employer = actor.role is Role.EMPLOYER
        times = (
            "answered_at",
            "held_until",
            "disclosure_until",
            "offered_at",
            "accepted_at",
            "departed_at",
            "ended_at",
        )
        sides = ("onboarded_by_worker", "onboarded_by_employer", "settled_by_worker", "settled_by_employer")
        turn, told = step_of(row, language)
        return cls(
            id=row.id,
            state=row.state,
            vacancy=PlacementVacancyOut(
                id=row.vacancy_id,
                title=title_in(row.title, language),
                employer=row.employer,
                workplace=where_in_english(row.workplace_text) if language == "en" else row.workplace_text,
            ),
            worker_id=None if is_employer else row.worker_id,
            pseudonym=pseudonym(row.worker_id, row.vacancy_id) if is_employer else None,
            card=CardOut.model_validate(row.card) if is_employer else None,
            disclosed=_is_disclosed(row),
            **{name: getattr(row, name) for name in (*times, *sides)},
            ended_by=row.ended_by,
            employer_code=row.employer_code,
            turn=turn,
            waits_for=_waits_for(row),
            next=told,
        )


_DISCLOSED = frozenset({"introduced", "offered", "accepted", "departed", "onboarded", "settled"})


def _is_disclosed(row: Placement) -> bool:
    until = row.disclosure_until
    return row.state in _DISCLOSED and until is not None and until > datetime.now(until.tzinfo)


#: state -> whose turn it is, and what is told in Chinese and English.
_STEPS: dict[str, tuple[str, str, str]] = {
    "held": (
        "nobody",
        "答复将在 {held} 生效，在此之前可随时撤回，对方看不到。",
        "The answer takes effect at {held}; until then it can be taken back and nobody outside sees it.",
    ),
    "interested": (
        "worker",
        "用人单位只看得到匿名信息。同意告知姓名和电话后，对方才能联系。",
        "The employer sees a card without a name. It can call once name and phone are agreed to.",
    ),
    "waiting": (
        "nobody",
        "已排队：这家单位正在联系前面的人，轮到时姓名电话才会告知对方，不用再做什么。想知道排到哪里，问您的劳务工作站。",
        "In the queue: the employer is talking to those before. Name and phone go out when the turn comes, and nothing"
        " is to be done. The labour station can ask how long it takes.",
    ),
    "unverified": (
        "nobody",
        "已记下，但这家单位还没有通过劳务部门核验，姓名电话现在不会给任何人。核验通过后才告知对方；想知道进度，问您的劳务工作站。",
        "Noted, but no office has verified this employer yet: name and phone go to nobody. They go out once it is"
        " verified; the labour station can ask about it.",
    ),
    "introduced": (
        "employer",
        "用人单位已可联系，将在 {until} 前答复；之后自动失效。",
        "The employer can call, and has until {until} to answer; then it lapses.",
    ),
    "offered": (
        "worker",
        "用人单位愿意录用，请在 {until} 前由本人决定是否接受。",
        "The employer offers the job; until {until} the worker decides.",
    ),
    "accepted": (
        "worker",
        "已接受，名额已留好。请和单位打电话说好哪天走、怎么走。",
        "Accepted; the place is kept. Next: agree on the journey by phone.",
    ),
    "departed": ("worker", "已出发。到岗后请双方确认。", "On the way. Both sides confirm the start."),
    "onboarded": (
        "employer",
        "已到岗，双方已确认。稳定后请双方再确认。",
        "Started, as both say. Both confirm again later.",
    ),
    "settled": ("nobody", "已稳定就业。", "Settled."),
    "ended": ("station", "这份工作已结束，可以看新的岗位。", "This job is over; new ones can be looked at."),
    "closed": (
        "nobody",
        "这一次到此为止，对您没有任何影响，可以看新的岗位。",
        "Over, with no effect on you. There are others.",
    ),
}
_HELD_ACCEPTANCE = (
    "nobody",
    "接受将在 {held} 生效，在此之前可随时撤回。",
    "The acceptance takes effect at {held}; until then it can be taken back.",
)


def _waits_for(row: Placement) -> Literal["verification", "turn"] | None:
    if row.state != "waiting":
        return None
    return "verification" if row.employer_id is None else "turn"


def step_of(row: Placement, language: Language) -> tuple[str, str]:
    """Whose turn it is, and what happens next."""
    stands = "unverified" if _waits_for(row) == "verification" else row.state
    turn, zh, en = _HELD_ACCEPTANCE if row.held_act == "accept" else _STEPS[stands]
    told = (en if language == "en" else zh).format(held=_shown(row.held_until), until=_shown(row.disclosure_until))
    return turn, told


def _shown(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M}" if moment else "—"


class AnswerOut(Out):
    """What became of an answer."""

    answer: AnswerKind
    #: None: not this one; the next suggestion takes its place.
    placement: PlacementOut | None


class ContactOut(Out):
    """Whom to call, as long as the disclosure lives."""

    name: str
    phone: str | None

    @classmethod
    def of(cls, reached: Reached) -> Self:
        """From the use case's answer."""
        return cls(name=reached.name, phone=reached.phone)


class AgreedOut(Out):
    """What a worker accepted; None: not stated."""

    contact: str | None
    phone: str | None
    wage_min: int
    wage_max: int
    start_date: date | None
    lodging: bool | None
    board: bool | None

    @classmethod
    def of(cls, agreed: Agreed) -> Self:
        """From the use case's answer."""
        same = {name: getattr(agreed, name) for name in ("contact", "phone", "start_date", "lodging", "board")}
        return cls(wage_min=agreed.wage_lo, wage_max=agreed.wage_hi, **same)


class CodeSentOut(Out):
    """A code was sent to the worker's own phone."""

    sent: bool


class CandidateOut(Out):
    """Somebody who said yes."""

    placement: PlacementId
    pseudonym: str
    card: CardOut
    state: str
    disclosed: bool
    answered_on: date

    @classmethod
    def of(cls, row: Placement) -> Self:
        """From the row."""
        return cls(
            placement=row.id,
            pseudonym=pseudonym(row.worker_id, row.vacancy_id),
            card=CardOut.model_validate(row.card),
            state=row.state,
            disclosed=_is_disclosed(row),
            answered_on=row.answered_at.date(),
        )


class CandidatesOut(Out):
    """How many would suit, and those who said yes."""

    suitable: int = Field(description="约数（5 的倍数），少于 10 人为 0 / rounded to 5; 0 when fewer than 10")
    items: list[CandidateOut]
    next: str | None


class CheckOut(Out):
    """A question about an answer."""

    id: CheckId
    placement: PlacementId
    #: paper: a sampled signed paper; device: one device answered for several workers.
    kind: str
    paper: PaperId | None
    asked_at: datetime
    outcome: str | None
    decided_at: datetime | None

    @classmethod
    def of(cls, row: AnswerCheck) -> Self:
        """From the row."""
        same: dict[str, Any] = {name: getattr(row, name) for name in ("kind", "asked_at", "outcome", "decided_at")}
        return cls(id=row.id, placement=row.placement_id, paper=row.paper_id, **same)


class PaperAnswerIn(In):
    """The fields beside the scan of a signed paper."""

    answer: Literal["interested"] = "interested"
    disclose: bool = False
    witness: Line
    signed_on: date
