"""A server that was given by DATABASE_URL: what its database says it was prepared with."""

from __future__ import annotations

import re

import psycopg
from psycopg import sql


def _connect(url: str) -> psycopg.Connection:
    return psycopg.connect(re.sub(r"^\w+(\+\w+)?://", "postgresql://", url), autocommit=True, connect_timeout=10)


def read_stamp(url: str) -> str:
    """The database's comment, which goes when the database does; empty when there is none. Raises psycopg's
    OperationalError when the server cannot be reached."""
    with _connect(url) as server:
        found = server.execute(
            "select shobj_description(oid, 'pg_database') from pg_database where datname = current_database()"
        ).fetchone()
        return str(found[0]) if found and found[0] else ""


def write_stamp(url: str, stamp: str) -> None:
    """Set the database's comment."""
    with _connect(url) as server:
        name = sql.Identifier(server.info.dbname)
        server.execute(sql.SQL("comment on database {} is {}").format(name, sql.Literal(stamp)))
