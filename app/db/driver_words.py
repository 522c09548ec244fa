"""Statements in the driver's own words, made once: what is asked with every request pays for no composing."""

from __future__ import annotations

from typing import Any, NamedTuple

import psycopg
from sqlalchemy import Connection, Select
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg


class Words(NamedTuple):
    """A statement for `exec_driver_sql`, and the values it has already."""

    sql: str
    values: dict[str, Any]


def in_driver_words(query: Select[*tuple[Any, ...]]) -> Words:
    """The statement of a query; parameters without a value keep their names and are given at each call."""
    compiled = query.compile(dialect=PGDialect_psycopg())  # type: ignore[no-untyped-call]
    return Words(str(compiled), {name: value for name, value in compiled.params.items() if value is not None})


def ask(connection: Connection, sql: str, values: dict[str, Any]) -> Any:
    """The first value of a statement's one row, or None: in the connection's transaction, past SQLAlchemy's results,
    which cost more than such a statement. Errors are SQLAlchemy's, as everywhere."""
    driver = connection.connection.dbapi_connection
    assert isinstance(driver, psycopg.Connection)
    try:
        row = driver.execute(sql, values).fetchone()
    except psycopg.Error as error:
        connection._handle_dbapi_exception(error, sql, None, None, None)
    return None if row is None else row[0]
