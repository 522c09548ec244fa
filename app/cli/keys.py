"""`eastwest keys`: the key file, without which nothing sealed can be opened, and its rotation."""

from __future__ import annotations

from typing import Annotated

import typer

from app.cli.steps import bars, told
from app.db import rotation
from app.db.keys import make_keys
from app.devdb import DevDbError
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


@app.command()
def rotate(
    index: Annotated[
        bool, typer.Option("--index", help="盲索引密钥，写入暂停片刻 / the index key; writers wait")
    ] = False,
    keep_old: Annotated[
        bool, typer.Option(help="旧密钥留着（可打开旧备份） / keep the old key, for old backups")
    ] = False,
) -> None:
    """启用新密钥，服务不停，后台重新加密，最后移除旧密钥；中断后再次运行即继续 / A new key, while the service runs."""
    with told(rotation.RotationRefused, DevDbError), bars() as progress:
        if index:
            rotation.reindex(progress)
            typer.echo("盲索引已用新密钥重建 / blind indexes are made with a new key")
        else:
            number = rotation.rotate(progress, keep_old=keep_old)
            typer.echo(f"现用密钥 / active key: {number}")
            typer.echo("旧备份仍需当时的密钥文件 / old backups need the key file of their time")


@app.command()
def reseal() -> None:
    """用现用密钥与算法重新加密全部密文（密钥在别处保管，或改了 EASTWEST_CIPHER 之后）/ Seal everything anew."""
    with told(rotation.RotationRefused, DevDbError), bars() as progress:
        rotation.reseal_all(progress)
    typer.echo("全部密文已用现用密钥与算法 / everything is under the key and cipher in force")
