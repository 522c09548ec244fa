"""Finding vacancies, by poster, by place, for the market; and writing many at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Double, Row, Select, String, cast, func, literal, or_, select, text, tuple_
from sqlalchemy.orm import Session

from app.db.base import POINT
from app.db.bulk import Columns, insert_rows, overlay_rows, rows_with, update_rows
from app.db.stated import Field
from app.db.transaction import Read, Write
from app.identity.model import Organisation
from app.places.areas import area
from app.places.model import Place
from app.vacancies.choices import RefusalCode, VacancyState
from app.vacancies.drafts import VacancyDraft
from app.vacancies.fields import RECORD
from app.vacancies.model import Vacancy, VacancyContact

#: An offer is on the market so long after its poster last said that it stands.
CONFIRMED_WITHIN = timedelta(days=30)
#: How the identity of a vacancy begins that went with the list that brought it.
TAKEN_BACK = "taken back with "
#: Columns of `stored_vacancies` before those that were asked for.
_HEAD = ("id", "identity", "filled", "state", "confirmed_at")
STORED_HEAD = len(_HEAD)


class Stored(NamedTuple):
    """A vacancy as stored: _HEAD and the columns asked for, and whom to ask."""

    vacancy: Row[Any]
    contact: str | None
    phone_sealed: bytes | None


def take_turns(tx: Write) -> None:
    """Wait until no other transaction stores vacancies of this poster: two lists may name the same ones.

    Until the end of the transaction indexes are used where there are any: while a table is filled its statistics still
    say that it is empty, and plans for an empty table grow with the square of the rows.
    """
    tx.session.execute(
        text(
            "select set_config('enable_seqscan', 'off', true),"
            " set_config('plan_cache_mode', 'force_custom_plan', true),"
            " pg_advisory_xact_lock(hashtextextended('vacancies:' || :poster, 0))"
        ),
        {"poster": str(tx.actor.organisation_id)},
    )


def stored_vacancies(tx: Write, names: Sequence[str], record: Iterable[Field]) -> dict[str, Stored]:
    """The actor's own vacancies of these identities, locked."""
    shown = ", ".join((*_HEAD, *(field.column for field in record)))
    rows = rows_with(
        tx.session,
        f"select {shown} from vacancies where poster_id = %(poster)s and identity = any({{keys}}) for update",
        "text",
        names,
        poster=tx.actor.organisation_id,
    ).all()
    # not joined: for a new poster the planner expects one row, and walks all its contacts for each vacancy
    contacts = rows_with(
        tx.session,
        "select vacancy_id, name, phone_sealed from vacancy_contacts where vacancy_id = any({keys})",
        "uuid",
        [row.id for row in rows],
    )
    known = {row.vacancy_id: (row.name, row.phone_sealed) for row in contacts}
    return {row.identity: Stored(row, *known.get(row.id, (None, None))) for row in rows}


def insert_vacancies(tx: Write, columns: Columns) -> None:
    """Add vacancies in the order given, which is the order of their seq."""
    insert_rows(tx.session, "vacancies", columns)


def update_vacancies(tx: Write, columns: Columns) -> None:
    """Change vacancies, found by the column `id`: a new version, changed now."""
    also = "version = t.version + 1, updated_at = now(), confirmed_at = now()"
    update_rows(tx.session, "vacancies", "id", columns, also=also)


def confirm_vacancies(tx: Write, ids: Sequence[UUID]) -> None:
    """Of the actor's own vacancies these still stand, as a list says that names them again."""
    rows_with(tx.session, "update vacancies set confirmed_at = now() where id = any({keys})", "uuid", ids)


def lay_over(tx: Write, records: Mapping[UUID, Mapping[str, Any]]) -> None:
    """Change some columns of each of these vacancies; an offer that waits does not go onto the market by it."""
    columns = [field.column for field in RECORD]
    also = (
        "state = case when old.state = 'pending' and laid.state = 'open' then 'pending' else laid.state end,"
        " version = t.version + 1, updated_at = now()"
    )
    overlay_rows(tx.session, "vacancies", "id", records, columns, also=also)


def brought_at(tx: Read, list_id: UUID, stored: datetime) -> Sequence[UUID]:
    """The actor's own vacancies that a list stored at that moment added."""
    added = select(Vacancy.id).where(Vacancy.poster_id == tx.actor.organisation_id, Vacancy.list_id == list_id)
    return tx.session.scalars(added.where(Vacancy.created_at == stored)).all()


def changed_since(tx: Write, ids: Sequence[UUID], stored: datetime) -> Sequence[UUID]:
    """Those of the actor's own vacancies that somebody changed or decided on since; all are held."""
    query = "select id, updated_at from vacancies where id = any({keys}) order by id for update"
    return [row.id for row in rows_with(tx.session, query, "uuid", ids) if row.updated_at != stored]


def answered_since(tx: Read, ids: Sequence[UUID], stored: datetime) -> Sequence[UUID]:
    """Those of the actor's own vacancies to which somebody said yes since (rules.sql)."""
    asked = {"ids": ids, "stored": stored}
    return tx.session.scalars(text("select app.answered_vacancies(:ids, :stored)"), asked).all()


