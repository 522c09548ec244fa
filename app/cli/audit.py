"""`eastwest audit`: the audit log sealed, and proven to be as it was sealed."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

from app.db.transaction import read, write
from app.devdb import DevDbError
from app.oversight.chain import Finding
from app.oversight.usecases import WATCH, Verdict, seal_entries
from app.oversight.usecases import verify as verify_chain

app = typer.Typer(no_args_is_help=True, help="审计日志 / the audit log")
_HEAD = re.compile(r"^([1-9][0-9]{0,17}):([0-9a-f]{64})$")
_TOLD = {
    "edited": "被改动 / edited",
    "removed": "被删除 / removed",
    "planted": "事后插入 / planted",
    "altered": "封签被改动 / a seal was altered",
    "missing": "封签缺失 / a seal is missing",
    "other_head": "与日志中印出的不同 / not the one printed to the log",
}


@app.callback()
def audit() -> None:
    """审计日志：封签与核验 / The audit log: seals, and proof that nothing was touched."""


@app.command()
def seal() -> None:
    """立即封签，并印出链头 / Seal now, and print the head of the chain."""
    with write(WATCH) as tx:
        made = seal_entries(tx)
    typer.echo(f"{made.number}:{made.hash.hex()}" if made else "没有新的记录 / nothing new")


@app.command()
def verify(
    head: Annotated[
        list[str] | None, typer.Option(help="先前印出的链头 号:哈希，可多次 / a head printed earlier, NUMBER:HASH")
    ] = None,
    log: Annotated[
        Path | None, typer.Option(exists=True, dir_okay=False, help="作业进程的日志 / the worker's log, with heads")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """核验每一条记录、每一个封签 / Hold every entry to its seal and every seal to the one before."""
    printed = dict(map(_read_head, head or ())) | (heads_in(log.read_text().splitlines()) if log else {})
    try:
        with read(WATCH) as tx:
            verdict = verify_chain(tx, printed)
    except DevDbError as refused:
        typer.echo(str(refused), err=True)
        raise typer.Exit(1) from None
    typer.echo(_as_json(verdict) if as_json else "\n".join(told(verdict)))
    if verdict.findings:
        raise typer.Exit(1)


def heads_in(lines: Iterable[str]) -> dict[int, bytes]:
    """The heads that the job worker printed, in lines of JSON or of `name=value`, in any order of the names."""
    heads: dict[int, bytes] = {}
    for line in lines:
        number, value = re.search(r"\bseal\W+([0-9]+)", line), re.search(r"\bhead\W+([0-9a-f]{64})", line)
        if "audit sealed" in line and number and value:
            heads[int(number[1])] = bytes.fromhex(value[1])
    return heads


def told(verdict: Verdict) -> list[str]:
    """The verdict as lines for people."""
    lines = [_line(finding) for finding in verdict.findings]
    head = f"{verdict.head[0]}:{verdict.head[1].hex()}" if verdict.head else "-"
    return [*lines, f"封签 seals {verdict.seals} · 记录 entries {verdict.entries} · 链头 head {head}"] + (
        [] if lines else ["完好 / intact"]
    )


def _line(finding: Finding) -> str:
    where = f"audit_entries {finding.entry}" if finding.entry is not None else f"audit_seals {finding.seal}"
    return f"{where}: {_TOLD[finding.what]}"


def _as_json(verdict: Verdict) -> str:
    findings = [{"what": one.what, "entry": one.entry, "seal": one.seal} for one in verdict.findings]
    head = {"number": verdict.head[0], "hash": verdict.head[1].hex()} if verdict.head else None
    return json.dumps(
        {"ok": not findings, "seals": verdict.seals, "entries": verdict.entries, "head": head, "findings": findings}
    )


def _read_head(text: str) -> tuple[int, bytes]:
    match = _HEAD.match(text)
    if match is None:
        raise typer.BadParameter(f"{text}：应为 号:哈希 / should be NUMBER:HASH")
    return int(match[1]), bytes.fromhex(match[2])
