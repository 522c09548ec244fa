"""What a list or a form states, laid over what is stored: blanks keep it, and so does a person's own later word."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import orjson

from app.db.base import Base
from app.db.bulk import Values


class Field(NamedTuple):
    """A stored column, and how it is stated."""

    column: str
    #: PostgreSQL's type.
    type: str
    #: Its name in a list and in `own_word`.
    word: str
    #: The field of a draft that is not None when this one was stated.
    stated_by: str
    #: What a new row holds when nobody stated it.
    blank: Any = None


def field(column: str, kind: str, word: str | None = None, stated_by: str | None = None, *, blank: Any = None) -> Field:
    """A Field whose names follow its column unless they are given."""
    return Field(column, kind, word or column, stated_by or column, blank)


def as_stored(fields: Sequence[Field], values: Iterable[Any]) -> list[Any]:
    """A draft's values as a new row holds them."""
    return [
        field.blank if value is None else list(value) if field.type == "text[]" else value
        for field, value in zip(fields, values, strict=True)
    ]


def lay(
    fields: Sequence[Field],
    stated: Sequence[Any],
    new: list[Any],
    old: Sequence[Any],
    own: frozenset[str],
    kept: list[str],
) -> bool:
    """Put old values into `new` where they stand, own words that withstood a change into `kept`; True: some differ."""
    differs = False
    for position, field in enumerate(fields):
        was = old[position]
        if stated[position] is None:
            new[position] = was
            continue
        if field.type == "jsonb":
            new[position] = was | new[position]  # a list without a column says nothing about it
        if new[position] == was:
            continue
        if field.word in own:
            kept.append(field.word)
            new[position] = was
        else:
            differs = True
    return differs


def earlier(fields: Sequence[Field], old: Sequence[Any], new: Sequence[Any]) -> dict[str, Any]:
    """The old values of the columns in which the new row differs."""
    return {field.column: was for field, was, now in zip(fields, old, new, strict=True) if was != now}


def columns(fields: Sequence[Field], rows: Sequence[Sequence[Any]]) -> dict[str, Values]:
    """Rows of values as columns to be written."""
    by_field = zip(*rows, strict=True) if rows else [()] * len(fields)
    return {
        field.column: Values(field.type, _written(field.type, values))
        for field, values in zip(fields, by_field, strict=True)
    }


def _written(kind: str, values: Sequence[Any]) -> list[Any]:
    return [orjson.dumps(value).decode() for value in values] if kind == "jsonb" else list(values)


def set_differing(row: Base, columns: Mapping[str, Any]) -> bool:
    """Set the columns of one row that differ; whether any did."""
    differs = False
    for name, value in columns.items():
        new = list(value) if isinstance(value, tuple) else value
        if getattr(row, name) != new:
            setattr(row, name, new)
            differs = True
    return differs