def offered_elsewhere(tx: Read, ids: Sequence[UUID]) -> set[UUID]:
    """Those of the actor's own vacancies that another account offers, too, at this moment (rules.sql)."""
    return set(tx.session.scalars(text("select app.offered_elsewhere(:ids)"), {"ids": list(ids)}))


def titles_of(tx: Read, ids: Sequence[UUID]) -> dict[UUID, str]:
    """What these vacancies are called."""
    query = select(Vacancy.id, Vacancy.title).where(Vacancy.id.in_(ids))
    return {row.id: row.title for row in tx.session.execute(query)}


def take_back(tx: Write, ids: Sequence[UUID], list_id: UUID) -> None:
    """Close vacancies that a list brought and let go of what makes them the same in the next list."""
    rows_with(
        tx.session,
        "update vacancies set state = 'closed', closed_at = now(), version = version + 1, updated_at = now(),"
        " identity = %(taken_back)s || identity where id = any({keys})",
        "uuid",
        ids,
        taken_back=f"{TAKEN_BACK}{list_id}: ",
    )


def write_contacts(tx: Write, columns: Columns) -> None:
    """Add or replace the contacts of the actor's own vacancies."""
    insert_rows(
        tx.session,
        "vacancy_contacts",
        columns,
        tail="on conflict (vacancy_id) do update set name = excluded.name, phone_sealed = excluded.phone_sealed",
    )


@dataclass(frozen=True, slots=True)
class Filters:
    """Which vacancies are asked for; None: all."""

    #: Canonical occupations, or words of a title where nobody knows the occupation.
    occupations: tuple[str, ...] | None = None
    title: str | None = None
    #: Yuan a month that the pay reaches.
    pay_from: int | None = None
    #: Words of title, employer or workplace.
    words: str | None = None
    #: One poster's own, in whatever state.
    poster_id: UUID | None = None
    #: One's own in this state; PENDING, not one's own: those that wait for a decision inside `division`.
    state: VacancyState | None = None
    division: str | None = None
    #: A selection of ids.
    only: Select[Any] | None = None


@dataclass(frozen=True, slots=True)
class Nearby:
    """A point, lon and lat in WGS84, and how far around it. None: anywhere, the nearest first."""

    lon: float
    lat: float
    within_km: float | None = None


def on_market() -> ColumnElement[bool]:
    """Open, in date, confirmed within 30 days, places left: what may be offered now, by the database's clock."""
    return (
        (Vacancy.state == "open")
        & (Vacancy.valid_until >= func.current_date())
        & (Vacancy.confirmed_at > func.now() - CONFIRMED_WITHIN)
        & (Vacancy.filled < Vacancy.headcount)
    )


def vacancies(wanted: Filters) -> Select[Vacancy]:
    """The vacancies asked for: those on the market with places left, one poster's own, or those that wait."""
    query = select(Vacancy)
    if wanted.poster_id is not None:
        query = query.where(Vacancy.poster_id == wanted.poster_id)
        if wanted.state is not None:
            query = query.where(Vacancy.state == wanted.state)
    elif wanted.state == VacancyState.PENDING:
        query = query.where(Vacancy.state == wanted.state, Vacancy.workplace_code.between(*area(wanted.division or "")))
    else:
        query = query.where(on_market())
    if wanted.only is not None:
        query = query.where(Vacancy.id.in_(wanted.only))
    if wanted.occupations is not None:
        query = query.where(Vacancy.occupation.in_(wanted.occupations))
    if wanted.title is not None:
        query = query.where(Vacancy.title.contains(wanted.title, autoescape=True))
    if wanted.pay_from is not None:
        query = query.where(Vacancy.wage_hi >= wanted.pay_from)
    if wanted.words is not None:
        texts = (Vacancy.title, Vacancy.employer, Vacancy.workplace_text)
        # only Latin letters have a case, and folding it costs more than all the rest of a search
        has_case = wanted.words.lower() != wanted.words.upper()
        contains = "icontains" if has_case else "contains"
        query = query.where(or_(*(getattr(column, contains)(wanted.words, autoescape=True) for column in texts)))
    return query


#: Kilometres around a point in which to look, one after the other, until a page is full: what lies outside a ring is
#: farther than all inside it. Sorting every open vacancy took 370 ms with 100,000 of them, the first ring takes 5.
_RINGS_KM = (30.0, 120.0, 480.0, 1920.0)


def nearest_vacancies(
    session: Session, wanted: Filters, near: Nearby, limit: int, after: tuple[float, int] | None
) -> Sequence[tuple[Vacancy, float]]:
    """Vacancies with their metres from the point on the sphere, nearest first, then by seq; after (metres, seq)."""
    passed_km = after[0] / 1000 if after else 0.0
    for ring_km in _RINGS_KM:
        if passed_km < ring_km < (near.within_km or float("inf")):
            found = _within(session, wanted, Nearby(near.lon, near.lat, ring_km), limit, after)
            if len(found) == limit:
                return found
    return _within(session, wanted, near, limit, after)


