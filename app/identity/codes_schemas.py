"""The shapes of signing in by code, and of a worker's devices."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import AfterValidator, Field, StringConstraints

from app.edge.field_messages import field_fault
from app.edge.public_ids import PublicId
from app.edge.strict import In, Out
from app.identity.codes_phones import PhoneStanding
from app.identity.codes_sign_in import SignedIn
from app.identity.devices_queries import OwnDevice
from app.messages.phone import as_mobile

DeviceId = Annotated[UUID, PublicId("d")]


def _mobile(words: str) -> str:
    found = as_mobile(words)
    if found is None:
        raise field_fault("bad_phone", "请填写11位手机号。", "Give a mobile number of 11 digits.")
    return found


Mobile = Annotated[str, StringConstraints(max_length=40), AfterValidator(_mobile)]
Code = Annotated[str, StringConstraints(pattern=r"^[0-9]{6}$")]


class PhoneIn(In):
    """A phone that a code is to be sent to."""

    phone: Mobile


class CodeOrderedOut(Out):
    """The same for every phone."""

    state: Literal["accepted"] = "accepted"
    #: A code lasts so many seconds.
    expires_in: int = 300


class CodeIn(In):
    """The code that came to the phone."""

    phone: Mobile
    code: Code
    #: Asked for when several people use the phone.
    id_last_four: Annotated[str, StringConstraints(pattern=r"^[0-9]{3}[0-9Xx]$")] | None = None
    #: What an earlier sign-in on this device gave.
    device: Annotated[str, StringConstraints(min_length=1, max_length=100)] | None = None


class WorkerSessionOut(Out):
    """A worker's session."""

    access_token: str
    refresh_token: str
    token_type: Literal["Bearer"] = "Bearer"
    expires_in: int
    #: Keep it on the device and send it at the next sign-in.
    device: str
    #: A new device may withdraw at once, and give from then on. Null: no waiting.
    gives_from: datetime | None

    @classmethod
    def of(cls, signed_in: SignedIn) -> Self:
        """From what the use case opened."""
        tokens = signed_in.tokens
        return cls(
            access_token=tokens.access_token,
            refresh_token=tokens.refresh_token,
            expires_in=tokens.expires_in,
            device=signed_in.device,
            gives_from=signed_in.gives_from,
        )


class DeviceOut(Out):
    """A device the worker is signed in on, or was."""

    id: DeviceId
    first_at: datetime
    last_at: datetime
    #: It may give from then on.
    gives_from: datetime | None
    #: The one that asks.
    is_this: bool

    @classmethod
    def of(cls, device: OwnDevice) -> Self:
        """From what was found."""
        return cls.model_validate(device)


class DevicesOut(Out):
    """A worker's devices."""

    items: Annotated[list[DeviceOut], Field(max_length=200)]


class PhoneStandingOut(Out):
    """How far a worker's phone is trusted."""

    shared: int
    verified_at: datetime | None
    held_until: datetime | None
    checked_at: datetime | None
    may_answer: bool

    @classmethod
    def of(cls, standing: PhoneStanding) -> Self:
        """From what was found."""
        return cls.model_validate(standing)
