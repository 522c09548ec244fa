"""What identity takes and answers."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from app.actor import Actor
from app.edge.form_fields import Line
from app.edge.public_ids import ApprovalId, InvitationId, KeyId, OrganisationId, UserId, WorkerId
from app.edge.strict import In, Out
from app.identity.model import ApiKey, Approval, Invitation, Organisation


class TokensOut(Out):
    """A session's two tokens (RFC 6749, 5.1)."""

    access_token: str
    #: Good once, for the next two.
    refresh_token: str
    token_type: Literal["Bearer"] = "Bearer"
    #: Seconds the access token lasts.
    expires_in: int


class StaffRole(StrEnum):
    """What a member of staff may be."""

    STATION = "station"
    HEAD = "head"
    DESTINATION = "destination"
    EMPLOYER = "employer"
    COORDINATOR = "coordinator"
    OPERATOR = "operator"
    AUDITOR = "auditor"


class OrganisationKind(StrEnum):
    """What kinds of organisation take part."""

    STATION = "station"
    DESTINATION = "destination"
    EMPLOYER = "employer"
    AUTHORITY = "authority"
    OPERATOR = "operator"
    AUDIT = "audit"


class NewKind(StrEnum):
    """What kinds of organisation can be made by request."""

    STATION = "station"
    DESTINATION = "destination"
    EMPLOYER = "employer"
    AUTHORITY = "authority"


class UserState(StrEnum):
    """Whether somebody still works there."""

    ACTIVE = "active"
    LEFT = "left"


class ApprovalKind(StrEnum):
    """What takes two persons."""

    ROLE_GRANT = "role_grant"
    ORGANISATION = "organisation"


class ApprovalState(StrEnum):
    """How far it has come."""

    ASKED = "asked"
    APPROVED = "approved"
    REFUSED = "refused"
    USED = "used"


Division = Annotated[str, Field(pattern=r"^\d{6}$", description="行政区划代码 / a division's code")]
Secret = Annotated[str, Field(min_length=1, max_length=200)]
NewPassword = Annotated[str, Field(max_length=500, description="至少 12 个字符 / at least 12 characters")]
Login = Annotated[
    str, Field(pattern=r"^[A-Za-z0-9._-]{2,40}$", description="登录名，不分大小写 / to sign in with, in any case")
]
Digits = Annotated[str, Field(pattern=r"^\d{6}$", description="身份验证器上的 6 位数字 / six digits")]


class OrganisationOut(Out):
    """A station, an employer or an authority."""

    id: OrganisationId
    kind: OrganisationKind
    name: str
    division: str | None
    uscc: str | None
    created_at: datetime
    #: When it was first trusted. None: an employer nobody has approved.
    approved_at: datetime | None
    #: Under which people reach it. None: it has not said.
    phone: str | None

    @classmethod
    def of(cls, row: Organisation) -> OrganisationOut:
        """From the row."""
        return cls(
            id=row.id,
            kind=OrganisationKind(row.kind),
            name=row.name,
            division=row.division_code,
            uscc=row.uscc,
            created_at=row.created_at,
            approved_at=row.approved_at,
            phone=row.phone,
        )


class OrganisationPatch(In):
    """Under which telephone people reach the office: a mobile, or a landline with its area code. Null: none."""

    phone: Line | None


class OrganisationIn(In):
    """An organisation to be made."""

    kind: NewKind
    name: Line
    division: Division
    uscc: Secret | None = None


class EmployerIn(In):
    """An employer that takes part, and the first of its staff."""

    name: Line
    uscc: Secret
    #: Where it is, or most of its work.
    division: Division
    login: Login
    person: Line
    password: NewPassword


class RegisteredOut(Out):
    """What to sign in with, once the form was right."""

    organisation_id: OrganisationId
    login: str


class UserOut(Out):
    """A member of staff."""

    id: UserId
    organisation_id: OrganisationId
    role: StaffRole
    login: str
    name: str
    state: UserState
    created_at: datetime
    left_at: datetime | None


class UserPatch(In):
    """A head becomes a clerk; more takes two persons."""

    role: StaffRole


class SessionOut(Out):
    """Who is signed in, and as what."""

    role: str
    user: UserOut | None
    organisation: OrganisationOut | None
    worker_id: WorkerId | None
    #: None: whatever the role may.
    scopes: list[str] | None
    #: Before this moment the session may withdraw, not give. None: may do both.
    gives_from: datetime | None


