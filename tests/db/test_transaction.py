"""A transaction is in somebody's name, kept or not kept as a whole, and its errors repeat nobody's data."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable, Iterator
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, ProgrammingError
from sqlalchemy.orm import Session

from app.actor import VISITOR, Actor, Role
from app.db.transaction import Write, engine, make_engine, own, read, runtime_url, write
from app.identity.audit import record
from app.identity.model import Organisation
from app.places.model import Place
from app.workers.model import Worker

#: What a worker refers to: SQLAlchemy must have met them.
REFERRED = (Organisation, Place)

SAY = "select current_setting('app.context', true), current_user::text"
TRACES = text("select count(*) from audit_entries where action = 'test'")


@pytest.fixture
def station(fresh_database: str, actors: dict[str, Actor]) -> Actor:
    """A station's clerk, in a database of this test's own."""
    return actors["station"]


@pytest.fixture
def count(station: Actor, actors: dict[str, Actor]) -> Callable[[], int]:
    """How many entries this test has kept."""

    def ask() -> int:
        with read(actors["auditor"]) as tx:
            return int(tx.session.scalars(TRACES).one())

    return ask


def test_what_is_written_is_kept_when_the_block_ends(station: Actor, count: Callable[[], int]) -> None:
    with write(station) as tx:
        record(tx, "test")
    assert count() == 1


def test_nothing_is_kept_when_the_block_fails(station: Actor, count: Callable[[], int]) -> None:
    def fail(tx: Write) -> None:
        record(tx, "test")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError), write(station) as tx:
        fail(tx)
    assert count() == 0


def test_nothing_a_reading_transaction_changes_is_kept(station: Actor, count: Callable[[], int]) -> None:
    with read(station) as tx:
        record(tx, "test")
    assert count() == 0


def test_each_role_acts_as_its_audience(fresh_database: str) -> None:
    for role in Role:
        with read(Actor(role)) as tx:
            context, who = tx.session.execute(text(SAY)).one()
        assert (context.split("|")[:2], who) == ([role.audience, role.value], f"rt_{role.audience}")


def test_the_actor_may_be_found_in_the_transaction_itself(station: Actor) -> None:
    def find(session: Session) -> Actor:
        assert session.scalars(text("select current_user::text")).one() == "eastwest_app"
        return station

    with read(find) as tx:
        assert tx.actor == station


def test_whoever_goes_on_after_the_end_is_nobody(station: Actor) -> None:
    with read(station) as tx:
        tx.session.rollback()
        with pytest.raises(ProgrammingError, match="permission denied"):
            tx.session.execute(text("select from workers"))


def test_a_savepoint_rolled_back_takes_no_name_away(station: Actor) -> None:
    with write(station) as tx:
        before = tx.session.execute(text(SAY)).one()
        inside = tx.session.begin_nested()
        tx.session.execute(text("reset role"))
        inside.rollback()
        assert tx.session.execute(text(SAY)).one() == before


def test_the_owner_acts_as_the_owner_of_the_tables(fresh_database: str) -> None:
    with own() as session:
        assert session.scalars(text("select current_user::text")).one() == "eastwest_owner"


def test_a_name_with_bars_in_it_cannot_pass_for_other_fields(fresh_database: str) -> None:
    with read(Actor(Role.COORDINATOR, division="520000|x|y")) as tx, pytest.raises(ProgrammingError, match="signed"):
        tx.session.execute(text("select app.context()"))


# Errors: what was put in never comes out

CANARIES = ("欧阳测试鸟", "53010219900101123X", "13800138000")
NAME, NUMBER, PHONE = CANARIES


def _worker(station: Actor, **more: object) -> Worker:
    fields: dict[str, object] = {
        "station_id": station.organisation_id,
        "division_code": "520526",
        "name": NAME,
        "id_sealed": NUMBER.encode(),
        "id_index": NUMBER.encode(),
        "phone_sealed": PHONE.encode(),
        "home_id": uuid4(),
        "home_code": "520526",
        "home_text": NAME,
        "skills_text": PHONE,
    }
    return Worker(**fields | more)


WRONGS: dict[str, Callable[[Session, Actor], object]] = {
    "a missing value": lambda session, who: session.add(_worker(who)),
    "a missing parent": lambda session, who: session.add(_worker(who, birth_date="1990-01-01")),
    "a value of another type": lambda session, who: session.add(_worker(who, birth_date=NUMBER)),
    "another's row": lambda session, who: session.add(_worker(who, station_id=uuid4(), birth_date="1990-01-01")),
    "a NUL in a text": lambda session, who: session.add(_worker(who, household=f"{NAME}\0", birth_date="1990-01-01")),
    "a NUL in a document": lambda session, who: session.add(
        _worker(who, remarks={"x": f"{NAME}\0{PHONE}"}, birth_date="1990-01-01")
    ),
    "a number out of range": lambda session, who: session.add(_worker(who, version=10**12, birth_date="1990-01-01")),
    "words where a number is due": lambda session, who: session.execute(text("select cast(:x as int)"), {"x": NAME}),
    "words where a day is due": lambda session, who: session.execute(text("select cast(:x as date)"), {"x": NUMBER}),
    "a broken document": lambda session, who: session.execute(text("select cast(:x as jsonb)"), {"x": f'{{"{NAME}'}),
    "a missing table": lambda session, who: session.execute(text("select :x from nowhere"), {"x": PHONE}),
}


def _do(wrong: str, tx: Write, station: Actor) -> None:
    WRONGS[wrong](tx.session, station)
    tx.session.flush()


@pytest.fixture
def heard() -> Iterator[list[str]]:
    """Everything that is logged anywhere while the test runs."""
    lines: list[str] = []

    class Ear(logging.Handler):
        def emit(self, line: logging.LogRecord) -> None:
            lines.append(self.format(line))

    ear, root = Ear(level=0), logging.getLogger()
    before = root.level
    root.addHandler(ear)
    root.setLevel(0)
    yield lines
    root.setLevel(before)
    root.removeHandler(ear)


@pytest.mark.parametrize("wrong", WRONGS)
def test_an_error_of_the_database_repeats_nobodys_data(station: Actor, heard: list[str], wrong: str) -> None:
    with pytest.raises(DBAPIError) as failed, write(station) as tx:
        _do(wrong, tx, station)
    told = "".join([str(failed.value), repr(failed.value), *traceback.format_exception(failed.value), *heard])
    assert [canary for canary in CANARIES if canary in told or canary.encode().hex() in told] == []


def test_an_error_still_says_what_it_was(station: Actor) -> None:
    with pytest.raises(DBAPIError, match=r"\(NotNullViolation\) 23502 workers"), write(station) as tx:
        _do("a missing value", tx, station)


def test_the_log_of_statements_shows_no_values(station: Actor, heard: list[str]) -> None:
    logging.getLogger("sqlalchemy.engine").setLevel(logging.INFO)
    loud = make_engine(runtime_url())
    with loud.connect() as connection:
        connection.execute(text("select cast(:x as text)"), {"x": NAME})
    loud.dispose()
    logging.getLogger("sqlalchemy.engine").setLevel(logging.NOTSET)
    assert any("cast" in line for line in heard)
    assert not any(NAME in line for line in heard)


def test_the_serving_engine_is_made_that_way(fresh_database: str) -> None:
    with read(VISITOR):
        assert engine().hide_parameters
