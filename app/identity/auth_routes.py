"""Signing in with a password, going on, signing out; employers that register, invitations taken up."""

from __future__ import annotations

from enum import StrEnum
from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Request

from app.actor import DOOR, Role
from app.db.transaction import write
from app.edge.form_fields import wrong
from app.errors import FieldError, Invalid
from app.identity import organisations, sessions, sign_in, staff
from app.identity.door import ReadTx, WriteTx
from app.identity.limits import count_attempt, succeeded
from app.identity.passes import address_of, hashed, in_turn, looked_at
from app.identity.queries import is_division
from app.identity.schemas import (
    AcceptIn,
    EmployerIn,
    OrganisationOut,
    RegisteredOut,
    SessionOut,
    TokensOut,
    UserOut,
)

router = APIRouter(prefix="/v1", tags=["sign-in"])


class GrantType(StrEnum):
    """How a session is asked for (RFC 6749)."""

    PASSWORD = "password"
    REFRESH_TOKEN = "refresh_token"


Words = Annotated[str | None, Form(max_length=500)]


@router.post("/auth/token")
async def create_token(
    request: Request,
    grant_type: Annotated[GrantType, Form()],
    username: Words = None,
    password: Words = None,
    refresh_token: Words = None,
    one_time_code: Annotated[str | None, Form(pattern=r"^\d{6}$")] = None,
) -> TokensOut:
    """工作人员登录，或用刷新令牌续期。/ Staff sign in with a password, or go on with a refresh token."""
    if grant_type is GrantType.REFRESH_TOKEN:
        return await in_turn(request, sign_in.go_on, _given("refresh_token", refresh_token))
    login, secret = _given("username", username), _given("password", password)
    claimed = await in_turn(request, sign_in.claim, login, address_of(request))
    is_right = await looked_at(claimed, secret)
    return await in_turn(request, sign_in.enter, claimed, is_right, one_time_code)


@router.post("/auth/sign-out", status_code=204)
def sign_out(tx: WriteTx) -> None:
    """退出登录：本次会话立即失效。/ This session ends at once."""
    sessions.sign_out(tx)


@router.post("/auth/sign-out-everywhere", status_code=204)
def sign_out_everywhere(tx: WriteTx) -> None:
    """在所有设备上退出登录。/ Every session of the person ends, on every device."""
    sessions.sign_out(tx, everywhere=True)


@router.get("/me/session")
def get_session(tx: ReadTx) -> SessionOut:
    """当前登录的身份：角色、单位、区划。/ Who is signed in: role, organisation, division."""
    user, organisation = staff.myself(tx), staff.organisation_of(tx)
    actor = tx.actor
    return SessionOut(
        role=actor.role.value,
        user=UserOut.model_validate(user) if user else None,
        organisation=OrganisationOut.of(organisation) if organisation else None,
        worker_id=actor.worker_id,
        scopes=None if actor.scopes is None else sorted(actor.scopes),
        gives_from=actor.gives_from,
    )


@router.post("/invitations/accept", status_code=201)
async def accept_invitation(body: AcceptIn, request: Request) -> TokensOut:
    """凭邀请码开通账号并登录。/ Take up an invitation: an account, signed in."""
    login = sign_in.normal_login(body.login)
    await in_turn(request, _is_open, body.code)
    kept = await hashed(body.password, login)
    return await in_turn(request, partial(_take_up, body.code, login, kept))


@router.post("/employers", status_code=201)
async def register_employer(body: EmployerIn, request: Request) -> RegisteredOut:
    """用人单位自行注册；首个岗位须经审核。/ An employer registers itself; its first vacancy waits for approval."""
    uscc = organisations.checked_uscc(body.uscc)
    login = sign_in.normal_login(body.login)
    attempt = await in_turn(request, _count_registration, uscc, address_of(request), body.division)
    kept = await hashed(body.password, login)
    return await in_turn(request, _register, body, uscc, login, kept, attempt)


def _given(field: str, value: str | None) -> str:
    if not value:
        raise Invalid(errors=(FieldError(("body", field), "missing", "必填。", "This is required."),))
    return value


def _is_open(code: str) -> None:
    with write(DOOR) as tx:
        staff.open_invitation(tx, code)


def _take_up(code: str, login: str, kept: str) -> TokensOut:
    with write(DOOR) as tx:
        user = staff.take_up(tx, code, login=login, password_hash=kept)
        return sessions.open_session(tx, role=Role(user.role), user_id=user.id)


def _count_registration(uscc: str, address: str, division: str) -> UUID:
    """Hashing is dear: registrations are counted as tries at a password are."""
    with write(DOOR) as tx:
        if not is_division(tx.session, division):
            raise wrong("division", "unknown_place", "没有这个行政区划代码。", "There is no such division.")
        return count_attempt(tx, f"register {uscc}", address)


def _register(body: EmployerIn, uscc: str, login: str, kept: str, attempt: UUID) -> RegisteredOut:
    with write(DOOR) as tx:
        user = organisations.register_employer(
            tx, uscc=uscc, name=body.name, division=body.division, login=login, person=body.person, password_hash=kept
        )
        succeeded(tx, attempt)
        return RegisteredOut(organisation_id=user.organisation_id, login=user.login)