class PasswordIn(In):
    """Another password, and the present one."""

    present: Secret
    password: NewPassword


class ProofIn(In):
    """The present password."""

    password: Secret


class FactorProofIn(In):
    """The present password and the digits of the authenticator."""

    password: Secret
    one_time_code: Digits


class FactorCodeIn(In):
    """The first digits of a new authenticator."""

    one_time_code: Digits


class SecondFactorOut(Out):
    """What an authenticator takes in; it is asked for once its first digits were sent back."""

    secret: str
    uri: str


class InvitationIn(In):
    """Somebody to be invited. Without a role: the one this organisation gives alone."""

    name: Line
    role: StaffRole | None = None


class InvitationOut(Out):
    """An invitation, without its code."""

    id: InvitationId
    role: StaffRole
    name: str
    created_at: datetime
    expires_at: datetime
    accepted_at: datetime | None
    withdrawn_at: datetime | None


class InvitedOut(InvitationOut):
    """An invitation and its code, shown this once: hand it to that person alone."""

    code: str

    @classmethod
    def with_code(cls, row: Invitation, code: str) -> InvitedOut:
        """From the row and what it does not keep."""
        return cls(code=code, **InvitationOut.model_validate(row).model_dump())


class AcceptIn(In):
    """An invitation taken up."""

    code: Secret
    login: Login
    password: NewPassword


class KeyIn(In):
    """A key for a system."""

    name: Line
    #: Permissions it is limited to.
    scopes: Annotated[list[Secret], Field(min_length=1, max_length=30)]
    days: Annotated[int, Field(ge=1, le=365)] = 365


class RotateIn(In):
    """How long the old secret stays good, in hours."""

    keep_old_hours: Annotated[int, Field(ge=0, le=168)] = 24


class KeyOut(Out):
    """A system's key, without its secret."""

    id: KeyId
    organisation_id: OrganisationId
    role: StaffRole
    name: str
    scopes: list[str]
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    #: To the minute. None: never.
    last_used_at: datetime | None


class MadeKeyOut(KeyOut):
    """A key and its secret, shown this once."""

    secret: str

    @classmethod
    def with_secret(cls, row: ApiKey, secret: str) -> MadeKeyOut:
        """From the row and what it does not keep."""
        return cls(secret=secret, **KeyOut.model_validate(row).model_dump())


class ApprovalIn(In):
    """What takes two persons: a place on a staff (`role_grant`), or a new organisation."""

    kind: ApprovalKind
    reason: Line
    #: role_grant: where, as what, and who; `user_id` when they are there already.
    organisation_id: OrganisationId | None = None
    role: StaffRole | None = None
    name: Line | None = None
    user_id: UserId | None = None
    #: organisation: what it is.
    organisation: OrganisationIn | None = None


class ApprovalOut(Out):
    """What was asked for and what became of it."""

    id: ApprovalId
    kind: ApprovalKind
    state: ApprovalState
    organisation_id: OrganisationId
    #: The organisation concerned. None: one that is still to be made.
    subject_id: OrganisationId | None
    division: str | None
    #: What was asked for, in words.
    role: StaffRole | None
    name: str | None
    organisation_kind: NewKind | None
    reason: str
    created_at: datetime
    expires_at: datetime
    decided_at: datetime | None
    words: str | None
    #: Whether the caller is who asked.
    mine: bool

    @classmethod
    def of(cls, row: Approval, actor: Actor) -> ApprovalOut:
        """From the row, for whoever looks at it."""
        what = row.payload
        return cls(
            id=row.id,
            kind=ApprovalKind(row.kind),
            state=ApprovalState(row.state),
            organisation_id=row.organisation_id,
            subject_id=row.subject_id,
            division=row.division_code,
            role=StaffRole(str(what["role"])) if "role" in what else None,
            name=str(what["name"]) if what.get("name") else None,
            organisation_kind=NewKind(str(what["kind"])) if "kind" in what else None,
            reason=row.reason,
            created_at=row.created_at,
            expires_at=row.expires_at,
            decided_at=row.decided_at,
            words=row.words,
            mine=row.asked_by == (actor.user_id or actor.token_id),
        )


class DecisionIn(In):
    """The second person's word."""

    agree: bool
    words: Line | None = None


class CarriedOutOut(Out):
    """What came of it; `code` is shown this once."""

    invitation_id: InvitationId | None
    code: str | None
    user_id: UserId | None
    organisation_id: OrganisationId | None
