"""`eastwest org`: the stations, employers and authorities that take part."""

from __future__ import annotations

import json
from typing import Annotated

import typer
from sqlalchemy import select

from app.actor import Role
from app.db.transaction import own
from app.edge.public_ids import show
from app.identity.model import Organisation
from app.identity.usecases import KIND, ensure_organisation
from app.places.queries import division_name

app = typer.Typer(no_args_is_help=True)
KINDS = {kind: role for role, kind in KIND.items() if role is not Role.HEAD}
AsJson = Annotated[bool, typer.Option("--json", help="机器可读 / for machines")]


@app.command("list")
def list_them(as_json: AsJson = False) -> None:
    """列出机构。/ List the organisations."""
    with own() as owner:
        rows = [_shown(row) for row in owner.scalars(select(Organisation).order_by(Organisation.created_at))]
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False))
    else:
        for row in rows:
            typer.echo("  ".join(str(value or "-") for value in row.values()))


@app.command()
def add(
    kind: Annotated[str, typer.Argument(help="station destination employer authority operator audit")],
    name: Annotated[str | None, typer.Option(help="名称，缺省按区划取名 / the name")] = None,
    division: Annotated[str | None, typer.Option(help="行政区划代码 / the division's code")] = None,
    as_json: AsJson = False,
) -> None:
    """建立机构；已有的原样返回。/ Make an organisation; one that is there already is shown."""
    if kind not in KINDS:
        raise typer.BadParameter(f"{kind}：可选 / one of {', '.join(KINDS)}")
    if name is None and division is None:
        raise typer.BadParameter("需要 --name 或 --division / a name or a division is needed")
    with own() as owner:
        place = division_name(owner, division) if division else ""
        if place is None:
            raise typer.BadParameter(f"{division}：没有这个行政区划代码 / no such division code")
        row = _shown(ensure_organisation(owner, KINDS[kind], division, name, place))
    typer.echo(json.dumps(row, ensure_ascii=False) if as_json else "  ".join(str(v or "-") for v in row.values()))


def _shown(row: Organisation) -> dict[str, str | None]:
    return {"id": show("o", row.id), "kind": row.kind, "division": row.division_code, "name": row.name}
