"""The shapes of requests and answers of the worker's own door."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal, Self

from pydantic import Field, StringConstraints

from app.edge.public_ids import VacancyId, WorkerId
from app.edge.strict import In, Out
from app.workers.me import Look
from app.workers.me_queries import OwnRecord
from app.workers.model import Consent
from app.workers.schemas import GivenBy, HomeOut, IntentionOut, ManyWords, Name, how_given
from app.workers.usecases import WorkerDetail

#: What offices do, as a person would say it: (Chinese, English). Other actions are named by their code.
_ACTS = {
    "worker.read": ("查看了您的详情", "looked at your details"),
    "worker.create": ("登记了您的信息", "entered your record"),
    "worker.export": ("把您的信息导出成文件（两人批准）", "put your record into a file (allowed by two people)"),
    "worker.change": ("更改了您的信息", "changed your record"),
    "worker.intention": ("更改了您的就业意向", "changed what you want"),
    "worker.list": ("在名单中看到了您", "saw you in a list"),
    "suggestions.read": ("查看了为您推荐的岗位", "looked at the jobs suggested to you"),
    "answer_code.send": ("给您发了办理确认码", "sent you a code for an answer"),
    "paper.read": ("查看了您签字的材料", "looked at a paper you signed"),
    "phone.check": ("核对了您的手机号", "looked into your phone number"),
    "placement.contact": ("查看了您的姓名和电话", "saw your name and phone"),
    "placement.interested": ("替您记下了“想去”", "noted your yes"),
    "placement.accept": ("替您记下了“我去”", "noted that you accept"),
    "placement.decline": ("答复了您：这次不录用", "answered: no place this time"),
    "placement.departed": ("记下了您已出发", "noted that you left"),
    "placement.onboarded": ("记下了您已到岗", "noted that you started"),
    "placement.settled": ("记下了您已稳定", "noted that you settled"),
    "placement.end": ("结束了这份工作的记录", "ended the record of this job"),
    "plan.read": ("查看了您在方案里的安排", "looked at your place in a plan"),
    "plan.override": ("改了您在方案里的安排", "changed your place in a plan"),
    "complaint.contact": ("办您的投诉，看了您的姓名和电话", "saw your name and phone to look into your complaint"),
    "placement.offer_back": ("收回了录用", "took the offer back"),
    "placement.offer": ("向您发出录用", "offered you the job"),
    "consent.give": ("登记了您的授权", "entered your consent"),
    "consent.withdraw": ("登记了您的撤回", "entered that you took consent back"),
    "placement.take_back": ("登记了您不去了", "entered that you are not going"),
}
Code = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^[0-9]{6}$")]


class MePatch(In):
    """What the worker corrects. A new phone is proved by the code sent to it: send it again with `phone_code`."""

    name: Name | None = None
    skills: ManyWords | None = None
    phone: Annotated[str, StringConstraints(min_length=1, max_length=40)] | None = None
    phone_code: Code | None = None


class MyConsentIn(In):
    """The worker agrees to matching: jobs may be suggested to the worker and shown to the serving station."""

    purpose: Literal["matching"] = "matching"


class RecordChoiceIn(In):
    """The record that is to hold."""

    worker_id: WorkerId


class DeletionIn(In):
    """A second yes: deletion cannot be undone."""

    confirm: Literal["删除", "delete"]


class MyConsentOut(Out):
    """Something the worker agreed to, and when it was taken back."""

    purpose: str
    vacancy_id: VacancyId | None
    given_by: GivenBy
    witness: str | None
    given_at: datetime
    withdrawn_at: datetime | None

    @classmethod
    def of(cls, row: Consent) -> Self:
        """From the stored consent."""
        same = {name: getattr(row, name) for name in cls.model_fields}
        return cls.model_validate(same | {"given_by": how_given(row)})


class MyConsentsOut(Out):
    """All the worker ever agreed to, the newest first."""

    items: list[MyConsentOut]


class MeOut(Out):
    """The worker's own record."""

    id: WorkerId
    name: str
    #: The place of issue; the whole number is shown by /v1/me/id-number.
    id_number: str
    phone: str | None
    home_address: str
    home: HomeOut
    skills: str | None
    #: Canonical terms understood from the skills.
    skill_terms: list[str]
    certificates: str | None
    employment_status: str | None
    intention: IntentionOut
    #: Consent to matching stands.
    consented: bool
    #: What the worker stated personally: lists no longer override it.
    own_word: list[str]
    #: A code was sent to a new phone and waits for `phone_code`.
    phone_pending: bool
    updated_at: datetime

    @classmethod
    def of(cls, me: WorkerDetail, *, phone_pending: bool = False) -> Self:
        """From what the use case found."""
        row = me.worker
        return cls(
            id=row.id,
            name=row.name,
            id_number=me.masked_id_number,
            phone=me.phone,
            home_address=row.home_text,
            home=HomeOut(division=row.home_code, name=me.home_name),
            skills=row.skills_text,
            skill_terms=row.skills,
            certificates=row.certificates_text,
            employment_status=row.employment_status,
            intention=IntentionOut.of(me.intention),
            consented=any(consent.purpose == "matching" for consent in me.consents),
            own_word=list(row.own_word),
            phone_pending=phone_pending,
            updated_at=row.updated_at,
        )


class IdNumberOut(Out):
    """The worker's whole ID number."""

    id_number: str


class RecordOut(Out):
    """One station's record of the worker."""

    worker_id: WorkerId
    station: str
    division: str
    created_at: datetime
    #: The one this session acts for.
    in_force: bool

    @classmethod
    def of(cls, own: OwnRecord, in_force: bool) -> Self:
        """From the record found."""
        return cls(
            worker_id=own.worker_id,
            station=own.station,
            division=own.division_code,
            created_at=own.created_at,
            in_force=in_force,
        )


class RecordsOut(Out):
    """The worker's records at all stations."""

    items: list[RecordOut]


class LookOut(Out):
    """Somebody looked at the worker's record, or changed it."""

    at: datetime
    office: str | None
    role: str
    #: The act's code, and what was done as a sentence.
    action: str
    what: str
    #: Why, as stated.
    purpose: str | None

    @classmethod
    def of(cls, look: Look, english: bool) -> Self:
        """From the audit entry."""
        entry = look.entry
        return cls(
            at=entry.at,
            office=look.office,
            role=entry.role,
            action=entry.action,
            what=_ACTS.get(entry.action, (entry.action, entry.action))[english],
            purpose=entry.purpose,
        )


class MyDataOut(Out):
    """Everything kept about the worker, by station and table."""

    as_of: datetime
    records: list[dict[str, Any]] = Field(description="每个站一份，按表列出 / one for each station, by table")
