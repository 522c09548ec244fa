"""Organisations, their staff and systems, and the tokens that prove who somebody is."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint, func
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, CreatedAt, Id, Json, Texts

_STAFF = "role in ('station','head','destination','employer','coordinator','operator','auditor')"


class Organisation(Base):
    """A station, an employer or an authority: whoever staff act for."""

    __tablename__ = "organisations"
    __table_args__ = (
        CheckConstraint("kind in ('station','destination','employer','authority','operator','audit')", name="kind"),
        UniqueConstraint("kind", "division_code", "name", postgresql_nulls_not_distinct=True),
    )
    id: Mapped[Id]
    kind: Mapped[str]
    name: Mapped[str]
    #: The division it cares for. None: an employer or an operator.
    division_code: Mapped[str | None]
    #: 统一社会信用代码 (GB 32100). None: not verified, and so no disclosure.
    uscc: Mapped[str | None] = mapped_column(unique=True)
    created_at: Mapped[CreatedAt]
    #: When it was first trusted. None: an employer that nobody has approved yet.
    approved_at: Mapped[datetime | None]
    #: The organisation that approved it.
    approved_by: Mapped[UUID | None]
    #: Under which people reach it. None: it has not said.
    phone: Mapped[str | None]


class User(Base):
    """A member of an organisation's staff."""

    __tablename__ = "users"
    __table_args__ = (
        CheckConstraint(_STAFF, name="role"),
        CheckConstraint("state in ('active','left')", name="state"),
        CheckConstraint("(state = 'left') = (left_at is not null)", name="left"),
        UniqueConstraint("organisation_id", "id"),
    )
    id: Mapped[Id]
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id", ondelete="CASCADE"))
    #: As it is now: a token asks for it at every request.
    role: Mapped[str]
    #: What is typed to sign in, in lower case.
    login: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    state: Mapped[str] = mapped_column(server_default="active")
    created_at: Mapped[CreatedAt]
    left_at: Mapped[datetime | None]


class Password(Base):
    """What proves a member of staff; the door alone reads it."""

    __tablename__ = "passwords"
    __table_args__ = (
        ForeignKeyConstraint(["organisation_id", "user_id"], ["users.organisation_id", "users.id"], ondelete="CASCADE"),
    )
    user_id: Mapped[UUID] = mapped_column(primary_key=True)
    organisation_id: Mapped[UUID]
    #: Argon2id in its own notation, salt and cost included.
    hash: Mapped[str]
    changed_at: Mapped[CreatedAt]
    #: The shared secret of a second factor (TOTP), ciphertext. None: there is none.
    second_factor_sealed: Mapped[bytes | None]
    #: The last half minute whose code was used: no code counts twice.
    second_factor_step: Mapped[int] = mapped_column(BigInteger, server_default="0")
    #: Since when it is asked for. None: not confirmed with a code yet.
    second_factor_since: Mapped[datetime | None]


class ApiKey(Base):
    """A system of an organisation that may sign in by itself. Its secrets are tokens of kind "key"."""

    __tablename__ = "api_keys"
    __table_args__ = (CheckConstraint("role in ('station','destination','employer','coordinator')", name="role"),)
    id: Mapped[Id]
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id", ondelete="CASCADE"), index=True)
    role: Mapped[str]
    name: Mapped[str]
    #: The permissions it is limited to; nothing beyond its role's either way.
    scopes: Mapped[Texts]
    #: The person who made it.
    made_by: Mapped[UUID]
    created_at: Mapped[CreatedAt]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    #: To the minute. None: never.
    last_used_at: Mapped[datetime | None]


class Invitation(Base):
    """A place on the staff, taken up once by whoever brings its code."""

    __tablename__ = "invitations"
    __table_args__ = (CheckConstraint(_STAFF, name="role"),)
    id: Mapped[Id]
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id", ondelete="CASCADE"), index=True)
    role: Mapped[str]
    #: Whom it is meant for.
    name: Mapped[str]
    #: SHA-256 of the code, which is 256 random bits.
    code_hash: Mapped[bytes] = mapped_column(unique=True)
    invited_by: Mapped[UUID]
    created_at: Mapped[CreatedAt]
    expires_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]


