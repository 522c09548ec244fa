"""What is asked past SQLAlchemy's results answers and fails as everything else does."""

from __future__ import annotations

import pytest
from sqlalchemy import Connection, bindparam, select
from sqlalchemy.exc import DataError, OperationalError

from app.actor import VISITOR
from app.db.driver_words import ask, in_driver_words
from app.db.transaction import make_engine, read, runtime_url
from app.places.model import Division


def test_a_query_in_the_drivers_words_answers_as_the_query(db: Connection) -> None:
    query = select(Division.name).where(Division.code == bindparam("code"), Division.level == 3)
    words = in_driver_words(query)
    with read(VISITOR) as tx:
        told = ask(tx.session.connection(), words.sql, words.values | {"code": "520526"})
        assert told == tx.session.scalar(query, {"code": "520526"}) is not None
        assert ask(tx.session.connection(), words.sql, words.values | {"code": "999999"}) is None


def test_an_error_is_the_usual_one_and_repeats_no_value(db: Connection) -> None:
    with read(VISITOR) as tx, pytest.raises(DataError) as caught:
        ask(tx.session.connection(), "select cast(cast(%(x)s as text) as integer)", {"x": "王小明"})
    assert "王小明" not in str(caught.value) + str(caught.value.orig)


def test_a_connection_lost_while_asking_is_not_handed_out_again(migrated_database: str) -> None:
    engine = make_engine(runtime_url(), pool_size=1)
    with engine.connect() as connection:
        lost = connection.connection.dbapi_connection
        assert lost is not None
        lost.close()
        with pytest.raises(OperationalError) as caught:
            ask(connection, "select 1", {})
    assert caught.value.connection_invalidated
    with engine.connect() as connection:
        assert ask(connection, "select 1", {}) == 1
    engine.dispose()
