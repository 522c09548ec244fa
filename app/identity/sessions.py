"""Sessions: the only maker of them, how they go on, how they end.

A session is two tokens: the access token opens requests for an hour; the refresh token is good once, for the next two.
One that comes a second time has been copied, so the whole session ends (RFC 9700, 4.14). Only hashes are kept.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import func, insert, select, text, update

from app.actor import Role
from app.db.transaction import Write
from app.db.turns import take_turn
from app.identity.model import Organisation, Token, User
from app.identity.queries import hash_of
from app.identity.schemas import TokensOut

ACCESS = timedelta(hours=1)
#: role -> how long a session may lie idle, and how long it lasts at most. A phone in the field is not asked every day.
_STAFF = (timedelta(hours=12), timedelta(days=7))
_WORKER = (timedelta(days=60), timedelta(days=365))


def new_secret(kind: str = "ew") -> str:
    """256 random bits behind a few letters by which scanners of leaked secrets know them."""
    return f"{kind}_{secrets.token_urlsafe(32)}"


def open_session(
    tx: Write,
    *,
    role: Role,
    user_id: UUID | None = None,
    worker_id: UUID | None = None,
    gives_from: datetime | None = None,
    device_id: UUID | None = None,
) -> TokensOut:
    """A new session of a member of staff or of a worker. `tx` is the door's; who it is for has been proven before."""
    assert (user_id is None) != (worker_id is None)
    whose = _place_of(tx, user_id) if user_id else {}
    lasts = _WORKER if worker_id else _STAFF
    shared = {
        "role": role.value,
        "user_id": user_id,
        "worker_id": worker_id,
        "session_id": uuid4(),
        "gives_from": gives_from,
        "device_id": device_id,
        "session_ends_at": func.now() + lasts[1],
        **whose,
    }
    return _hand_out(tx, shared, lasts[0])


def refresh(tx: Write, refresh_token: str) -> TokensOut | None:
    """The next two tokens of a session. None: refused; commit all the same, since a copy ends the session. `tx` is the
    door's. Of two at once the second is taken for a copy: it waits for the first and finds the token used."""
    _take_turn(tx, refresh_token)
    row = tx.session.scalars(
        update(Token)
        .where(
            Token.hash == hash_of(refresh_token),
            Token.kind == "refresh",
            Token.used_at.is_(None),
            Token.revoked_at.is_(None),
            Token.expires_at > func.now(),
        )
        .values(used_at=func.now())
        .returning(Token)
    ).one_or_none()
    if row is None:
        _end_copied(tx, refresh_token)
        return None
    if row.user_id and not tx.session.scalar(select(User.id).where(User.id == row.user_id, User.state == "active")):
        return None
    kept = ("role", "user_id", "worker_id", "session_id", "gives_from", "device_id", "session_ends_at")
    places = ("organisation_id", "division_code")
    return _hand_out(
        tx, {name: getattr(row, name) for name in kept + places}, (_WORKER if row.worker_id else _STAFF)[0]
    )


def _take_turn(tx: Write, refresh_token: str) -> None:
    """Be the only one at work at the token's session: a copy ends all its tokens, in whatever order they are met."""
    session_id = tx.session.scalar(select(Token.session_id).where(Token.hash == hash_of(refresh_token)))
    if session_id is not None:
        take_turn(tx.session, str(session_id))


def sign_out(tx: Write, *, everywhere: bool = False) -> None:
    """The actor's session ends; or all of them, on every device."""
    tx.session.execute(text("select app.sign_out(:everywhere)"), {"everywhere": everywhere})


def _place_of(tx: Write, user_id: UUID) -> dict[str, object]:
    found = tx.session.execute(
        select(User.organisation_id, Organisation.division_code)
        .join(Organisation, Organisation.id == User.organisation_id)
        .where(User.id == user_id)
    ).one()
    return {"organisation_id": found.organisation_id, "division_code": found.division_code}


def _hand_out(tx: Write, shared: dict[str, object], idle: timedelta) -> TokensOut:
    made = TokensOut(access_token=new_secret(), refresh_token=new_secret("ewr"), expires_in=int(ACCESS.total_seconds()))
    ends = shared["session_ends_at"]
    rows = (("access", made.access_token, ACCESS), ("refresh", made.refresh_token, idle))
    for kind, token, lasts in rows:
        until = func.least(func.now() + lasts, ends)
        tx.session.execute(insert(Token).values(id=uuid4(), kind=kind, hash=hash_of(token), expires_at=until, **shared))
    return made


def _end_copied(tx: Write, refresh_token: str) -> None:
    session_id = tx.session.scalar(
        select(Token.session_id).where(
            Token.hash == hash_of(refresh_token), Token.kind == "refresh", Token.used_at.is_not(None)
        )
    )
    if session_id is not None:
        tx.session.execute(
            update(Token)
            .where(Token.session_id == session_id, Token.revoked_at.is_(None))
            .values(revoked_at=func.now())
        )
