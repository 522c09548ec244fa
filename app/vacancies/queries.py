"""Finding vacancies, by poster, by place, for the market; and writing many at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from geoalchemy2 import Geometry
from sqlalchemy import Row, Select, cast, exists, func, or_, select, text, update
from sqlalchemy.orm import Session

from app.db.bulk import Columns, Values, insert_rows, rows_matching, update_rows
from app.db.stated import Field
from app.db.transaction import Read, Write
from app.places.model import Place
from app.vacancies.model import Vacancy, VacancyContact

#: Columns of `stored_vacancies` before those that were asked for.
_HEAD = ("v.id", "v.identity", "v.filled", "v.state", "c.name as contact_name", "c.phone_sealed")
STORED_HEAD = len(_HEAD)


def take_turns(tx: Write) -> None:
    """Wait until no other transaction stores vacancies of this poster: two lists may name the same ones.

    Until the end of the transaction indexes are used where there are any: while a table is filled its statistics still
    say that it is empty, and plans for an empty table grow with the square of the rows.
    """
    tx.session.execute(
        text(
            "select set_config('enable_seqscan', 'off', true),"
            " pg_advisory_xact_lock(hashtextextended('vacancies:' || :poster, 0))"
        ),
        {"poster": str(tx.actor.organisation_id)},
    )


def stored_vacancies(tx: Write, names: Sequence[str], record: Iterable[Field]) -> dict[str, Row[Any]]:
    """The actor's own vacancies of these identities, locked: _HEAD, then the columns asked for."""
    shown = [*_HEAD, *(f"v.{field.column}" for field in record)]
    rows = rows_matching(
        tx.session,
        f"select {', '.join(shown)} from {{source}} join vacancies v on v.identity = u.identity"
        " and v.poster_id = %(poster)s left join vacancy_contacts c on c.vacancy_id = v.id for update of v",
        {"identity": Values("text", names)},
        poster=tx.actor.organisation_id,
    )
    return {row.identity: row for row in rows}


def insert_vacancies(tx: Write, columns: Columns) -> None:
    """Add vacancies in the order given, which is the order of their seq."""
    insert_rows(tx.session, "vacancies", columns)


def update_vacancies(tx: Write, columns: Columns) -> None:
    """Change vacancies, found by the column `id`: a new version, changed now."""
    update_rows(tx.session, "vacancies", "id", columns, also="version = t.version + 1, updated_at = now()")


def write_contacts(tx: Write, columns: Columns) -> None:
    """Add or replace the contacts of the actor's own vacancies."""
    insert_rows(
        tx.session,
        "vacancy_contacts",
        columns,
        tail="on conflict (vacancy_id) do update set name = excluded.name, phone_sealed = excluded.phone_sealed",
    )