def _within(
    session: Session, wanted: Filters, near: Nearby, limit: int, after: tuple[float, int] | None
) -> Sequence[tuple[Vacancy, float]]:
    point = cast(func.ST_SetSRID(func.ST_MakePoint(near.lon, near.lat), 4326), POINT)
    metres: ColumnElement[float] = Place.point.op("<->", return_type=Double())(point)
    query = vacancies(wanted).add_columns(metres).join(Place, Place.id == Vacancy.workplace_id)
    if near.within_km is not None:
        query = query.where(func.ST_DWithin(Place.point, point, near.within_km * 1000, False))
    if after is not None:
        query = query.where(tuple_(metres, Vacancy.seq) > tuple_(literal(after[0], Double()), literal(after[1])))
    return [(row, distance) for row, distance in session.execute(query.order_by(metres, Vacancy.seq).limit(limit))]


def find_vacancy(tx: Read, vacancy_id: UUID) -> Vacancy | None:
    """A vacancy in the actor's sight."""
    return tx.session.scalars(select(Vacancy).where(Vacancy.id == vacancy_id)).one_or_none()


def lock_own_vacancy(tx: Write, vacancy_id: UUID) -> Vacancy | None:
    """A vacancy of the actor's own, which nobody else changes until the transaction ends."""
    query = select(Vacancy).where(Vacancy.id == vacancy_id, Vacancy.poster_id == tx.actor.organisation_id)
    return tx.session.scalars(query.with_for_update()).one_or_none()


def own_like(tx: Read, draft: VacancyDraft) -> Vacancy | None:
    """The latest vacancy of the actor's own, standing or waiting, that says the same of employer, title, place, pay."""
    query = select(Vacancy).where(
        Vacancy.poster_id == tx.actor.organisation_id,
        Vacancy.state.in_((VacancyState.OPEN, VacancyState.PENDING)),
        Vacancy.valid_until >= func.current_date(),
        Vacancy.employer == draft.employer,
        Vacancy.title == draft.title,
        Vacancy.workplace_text == draft.workplace_text,
        Vacancy.wage_lo == draft.wage_lo,
        Vacancy.wage_hi == draft.wage_hi,
    )
    return tx.session.scalars(query.order_by(Vacancy.seq.desc()).limit(1)).one_or_none()


def is_approved(tx: Read) -> bool:
    """Whether the actor's organisation is trusted to put offers on the market."""
    query = select(Organisation.approved_at.is_not(None)).where(Organisation.id == tx.actor.organisation_id)
    return bool(tx.session.scalar(query))


def recruiter() -> ColumnElement[str | None]:
    """The company whose account offers another company's job; null: the employer's own, or an office's."""
    return func.app.recruiter_of(Vacancy.poster_id, Vacancy.employer, type_=String())


def recruiters(tx: Read, ids: Sequence[UUID]) -> dict[UUID, str]:
    """Of these vacancies those that a company offers for another: vacancy -> that company."""
    query = select(Vacancy.id, recruiter()).where(Vacancy.id.in_(ids))
    return {vacancy_id: name for vacancy_id, name in tx.session.execute(query) if name}


def on_market_before(tx: Read, posters: Sequence[UUID]) -> set[UUID]:
    """Of these posters those with a job on the market already: an office has looked at them."""
    return set(tx.session.scalars(select(Vacancy.poster_id).where(Vacancy.poster_id.in_(posters), on_market())))


def with_verified_employer(tx: Read, ids: Sequence[UUID]) -> set[UUID]:
    """Of these vacancies those whose employer is verified, and may so learn of somebody who agrees."""
    query = text("select app.with_verified_employer(:ids)")
    return set(tx.session.scalars(query, {"ids": list(ids)})) if ids else set()


def may_post_for(tx: Read, name: str, uscc: str | None) -> bool:
    """Whether the employer posts for itself, or for a company for which an office let it before."""
    return bool(tx.session.scalar(select(func.app.may_post_for(name, uscc))))


def decide(tx: Write, vacancy_id: UUID, refusal: RefusalCode | None) -> bool:
    """Decide on a vacancy that waits where the actor's office is; False: none does."""
    decision = select(func.app.decide_vacancy(vacancy_id, refusal))
    return bool(tx.session.scalar(decision))


def contact_of(tx: Read, vacancy_id: UUID) -> VacancyContact | None:
    """Whom to ask: row security shows it to the poster alone."""
    return tx.session.get(VacancyContact, vacancy_id)


def taken_identities(tx: Read, name: str) -> set[str]:
    """The identities of the actor's own vacancies that begin with a name: itself and its n-th occurrences."""
    query = select(Vacancy.identity).where(
        Vacancy.poster_id == tx.actor.organisation_id, Vacancy.identity.startswith(name, autoescape=True)
    )
    return set(tx.session.scalars(query))
