"""Acting in somebody's name on a raw connection, and looking what it lets one do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, fields
from typing import Any

import psycopg
from psycopg import sql

from app.actor import Actor
from app.db.transaction import HERE, signed_context
from tests.security.world import ATTEMPTS, GIVEN_AWAY, KEY, KEYS, TOUCHED, Row, insert

Connection = psycopg.Connection[Any]
Query = sql.Composed | sql.SQL | str


@contextmanager
def as_role(connection: Connection, role: str, context: str) -> Iterator[None]:
    """Within the block the connection has a role and a context; everything done in it is undone."""
    with connection.transaction(force_rollback=True):
        connection.execute("select set_config('role', %s, true), set_config('app.context', %s, true)", (role, context))
        yield


@contextmanager
def acting(connection: Connection, actor: Actor) -> Iterator[None]:
    """Within the block the connection acts as a request of this actor does; everything done in it is undone."""
    with as_role(connection, f"rt_{actor.role.audience}", context_here(connection, actor)):
        yield


def context_here(connection: Connection, actor: Actor) -> str:
    """A context that is good in the connection's present transaction."""
    row = connection.execute(HERE.text).fetchone()
    assert row is not None
    return signed_context(actor, row[0])


def attempt(connection: Connection, query: Query, values: Mapping[str, Any] | tuple[Any, ...] = ()) -> list[Any] | None:
    """The rows a statement gives (for one without: how many it touched, as a single row); None when it is refused.
    Nothing of it stays."""
    try:
        with connection.transaction(force_rollback=True):
            done = connection.execute(query, values)
            return done.fetchall() if done.description else [(done.rowcount,)]
    except psycopg.Error:
        return None


def reason(connection: Connection, query: Query, values: Mapping[str, Any] | tuple[Any, ...] = ()) -> str | None:
    """The SQLSTATE a statement is refused with; None when it is not. Nothing of it stays."""
    try:
        with connection.transaction(force_rollback=True):
            connection.execute(query, values)
            return None
    except psycopg.Error as refused:
        return refused.sqlstate


@dataclass(frozen=True, slots=True)
class Rights:
    """The labels of a table's rows that somebody can select, insert, update, delete, and make somebody else's."""

    select: frozenset[str] = frozenset()
    insert: frozenset[str] = frozenset()
    update: frozenset[str] = frozenset()
    delete: frozenset[str] = frozenset()
    give_away: frozenset[str] = frozenset()

    @classmethod
    def of(cls, **labels: str) -> Rights:
        """From the labels as words."""
        return cls(**{verb: frozenset(words.split("/")) - {""} for verb, words in labels.items()})

    def __str__(self) -> str:
        verbs = ((field.name, getattr(self, field.name)) for field in fields(self))
        return "; ".join(f"{verb}: {', '.join(sorted(labels))}" for verb, labels in verbs if labels) or "nothing"


def rights(connection: Connection, table: str) -> Rights:
    """What the connection, as it now stands, can do with a table's rows."""
    select = visible(connection, table)
    update = _changed(connection, table, "update {table} set {touched} = {touched}", select)
    return Rights(
        select=select,
        insert=addable(connection, table),
        update=update,
        delete=_changed(connection, table, "delete from {table}", select),
        give_away=_given_away(connection, table, update),
    )


def visible(connection: Connection, table: str) -> frozenset[str]:
    """The labels of the rows that can be read."""
    query = _of(table, "select {key} from {table} where {key} = any(%s)")
    return _labels(table, attempt(connection, query, (list(KEYS[table].values()),)))


def addable(connection: Connection, table: str) -> frozenset[str]:
    """The labels of the attempts that succeed."""
    rows = ATTEMPTS[table].items()
    return frozenset(label for label, row in rows if _touched(attempt(connection, *insert(table, row))))


def changeable(connection: Connection, table: str) -> bool:
    """Whether any row can be changed or removed without reading it."""
    changes = ("update {table} set {touched} = {touched}", "delete from {table}")
    return any(_touched(attempt(connection, _of(table, change))) for change in changes)


def _of(table: str, words: str) -> sql.Composed:
    touched = TOUCHED.get(table, KEY[table])
    return sql.SQL(words).format(
        table=sql.Identifier(table), key=sql.Identifier(KEY[table]), touched=sql.Identifier(touched)
    )


def _touched(rows: list[Any] | None) -> bool:
    return rows not in (None, [(0,)])


def _labels(table: str, rows: list[Any] | None) -> frozenset[str]:
    by_key = {key: label for label, key in KEYS[table].items()}
    return frozenset(by_key[row[0]] for row in rows or ())


def _changed(connection: Connection, table: str, change: str, seen: frozenset[str]) -> frozenset[str]:
    """The rows a change reaches: all at once; one by one where one of them is refused; blindly, for whoever may change
    what they may not read."""
    keys = KEYS[table]
    every = attempt(connection, _of(table, change + " where {key} = any(%s) returning {key}"), (list(keys.values()),))
    if every is not None:
        return _labels(table, every)
    one = _of(table, change + " where {key} = %s")
    found = frozenset(label for label in seen if _touched(attempt(connection, one, (keys[label],))))
    blind = not found and _touched(attempt(connection, _of(table, change)))
    return frozenset({"some, unread"}) if blind else found


def _given_away(connection: Connection, table: str, own: frozenset[str]) -> frozenset[str]:
    if table not in GIVEN_AWAY:
        return frozenset()
    column, value = GIVEN_AWAY[table]
    change = sql.SQL("update {} set {} = %s where {} = %s").format(*map(sql.Identifier, (table, column, KEY[table])))
    keys = KEYS[table]
    return frozenset(
        label for label in own if label in keys and _touched(attempt(connection, change, (value, keys[label])))
    )


def new_row(table: str, label: str, **changed: Any) -> tuple[sql.Composed, Row]:
    """The statement of one of the world's attempts, with some values changed."""
    return insert(table, ATTEMPTS[table][label] | changed)
