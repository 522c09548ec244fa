"""Signing in with a password: counted, then looked at outside the database, then a session.

Between the two transactions no connection is held: hashing takes a tenth of a second and they are few. A login nobody
has costs the same two queries, the same hashing and the same answer as a wrong password.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select, update

from app.actor import DOOR, Role
from app.db.sealing import unseal
from app.db.transaction import Write, write
from app.edge.public_ids import show
from app.errors import BadCredentials, NotSignedIn, SecondFactorNeeded
from app.identity.audit import record
from app.identity.limits import count_attempt, succeeded
from app.identity.model import Password, User
from app.identity.passwords import DEMO, is_password, normal
from app.identity.schemas import TokensOut
from app.identity.second_factor import step_of
from app.identity.sessions import open_session, refresh
from app.settings import settings

SEALED = "passwords.second_factor_sealed"
_ASK = {"WWW-Authenticate": "Bearer"}


@dataclass(frozen=True, slots=True)
class Claim:
    """Somebody says who they are: the try as counted, and what their password must fit. No user: nobody is."""

    attempt: UUID
    login: str
    user_id: UUID | None = None
    kept: str | None = None

    def fits(self, password: str) -> bool:
        """Whether the password is theirs; the same work whoever they are. Slow: not in a transaction."""
        is_right = is_password(password, self.kept)
        return is_right and not (normal(password) == DEMO and settings().env == "production")


def normal_login(login: str) -> str:
    """A login as it is kept."""
    return "".join(c for c in unicodedata.normalize("NFKC", login).casefold() if c.isprintable() and not c.isspace())


def claim(login: str, address: str) -> Claim:
    """Count the try and find what the password must fit. Raises TooManyRequests before anything is hashed."""
    name = normal_login(login)
    with write(DOOR) as tx:
        attempt = count_attempt(tx, name, address)
        found = tx.session.execute(
            select(User.id, Password.hash)
            .join(Password, Password.user_id == User.id)
            .where(User.login == name, User.state == "active")
        ).one_or_none()
    return Claim(attempt, name, *found) if found else Claim(attempt, name)


def enter(claimed: Claim, is_right: bool, one_time_code: str | None) -> TokensOut:
    """A session, when the password was right and the second factor, where there is one, is too. Raises BadCredentials,
    SecondFactorNeeded."""
    if not is_right or claimed.user_id is None:
        raise BadCredentials(headers=_ASK)
    with write(DOOR) as tx:
        user = _still_there(tx, claimed)
        if user is not None and _second_factor(tx, user, one_time_code):
            succeeded(tx, claimed.attempt)
            record(tx, "user.sign_in", subject=show("u", user.id))
            return open_session(tx, role=Role(user.role), user_id=user.id)
        if user is not None and one_time_code is None:
            succeeded(tx, claimed.attempt)  # only asked for the digits: a wrong guess at them is what counts
    if user is None:
        raise BadCredentials(headers=_ASK)
    raise SecondFactorNeeded(headers=_ASK)


def go_on(refresh_token: str) -> TokensOut:
    """The next two tokens. Raises NotSignedIn, after what a copied token costs is committed."""
    with write(DOOR) as tx:
        made = refresh(tx, refresh_token)
    if made is None:
        raise NotSignedIn(headers=_ASK)
    return made


def _still_there(tx: Write, claimed: Claim) -> User | None:
    """The user, unless they left or changed their password while it was looked at."""
    return tx.session.scalars(
        select(User)
        .join(Password, Password.user_id == User.id)
        .where(User.id == claimed.user_id, User.state == "active", Password.hash == claimed.kept)
    ).one_or_none()


def _second_factor(tx: Write, user: User, code: str | None) -> bool:
    """Whether the digits are right, or none are asked for. A code counts once: of two at once the second finds its half
    minute used."""
    kept = tx.session.scalars(select(Password).where(Password.user_id == user.id).with_for_update()).one()
    if kept.second_factor_since is None:
        return True
    return code is not None and use_code(tx, kept, code)


def use_code(tx: Write, kept: Password, code: str) -> bool:
    """Whether the digits fit a half minute not used before; it is used now. The password's row is locked."""
    assert kept.second_factor_sealed is not None
    now_s = tx.session.scalars(select(func.extract("epoch", func.now()))).one()
    secret = unseal(kept.second_factor_sealed, SEALED, kept.user_id)
    step = step_of(secret, code, float(now_s), kept.second_factor_step)
    if step is None:
        return False
    tx.session.execute(update(Password).where(Password.user_id == kept.user_id).values(second_factor_step=step))
    return True
