"""Functions that work in the owner's name: right answers to everybody, each of their conditions needed, and nothing won
by setting what they set themselves."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.security.attack import Connection, acting, visible
from tests.security.probes import CONDITIONS, PROBES, Probe
from tests.security.world import ACTORS, KEYS, named, organisation

ASKED = [(function, number) for function, probes in PROBES.items() for number in range(len(probes))]
#: What one function asks, others are built on.
BUILT_ON = {
    "verified_employer(vacancies)": ("introduce_waiting(uuid)", "say_interested(uuid,boolean,text,jsonb,text,date)"),
    "speaks_for(uuid,text,text)": ("may_post_for(text,text)",),
    "gives_from()": ("accept_placement(uuid,text)", "say_interested(uuid,boolean,text,jsonb,text,date)"),
    "code_was_spent(uuid,text)": ("accept_placement(uuid,text)",),
    "hold_consents(uuid,uuid,boolean)": (
        "hold_consents(uuid,uuid,boolean)",
        "say_interested(uuid,boolean,text,jsonb,text,date)",
        "take_place(uuid)",
    ),
    "was_taken_up(complaints)": ("complaint_words(uuid)",),
    "is_phone_of(uuid,bytea)": ("is_phone_of(uuid,bytea)", "check_phone(uuid,bytea)"),
}
#: Functions that read workers in the owner's name, whom they may meet through settings anybody can make.
READ_WORKERS = {
    *(
        "my_records",
        "forget_me",
        "ctx_stations",
        "workers_of_phone",
        "is_phone_of",
        "phone_standing",
        "disclosed_contact",
    ),
    *("keep_suggestions", "has_many_alike", "ask_again", "take_back_workers", "my_office", "complainant"),
}
POISON = """select set_config('app.asked_worker', %(worker)s, true), set_config('app.asked_station', %(station)s, true),
                   set_config('app.asked_phone', encode(%(phone)s, 'hex'), true)"""


@pytest.mark.parametrize(("function", "number"), ASKED, ids=[f"{f.partition('(')[0]}-{n}" for f, n in ASKED])
def test_a_function_answers_rightly(superuser: Connection, function: str, number: int) -> None:
    probe = PROBES[function][number]
    assert probe.given(superuser) == probe.answer


def _of(function: str) -> Iterator[Probe]:
    for one in BUILT_ON.get(function, (function,)):
        yield from PROBES[one]


@pytest.mark.parametrize("function", CONDITIONS)
def test_each_condition_of_a_function_is_needed(superuser: Connection, function: str) -> None:
    alive = []
    [(source,)] = superuser.execute("select pg_get_functiondef(('app.' || %s)::regprocedure)", (function,)).fetchall()
    for words, broken in CONDITIONS[function]:
        assert words in source, words
        with superuser.transaction(force_rollback=True):
            superuser.execute(source.replace(words, broken).encode())
            if all(probe.holds(superuser) for probe in _of(function)):
                alive.append((words, broken))
    assert alive == []


def _poison(connection: Connection) -> None:
    values = {"worker": str(named("worker", "foreign")), "station": str(organisation("other_station"))}
    connection.execute(POISON, values | {"phone": b"\x01"})


@pytest.mark.parametrize(("function", "number"), ASKED, ids=[f"{f.partition('(')[0]}-{n}" for f, n in ASKED])
def test_settings_that_anybody_can_make_change_no_answer(superuser: Connection, function: str, number: int) -> None:
    """Row security lets the owner meet the worker, station or phone a function works for: the setting that says which
    can be made by whoever can run SQL."""
    _poison(superuser)
    probe = PROBES[function][number]
    assert probe.given(superuser) == probe.answer


@pytest.mark.parametrize("name", ["station", "worker", "employer", "destination", "coordinator", "auditor", "operator"])
def test_settings_that_anybody_can_make_show_no_row(app_login: Connection, name: str) -> None:
    with acting(app_login, ACTORS[name]):
        before = {table: visible(app_login, table) for table in KEYS}
        _poison(app_login)
        assert {table: visible(app_login, table) for table in KEYS} == before


def test_a_worker_who_asks_for_another_meets_the_own_records_only(superuser: Connection) -> None:
    _poison(superuser)
    with acting(superuser, ACTORS["worker"]):
        assert superuser.execute("select worker_id from app.my_records()").fetchall() == [(named("worker", "mine"),)]


def test_functions_that_read_workers_are_known(superuser: Connection) -> None:
    found = superuser.execute(
        """select p.proname from pg_proc p where p.pronamespace = 'app'::regnamespace and p.prosecdef
             and p.prosrc ~ '(from|join|update) public\\.workers'"""
    )
    assert {name for (name,) in found} == READ_WORKERS
