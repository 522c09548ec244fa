"""The catalogue linter: what must never be so about rights, policies and columns (migrations/security/lint.sql)."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import Connection

from app.settings import ROOT

QUERY = ROOT / "migrations" / "security" / "lint.sql"


class Finding(NamedTuple):
    """One thing that must not be so."""

    rule: str
    what: str


def findings(connection: Connection) -> list[Finding]:
    """What the linter finds in the connection's database; a sound one has none. Any role may ask."""
    rows = connection.exec_driver_sql(QUERY.read_text().replace("%", "%%"))
    return [Finding(rule, what) for rule, what in rows]
