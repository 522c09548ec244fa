"""One's own account."""

from __future__ import annotations

from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request

from app.actor import Actor
from app.db.transaction import read
from app.identity import account, second_factor
from app.identity.door import Bearer, Knock
from app.identity.passes import address_of, hashed, in_turn, looked_at
from app.identity.schemas import FactorCodeIn, FactorProofIn, PasswordIn, ProofIn, SecondFactorOut
from app.identity.sign_in import Claim

router = APIRouter(prefix="/v1/me", tags=["account"])


async def somebody(request: Request, bearer: Bearer) -> Actor:
    """Who asks, without holding a transaction: what follows hashes."""
    return await in_turn(request, _actor, bearer)


Somebody = Annotated[Actor, Depends(somebody)]


@router.put("/password", status_code=204)
async def change_password(body: PasswordIn, actor: Somebody, request: Request) -> None:
    """更换密码；其他设备上的登录随即失效。/ Another password; sessions elsewhere end."""
    claimed = await _shown_again(request, actor, body.present, "present")
    kept = await hashed(body.password, claimed.login)
    await in_turn(request, account.change_password, claimed, _token(actor), kept)


@router.post("/second-factor", status_code=201)
async def begin_second_factor(body: ProofIn, actor: Somebody, request: Request) -> SecondFactorOut:
    """开通第二验证因素（TOTP），确认后生效。/ A second factor (TOTP); it counts once confirmed."""
    claimed = await _shown_again(request, actor, body.password, "password")
    secret = await in_turn(request, account.begin_second_factor, claimed)
    return SecondFactorOut(secret=second_factor.as_text(secret), uri=second_factor.as_uri(secret, claimed.login))


@router.put("/second-factor", status_code=204)
async def confirm_second_factor(body: FactorCodeIn, actor: Somebody, request: Request) -> None:
    """用身份验证器的数字确认。/ Confirm it with its first digits."""
    claimed = await in_turn(request, account.claim_again, actor, address_of(request))
    await in_turn(request, account.confirm_second_factor, claimed, body.one_time_code)


@router.post("/second-factor/end", status_code=204)
async def end_second_factor(body: FactorProofIn, actor: Somebody, request: Request) -> None:
    """取消第二验证因素。/ No second factor any more."""
    claimed = await _shown_again(request, actor, body.password, "password")
    await in_turn(request, account.end_second_factor, claimed, body.one_time_code)


async def _shown_again(request: Request, actor: Actor, password: str, field: str) -> Claim:
    claimed = await in_turn(request, partial(account.claim_again, actor, address_of(request)))
    if not await looked_at(claimed, password):
        raise account.wrong_password(field)
    return claimed


def _actor(bearer: Bearer) -> Actor:
    with read(Knock(bearer)) as tx:
        return tx.actor


def _token(actor: Actor) -> UUID:
    assert actor.token_id is not None
    return actor.token_id
