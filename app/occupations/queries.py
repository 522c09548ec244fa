"""Finding occupations by the words people use."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, any_, func, or_, select
from sqlalchemy.orm import Session

from app.edge.paging import Window, read_page
from app.occupations.model import Occupation


def occupations_page(session: Session, at: Window, text: str | None) -> tuple[Sequence[Occupation], str | None]:
    """A page of occupations whose name, alias or code the text is or is part of, in the order of their ids."""
    query = select(Occupation)
    if text:
        query = query.where(_is_called(text))
    return read_page(session, query, at, Occupation.id)


def occupation(session: Session, occupation_id: str) -> Occupation | None:
    """One occupation."""
    return session.get(Occupation, occupation_id)


def _is_called(text: str) -> ColumnElement[bool]:
    alias = func.unnest(Occupation.aliases).column_valued("alias")
    part_of_alias = select(alias).where(alias.contains(text, autoescape=True)).exists()
    return or_(
        Occupation.name.contains(text, autoescape=True),
        Occupation.code_2022 == text,
        any_(Occupation.aliases) == text,
        part_of_alias,
    )
