"""Pages follow one another without gap or repeat, and a cursor is good for its own list only."""

from __future__ import annotations

import base64
from datetime import UTC

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, select

from app.db.transaction import read
from app.edge.paging import BadCursor, Window, read_page
from app.places.model import Division
from tests import people

VALUES = st.lists(
    st.text(max_size=5) | st.integers() | st.dates() | st.uuids() | st.datetimes(timezones=st.just(UTC)), max_size=4
)


@given(VALUES)
def test_a_cursor_gives_back_what_it_was_made_of(values: list[object]) -> None:
    at = Window("/v1/workers")
    assert Window("/v1/workers", cursor=at.seal(values)).after() == values


@given(st.text(max_size=60) | st.binary(max_size=60).map(lambda raw: base64.urlsafe_b64encode(raw).decode()))
def test_a_cursor_made_by_hand_is_refused(cursor: str) -> None:
    with pytest.raises(BadCursor):
        Window("/v1/workers", cursor=cursor).after()


def test_a_cursor_of_another_list_is_refused() -> None:
    cursor = Window("/v1/workers").seal([1])
    with pytest.raises(BadCursor):
        Window("/v1/vacancies", cursor=cursor).after()


def test_pages_put_together_are_the_whole_list(db: Connection) -> None:
    with read(people.actor("station")) as tx:
        query = select(Division).where(Division.code.like("52%"))
        whole = tx.session.scalars(query.order_by(Division.code)).all()
        assert len(whole) > 50
        for newest_first in (False, True):
            found: list[Division] = []
            cursor: str | None = None
            while cursor is not None or not found:
                rows, cursor = read_page(
                    tx.session, query, Window("/x", 17, cursor), Division.code, newest_first=newest_first
                )
                found += rows
                assert len(rows) <= 17
            assert found == (list(reversed(whole)) if newest_first else list(whole))
