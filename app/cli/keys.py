"""`eastwest keys`: the key file, without which nothing sealed can be opened."""

from __future__ import annotations

import typer

from app.db.keys import make_keys
from app.settings import settings

app = typer.Typer(no_args_is_help=True, help="密钥文件 / the key file")


@app.callback()
def keys() -> None:
    """密钥文件：请在数据库之外另存一份 / The key file: keep a copy apart from the database."""


@app.command()
def make() -> None:
    """生成密钥文件；已有的保持不变 / Make the key file; one that is there stays as it is."""
    path = settings().key_path
    there = path.exists()
    make_keys(path)
    typer.echo(f"{'已存在，未改动 / already there' if there else '已生成 / made'}: {path}")
