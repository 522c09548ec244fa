"""One's own account: another password, a second factor. The present password is asked for, and looked at outside the
transaction, as at sign-in; too many wrong ones are refused alike."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import func, select, update

from app.actor import DOOR, Actor
from app.db.sealing import seal
from app.db.transaction import Write, write
from app.edge.form_fields import wrong
from app.edge.public_ids import show
from app.errors import Conflict, Invalid, NotAllowed
from app.identity import second_factor
from app.identity.audit import record
from app.identity.limits import succeeded
from app.identity.model import Password, Token, User
from app.identity.sign_in import SEALED, Claim, claim, use_code


class NoSecondFactor(Conflict):
    """There is no second factor that waits for its first digits, or to take away."""

    code, zh = "no_second_factor", "没有待确认或可取消的第二验证因素。"


def user_of(actor: Actor) -> UUID:
    """The member of staff. Raises NotAllowed for a system, a worker, a token of the command line."""
    if actor.user_id is None:
        raise NotAllowed
    return actor.user_id


def claim_again(actor: Actor, address: str) -> Claim:
    """Somebody signed in is to show their password again: the try, counted."""
    user_id = user_of(actor)
    with write(DOOR) as tx:
        login = tx.session.scalars(select(User.login).where(User.id == user_id)).one()
    return claim(login, address)


def wrong_password(field: str) -> Invalid:
    """To be raised: the present password is another one."""
    return wrong(field, "bad_credentials", "密码不对。", "The password is not right.")


def change_password(claimed: Claim, kept_token: UUID, password_hash: str) -> None:
    """The password is another one from now on; every other session ends."""
    with write(DOOR) as tx:
        user_id = _proven(tx, claimed)
        tx.session.execute(
            update(Password).where(Password.user_id == user_id).values(hash=password_hash, changed_at=func.now())
        )
        mine = select(Token.session_id).where(Token.id == kept_token).scalar_subquery()
        tx.session.execute(
            update(Token)
            .where(Token.user_id == user_id, Token.revoked_at.is_(None), Token.session_id != mine)
            .values(revoked_at=func.now())
        )
        record(tx, "user.password", subject=show("u", user_id))


def begin_second_factor(claimed: Claim) -> bytes:
    """A new secret; it counts once its first digits came back. Replaces one that waits. Raises Conflict."""
    secret = second_factor.new_secret()
    with write(DOOR) as tx:
        user_id = _proven(tx, claimed)
        kept = _kept(tx, user_id)
        if kept.second_factor_since is not None:
            raise Conflict
        sealed = seal(secret, SEALED, user_id)
        tx.session.execute(
            update(Password)
            .where(Password.user_id == user_id)
            .values(second_factor_sealed=sealed, second_factor_step=0)
        )
    return secret


def confirm_second_factor(claimed: Claim, code: str) -> None:
    """From now on it is asked for. Raises NoSecondFactor, Invalid."""
    with write(DOOR) as tx:
        kept = _kept(tx, _proven(tx, claimed))
        if kept.second_factor_sealed is None or kept.second_factor_since is not None:
            raise NoSecondFactor
        if not use_code(tx, kept, code):
            raise wrong_digits()
        _note_factor(tx, kept.user_id, since=True)


def end_second_factor(claimed: Claim, code: str) -> None:
    """No second factor any more. Raises NoSecondFactor, Invalid."""
    with write(DOOR) as tx:
        kept = _kept(tx, _proven(tx, claimed))
        if kept.second_factor_since is None:
            raise NoSecondFactor
        if not use_code(tx, kept, code):
            raise wrong_digits()
        _note_factor(tx, kept.user_id, since=False)


def wrong_digits() -> Invalid:
    """To be raised: the digits are wrong, or were used before."""
    return wrong("one_time_code", "bad_code", "6 位数字有误或已用过。", "The digits are wrong or were used before.")


def _note_factor(tx: Write, user_id: UUID, *, since: bool) -> None:
    values = (
        {"second_factor_since": func.now()} if since else {"second_factor_since": None, "second_factor_sealed": None}
    )
    tx.session.execute(update(Password).where(Password.user_id == user_id).values(values))
    record(tx, "user.second_factor", subject=show("u", user_id), purpose="on" if since else "off")


def _proven(tx: Write, claimed: Claim) -> UUID:
    assert claimed.user_id is not None
    succeeded(tx, claimed.attempt)
    return claimed.user_id


def _kept(tx: Write, user_id: UUID) -> Password:
    return tx.session.scalars(select(Password).where(Password.user_id == user_id).with_for_update()).one()
