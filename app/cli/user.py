"""`eastwest user`: people's accounts, for whoever runs the service: the first head, coordinator, operator, auditor."""

from __future__ import annotations

import json
import sys
from datetime import timedelta
from typing import Annotated
from uuid import UUID, uuid4

import typer
from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session

from app.actor import DOOR, Role
from app.db.transaction import own, write
from app.edge.public_ids import show
from app.errors import Invalid
from app.identity.audit import record
from app.identity.model import Invitation, Organisation, Password, Token, User
from app.identity.passwords import check_new, hash_of_password
from app.identity.queries import hash_of
from app.identity.sessions import new_secret
from app.identity.sign_in import normal_login
from app.identity.usecases import KIND, ensure_organisation, hire
from app.places.queries import division_name

app = typer.Typer(no_args_is_help=True)
AsJson = Annotated[bool, typer.Option("--json", help="机器可读 / for machines")]
Division = Annotated[str | None, typer.Option(help="机构所在行政区划 / the organisation's division")]
Org = Annotated[str | None, typer.Option(help="机构名称 / the organisation's name")]
Login = Annotated[str, typer.Argument(help="登录名 / what they sign in with")]
FromInput = Annotated[bool, typer.Option("--stdin", help="从标准输入读取密码 / read the password from standard input")]
#: An invitation made here lasts so long.
LASTS = timedelta(days=7)


@app.command()
def add(
    role: Annotated[str, typer.Argument(help=" ".join(role.value for role in KIND))],
    name: Annotated[str, typer.Option(help="姓名 / whom it is for")],
    division: Division = None,
    org: Org = None,
    login: Annotated[str | None, typer.Option(help="直接设密码时的登录名 / to set a password at once")] = None,
    stdin: FromInput = False,
    as_json: AsJson = False,
) -> None:
    """邀请一人；给出 --login 时直接设密码。/ Invite somebody; with --login, set their password at once."""
    wanted = _role(role)
    kept = _new_password(normal_login(login), stdin=stdin) if login else None
    code = new_secret("ewi")
    with own() as owner:
        organisation = _organisation(owner, wanted, division, org)
        if login and kept:
            made = show("u", hire(owner, organisation.id, wanted, login, name, kept))
        else:
            made = show("i", _invite(owner, organisation.id, wanted, name, code))
    _write_down("user.add", made)
    if login:
        typer.echo(json.dumps({"user": made, "login": normal_login(login)}) if as_json else made)
        return
    said = {"invitation": made, "code": code}
    typer.echo(
        json.dumps(said) if as_json else f"邀请码（7 天内有效，只显示一次）/ invitation code, shown once: {code}"
    )


@app.command("list")
def list_them(as_json: AsJson = False) -> None:
    """列出人员账号。/ List the accounts."""
    with own() as owner:
        query = select(User, Organisation.name).join(Organisation).order_by(Organisation.created_at, User.created_at)
        rows = [
            {"id": show("u", user.id), "login": user.login, "role": user.role, "state": user.state, "org": office}
            for user, office in owner.execute(query)
        ]
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False))
    for row in [] if as_json else rows:
        typer.echo("  ".join(row.values()))


@app.command()
def leave(login: Login) -> None:
    """离岗：账号停用，登录立即失效。/ Somebody leaves: their sessions end at once."""
    with own() as owner:
        user = _user(owner, login)
        owner.execute(update(User).where(User.id == user.id).values(state="left", left_at=func.now()))
        owner.execute(delete(Password).where(Password.user_id == user.id))
        _end_sessions(owner, user.id)
    _write_down("user.left", show("u", user.id))


@app.command()
def password(login: Login, stdin: FromInput = False) -> None:
    """重设密码，并取消第二验证因素；原有登录失效。/ Another password and no second factor; sessions end."""
    kept = _new_password(normal_login(login), stdin=stdin)
    with own() as owner:
        user = _user(owner, login)
        owner.execute(delete(Password).where(Password.user_id == user.id))
        owner.execute(insert(Password).values(user_id=user.id, organisation_id=user.organisation_id, hash=kept))
        _end_sessions(owner, user.id)
    _write_down("user.password", show("u", user.id))


@app.command()
def role(login: Login, to: Annotated[str, typer.Argument(help="station head …")]) -> None:
    """改任，下一次请求起生效。/ Another role, from the next request on."""
    wanted = _role(to)
    with own() as owner:
        user = _user(owner, login)
        kind = owner.scalars(select(Organisation.kind).where(Organisation.id == user.organisation_id)).one()
        if KIND[wanted] != kind:
            raise typer.BadParameter(f"{to}：与所在机构类型不符 / does not go with the organisation's kind")
        owner.execute(update(User).where(User.id == user.id).values(role=wanted.value))
    _write_down("user.role", show("u", user.id))


def _invite(owner: Session, organisation_id: UUID, role: Role, name: str, code: str) -> UUID:
    made = uuid4()
    owner.add(
        Invitation(
            id=made,
            organisation_id=organisation_id,
            role=role.value,
            name=name,
            code_hash=hash_of(code),
            invited_by=made,  # nobody's: made by whoever runs the service
            expires_at=func.now() + LASTS,
        )
    )
    return made


def _organisation(owner: Session, role: Role, division: str | None, org: str | None) -> Organisation:
    if division is None and org is None:
        raise typer.BadParameter("需要 --division 或 --org / a division or a name is needed")
    place = division_name(owner, division) if division else ""
    if place is None:
        raise typer.BadParameter(f"{division}：没有这个行政区划代码 / no such division code")
    return ensure_organisation(owner, role, division, org, place)


def _role(text: str) -> Role:
    if text not in {role.value for role in KIND}:
        raise typer.BadParameter(f"{text}：可选 / one of {', '.join(role.value for role in KIND)}")
    return Role(text)


def _user(owner: Session, login: str) -> User:
    found = owner.scalars(select(User).where(User.login == normal_login(login), User.state == "active")).one_or_none()
    if found is None:
        raise typer.BadParameter(f"{login}：没有这个在岗账号 / no such account")
    return found


def _new_password(login: str, *, stdin: bool) -> str:
    text = sys.stdin.readline().rstrip("\n") if stdin else typer.prompt("密码 / password", hide_input=True)
    try:
        check_new(text, login)
    except Invalid as refused:
        [fault] = refused.errors
        raise typer.BadParameter(f"{fault.zh} / {fault.en}") from refused
    return hash_of_password(text)


def _end_sessions(owner: Session, user_id: UUID) -> None:
    live = update(Token).where(Token.user_id == user_id, Token.revoked_at.is_(None))
    owner.execute(live.values(revoked_at=func.now()))


def _write_down(action: str, subject: str) -> None:
    with write(DOOR) as tx:
        record(tx, action, subject=subject, purpose="command line")
