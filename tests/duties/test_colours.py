"""A colour names how late an office is, and nothing else (SECURITY T5)."""

from __future__ import annotations

import inspect
from dataclasses import fields
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.duties.colours import Colour, Duty, colour_of, due_between

DAY = date(2026, 11, 21)
DAYS = st.dates(date(2020, 1, 1), date(2040, 1, 1))


@pytest.mark.parametrize(
    ("late", "colour"),
    [
        (-30, "green"),
        (-3, "green"),
        (-2, "yellow"),
        (0, "yellow"),
        (1, "orange"),
        (5, "orange"),
        (6, "red"),
        (90, "red"),
    ],
)
def test_the_colour_of_a_day(late: int, colour: str) -> None:
    assert colour_of(DAY - timedelta(days=late), DAY) == colour


@given(DAYS, DAYS, st.integers(0, 400))
def test_a_colour_depends_on_the_days_between_alone(due: date, today: date, shift: int) -> None:
    moved = timedelta(days=shift)
    assert colour_of(due, today) == colour_of(due + moved, today + moved)


@given(DAYS, DAYS, st.integers(0, 60))
def test_a_duty_never_becomes_greener_by_waiting(due: date, today: date, days: int) -> None:
    order = list(reversed(Colour))
    assert order.index(colour_of(due, today + timedelta(days=days))) >= order.index(colour_of(due, today))


@given(DAYS, DAYS)
def test_the_due_days_of_a_colour_are_those_that_have_it(due: date, today: date) -> None:
    for colour in Colour:
        first, last = due_between(colour, today)
        assert (first <= due <= last) == (colour_of(due, today) is colour)


def test_a_duty_has_an_office_a_date_and_no_person() -> None:
    assert {field.name for field in fields(Duty)} == {"kind", "owner", "due", "subject", "title", "employer"}
    assert list(inspect.signature(colour_of).parameters) == ["due", "today"]
