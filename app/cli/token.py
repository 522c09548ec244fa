"""`eastwest token`: a bearer token for a role, in development only."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Annotated
from uuid import UUID

import typer
from sqlalchemy import select

from app.actor import Actor, Role
from app.db.transaction import own, read
from app.edge.public_ids import find
from app.errors import NotFound
from app.identity.usecases import KIND, ensure_organisation, issue_token
from app.places.queries import division_name
from app.settings import settings
from app.workers.model import Worker

app = typer.Typer()

NEEDS_DIVISION = {Role.STATION, Role.HEAD, Role.DESTINATION, Role.COORDINATOR}
ROLES = {role.value for role in (*KIND, Role.WORKER)}


def _role(text: str) -> Role:
    if text not in ROLES:
        raise typer.BadParameter(f"{text}：可选 / one of {', '.join(sorted(ROLES))}")
    return Role(text)


@app.command()
def token(
    role: Annotated[str, typer.Option(help="station head destination employer coordinator worker operator auditor")],
    division: Annotated[str | None, typer.Option(help="机构所在行政区划 / the organisation's division")] = None,
    org: Annotated[str | None, typer.Option(help="机构名称 / the organisation's name")] = None,
    worker: Annotated[str | None, typer.Option(help="劳动者编号 / the worker's id")] = None,
    days: Annotated[int, typer.Option(help="有效天数 / days it lasts")] = 30,
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """签发令牌；没有的机构会建立。/ Print a bearer token, creating the organisation when it is missing."""
    if settings().env == "production":
        typer.echo("只能在开发环境签发令牌：设置 EASTWEST_ENV=development。/ Development only.", err=True)
        raise typer.Exit(2)
    made = issue(_role(role), division, org, worker, timedelta(days=days))
    typer.echo(json.dumps({"token": made, "role": role}) if as_json else made)


def issue(role: Role, division: str | None, org: str | None, worker: str | None, lasts: timedelta) -> str:
    """A token for the role. Raises typer.BadParameter naming the option that is missing or wrong."""
    if role is Role.WORKER and worker is None:
        raise typer.BadParameter("worker 需要 --worker w_… / the worker's id is needed")
    if role in NEEDS_DIVISION and division is None:
        raise typer.BadParameter("该角色需要 --division / this role needs a division, e.g. 520526")
    if role is Role.EMPLOYER and org is None:
        raise typer.BadParameter("employer 需要 --org / the employer's name is needed")
    worker_id = _worker_id(worker or "") if role is Role.WORKER else None
    with own() as session:
        if worker_id is not None:
            return issue_token(session, role, worker_id=worker_id, lasts=lasts)[0]
        name = division_name(session, division) if division else ""
        if division and name is None:
            raise typer.BadParameter(f"{division}：没有这个行政区划代码 / no such division code")
        organisation = ensure_organisation(session, role, division, org, name or "")
        return issue_token(session, role, organisation=organisation, lasts=lasts)[0]


def _worker_id(text: str) -> UUID:
    """The worker's id, who is there: seen as the worker sees their own record."""
    try:
        found = find("w", text)
        with read(Actor(Role.WORKER, worker_id=found)) as tx:
            if tx.session.scalar(select(Worker.id).where(Worker.id == found)):
                return found
    except NotFound:
        pass
    raise typer.BadParameter(f"{text}：没有这名劳动者 / no such worker (w_…)")