class Approval(Base):
    """Something one person asked for and another decides; used once."""

    __tablename__ = "approvals"
    __table_args__ = (
        CheckConstraint("kind in ('role_grant','organisation')", name="kind"),
        CheckConstraint("state in ('asked','approved','refused','used')", name="state"),
        CheckConstraint("decided_by <> asked_by", name="two_persons"),
        CheckConstraint("(state = 'asked') = (decided_by is null)", name="decided"),
    )
    id: Mapped[Id]
    #: Whose wish it is.
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id", ondelete="CASCADE"), index=True)
    #: The organisation concerned. None: one that is still to be made.
    subject_id: Mapped[UUID | None]
    #: The division concerned: the coordinators whose region it lies in see the wish.
    division_code: Mapped[str | None]
    kind: Mapped[str]
    payload: Mapped[Json]
    reason: Mapped[str]
    state: Mapped[str] = mapped_column(server_default="asked")
    #: The person: a user, or the token of somebody who is none.
    asked_by: Mapped[UUID] = mapped_column(index=True)
    created_at: Mapped[CreatedAt]
    expires_at: Mapped[datetime]
    decided_by: Mapped[UUID | None]
    decided_at: Mapped[datetime | None]
    #: What the decider said.
    words: Mapped[str | None]
    used_at: Mapped[datetime | None]


class SignInAttempt(Base):
    """Somebody tried a password: counted before it is looked at, so that limits hold across processes."""

    __tablename__ = "sign_in_attempts"
    __table_args__ = (
        Index("ix_sign_in_attempts_login", "login_index", "at"),
        Index("ix_sign_in_attempts_address", "address_index", "at"),
    )
    id: Mapped[Id]
    #: Blind indexes: the table says nothing of who tried from where.
    login_index: Mapped[bytes]
    address_index: Mapped[bytes]
    at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp(), index=True)
    succeeded: Mapped[bool] = mapped_column(server_default="false")


class Token(Base):
    """A bearer token, kept as a hash: whoever reads the table cannot sign in with it."""

    __tablename__ = "tokens"
    __table_args__ = (
        CheckConstraint(
            "role in ('station','head','destination','employer','coordinator','worker','operator','auditor')",
            name="role",
        ),
        CheckConstraint("kind in ('access','refresh','key')", name="kind"),
    )
    id: Mapped[Id]
    #: SHA-256 of the token; the token itself is 256 random bits, so no salt is needed.
    hash: Mapped[bytes] = mapped_column(unique=True)
    role: Mapped[str]
    organisation_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisations.id", ondelete="CASCADE"), index=True)
    division_code: Mapped[str | None]
    #: Set for a worker's own token.
    worker_id: Mapped[UUID | None] = mapped_column(index=True)
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    created_at: Mapped[CreatedAt]
    #: A refresh token opens nothing but the next pair of tokens, once; a key is a system's.
    kind: Mapped[str] = mapped_column(server_default="access")
    #: The member of staff; the role that counts is theirs.
    user_id: Mapped[UUID | None] = mapped_column(index=True)
    #: The tokens that came from one sign-in: they end together.
    session_id: Mapped[UUID | None] = mapped_column(index=True)
    #: The API key whose secret it is.
    key_id: Mapped[UUID | None] = mapped_column(index=True)
    #: The worker's device that signed in.
    device_id: Mapped[UUID | None] = mapped_column(index=True)
    #: Before this moment the session may withdraw, not give (SECURITY T8).
    gives_from: Mapped[datetime | None]
    #: However often it is refreshed, the session ends then.
    session_ends_at: Mapped[datetime | None]
    #: When a refresh token was traded in: the second time it comes, somebody has a copy.
    used_at: Mapped[datetime | None]
