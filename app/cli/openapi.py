"""`eastwest openapi`: the OpenAPI document, for those who generate clients."""

from __future__ import annotations

import json

import typer

app = typer.Typer()


@app.command()
def openapi(
    indent: int = typer.Option(2, help="缩进空格数，0 为一行 / spaces of indentation, 0 for one line"),
) -> None:
    """打印接口文档 / print the OpenAPI document."""
    from app.main import create_app  # only now: `--help` needs no application

    typer.echo(json.dumps(create_app().openapi(), ensure_ascii=False, indent=indent or None))
