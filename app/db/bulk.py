"""Many rows in one statement. Row security refuses COPY; arrays bound in binary are the next fastest way in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

import orjson
from sqlalchemy import CursorResult
from sqlalchemy.orm import Session

#: Stands between the words of one text[] value on its way in: unnest takes no ragged arrays.
_BETWEEN = "\x1f"


class Values(NamedTuple):
    """One column of many rows: its PostgreSQL type, and a value a row (None: null)."""

    type: str
    values: Sequence[Any]


Columns = Mapping[str, Values]


def columns_of(rows: Sequence[object], kinds: Mapping[str, str]) -> dict[str, Values]:
    """Columns from attributes of the rows: name -> PostgreSQL type."""
    return {name: Values(kind, [getattr(row, name) for row in rows]) for name, kind in kinds.items()}


def insert_rows(session: Session, table: str, columns: Columns, *, tail: str = "") -> CursorResult[Any]:
    """Insert a row for each position of the columns; `tail` is what follows the select (on conflict, returning)."""
    source, shown, bound = _source(columns)
    names = ", ".join(columns)
    return _run(session, f"insert into {table} ({names}) select {', '.join(shown.values())} {source} {tail}", bound)


def update_rows(session: Session, table: str, key: str, columns: Columns, *, also: str = "") -> CursorResult[Any]:
    """Set the columns of the rows whose `key`, one of the columns, is named; `also` adds assignments.

    The rows are found by the key alone and joined by hashing: for a new tenant in a large table the planner expects one
    row and would compare each with each.
    """
    source, shown, bound = _source(columns)
    kind = columns[key].type
    sets = [f"{name} = {value}" for name, value in shown.items() if name != key]
    wanted = ", ".join([*sets, also] if also else sets)
    _run(session, "select set_config('enable_nestloop', 'off', true)", {})
    done = _run(
        session,
        f"update {table} t set {wanted} {source} where t.{key} = any(%({key})b::{kind}[]) and t.{key} = {shown[key]}",
        bound,
    )
    _run(session, "select set_config('enable_nestloop', 'on', true)", {})
    return done


def overlay_rows(
    session: Session,
    table: str,
    key: str,
    overlays: Mapping[UUID, Mapping[str, Any]],
    columns: Sequence[str],
    *,
    also: str,
) -> None:
    """Lay some columns, as JSON can hold them, over the rows whose uuid `key` they are given for. `columns`: all those
    that may be among them; `also` adds assignments."""
    sets = [f"{name} = laid.{name}" for name in columns]
    bound = {"keys": list(overlays), "laid": [orjson.dumps(one).decode() for one in overlays.values()]}
    _run(session, "select set_config('enable_nestloop', 'off', true)", {})
    _run(
        session,
        f"update {table} t set {', '.join([*sets, also])} from {table} old"
        " join unnest(%(keys)b::uuid[], %(laid)b::text[]) u (key, laid)"
        f" on u.key = old.{key} cross join lateral jsonb_populate_record(old, u.laid::jsonb) laid"
        f" where old.{key} = any(%(keys)b::uuid[]) and t.{key} = old.{key} and t.{key} = any(%(keys)b::uuid[])",
        bound,
    )
    _run(session, "select set_config('enable_nestloop', 'on', true)", {})


def rows_with(session: Session, query: str, kind: str, keys: Sequence[Any], **scalars: Any) -> CursorResult[Any]:
    """A query in which `{keys}` is the array of the keys; scalars are written %(name)s.

    `where key = any({keys})` and no join: the plan is then a few index look-ups whatever the statistics say.
    """
    return _run(session, query.format(keys=f"%(keys)b::{kind}[]"), {"keys": list(keys)} | scalars)


def rows_matching(session: Session, query: str, columns: Columns, **scalars: Any) -> CursorResult[Any]:
    """A query in which `{source}` is the columns as the row set `u`, and scalars are written %(name)s."""
    source, _, bound = _source(columns, uniform=False)
    return _run(session, query.format(source=source.removeprefix("from ")), bound | scalars)


def _source(columns: Columns, *, uniform: bool = True) -> tuple[str, dict[str, str], dict[str, Any]]:
    """The row set, how each column is written in a select from it, and the bound values.

    A column that is the same in every row is bound once: a station's id, or a field the list does not have.
    """
    shown, bound, varied = dict[str, str](), dict[str, Any](), dict[str, str]()
    for name, (kind, values) in columns.items():
        packed = _packed(kind, values)
        if uniform and varied and all(value == packed[0] for value in packed):
            bound[name] = packed[0] if packed else None
            shown[name] = _unpacked(kind, f"%({name})s::{_bound_type(kind)}")
        else:
            bound[name] = packed
            varied[name] = f"%({name})b::{_bound_type(kind)}[]"
            shown[name] = _unpacked(kind, f"u.{name}")
    return f"from unnest({', '.join(varied.values())}) as u({', '.join(varied)})", shown, bound


def _bound_type(kind: str) -> str:
    return "text" if kind in ("text[]", "jsonb") else kind


def _packed(kind: str, values: Sequence[Any]) -> Sequence[Any]:
    if kind != "text[]":
        return values
    return [_BETWEEN.join(word.replace(_BETWEEN, " ") for word in words) for words in values]


def _unpacked(kind: str, value: str) -> str:
    if kind == "text[]":
        return f"string_to_array({value}, E'\\x1f')"
    return f"{value}::jsonb" if kind == "jsonb" else value


def _run(session: Session, statement: str, bound: dict[str, Any]) -> CursorResult[Any]:
    return session.connection().exec_driver_sql(statement, bound)
