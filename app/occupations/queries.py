"""Finding occupations by the words people use."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, any_, case, func, or_, select
from sqlalchemy.orm import Session

from app.edge.paging import Window, read_page
from app.occupations.model import Occupation


def occupations_page(session: Session, at: Window, text: str | None) -> tuple[Sequence[Occupation], str | None]:
    """A page of occupations whose name, alias or code the text is, then of those it is part of; each in the order of
    their ids."""
    if not text:
        return read_page(session, select(Occupation), at, Occupation.id)
    query = select(Occupation).where(or_(_is_called(text), _is_part_of(text)))
    rank = case((_is_called(text), 0), else_=1)
    return read_page(session, query, at, rank, Occupation.id, key=lambda row: (_rank(row, text), row.id))


def _is_called(text: str) -> ColumnElement[bool]:
    return or_(Occupation.name == text, Occupation.code_2022 == text, any_(Occupation.aliases) == text)


def _is_part_of(text: str) -> ColumnElement[bool]:
    alias = func.unnest(Occupation.aliases).column_valued("alias")
    return or_(
        Occupation.name.contains(text, autoescape=True),
        select(alias).where(alias.contains(text, autoescape=True)).exists(),
    )


def _rank(row: Occupation, text: str) -> int:
    """As `_is_called`, of one row."""
    return 0 if text in (row.name, row.code_2022) or text in row.aliases else 1
